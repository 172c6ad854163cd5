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
  /** Whether this process is in the cage of a network door. */
  caged(): boolean;
  /** The mask of what such a cage lacks on this machine. */
  cageLacks(): number;
  /**
   * Has the process that attends this one start a network door, with arguments that each end with a zero character: the descriptors of what
   * it says and of its leash (birth.h), or the system's number for what failed.
   */
  startDoor(args: string): readonly [log: number, leash: number] | number;
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

const cageWords: readonly (readonly [number, string])[] = [
  [1, 'read and write whatever files its user may (no Landlock: Linux 5.13)'],
  [2, 'connect to other machines (no rules for the network in Landlock: Linux 6.7)'],
  [4, 'send signals to other processes of its user (no scopes in Landlock: Linux 6.12)'],
  [8, 'use every system call (no filter for this architecture, or this kernel)'],
];

/** What this machine cannot keep a network door from, in words. */
export function cageGaps(addon: ProcessAddon): string[] {
  const lacks = addon.cageLacks();
  const gaps = cageWords.filter(([bit]) => (lacks & bit) !== 0).map(([, words]) => words);
  return gaps.map(
    (gap) => `the system cannot keep the network door from what it is not for: it could ${gap}`,
  );
}

/**
 * Makes sure that this process is what a network door must be.
 * @returns warnings for the log
 * @throws HardeningError when others could look into it, or it could do what it is not for
 */
export function hardenDoor(addon: ProcessAddon): string[] {
  delete process.env.LD_PRELOAD;
  if (!addon.born() || !addon.caged())
    throw new HardeningError('a network door without its cage: start it with strongroom-launch --door');
  return cageGaps(addon);
}
