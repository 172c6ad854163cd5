/**
 * Whose turn it is to try a PIN: attempts at one PIN of one token follow each other, in the order in which they came. After a wrong one the turn
 * can be held for a while, so that guesses are slow; everybody who does something else goes on.
 */
import type { Placement } from '../policy/placement.ts';
import type { KeyslotKind } from '../store/protection.ts';
import type { Token as TokenRecord } from '../store/token.ts';
import { PENDING, type Waits } from '../values/waiting.ts';
import type { Caller } from './caller.ts';

/** A call that tries a PIN. */
export interface TurnCall extends Waits {
  readonly app: Caller;
  readonly session?: { readonly closed: boolean } | undefined;
}

interface Waiter {
  readonly call: TurnCall;
  /** False when it was dropped: the turn is another's. */
  mine: boolean;
  resume: () => void;
}

/** Timers may come early by this much, in milliseconds. */
const EARLY_MS = 2;

export class Turn {
  /** Whether somebody's PIN is looked at: it is counted, and nobody knows yet whether it was wrong. */
  looking = false;
  #taken = false;
  /** When the last wrong one was found, or this engine began, which owes what an earlier one did not wait for. */
  #since: number;
  readonly #waiting: Waiter[] = [];
  #held: NodeJS.Timeout | undefined;
  /** Waits for its answer while the turn is held. */
  #answered: Waiter | undefined;

  constructor(since: number) {
    this.#since = since;
  }

  /** True when it was free, and is the caller's from now on. */
  take(): boolean {
    if (this.#taken) return false;
    this.#taken = true;
    return true;
  }

  get waiting(): readonly { readonly call: TurnCall }[] {
    return this.#waiting;
  }

  /** What is left of a wait, in milliseconds. */
  owed(slowness: number): number {
    if (slowness === 0) return 0;
    const left = this.#since + slowness - performance.now();
    return left <= EARLY_MS ? 0 : left;
  }

  /** A wrong one was found at this moment. */
  failed(): void {
    this.#since = performance.now();
  }

  /**
   * Parks the call until its turn has come, or until nobody waits for it any more: `then` is told which. What it keeps has to be released in
   * any case, and the turn, where it has it, passed on.
   * @param first before all others: it had the turn already, and has to wait
   */
  wait(call: TurnCall, then: (mine: boolean) => number, first = false): number {
    const waiter: Waiter = { call, mine: true, resume: () => undefined };
    waiter.resume = call.park(() => then(waiter.mine));
    if (first) this.#waiting.unshift(waiter);
    else this.#waiting.push(waiter);
    return PENDING;
  }

  /** Parks the call whose PIN was wrong until the turn is passed on. */
  answerThen(call: TurnCall, then: () => number): number {
    this.#answered = { call, mine: false, resume: call.park(then) };
    return PENDING;
  }

  /** Passes the turn on, at once or after so many milliseconds. */
  leave(milliseconds = 0): void {
    if (milliseconds > 0) {
      this.#held = setTimeout(() => this.leave(), milliseconds).unref();
      return;
    }
    this.#held = undefined;
    const answered = this.#answered;
    this.#answered = undefined;
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken = false;
    else setImmediate(next.resume);
    answered?.resume();
  }

  /** There is another PIN now, at which nobody has guessed. */
  renewed(): void {
    if (this.#held === undefined) return;
    clearTimeout(this.#held);
    this.leave();
  }

  /** Those whom nobody waits for any more do not keep others waiting: they end now. */
  drop(isGone: (call: TurnCall) => boolean): void {
    const gone = this.#waiting.filter(({ call }) => isGone(call));
    for (const waiter of gone) {
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
      waiter.mine = false;
      setImmediate(waiter.resume);
    }
    const answered = this.#answered;
    if (answered === undefined || !isGone(answered.call)) return;
    this.#answered = undefined;
    setImmediate(answered.resume);
  }
}

export class PinTurns {
  readonly #turns = new Map<string, Turn>();
  readonly #since = performance.now();

  of(token: TokenRecord, kind: KeyslotKind): Turn {
    const name = `${token.slot}/${kind}`;
    let turn = this.#turns.get(name);
    if (turn === undefined) {
      turn = new Turn(this.#since);
      this.#turns.set(name, turn);
    }
    return turn;
  }

  /**
   * Room for one more of the application's calls that wait for their turns.
   * @throws CryptokiError CKR_HOST_MEMORY when it has as many calls waiting as it may
   */
  admit(app: Caller, placement: Placement): void {
    let waiting = 0;
    for (const turn of this.#turns.values())
      waiting += turn.waiting.filter(({ call }) => call.app === app).length;
    placement.admit({ id: app.id, jobs: app.jobs + waiting });
  }

  /** Calls of somebody who has gone end now, instead of when their turns come. */
  drop(isGone: (call: TurnCall) => boolean): void {
    for (const turn of this.#turns.values()) turn.drop(isGone);
  }
}
