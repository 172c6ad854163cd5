/** What the tests share in which something is broken and mended again: a store with keys, its clients, and what is expected of them. */
import { afterEach, expect } from 'vitest';
import type { Store } from '../support/store.ts';
import { quickStore, Steps, setUp } from './support.ts';

export const CKR_OK = 0;
export const CKR_DEVICE_ERROR = 0x30;
export const CKR_DEVICE_MEMORY = 0x31;
export const CKR_DEVICE_REMOVED = 0x32;
export const CKR_CRYPTOKI_NOT_INITIALIZED = 0x190;
/** `count` answers this and the number of objects. */
export const COUNTED = 0x1000000;
export const MANY = 3;
/** Nothing here has to wait for anything; what waits in vain, for an engine to start or a lock to come free, does so for 15 s and more. */
export const QUICK_MS = 10_000;
/** A busy machine may hold up one attempt, but hardly each of so many. */
export const ATTEMPTS = 5;

export const asRoot = process.geteuid?.() === 0;

/**
 * One store and its clients for each test of the file, cleared away after it.
 * @param first what is to be done before that
 */
export function scene(first: () => Promise<void> = async () => undefined) {
  let store: Store | undefined;
  const clients: Steps[] = [];
  afterEach(async () => {
    await first();
    for (const { talk } of clients.splice(0)) if (!talk.ended) talk.child.kill('SIGKILL');
    await store?.close();
    store = undefined;
  });
  const keep = (made: Store): Store => {
    store = made;
    return made;
  };
  return {
    keep,
    /** A store with {@link MANY} keys. */
    prepared(): Store {
      const made = keep(quickStore());
      setUp(made, MANY);
      return made;
    },
    client(where: Store, module = where.module): Steps {
      const made = new Steps(where, module);
      clients.push(made);
      return made;
    },
  };
}

/** All that was committed is there, for a client that finalises and begins anew. */
export async function wholeAgain(one: Steps): Promise<void> {
  const { rv } = await one.step('fini');
  expect([CKR_OK, CKR_CRYPTOKI_NOT_INITIALIZED]).toContain(rv);
  for (const step of ['init', 'login', `verify ${MANY}`, 'key afterwards', 'fini'])
    expect((await one.step(step)).rv, step).toBe(CKR_OK);
}

/** C_Initialize, or what comes after it, is refused quickly, and the client lives. @returns the first CK_RV that is not CKR_OK */
export async function refusedQuickly(one: Steps, steps: readonly string[] = ['init']): Promise<number> {
  for (const step of steps) {
    let outcome = await one.step(step);
    if (outcome.rv === CKR_OK) continue;
    let best = outcome.milliseconds;
    for (let i = 1; i < ATTEMPTS && best >= QUICK_MS && outcome.rv !== CKR_OK; i++) {
      outcome = await one.step(step);
      best = Math.min(best, outcome.milliseconds);
    }
    expect(best, step).toBeLessThan(QUICK_MS);
    expect(one.talk.ended).toBe(false);
    return outcome.rv;
  }
  expect(one.talk.ended).toBe(false);
  return CKR_OK;
}
