/** Whoever takes away the log, its public key and its anchor, in whatever selection: the store knows that there was a log. */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { engineLog, homeOf, quickStore, Steps, setUp } from '../fault/support.ts';
import { ROOT } from '../support/profile.ts';
import type { Store } from '../support/store.ts';

const FILES = ['audit.log', 'audit.pub', 'audit.anchor'];
/** Every selection but the empty one, and the public key alone, which the store makes again as it was. */
const selections = Array.from({ length: 8 }, (_, bits) => FILES.filter((_, i) => bits & (1 << i))).filter(
  (selection) => selection.length > 0 && selection.join() !== 'audit.pub',
);

let store: Store | undefined;
afterEach(async () => {
  await store?.close();
  store = undefined;
});

const strongroom = (at: Store, ...args: string[]) =>
  spawnSync(path.join(ROOT, 'out/bin/strongroom'), args, { env: at.env, encoding: 'utf8' });

describe('files of the audit log taken away', () => {
  for (const selection of selections)
    test(selection.join(', '), async () => {
      const at = quickStore();
      store = at;
      setUp(at, 1);
      await at.stopEngine();
      for (const name of selection) rmSync(path.join(homeOf(at), name));
      const steps = new Steps(at);
      await steps.step('init');
      await steps.end();
      await at.stopEngine();
      expect(engineLog(at)).toContain('the audit log was not as it was written');
      const aside = readdirSync(homeOf(at)).filter((name) => /^audit-.*\.log$/.test(name));
      expect(aside.length).toBe(1);
      const verify = strongroom(at, 'audit', 'verify');
      expect(verify.stdout).toContain(`set aside   ${aside[0]}`);
      expect(verify.status).toBe(1);
      // When that has gone too, the new log still says that it is not the first.
      for (const name of readdirSync(homeOf(at)))
        if (name.startsWith('audit-')) rmSync(path.join(homeOf(at), name));
      expect(strongroom(at, 'audit', 'verify').stdout).toContain(
        `begun       after another log of this store, which an engine had put aside as ${aside[0]}`,
      );
    });

  test('a new store’s first log is no alarm', async () => {
    const at = quickStore();
    store = at;
    setUp(at, 1);
    await at.stopEngine();
    const verify = strongroom(at, 'audit', 'verify');
    expect(verify.status).toBe(0);
    expect(verify.stdout).not.toContain('another log');
  });
});
