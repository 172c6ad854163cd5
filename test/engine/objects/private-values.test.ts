/** Values of private objects that are no keys: in the enclave and nowhere else, and otherwise as if they were attributes. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { objectHandlers } from '../../../module/engine/calls/objects.ts';
import { rulesFor } from '../../../module/engine/generated/attributes.ts';
import * as ck from '../../../module/engine/generated/constants.ts';
import { AttributeSet, boolValue, ulongValue } from '../../../module/engine/objects/attribute-set.ts';
import { newObjectId, uniqueIdValue } from '../../../module/engine/objects/unique-id.ts';
import type { Session } from '../../../module/engine/sessions/application.ts';
import type { OpenedRows } from '../../../module/engine/store/rows.ts';
import { CryptokiError } from '../../../module/engine/values/errors.ts';
import {
  enclave,
  loadPrivate,
  login,
  newToken,
  openStore,
  temporaryFolder,
  tokenAt,
} from '../../store/support.ts';
import { FakeEnclave } from './enclave.ts';
import { ask, openedRow, template, type Value, World } from './world.ts';

type Entries = (readonly [number, Value])[];

const DATA: Entries = [[ck.CKA_CLASS, ck.CKO_DATA]];
const CERTIFICATE: Entries = [
  [ck.CKA_CLASS, ck.CKO_CERTIFICATE],
  [ck.CKA_CERTIFICATE_TYPE, ck.CKC_X_509],
  [ck.CKA_SUBJECT, 'somebody'],
  [ck.CKA_PRIVATE, true],
];
const value = (text: string): Entries => [[ck.CKA_VALUE, text]];

class Bench {
  readonly world: World;
  readonly session: Session;

  constructor(world = new World()) {
    this.world = world;
    this.session = world.login('user');
  }

  create(...entries: Entries): number {
    const args = { template: template(...entries) };
    return this.world.call(objectHandlers.C_CreateObject, this.session, args).handle();
  }

  set(object: number, ...entries: Entries): number {
    const args = { object, template: template(...entries) };
    return this.world.call(objectHandlers.C_SetAttributeValue, this.session, args).rv;
  }

  copy(object: number, ...entries: Entries): number {
    const args = { object, template: template(...entries) };
    return this.world.call(objectHandlers.C_CopyObject, this.session, args).handle();
  }

  read(object: number, type: number = ck.CKA_VALUE): string {
    const args = { object, template: ask(type) };
    const answer = this.world.call(objectHandlers.C_GetAttributeValue, this.session, args);
    expect(answer.rv).toBe(ck.CKR_OK);
    return Buffer.from(answer.attribute().value ?? []).toString('latin1');
  }

  find(...entries: Entries): number[] {
    const { objects } = this.world;
    return objects
      .find(this.session, template(...entries))
      .map((each) => objects.handleFor(this.session, each));
  }

  /** Whether the value is among the attributes, in JavaScript's memory. */
  shows(object: number, text: string): boolean {
    return Buffer.from(this.world.objects.get(this.session, object).attributes.packed).includes(text);
  }
}

describe('a private value', () => {
  it.each([false, true])(
    'is not among the attributes, and is read and found (token object: %s)',
    (isToken) => {
      const bench = new Bench();
      const object = bench.create(...DATA, [ck.CKA_TOKEN, isToken], ...value('the first secret'));
      const other = bench.create(...DATA, [ck.CKA_TOKEN, isToken], ...value('another secret'));
      expect(bench.shows(object, 'secret')).toBe(false);
      expect(bench.read(object)).toBe('the first secret');
      for (const search of [value('the first secret'), [...DATA, ...value('the first secret')]])
        expect(bench.find(...search)).toEqual([object]);
      expect(bench.find(...value('the first'))).toEqual([]);
      expect(bench.find(...DATA, [ck.CKA_VALUE, null])).toEqual([]);

      expect(bench.set(object, ...value('a changed secret'))).toBe(ck.CKR_ATTRIBUTE_READ_ONLY);
      expect(bench.set(object, [ck.CKA_LABEL, 'a label'])).toBe(ck.CKR_OK);
      expect(bench.read(object)).toBe('the first secret');
      expect(bench.read(other)).toBe('another secret');
    },
  );

  it('that is empty stays an attribute', () => {
    const bench = new Bench();
    const object = bench.create(...DATA, ...value(''));
    expect([bench.read(object), bench.read(bench.create(...DATA))]).toEqual(['', '']);
    expect(bench.find(...DATA, [ck.CKA_VALUE, null])).toHaveLength(2);
  });

  // Where a value could be changed, the new one would have to go into the enclave as well.
  it('can be changed in no object', () => {
    for (const rules of [rulesFor(ck.CKO_DATA, undefined), rulesFor(ck.CKO_CERTIFICATE, ck.CKC_X_509)]) {
      const rule = rules?.get(ck.CKA_VALUE);
      expect([rule?.modifiable, rule?.copyable]).toEqual([false, false]);
    }
  });

  it('is as large as it is', () => {
    const bench = new Bench();
    const size = (object: number) =>
      bench.world.call(objectHandlers.C_GetObjectSize, bench.session, { object }).handle();
    const small = size(bench.create(...DATA, ...value('x')));
    expect(size(bench.create(...DATA, ...value('x'.repeat(1001))))).toBe(small + 1000);
  });

  it('is copied, also from a public object', () => {
    const bench = new Bench();
    const object = bench.create(...DATA, ...value('the secret'));
    const copy = bench.copy(object);
    const open = bench.create(...DATA, [ck.CKA_PRIVATE, false], ...value('open once'));
    expect(bench.shows(open, 'open once')).toBe(true);
    const closed = bench.copy(open, [ck.CKA_PRIVATE, true]);
    expect([bench.read(copy), bench.read(closed)]).toEqual(['the secret', 'open once']);
    expect([bench.shows(copy, 'secret'), bench.shows(closed, 'open once')]).toEqual([false, false]);
    expect(bench.find(...DATA, ...value('open once')).toSorted()).toEqual([open, closed].toSorted());
  });

  it('of a certificate has its check value', () => {
    const bench = new Bench();
    const object = bench.create(...CERTIFICATE, ...value('not really DER'));
    expect(bench.shows(object, 'not really DER')).toBe(false);
    const check = createHash('sha1').update('not really DER').digest().subarray(0, 3).toString('latin1');
    expect(bench.read(object, ck.CKA_CHECK_VALUE)).toBe(check);
    expect(bench.read(object)).toBe('not really DER');
    expect(() => bench.create(...CERTIFICATE, ...value('x'), [ck.CKA_CHECK_VALUE, 'abc'])).toThrow('0x13');
    expect(() => bench.create(...CERTIFICATE, ...value(''))).toThrow('0xd0');
  });

  it('is no key', () => {
    const bench = new Bench();
    const object = bench.create(...DATA, ...value('sixteen bytes it'));
    expect(() => bench.world.objects.getKey(bench.session, object)).toThrow(CryptokiError);
    expect(bench.world.objects.get(bench.session, object).hasKey).toBe(false);
  });

  it('leaves the enclave with its object, at the logout and when a change fails', () => {
    const fake = new FakeEnclave();
    const bench = new Bench(new World(fake.face));
    const session = bench.create(...DATA, ...value('of a session'));
    const token = bench.create(...DATA, [ck.CKA_TOKEN, true], ...value('of the token'));
    // That of the token is the store's alone, until somebody reads it; a search opens it for no longer than it takes.
    expect(bench.find(...value('of the token'))).toEqual([token]);
    expect(fake.keys.size).toBe(2);
    bench.world.store.failure = new Error('no disk');
    const set = { object: token, template: template([ck.CKA_LABEL, 'never']) };
    expect(() => bench.world.call(objectHandlers.C_SetAttributeValue, bench.session, set)).toThrow('no disk');
    bench.world.store.failure = undefined;
    expect(bench.read(token)).toBe('of the token');
    expect(fake.keys.size).toBe(3);
    bench.world.objects.destroy(bench.session, bench.world.objects.get(bench.session, session));
    expect(fake.keys.size).toBe(2);
    bench.world.objects.dropPrivate();
    expect(fake.keys.size).toBe(1);
  });
});

describe('private values in the real store', () => {
  const start = (folder: string) => {
    const opened = openStore(folder);
    const { token, master } = newToken(opened, 'values');
    loadPrivate(opened.store, token, master);
    const world = new World(enclave, { shelf: opened.store.objects, record: token, master });
    return { opened, token, master, bench: new Bench(world) };
  };
  const again = (folder: string, slot: number) => {
    const opened = openStore(folder);
    const token = tokenAt(opened.store, slot);
    const master = login(opened.store, token);
    const world = new World(enclave, { shelf: opened.store.objects, record: token, master });
    world.objects.loadPublic();
    world.openPrivate(master);
    return { opened, token, master, bench: new Bench(world) };
  };
  const rowOf = (side: ReturnType<typeof again>, label: string) => {
    const [found] = loadPrivate(side.opened.store, side.token, side.master).objects.filter(({ attributes }) =>
      Buffer.from(attributes).includes(label),
    );
    return found;
  };

  it('are sealed by themselves, and come back', () => {
    const folder = temporaryFolder();
    const first = start(folder);
    const long = 'x'.repeat(70_000);
    first.bench.create(...DATA, [ck.CKA_TOKEN, true], [ck.CKA_LABEL, 'short'], ...value('the secret'));
    first.bench.create(...DATA, [ck.CKA_TOKEN, true], [ck.CKA_LABEL, 'long'], ...value(long));
    first.bench.create(...CERTIFICATE, [ck.CKA_TOKEN, true], [ck.CKA_LABEL, 'cert'], ...value('DER'));
    first.bench.create(...DATA, [ck.CKA_TOKEN, true], [ck.CKA_LABEL, 'none']);
    first.opened.store.close();

    const second = again(folder, first.token.slot);
    const { bench } = second;
    for (const [label, text] of [
      ['short', 'the secret'],
      ['cert', 'DER'],
      ['none', ''],
    ] as const) {
      const [object = 0] = bench.find([ck.CKA_LABEL, label]);
      expect(bench.read(object)).toBe(text);
      if (text !== '') expect(bench.find(...value(text))).toEqual([object]);
    }
    const [object = 0] = bench.find(...value(long));
    expect(bench.set(object, [ck.CKA_LABEL, 'longer'])).toBe(ck.CKR_OK);
    expect(rowOf(second, 'longer')?.hasValue).toBe(true);
    expect(Buffer.from(rowOf(second, 'short')?.attributes ?? []).includes('the secret')).toBe(false);
    expect(rowOf(second, 'short')?.hasValue).toBe(true);
    expect(rowOf(second, 'none')?.hasValue).toBe(false);
    second.opened.store.close();
  });

  it('that an earlier release left among the attributes go on, and are sealed by themselves at the next change', () => {
    const folder = temporaryFolder();
    const first = start(folder);
    const id = newObjectId();
    const old = AttributeSet.from([
      [ck.CKA_CLASS, ulongValue(ck.CKO_DATA)],
      [ck.CKA_TOKEN, boolValue(true)],
      [ck.CKA_PRIVATE, boolValue(true)],
      [ck.CKA_LABEL, Buffer.from('old')],
      [ck.CKA_VALUE, Buffer.from('the old secret')],
      [ck.CKA_MODIFIABLE, boolValue(true)],
      [ck.CKA_UNIQUE_ID, uniqueIdValue(id)],
    ]);
    const row = { id, private: true, attributes: old.packed, value: null };
    first.opened.store.objects.put(first.token, row, first.master);
    first.opened.store.close();

    const second = again(folder, first.token.slot);
    expect(Buffer.from(rowOf(second, 'old')?.attributes ?? []).includes('the old secret')).toBe(true);
    const [object = 0] = second.bench.find(...value('the old secret'));
    expect(second.bench.shows(object, 'the old secret')).toBe(false);
    expect(second.bench.read(object)).toBe('the old secret');
    const copy = second.bench.copy(object, [ck.CKA_LABEL, 'copy']);
    expect(second.bench.read(copy)).toBe('the old secret');
    expect(second.bench.set(object, [ck.CKA_LABEL, 'renamed'])).toBe(ck.CKR_OK);
    expect(second.bench.read(object)).toBe('the old secret');
    expect(Buffer.from(rowOf(second, 'renamed')?.attributes ?? []).includes('the old secret')).toBe(false);
    expect(rowOf(second, 'renamed')?.hasValue).toBe(true);
    second.opened.store.close();

    const third = again(folder, first.token.slot);
    expect(third.bench.find(...DATA, ...value('the old secret'))).toHaveLength(2);
    third.opened.store.close();
  });

  it('are in the open for no longer than they are loaded', () => {
    const world = new World();
    const id = newObjectId();
    const packed = AttributeSet.from([
      [ck.CKA_CLASS, ulongValue(ck.CKO_DATA)],
      [ck.CKA_PRIVATE, boolValue(true)],
      [ck.CKA_VALUE, Buffer.from('the old secret')],
      [ck.CKA_UNIQUE_ID, uniqueIdValue(id)],
    ]).packed;
    const { store } = world;
    const bytes = openedRow(id, 1, packed, false);
    expect(Buffer.from(bytes).includes('the old secret')).toBe(true);
    const loadPrivate = (_token: unknown, _master: unknown, take: (rows: OpenedRows) => void) => {
      const step = (): boolean => {
        take({ bytes, from: 0, to: bytes.length, count: 1 });
        return true;
      };
      return { step, end: () => undefined, expected: 1, unconfirmed: 0 };
    };
    Object.assign(store, { loadPrivate });
    world.openPrivate(0);
    expect(Buffer.from(bytes).includes('the old secret')).toBe(false);
    expect(new Bench(world).find(...value('the old secret'))).toHaveLength(1);
  });
});
