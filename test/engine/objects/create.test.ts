import { describe, expect, it } from 'vitest';
import { objectHandlers } from '../../../module/engine/calls/objects.ts';
import * as ck from '../../../module/engine/generated/constants.ts';
import { completeTemplate } from '../../../module/engine/objects/template.ts';
import { ask, template, type Value, World } from './world.ts';

const AES: readonly (readonly [number, Value])[] = [
  [ck.CKA_CLASS, ck.CKO_SECRET_KEY],
  [ck.CKA_KEY_TYPE, ck.CKK_AES],
  [ck.CKA_VALUE, new Uint8Array(16).fill(7)],
];
const DATA: readonly (readonly [number, Value])[] = [
  [ck.CKA_CLASS, ck.CKO_DATA],
  [ck.CKA_PRIVATE, false],
];
const CERTIFICATE: readonly (readonly [number, Value])[] = [
  [ck.CKA_CLASS, ck.CKO_CERTIFICATE],
  [ck.CKA_CERTIFICATE_TYPE, ck.CKC_X_509],
  [ck.CKA_SUBJECT, Uint8Array.of(0x30, 0)],
  [ck.CKA_VALUE, 'abc'],
];
const MODULUS = new Uint8Array(128).fill(0xc3);
const RSA_PUBLIC: readonly (readonly [number, Value])[] = [
  [ck.CKA_CLASS, ck.CKO_PUBLIC_KEY],
  [ck.CKA_KEY_TYPE, ck.CKK_RSA],
  [ck.CKA_MODULUS, MODULUS],
  [ck.CKA_PUBLIC_EXPONENT, Uint8Array.of(1, 0, 1)],
];
const P256 = Uint8Array.of(0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7);
const EC_PRIVATE: readonly (readonly [number, Value])[] = [
  [ck.CKA_CLASS, ck.CKO_PRIVATE_KEY],
  [ck.CKA_KEY_TYPE, ck.CKK_EC],
  [ck.CKA_EC_PARAMS, P256],
  [ck.CKA_VALUE, new Uint8Array(32).fill(9)],
];

function create(world: World, session = world.login('user'), ...entries: (readonly [number, Value])[]) {
  return world.call(objectHandlers.C_CreateObject, session, { template: template(...entries) });
}

/** The code with which creation is refused, or CKR_OK. */
function refusal(...entries: (readonly [number, Value])[]): number {
  const world = new World();
  return create(world, world.login('user'), ...entries).rv;
}

function attribute(world: World, session: ReturnType<World['login']>, handle: number, type: number) {
  const answer = world.call(objectHandlers.C_GetAttributeValue, session, {
    object: handle,
    template: ask(type),
  });
  const { length, value } = answer.attribute();
  return { rv: answer.rv, length, value };
}

describe('creating objects', () => {
  it('gives a secret key its defaults, history and computed attributes', () => {
    const world = new World();
    const session = world.login('user');
    const handle = create(world, session, ...AES).handle();
    const { attributes, id } = world.objects.get(session, handle);
    expect(attributes.bool(ck.CKA_TOKEN)).toBe(false);
    expect(attributes.bool(ck.CKA_PRIVATE)).toBe(true);
    expect(attributes.bool(ck.CKA_EXTRACTABLE)).toBe(false);
    expect(attributes.bool(ck.CKA_LOCAL)).toBe(false);
    expect(attributes.bool(ck.CKA_ALWAYS_SENSITIVE)).toBe(false);
    expect(attributes.bool(ck.CKA_NEVER_EXTRACTABLE)).toBe(false);
    expect(attributes.ulong(ck.CKA_KEY_GEN_MECHANISM)).toBe(-1);
    expect(attributes.ulong(ck.CKA_VALUE_LEN)).toBe(16);
    expect(attributes.bytes(ck.CKA_CHECK_VALUE)).toHaveLength(3);
    expect(attributes.has(ck.CKA_VALUE)).toBe(false);
    expect(Buffer.from(attributes.bytes(ck.CKA_UNIQUE_ID) ?? []).toString()).toBe(
      Buffer.from(id).toString('hex'),
    );
  });

  it('checks a check value that the template gives, and leaves it out for an empty one', () => {
    expect(refusal(...AES, [ck.CKA_CHECK_VALUE, 'abc'])).toBe(ck.CKR_ATTRIBUTE_VALUE_INVALID);
    const world = new World();
    const session = world.login('user');
    const handle = create(world, session, ...AES, [ck.CKA_CHECK_VALUE, new Uint8Array(0)]).handle();
    expect(attribute(world, session, handle, ck.CKA_CHECK_VALUE)).toMatchObject({ rv: ck.CKR_OK, length: 0 });
  });

  it('works out modulus size and public key information of a public key', () => {
    const world = new World();
    const session = world.login('none');
    const handle = create(world, session, ...RSA_PUBLIC).handle();
    const { attributes } = world.objects.get(session, handle);
    expect(attributes.bool(ck.CKA_PRIVATE)).toBe(false);
    expect(attributes.ulong(ck.CKA_MODULUS_BITS)).toBe(1024);
    const info = attributes.bytes(ck.CKA_PUBLIC_KEY_INFO) ?? new Uint8Array(0);
    expect(Buffer.from(info.subarray(0, 3)).toString('hex')).toBe('30819f');
    expect(info).toHaveLength(162);
  });

  it('takes points raw and wrapped, and leading zeros of an RSA integer away', () => {
    const point = Uint8Array.of(4, ...new Uint8Array(64).fill(0x3f));
    const base: readonly (readonly [number, Value])[] = [
      [ck.CKA_CLASS, ck.CKO_PUBLIC_KEY],
      [ck.CKA_KEY_TYPE, ck.CKK_EC],
      [ck.CKA_EC_PARAMS, P256],
    ];
    for (const given of [point, Uint8Array.of(4, 65, ...point)]) {
      const world = new World();
      const session = world.login('none');
      const handle = create(world, session, ...base, [ck.CKA_EC_POINT, given]).handle();
      expect(attribute(world, session, handle, ck.CKA_EC_POINT).value).toEqual(
        Uint8Array.of(4, 65, ...point),
      );
    }
    const world = new World();
    const session = world.login('none');
    const padded = RSA_PUBLIC.map(([type, value]): readonly [number, Value] =>
      type === ck.CKA_MODULUS ? [type, Uint8Array.of(0, ...MODULUS)] : [type, value],
    );
    const handle = create(world, session, ...padded).handle();
    expect(attribute(world, session, handle, ck.CKA_MODULUS).value).toEqual(MODULUS);
  });

  it('gives a private key its public key information and keeps its value in the enclave', () => {
    const world = new World();
    const session = world.login('user');
    const handle = create(world, session, ...EC_PRIVATE).handle();
    expect(attribute(world, session, handle, ck.CKA_PUBLIC_KEY_INFO).rv).toBe(ck.CKR_OK);
    expect(attribute(world, session, handle, ck.CKA_VALUE)).toMatchObject({
      rv: ck.CKR_ATTRIBUTE_SENSITIVE,
      length: -1,
    });
    const wrong = create(world, session, ...EC_PRIVATE, [ck.CKA_PUBLIC_KEY_INFO, 'another key']);
    expect(wrong.rv).toBe(ck.CKR_ATTRIBUTE_VALUE_INVALID);
  });

  it('computes a certificate check value from its bytes', () => {
    const world = new World();
    const session = world.login('none');
    const handle = create(world, session, ...CERTIFICATE).handle();
    const { value } = attribute(world, session, handle, ck.CKA_CHECK_VALUE);
    expect(Buffer.from(value ?? []).toString('hex')).toBe('a9993e');
  });

  it.each<[string, (readonly [number, Value])[], number]>([
    ['an unknown attribute', [...DATA, [0x7777, 'x']], ck.CKR_ATTRIBUTE_TYPE_INVALID],
    ['a vendor attribute', [...DATA, [0x80000001, 'x']], ck.CKR_ATTRIBUTE_TYPE_INVALID],
    ['an absurd attribute', [...DATA, [Number.MAX_SAFE_INTEGER, 'x']], ck.CKR_ATTRIBUTE_TYPE_INVALID],
    ['an attribute of another kind', [...AES, [ck.CKA_MODULUS, 'x']], ck.CKR_TEMPLATE_INCONSISTENT],
    [
      'two values of an attribute',
      [...DATA, [ck.CKA_LABEL, 'a'], [ck.CKA_LABEL, 'b']],
      ck.CKR_TEMPLATE_INCONSISTENT,
    ],
    ['a boolean of two bytes', [...DATA, [ck.CKA_TOKEN, 'ab']], ck.CKR_ATTRIBUTE_VALUE_INVALID],
    ['a boolean of 255', [...DATA, [ck.CKA_TOKEN, Uint8Array.of(255)]], ck.CKR_ATTRIBUTE_VALUE_INVALID],
    ['a boolean NULL', [...DATA, [ck.CKA_TOKEN, null]], ck.CKR_ATTRIBUTE_VALUE_INVALID],
    ['a class of four bytes', [[ck.CKA_CLASS, 'abcd']], ck.CKR_ATTRIBUTE_VALUE_INVALID],
    ['no class', [[ck.CKA_LABEL, 'x']], ck.CKR_TEMPLATE_INCOMPLETE],
    ['a vendor class', [[ck.CKA_CLASS, 0x80000001]], ck.CKR_ATTRIBUTE_VALUE_INVALID],
    ['a profile', [[ck.CKA_CLASS, ck.CKO_PROFILE]], ck.CKR_ATTRIBUTE_VALUE_INVALID],
    ['no key type', [[ck.CKA_CLASS, ck.CKO_SECRET_KEY]], ck.CKR_TEMPLATE_INCOMPLETE],
    [
      'a DES3 key',
      [
        [ck.CKA_CLASS, ck.CKO_SECRET_KEY],
        [ck.CKA_KEY_TYPE, ck.CKK_DES3],
        [ck.CKA_VALUE, 'x'],
      ],
      ck.CKR_ATTRIBUTE_VALUE_INVALID,
    ],
    [
      'an RSA secret key',
      [
        [ck.CKA_CLASS, ck.CKO_SECRET_KEY],
        [ck.CKA_KEY_TYPE, ck.CKK_RSA],
      ],
      ck.CKR_TEMPLATE_INCONSISTENT,
    ],
    ['no value', AES.slice(0, 2), ck.CKR_TEMPLATE_INCOMPLETE],
    [
      '17 bytes for AES',
      [...AES.slice(0, 2), [ck.CKA_VALUE, new Uint8Array(17)]],
      ck.CKR_ATTRIBUTE_VALUE_INVALID,
    ],
    ['a length beside the value', [...AES, [ck.CKA_VALUE_LEN, 16]], ck.CKR_ATTRIBUTE_READ_ONLY],
    ['CKA_LOCAL', [...AES, [ck.CKA_LOCAL, true]], ck.CKR_ATTRIBUTE_READ_ONLY],
    ['CKA_UNIQUE_ID', [...DATA, [ck.CKA_UNIQUE_ID, 'x']], ck.CKR_ATTRIBUTE_READ_ONLY],
    ['trust without the SO', [...CERTIFICATE, [ck.CKA_TRUSTED, true]], ck.CKR_ATTRIBUTE_READ_ONLY],
    ['a 13th month', [...AES, [ck.CKA_START_DATE, '20261301']], ck.CKR_ATTRIBUTE_VALUE_INVALID],
    ['letters for a date', [...AES, [ck.CKA_END_DATE, '2026may1']], ck.CKR_ATTRIBUTE_VALUE_INVALID],
    ['half a mechanism', [...AES, [ck.CKA_ALLOWED_MECHANISMS, 'abcd']], ck.CKR_ATTRIBUTE_VALUE_INVALID],
    [
      'a public key that always asks',
      [...EC_PRIVATE, [ck.CKA_PRIVATE, false], [ck.CKA_ALWAYS_AUTHENTICATE, true]],
      ck.CKR_TEMPLATE_INCONSISTENT,
    ],
    [
      'templates inside templates',
      [...AES, [ck.CKA_WRAP_TEMPLATE, [[ck.CKA_WRAP_TEMPLATE, [[ck.CKA_TOKEN, true]]]]]],
      ck.CKR_TEMPLATE_INCONSISTENT,
    ],
    [
      'a key inside a template',
      [...AES, [ck.CKA_UNWRAP_TEMPLATE, [[ck.CKA_VALUE, 'secret']]]],
      ck.CKR_TEMPLATE_INCONSISTENT,
    ],
    [
      'a certificate of nothing',
      [...CERTIFICATE.slice(0, 3), [ck.CKA_VALUE, '']],
      ck.CKR_TEMPLATE_INCOMPLETE,
    ],
    [
      'a certificate by URL alone',
      [...CERTIFICATE.slice(0, 3), [ck.CKA_VALUE, ''], [ck.CKA_URL, 'http://x']],
      ck.CKR_TEMPLATE_INCOMPLETE,
    ],
    ['a fifth category', [...CERTIFICATE, [ck.CKA_CERTIFICATE_CATEGORY, 4]], ck.CKR_ATTRIBUTE_VALUE_INVALID],
  ])('refuses %s', (_what, entries, rv) => {
    expect(refusal(...entries)).toBe(rv);
  });

  it('lets no unwrapping template make keys trusted, or give them a past', () => {
    const history: Value = [[ck.CKA_ALWAYS_SENSITIVE, true]];
    expect(refusal(...AES, [ck.CKA_UNWRAP_TEMPLATE, history])).toBe(ck.CKR_TEMPLATE_INCONSISTENT);
    expect(refusal(...AES, [ck.CKA_DERIVE_TEMPLATE, history])).toBe(ck.CKR_TEMPLATE_INCONSISTENT);
    expect(refusal(...AES, [ck.CKA_WRAP_TEMPLATE, history])).toBe(ck.CKR_OK);
    const world = new World();
    const unwrap = (login: 'user' | 'so') =>
      completeTemplate({
        session: world.login(login),
        origin: 'unwrap',
        template: template(...AES.slice(0, 2), [ck.CKA_PRIVATE, false]),
        implied: new Map([[ck.CKA_TRUSTED, Uint8Array.of(1)]]),
      });
    expect(() => unwrap('user')).toThrow(expect.objectContaining({ rv: ck.CKR_ATTRIBUTE_READ_ONLY }));
    expect(unwrap('so').attributes.bool(ck.CKA_TRUSTED)).toBe(true);
  });

  it('takes from a mechanism what fits, and no contradiction of it', () => {
    const world = new World();
    const derive = (
      implied: readonly (readonly [number, Uint8Array])[],
      ...entries: (readonly [number, Value])[]
    ) =>
      completeTemplate({
        session: world.login('user'),
        origin: 'derive',
        template: template(...AES.slice(0, 2), ...entries),
        implied: new Map(implied),
      }).attributes;
    const was = Uint8Array.of(1);
    const base = [
      [ck.CKA_ALWAYS_SENSITIVE, was],
      [ck.CKA_NEVER_EXTRACTABLE, was],
    ] as const;
    const derived = derive(base, [ck.CKA_SENSITIVE, true], [ck.CKA_EXTRACTABLE, true]);
    expect(derived.bool(ck.CKA_ALWAYS_SENSITIVE)).toBe(true);
    expect(derived.bool(ck.CKA_NEVER_EXTRACTABLE)).toBe(false);
    expect(derived.bool(ck.CKA_LOCAL)).toBe(false);
    expect(derive([]).bool(ck.CKA_NEVER_EXTRACTABLE)).toBe(false);
    const inconsistent = expect.objectContaining({ rv: ck.CKR_TEMPLATE_INCONSISTENT });
    expect(() => derive([[ck.CKA_EXTRACTABLE, Uint8Array.of(0)]], [ck.CKA_EXTRACTABLE, true])).toThrow(
      inconsistent,
    );
    expect(() => derive([[ck.CKA_MODULUS, was]])).toThrow(inconsistent);
    expect(() => derive([], [ck.CKA_VALUE, 'x'])).toThrow(
      expect.objectContaining({ rv: ck.CKR_ATTRIBUTE_READ_ONLY }),
    );
  });

  it('takes an attribute that is given twice with the same value for one', () => {
    const world = new World();
    const session = world.login('user');
    const nested: Value = [
      [ck.CKA_EXTRACTABLE, false],
      [ck.CKA_LABEL, 'wrapped'],
    ];
    const other: Value = [
      [ck.CKA_EXTRACTABLE, false],
      [ck.CKA_LABEL, 'Wrapped'],
    ];
    const twice = (one: Value, two: Value, type: number = ck.CKA_UNWRAP_TEMPLATE) =>
      create(world, session, ...AES, [type, one], [type, two]);
    const both = create(world, session, ...AES, ...AES).handle();
    expect(attribute(world, session, both, ck.CKA_VALUE_LEN)).toMatchObject({ rv: ck.CKR_OK });
    expect(twice(new Uint8Array(0), new Uint8Array(0), ck.CKA_ID).rv).toBe(ck.CKR_OK);
    expect(twice(Uint8Array.of(1), Uint8Array.of(1, 2), ck.CKA_ID).rv).toBe(ck.CKR_TEMPLATE_INCONSISTENT);
    expect(twice(nested, nested).rv).toBe(ck.CKR_OK);
    expect(twice(nested, other).rv).toBe(ck.CKR_TEMPLATE_INCONSISTENT);
    expect(twice(nested, nested.slice(0, 1) as Value).rv).toBe(ck.CKR_TEMPLATE_INCONSISTENT);
    const otherKey: readonly [number, Value] = [ck.CKA_VALUE, new Uint8Array(16).fill(8)];
    expect(create(world, session, ...AES, otherKey).rv).toBe(ck.CKR_TEMPLATE_INCONSISTENT);
  });

  it('refuses what the session may not make, and leaves no key behind', () => {
    const world = new World();
    const token: readonly [number, Value] = [ck.CKA_TOKEN, true];
    expect(create(world, world.login('user', false), ...AES, token).rv).toBe(ck.CKR_SESSION_READ_ONLY);
    const isPrivate: readonly [number, Value] = [ck.CKA_PRIVATE, true];
    for (const who of ['none', 'so'] as const) {
      expect(create(world, world.login(who), ...AES, token).rv).toBe(ck.CKR_USER_NOT_LOGGED_IN);
      expect(create(world, world.login(who), ...AES, isPrivate).rv).toBe(ck.CKR_USER_NOT_LOGGED_IN);
      expect(create(world, world.login(who), ...AES).rv).toBe(ck.CKR_OK);
    }
    expect(create(world, world.login('user', false), ...AES).rv).toBe(ck.CKR_OK);
    expect(create(world, world.login('so'), ...CERTIFICATE, [ck.CKA_TRUSTED, true]).rv).toBe(ck.CKR_OK);
    const before = (world.enclave as unknown as { keys: Map<number, unknown> }).keys.size;
    world.store.failure = new Error('the disk is full');
    expect(() => create(world, world.login('user'), ...AES, token)).toThrow('full');
    expect((world.enclave as unknown as { keys: Map<number, unknown> }).keys.size).toBe(before);
    expect(world.store.rows.size).toBe(0);
  });

  it('keeps attribute arrays and reads them back entry by entry', () => {
    const world = new World();
    const session = world.login('user');
    const nested: Value = [
      [ck.CKA_EXTRACTABLE, false],
      [ck.CKA_LABEL, 'wrapped'],
    ];
    const handle = create(world, session, ...AES, [ck.CKA_UNWRAP_TEMPLATE, nested]).handle();
    const size = attribute(world, session, handle, ck.CKA_WRAP_TEMPLATE);
    expect(size).toMatchObject({ rv: ck.CKR_OK, length: 0 });
    const answer = world.call(objectHandlers.C_GetAttributeValue, session, {
      object: handle,
      template: [
        {
          type: ck.CKA_UNWRAP_TEMPLATE,
          present: true,
          capacity: 48,
          nested: [
            { type: -1, present: true, capacity: 16 },
            { type: -1, present: false, capacity: 0 },
          ],
        },
      ],
    });
    expect(answer.rv).toBe(ck.CKR_OK);
    expect([answer.ulong(), answer.ulong()]).toEqual([48, 1]);
    expect(answer.ulong()).toBe(ck.CKA_LABEL);
    expect(Buffer.from(answer.attribute().value ?? []).toString()).toBe('wrapped');
    expect(answer.ulong()).toBe(ck.CKA_EXTRACTABLE);
    expect(answer.attribute()).toEqual({ length: 1, value: undefined });
  });
});
