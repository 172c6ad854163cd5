/** What tests of PINs share: an engine with rules of its own, and the addon of the command line as a caller of the C interface. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../support/profile.ts';
import type { Store } from '../support/store.ts';

/** A configuration whose PINs cost nothing and are slowed by nothing, unless the lines say otherwise. */
export function configText(lines: readonly string[] = []): string {
  const own = new Set(lines.map((line) => line.split('=')[0]?.trim()));
  const cheap = ['kdf = "pbkdf2"', 'iterations = 1000', 'slow_first_ms = 0'].filter(
    (line) => !own.has(line.split(' ')[0]),
  );
  return ['[pin]', ...cheap, ...lines, ''].join('\n');
}

export function temporaryFolder(): string {
  return fs.mkdtempSync(path.join(tmpdir(), 'strongroom-pins-'));
}

export interface TokenInfo {
  readonly label: string;
  readonly flags: number;
  readonly minPin: number;
  readonly maxPin: number;
}

/** The addon: each function throws an error with `rv` when the library refuses. */
export interface Module {
  load(file: string): void;
  initialize(): void;
  finalize(): void;
  slots(): number[];
  tokenInfo(slot: number): TokenInfo;
  initToken(slot: number, pin: Uint8Array, label: Uint8Array): void;
  openSession(slot: number, readWrite: boolean): number;
  closeSession(session: number): void;
  login(session: number, user: number, pin: Uint8Array): void;
  logout(session: number): void;
  initPin(session: number, pin: Uint8Array): void;
  setPin(session: number, old: Uint8Array, fresh: Uint8Array): void;
  find(session: number, objectClass: number): number[];
  createObject(session: number, template: readonly (readonly [number, Uint8Array])[]): number;
  pinStatus(slot: number, user: number): Uint8Array;
}

export const SO = 0;
export const USER = 1;

export const addon = createRequire(import.meta.url)(
  path.join(ROOT, 'out/lib/strongroom/cryptoki.node'),
) as Module;

/** The CK_RV of a call: 0 when it succeeds. */
export function rvOf(call: () => unknown): number {
  try {
    call();
    return 0;
  } catch (error) {
    if (error instanceof Error && 'rv' in error) return Number(error.rv);
    throw error;
  }
}

/** A PIN, or whatever is given in its place; the addon overwrites what it is passed. */
export function bytes(pin: string | readonly number[]): Uint8Array {
  return typeof pin === 'string' ? Buffer.from(pin) : Uint8Array.from(pin);
}

/** Has the library, in this process, use a store with a configuration. Ended by `addon.finalize()`. */
export function enter(store: Store, lines: readonly string[], name = 'own'): void {
  const config = store.path(`${name}.toml`);
  fs.writeFileSync(config, configText(lines));
  process.env.STRONGROOM_HOME = store.env.STRONGROOM_HOME;
  process.env.STRONGROOM_CONFIG = config;
  addon.load(store.module);
  addon.initialize();
}

/** A role's PIN as SR_GetPinStatus tells of it. */
export function statusOf(slot: number, user: number): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(addon.pinStatus(slot, user)).toString('utf8')) as Readonly<
    Record<string, unknown>
  >;
}
