/** What somebody should look after in the tokens, as far as an engine knows it anyway: for `strongroom doctor` and `strongroom status`. */
import { isSucceeded } from '../../objects/lifecycle/succession.ts';
import { KeyslotKind } from '../../store/protection.ts';
import type { Token } from '../../tokens/token.ts';
import type { Host } from '../host.ts';

export interface TokenNote {
  readonly slot: number;
  readonly label: string;
  readonly lockedPins: readonly ('user' | 'so')[];
  /** Of a token that is open, the private keys too; they are not in memory elsewhere. */
  readonly keysDue: number;
  /** Of those that have been used since they came into memory. */
  readonly keysNearLimit: number;
}

/** Whether a PIN is there and locked. One of a token that is out of use may not be known. */
export function isLocked(engine: Host, token: Token, kind: KeyslotKind): boolean {
  if (engine.problemOf(token) !== null) return false;
  return engine.pins.has(token.record, kind) && engine.pins.isLocked(token.record, kind);
}

/** Of each token of which there is something to say. */
export function tokenNotes(engine: Host): TokenNote[] {
  return [...engine.tokens.values()]
    .map((token) => ({
      slot: token.slotId,
      label: token.record.info?.label ?? '',
      lockedPins: (['user', 'so'] as const).filter((pin) =>
        isLocked(engine, token, pin === 'so' ? KeyslotKind.So : KeyslotKind.User),
      ),
      keysDue: token.objects.rotating.due().length,
      // Whoever has rotated one has seen to it.
      keysNearLimit: token.objects.counting.nearOnes.filter(({ attributes }) => !isSucceeded(attributes))
        .length,
    }))
    .filter(({ lockedPins, keysDue, keysNearLimit }) => lockedPins.length + keysDue + keysNearLimit > 0);
}
