/** What a running engine says of itself, and whether it works with the configuration that would be used now. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import process from 'node:process';
import type { Module } from './cryptoki.ts';
import type { EngineState } from './engine-state.ts';
import { configFile } from './places.ts';
import { Problem } from './problem.ts';
import { count, plain } from './terminal.ts';

/** The engine's own words (module/engine/calls/own/own.ts). */
export interface EngineStatus {
  readonly version: string;
  readonly pid: number;
  /** Whose it is, and whether it serves other users too. Absent in older engines. */
  readonly uid?: number;
  readonly service?: boolean;
  readonly uptimeSeconds: number;
  /** How it read its files anew the last time; null when it has not. */
  readonly reload?: {
    readonly at: number;
    readonly problems: readonly string[];
    readonly waiting: readonly string[];
  } | null;
  /** The network door that it has started; null where it starts none. Absent in older engines. */
  readonly network?: {
    readonly serves: boolean;
    readonly at: string;
    readonly pid: number | null;
    readonly restarts: number;
    readonly ended: string;
  } | null;
  /** The file that it read when it started, and SHA-256 of what was in it; null when it read none. */
  readonly configuration: { readonly path: string; readonly sha256: string } | null;
  /** Keys that the store's own settings give a value, and whether they are still what the store says. Absent in older engines. */
  readonly ownSettings?: readonly string[];
  readonly ownSettingsCurrent?: boolean;
  readonly memoryLocked: boolean;
  readonly tokens: number;
  /** Where its files are; an engine of an older release does not tell. */
  readonly folder?: string;
  /** What it knows to be wrong; an engine of an older release does not tell. */
  readonly troubles?: readonly EngineTrouble[];
  /** What somebody should look after, by token; an engine of an older release does not tell. */
  readonly tokenNotes?: readonly TokenNote[];
  /** What all applications together have the engine keep, and how much that may be. */
  readonly kept: readonly Keeping[];
  readonly applications: readonly EngineApplication[];
}

export type KeptKind = 'sessions' | 'sessionObjects' | 'sessionObjectBytes' | 'operations' | 'operationBytes';

export interface Keeping {
  readonly name: KeptKind;
  readonly used: number;
  readonly perApplication: number;
  readonly total: number;
}

/** One thing that the engine knows to be wrong (module/engine/calls/own/health.ts). */
export interface EngineTrouble {
  readonly about: string;
  readonly slot?: number;
  readonly kind: string;
  readonly text: string;
}

/** What is to be looked after in one token (module/engine/calls/own/token-notes.ts). */
export interface TokenNote {
  readonly slot: number;
  readonly label: string;
  readonly lockedPins: readonly ('user' | 'so')[];
  readonly keysDue: number;
  readonly keysNearLimit: number;
}

export interface EngineApplication {
  /** Whether it is the one that asks; an engine of an older release does not tell. */
  readonly self?: boolean;
  /** Of one that came by the network door, the door's. */
  readonly pid: number;
  readonly uid?: number;
  readonly executable: string;
  /** What its certificate calls it that came by the network door, and from where it came. */
  readonly name?: string;
  readonly address?: string;
  readonly sessions: number;
  readonly kept: Readonly<Record<KeptKind, number>>;
}

export function engineStatus(module: Module): EngineStatus {
  return JSON.parse(Buffer.from(module.engineStatus()).toString()) as EngineStatus;
}

/** What there is to say of the keys of a token; `strongroom key due` names them. */
export function keyNotes(note: TokenNote): string[] {
  const said = (number: number, one: string, many: string) =>
    number === 0 ? [] : [`${count(number, 'key')} ${number === 1 ? one : many}`];
  return [
    ...said(note.keysDue, 'is due to be rotated', 'are due to be rotated'),
    ...said(
      note.keysNearLimit,
      'has used up half of a limit or more',
      'have used up half of a limit or more',
    ),
  ];
}

/** Who uses the engine besides this command. */
export function otherApplications(status: EngineStatus): EngineApplication[] {
  return status.applications.filter(({ self, pid }) => (self === undefined ? pid !== process.pid : !self));
}

/** `4711 /usr/bin/ssh-agent`, or `spiffe://example.org/backup (192.0.2.7:40112)`. */
export function applicationName({ pid, executable, name, address }: EngineApplication): string {
  if (name !== undefined) return `${plain(name)} (${plain(address ?? 'from nowhere')})`;
  return executable === '' ? `${pid}` : `${pid} ${plain(executable)}`;
}

/** Why the engine does not do what the configuration says that would be used now; undefined when it does. */
export function staleConfiguration({ configuration }: EngineStatus): string | undefined {
  const path = configFile()?.path;
  if (configuration === null) {
    return path === undefined
      ? undefined
      : `the engine was started without a configuration, and knows nothing of ${plain(path)}`;
  }
  if (path !== configuration.path) {
    const now = path === undefined ? 'none would be used now' : `not with ${plain(path)}`;
    return `the engine was started with ${plain(configuration.path)}, ${now}`;
  }
  try {
    const sha256 = createHash('sha256').update(fs.readFileSync(path)).digest('hex');
    if (sha256 === configuration.sha256) return undefined;
  } catch {
    return `${plain(path)} can't be read any more; the engine works with what was in it`;
  }
  return `${plain(path)} was changed after the engine had read it`;
}

/** An engine serves its own user alone: why this command cannot reach the one that runs, or undefined. */
export function beyondReach({ pid, uid }: EngineState): string | undefined {
  const me = process.geteuid?.();
  if (uid === undefined || uid === me) return undefined;
  return `the engine (pid ${pid}) runs as uid ${uid} and serves that user alone; you are uid ${me}`;
}

/** @throws Problem when the engine that runs is another user's */
export function requireReach(state: EngineState): void {
  const reason = beyondReach(state);
  if (reason !== undefined) throw new Problem(reason, 'Work as that user.');
}
