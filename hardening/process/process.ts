/** What the engine's process gives up, and what it must have, before it touches a key. */
import { createRequire } from 'node:module';
import path from 'node:path';

interface Addon {
  lockdown(): number;
  requireLock(): boolean;
  hooked(): boolean;
}

/** A protection that is missing, in words for the log. */
export class HardeningError extends Error {
  override readonly name = 'HardeningError';
}

const lockdownWords: readonly (readonly [number, string])[] = [
  [1, 'other processes of this user can still read its memory'],
  [2, 'a crash could still write a core file'],
  [4, 'set-uid programs run from here could still gain privileges'],
];

/**
 * Locks the process down: not dumpable, no core files, no new privileges; nothing of the preloading is inherited by a child.
 * @param folder where the addons lie
 * @param requireLock whether memory that cannot be locked is an error (`memory.require_lock`)
 * @returns warnings for the log
 * @throws HardeningError when keys could get into ordinary memory, or when locking is required and cannot be had
 */
export function hardenProcess(folder: string, requireLock: boolean): string[] {
  const addon = createRequire(import.meta.url)(path.join(folder, 'process.node')) as Addon;
  delete process.env.LD_PRELOAD;
  if (!addon.hooked())
    throw new HardeningError(
      'the guarded allocator is not in place: start the engine with strongroom-launch',
    );
  if (requireLock && !addon.requireLock())
    throw new HardeningError(
      'memory.require_lock is set, and memory cannot be locked: raise RLIMIT_MEMLOCK (ulimit -l)',
    );
  const failed = addon.lockdown();
  return lockdownWords.filter(([bit]) => (failed & bit) !== 0).map(([, words]) => words);
}
