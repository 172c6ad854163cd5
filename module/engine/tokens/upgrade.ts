/**
 * PINs that cost whoever guesses less than one set today would: each is derived anew while it is at hand, behind its owner's back. Nobody waits
 * for that, and when it fails the PIN stays as it was.
 */
import type { Enclave, JobId, KeyHandle } from '../../enclave/enclave.ts';
import { StoreError } from '../store/errors.ts';
import type { Pins } from '../store/keyslot.ts';
import type { KeyslotKind } from '../store/protection.ts';
import type { Keyslot, Token as TokenRecord } from '../store/token.ts';
import type { Span } from '../values/arguments.ts';

/** Has the pool do a job that no call waits for; false when it was not taken. */
export type AskPool = (begin: (job: JobId) => number, done: (job: JobId) => void) => boolean;

export class PinUpgrades {
  /** Undefined while nobody looks after jobs: then PINs stay as they are. */
  askPool: AskPool | undefined;
  readonly #enclave: Enclave;
  readonly #pins: Pins;
  readonly #log: (message: string) => void;
  readonly #underWay = new WeakSet<Keyslot>();

  constructor(enclave: Enclave, pins: Pins, log: (message: string) => void) {
    this.#enclave = enclave;
    this.#pins = pins;
    this.#log = log;
  }

  /** The PIN was right. What is passed stays the caller's. */
  consider(token: TokenRecord, kind: KeyslotKind, pin: Span, master: KeyHandle): void {
    const keyslot = token.keyslots.get(kind);
    const { askPool } = this;
    if (askPool === undefined || keyslot === undefined || token.problem !== null) return;
    if (this.#underWay.has(keyslot) || !this.#pins.outdated(token, kind)) return;
    const choice = this.#pins.choose(token);
    const [factor] = choice;
    if (factor === undefined) throw new TypeError('a PIN has one factor');
    const copy = this.#enclave.keyDuplicate(master);
    if (copy < 0) return;
    let begun = false;
    try {
      begun = askPool(
        (job) => {
          this.#pins.derive(job, factor, pin);
          return 0;
        },
        (job) => this.#derived(job, token, keyslot, choice, copy),
      );
      if (begun) this.#underWay.add(keyslot);
    } catch (error) {
      this.#failed(token, error);
    } finally {
      if (!begun) this.#enclave.keyFree(copy);
    }
  }

  #derived(
    job: JobId,
    token: TokenRecord,
    keyslot: Keyslot,
    choice: Keyslot['factors'],
    master: KeyHandle,
  ): void {
    const { kind } = keyslot;
    this.#underWay.delete(keyslot);
    try {
      const kek = this.#enclave.jobResult(job);
      if (kek < 0) throw new StoreError('enclave', 'the derivation failed', { rv: -kek });
      // Another PIN may have been set meanwhile.
      if (token.keyslots.get(kind) === keyslot) this.#pins.upgrade(token, kind, { choice, kek }, master);
      else this.#enclave.keyFree(kek);
    } catch (error) {
      this.#failed(token, error);
    } finally {
      this.#enclave.keyFree(master);
    }
  }

  #failed(token: TokenRecord, error: unknown): void {
    const why = error instanceof Error ? error.message : 'unknown failure';
    this.#log(`a PIN of the token in slot ${token.slot} keeps its old key derivation for now: ${why}`);
  }
}
