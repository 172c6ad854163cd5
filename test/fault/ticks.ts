/** What a process has worked: for tests that bound by processor time, which a busy machine does not stretch. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { eventually } from '../support/programs.ts';
import type { Store } from '../support/store.ts';

/** Processor time of a process, all its threads together, in ticks of 10 ms (proc(5), /proc/PID/stat, fields 14 and 15). */
export function ticks(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

/**
 * Whether a process comes to rest: there is a while of so many milliseconds in which it works for so many ticks at the most. What it has begun
 * (a collection of garbage, a compilation) may take its time on a slow machine; who turns in a circle never rests.
 * @returns the ticks of that while, or of the last one that was looked at
 */
export async function atRest(pid: number | undefined, milliseconds: number, most: number): Promise<number> {
  let spent = Number.POSITIVE_INFINITY;
  const whiles = Math.max(4, Math.ceil(60_000 / milliseconds));
  for (let i = 0; i < whiles && spent > most; i++) {
    const before = ticks(pid);
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    spent = ticks(pid) - before;
  }
  return spent;
}

/** Waits until the engine is at work for somebody. */
export async function working(at: Store): Promise<void> {
  const pid = at.enginePid();
  const before = ticks(pid);
  expect(await eventually(() => ticks(pid) - before > 30, 90_000)).toBe(true);
}
