/** Programs on a store, through the C ABI (child.ts), and the keys that they make. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import * as ck from '../../module/engine/generated/constants.ts';
import { ckrName } from '../../module/engine/generated/names.ts';
import { STRONGROOM } from '../cli/transcript.ts';
import { NODE } from '../support/profile.ts';
import { type Outcome, run } from '../support/programs.ts';
import type { Store } from '../support/store.ts';

export const PIN = 'user-pin-2718';
export const SO_PIN = 'officer-pin-3141';
export const LABEL = 'life';

/** Bytes as they travel to the program. */
export interface Hex {
  readonly hex: string;
}
type Given = string | number | boolean | null | Hex | readonly Given[] | { readonly [key: string]: Given };

export function hex(bytes: Uint8Array | string): Hex {
  return { hex: Buffer.from(bytes).toString('hex') };
}

export function ulong(value: number | bigint): Hex {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return hex(bytes);
}

export type Value = boolean | number | string | Hex;
/** Attributes by their numbers, as text: `{[ck.CKA_SIGN]: true}`. */
export type Values = Readonly<Record<number, Value>>;

export function attributes(values: Values): Given {
  return Object.entries(values).map(([type, value]) => ({
    type: Number(type),
    value: typeof value === 'number' ? ulong(value) : typeof value === 'string' ? hex(value) : value,
  }));
}

/** The answer to a call: what it gave, or the name of the CK_RV that it was refused with. */
export type Answer<T> =
  | { readonly ok: T; readonly rv?: undefined }
  | { readonly ok?: undefined; readonly rv: string };

export class Program {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting: ((line: string) => void)[] = [];
  readonly #gone: Promise<unknown>;

  constructor(store: Store, env: Readonly<Record<string, string>> = {}) {
    const script = path.join(import.meta.dirname, 'child.ts');
    this.#child = spawn(NODE, ['--no-warnings', script, store.module], {
      env: { ...store.env, ...env },
      cwd: store.folder,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    createInterface(this.#child.stdout).on('line', (line) => this.#waiting.shift()?.(line));
    this.#gone = new Promise((resolve) => this.#child.once('close', resolve));
    void this.#gone.then(() => {
      for (const hear of this.#waiting.splice(0)) hear('{"rv":-1}');
    });
  }

  async call<T>(name: string, ...args: readonly Given[]): Promise<Answer<T>> {
    if (this.#child.exitCode !== null) throw new Error('the program has ended');
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#waiting.push(resolve);
    this.#child.stdin.write(`${JSON.stringify([name, ...args])}\n`);
    const answer = JSON.parse(await promise) as { ok?: T; rv?: number };
    if (answer.rv === undefined) return { ok: answer.ok as T };
    return { rv: ckrName(answer.rv) ?? `0x${answer.rv.toString(16)}` };
  }

  /** A call that must go well. */
  async ok<T>(name: string, ...args: readonly Given[]): Promise<T> {
    const answer = await this.call<T>(name, ...args);
    if (answer.rv !== undefined) throw new Error(`${name}: ${answer.rv}`);
    return answer.ok;
  }

  /** What a call answers: `CKR_OK` or another. */
  async rv(name: string, ...args: readonly Given[]): Promise<string> {
    return (await this.call(name, ...args)).rv ?? 'CKR_OK';
  }

  /** A read/write session on the token, in which the user or the security officer has logged in. */
  async session(as: 'user' | 'so' | 'nobody' = 'user'): Promise<Hex> {
    const [slot = hex('')] = await this.ok<Hex[]>('C_GetSlotList', true);
    const session = await this.ok<Hex>('C_OpenSession', slot, ck.CKF_SERIAL_SESSION | ck.CKF_RW_SESSION);
    if (as !== 'nobody') {
      const rv = await this.rv(
        'C_Login',
        session,
        as === 'so' ? ck.CKU_SO : ck.CKU_USER,
        as === 'so' ? SO_PIN : PIN,
      );
      if (rv !== 'CKR_OK' && rv !== 'CKR_USER_ALREADY_LOGGED_IN') throw new Error(`C_Login: ${rv}`);
    }
    return session;
  }

  set(session: Hex, key: Hex, values: Values): Promise<string> {
    return this.rv('C_SetAttributeValue', session, key, attributes(values));
  }

  /** An attribute's bytes in hex, or the CK_RV. */
  async attribute(session: Hex, key: Hex, type: number): Promise<string> {
    const answer = await this.call<{ value: Hex }[]>('C_GetAttributeValue', session, key, [{ type }]);
    return answer.rv ?? answer.ok[0]?.value.hex ?? '';
  }

  async number(session: Hex, key: Hex, type: number): Promise<number> {
    return Number(Buffer.from(await this.attribute(session, key, type), 'hex').readBigUInt64LE());
  }

  async find(session: Hex, values: Values): Promise<Hex[]> {
    await this.ok('C_FindObjectsInit', session, attributes(values));
    const found = await this.ok<Hex[]>('C_FindObjects', session, 100);
    await this.ok('C_FindObjectsFinal', session);
    return found;
  }

  async leave(): Promise<void> {
    this.#child.stdin.end();
    await this.#gone;
  }
}

/** `strongroom`, typed on the store. */
export function strongroom(store: Store, ...args: readonly string[]): Promise<Outcome> {
  return run(STRONGROOM, args, {
    env: { ...store.env, PIN, SO_PIN },
    cwd: store.folder,
    expect: 'any',
    timeout: 120_000,
  });
}

export async function makeToken(store: Store): Promise<void> {
  const made = await strongroom(
    store,
    'token',
    'init',
    '--label',
    LABEL,
    '--so-pin',
    'env:SO_PIN',
    '--pin',
    'env:PIN',
  );
  if (made.code !== 0) throw new Error(made.stderr);
}

const P256 = hex(Buffer.from('06082a8648ce3d030107', 'hex'));

/** A key that may be used for everything that keys of its kind are for. */
export function aesKey(program: Program, session: Hex, more: Values = {}): Promise<Hex> {
  const values = {
    [ck.CKA_VALUE_LEN]: 32,
    [ck.CKA_ENCRYPT]: true,
    [ck.CKA_DECRYPT]: true,
    [ck.CKA_WRAP]: true,
    [ck.CKA_UNWRAP]: true,
    [ck.CKA_SENSITIVE]: false,
    [ck.CKA_EXTRACTABLE]: true,
    ...more,
  };
  return program.ok('C_GenerateKey', session, { mechanism: ck.CKM_AES_KEY_GEN }, attributes(values));
}

export function macKey(program: Program, session: Hex, more: Values = {}): Promise<Hex> {
  const values = { [ck.CKA_VALUE_LEN]: 32, [ck.CKA_SIGN]: true, [ck.CKA_VERIFY]: true, ...more };
  const mechanism = { mechanism: ck.CKM_GENERIC_SECRET_KEY_GEN };
  return program.ok('C_GenerateKey', session, mechanism, attributes(values));
}

export async function ecPair(
  program: Program,
  session: Hex,
  more: Values = {},
): Promise<{ pub: Hex; priv: Hex }> {
  const pub = { [ck.CKA_EC_PARAMS]: P256, [ck.CKA_VERIFY]: true, ...more };
  const priv = { [ck.CKA_SIGN]: true, [ck.CKA_DERIVE]: true, ...more };
  const made = await program.ok<{ publicKey: Hex; privateKey: Hex }>(
    'C_GenerateKeyPair',
    session,
    { mechanism: ck.CKM_EC_KEY_PAIR_GEN },
    attributes(pub),
    attributes(priv),
  );
  return { pub: made.publicKey, priv: made.privateKey };
}
