/** What the numbers of calls and of their results are called. */
import { results } from '../../schema/cryptoki/constants/results.ts';
import { functions } from '../../schema/cryptoki/functions.ts';

const ofResults: ReadonlyMap<number, string> = new Map(results.map(({ name, value }) => [value, name]));

/** The lane's own calls, and the bit of those that come with their opening (module/lane/lane.h). */
const ofLane: ReadonlyMap<number, string> = new Map([
  [0xffff0001, 'detach'],
  [0xffff0002, 'C_OpenSession'],
  [0xffff0003, 'failed'],
]);
const PAIRED = 0x40000000;

/** @param fn as it lies in a lane; nobody has checked it */
export function functionName(fn: number): string {
  return ofLane.get(fn) ?? functions[(fn & ~PAIRED) - 1]?.name ?? 'unknown';
}

export function resultName(rv: number): string {
  return ofResults.get(rv) ?? `0x${rv.toString(16)}`;
}
