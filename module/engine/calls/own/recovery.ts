/**
 * Recovery words, and what leads into a token. Words are bytes in guarded memory from where the enclave makes them to the answer, and from the
 * request to the enclave: none is ever a string.
 */
import { PIN_MOST } from '../../../../schema/pins.ts';
import type { KeyHandle } from '../../../enclave/enclave.ts';
import * as C from '../../generated/constants.ts';
import { type Session, sessionOf } from '../../sessions/application.ts';
import { costOfAll } from '../../store/factors/factors.ts';
import { mnemonicFacts, newMnemonic, shownBytes } from '../../store/factors/mnemonic.ts';
import { KeyslotKind } from '../../store/protection.ts';
import type { Keyslot, Token as TokenRecord } from '../../store/token.ts';
import type { Role } from '../../tokens/new-pins.ts';
import { tell } from '../../tokens/pin-story.ts';
import { PinCopy, withPin } from '../../tokens/pins.ts';
import type { Span } from '../../values/arguments.ts';
import { checked } from '../../values/errors.ts';
import { PROCEED } from '../../values/reply.ts';
import type { Call } from '../call.ts';
import type { Handlers } from '../generated/codec.ts';
import { checkNewPin, setPin } from '../login.ts';

/** How many words there may be, and the bytes of entropy that each number stands for. */
const entropyBytes: ReadonlyMap<number, number> = new Map(
  [12, 15, 18, 21, 24].map((words) => [words, (words * 4) / 3]),
);

/** Words that were shown and not confirmed yet open nothing: they are nowhere but here, and go with their session. */
const shown = new WeakMap<Session, Keyslot>();

const pinOf: Readonly<Record<number, Role>> = {
  [C.CKU_SO]: KeyslotKind.So,
  [C.CKU_USER]: KeyslotKind.User,
};

/** A copy of the master key of whoever is logged in as security officer, since he may log out meanwhile. */
function officersMaster(call: Call): KeyHandle {
  const session = sessionOf(call);
  return checked(
    call.engine.enclave.keyDuplicate(session.token.securityOfficers.get(session.app) ?? 0),
    'own.recovery',
  );
}

/** Writes new words to guarded memory, from which `use` has them. */
function withNewWords<T>(call: Call, bytes: number, use: (words: Span) => T): T {
  const { enclave } = call.engine;
  const room = new PinCopy(enclave, { buffer: new Uint8Array(), offset: 0, length: 0 });
  const entropy = checked(enclave.keyGenerateSecret(bytes), 'own.recovery');
  try {
    const length = checked(enclave.mnemonicWords(entropy, room.buffer, 0, PIN_MOST), 'own.recovery');
    return use({ buffer: room.buffer, offset: 0, length });
  } finally {
    enclave.keyFree(entropy);
    room.release();
  }
}

/** The words as they were shown, whatever the way they were typed; CKR_DATA_INVALID for what are none, which is no attempt: it tells nobody anything. */
function asShown(call: Call, words: Span, use: (words: Span) => number): number {
  const { enclave } = call.engine;
  const room = new PinCopy(enclave, { buffer: new Uint8Array(), offset: 0, length: 0 });
  try {
    const length = enclave.mnemonicNormal(words.buffer, words.offset, words.length, room.buffer, 0, PIN_MOST);
    return length < 0 ? C.CKR_DATA_INVALID : use({ buffer: room.buffer, offset: 0, length });
  } finally {
    room.release();
  }
}

/** What SR_GetTokenAccess answers, as JSON; names are only ever added. */
function accessOf(call: Call, token: TokenRecord): object {
  const { pins } = call.engine;
  const way = (name: string, kind: KeyslotKind): object => {
    const keyslot = token.keyslots.get(kind);
    if (keyslot === undefined) return { way: name, set: false };
    const [words] = keyslot.factors.filter(({ factor }) => factor === 'mnemonic');
    return {
      way: name,
      set: true,
      left: pins.remaining(token, kind),
      most: pins.most(token, kind),
      needs: keyslot.factors.map(({ factor, kdf }) => ({ factor, kdf })),
      ...costOfAll(keyslot.factors),
      ...(words === undefined ? {} : mnemonicFacts(words)),
    };
  };
  return {
    created: token.info?.created ?? null,
    ways: [
      way('user PIN', KeyslotKind.User),
      way('SO PIN', KeyslotKind.So),
      way('recovery words', KeyslotKind.Recovery),
    ],
  };
}

export const recoveryHandlers = {
  SR_AddRecovery(call, a) {
    const { engine } = call;
    const { pins, placement } = engine;
    const session = sessionOf(call);
    const { record } = session.token;
    const bytes = entropyBytes.get(a.count);
    if (bytes === undefined) return C.CKR_ARGUMENTS_BAD;
    const rv = call.reply.query(a.words, shownBytes(a.count));
    if (rv !== PROCEED) return rv;
    const job = placement.job(call.app);
    const choice = pins.chooseFor([newMnemonic({ words: a.count, made: Date.now() })], record);
    const master = officersMaster(call);
    const text = new PinCopy(engine.enclave, { buffer: new Uint8Array(), offset: 0, length: 0 });
    let length = 0;
    try {
      length = withNewWords(call, bytes, (words) => {
        text.buffer.set(words.buffer.subarray(0, words.length));
        pins.deriveNew(job, choice, words.buffer, words.offset, words.length);
        return words.length;
      });
    } catch (error) {
      text.release();
      engine.enclave.keyFree(master);
      throw error;
    }
    return call.defer(
      job,
      () => {
        try {
          const kek = engine.jobHandle(job);
          try {
            shown.set(
              session,
              engine.store.prepareKeyslot(record, KeyslotKind.Recovery, { choice, kek }, master),
            );
          } finally {
            engine.enclave.keyFree(kek);
          }
          call.reply.bytes(text.buffer.subarray(0, length));
          return C.CKR_OK;
        } finally {
          text.release();
          engine.enclave.keyFree(master);
        }
      },
      'keep',
    );
  },

  SR_ConfirmRecovery(call) {
    const session = sessionOf(call);
    const keyslot = shown.get(session);
    if (keyslot === undefined) return C.CKR_OPERATION_NOT_INITIALIZED;
    shown.delete(session);
    call.engine.store.keepKeyslot(session.token.record, keyslot);
    call.engine.bumpEpoch();
    return C.CKR_OK;
  },

  SR_RemoveRecovery(call) {
    const { engine } = call;
    const { record } = sessionOf(call).token;
    if (!engine.pins.has(record, KeyslotKind.Recovery)) return C.CKR_USER_PIN_NOT_INITIALIZED;
    engine.pins.forget(record);
    engine.store.removeKeyslot(record, KeyslotKind.Recovery);
    engine.bumpEpoch();
    return C.CKR_OK;
  },

  SR_Recover(call, a) {
    const { engine } = call;
    if (!engine.hasSlot(a.slot)) return C.CKR_SLOT_ID_INVALID;
    const token = engine.tokens.get(a.slot);
    if (token === undefined) return C.CKR_TOKEN_NOT_RECOGNIZED;
    if (engine.problemOf(token) !== null) return C.CKR_DEVICE_ERROR;
    const kind = pinOf[a.userType];
    if (kind === undefined) return C.CKR_USER_TYPE_INVALID;
    if (a.words === null) return C.CKR_ARGUMENTS_BAD;
    const rv = checkNewPin(call, token, kind, a.newPin);
    if (rv !== C.CKR_OK || a.newPin === null) return rv;
    const { record } = token;
    if (!engine.pins.has(record, KeyslotKind.Recovery)) return C.CKR_USER_PIN_NOT_INITIALIZED;
    const { newPin } = a;
    return asShown(call, a.words, (words) => {
      const fresh = new PinCopy(engine.enclave, newPin);
      const whose = kind === KeyslotKind.So ? 'SO PIN' : 'user PIN';
      const set = (master: KeyHandle): number => {
        try {
          tell(call, record, KeyslotKind.Recovery, `right: they set the ${whose} anew`);
        } catch (error) {
          engine.enclave.keyFree(master);
          fresh.release();
          throw error;
        }
        try {
          return setPin(call, token, {
            role: kind,
            pin: fresh.span,
            master,
            by: 'whoever has the recovery words',
          });
        } finally {
          fresh.release();
        }
      };
      return withPin(call, record, KeyslotKind.Recovery, words, set, () => {
        fresh.release();
        tell(call, record, KeyslotKind.Recovery, `tried for the ${whose}, and did not open the token`);
      });
    });
  },

  SR_GetTokenAccess(call, a) {
    const { engine, reply } = call;
    if (!engine.hasSlot(a.slot)) return C.CKR_SLOT_ID_INVALID;
    const token = engine.tokens.get(a.slot);
    if (token === undefined) return C.CKR_TOKEN_NOT_RECOGNIZED;
    const text = Buffer.from(JSON.stringify(accessOf(call, token.record)));
    const rv = reply.query(a.access, text.length);
    if (rv !== PROCEED) return rv;
    reply.bytes(text);
    return C.CKR_OK;
  },
} satisfies Partial<Handlers>;
