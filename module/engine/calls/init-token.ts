/** C_InitToken: making tokens, and emptying them. */
import { Kind } from '../../../audit/format.ts';
import type { KeyHandle } from '../../enclave/enclave.ts';
import * as C from '../generated/constants.ts';
import { lock } from '../sessions/unlocking.ts';
import { KeyslotKind, keyslotKinds } from '../store/protection.ts';
import { type ChosenPin, misfit, withNewPin } from '../tokens/new-pins.ts';
import { PinCopy, withPin } from '../tokens/pins.ts';
import type { Span } from '../values/arguments.ts';
import { labelText } from '../values/labels.ts';
import type { Call } from './call.ts';
import type { Host } from './host.ts';

function serialNumber(engine: Host): string {
  const bytes = new Uint8Array(8);
  engine.enclave.random(bytes, 0, bytes.byteLength);
  return Buffer.from(bytes).toString('hex');
}

/** C_InitToken (PKCS#11 3.2, 5.5.7): a new token in a free slot, or an existing one emptied, which needs its SO PIN. */
export function initToken(call: Call, slot: number, pin: Span | null, label: Span): number {
  const { engine } = call;
  const token = engine.tokens.get(slot);
  // The next free slot can be initialised also while it is not listed: that is how more tokens are made.
  if (token === undefined && slot !== engine.store.nextSlot) return C.CKR_SLOT_ID_INVALID;
  if (pin === null) return C.CKR_ARGUMENTS_BAD;
  if (token === undefined && engine.tokens.size >= engine.config.slots.maxTokens) return C.CKR_DEVICE_MEMORY;
  if (token !== undefined && engine.hasSessions(token)) return C.CKR_SESSION_EXISTS;
  const text = labelText(label);
  // A token that is emptied begins anew, under the rules that are configured: they are what its officer's PIN is held against.
  const initialise = (fresh: Span): number => {
    const problem = misfit(engine.pins.rulesOf(), KeyslotKind.So, fresh, [text]);
    if (problem !== undefined) {
      engine.audit.note(
        Kind.Authentication,
        { pin: 'SO PIN', what: `a new one is refused: it ${problem.why}` },
        call.app.id,
        slot,
      );
      return problem.rv;
    }
    return withNewPin(call, { pin: fresh, role: KeyslotKind.So }, made, ({ rv }) => rv);
  };
  const made = ({ key, also }: ChosenPin): number => {
    const info = { label: text, serial: serialNumber(engine), flags: 0, created: Date.now() };
    const now = engine.tokens.get(slot);
    if (now === undefined) {
      if (slot !== engine.store.nextSlot) {
        engine.enclave.keyFree(key.kek);
        return C.CKR_SLOT_ID_INVALID;
      }
      try {
        engine.addToken(engine.store.createToken(info, key, also));
      } finally {
        engine.enclave.keyFree(key.kek);
      }
    } else {
      if (engine.hasSessions(now)) {
        engine.enclave.keyFree(key.kek);
        return C.CKR_SESSION_EXISTS;
      }
      lock(engine, now);
      for (const kind of keyslotKinds) engine.pinTurns.of(now.record, kind).renewed();
      now.opening?.cancel();
      now.objects.dropAll();
      engine.pins.reinit(now.record, { ...info, serial: now.record.info?.serial ?? info.serial }, key, also);
    }
    engine.bumpEpoch();
    call.audit(-1, undefined);
    return C.CKR_OK;
  };
  if (token === undefined) return initialise(pin);
  // A token that was tampered with has no PIN that could be checked; initialising it anew is the way out.
  const { problem } = token.record;
  if (problem !== null && problem.kind !== 'rollback') return initialise(pin);
  const copy = new PinCopy(engine.enclave, pin);
  const goOn = (master: KeyHandle): number => {
    engine.enclave.keyFree(master);
    try {
      return initialise(copy.span);
    } finally {
      copy.release();
    }
  };
  return withPin(call, token.record, KeyslotKind.So, pin, goOn, () => copy.release());
}
