/**
 * Our own functions, beside the standard's: what those who run an engine need and PKCS#11 has no call for. The command line gets at them by
 * the interface "Strongroom".
 */
import { version } from '../../../../schema/product.ts';
import * as C from '../../generated/constants.ts';
import { ConfigError, parseStoreSettings, SETTINGS_MAX, withSettings } from '../../policy/config.ts';
import { Kept } from '../../policy/quotas.ts';
import { nameOf } from '../../policy/rights.ts';
import { sessionOf } from '../../sessions/application.ts';
import { KeyslotKind } from '../../store/protection.ts';
import { withPin } from '../../tokens/pins.ts';
import { labelText } from '../../values/labels.ts';
import { PROCEED } from '../../values/reply.ts';
import type { Call } from '../call.ts';
import type { Handlers } from '../generated/codec.ts';
import { troubles } from './health.ts';
import { tokenNotes } from './token-notes.ts';

/** Who else uses the engine, and whether it ends, is the affair of those who look after it. */
function isOwner(call: Call): boolean {
  return call.app.rights.operator;
}

const keyslotOf: Readonly<Record<number, KeyslotKind>> = {
  [C.CKU_SO]: KeyslotKind.So,
  [C.CKU_USER]: KeyslotKind.User,
};

export const keptKinds: readonly (readonly [name: string, kind: Kept])[] = [
  ['sessions', Kept.Sessions],
  ['sessionObjects', Kept.Objects],
  ['sessionObjectBytes', Kept.ObjectBytes],
  ['operations', Kept.Operations],
  ['operationBytes', Kept.OperationBytes],
];

/** What SR_GetEngineStatus answers, as JSON; names are only ever added. */
function status({ engine, app }: Call): object {
  return {
    version,
    folder: import.meta.dirname,
    pid: process.pid,
    uid: process.geteuid?.(),
    service: engine.shared,
    uptimeSeconds: Math.floor(process.uptime()),
    configuration: engine.configSource ?? null,
    reload: engine.reload ?? null,
    network: engine.network?.state ?? null,
    policy: engine.policySource ?? null,
    ownSettings: Object.keys(parseStoreSettings(engine.ownSettings ?? '', '')),
    ownSettingsCurrent: engine.store.settings === engine.ownSettings,
    memoryLocked: engine.enclave.status().memoryLocked,
    troubles: troubles(engine),
    tokenNotes: tokenNotes(engine),
    tokens: engine.tokens.size,
    unlocked: [...engine.tokens.values()]
      .filter(({ keeper }) => keeper !== undefined)
      .map(({ slotId }) => slotId),
    kept: keptKinds.map(([name, kind]) => ({
      name,
      used: engine.quotas.used[kind],
      ...engine.quotas.limits[kind],
    })),
    applications: [...engine.applications.values()].map((application) => {
      const { peer, sessions, account } = application;
      return {
        // Whether it is the one that asks.
        self: application === app,
        pid: peer.pid,
        uid: peer.uid,
        executable: peer.executable,
        // Who he is that came by the network door, whose process that is.
        ...(peer.remote === undefined ? {} : { name: nameOf(peer.remote), address: peer.remote.address }),
        sessions: sessions.size,
        kept: Object.fromEntries(keptKinds.map(([name, kind]) => [name, account.held[kind]])),
      };
    }),
  };
}

/** A text that the next engine will understand, or undefined. */
function settingsText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    parseStoreSettings(text, '');
    return text;
  } catch (error) {
    if (error instanceof ConfigError || error instanceof TypeError) return undefined;
    throw error;
  }
}

export const ownHandlers = {
  SR_RenameToken(call, a) {
    const { token } = sessionOf(call);
    const { info } = token.record;
    if (info === null) return C.CKR_DEVICE_ERROR;
    call.engine.store.updateToken(token.record, { ...info, label: labelText(a.label) });
    call.engine.bumpEpoch();
    return C.CKR_OK;
  },

  SR_GetPinAttempts(call, a) {
    const { engine } = call;
    if (!engine.hasSlot(a.slot)) return C.CKR_SLOT_ID_INVALID;
    const kind = keyslotOf[a.userType];
    if (kind === undefined) return C.CKR_USER_TYPE_INVALID;
    const record = engine.tokens.get(a.slot)?.record;
    if (record === undefined || !engine.pins.has(record, kind)) return C.CKR_USER_PIN_NOT_INITIALIZED;
    const { soMaxAttempts, maxAttempts } = engine.config.pin;
    call.reply.ulong(engine.pins.remaining(record, kind));
    call.reply.ulong(kind === KeyslotKind.So ? soMaxAttempts : maxAttempts);
    return C.CKR_OK;
  },

  SR_GetEngineStatus(call, a) {
    if (!isOwner(call)) return C.CKR_FUNCTION_REJECTED;
    const text = Buffer.from(JSON.stringify(status(call)));
    const rv = call.reply.query(a.status, text.length);
    if (rv !== PROCEED) return rv;
    call.reply.bytes(text);
    return C.CKR_OK;
  },

  SR_StopEngine(call, a) {
    const { engine } = call;
    if (!isOwner(call)) return C.CKR_FUNCTION_REJECTED;
    if (a.force !== C.CK_FALSE && a.force !== C.CK_TRUE) return C.CKR_ARGUMENTS_BAD;
    // An application that has no session at this moment is about to open one: that it came is what counts.
    if (a.force === C.CK_FALSE && engine.applications.size > 1) return C.CKR_SESSION_EXISTS;
    engine.stop(call.app);
    return C.CKR_OK;
  },

  SR_GetSettings(call, a) {
    if (!isOwner(call)) return C.CKR_FUNCTION_REJECTED;
    const text = Buffer.from(call.engine.store.settings ?? '');
    const rv = call.reply.query(a.settings, text.length);
    if (rv !== PROCEED) return rv;
    call.reply.bytes(text);
    return C.CKR_OK;
  },

  SR_SetSettings(call, a) {
    const { engine } = call;
    const { app } = sessionOf(call);
    // They hold for every token, so whoever is the officer of one alone does not decide.
    for (const token of engine.tokens.values())
      if (!token.securityOfficers.has(app)) return C.CKR_USER_NOT_LOGGED_IN;
      else if (app.mustChangePin(token)) return C.CKR_PIN_EXPIRED;
    const { buffer, offset, length } = a.settings;
    if (length > SETTINGS_MAX) return C.CKR_DATA_LEN_RANGE;
    const text = settingsText(buffer.subarray(offset, offset + length));
    if (text === undefined) return C.CKR_DATA_INVALID;
    // Whoever takes them away again needs a session on each token at the same time.
    const { sessions } = withSettings(parseStoreSettings(text, ''));
    if (Math.min(sessions.maxPerApplication, sessions.maxTotal) < engine.tokens.size)
      return C.CKR_DATA_INVALID;
    engine.store.settings = text === '' ? null : text;
    return C.CKR_OK;
  },

  SR_AcceptStore(call, a) {
    const { engine } = call;
    if (!engine.hasSlot(a.slot)) return C.CKR_SLOT_ID_INVALID;
    const token = engine.tokens.get(a.slot);
    if (token === undefined) return C.CKR_TOKEN_NOT_RECOGNIZED;
    if (a.pin === null) return C.CKR_ARGUMENTS_BAD;
    const problem = engine.problemOf(token);
    // Nothing was found, so there is nothing to accept, and no PIN is looked at.
    if (problem === null) return C.CKR_FUNCTION_REJECTED;
    if (problem.kind !== 'rollback') throw problem;
    return withPin(call, token.record, KeyslotKind.So, a.pin, (master) => {
      engine.enclave.keyFree(master);
      // Somebody else may have accepted meanwhile.
      if (engine.problemOf(token) !== null) engine.accept(token, call.app.id);
      return C.CKR_OK;
    });
  },
} satisfies Partial<Handlers>;
