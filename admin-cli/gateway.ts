/**
 * The way to another machine, where keys are on one: this user's programs share a process that passes their calls on, the gateway; or, until it has ended, an
 * engine that was started before the configuration said `remote`.
 */
import type { EngineStatus } from './engine-status.ts';
import { type Place, remoteAddress } from './places.ts';
import { plain } from './terminal.ts';

/** Whether what answered is an engine of this user's from before: who passes calls on has a service behind it. */
export function isEarlierEngine(status: EngineStatus): boolean {
  return remoteAddress() !== undefined && status.service === false;
}

/** What is wrong with one. */
export function earlierEngineWords({ pid }: EngineStatus, { path, because }: Place): string {
  return `the engine (pid ${pid}) was started before ${plain(because)} said remote, so programs still use keys of this machine, and not those at ${plain(path)}`;
}

/** What is to be done about it. */
export const endEarlierEngine = 'strongroom engine stop; the next program goes to the other machine';
