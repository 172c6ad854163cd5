/**
 * What a list of rules decides about functions and mechanisms. It is worked out once for each function that is asked for, so that asking again
 * costs a look into a table.
 */
import { functionNames } from '../../generated/functions.ts';
import { ANY_MECHANISM } from '../rights.ts';
import { groupOf, type Rule } from './rule.ts';

/** Denied, allowed, or allowed without a C_Login of one's own while the token is unlocked. */
export const Verdict = { Denied: 0, Allowed: 1, Pinless: 2 } as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

const UNKNOWN = 3;
const VARIED = 4;

/** A function about which the mechanism matters. */
interface Varied {
  readonly by: ReadonlyMap<number, Verdict>;
  readonly otherwise: Verdict;
  /** The best of all. */
  readonly best: Verdict;
}

export class Verdicts {
  readonly #rules: readonly Rule[];
  /** By function. */
  readonly #table = new Uint8Array(functionNames.length + 1).fill(UNKNOWN);
  readonly #varied = new Map<number, Varied>();

  /** @param rules those that are about who, which token and which object is asked for, in their order */
  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
  }

  of(fn: number, mechanism: number): Verdict {
    let known = this.#table[fn] ?? Verdict.Denied;
    if (known === UNKNOWN) known = this.#decide(fn);
    if (known !== VARIED) return known as Verdict;
    const { by, otherwise, best } = this.#varied.get(fn) as Varied;
    return mechanism === ANY_MECHANISM ? best : (by.get(mechanism) ?? otherwise);
  }

  /** The best verdict about any of the functions. */
  best(functions: readonly number[], mechanism: number): Verdict {
    let best: Verdict = Verdict.Denied;
    for (const fn of functions) {
      const verdict = this.of(fn, mechanism);
      if (verdict > best) best = verdict;
    }
    return best;
  }

  #decide(fn: number): number {
    const by = new Map<number, Verdict>();
    let otherwise: Verdict = Verdict.Denied;
    const takesMechanism = groupOf[fn]?.mechanisms === true;
    for (const rule of this.#rules) {
      if (!rule.functions.has(fn)) continue;
      const verdict = rule.allow ? (rule.pinless ? Verdict.Pinless : Verdict.Allowed) : Verdict.Denied;
      if (rule.mechanisms === undefined || !takesMechanism) {
        otherwise = verdict;
        break;
      }
      // What an earlier rule has decided stays.
      for (const mechanism of rule.mechanisms) if (!by.has(mechanism)) by.set(mechanism, verdict);
    }
    if (by.size === 0) {
      this.#table[fn] = otherwise;
      return otherwise;
    }
    const best = Math.max(otherwise, ...by.values()) as Verdict;
    this.#varied.set(fn, { by, otherwise, best });
    this.#table[fn] = VARIED;
    return VARIED;
  }
}
