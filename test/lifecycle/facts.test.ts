/**
 * What NIST SP 800-57 part 1 rev. 5 says of states, written down by hand from its section 7 and held against the table: the other tests of this
 * folder believe the table, so it must not be wrong unnoticed.
 */
import { describe, expect, it } from 'vitest';
import {
  operationNames,
  operations,
  type Row,
  stateNames,
  states,
  type Transition,
  table,
  transitions,
} from '../../schema/lifecycle/states.ts';

const rows = table as readonly Row[];
const ways = transitions as readonly Transition[];
const protects = ['sign', 'encrypt', 'MAC', 'wrap', 'encapsulate'] as const;
const processes = ['verify', 'decrypt', 'unwrap', 'decapsulate'] as const;

function may(state: string): readonly string[] {
  return rows.find((row) => row.state === state)?.may ?? [];
}

describe('the table', () => {
  it('has each state and each operation once', () => {
    expect(rows.map(({ state }) => state)).toEqual([...stateNames]);
    expect(states.map(({ name }) => name)).toEqual([...stateNames]);
    expect(operations.map(({ name }) => name)).toEqual([...operationNames]);
    expect(new Set(states.map(({ number }) => number)).size).toBe(6);
    for (const row of rows) expect(new Set(row.may).size).toBe(row.may.length);
  });

  it('7.1: before activation a key neither protects nor processes', () => {
    for (const operation of [...protects, ...processes, 'derive'])
      expect(may('pre-activation')).not.toContain(operation);
  });

  it('7.2: an active key does everything', () => {
    expect([...may('active')].sort()).toEqual([...operationNames].sort());
  });

  it('7.3 to 7.5: a suspended, deactivated or compromised key protects nothing', () => {
    for (const state of ['suspended', 'deactivated', 'compromised'])
      for (const operation of [...protects, 'derive']) expect(may(state), state).not.toContain(operation);
  });

  it('7.3 and 7.4: suspended and deactivated keys process what they protected', () => {
    for (const state of ['suspended', 'deactivated'])
      for (const operation of processes) expect(may(state), state).toContain(operation);
  });

  it('7.5: what a compromised key signed and encrypted can be looked at; no key comes in or leaves by it', () => {
    expect([...may('compromised')].sort()).toEqual(['decrypt', 'verify']);
  });

  it('7.6: a destroyed key does nothing', () => {
    expect(may('destroyed')).toEqual([]);
  });

  it('more is allowed in no state than in the active one, and less the worse the state', () => {
    for (const [worse, better] of [
      ['compromised', 'deactivated'],
      ['compromised', 'suspended'],
      ['suspended', 'deactivated'],
      ['deactivated', 'active'],
    ] as const)
      for (const operation of may(worse)) expect(may(better), `${worse}: ${operation}`).toContain(operation);
  });
});

describe('the ways', () => {
  const has = (from: string, to: string) => ways.some((way) => way.from === from && way.to === to);

  it('are those of section 7, and one of our own: a time that ends before it began', () => {
    expect(ways.map(({ from, to }) => `${from} to ${to}`).sort()).toEqual(
      [
        'pre-activation to active',
        'pre-activation to compromised',
        'pre-activation to destroyed',
        'pre-activation to deactivated',
        'active to suspended',
        'active to deactivated',
        'active to compromised',
        'active to destroyed',
        'suspended to active',
        'suspended to deactivated',
        'suspended to compromised',
        'suspended to destroyed',
        'deactivated to compromised',
        'deactivated to destroyed',
        'compromised to destroyed',
      ].sort(),
    );
    expect(ways.find(({ from, to }) => from === 'pre-activation' && to === 'deactivated')?.who).toEqual([]);
  });

  it('lead back from nowhere but suspension', () => {
    for (const from of ['deactivated', 'compromised', 'destroyed'])
      for (const to of ['active', 'suspended', 'pre-activation']) expect(has(from, to)).toBe(false);
    expect(has('compromised', 'deactivated')).toBe(false);
    expect(ways.filter(({ from }) => from === 'destroyed')).toEqual([]);
  });

  it('need a reason wherever somebody stops a key or lets it go again', () => {
    for (const { from, to, who, reason } of ways)
      if (who.length > 0 && to !== 'destroyed')
        expect(reason, `${from} to ${to}`).toBe(from !== 'pre-activation' || to !== 'active');
  });

  it('are open to the security officer wherever they stop a key', () => {
    for (const { from, to, who } of ways)
      if (['suspended', 'compromised'].includes(to)) expect(who, `${from} to ${to}`).toContain('so');
  });
});
