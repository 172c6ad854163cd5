/** What the audit log is told of PINs beside the calls themselves: what became of one, and why, in words. */
import { Kind } from '../../../audit/format.ts';
import type { AuditWriter } from '../../../audit/writer.ts';
import type { Pins } from '../store/keyslot.ts';
import { KeyslotKind } from '../store/protection.ts';
import type { Token as TokenRecord } from '../store/token.ts';
import { type PinRules, sameRules } from '../values/pin-rules.ts';

interface Told {
  readonly app: { readonly id: number };
  readonly engine: { readonly audit: Pick<AuditWriter, 'note'>; readonly pins: Pick<Pins, 'sealedRules'> };
}

const roles = {
  [KeyslotKind.So]: 'SO PIN',
  [KeyslotKind.User]: 'user PIN',
  [KeyslotKind.Recovery]: 'recovery words',
};

/** @param what goes on after “user PIN: ” */
export function tell({ app, engine }: Told, token: TokenRecord, kind: KeyslotKind, what: string): void {
  engine.audit.note(Kind.Authentication, { pin: roles[kind], what }, app.id, token.slot);
}

/** Which of the rules ask for more than they did, as the configuration names them. */
function tightened(before: PinRules, now: PinRules): string[] {
  const entries = Object.entries(now) as [keyof PinRules, PinRules[keyof PinRules]][];
  return entries
    .filter(([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value))
    .map(([name, value]) => {
      const key = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      // A list of refused PINs is the configuration's to show.
      return Array.isArray(value) && typeof value[0] === 'string' ? key : `${key} ${String(value)}`;
    });
}

/** The token may have been sealed with stricter rules than before. */
export function tellOfRules({ app, engine }: Told, token: TokenRecord, before: PinRules): void {
  const now = engine.pins.sealedRules(token);
  if (sameRules(before, now)) return;
  const rules = tightened(before, now).join(', ');
  engine.audit.note(
    Kind.Authentication,
    { pin: 'PIN policy', what: `stricter: ${rules}` },
    app.id,
    token.slot,
  );
}
