/** What the engine's process gives up, and what it must have, before it touches a key. */
import { createRequire } from 'node:module';
import path from 'node:path';

/** The addon `process.node`. */
export interface ProcessAddon {
  /** Locks the process down; the mask of what could not be done. */
  lockdown(): number;
  requireLock(): boolean;
  hooked(): boolean;
  /** Whether this process was never open to others, not even at its beginning. */
  born(): boolean;
  /** The starter is about to be told how it stands. */
  settled(): void;
  /** Writes to the standard error, at once or not at all; when that is the folder's engine.log, it is put aside when it is full. */
  log(folder: string, text: string): boolean;
  /**
   * One datagram to the socket of that path, or of that abstract name behind an `@`, as sd_notify(3) sends it: at once or not at all. 0, or the
   * system's number for what failed.
   */
  notify(socket: string, text: string): number;
}

/** @param folder where the addons lie */
export function loadProcess(folder: string): ProcessAddon {
  return createRequire(import.meta.url)(path.join(folder, 'process.node')) as ProcessAddon;
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
 * @param requireLock whether memory that cannot be locked is an error (`memory.require_lock`)
 * @returns warnings for the log
 * @throws HardeningError when keys could get into ordinary memory or be read from outside, or when locking is required and cannot be had
 */
export function hardenProcess(addon: ProcessAddon, requireLock: boolean): string[] {
  delete process.env.LD_PRELOAD;
  if (!addon.born())
    throw new HardeningError(
      'others could have looked into this process when it began: start the engine with strongroom-launch',
    );
  if (!addon.hooked())
    throw new HardeningError(
      'the guarded allocator is not in place: start the engine with strongroom-launch',
    );
  if (requireLock) requireLockedMemory(addon);
  const failed = addon.lockdown();
  return lockdownWords.filter(([bit]) => (failed & bit) !== 0).map(([, words]) => words);
}

/** From now on memory for keys that cannot be locked is refused. @throws HardeningError when some was handed out already */
export function requireLockedMemory(addon: ProcessAddon): void {
  if (!addon.requireLock())
    throw new HardeningError(
      'memory.require_lock is set, and memory cannot be locked: raise RLIMIT_MEMLOCK (ulimit -l)',
    );
}
