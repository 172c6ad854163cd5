import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectHandlers } from '../../module/engine/calls/objects.ts';
import { attributeType } from '../../module/engine/generated/attributes.ts';
import * as ck from '../../module/engine/generated/constants.ts';
import { AttributeSet, isWellFormed } from '../../module/engine/objects/attribute-set.ts';
import type { TokenObject } from '../../module/engine/objects/object.ts';
import { hashValue } from '../../module/engine/objects/value-hash.ts';
import { CryptokiError } from '../../module/engine/values/errors.ts';
import { template, type Value, World } from '../engine/objects/world.ts';

const types = fc.nat({ max: 0x7fffffff });
const sets = fc.uniqueArray(fc.tuple(types, fc.uint8Array({ maxLength: 300 })), {
  selector: ([type]) => type,
  maxLength: 40,
});

describe('packed attributes', () => {
  it('give back what was put in, in any order', () => {
    fc.assert(
      fc.property(sets, types, (entries, other) => {
        const packed = AttributeSet.from(entries);
        const back = AttributeSet.unpack(packed.packed.slice());
        expect(back.count).toBe(entries.length);
        for (const [type, value] of entries) expect(back.bytes(type)).toEqual(value);
        expect(back.has(other)).toBe(entries.some(([type]) => type === other));
        expect([...back.entries()].map(([type]) => type)).toEqual(
          entries.map(([type]) => type).sort((a, b) => a - b),
        );
      }),
    );
  });

  it('change into what a map would', () => {
    fc.assert(
      fc.property(sets, sets, fc.array(types, { maxLength: 5 }), (entries, changes, others) => {
        const removals = [...others, ...entries.slice(0, 2).map(([type]) => type)];
        const expected = new Map(entries);
        for (const type of removals) expected.delete(type);
        for (const [type, value] of changes) expected.set(type, value);
        const changed = AttributeSet.from(entries).with(changes, removals);
        expect(Buffer.compare(changed.packed, AttributeSet.from(expected).packed)).toBe(0);
      }),
    );
  });

  it('are refused when malformed, and never read outside themselves', () => {
    fc.assert(
      fc.property(
        sets,
        fc.array(fc.tuple(fc.nat({ max: 4000 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: -3, max: 3 }),
        (entries, flips, cut) => {
          const whole = AttributeSet.from(entries).packed;
          const bad = new Uint8Array(Math.max(0, whole.length + cut));
          bad.set(whole.subarray(0, bad.length));
          for (const [at, byte] of flips) if (bad.length > 0) bad[at % bad.length] = byte;
          if (!isWellFormed(bad)) {
            expect(() => AttributeSet.unpack(bad)).toThrow(CryptokiError);
            return;
          }
          const set = AttributeSet.unpack(bad);
          let sum = 0;
          for (const [type, value] of set.entries()) {
            sum += value.length;
            expect(set.bytes(type)).toEqual(value);
            set.ulong(type);
            set.ulongs(type);
            set.nested(type);
          }
          expect(4 + 8 * set.count + sum).toBe(bad.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('survive arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        if (isWellFormed(bytes)) expect(AttributeSet.unpack(bytes).packed).toBe(bytes);
        else expect(() => AttributeSet.unpack(bytes)).toThrow(CryptokiError);
      }),
    );
  });
});

// ---- searches ------------------------------------------------------------------------------------------------------

// Around the lengths that an index row holds whole, and long ones that differ at an end or in the middle alone.
const labels = fc.constantFrom(
  '',
  'a',
  'b',
  'a longer label',
  `${'x'.repeat(31)}1`,
  `${'x'.repeat(31)}2`,
  `${'x'.repeat(32)}1`,
  `${'x'.repeat(32)}2`,
  `${'x'.repeat(60)}1${'x'.repeat(60)}`,
  `${'x'.repeat(60)}2${'x'.repeat(60)}`,
);
const ids = fc.constantFrom('', '1', '2', '3');
const value = fc.constantFrom('one', 'two');
/** Data may have none. */
const someValue = fc.constantFrom('one', 'two', '');

type Entries = (readonly [number, Value])[];

const dataObject = fc.record({ label: labels, value: someValue, application: ids }).map(
  ({ label, value, application }): Entries => [
    [ck.CKA_CLASS, ck.CKO_DATA],
    [ck.CKA_LABEL, label],
    [ck.CKA_VALUE, value],
    [ck.CKA_APPLICATION, application],
  ],
);
const certificate = fc.record({ label: labels, id: ids, value }).map(
  ({ label, id, value }): Entries => [
    [ck.CKA_CLASS, ck.CKO_CERTIFICATE],
    [ck.CKA_CERTIFICATE_TYPE, ck.CKC_X_509],
    [ck.CKA_SUBJECT, id],
    [ck.CKA_ID, id],
    [ck.CKA_LABEL, label],
    [ck.CKA_VALUE, value],
  ],
);
const secret = fc.record({ label: labels, id: ids, value, sensitive: fc.boolean() }).map(
  ({ label, id, value, sensitive }): Entries => [
    [ck.CKA_CLASS, ck.CKO_SECRET_KEY],
    [ck.CKA_KEY_TYPE, ck.CKK_GENERIC_SECRET],
    [ck.CKA_LABEL, label],
    [ck.CKA_ID, id],
    [ck.CKA_VALUE, value],
    [ck.CKA_SENSITIVE, sensitive],
    [ck.CKA_EXTRACTABLE, true],
  ],
);
const newObject = fc
  .tuple(fc.oneof(dataObject, certificate, secret), fc.boolean(), fc.boolean())
  .map(
    ([entries, isToken, isPrivate]): Entries => [
      ...entries,
      [ck.CKA_TOKEN, isToken],
      [ck.CKA_PRIVATE, isPrivate],
    ],
  );

const searchEntry: fc.Arbitrary<readonly [number, Value]> = fc.oneof(
  fc.constantFrom(ck.CKO_DATA, ck.CKO_CERTIFICATE, ck.CKO_SECRET_KEY).map((v) => [ck.CKA_CLASS, v] as const),
  fc.constantFrom(ck.CKK_GENERIC_SECRET, ck.CKK_AES).map((v) => [ck.CKA_KEY_TYPE, v] as const),
  labels.map((v) => [ck.CKA_LABEL, v] as const),
  ids.map((v) => [ck.CKA_ID, v] as const),
  someValue.map((v) => [ck.CKA_VALUE, v] as const),
  fc.boolean().map((v) => [ck.CKA_TOKEN, v] as const),
  fc.boolean().map((v) => [ck.CKA_PRIVATE, v] as const),
  fc.constant([ck.CKA_LABEL, null] as const),
  fc.constant([0x80001234, 'x'] as const),
);

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('create' as const), entries: newObject, by: fc.nat(3) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('destroy' as const), which: fc.nat(99) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('label' as const), which: fc.nat(99), label: labels }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reload' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('find' as const),
      search: fc.array(searchEntry, { maxLength: 3 }),
    }),
  },
);

/** The standard's words, taken literally: all attributes, byte for byte. */
function matches(object: TokenObject, secretValue: string | undefined, search: Entries): boolean {
  return template(...search).every(({ type, value: span }) => {
    const wanted =
      span === null ? new Uint8Array(0) : span.buffer.slice(span.offset, span.offset + span.length);
    const present = object.attributes.bytes(type);
    if (present !== undefined) return Buffer.compare(present, wanted) === 0;
    // Data and certificates are never sensitive.
    const isReadable = object.attributes.bool(ck.CKA_SENSITIVE) !== true;
    return type === ck.CKA_VALUE && isReadable && secretValue === Buffer.from(wanted).toString();
  });
}

describe('searches', () => {
  it('find exactly what a look at every object finds', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
        const world = new World();
        const user = world.app('user');
        const sessions = [world.session(user), world.session(user), world.login('user'), world.session(user)];
        const visitor = world.login('none');
        let alive: { object: TokenObject; secret: string | undefined }[] = [];
        for (const each of steps) {
          if (each.do === 'create') {
            const session = sessions[each.by] as (typeof sessions)[0];
            const handle = world
              .call(objectHandlers.C_CreateObject, session, { template: template(...each.entries) })
              .handle();
            const secret = each.entries.find(([type]) => type === ck.CKA_VALUE)?.[1] as string;
            alive.push({ object: world.objects.get(session, handle), secret });
          } else if (each.do === 'reload') {
            world.objects.dropPrivate();
            world.openPrivate(0);
            alive = alive.map(({ object, secret }) => {
              if (!object.dead) return { object, secret };
              const id = object.attributes.bytes(ck.CKA_UNIQUE_ID) ?? new Uint8Array(0);
              const [back] = world.objects.find(
                sessions[0] as (typeof sessions)[0],
                template([ck.CKA_UNIQUE_ID, id]),
              );
              return {
                object: world.objects.get(sessions[0] as (typeof sessions)[0], back?.handle ?? 0),
                secret,
              };
            });
          } else if (each.do === 'find') {
            for (const session of [...sessions, visitor]) {
              const expected = alive
                .filter(({ object, secret }) => {
                  const isOthers = object.owner !== undefined && object.owner.app !== session.app;
                  const isHidden = object.isPrivate && session === visitor;
                  return !isOthers && !isHidden && matches(object, secret, each.search);
                })
                .map(({ object }) => object.handle);
              const found = world.objects.find(session, template(...each.search)).map(({ handle }) => handle);
              expect(found.toSorted((a, b) => a - b)).toEqual(expected.toSorted((a, b) => a - b));
            }
          } else if (alive.length > 0) {
            const at = each.which % alive.length;
            const { object } = alive[at] as (typeof alive)[0];
            const session =
              sessions.find((one) => one === object.owner) ?? (sessions[0] as (typeof sessions)[0]);
            if (each.do === 'destroy') {
              world.objects.destroy(session, object);
              alive.splice(at, 1);
            } else {
              const args = { object: object.handle, template: template([ck.CKA_LABEL, each.label]) };
              expect(world.call(objectHandlers.C_SetAttributeValue, session, args).rv).toBe(ck.CKR_OK);
            }
          }
        }
        expect(world.objects.count).toBe(alive.length);
      }),
      { numRuns: 150 },
    );
  });
});

describe('an index', () => {
  it('tells values of one hash apart, short ones and long ones', () => {
    const encoder = new TextEncoder();
    for (const start of ['', 'a start that is longer than a row of the index holds ']) {
      const known = new Map<number, string>();
      let pair: [string, string] | undefined;
      for (let i = 0; pair === undefined; i++) {
        const label = start + i;
        const bytes = encoder.encode(label);
        const hash = hashValue(ck.CKA_LABEL, bytes, 0, bytes.length);
        const other = known.get(hash);
        if (other !== undefined) pair = [other, label];
        known.set(hash, label);
      }
      const world = new World();
      const session = world.login('user');
      const handles = pair.map((label) =>
        world
          .call(objectHandlers.C_CreateObject, session, {
            template: template([ck.CKA_CLASS, ck.CKO_DATA], [ck.CKA_LABEL, label]),
          })
          .handle(),
      );
      const find = (label: string): number[] =>
        world.objects.find(session, template([ck.CKA_LABEL, label])).map(({ handle }) => handle);
      expect(pair.map(find)).toEqual(handles.map((handle) => [handle]));
      world.objects.destroy(session, world.objects.get(session, handles[0] ?? 0));
      expect(pair.map(find)).toEqual([[], [handles[1]]]);
    }
  });
});

// ---- protections ---------------------------------------------------------------------------------------------------

const protections = [
  { type: ck.CKA_SENSITIVE, final: true },
  { type: ck.CKA_EXTRACTABLE, final: false },
  { type: ck.CKA_COPYABLE, final: false },
  { type: ck.CKA_WRAP_WITH_TRUSTED, final: true },
  { type: ck.CKA_PRIVATE, final: true },
  { type: ck.CKA_ALWAYS_SENSITIVE, final: false },
  { type: ck.CKA_NEVER_EXTRACTABLE, final: false },
  { type: ck.CKA_LOCAL, final: false },
  { type: ck.CKA_TRUSTED, final: false },
] as const;
const otherFlags = [
  ck.CKA_TOKEN,
  ck.CKA_MODIFIABLE,
  ck.CKA_DESTROYABLE,
  ck.CKA_SIGN,
  ck.CKA_ENCRYPT,
  ck.CKA_DERIVE,
];
const anyFlag = fc.constantFrom(...protections.map(({ type }) => type), ...otherFlags);
const anyChange = fc.uniqueArray(fc.tuple(anyFlag, fc.boolean()), {
  selector: ([type]) => type,
  maxLength: 4,
});

describe('protections', () => {
  it('are never loosened by any row of changes and copies', () => {
    fc.assert(
      fc.property(
        anyChange,
        fc.array(fc.record({ copy: fc.boolean(), which: fc.nat(99), changes: anyChange }), { maxLength: 25 }),
        (first, steps) => {
          const world = new World();
          const session = world.login('user');
          const entries: Entries = [
            [ck.CKA_CLASS, ck.CKO_SECRET_KEY],
            [ck.CKA_KEY_TYPE, ck.CKK_AES],
            [ck.CKA_VALUE, new Uint8Array(16)],
          ];
          const made = world.call(objectHandlers.C_CreateObject, session, {
            template: template(...entries, ...first),
          });
          if (made.rv !== ck.CKR_OK) return;
          const handles = [made.ulong()];
          for (const { copy, which, changes } of steps) {
            const object = handles[which % handles.length] ?? 0;
            const before = world.objects.get(session, object).attributes;
            const args = { object, template: template(...changes) };
            const handler = copy ? objectHandlers.C_CopyObject : objectHandlers.C_SetAttributeValue;
            const answer = world.call(handler, session, args);
            const result = copy && answer.rv === ck.CKR_OK ? answer.ulong() : object;
            if (copy && answer.rv === ck.CKR_OK) {
              expect(before.bool(ck.CKA_COPYABLE)).toBe(true);
              handles.push(result);
            }
            const after = world.objects.get(session, result).attributes;
            for (const { type, final } of protections) {
              if (before.bool(type) === final) expect(after.bool(type)).toBe(final);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('hold against arbitrary templates: an answer is a CK_RV, never a crash, and no key is left over', () => {
    const anyType = fc.oneof(
      fc.constantFrom(...Object.entries(ck).flatMap(([name, v]) => (name.startsWith('CKA_') ? [v] : []))),
      fc.nat(),
    );
    const anyValue: fc.Arbitrary<Value> = fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc.boolean(),
      fc.nat({ max: 80 }),
      fc.constant(null),
    );
    const entry = anyType.chain((type) =>
      attributeType(type) === 'attributes'
        ? fc.tuple(
            fc.constant(type),
            fc.array(fc.tuple(anyType, anyValue), { maxLength: 3 }) as fc.Arbitrary<Value>,
          )
        : fc.tuple(fc.constant(type), anyValue),
    );
    const seeds: Entries[] = [
      [],
      [[ck.CKA_CLASS, ck.CKO_DATA]],
      [
        [ck.CKA_CLASS, ck.CKO_SECRET_KEY],
        [ck.CKA_KEY_TYPE, ck.CKK_AES],
        [ck.CKA_VALUE, new Uint8Array(32)],
      ],
    ];
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.array(entry, { maxLength: 5 }), (seed, entries) => {
        const world = new World();
        const session = world.login('user');
        const made = world.call(objectHandlers.C_CreateObject, session, {
          template: template(...seed, ...entries),
        });
        const keys = (world.enclave as unknown as { keys: Map<number, unknown> }).keys.size;
        expect(keys).toBeLessThanOrEqual(made.rv === ck.CKR_OK ? 2 : 0);
        world.objects.find(session, template(...entries));
        if (made.rv !== ck.CKR_OK) return;
        const object = made.ulong();
        const args = { object, template: template(...entries) };
        expect(world.call(objectHandlers.C_SetAttributeValue, session, args).rv).toBeGreaterThanOrEqual(0);
        expect(world.call(objectHandlers.C_CopyObject, session, args).rv).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });
});
