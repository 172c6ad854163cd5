/** What the store's tests share: a real enclave, stores in temporary folders, and a way to write to the database behind its back. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import SQLite from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import type { KeyHandle } from '../../module/enclave/enclave.ts';
import { Pins } from '../../module/engine/store/keyslot.ts';
import { Store } from '../../module/engine/store/store.ts';
import type { KeyslotChoice, Token } from '../../module/engine/store/token.ts';
import { cheapKdf } from '../support/kdf.ts';
import { enclave, loadPrivate, loadPublic } from './real-enclave.ts';

export { enclave, loadPrivate, loadPublic };

/** A folder of the test's own, removed when it has finished. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'strongroom-store-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export const soPin = bytes('so-pin-1234');
export const userPin = bytes('user-pin-1234');

/** A PIN's key, derived at once: these tests are about what is done with it. */
export function pinKey(pins: Pins, pin: Uint8Array) {
  const choice = pins.choose();
  return { choice, kek: pbkdf2Of(choice, pin) };
}

/** What PBKDF2 alone gives, of a keyslot that is a PIN alone. */
function pbkdf2Of([factor]: KeyslotChoice, pin: Uint8Array): KeyHandle {
  if (factor?.kdf !== 'PBKDF2-HMAC-SHA256') throw new Error('this is no PIN by PBKDF2');
  const { iterations } = JSON.parse(factor.parameters) as { iterations: number };
  return enclave.pinDerivePbkdf2Now(pin, 0, pin.length, factor.salt, iterations);
}

/** The key that an existing keyslot's parameters give for a PIN. */
export function kekFor(token: Token, kind: 0 | 1, pin: Uint8Array): KeyHandle {
  const keyslot = token.keyslots.get(kind);
  if (keyslot === undefined) throw new Error('no such keyslot');
  return pbkdf2Of(keyslot.factors, pin);
}

export interface Opened {
  readonly store: Store;
  readonly pins: Pins;
}

export function openStore(folder: string, maxAttempts: readonly [number, number] = [10, 10]): Opened {
  const store = Store.open(folder, enclave);
  const pins = new Pins(store, enclave, { kdf: cheapKdf, quickIterations: 10, maxAttempts });
  return { store, pins };
}

export function newToken({ store, pins }: Opened, label: string): { token: Token; master: KeyHandle } {
  const token = store.createToken(
    { label, serial: '0001', flags: 0, created: 1_700_000_000_000 },
    pinKey(pins, soPin),
  );
  return { token, master: login(store, token) };
}

/** The token master key by the SO PIN. */
export function login(store: Store, token: Token, kind: 0 | 1 = 0, pin: Uint8Array = soPin): KeyHandle {
  const kek = kekFor(token, kind, pin);
  const master = store.unlock(token, kind, kek);
  enclave.keyFree(kek);
  if (master === null) throw new Error('the PIN was refused');
  return master;
}

export function tokenAt(store: Store, slot: number): Token {
  const token = store.tokens().find((each) => each.slot === slot);
  if (token === undefined) throw new Error(`no token in slot ${slot}`);
  return token;
}

export interface Put {
  readonly id: Uint8Array;
  readonly attributes: Uint8Array;
  readonly private: boolean;
  readonly version: number;
}

/** Stores an object with random attributes, and a random 32-byte key unless told otherwise. */
export function putObject(
  store: Store,
  token: Token,
  isPrivate: boolean,
  master: KeyHandle | null,
  withKey = true,
): Put {
  const object = {
    id: Uint8Array.from(randomBytes(16)),
    attributes: Uint8Array.from(randomBytes(200)),
    private: isPrivate,
  };
  const value = withKey ? enclave.keyGenerateSecret(32) : null;
  store.objects.put(token, { ...object, value }, master);
  if (value !== null) enclave.keyFree(value);
  return { ...object, version: 1 };
}

/** Runs SQL on a closed store's database, as someone with access to the disk would. */
export function behindItsBack(folder: string, work: (db: SQLite.Database) => void): void {
  const db = new SQLite(path.join(folder, 'store.db'));
  try {
    work(db);
  } finally {
    db.close();
  }
}

/** Copies the folder's database files to `to`. */
export function copyDatabase(folder: string, to: string): void {
  fs.mkdirSync(to, { recursive: true });
  for (const name of fs.readdirSync(folder).filter((each) => each.startsWith('store.db'))) {
    fs.copyFileSync(path.join(folder, name), path.join(to, name));
  }
}

/** The kind of the StoreError that `work` throws, or what else happened. */
export function failure(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof Error && 'kind' in error ? String(error.kind) : String(error);
  }
  return 'nothing was thrown';
}
