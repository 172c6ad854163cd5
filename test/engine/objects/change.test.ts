import { describe, expect, it } from 'vitest';
import { findHandlers } from '../../../module/engine/calls/find.ts';
import { objectHandlers } from '../../../module/engine/calls/objects.ts';
import * as ck from '../../../module/engine/generated/constants.ts';
import type { Session } from '../../../module/engine/sessions/application.ts';
import { ask, template, type Value, World } from './world.ts';

type Entries = (readonly [number, Value])[];

const SECRET: Entries = [
  [ck.CKA_CLASS, ck.CKO_SECRET_KEY],
  [ck.CKA_KEY_TYPE, ck.CKK_GENERIC_SECRET],
  [ck.CKA_VALUE, 'the value of the key'],
  [ck.CKA_SENSITIVE, false],
  [ck.CKA_EXTRACTABLE, true],
];

class Bench {
  readonly world = new World();
  readonly session: Session;

  constructor(login: 'none' | 'user' | 'so' = 'user') {
    this.session = this.world.login(login);
  }

  create(...entries: Entries): number {
    return this.world
      .call(objectHandlers.C_CreateObject, this.session, { template: template(...entries) })
      .handle();
  }

  set(object: number, ...entries: Entries): number {
    return this.world.call(objectHandlers.C_SetAttributeValue, this.session, {
      object,
      template: template(...entries),
    }).rv;
  }

  copy(object: number, ...entries: Entries) {
    return this.world.call(objectHandlers.C_CopyObject, this.session, {
      object,
      template: template(...entries),
    });
  }

  destroy(object: number, session = this.session): number {
    return this.world.call(objectHandlers.C_DestroyObject, session, { object }).rv;
  }

  get(object: number, ...types: number[]) {
    return this.world.call(objectHandlers.C_GetAttributeValue, this.session, {
      object,
      template: ask(...types),
    });
  }

  find(session: Session, ...entries: Entries): number[] {
    const { world } = this;
    expect(world.call(findHandlers.C_FindObjectsInit, session, { template: template(...entries) }).rv).toBe(
      ck.CKR_OK,
    );
    const answer = world.call(findHandlers.C_FindObjects, session, { maxCount: 100 });
    expect(world.call(findHandlers.C_FindObjectsFinal, session, {}).rv).toBe(ck.CKR_OK);
    return Array.from({ length: answer.handle() }, () => answer.ulong());
  }
}

describe('reading attributes', () => {
  it('answers every entry and reports the gravest failure', () => {
    const bench = new Bench();
    const open = bench.create(...SECRET, [ck.CKA_LABEL, 'open']);
    const all = bench.get(open, ck.CKA_LABEL, ck.CKA_VALUE, ck.CKA_VALUE_LEN);
    expect(all.rv).toBe(ck.CKR_OK);
    expect(Buffer.from(all.attribute().value ?? []).toString()).toBe('open');
    expect(Buffer.from(all.attribute().value ?? []).toString()).toBe('the value of the key');
    expect(all.attribute().length).toBe(8);

    expect(bench.set(open, [ck.CKA_SENSITIVE, true])).toBe(ck.CKR_OK);
    const mixed = bench.world.call(objectHandlers.C_GetAttributeValue, bench.session, {
      object: open,
      template: [
        { type: ck.CKA_VALUE, present: true, capacity: 100 },
        { type: ck.CKA_MODULUS, present: true, capacity: 100 },
        { type: ck.CKA_LABEL, present: true, capacity: 3 },
        { type: ck.CKA_LABEL, present: false, capacity: 0 },
        { type: ck.CKA_LABEL, present: true, capacity: 4 },
      ],
    });
    expect(mixed.rv).toBe(ck.CKR_ATTRIBUTE_SENSITIVE);
    expect([mixed.attribute().length, mixed.attribute().length, mixed.attribute().length]).toEqual([
      -1, -1, -1,
    ]);
    expect(mixed.attribute()).toEqual({ length: 4, value: undefined });
    expect(mixed.attribute().length).toBe(4);
    expect(bench.get(open, ck.CKA_MODULUS, ck.CKA_LABEL).rv).toBe(ck.CKR_ATTRIBUTE_TYPE_INVALID);
    const small = bench.world.call(objectHandlers.C_GetAttributeValue, bench.session, {
      object: open,
      template: [{ type: ck.CKA_LABEL, present: true, capacity: 3 }],
    });
    expect(small.rv).toBe(ck.CKR_BUFFER_TOO_SMALL);
  });

  it('does not write beyond the reply area', () => {
    const bench = new Bench();
    const key = bench.create(...SECRET, [ck.CKA_LABEL, 'x'.repeat(200)]);
    for (const space of [0, 8, 16, 64, 215]) {
      const answer = bench.world.call(
        objectHandlers.C_GetAttributeValue,
        bench.session,
        { object: key, template: ask(ck.CKA_LABEL) },
        space,
      );
      expect(answer.rv).toBe(ck.CKR_DEVICE_MEMORY);
    }
  });

  it('has a size for every object', () => {
    const bench = new Bench();
    const key = bench.create(...SECRET);
    const size = bench.world.call(objectHandlers.C_GetObjectSize, bench.session, { object: key }).handle();
    expect(size).toBeGreaterThan(100);
    const gone = bench.world.call(objectHandlers.C_GetObjectSize, bench.session, { object: 4711 });
    expect(gone.rv).toBe(ck.CKR_OBJECT_HANDLE_INVALID);
  });
});

describe('changing attributes', () => {
  it.each<[string, Entries, Entries, number]>([
    ['a label', [], [[ck.CKA_LABEL, 'new']], ck.CKR_OK],
    ['sensitive to true', [], [[ck.CKA_SENSITIVE, true]], ck.CKR_OK],
    [
      'sensitive to false',
      [[ck.CKA_SENSITIVE, true]],
      [[ck.CKA_SENSITIVE, false]],
      ck.CKR_ATTRIBUTE_READ_ONLY,
    ],
    ['extractable to false', [], [[ck.CKA_EXTRACTABLE, false]], ck.CKR_OK],
    [
      'extractable to true',
      [[ck.CKA_EXTRACTABLE, false]],
      [[ck.CKA_EXTRACTABLE, true]],
      ck.CKR_ATTRIBUTE_READ_ONLY,
    ],
    ['copyable to false', [], [[ck.CKA_COPYABLE, false]], ck.CKR_OK],
    ['copyable to true', [[ck.CKA_COPYABLE, false]], [[ck.CKA_COPYABLE, true]], ck.CKR_ATTRIBUTE_READ_ONLY],
    ['wrap with trusted', [], [[ck.CKA_WRAP_WITH_TRUSTED, true]], ck.CKR_OK],
    [
      'wrap with trusted back',
      [[ck.CKA_WRAP_WITH_TRUSTED, true]],
      [[ck.CKA_WRAP_WITH_TRUSTED, false]],
      ck.CKR_ATTRIBUTE_READ_ONLY,
    ],
    ['the token bit', [], [[ck.CKA_TOKEN, true]], ck.CKR_ATTRIBUTE_READ_ONLY],
    ['private', [], [[ck.CKA_PRIVATE, true]], ck.CKR_ATTRIBUTE_READ_ONLY],
    ['modifiable', [], [[ck.CKA_MODIFIABLE, false]], ck.CKR_ATTRIBUTE_READ_ONLY],
    ['the class', [], [[ck.CKA_CLASS, ck.CKO_DATA]], ck.CKR_ATTRIBUTE_READ_ONLY],
    ['the value', [], [[ck.CKA_VALUE, 'other']], ck.CKR_ATTRIBUTE_READ_ONLY],
    ['the unique id', [], [[ck.CKA_UNIQUE_ID, 'x']], ck.CKR_ATTRIBUTE_READ_ONLY],
    ['trust', [], [[ck.CKA_TRUSTED, true]], ck.CKR_ATTRIBUTE_READ_ONLY],
    ['allowed mechanisms', [], [[ck.CKA_ALLOWED_MECHANISMS, '']], ck.CKR_ATTRIBUTE_READ_ONLY],
    ['the check value away', [], [[ck.CKA_CHECK_VALUE, '']], ck.CKR_OK],
    ['the check value', [], [[ck.CKA_CHECK_VALUE, 'abc']], ck.CKR_ATTRIBUTE_VALUE_INVALID],
    ['a modulus', [], [[ck.CKA_MODULUS, 'abc']], ck.CKR_TEMPLATE_INCONSISTENT],
    ['a vendor attribute', [], [[0x80000005, 'abc']], ck.CKR_ATTRIBUTE_TYPE_INVALID],
    ['a locked object', [[ck.CKA_MODIFIABLE, false]], [[ck.CKA_LABEL, 'new']], ck.CKR_ACTION_PROHIBITED],
  ])('%s', (_what, made, changes, rv) => {
    const bench = new Bench();
    const replaced = SECRET.filter(([type]) => !made.some(([other]) => other === type));
    const key = bench.create(...replaced, ...made);
    const before = bench.world.objects.get(bench.session, key).attributes;
    expect(bench.set(key, ...changes)).toBe(rv);
    const after = bench.world.objects.get(bench.session, key).attributes;
    if (rv !== ck.CKR_OK) expect(after).toBe(before);
    else for (const [type] of changes) expect(after.bytes(type)).not.toEqual(before.bytes(type));
  });

  it('leaves the history as it was made', () => {
    const bench = new Bench();
    const key = bench.create(...SECRET);
    bench.set(key, [ck.CKA_SENSITIVE, true], [ck.CKA_EXTRACTABLE, false]);
    const { attributes } = bench.world.objects.get(bench.session, key);
    expect(attributes.bool(ck.CKA_ALWAYS_SENSITIVE)).toBe(false);
    expect(attributes.bool(ck.CKA_NEVER_EXTRACTABLE)).toBe(false);
  });

  it('lets the SO give and withdraw trust, and nobody change a trusted certificate', () => {
    const bench = new Bench('so');
    const certificate = bench.create(
      [ck.CKA_CLASS, ck.CKO_CERTIFICATE],
      [ck.CKA_CERTIFICATE_TYPE, ck.CKC_X_509],
      [ck.CKA_SUBJECT, '0'],
      [ck.CKA_VALUE, 'abc'],
      [ck.CKA_TOKEN, true],
    );
    expect(bench.set(certificate, [ck.CKA_TRUSTED, true])).toBe(ck.CKR_OK);
    expect(bench.set(certificate, [ck.CKA_LABEL, 'x'])).toBe(ck.CKR_ACTION_PROHIBITED);
    const user = bench.world.login('user');
    const answer = bench.world.call(objectHandlers.C_SetAttributeValue, user, {
      object: certificate,
      template: template([ck.CKA_TRUSTED, false]),
    });
    expect(answer.rv).toBe(ck.CKR_ACTION_PROHIBITED);
    const trusted = (session: Session): boolean | undefined => {
      const args = { object: certificate, template: template([ck.CKA_ID, 'another']) };
      const copy = bench.world.call(objectHandlers.C_CopyObject, session, args).handle();
      return bench.world.objects.get(session, copy).attributes.bool(ck.CKA_TRUSTED);
    };
    expect([trusted(user), trusted(bench.session)]).toEqual([false, true]);
    expect(bench.set(certificate, [ck.CKA_TRUSTED, false])).toBe(ck.CKR_OK);
    expect(bench.set(certificate, [ck.CKA_LABEL, 'x'])).toBe(ck.CKR_OK);
  });

  it('needs a read/write session for token objects, and stores them anew', () => {
    const bench = new Bench();
    const key = bench.create(...SECRET, [ck.CKA_TOKEN, true]);
    const reader = bench.world.session(bench.session.app, false);
    const change = template([ck.CKA_LABEL, 'x']);
    const refused = bench.world.call(objectHandlers.C_SetAttributeValue, reader, {
      object: key,
      template: change,
    });
    expect(refused.rv).toBe(ck.CKR_SESSION_READ_ONLY);
    expect(bench.set(key, [ck.CKA_LABEL, 'x'])).toBe(ck.CKR_OK);
    expect(bench.set(key, [ck.CKA_LABEL, 'y'])).toBe(ck.CKR_OK);
    expect([...bench.world.store.rows.values()].map((row) => row.version)).toEqual([3]);
    expect(bench.find(reader, [ck.CKA_LABEL, 'y'])).toEqual([key]);
    expect(bench.find(reader, [ck.CKA_LABEL, 'x'])).toEqual([]);
  });
});

describe('copies', () => {
  it('are of the same value, with another unique id and the changes asked for', () => {
    const bench = new Bench();
    const key = bench.create(...SECRET);
    const copy = bench
      .copy(key, [ck.CKA_TOKEN, true], [ck.CKA_LABEL, 'copy'], [ck.CKA_MODIFIABLE, false])
      .handle();
    expect(Buffer.from(bench.get(copy, ck.CKA_VALUE).attribute().value ?? []).toString()).toBe(
      'the value of the key',
    );
    expect(bench.set(copy, [ck.CKA_LABEL, 'x'])).toBe(ck.CKR_ACTION_PROHIBITED);
    expect(bench.world.store.rows.size).toBe(1);
    expect(bench.get(copy, ck.CKA_UNIQUE_ID).attribute()).not.toEqual(
      bench.get(key, ck.CKA_UNIQUE_ID).attribute(),
    );
    bench.destroy(key);
    expect(bench.get(copy, ck.CKA_VALUE).rv).toBe(ck.CKR_OK);
  });

  it('tighten and never loosen', () => {
    const bench = new Bench();
    const hard = bench.create(...SECRET.slice(0, 3), [ck.CKA_SENSITIVE, true]);
    expect(bench.copy(hard, [ck.CKA_SENSITIVE, false]).rv).toBe(ck.CKR_ATTRIBUTE_READ_ONLY);
    expect(bench.copy(hard, [ck.CKA_EXTRACTABLE, true]).rv).toBe(ck.CKR_ATTRIBUTE_READ_ONLY);
    expect(bench.copy(hard, [ck.CKA_PRIVATE, false]).rv).toBe(ck.CKR_TEMPLATE_INCONSISTENT);
    expect(bench.copy(hard, [ck.CKA_VALUE, 'x']).rv).toBe(ck.CKR_ATTRIBUTE_READ_ONLY);
    expect(bench.copy(hard, [ck.CKA_COPYABLE, false]).rv).toBe(ck.CKR_OK);
    const last = bench.copy(hard, [ck.CKA_COPYABLE, false]).handle();
    expect(bench.copy(last).rv).toBe(ck.CKR_ACTION_PROHIBITED);
    const open = bench.create(...SECRET, [ck.CKA_PRIVATE, false]);
    const hidden = bench.copy(open, [ck.CKA_PRIVATE, true]).handle();
    expect(bench.world.objects.get(bench.session, hidden).isPrivate).toBe(true);
  });

  it('are refused where the session may not make them', () => {
    const bench = new Bench();
    const key = bench.create(...SECRET);
    const reader = bench.world.session(bench.session.app, false);
    const answer = bench.world.call(objectHandlers.C_CopyObject, reader, {
      object: key,
      template: template([ck.CKA_TOKEN, true]),
    });
    expect(answer.rv).toBe(ck.CKR_SESSION_READ_ONLY);
  });
});

describe('who sees what', () => {
  it('shows session objects to all sessions of their application and to no other', () => {
    const bench = new Bench();
    const key = bench.create(...SECRET, [ck.CKA_LABEL, 'mine']);
    const sibling = bench.world.session(bench.session.app);
    const stranger = bench.world.login('user');
    expect(bench.find(sibling, [ck.CKA_LABEL, 'mine'])).toEqual([key]);
    expect(bench.find(stranger, [ck.CKA_LABEL, 'mine'])).toEqual([]);
    expect(bench.destroy(key, stranger)).toBe(ck.CKR_OBJECT_HANDLE_INVALID);
    expect(() => bench.world.objects.getKey(stranger, key)).toThrow();
    bench.world.objects.dropSession(bench.session);
    expect(bench.find(sibling)).toEqual([]);
    expect(bench.destroy(key, sibling)).toBe(ck.CKR_OBJECT_HANDLE_INVALID);
  });

  it('hides private objects from those who are not logged in as user, by search and by handle', () => {
    const bench = new Bench();
    const key = bench.create(...SECRET, [ck.CKA_TOKEN, true]);
    const open = bench.create([ck.CKA_CLASS, ck.CKO_DATA], [ck.CKA_PRIVATE, false], [ck.CKA_TOKEN, true]);
    for (const login of ['none', 'so'] as const) {
      const session = bench.world.login(login);
      expect(bench.find(session)).toEqual([open]);
      expect(bench.find(session, [ck.CKA_PRIVATE, true])).toEqual([]);
      expect(bench.destroy(key, session)).toBe(ck.CKR_OBJECT_HANDLE_INVALID);
    }
    expect(bench.find(bench.world.login('user'))).toEqual([open, key]);
  });

  it('takes private objects away at the last logout and brings them back under other handles', () => {
    const bench = new Bench();
    const key = bench.create(...SECRET, [ck.CKA_TOKEN, true], [ck.CKA_LABEL, 'stays']);
    const passing = bench.create(...SECRET);
    const { objects } = bench.world;
    objects.dropPrivateSessionObjects(bench.session.app);
    objects.dropPrivate();
    expect(objects.count).toBe(0);
    expect((bench.world.enclave as unknown as { keys: Map<number, unknown> }).keys.size).toBe(1);
    bench.world.openPrivate(0);
    const [back, ...more] = bench.find(bench.session, [ck.CKA_LABEL, 'stays']);
    expect(more).toEqual([]);
    expect(back).not.toBe(key);
    expect(bench.destroy(key)).toBe(ck.CKR_OBJECT_HANDLE_INVALID);
    expect(bench.destroy(passing)).toBe(ck.CKR_OBJECT_HANDLE_INVALID);
    expect(Buffer.from(bench.get(back ?? 0, ck.CKA_VALUE).attribute().value ?? []).toString()).toBe(
      'the value of the key',
    );
  });

  it('opens a stored public key from its attributes alone', () => {
    const bench = new Bench();
    bench.create(
      [ck.CKA_CLASS, ck.CKO_PUBLIC_KEY],
      [ck.CKA_KEY_TYPE, ck.CKK_EC_EDWARDS],
      [ck.CKA_EC_PARAMS, Uint8Array.of(6, 3, 0x2b, 0x65, 0x70)],
      [ck.CKA_EC_POINT, new Uint8Array(32).fill(5)],
      [ck.CKA_TOKEN, true],
    );
    const { objects, enclave } = bench.world;
    objects.dropAll();
    objects.loadPublic();
    const [handle] = bench.find(bench.session);
    const key = objects.getKey(bench.session, handle ?? 0).key();
    const point = new Uint8Array(32);
    expect(enclave.keyComponent(key, 11, point, 0, 32)).toBe(32);
    expect(point).toEqual(new Uint8Array(32).fill(5));
  });
});

describe('destroying', () => {
  it('frees the key, and respects CKA_DESTROYABLE and read-only sessions', () => {
    const bench = new Bench();
    const keys = (bench.world.enclave as unknown as { keys: Map<number, unknown> }).keys;
    const key = bench.create(...SECRET);
    expect(keys.size).toBe(1);
    expect(bench.destroy(key)).toBe(ck.CKR_OK);
    expect(keys.size).toBe(0);
    expect(bench.destroy(key)).toBe(ck.CKR_OBJECT_HANDLE_INVALID);
    const fixed = bench.create(...SECRET, [ck.CKA_DESTROYABLE, false]);
    expect(bench.destroy(fixed)).toBe(ck.CKR_ACTION_PROHIBITED);
    const stored = bench.create(...SECRET, [ck.CKA_TOKEN, true]);
    expect(bench.destroy(stored, bench.world.session(bench.session.app, false))).toBe(
      ck.CKR_SESSION_READ_ONLY,
    );
    expect(bench.destroy(stored)).toBe(ck.CKR_OK);
    expect(bench.world.store.rows.size).toBe(0);
  });
});

describe('searches', () => {
  it('hides private objects from an application that has logged out, though another has not', () => {
    const bench = new Bench();
    const { world, session } = bench;
    const key = bench.create(...SECRET, [ck.CKA_TOKEN, true]);
    const other = world.login('user');
    const begin = { template: template([ck.CKA_CLASS, ck.CKO_SECRET_KEY]) };
    for (const each of [session, other]) {
      expect(world.call(findHandlers.C_FindObjectsInit, each, begin).rv).toBe(ck.CKR_OK);
    }
    other.app.setLogin(world.token, 'none');
    expect(world.call(findHandlers.C_FindObjects, other, { maxCount: 9 }).handle()).toBe(0);
    const found = world.call(findHandlers.C_FindObjects, session, { maxCount: 9 });
    expect([found.ulong(), found.ulong()]).toEqual([1, key]);
  });

  it('gives out what was found at the beginning, without what has gone since', () => {
    const bench = new Bench();
    const { world, session } = bench;
    const keys = Array.from({ length: 5 }, () => bench.create(...SECRET));
    const begin = { template: template([ck.CKA_CLASS, ck.CKO_SECRET_KEY]) };
    expect(world.call(findHandlers.C_FindObjects, session, { maxCount: 1 }).rv).toBe(
      ck.CKR_OPERATION_NOT_INITIALIZED,
    );
    expect(world.call(findHandlers.C_FindObjectsFinal, session, {}).rv).toBe(
      ck.CKR_OPERATION_NOT_INITIALIZED,
    );
    expect(world.call(findHandlers.C_FindObjectsInit, session, begin).rv).toBe(ck.CKR_OK);
    expect(world.call(findHandlers.C_FindObjectsInit, session, begin).rv).toBe(ck.CKR_OPERATION_ACTIVE);
    const first = world.call(findHandlers.C_FindObjects, session, { maxCount: 2 });
    expect([first.ulong(), first.ulong(), first.ulong()]).toEqual([2, keys[0], keys[1]]);
    bench.destroy(keys[2] ?? 0);
    bench.create(...SECRET);
    expect(world.call(findHandlers.C_FindObjects, session, { maxCount: 0 }).handle()).toBe(0);
    const later = world.call(findHandlers.C_FindObjects, session, { maxCount: -1 });
    expect([later.ulong(), later.ulong(), later.ulong()]).toEqual([2, keys[3], keys[4]]);
    expect(world.call(findHandlers.C_FindObjectsFinal, session, {}).rv).toBe(ck.CKR_OK);
  });

  it('finds nothing for what can never match, and is no oracle for sensitive values', () => {
    const bench = new Bench();
    const open = bench.create(...SECRET);
    bench.create(...SECRET.slice(0, 3), [ck.CKA_SENSITIVE, true]);
    expect(bench.find(bench.session, [0x80000009, 'x'])).toEqual([]);
    expect(bench.find(bench.session, [ck.CKA_CLASS, 'short'])).toEqual([]);
    expect(bench.find(bench.session, [ck.CKA_TOKEN, null])).toEqual([]);
    expect(bench.find(bench.session, [ck.CKA_VALUE, 'the value of the key'])).toEqual([open]);
    expect(bench.find(bench.session, [ck.CKA_VALUE, 'the value of the kez'])).toEqual([]);
    expect(bench.find(bench.session, [ck.CKA_UNWRAP_TEMPLATE, null])).toHaveLength(2);
    expect(bench.find(bench.session, [ck.CKA_UNWRAP_TEMPLATE, []])).toHaveLength(2);
    const inner: Value = [[ck.CKA_EXTRACTABLE, false]];
    const wrapping = bench.create(...SECRET, [ck.CKA_UNWRAP_TEMPLATE, inner]);
    expect(bench.find(bench.session, [ck.CKA_UNWRAP_TEMPLATE, inner])).toEqual([wrapping]);
    expect(bench.find(bench.session, [ck.CKA_UNWRAP_TEMPLATE, [[ck.CKA_EXTRACTABLE, true]]])).toEqual([]);
  });

  it('are not slowed by templates that repeat themselves', () => {
    const bench = new Bench();
    const key = bench.create(...SECRET, [ck.CKA_LABEL, 'it']);
    const label: readonly [number, Value] = [ck.CKA_LABEL, 'it'];
    const many = Array.from({ length: 20_000 }, () => label);
    expect(bench.find(bench.session, ...many)).toEqual([key]);
    expect(bench.find(bench.session, ...many, [ck.CKA_LABEL, 'not it'])).toEqual([]);
    expect(bench.find(bench.session, ...many, [0x777777, ''])).toEqual([]);
  });
});
