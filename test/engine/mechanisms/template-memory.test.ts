/**
 * Keys from templates that come again: they get what a checked template gets, and a decision is never taken over by a session, login, token
 * or application for which it could be another one.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Component } from '../../../module/enclave/enclave.ts';
import { keyHandlers } from '../../../module/engine/calls/keys.ts';
import * as ck from '../../../module/engine/generated/constants.ts';
import { KEPT, questionOf, recall } from '../../../module/engine/mechanisms/template-memory.ts';
import { ulongValue } from '../../../module/engine/objects/attribute-set.ts';
import { ecPublicKeyInfo, octetString } from '../../../module/engine/objects/der.ts';
import type { TokenObject } from '../../../module/engine/objects/object.ts';
import type { Session } from '../../../module/engine/sessions/application.ts';
import type { TemplateEntry } from '../../../module/engine/values/arguments.ts';
import { template, type Value, World } from '../objects/world.ts';
import { Client, enclave, mechanism } from './client.ts';
import { curves } from './keys.ts';

type Entries = readonly (readonly [number, Value])[];

const AES: Entries = [
  [ck.CKA_LABEL, 'one of many'],
  [ck.CKA_ENCRYPT, true],
  [ck.CKA_VALUE_LEN, 32],
];
const PUBLIC: Entries = [
  [ck.CKA_VERIFY, true],
  [ck.CKA_EC_PARAMS, curves.p256],
];
const PRIVATE: Entries = [
  [ck.CKA_SIGN, true],
  [ck.CKA_ID, 'pair'],
];

function generate(world: World, session: Session, entries: Entries) {
  const args = { mechanism: mechanism(ck.CKM_AES_KEY_GEN), template: template(...entries) };
  return world.call(keyHandlers.C_GenerateKey, session, args);
}

function secretOf(world: World, session: Session, entries: Entries): TokenObject {
  return world.objects.get(session, generate(world, session, entries).handle());
}

function generatePair(world: World, session: Session, ofPublic: Entries, ofPrivate: Entries, type?: number) {
  return world.call(keyHandlers.C_GenerateKeyPair, session, {
    mechanism: mechanism(type ?? ck.CKM_EC_KEY_PAIR_GEN),
    publicTemplate: template(...ofPublic),
    privateTemplate: template(...ofPrivate),
  });
}

function pairOf(world: World, session: Session, ofPublic: Entries, ofPrivate: Entries, type?: number) {
  const answer = generatePair(world, session, ofPublic, ofPrivate, type);
  return [answer.handle(), answer.handle()].map((handle) => world.objects.get(session, handle)) as [
    TokenObject,
    TokenObject,
  ];
}

/** Attributes without those that are each object's own. */
function common(object: TokenObject): Record<number, string> {
  const own: readonly number[] = [
    ck.CKA_UNIQUE_ID,
    ck.CKA_CHECK_VALUE,
    ck.CKA_EC_POINT,
    ck.CKA_PUBLIC_KEY_INFO,
  ];
  const all = [...object.attributes.entries()].map(
    ([type, value]) =>
      [type, own.includes(type) ? `${value.length} bytes` : Buffer.from(value).toString('hex')] as const,
  );
  return Object.fromEntries(all);
}

function hex(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString('hex');
}

/** What is each object's own has to be this object's. */
function expectItsOwn(object: TokenObject): void {
  const { attributes } = object;
  expect(Buffer.from(attributes.bytes(ck.CKA_UNIQUE_ID) ?? []).toString('latin1')).toBe(hex(object.id));
  if (attributes.ulong(ck.CKA_CLASS) === ck.CKO_SECRET_KEY) {
    const check = new Uint8Array(3);
    enclave.keyCheckValue(object.key(), attributes.ulong(ck.CKA_KEY_TYPE) === ck.CKK_AES, check, 0);
    expect(hex(attributes.bytes(ck.CKA_CHECK_VALUE))).toBe(hex(check));
    expect(enclave.keyBits(object.key())).toBe((attributes.ulong(ck.CKA_VALUE_LEN) ?? 0) * 8);
    return;
  }
  const point = new Uint8Array(
    enclave.keyComponent(object.key(), Component.EcPoint, new Uint8Array(0), 0, 0),
  );
  enclave.keyComponent(object.key(), Component.EcPoint, point, 0, point.length);
  const params = attributes.bytes(ck.CKA_EC_PARAMS) ?? new Uint8Array(0);
  if (attributes.ulong(ck.CKA_CLASS) === ck.CKO_PUBLIC_KEY)
    expect(hex(attributes.bytes(ck.CKA_EC_POINT))).toBe(hex(octetString(point)));
  if (attributes.ulong(ck.CKA_KEY_TYPE) === ck.CKK_EC)
    expect(hex(attributes.bytes(ck.CKA_PUBLIC_KEY_INFO))).toBe(hex(ecPublicKeyInfo(params, point)));
}

/** Whether a template of AES keys would be recalled. */
function recalls(session: Session, entries: Entries): boolean {
  return recall(session, ck.CKM_AES_KEY_GEN, template(...entries)) !== undefined;
}

describe('a template that comes again', () => {
  test('gives secret keys the same attributes, and each its own value, check value and name', () => {
    const world = new World(enclave);
    const session = world.login('user');
    const first = secretOf(world, session, AES);
    expect(recalls(session, AES)).toBe(true);
    const others = [1, 2, 3].map(() => secretOf(world, session, AES));
    for (const other of others) {
      expect(common(other)).toEqual(common(first));
      expectItsOwn(other);
    }
    const all = [first, ...others];
    expect(new Set(all.map(({ id }) => hex(id))).size).toBe(4);
    for (const [i, one] of all.entries())
      for (const other of all.slice(i + 1)) expect(enclave.keyEqual(one.key(), other.key())).toBe(false);
    // The first one has kept what is its own.
    expectItsOwn(first);
  });

  test('gives pairs on every curve the same attributes, and both halves one point', () => {
    const world = new World(enclave);
    const session = world.login('user');
    const kinds = [
      [curves.p256, ck.CKM_EC_KEY_PAIR_GEN],
      [curves.ed25519, ck.CKM_EC_EDWARDS_KEY_PAIR_GEN],
      [curves.x25519, ck.CKM_EC_MONTGOMERY_KEY_PAIR_GEN],
    ] as const;
    for (const [params, type] of kinds) {
      const ofPublic: Entries = [[ck.CKA_EC_PARAMS, params]];
      const ofPrivate: Entries = [[ck.CKA_DERIVE, type !== ck.CKM_EC_EDWARDS_KEY_PAIR_GEN]];
      const first = pairOf(world, session, ofPublic, ofPrivate, type);
      expect(recall(session, type, template(...ofPublic), template(...ofPrivate))).toBeDefined();
      const other = pairOf(world, session, ofPublic, ofPrivate, type);
      for (const half of [0, 1] as const) {
        expect(common(other[half])).toEqual(common(first[half]));
        expectItsOwn(other[half]);
        expectItsOwn(first[half]);
      }
      const publicHalf = enclave.keyPublicOf(other[1].key());
      expect(enclave.keyEqual(publicHalf, other[0].key())).toBe(true);
      enclave.keyFree(publicHalf);
    }
  });

  test('makes objects that are found by what is their own', () => {
    const world = new World(enclave);
    const session = world.login('user');
    for (let i = 0; i < 40; i++) secretOf(world, session, AES);
    const wanted = secretOf(world, session, AES);
    const [publicKey] = [1, 2].map(() => pairOf(world, session, PUBLIC, PRIVATE)).map(([half]) => half);
    for (const object of [wanted, publicKey as TokenObject]) {
      for (const type of [ck.CKA_UNIQUE_ID, ck.CKA_EC_POINT]) {
        const value = object.attributes.bytes(type);
        if (value !== undefined)
          expect(world.objects.find(session, template([type, value]))).toEqual([object]);
      }
    }
    expect(world.objects.find(session, template([ck.CKA_LABEL, 'one of many'])).length).toBe(41);
  });

  test('makes token objects that the store gets whole', () => {
    const world = new World(enclave);
    const session = world.login('user');
    const onToken: Entries = [[ck.CKA_TOKEN, true], ...AES];
    const made = [1, 2].map(() => secretOf(world, session, onToken));
    const pairs = [1, 2].map(() => pairOf(world, session, PUBLIC, [[ck.CKA_TOKEN, true], ...PRIVATE]));
    const kept = [...made, ...pairs.map(([, half]) => half)];
    expect(world.store.rows.size).toBe(kept.length);
    for (const object of kept) {
      const row = world.store.rows.get(hex(object.id) ?? '');
      expect(hex(row?.object.attributes)).toBe(hex(object.attributes.packed));
    }
    // A pair of which one half cannot be stored is not made at all.
    const before = world.objects.count;
    world.store.failure = new Error('the disk is full');
    expect(() => generatePair(world, session, PUBLIC, [[ck.CKA_TOKEN, true], ...PRIVATE])).toThrow(
      'the disk is full',
    );
    expect(() => generate(world, session, onToken)).toThrow('the disk is full');
    expect(world.objects.count).toBe(before);
  });
});

describe('a decision is not taken over', () => {
  test('by a session without the login that it needed', () => {
    const world = new World(enclave);
    const app = world.app('user');
    const session = world.session(app);
    const secret: Entries = [[ck.CKA_PRIVATE, true], ...AES];
    const half: Entries = [[ck.CKA_PRIVATE, true], ...PRIVATE];
    expect(generate(world, session, secret).rv).toBe(ck.CKR_OK);
    expect(generatePair(world, session, PUBLIC, half).rv).toBe(ck.CKR_OK);
    expect(secretOf(world, session, AES).isPrivate).toBe(true);
    for (const login of ['none', 'so'] as const) {
      app.setLogin(world.token, login);
      expect(generate(world, session, secret).rv).toBe(ck.CKR_USER_NOT_LOGGED_IN);
      expect(generatePair(world, session, PUBLIC, half).rv).toBe(ck.CKR_USER_NOT_LOGGED_IN);
      // What does not say so is private for the user, and public for everybody else.
      for (let i = 0; i < 2; i++) expect(secretOf(world, session, AES).isPrivate).toBe(false);
    }
    app.setLogin(world.token, 'user');
    expect(generate(world, session, secret).rv).toBe(ck.CKR_OK);
  });

  test('by a user, when the SO alone may say so', () => {
    const world = new World(enclave);
    const app = world.app('so');
    const session = world.session(app);
    const trusted: Entries = [[ck.CKA_PRIVATE, false], [ck.CKA_TRUSTED, true], [ck.CKA_WRAP, true], ...AES];
    expect(secretOf(world, session, trusted).attributes.bool(ck.CKA_TRUSTED)).toBe(true);
    expect(recalls(session, trusted)).toBe(true);
    for (const login of ['user', 'none'] as const) {
      app.setLogin(world.token, login);
      expect(generate(world, session, trusted).rv).toBe(ck.CKR_ATTRIBUTE_READ_ONLY);
    }
  });

  test('by a read-only session, when it makes a token object', () => {
    const world = new World(enclave);
    const app = world.app('user');
    const onToken: Entries = [[ck.CKA_TOKEN, true], ...AES];
    expect(generate(world, world.session(app), onToken).rv).toBe(ck.CKR_OK);
    const reading = world.session(app, false);
    expect(recalls(reading, onToken)).toBe(false);
    expect(generate(world, reading, onToken).rv).toBe(ck.CKR_SESSION_READ_ONLY);
    expect(generatePair(world, reading, PUBLIC, [[ck.CKA_TOKEN, true], ...PRIVATE]).rv).toBe(
      ck.CKR_SESSION_READ_ONLY,
    );
    expect(generate(world, reading, AES).rv).toBe(ck.CKR_OK);
  });

  test('by a session that was closed, another application or another token', () => {
    const world = new World(enclave);
    const session = world.login('user');
    secretOf(world, session, AES);
    expect(recalls(session, AES)).toBe(true);
    expect(recalls(world.login('user'), AES)).toBe(false);
    const elsewhere = new World(enclave);
    session.app.setLogin(elsewhere.token, 'user');
    expect(recalls(elsewhere.session(session.app), AES)).toBe(false);
    session.closed = true;
    expect(generate(world, session, AES).rv).toBe(ck.CKR_SESSION_CLOSED);
  });

  test('by a template that differs in anything', () => {
    const world = new World(enclave);
    const session = world.login('user');
    const withEmpty: Entries = [...AES, [ck.CKA_ID, '']];
    secretOf(world, session, withEmpty);
    const entries = template(...withEmpty);
    expect(recall(session, ck.CKM_AES_KEY_GEN, entries)).toBeDefined();
    const last = entries.length - 1;
    const variants: (readonly TemplateEntry[])[] = [
      entries.toReversed(),
      entries.slice(1),
      [...entries, ...template([ck.CKA_DECRYPT, true])],
      template(...withEmpty.map(([type, value]) => [type, value === true ? false : value] as const)),
      template(...withEmpty.map(([type, value]) => [type, value === 32 ? 16 : value] as const)),
      ...['one of them', 'one of man', 'one of many!'].map((label) =>
        template(...withEmpty.map(([type, value]) => [type, type === ck.CKA_LABEL ? label : value] as const)),
      ),
      entries.with(last, { type: ck.CKA_ID, value: null }),
      entries.with(last, { type: ck.CKA_ID, value: null, nested: [] }),
      entries.with(last, { type: ck.CKA_START_DATE, value: entries[last]?.value ?? null }),
    ];
    for (const variant of variants) expect(recall(session, ck.CKM_AES_KEY_GEN, variant)).toBeUndefined();
    expect(recall(session, ck.CKM_GENERIC_SECRET_KEY_GEN, entries)).toBeUndefined();
    expect(recall(session, ck.CKM_AES_KEY_GEN, entries, entries)).toBeUndefined();
    expect(
      secretOf(world, session, [...AES.slice(0, -1), [ck.CKA_VALUE_LEN, 16]]).attributes.ulong(
        ck.CKA_VALUE_LEN,
      ),
    ).toBe(16);
  });

  test('by a private template beside another curve', () => {
    const client = new Client();
    const privateTemplate = template([ck.CKA_SIGN, true]);
    for (const params of [curves.p256, curves.p384, curves.p256, curves.k256, curves.p384]) {
      const { first, second } = client.ok('C_GenerateKeyPair', {
        mechanism: mechanism(ck.CKM_EC_KEY_PAIR_GEN),
        publicTemplate: template([ck.CKA_EC_PARAMS, params]),
        privateTemplate,
      });
      for (const half of [client.object(first), client.object(second)]) {
        expect(hex(half.attributes.bytes(ck.CKA_EC_PARAMS))).toBe(hex(params));
        expectItsOwn(half);
      }
    }
  });
});

test('what is refused is refused again', () => {
  const world = new World(enclave);
  const session = world.login('user');
  const wrong: Entries = [[ck.CKA_VALUE_LEN, 31]];
  for (let i = 0; i < 3; i++) expect(generate(world, session, wrong).rv).toBe(ck.CKR_ATTRIBUTE_VALUE_INVALID);
  expect(recalls(session, wrong)).toBe(false);
});

test('a template that says what the value has to tell, or holds another one, is not kept', () => {
  const world = new World(enclave);
  const session = world.login('user');
  const ask = (...entries: Entries) => questionOf(session, ck.CKM_AES_KEY_GEN, [template(...entries)]);
  expect(ask(...AES)).toBeDefined();
  expect(ask(...AES, [ck.CKA_CHECK_VALUE, Uint8Array.of(1, 2, 3)])).toBeUndefined();
  expect(ask([ck.CKA_PUBLIC_KEY_INFO, Uint8Array.of(0x30, 0)])).toBeUndefined();
  expect(ask([ck.CKA_WRAP_TEMPLATE, [[ck.CKA_EXTRACTABLE, true]]])).toBeUndefined();
  expect(ask([ck.CKA_LABEL, new Uint8Array(1025)])).toBeUndefined();
  expect(ask(...Array.from({ length: 49 }, (): readonly [number, Value] => [ck.CKA_ID, '']))).toBeUndefined();
  // An empty check value says that the key is to have none, each time.
  const without: Entries = [...AES, [ck.CKA_CHECK_VALUE, '']];
  for (let i = 0; i < 3; i++)
    expect(secretOf(world, session, without).attributes.bytes(ck.CKA_CHECK_VALUE)?.length).toBe(0);
});

test('an application has a few templates kept, the newest', () => {
  const world = new World(enclave);
  const session = world.login('user');
  const labelled = (i: number): Entries => [...AES, [ck.CKA_ID, ulongValue(i)]];
  for (let i = 0; i <= KEPT; i++) secretOf(world, session, labelled(i));
  expect(recalls(session, labelled(0))).toBe(false);
  for (let i = 1; i <= KEPT; i++) expect(recalls(session, labelled(i)), `${i}`).toBe(true);
});

test('a login that ends while a recalled pair is generated takes the pair with it', () => {
  const client = new Client();
  const make = () =>
    client.call('C_GenerateKeyPair', {
      mechanism: mechanism(ck.CKM_EC_KEY_PAIR_GEN),
      publicTemplate: template([ck.CKA_EC_PARAMS, curves.p384]),
      privateTemplate: template([ck.CKA_SIGN, true]),
    });
  expect(make().rv).toBe(ck.CKR_OK);
  const before = [client.token.objects.count, enclave.status().keys];
  client.inline = false;
  client.beforeResult = () => client.app.setLogin(client.token, 'none');
  expect(make().rv).toBe(ck.CKR_USER_NOT_LOGGED_IN);
  expect([client.token.objects.count, enclave.status().keys]).toEqual(before);
});

/** A few templates, which therefore come again, good ones and bad ones, for whoever may ask: for public and private keys, or secret ones. */
const asked: readonly (readonly [first: Entries, second: Entries])[] = [
  [[], []],
  [[[ck.CKA_TOKEN, true]], [[ck.CKA_TOKEN, true]]],
  [[], [[ck.CKA_TOKEN, true]]],
  [[[ck.CKA_PRIVATE, false]], [[ck.CKA_PRIVATE, false]]],
  [
    [
      [ck.CKA_PRIVATE, false],
      [ck.CKA_TRUSTED, true],
    ],
    [[ck.CKA_PRIVATE, false]],
  ],
  [
    [
      [ck.CKA_LABEL, 'a'],
      [ck.CKA_LABEL, 'b'],
    ],
    [],
  ],
  [[[ck.CKA_CHECK_VALUE, '']], [[ck.CKA_PUBLIC_KEY_INFO, '']]],
  [
    [[ck.CKA_MODIFIABLE, false]],
    [
      [ck.CKA_ALWAYS_AUTHENTICATE, true],
      [ck.CKA_EXTRACTABLE, true],
    ],
  ],
];
/** Steps of one application: what it says, and what it is when it says so. */
const steps = fc.array(
  fc.record({
    login: fc.constantFrom('none' as const, 'user' as const, 'so' as const),
    readWrite: fc.boolean(),
    pair: fc.boolean(),
    asked: fc.constantFrom(...asked),
  }),
  { minLength: 1, maxLength: 40 },
);

test('a memory changes no answer', { timeout: 120_000 }, () => {
  const outcome = (
    world: World,
    session: Session,
    pair: boolean,
    [first, second]: readonly [Entries, Entries],
  ) => {
    const answer = pair
      ? generatePair(world, session, [...first, [ck.CKA_EC_PARAMS, curves.p256]], second)
      : generate(world, session, [...first, [ck.CKA_VALUE_LEN, 16]]);
    if (answer.rv !== ck.CKR_OK) return answer.rv;
    const made = (pair ? [answer.ulong(), answer.ulong()] : [answer.ulong()]).map((handle) =>
      world.objects.get(session, handle),
    );
    for (const object of made) expectItsOwnUnlessEmpty(object);
    return made.map((object) => ({
      ...common(object),
      owner: object.owner === undefined,
      private: object.isPrivate,
    }));
  };
  fc.assert(
    fc.property(steps, (taken) => {
      const world = new World(enclave);
      const app = world.app();
      for (const { login, readWrite, pair, asked: templates } of taken) {
        app.setLogin(world.token, login);
        const session = world.session(app, readWrite);
        // Nobody has ever asked a fresh application's memory anything.
        const fresh = new World(enclave);
        expect(outcome(world, session, pair, templates)).toEqual(
          outcome(fresh, fresh.login(login, readWrite), pair, templates),
        );
        fresh.objects.dropAll();
      }
      world.objects.dropAll();
    }),
    { numRuns: 150 },
  );
});

function expectItsOwnUnlessEmpty(object: TokenObject): void {
  if (object.attributes.bytes(ck.CKA_CHECK_VALUE)?.length !== 0) expectItsOwn(object);
}

test('a new object leaves the epoch alone, and a change or an end raises it', () => {
  const world = new World(enclave);
  const session = world.login('user');
  for (let i = 0; i < 2; i++) {
    const { epoch } = world;
    const key = secretOf(world, session, AES);
    pairOf(world, session, PUBLIC, PRIVATE);
    expect(world.epoch).toBe(epoch);
    world.objects.update(session, key, key.attributes.with([[ck.CKA_ID, Uint8Array.of(1)]]));
    expect(world.epoch).toBe(epoch + 1);
    world.objects.destroy(session, key);
    expect(world.epoch).toBe(epoch + 2);
  }
});
