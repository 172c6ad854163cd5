/**
 * PINs that the system's manager hands to the service when it starts (systemd: LoadCredential=, LoadCredentialEncrypted=): files in the folder
 * that CREDENTIALS_DIRECTORY names. `pin.LABEL` or `pin.SERIAL` unlocks the token of that label or serial number.
 *
 * A PIN goes from its file to guarded memory, and is never a JavaScript value.
 */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { Kind } from '../../../audit/format.ts';
import type { AuditWriter } from '../../../audit/writer.ts';
import { PIN_MOST } from '../../../schema/pins.ts';
import type { Enclave } from '../../enclave/enclave.ts';
import { CKR_OK, CKR_PIN_EXPIRED } from '../generated/constants.ts';
import type { LoginHost } from '../sessions/login.ts';
import { Keeper, unlock } from '../sessions/unlocking.ts';
import { KeyslotKind } from '../store/protection.ts';
import { type PinCall, type PinHost, withPin } from '../tokens/pins.ts';
import type { Token } from '../tokens/token.ts';
import type { Span } from '../values/arguments.ts';
import type { Level } from '../values/level.ts';

/** What is needed of the engine, before it serves. */
export interface CredentialsHost extends PinHost, LoginHost {
  readonly enclave: Enclave;
  readonly audit: AuditWriter;
  readonly tokens: ReadonlyMap<number, Token>;
  log(message: string, level?: Level): void;
}

/** How long the pool is waited for at a time, in milliseconds. */
const NAP_MS = 2;

/** A call that nobody else waits for: its jobs are waited for at once, and what cannot be done at once happens when it can. */
class OwnCall implements PinCall {
  readonly engine: CredentialsHost;
  readonly app = new Keeper();
  /** The CK_RV, once there is one. */
  result = -1;
  readonly #nap = new Int32Array(new SharedArrayBuffer(4));

  constructor(engine: CredentialsHost) {
    this.engine = engine;
  }

  defer(job: number, then: () => number): number {
    const { enclave } = this.engine;
    while (enclave.jobTake() !== job) Atomics.wait(this.#nap, 0, 0, NAP_MS);
    return then();
  }

  /** Nobody is served yet, so what is owed after wrong PINs is waited for here. */
  sleep(milliseconds: number): void {
    Atomics.wait(this.#nap, 0, 0, milliseconds);
  }

  park(then: () => number): () => void {
    return () => {
      this.result = then();
    };
  }
}

/** Reads a PIN into guarded memory; undefined when there is no such file. A line's end is none of its bytes. */
function readPin(enclave: Enclave, file: string): Span | undefined {
  let fd: number;
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  const buffer = enclave.guardedBuffer(PIN_MOST + 2);
  let length = 0;
  try {
    for (let got = 1; got > 0 && length < buffer.length; length += got)
      got = readSync(fd, buffer, length, buffer.length - length, null);
  } finally {
    closeSync(fd);
  }
  if (length > 0 && buffer[length - 1] === 0x0a) length--;
  return { buffer, offset: 0, length };
}

/** The file for the token, if its label or serial number can be one's name. */
function credentialOf(enclave: Enclave, folder: string, token: Token): Span | undefined {
  const { label = '', serial = '' } = token.record.info ?? {};
  for (const name of [label, serial]) {
    if (name === '' || /[/\p{Cc}]/u.test(name)) continue;
    const pin = readPin(enclave, path.join(folder, `pin.${name}`));
    if (pin !== undefined) return pin;
  }
  return undefined;
}

/** Unlocks every token that there is a PIN for; says of each in the audit log what became of it. The engine serves in any case. */
export function unlockByCredentials(engine: CredentialsHost, folder: string): void {
  for (const token of engine.tokens.values()) {
    if (token.record.problem !== null) continue;
    const pin = credentialOf(engine.enclave, folder, token);
    if (pin === undefined) continue;
    const call = new OwnCall(engine);
    let rv: number;
    try {
      rv = withPin(call, token.record, KeyslotKind.User, pin, (master) =>
        unlock(call, engine, token, master, call.app),
      );
    } finally {
      engine.enclave.zero(pin.buffer, 0, pin.buffer.byteLength);
    }
    engine.audit.note(
      Kind.Authentication,
      { unlocked: 'by a credential of the service' },
      0,
      token.slotId,
      Math.max(rv, 0),
    );
    if (rv > CKR_OK)
      engine.log(
        `the token in slot ${token.slotId} was not unlocked: ${
          rv === CKR_PIN_EXPIRED ? 'its user PIN must be changed first' : 'its credential holds another PIN'
        }`,
        'error',
      );
  }
}
