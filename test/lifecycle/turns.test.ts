/** From state to state: every order at every state, by whom, with a reason or without, and laws that hold for any row of orders. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as ck from '../../module/engine/generated/constants.ts';
import { AttributeSet, ulongValue } from '../../module/engine/objects/attribute-set.ts';
import { beginLife, type Setter, settleLife } from '../../module/engine/objects/lifecycle/change.ts';
import { lifeOf, stateAt, UNLIMITED } from '../../module/engine/objects/lifecycle/life.ts';
import { CryptokiError } from '../../module/engine/values/errors.ts';
import { type StateName, states, type Transition, transitions } from '../../schema/lifecycle/states.ts';

const NOW = 1_800_000_000;
const ways = transitions as readonly Transition[];

function numberOf(name: StateName): number {
  return states.find((state) => state.name === name)?.number ?? 0;
}

function nameOf(number: number): StateName {
  return states.find((state) => state.number === number)?.name ?? 'destroyed';
}

class Key {
  attributes: AttributeSet;

  constructor(values: ReadonlyMap<number, Uint8Array> = new Map()) {
    const begun = new Map(values);
    beginLife(begun);
    this.attributes = AttributeSet.from(begun);
  }

  state(now = NOW): StateName {
    return nameOf(stateAt(lifeOf(this.attributes) ?? UNLIMITED, now));
  }

  /** The CK_RV of a change, or 0. */
  change(by: Setter, values: Iterable<readonly [number, Uint8Array]>, now = NOW): number {
    const changes = new Map(values);
    try {
      settleLife(by, this.attributes, changes, now);
    } catch (error) {
      if (error instanceof CryptokiError) return error.rv;
      throw error;
    }
    this.attributes = this.attributes.with(changes);
    return 0;
  }

  order(by: Setter, to: StateName, reason = 'because', now = NOW): number {
    const values = new Map([[ck.CKA_STRONGROOM_STATE, ulongValue(numberOf(to))]]);
    if (reason !== '') values.set(ck.CKA_STRONGROOM_STATE_REASON, Buffer.from(reason));
    return this.change(by, values, now);
  }
}

function keyIn(state: StateName): Key {
  if (state !== 'pre-activation') {
    const key = new Key();
    if (state !== 'active') expect(key.order(ck.CKU_USER, state)).toBe(0);
    return key;
  }
  return new Key(new Map([[ck.CKA_STRONGROOM_STATE, ulongValue(numberOf(state))]]));
}

const living: readonly StateName[] = states.map(({ name }) => name).filter((name) => name !== 'destroyed');
const both = [
  ['user', ck.CKU_USER],
  ['so', ck.CKU_SO],
] as const;

describe('an order', () => {
  const all = living.flatMap((from) =>
    states.flatMap(({ name: to }) => both.map(([who, by]) => ({ from, to, who, by }))),
  );

  it.each(all)('$from to $to by the $who', ({ from, to, who, by }) => {
    const key = keyIn(from);
    const way = ways.find((each) => each.from === from && each.to === to);
    const rv = key.order(by, to);
    if (from === to || way === undefined || to === 'destroyed' || way.who.length === 0) {
      expect(rv).toBe(ck.CKR_ATTRIBUTE_VALUE_INVALID);
      expect(key.state()).toBe(from);
      return;
    }
    expect(rv).toBe(way.who.includes(who) ? 0 : ck.CKR_ATTRIBUTE_READ_ONLY);
    expect(key.state()).toBe(to);
    for (const reason of ['', '  \n']) {
      const silent = keyIn(from).order(by, to, reason);
      expect(silent).toBe(way.reason ? ck.CKR_TEMPLATE_INCONSISTENT : 0);
    }
  });

  it('of the state that the key is in changes nothing, and takes no reason', () => {
    for (const state of living) {
      const key = keyIn(state);
      const before = key.attributes;
      expect(key.order(ck.CKU_USER, state, '')).toBe(0);
      expect(key.order(ck.CKU_USER, state, 'another reason')).toBe(ck.CKR_ATTRIBUTE_VALUE_INVALID);
      expect(Buffer.compare(key.attributes.packed, before.packed)).toBe(0);
    }
  });

  it('of the security officer is undone by him alone', () => {
    const key = new Key();
    expect(key.order(ck.CKU_SO, 'suspended')).toBe(0);
    expect(key.order(ck.CKU_USER, 'active')).toBe(ck.CKR_ATTRIBUTE_READ_ONLY);
    expect(key.order(ck.CKU_USER, 'compromised')).toBe(0);
    const other = new Key();
    expect(other.order(ck.CKU_SO, 'suspended')).toBe(0);
    expect(other.order(ck.CKU_SO, 'active')).toBe(0);
    expect(other.order(ck.CKU_USER, 'suspended')).toBe(0);
    expect(other.order(ck.CKU_USER, 'active')).toBe(0);
  });

  it('has its reason and its time kept, and no reason is given without one', () => {
    const key = new Key();
    const reason: [number, Uint8Array] = [ck.CKA_STRONGROOM_STATE_REASON, Buffer.from('just so')];
    expect(key.change(ck.CKU_USER, [reason])).toBe(ck.CKR_TEMPLATE_INCONSISTENT);
    expect(key.order(ck.CKU_USER, 'compromised', 'seen in a public repository')).toBe(0);
    expect(Buffer.from(key.attributes.bytes(ck.CKA_STRONGROOM_STATE_REASON) ?? []).toString()).toBe(
      'seen in a public repository',
    );
    expect(key.attributes.ulong(ck.CKA_STRONGROOM_COMPROMISE_TIME)).toBe(NOW);
    expect(key.change(ck.CKU_USER, [reason])).toBe(ck.CKR_TEMPLATE_INCONSISTENT);
    const future = new Key();
    const changes: [number, Uint8Array][] = [
      [ck.CKA_STRONGROOM_STATE, ulongValue(numberOf('compromised'))],
      [ck.CKA_STRONGROOM_STATE_REASON, Buffer.from('soon')],
      [ck.CKA_STRONGROOM_COMPROMISE_TIME, ulongValue(NOW + 1)],
    ];
    expect(future.change(ck.CKU_USER, changes)).toBe(ck.CKR_ATTRIBUTE_VALUE_INVALID);
  });
});

describe('any row of orders, dates and hours', () => {
  const time = fc.integer({ min: -50, max: 50 }).map((offset) => NOW + offset);
  const step = fc.record({
    by: fc.constantFrom<Setter>(ck.CKU_USER, ck.CKU_SO),
    to: fc.option(fc.constantFrom(...states.map(({ name }) => name)), { nil: undefined }),
    activation: fc.option(fc.oneof(time, fc.constant(-1)), { nil: undefined }),
    deactivation: fc.option(fc.oneof(time, fc.constant(-1)), { nil: undefined }),
    endDate: fc.option(fc.constantFrom('', '20270114', '20270115', '20270116', '20991231'), {
      nil: undefined,
    }),
    passes: fc.integer({ min: 0, max: 20 }),
  });

  it('never leads where the table has no way, and never back from where there is none', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const key = new Key();
        let now = NOW - 40;
        let state = key.state(now);
        for (const { by, to, activation, deactivation, endDate, passes } of steps) {
          now += passes;
          const later = key.state(now);
          const byTime = later === state || isByTime(state, later);
          expect(byTime, `${state} to ${later} by time`).toBe(true);
          const values = new Map<number, Uint8Array>();
          if (to !== undefined) values.set(ck.CKA_STRONGROOM_STATE, ulongValue(numberOf(to)));
          if (to !== undefined && to !== later)
            values.set(ck.CKA_STRONGROOM_STATE_REASON, Buffer.from('because'));
          if (activation !== undefined) values.set(ck.CKA_STRONGROOM_ACTIVATION_TIME, ulongValue(activation));
          if (deactivation !== undefined)
            values.set(ck.CKA_STRONGROOM_DEACTIVATION_TIME, ulongValue(deactivation));
          if (endDate !== undefined) values.set(ck.CKA_END_DATE, Buffer.from(endDate));
          const before = key.attributes;
          const rv = key.change(by, values, now);
          state = key.state(now);
          if (rv !== 0) {
            expect(key.attributes).toBe(before);
            expect(state).toBe(later);
          } else if (to !== undefined) expect(state).toBe(to);
          if (state !== later) {
            const way = ways.find((each) => each.from === later && each.to === state);
            expect(way?.who, `${later} to ${state}`).toContain(by === ck.CKU_SO ? 'so' : 'user');
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});

/** Whether time alone leads there, perhaps by way of a third state. */
function isByTime(from: StateName, to: StateName): boolean {
  return ways.some((way) => way.time && way.from === from && (way.to === to || isByTime(way.to, to)));
}
