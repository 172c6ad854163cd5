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

  describe('of clients on other machines', () => {
    const named = (name: string) => ({ names: [name, 'dns:same.test'], fingerprint: '', address: '' });

    test('are those of their name: however many applications it has, they hold no more than they leave', () => {
      const all = quotas(1_000, 1_000);
      const his = Array.from({ length: 100 }, () => all.account(named('dns:a.test')));
      expect(his.map(fill).reduce((sum, taken) => sum + taken)).toBe(500);
      expect(fill(all.account(named('dns:b.test')))).toBe(250);
      // Programs of this machine are bounded as ever, each by itself.
      expect(fill(all.account())).toBe(150);
      expect(fill(all.account())).toBe(10);
      his[0]?.give(Kept.Objects, 100);
      expect(his.map(fill).reduce((sum, taken) => sum + taken)).toBe(0);
    });

    test('leave what is for the modest to those whose name holds little', () => {
      const all = quotas(10_000, 1_000);
      expect(fill(all.account())).toBe(900);
      const his = Array.from({ length: 20 }, () => fill(all.account(named('dns:a.test'))));
      expect(his.reduce((sum, taken) => sum + taken)).toBe(10);
      expect(fill(all.account(named('dns:b.test')))).toBe(10);
      expect(fill(all.account())).toBe(10);
    });

    test('say how much may be taken at once as they would one by one', () => {
      for (const before of [0, 1, 300, 499, 500, 501, 899, 900, 998, 999, 1_000]) {
        const [all, same] = [quotas(1_000, 1_000), quotas(1_000, 1_000)];
        for (const each of [all, same]) each.account().count(Kept.Objects, before);
        const spare = same.account(named('dns:a.test')).spare(Kept.Objects);
        expect(fill(all.account(named('dns:a.test'))), String(before)).toBe(spare);
      }
    });

    test('are remembered as long as anything is held, and no longer', () => {
      const all = quotas(1_000, 1_000);
      const [one, two] = [all.account(named('dns:a.test')), all.account(named('dns:a.test'))];
      one.take(Kept.Objects, 400);
      one.close();
      two.close();
      // What they had is being cleared away; who comes again meanwhile has not forgotten it.
      expect(all.names).toBe(1);
      const three = all.account(named('dns:a.test'));
      expect(three.spare(Kept.Objects)).toBe(100);
      three.close();
      one.give(Kept.Objects, 400);
      expect(all.names).toBe(0);
      expect(all.used[Kept.Objects]).toBe(0);
      // One that goes late takes nothing from those who came since.
      const four = all.account(named('dns:a.test'));
      four.take(Kept.Objects, 1);
      one.count(Kept.Objects, 1);
      one.give(Kept.Objects, 1);
      expect([all.names, four.spare(Kept.Objects)]).toEqual([1, 499]);
    });
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
