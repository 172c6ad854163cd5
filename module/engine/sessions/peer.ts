/** Who is at the other end: a process of this machine, or by the network door somebody on another, and how both logs speak of him. */
import { readFileSync, readlinkSync } from 'node:fs';
import type { Principal } from '../../lane/principal.ts';
import { type Identity, nameOf } from '../policy/rights.ts';

/** Who the kernel says is at the other end of the socket. */
export interface Peer extends Identity {
  readonly pid: number;
}

/** A hint for the log: what the process runs, as far as it can be seen. */
export function executableOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    // A process that is gone already, or of another user's, who may be asked for no more than its name.
  }
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}

/** Whether both are one somebody to rules: a certificate may be a newer one. */
export function isSame(one: Principal, other: Principal): boolean {
  return one.names.length === other.names.length && one.names.every((name, at) => name === other.names[at]);
}

/** For a line about somebody who comes: all that a rule could name him by. */
export function described({ pid, uid, gid, executable, remote }: Peer): string {
  if (remote === undefined) return `uid ${uid}, gid ${gid} (process ${pid}, ${executable})`;
  const { names, fingerprint, address } = remote;
  return `${names.join(', ')} from ${address} (certificate ${fingerprint}, by process ${pid}, ${executable})`;
}

/** For a line about what somebody did. */
export function inShort({ pid, executable, remote }: Peer): string {
  return remote === undefined ? `${executable} (pid ${pid})` : `${nameOf(remote)} (from ${remote.address})`;
}

/** For the audit log. Who comes by the network door has that process in front, and himself behind. */
export function comingOf({ pid, uid, gid, executable, remote }: Peer): Readonly<Record<string, unknown>> {
  const process = { pid, uid, gid, executable };
  return remote === undefined ? process : { ...process, remote };
}
