/** Choosing PINs: whether the rules take one, whether it was in use before, and what is remembered of it. */
import { classesOf, isText, PIN_LEAST, PIN_MOST, triviality } from '../../../schema/pins.ts';
import type { Enclave, KeyHandle } from '../../enclave/enclave.ts';
import * as C from '../generated/constants.ts';
import type { HistoryKdf, PinFacts } from '../store/pin-rules.ts';
import { KeyslotKind } from '../store/protection.ts';
import type { Also, PinKey } from '../store/store.ts';
import type { Token as TokenRecord } from '../store/token.ts';
import type { Span } from '../values/arguments.ts';
import { checked } from '../values/errors.ts';
import { longest, type PinRules, strictest } from '../values/pin-rules.ts';
import { withKeyOf } from './keyslot-key.ts';
import { type PinCall, PinCopy, type PinHost } from './pins.ts';

/** Who has a PIN. */
export type Role = typeof KeyslotKind.So | typeof KeyslotKind.User;

const DAY_MS = 86_400_000;
const historyLabel = new TextEncoder().encode('pin history');

/** Why a PIN may not be set: the CK_RV, and words that go on after “refused: it ”. */
export interface Misfit {
  readonly rv: number;
  readonly why: string;
}

const invalid = (why: string): Misfit => ({ rv: C.CKR_PIN_INVALID, why });

/** Why the rules do not take a PIN, or undefined. @param names what the token is called */
export function misfit(
  rules: PinRules,
  role: Role,
  { buffer, offset, length }: Span,
  names: readonly string[],
): Misfit | undefined {
  const least = Math.max(rules.minLength[role], PIN_LEAST);
  const most = Math.min(longest(rules, role), PIN_MOST);
  if (length < least || length > most)
    return { rv: C.CKR_PIN_LEN_RANGE, why: `has ${length} bytes, where ${least} to ${most} are asked for` };
  const pin = buffer.subarray(offset, offset + length);
  if (classesOf(pin) < rules.classes) return invalid(`has fewer than ${rules.classes} kinds of characters`);
  const trivial = rules.refuseTrivial ? triviality(pin, names) : undefined;
  if (trivial !== undefined) return invalid(`is ${trivial}`);
  return rules.refused.some((word) => isText(pin, word))
    ? invalid('is on the list of refused ones')
    : undefined;
}

/** Why a PIN opens nothing until it is changed, or undefined. */
export function dueFor(
  { pins, store }: Pick<PinHost, 'pins' | 'store'>,
  token: TokenRecord,
  role: Role,
): 'reset' | 'age' | undefined {
  const { mustChange, setAt } = store.pinRecord(token).facts[role];
  if (mustChange) return 'reset';
  const { maxAgeDays } = pins.rulesOf(token);
  return maxAgeDays > 0 && setAt > 0 && Date.now() - setAt >= maxAgeDays * DAY_MS ? 'age' : undefined;
}

/** Whether two PINs are the same, in a time that does not tell where they differ. */
export function samePin(one: Span, other: Span): boolean {
  let difference = one.length ^ other.length;
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++)
    difference |= (one.buffer[one.offset + at] ?? 0) ^ (other.buffer[other.offset + at] ?? 0);
  return difference === 0;
}

/** What a new PIN gives for the history: 32 bytes under a key that only the PIN gives. */
class Trace {
  /** For one at a time, as long as the engine lives. */
  static #room: Uint8Array | undefined;
  readonly kdf: HistoryKdf;
  readonly #enclave: Enclave;
  readonly #kek: KeyHandle;

  /** Takes the key over. */
  constructor(enclave: Enclave, kdf: HistoryKdf, kek: KeyHandle) {
    this.#enclave = enclave;
    this.kdf = kdf;
    this.#kek = kek;
  }

  /** Has `use` the bytes, in guarded memory. */
  #with<T>(role: Role, use: (bytes: Uint8Array) => T): T {
    Trace.#room ??= this.#enclave.guardedBuffer(32);
    const bytes = Trace.#room;
    try {
      const message = new Uint8Array([role]);
      checked(this.#enclave.macCompute(this.#kek, historyLabel, message, bytes), 'tokens.history');
      return use(bytes);
    } finally {
      this.#enclave.zero(bytes, 0, 32);
    }
  }

  /** Whether it is among the entries; each is looked at, and none tells by its time how near it is. */
  isIn(entries: readonly Uint8Array[], role: Role, master: KeyHandle): boolean {
    return this.#with(role, (bytes) =>
      entries.map((entry) => this.#enclave.macCheck(master, historyLabel, bytes, entry) === 1).includes(true),
    );
  }

  entry(role: Role, master: KeyHandle): Uint8Array {
    return this.#with(role, (bytes) => {
      const entry = new Uint8Array(32);
      checked(this.#enclave.macCompute(master, historyLabel, bytes, entry), 'tokens.history');
      return entry;
    });
  }

  release(): void {
    this.#enclave.keyFree(this.#kek);
  }
}

export interface NewPin {
  readonly pin: Span;
  readonly role: Role;
  /** The token that it is for, where there is one already. */
  readonly token?: TokenRecord | undefined;
  /** The security officer sets it for the user. */
  readonly reset?: boolean;
  /** Opens the history; where there is none yet, nothing is looked up. */
  readonly master?: KeyHandle;
}

/** What is needed to set a PIN. */
export interface ChosenPin {
  readonly key: PinKey;
  /** What becomes of the manifest with it. */
  readonly also: Also;
}

/**
 * Derives a new PIN's key on the pool and passes it on; `then` takes the key over. `refused` hears why there will be none, and answers for it;
 * `otherwise` runs then, and whenever else `then` will not. The PIN is not needed any more when this returns.
 */
export function withNewPin(
  call: PinCall,
  { pin, ...fresh }: NewPin,
  then: (chosen: ChosenPin) => number,
  refused: (misfit: Misfit) => number,
  otherwise: () => void = () => undefined,
): number {
  const { engine } = call;
  const { token, role, master } = fresh;
  const copy = new PinCopy(engine.enclave, pin);
  let trace: Trace | undefined;
  const release = (): void => {
    copy.release();
    trace?.release();
  };
  const unset = (): void => {
    release();
    otherwise();
  };
  const wasInUse = (): boolean => {
    const past = token === undefined ? [] : engine.store.pinRecord(token).facts[role].history;
    try {
      return master !== undefined && trace?.isIn(past, role, master) === true;
    } catch (error) {
      unset();
      throw error;
    }
  };
  const choose = (): number => {
    if (wasInUse()) {
      unset();
      return refused(invalid('is one of the last that were in use'));
    }
    const choice = engine.pins.choose(token);
    const set = (kek: KeyHandle): number => {
      try {
        return then({ key: { choice, kek }, also: alsoOf(call, fresh, trace) });
      } finally {
        release();
      }
    };
    return withKeyOf(call, choice, [copy.span], set, unset);
  };
  if (engine.pins.rulesOf(token).history === 0) return choose();
  const kept = token === undefined ? null : engine.store.pinRecord(token).historyKdf;
  const [another] = engine.pins.choose(token);
  const kdf = kept ?? another;
  if (kdf === undefined) throw new TypeError('a PIN has one factor');
  const traced = (kek: KeyHandle): number => {
    trace = new Trace(engine.enclave, kdf, kek);
    return choose();
  };
  return withKeyOf(call, [kdf], [copy.span], traced, unset);
}

function alsoOf(
  { engine }: PinCall,
  { token, role, reset = false }: Omit<NewPin, 'pin'>,
  trace: Trace | undefined,
): Also {
  const rules = engine.pins.rulesOf(token);
  return (draft, master) => {
    const { pins } = draft;
    const entries = trace === undefined ? [] : [trace.entry(role, master)];
    const facts: PinFacts = {
      setAt: Date.now(),
      mustChange: reset && rules.mustChangeAfterReset,
      history: [...entries, ...pins.facts[role].history].slice(0, rules.history),
    };
    pins.rules = strictest(pins.rules, rules);
    pins.facts = role === KeyslotKind.So ? [facts, pins.facts[1]] : [pins.facts[0], facts];
    pins.historyKdf = trace === undefined ? pins.historyKdf : trace.kdf;
  };
}
