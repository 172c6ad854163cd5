/** Whose turn it is to try a PIN: attempts at one PIN of one token follow each other, in the order in which they came. */
import type { KeyslotKind } from '../store/protection.ts';
import type { Token as TokenRecord } from '../store/token.ts';
import { PENDING, type Waits } from '../values/waiting.ts';

export class Turn {
  taken = false;
  readonly #waiting: (() => void)[] = [];

  /** Parks the call until the one before has left. */
  wait(call: Waits, then: () => number): number {
    this.#waiting.push(call.park(then));
    return PENDING;
  }

  /** The next one's turn comes, also when its application has gone: what it keeps has to be released, and the turn passed on. */
  leave(): void {
    this.taken = false;
    const next = this.#waiting.shift();
    if (next !== undefined) setImmediate(next);
  }
}

export class PinTurns {
  readonly #turns = new Map<string, Turn>();

  of(token: TokenRecord, kind: KeyslotKind): Turn {
    const name = `${token.slot}/${kind}`;
    let turn = this.#turns.get(name);
    if (turn === undefined) {
      turn = new Turn();
      this.#turns.set(name, turn);
    }
    return turn;
  }
}
