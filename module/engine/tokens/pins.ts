/**
 * PINs at work: checking one. A PIN is bytes in guarded memory from the moment it arrives, is derived on the enclave's
 * pool, and each attempt is counted on disk before the PIN is looked at.
 */

import type { AuditWriter } from '../../../audit/writer.ts';
import { PIN_MOST } from '../../../schema/pins.ts';
import type { Enclave, JobId, KeyHandle } from '../../enclave/enclave.ts';
import * as C from '../generated/constants.ts';
import type { Placement } from '../policy/placement.ts';
import type { Pins } from '../store/keyslot.ts';
import type { KeyslotKind } from '../store/protection.ts';
import type { Store } from '../store/store.ts';
import type { KeyslotChoice, Token as TokenRecord } from '../store/token.ts';
import type { Span } from '../values/arguments.ts';
import { slowness } from '../values/pin-rules.ts';
import { withKeyOf } from './keyslot-key.ts';
import { tell, tellOfRules } from './pin-story.ts';
import type { PinTurns, Turn, TurnCall } from './turns.ts';
import type { PinUpgrades } from './upgrade.ts';

/** What PINs are checked with. */
export interface PinHost {
  readonly enclave: Enclave;
  readonly pins: Pins;
  readonly pinTurns: PinTurns;
  readonly upgrades: PinUpgrades;
  readonly placement: Placement;
  readonly store: Pick<Store, 'failures' | 'pinRecord'>;
  readonly audit: Pick<AuditWriter, 'note'>;
  /** The handle that a finished job made. @throws CryptokiError with what the enclave refused it with */
  jobHandle(job: JobId): KeyHandle;
  /** To be told of every change that can alter the outcome of another call. */
  bumpEpoch(): void;
}

/** A call that brings a PIN. */
export interface PinCall extends TurnCall {
  readonly engine: PinHost;
  /** Where nobody else is served yet: waits by itself, and is not parked. */
  readonly sleep?: (milliseconds: number) => void;
}

/** A private copy of a PIN in guarded memory; released (zeroed) exactly once. */
export class PinCopy {
  static readonly #free: Uint8Array[] = [];
  readonly buffer: Uint8Array;
  readonly length: number;
  readonly #enclave: Enclave;
  #released = false;

  constructor(enclave: Enclave, pin: Span) {
    this.#enclave = enclave;
    this.buffer = PinCopy.#free.pop() ?? enclave.guardedBuffer(PIN_MOST + 1);
    // Of one that is too long as much as shows that it is.
    this.length = Math.min(pin.length, PIN_MOST + 1);
    this.buffer.set(pin.buffer.subarray(pin.offset, pin.offset + this.length));
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

/** Such copies of several. */
export class PinCopies {
  readonly #copies: PinCopy[] = [];

  constructor(enclave: Enclave, secrets: readonly Span[]) {
    try {
      for (const secret of secrets) this.#copies.push(new PinCopy(enclave, secret));
    } catch (error) {
      this.release();
      throw error;
    }
  }

  get spans(): readonly Span[] {
    return this.#copies.map(({ span }) => span);
  }

  release(): void {
    for (const copy of this.#copies) copy.release();
  }
}

/**
 * Checks a PIN and passes the token master key on to `then`, which takes it over. Answers CKR_PIN_INCORRECT or CKR_PIN_LOCKED
 * by itself; `otherwise` runs then, and whenever else `then` will not. May defer.
 *
 * One attempt at a time: each is counted before the PIN is looked at, so attempts that overlap would count each other as failures, and
 * a crowd of right PINs would lock the token. After some wrong ones in a row the turn is held, and the answer with it (slowness()).
 */
export function withPin(
  call: PinCall,
  token: TokenRecord,
  kind: KeyslotKind,
  pin: Span,
  then: (master: KeyHandle) => number,
  otherwise: () => void = nothing,
): number {
  return withSecrets(call, token, kind, [pin], then, otherwise);
}

/** The same for a keyslot of several factors: one attempt with a secret of each, and one outcome for all of them together. */
export function withSecrets(
  call: PinCall,
  token: TokenRecord,
  kind: KeyslotKind,
  secrets: readonly Span[],
  then: (master: KeyHandle) => number,
  otherwise: () => void = nothing,
): number {
  const turn = call.engine.pinTurns.of(token, kind);
  const attempt: Attempt = { call, token, kind, turn, then, otherwise };
  return turn.take() ? inTurn(attempt, secrets) : waitForTurn(attempt, secrets);
}

/** One attempt, and what becomes of it. */
interface Attempt {
  readonly call: PinCall;
  readonly token: TokenRecord;
  readonly kind: KeyslotKind;
  readonly turn: Turn;
  readonly then: (master: KeyHandle) => number;
  readonly otherwise: () => void;
}

const nothing = (): void => undefined;

/** Why nobody waits for the call any more, or CKR_OK. */
function goneBy({ app, session }: PinCall): number {
  if (app.ended) return C.CKR_FUNCTION_CANCELED;
  return session?.closed === true ? C.CKR_SESSION_CLOSED : C.CKR_OK;
}

/** @param first the attempt has the turn, and a wait is still owed: it stays the next */
function waitForTurn(attempt: Attempt, secrets: readonly Span[], first = false): number {
  const { call, turn, otherwise } = attempt;
  const { pinTurns, placement, enclave } = call.engine;
  let copies: PinCopies;
  try {
    if (!first) pinTurns.admit(call.app, placement);
    copies = new PinCopies(enclave, secrets);
  } catch (error) {
    if (first) turn.leave();
    otherwise();
    throw error;
  }
  const goOn = (mine: boolean): number => {
    try {
      if (mine) return inTurn(attempt, copies.spans);
      otherwise();
      return goneBy(call);
    } finally {
      copies.release();
    }
  };
  return turn.wait(call, goOn, first);
}

/** The attempt has the turn, and passes it on. */
function inTurn(attempt: Attempt, secrets: readonly Span[]): number {
  const { call, token, kind, turn, then, otherwise } = attempt;
  const gone = goneBy(call);
  if (gone !== C.CKR_OK) {
    turn.leave();
    otherwise();
    return gone;
  }
  const owed = owedTo(call.engine, token, kind);
  if (owed > 0 && call.sleep === undefined) {
    const rv = waitForTurn(attempt, secrets, true);
    turn.leave(owed);
    return rv;
  }
  if (owed > 0) call.sleep?.(owed);
  const choice = token.keyslots.get(kind)?.factors ?? [];
  let checked: number | KeyHandleFound | PinCopies;
  try {
    checked = checkSecrets(attempt, choice, secrets);
  } catch (error) {
    notConcluded(attempt);
    throw error;
  }
  return checked instanceof PinCopies ? derive(attempt, choice, checked) : concluded(attempt, checked, then);
}

/** Something went wrong before there was an outcome. */
function notConcluded({ turn, otherwise }: Attempt): void {
  turn.looking = false;
  turn.leave();
  otherwise();
}

/** Wrong PINs in a row, and how many more there may be. One that is looked at at this moment is not wrong yet. */
export function standing(
  { pins, pinTurns, store }: PinHost,
  token: TokenRecord,
  kind: KeyslotKind,
): { failed: number; left: number } {
  const failed = store.failures(token, kind);
  if (!pinTurns.of(token, kind).looking) return { failed, left: pins.remaining(token, kind) };
  return { failed: failed - 1, left: pins.most(token, kind) - failed + 1 };
}

/** What is left of the wait after a wrong PIN, in milliseconds: of one that an earlier engine has seen, all that has not passed since this one began. */
export function owedTo({ pins, pinTurns, store }: PinHost, token: TokenRecord, kind: KeyslotKind): number {
  if (pins.isLocked(token, kind)) return 0;
  return pinTurns.of(token, kind).owed(slowness(pins.rulesOf(token), store.failures(token, kind)));
}

/** The attempt has its outcome: the turn is passed on, now or later. */
function concluded(
  { call, token, kind, turn, otherwise }: Attempt,
  outcome: number | KeyHandleFound,
  then: (master: KeyHandle) => number,
): number {
  const { engine } = call;
  turn.looking = false;
  if (typeof outcome !== 'number') {
    turn.leave();
    return then(outcome.master);
  }
  otherwise();
  if (outcome !== C.CKR_PIN_INCORRECT) {
    turn.leave();
    return outcome;
  }
  turn.failed();
  const failures = engine.store.failures(token, kind);
  const slow = slowness(engine.pins.rulesOf(token), failures);
  try {
    if (slow > 0)
      tell(call, token, kind, `wrong ${failures} times in a row: the answer takes ${slow / 1000} s`);
  } catch (error) {
    turn.leave(slow);
    throw error;
  }
  if (slow === 0 || call.sleep !== undefined) {
    turn.leave(slow);
    return outcome;
  }
  const rv = turn.answerThen(call, () => goneBy(call) || outcome);
  turn.leave(slow);
  return rv;
}

interface KeyHandleFound {
  readonly master: KeyHandle;
}

/**
 * Has the key derived. The attempt is counted, so it is looked at even when the application has gone meanwhile: a right PIN is no failure. But then
 * nobody logs in with it.
 */
function derive(attempt: Attempt, choice: KeyslotChoice, copies: PinCopies): number {
  const { call, then, otherwise } = attempt;
  const failed = (): void => {
    copies.release();
    notConcluded(attempt);
  };
  const derived = (kek: KeyHandle): number => {
    let outcome: number | KeyHandleFound;
    try {
      outcome = tryKey(attempt, kek, copies.spans);
    } catch (error) {
      failed();
      throw error;
    }
    copies.release();
    return concluded(attempt, outcome, (master) => {
      const gone = goneBy(call);
      if (gone === C.CKR_OK) return then(master);
      otherwise();
      call.engine.enclave.keyFree(master);
      return gone;
    });
  };
  return withKeyOf(call, choice, copies.spans, derived, failed, 'keep');
}

/** The master key that a derived key opens, or the CK_RV. */
function tryKey(
  { call, token, kind }: Attempt,
  kek: KeyHandle,
  [secret]: readonly Span[],
): number | KeyHandleFound {
  const { pins, upgrades } = call.engine;
  // The token may have been initialised anew meanwhile; then there is nothing that this PIN could open.
  const master = pins.finish(token, kind, kek);
  if (master === null) return wrong(call, token, kind);
  if (secret !== undefined) pins.remember(token, kind, master, secret.buffer, secret.offset, secret.length);
  pins.succeeded(token, kind);
  if (secret !== undefined) upgrades.consider(token, kind, secret, master);
  return { master };
}

/** Counts the attempt and looks at the secrets: a CK_RV, the master key, or copies of what has to be derived. */
function checkSecrets(
  { call, token, kind, turn }: Attempt,
  choice: KeyslotChoice,
  secrets: readonly Span[],
): number | KeyHandleFound | PinCopies {
  const { engine } = call;
  const { pins } = engine;
  // Before the attempt is counted: one that is refused for want of room is none.
  engine.placement.admit(call.app);
  const before = pins.sealedRules(token);
  if (!pins.begin(token, kind)) return C.CKR_PIN_LOCKED;
  turn.looking = true;
  tellOfRules(call, token, before);
  const [first] = secrets;
  // What cannot be a PIN is not derived, but it has been counted; and so are too many or too few, where the keyslot has changed meanwhile.
  if (first === undefined || secrets.length !== choice.length || !secrets.every(canBeOne))
    return wrong(call, token, kind);
  const quick = pins.quick(token, kind, first.buffer, first.offset, first.length);
  if (quick === null) return wrong(call, token, kind);
  if (quick !== undefined) {
    pins.succeeded(token, kind);
    engine.upgrades.consider(token, kind, first, quick);
    return { master: quick };
  }
  return new PinCopies(engine.enclave, secrets);
}

function canBeOne({ length }: Span): boolean {
  return length > 0 && length <= PIN_MOST;
}

function wrong(call: PinCall, token: TokenRecord, kind: KeyslotKind): number {
  const { engine } = call;
  engine.bumpEpoch();
  if (!engine.pins.isLocked(token, kind)) return C.CKR_PIN_INCORRECT;
  tell(call, token, kind, `locked after ${engine.store.failures(token, kind)} wrong ones in a row`);
  return C.CKR_PIN_LOCKED;
}
