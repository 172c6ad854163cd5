/**
 * Recovery words, and what leads into a token. Words are bytes in guarded memory from where the enclave makes them to the answer, and from the
 * request to the enclave: none is ever a string.
 */
import { PIN_MOST } from '../../../../schema/pins.ts';
import type { KeyHandle } from '../../../enclave/enclave.ts';
import * as C from '../../generated/constants.ts';
import { type Session, sessionOf } from '../../sessions/application.ts';
import { costOfAll } from '../../store/factors/factors.ts';
import { LISTS_MOST, mnemonicFacts, newMnemonic, shownBytes } from '../../store/factors/mnemonic.ts';
import { KeyslotKind } from '../../store/protection.ts';
import type { Keyslot, Token as TokenRecord } from '../../store/token.ts';
import { withKeyOf } from '../../tokens/keyslot-key.ts';
import type { Role } from '../../tokens/new-pins.ts';
import { tell } from '../../tokens/pin-story.ts';
import { PinCopy, withSecrets } from '../../tokens/pins.ts';
import { inOrder, inParts, List, release } from '../../tokens/word-lists.ts';
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

const LINE_FEED = 0x0a;

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

/** So many lists of new words, in guarded memory; the caller's to release. */
function newLists(call: Call, lists: number, bytes: number): List[] {
  const { enclave } = call.engine;
  const made: List[] = [];
  try {
    for (let i = 0; i < lists; i++) {
      const list = new List(enclave);
      made.push(list);
      const entropy = checked(enclave.keyGenerateSecret(bytes), 'own.recovery');
      try {
        list.take(checked(enclave.mnemonicWords(entropy, list.buffer, 0, PIN_MOST), 'own.recovery'));
      } finally {
        enclave.keyFree(entropy);
      }
    }
    return made;
  } catch (error) {
    release(made);
    throw error;
  }
}

/** One list after the other, a line each, for whoever is to show them. */
function inLines(call: Call, lists: readonly List[]): void {
  const { reply } = call;
  let at = reply.bytesStart;
  const from = at;
  for (const { buffer, length } of lists) {
    if (at > from) reply.buffer[at++] = LINE_FEED;
    reply.buffer.set(buffer.subarray(0, length), at);
    at += length;
  }
  reply.bytesDone(at - from);
}

/**
 * The lists as they were shown, whatever the way they were typed, in the order in which their keyslot has them; CKR_DATA_INVALID where one is
 * none, which is no attempt: it tells nobody anything.
 */
function asShown(call: Call, words: Span, lists: number, use: (lists: readonly Span[]) => number): number {
  const { enclave } = call.engine;
  const parts = inParts(words, lists);
  const read: List[] = [];
  try {
    for (const { buffer, offset, length } of parts ?? []) {
      const list = new List(enclave);
      read.push(list);
      const normal = enclave.mnemonicNormal(buffer, offset, length, list.buffer, 0, PIN_MOST);
      if (normal < 0) return C.CKR_DATA_INVALID;
      list.take(normal);
    }
    return parts === undefined ? C.CKR_DATA_INVALID : use(inOrder(read).map(({ span }) => span));
  } finally {
    release(read);
  }
}

/** What SR_GetTokenAccess answers, as JSON; names are only ever added. */
function accessOf(call: Call, token: TokenRecord): object {
  const { pins } = call.engine;
  const way = (name: string, kind: KeyslotKind): object => {
    const keyslot = token.keyslots.get(kind);
    if (keyslot === undefined) return { way: name, set: false };
    const lists = keyslot.factors.filter(({ factor }) => factor === 'mnemonic');
    const [words] = lists;
    return {
      way: name,
      set: true,
      left: pins.remaining(token, kind),
      most: pins.most(token, kind),
      needs: keyslot.factors.map(({ factor, kdf }) => ({ factor, kdf })),
      ...costOfAll(keyslot.factors),
      ...(words === undefined ? {} : { ...mnemonicFacts(words), lists: lists.length }),
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
    const { enclave, pins, store } = call.engine;
    const session = sessionOf(call);
    const { record } = session.token;
    const bytes = entropyBytes.get(a.count);
    if (bytes === undefined || a.lists < 1 || a.lists > LISTS_MOST) return C.CKR_ARGUMENTS_BAD;
    const rv = call.reply.query(a.words, shownBytes(a.count * a.lists));
    if (rv !== PROCEED) return rv;
    const facts = { words: a.count, made: Date.now() };
    const choice = pins.chooseFor(
      Array.from({ length: a.lists }, () => newMnemonic(facts)),
      record,
    );
    const master = officersMaster(call);
    let lists: readonly List[] = [];
    const end = (): void => {
      release(lists);
      enclave.keyFree(master);
    };
    const made = (kek: KeyHandle): number => {
      try {
        shown.set(session, store.prepareKeyslot(record, KeyslotKind.Recovery, { choice, kek }, master));
        inLines(call, lists);
        return C.CKR_OK;
      } finally {
        enclave.keyFree(kek);
        end();
      }
    };
    try {
      lists = newLists(call, a.lists, bytes);
    } catch (error) {
      end();
      throw error;
    }
    const secrets = inOrder(lists).map(({ span }) => span);
    return withKeyOf(call, choice, secrets, made, end, 'keep');
  },

  SR_ConfirmRecovery(call) {
    const session = sessionOf(call);
    const { record } = session.token;
    const keyslot = shown.get(session);
    if (keyslot === undefined) return C.CKR_OPERATION_NOT_INITIALIZED;
    shown.delete(session);
    call.engine.store.keepKeyslot(record, keyslot);
    call.engine.bumpEpoch();
    const lists = keyslot.factors.length;
    tell(
      call,
      record,
      KeyslotKind.Recovery,
      lists === 1 ? 'new ones' : `new ones, in ${lists} lists that are all needed`,
    );
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
    const needed = record.keyslots.get(KeyslotKind.Recovery)?.factors.length;
    if (needed === undefined) return C.CKR_USER_PIN_NOT_INITIALIZED;
    const { newPin } = a;
    return asShown(call, a.words, needed, (lists) => {
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
      return withSecrets(call, record, KeyslotKind.Recovery, lists, set, () => {
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
