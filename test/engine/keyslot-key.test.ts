/** A keyslot's key from several factors: one job after the other, and nothing is left when one of them fails. */
import { describe, expect, test } from 'vitest';
import type { KeyslotChoice } from '../../module/engine/store/token.ts';
import { withKeyOf } from '../../module/engine/tokens/keyslot-key.ts';
import { PENDING } from '../../module/engine/values/waiting.ts';
import { span } from './host.ts';

const choice: KeyslotChoice = ['a', 'b', 'c'].map((factor) => ({
  factor,
  kdf: 'none',
  parameters: '{}',
  salt: new Uint8Array(32),
}));
const secrets = ['one', 'two', 'three'].map(span);

/** A call whose jobs end when it is told so; the job that `fails` names gives no key, and starting the one of `refuses` throws. */
function world({ fails = 0, refuses = 0, combines = true }) {
  const said: string[] = [];
  const waiting: (() => number)[] = [];
  let job = 0;
  const call = {
    app: { id: 1, jobs: 0, ended: false },
    engine: {
      enclave: {
        keyFree: (key: number) => {
          said.push(`free ${key}`);
          return 0;
        },
      },
      pins: {
        derive: (number: number, { factor }: { factor: string }) => {
          if (number === refuses) throw new Error('refused');
          said.push(`derive ${factor}`);
        },
        combine: (keys: readonly number[]) => {
          said.push(`combine ${keys.join(' ')}`);
          if (!combines) throw new Error('no room');
          return 1000;
        },
      },
      placement: { job: () => ++job },
      jobHandle: (number: number) => {
        if (number === fails) throw new Error('failed');
        return 100 + number;
      },
    },
    defer: (_: number, then: () => number) => {
      waiting.push(then);
      return PENDING;
    },
  };
  const begin = (given = secrets) =>
    withKeyOf(
      call,
      choice,
      given,
      (kek) => {
        said.push(`then ${kek}`);
        return 7;
      },
      () => said.push('otherwise'),
    );
  const finish = (): number => {
    let rv = PENDING;
    for (let then = waiting.shift(); then !== undefined; then = waiting.shift()) {
      expect(waiting).toHaveLength(0);
      rv = then();
    }
    return rv;
  };
  return { said, begin, finish };
}

describe('the key of a keyslot', () => {
  test('comes from all its factors, one job after the other, in their order', () => {
    const { said, begin, finish } = world({});
    expect(begin()).toBe(PENDING);
    expect(said).toEqual(['derive a']);
    expect(finish()).toBe(7);
    expect(said).toEqual(['derive a', 'derive b', 'derive c', 'combine 101 102 103', 'then 1000']);
  });

  test.each([
    ['the first job fails', { fails: 1 }, []],
    ['the last job fails', { fails: 3 }, ['free 101', 'free 102']],
    ['the second is not begun', { refuses: 2 }, ['free 101']],
    // They are freed there, whatever happens (store/keyslot.ts).
    ['they cannot be put together', { combines: false }, []],
  ])('when %s, what there was is freed, and whoever waits is told once', (_, failure, freed) => {
    const { said, begin, finish } = world(failure);
    begin();
    expect(finish).toThrow(/failed|refused|no room/);
    expect(said.filter((line) => line.startsWith('free'))).toEqual(freed);
    expect(said.filter((line) => line === 'otherwise')).toHaveLength(1);
    expect(said.some((line) => line.startsWith('then'))).toBe(false);
  });

  test('too few secrets are noticed before anything begins', () => {
    const { said, begin } = world({});
    expect(() => begin(secrets.slice(1))).toThrow('3 secrets');
    expect(said).toEqual(['otherwise']);
  });
});
