/** How a role's PIN is, and what is asked of it. */
import * as C from '../../generated/constants.ts';
import { KeyslotKind } from '../../store/protection.ts';
import { dueFor, type Role } from '../../tokens/new-pins.ts';
import { owedTo, standing } from '../../tokens/pins.ts';
import type { Token } from '../../tokens/token.ts';
import { longest, stricterIn } from '../../values/pin-rules.ts';
import { PROCEED } from '../../values/reply.ts';
import type { Handlers } from '../generated/codec.ts';
import type { Host } from '../host.ts';

const DAY_MS = 86_400_000;

const roles: Readonly<Record<number, Role>> = { [C.CKU_SO]: KeyslotKind.So, [C.CKU_USER]: KeyslotKind.User };

/** What the policy asks for; of refused PINs only their number. */
function policyOf(engine: Host, token: Token | undefined, role: Role): object {
  const { minLength, refused, ...rules } = engine.pins.rulesOf(token?.record);
  const maxLength = longest({ minLength, refused, ...rules }, role);
  return { ...rules, minLength: minLength[role], maxLength, refused: refused.length };
}

function pinOf(engine: Host, { record }: Token, role: Role): object {
  if (!engine.pins.has(record, role)) return { set: false };
  const { setAt } = engine.store.pinRecord(record).facts[role];
  const rules = engine.pins.rulesOf(record);
  const { maxAgeDays } = rules;
  return {
    set: true,
    triesLeft: standing(engine, record, role).left,
    triesMost: engine.pins.most(record, role),
    waitMs: Math.ceil(owedTo(engine, record, role)),
    mustChange: dueFor(engine, record, role) ?? null,
    // What is asked of PINs now, and was not when one of the token's was tried or set the last time.
    stricterNow: stricterIn(engine.pins.sealedRules(record), rules, role),
    setAt: setAt === 0 ? null : setAt,
    expiresAt: setAt === 0 || maxAgeDays === 0 ? null : setAt + maxAgeDays * DAY_MS,
  };
}

export const pinStatusHandlers = {
  /** As JSON; names are only ever added. Of the slot where the next token comes: what its PINs have to be. */
  SR_GetPinStatus(call, a) {
    const { engine, reply } = call;
    if (!engine.hasSlot(a.slot) && a.slot !== engine.store.nextSlot) return C.CKR_SLOT_ID_INVALID;
    const role = roles[a.userType];
    if (role === undefined) return C.CKR_USER_TYPE_INVALID;
    const token = engine.tokens.get(a.slot);
    const pin = token === undefined ? { set: false } : pinOf(engine, token, role);
    const text = Buffer.from(JSON.stringify({ ...pin, policy: policyOf(engine, token, role) }));
    const rv = reply.query(a.status, text.length);
    if (rv !== PROCEED) return rv;
    reply.bytes(text);
    return C.CKR_OK;
  },
} satisfies Partial<Handlers>;
