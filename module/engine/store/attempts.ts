/** Attempts at PINs: counted before they are made, remembered from elsewhere, and told to the log. Store says what each call promises. */
import type { Attempts, News } from '../../../audit/news.ts';
import { noRules, strictest } from '../values/pin-rules.ts';
import type { Durability } from './database.ts';
import type { Ledger } from './ledger.ts';
import type { TokenManifest } from './manifest.ts';
import { hex } from './packing.ts';
import { noPins, type PinRecord } from './pin-rules.ts';
import { byKind, type KeyslotKind, noProtection, type Protection } from './protection.ts';
import type { Token, TokenState } from './token.ts';

export class AttemptBook {
  readonly #ledger: Ledger;
  /** What the log knows: up to which generation, and of which tokens' attempts it does not. */
  #told = 0;
  readonly #untold = new Set<TokenState>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  failures(token: Token, kind: KeyslotKind): number {
    return (token as TokenState).manifest?.failures[kind] ?? 0;
  }

  protection(token: Token): Readonly<Protection> {
    return (token as TokenState).manifest?.protection ?? noProtection();
  }

  /** The rules for its PINs that it has been sealed with, and what is remembered of them. */
  pins(token: Token): Readonly<PinRecord> {
    return (token as TokenState).manifest?.pins ?? noPins();
  }

  /**
   * Counts an attempt: it is on the disk when this returns, which is before the PIN is looked at, and with it how many may be made, and the rules
   * that hold. The last one locks the PIN, unless it succeeds.
   */
  begin(token: Token, kind: KeyslotKind, most: number, rules = noRules): void {
    this.#count(token as TokenState, (draft) => {
      draft.failures[kind]++;
      draft.protection.maxAttempts[kind] = most;
      draft.protection.locked[kind] = draft.failures[kind] >= most;
      draft.pins.rules = strictest(draft.pins.rules, rules);
    });
  }

  /** A change to what is counted about PINs; of a token that waits to be accepted, too. */
  #count(token: TokenState, change: (draft: TokenManifest) => void, durability: Durability = 'synced'): void {
    this.#ledger.commit(token, change, {}, { durability, suspect: true });
    this.#untold.add(token);
  }

  lock(token: Token, kind: KeyslotKind): void {
    if (this.protection(token).locked[kind]) return;
    this.#count(token as TokenState, (draft) => {
      draft.protection.locked[kind] = true;
    });
  }

  /** That the count went back to nothing may be lost in a power cut, which costs its owner one attempt and nobody anything else. */
  clear(token: Token, kind: KeyslotKind): void {
    const state = token as TokenState;
    if (state.manifest?.failures[kind] === 0) return;
    const change = (draft: TokenManifest): void => {
      draft.failures[kind] = 0;
      draft.protection.locked[kind] = false;
    };
    this.#count(state, change, 'written');
  }

  /** Attempts that somebody else remembers count, where they are more; by token id in hex. */
  remind(attempts: ReadonlyMap<string, Attempts>): void {
    for (const token of this.#ledger.tokens.values()) {
      const { manifest } = token;
      const known = attempts.get(hex(token.id));
      if (manifest === null || known === undefined) continue;
      const [so, user, locked, recovery = 0] = known;
      const heard = [so, user, recovery] as const;
      const { failures, protection } = manifest;
      manifest.failures = byKind((kind) => Math.max(failures[kind], heard[kind]));
      protection.locked = byKind((kind) => protection.locked[kind] || (locked & (1 << kind)) !== 0);
    }
  }

  news(): News | null {
    const storeGeneration = this.#ledger.syncedGeneration;
    if (storeGeneration === this.#told && this.#untold.size === 0) return null;
    if (this.#untold.size === 0) return { storeGeneration };
    const attempts = Object.fromEntries([...this.#untold].map((token) => [hex(token.id), attemptsAt(token)]));
    return { storeGeneration, attempts };
  }

  told(): void {
    this.#told = this.#ledger.syncedGeneration;
    this.#untold.clear();
  }

  /** A PIN was set anew, and what is counted of it began again. */
  begunAnew(token: TokenState): void {
    this.#untold.add(token);
  }
}

function attemptsAt({ manifest }: TokenState): Attempts {
  const [so, user, recovery] = manifest?.failures ?? [0, 0, 0];
  const locked = manifest?.protection.locked ?? [];
  const bits = locked.reduce((sum, isLocked, kind) => sum | (isLocked ? 1 << kind : 0), 0);
  return recovery === 0 ? [so, user, bits] : [so, user, bits, recovery];
}
