/** What applications may make the engine keep: each its share, all together no more than there is, and something left for the modest. */
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../module/engine/policy/config.ts';
import { Kept, type Limit, limitsOf, Quotas } from '../../module/engine/policy/quotas.ts';

const wide: Limit = { perApplication: 1_000_000, total: 1_000_000 };

function quotas(perApplication: number, total: number): Quotas {
  return new Quotas([wide, { perApplication, total }, wide, wide, wide]);
}

/** Takes one at a time until it is refused. */
function fill(account: ReturnType<Quotas['account']>): number {
  let taken = 0;
  while (account.take(Kept.Objects, 1)) taken++;
  return taken;
}

describe('quotas', () => {
  test('bound one application, and leave others alone', () => {
    const all = quotas(100, 10_000);
    const greedy = all.account();
    expect(fill(greedy)).toBe(100);
    expect(fill(all.account())).toBe(100);
    greedy.give(Kept.Objects, 30);
    expect(fill(greedy)).toBe(30);
    expect(all.used[Kept.Objects]).toBe(200);
  });

  test('take all of a wish or nothing', () => {
    const account = quotas(100, 10_000).account();
    expect(account.take(Kept.Objects, 101)).toBe(false);
    expect(account.spare(Kept.Objects)).toBe(100);
    expect(account.take(Kept.Objects, 60)).toBe(true);
    expect(account.take(Kept.Objects, 41)).toBe(false);
    expect(account.spare(Kept.Objects)).toBe(40);
  });

  test('keep the last tenth of the whole for those who hold less than a hundredth of it', () => {
    const all = quotas(10_000, 1_000);
    const greedy = all.account();
    expect(fill(greedy)).toBe(900);
    const modest = Array.from({ length: 11 }, () => fill(all.account()));
    expect(modest).toEqual([...Array.from({ length: 10 }, () => 10), 0]);
    expect(all.used[Kept.Objects]).toBe(1_000);
    // With less in use, everybody has his share again.
    greedy.give(Kept.Objects, 500);
    expect(fill(all.account())).toBe(400);
  });

  test('let everybody have one where the whole is small', () => {
    const all = quotas(1, 3);
    expect([fill(all.account()), fill(all.account()), fill(all.account()), fill(all.account())]).toEqual([
      1, 1, 1, 0,
    ]);
  });

  test('are what the configuration says', () => {
    const limits = limitsOf(loadConfig(undefined));
    for (const { perApplication, total } of limits) {
      expect(perApplication).toBeGreaterThan(0);
      // One application alone never has all there is.
      expect(perApplication).toBeLessThanOrEqual(total / 2);
    }
  });
});
