/**
 * PINs at work: checking one, setting one. A PIN is bytes in guarded memory from the moment it arrives, is derived on the enclave's
 * pool, and each attempt is counted on disk before the PIN is looked at.
 */
import type { Enclave, JobId, KeyHandle } from '../../enclave/enclave.ts';
import * as C from '../generated/constants.ts';
import type { Placement } from '../policy/placement.ts';
import type { Pins } from '../store/keyslot.ts';
import type { KeyslotKind } from '../store/protection.ts';
import type { PinKey } from '../store/store.ts';
import type { Token as TokenRecord } from '../store/token.ts';
import type { Span } from '../values/arguments.ts';
import { CryptokiError } from '../values/errors.ts';
import type { Waits } from '../values/waiting.ts';
import type { Caller } from './caller.ts';
import type { PinTurns, Turn } from './turns.ts';
import type { PinUpgrades } from './upgrade.ts';

/** Length of a PIN in bytes. */
export const PIN_MIN = 4;
export const PIN_MAX = 255;

/** What PINs are checked with. */
export interface PinHost {
  readonly enclave: Enclave;
  readonly pins: Pins;
  readonly pinTurns: PinTurns;
  readonly upgrades: PinUpgrades;
  readonly placement: Placement;
  /** The handle that a finished job made. @throws CryptokiError with what the enclave refused it with */
  jobHandle(job: JobId): KeyHandle;
  /** To be told of every change that can alter the outcome of another call. */
  bumpEpoch(): void;
}

/** A call that brings a PIN. */
export interface PinCall extends Waits {
  readonly engine: PinHost;
  readonly app: Caller;
}

/** A private copy of a PIN in guarded memory; released (zeroed) exactly once. */
export class PinCopy {
  static readonly #free: Uint8Array[] = [];
  readonly buffer: Uint8Array;
  readonly length: number;
  readonly #enclave: Enclave;
  #released = false;

  constructor(enclave: Enclave, pin: Span) {
    if (pin.length > PIN_MAX)
      throw new CryptokiError(C.CKR_PIN_LEN_RANGE, 'tokens.pins', 'the PIN is too long');
    this.#enclave = enclave;
    this.buffer = PinCopy.#free.pop() ?? enclave.guardedBuffer(PIN_MAX + 1);
    this.buffer.set(pin.buffer.subarray(pin.offset, pin.offset + pin.length));
    this.length = pin.length;
  }

  get span(): Span {
    return { buffer: this.buffer, offset: 0, length: this.length };
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#enclave.zero(this.buffer, 0, this.buffer.byteLength);
    PinCopy.#free.push(this.buffer);
  }
}

/** The CK_RV for a PIN that may not be chosen, or CKR_OK. */
export function checkNewPin(pin: Span | null): number {
  if (pin === null) return C.CKR_ARGUMENTS_BAD;
  return pin.length < PIN_MIN || pin.length > PIN_MAX ? C.CKR_PIN_LEN_RANGE : C.CKR_OK;
}

/**
 * Checks a PIN and passes the token master key on to `then`, which takes it over. Answers CKR_PIN_INCORRECT or CKR_PIN_LOCKED
 * by itself; `otherwise` runs then, and whenever else `then` will not. May defer.
 *
 * One attempt at a time: each is counted before the PIN is looked at, so attempts that overlap would count each other as failures, and
 * a crowd of right PINs would lock the token.
 */
export function withPin(
  call: PinCall,
  token: TokenRecord,
  kind: KeyslotKind,
  pin: Span,
  then: (master: KeyHandle) => number,
  otherwise: () => void = nothing,
): number {
  const turn = call.engine.pinTurns.of(token, kind);
  if (call.app.ended) {
    if (!turn.taken) turn.leave();
    otherwise();
    return C.CKR_FUNCTION_CANCELED;
  }
  if (turn.taken) {
    const copy = new PinCopy(call.engine.enclave, pin);
    return turn.wait(call, () => {
      try {
        return withPin(call, token, kind, copy.span, then, otherwise);
      } finally {
        copy.release();
      }
    });
  }
  turn.taken = true;
  let checked: number | KeyHandleFound | PinJob;
  try {
    checked = checkPin(call, token, kind, pin);
  } catch (error) {
    turn.leave();
    otherwise();
    throw error;
  }
  if (checked instanceof PinJob) {
    const { job } = checked;
    return call.defer(job, derived(call, checked, token, kind, turn, then, otherwise), 'keep');
  }
  turn.leave();
  if (typeof checked !== 'number') return then(checked.master);
  otherwise();
  return checked;
}

const nothing = (): void => undefined;

/**
 * Goes on when the PIN's key has been derived. The attempt is counted, so this happens even when the application has gone meanwhile: a right
 * PIN is no failure. But then nobody logs in with it.
 */
function derived(
  call: PinCall,
  pinJob: PinJob,
  token: TokenRecord,
  kind: KeyslotKind,
  turn: Turn,
  then: (master: KeyHandle) => number,
  otherwise: () => void,
): () => number {
  return () => {
    let outcome: number | KeyHandleFound;
    try {
      outcome = pinJob.finish(call.engine, token, kind);
    } catch (error) {
      otherwise();
      throw error;
    } finally {
      turn.leave();
    }
    if (typeof outcome !== 'number' && !call.app.ended) return then(outcome.master);
    otherwise();
    if (typeof outcome === 'number') return outcome;
    call.engine.enclave.keyFree(outcome.master);
    return C.CKR_FUNCTION_CANCELED;
  };
}

interface KeyHandleFound {
  readonly master: KeyHandle;
}

/** A derivation on the pool, and the PIN that it is for. */
class PinJob {
  readonly job: number;
  readonly #copy: PinCopy;

  constructor(job: number, copy: PinCopy) {
    this.job = job;
    this.#copy = copy;
  }

  /** When the job has ended: the master key, or the CK_RV. */
  finish(engine: PinHost, token: TokenRecord, kind: KeyslotKind): number | KeyHandleFound {
    const { pins } = engine;
    const copy = this.#copy;
    try {
      const kek = engine.jobHandle(this.job);
      // The token may have been initialised anew meanwhile; then there is nothing that this PIN could open.
      const master = pins.finish(token, kind, kek);
      if (master === null) return wrong(engine, token, kind);
      pins.remember(token, kind, master, copy.buffer, 0, copy.length);
      pins.succeeded(token, kind);
      engine.upgrades.consider(token, kind, copy.span, master);
      return { master };
    } finally {
      copy.release();
    }
  }
}

/** Counts the attempt and looks at the PIN: a CK_RV, the master key, or a derivation that has begun. */
function checkPin(
  call: PinCall,
  token: TokenRecord,
  kind: KeyslotKind,
  pin: Span,
): number | KeyHandleFound | PinJob {
  const { engine } = call;
  const { pins } = engine;
  // Before the attempt is counted: one that is refused for want of room is none.
  engine.placement.admit(call.app);
  if (!pins.begin(token, kind)) return C.CKR_PIN_LOCKED;
  // What cannot be a PIN is not derived, but it has been counted.
  if (pin.length === 0 || pin.length > PIN_MAX) return wrong(engine, token, kind);
  const quick = pins.quick(token, kind, pin.buffer, pin.offset, pin.length);
  if (quick === null) return wrong(engine, token, kind);
  if (quick !== undefined) {
    pins.succeeded(token, kind);
    engine.upgrades.consider(token, kind, pin, quick);
    return { master: quick };
  }
  const copy = new PinCopy(engine.enclave, pin);
  const job = engine.placement.job(call.app);
  try {
    pins.derive(job, token, kind, copy.buffer, 0, copy.length);
  } catch (error) {
    copy.release();
    throw error;
  }
  return new PinJob(job, copy);
}

function wrong(engine: PinHost, token: TokenRecord, kind: KeyslotKind): number {
  engine.bumpEpoch();
  return engine.pins.isLocked(token, kind) ? C.CKR_PIN_LOCKED : C.CKR_PIN_INCORRECT;
}

/**
 * Derives a new PIN's key on the pool and passes it on; `then` takes the key over. `otherwise` runs when there will be none; `token` is the
 * one that has other PINs already. The PIN is not needed any more when this returns.
 */
export function withNewPin(
  call: PinCall,
  pin: Span,
  then: (key: PinKey) => number,
  otherwise: () => void = nothing,
  token?: TokenRecord,
): number {
  const { engine } = call;
  const unless = <T>(step: () => T): T => {
    try {
      return step();
    } catch (error) {
      otherwise();
      throw error;
    }
  };
  const choice = engine.pins.choose(token);
  const job = unless(() => {
    const number = engine.placement.job(call.app);
    engine.pins.deriveNew(number, choice, pin.buffer, pin.offset, pin.length);
    return number;
  });
  return call.defer(job, () => {
    const kek = unless(() => engine.jobHandle(job));
    return then({ choice, kek });
  });
}
