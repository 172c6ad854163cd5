/**
 * The service Admin. Each call has an application of its own in the engine, under the client's name, which ends with it: so a security officer's login is
 * never in the way of the same client's keys, nor outlives the call. Who may what is the engine's to say, by its policy.
 */
import {
  type AdminServer,
  AuditFile,
  type GetEngineStatusResponse,
  type Token,
} from '../../module/wire/generated/strongroom/v1/admin.ts';
import { Refusal } from '../cryptoki-client/answers.ts';
import * as C from '../cryptoki-client/generated/constants.ts';
import type { Cryptoki } from '../cryptoki-client/generated/cryptoki.ts';
import { withEngine } from '../engine.ts';
import { about, notYet, wrong } from '../errors/problem.ts';
import type { Attach } from '../keys/application.ts';
import { isInitialized, listTokens, pickToken, type TokenInfo } from '../keys/tokens.ts';
import { type Calls, paused } from '../rpc.ts';
import { ownerOf, pinOf } from './fields.ts';
import { setKeyState } from './key-state.ts';
import { engineStatus } from './status.ts';

const LABEL_BYTES = 32;
/** Of the audit log, in one message. */
const PART_MOST = 1 << 18;
const ANCHOR_MOST = 65_536;
const METRICS_ROOM = 1 << 20;
/** How often somebody who follows the log is told of more. */
const FOLLOW_MS = 250;

function labelOf(label: string, field: string): Uint8Array {
  const bytes = new TextEncoder().encode(label);
  if (bytes.length === 0 || bytes.length > LABEL_BYTES)
    throw wrong(field, `it is 1 to ${LABEL_BYTES} bytes long`);
  return bytes;
}

const files: ReadonlyMap<number, number> = new Map([
  [AuditFile.AUDIT_FILE_LOG, 0],
  [AuditFile.AUDIT_FILE_PUBLIC_KEY, 1],
  [AuditFile.AUDIT_FILE_ANCHOR, 2],
]);

async function slotOf(p11: Cryptoki, label: string): Promise<number> {
  return pickToken(await listTokens(p11), label, 'token').slot;
}

/** A session in which the security officer has logged in. */
async function asOfficer(p11: Cryptoki, slot: number, pin: Uint8Array, field: string): Promise<number> {
  const flags = C.CKF_SERIAL_SESSION | C.CKF_RW_SESSION;
  const { session } = await p11.C_OpenSession({ slot, flags });
  await about(field, p11.C_Login({ session, userType: C.CKU_SO, pin: pinOf(pin, field) }));
  return session;
}

function tokenOf(info: TokenInfo): Token {
  const has = (flag: number): boolean => (info.flags & flag) !== 0;
  return {
    slot: info.slot,
    label: info.label,
    serial: info.serial,
    initialized: isInitialized(info),
    userPinSet: has(C.CKF_USER_PIN_INITIALIZED),
    userPinLocked: has(C.CKF_USER_PIN_LOCKED),
    soPinLocked: has(C.CKF_SO_PIN_LOCKED),
    loginRequired: has(C.CKF_LOGIN_REQUIRED),
  };
}

export function adminService(calls: Calls, attach: Attach): AdminServer {
  /** A call that asks the engine one thing; the secrets of its request are gone afterwards. */
  const asking = <Q extends object, A>(handler: (p11: Cryptoki, request: Q) => Promise<A>) =>
    calls.unary<Q, A>(async (request, context) => {
      try {
        return await withEngine(attach, context, (p11) => handler(p11, request));
      } finally {
        for (const value of Object.values(request)) if (value instanceof Uint8Array) value.fill(0);
      }
    });

  return {
    whoAmI: calls.unary(async (_request, { connection }) => {
      const { names, fingerprint, address } = connection.principal;
      return { names: [...names], fingerprint, address };
    }),

    listTokens: asking(async (p11) => ({ tokens: (await listTokens(p11)).map(tokenOf) })),
    initToken: asking(async (p11, { slot, soPin, label }) => {
      const bytes = labelOf(label, 'label');
      await about('so_pin', p11.C_InitToken({ slot, pin: pinOf(soPin, 'so_pin'), label: bytes }));
      return {};
    }),
    renameToken: asking(async (p11, { token, soPin, newLabel }) => {
      const label = labelOf(newLabel, 'new_label');
      const session = await asOfficer(p11, await slotOf(p11, token), soPin, 'so_pin');
      await p11.SR_RenameToken({ session, label });
      return {};
    }),
    changePin: asking(async (p11, { token, owner, oldPin, newPin }) => {
      const userType = ownerOf(owner);
      const pins = { oldPin: pinOf(oldPin, 'old_pin'), newPin: pinOf(newPin, 'new_pin') };
      const slot = await slotOf(p11, token);
      const flags = C.CKF_SERIAL_SESSION | C.CKF_RW_SESSION;
      const session =
        userType === C.CKU_SO
          ? await asOfficer(p11, slot, oldPin, 'old_pin')
          : (await p11.C_OpenSession({ slot, flags })).session;
      try {
        await p11.C_SetPIN({ session, ...pins });
      } catch (error) {
        const old = error instanceof Refusal && error.rv === C.CKR_PIN_INCORRECT;
        await about(old ? 'old_pin' : 'new_pin', Promise.reject(error));
      }
      return {};
    }),
    resetPin: asking(async (p11, { token, soPin, newPin }) => {
      const pin = pinOf(newPin, 'new_pin');
      const session = await asOfficer(p11, await slotOf(p11, token), soPin, 'so_pin');
      await about('new_pin', p11.C_InitPIN({ session, pin }));
      return {};
    }),
    getPinStatus: asking(async (p11, { token, owner }) => {
      const userType = ownerOf(owner);
      const { left, most } = await p11.SR_GetPinAttempts({ slot: await slotOf(p11, token), userType });
      return { attemptsLeft: left, attemptsMost: most };
    }),
    unlockToken: asking(async (p11, { token, pin }) => {
      const slot = await slotOf(p11, token);
      await about('pin', p11.SR_UnlockToken({ slot, pin: pinOf(pin, 'pin') }));
      return {};
    }),
    lockToken: asking(async (p11, { token }) => {
      await p11.SR_LockToken({ slot: await slotOf(p11, token) });
      return {};
    }),

    getPolicy: asking(async (p11) => {
      const { policy, troubles } = await engineStatus(p11);
      const trouble = troubles.filter(({ about: what }) => what === 'policy').map(({ text }) => text);
      return { source: policy, trouble: trouble.join('\n') };
    }),
    getEngineStatus: asking(async (p11): Promise<GetEngineStatusResponse> => {
      const { version, uptimeSeconds, applications, tokens, unlocked, troubles, json } =
        await engineStatus(p11);
      return { version, uptimeSeconds, applications, tokens, unlockedSlots: unlocked, troubles, json };
    }),
    stopEngine: asking(async (p11, { force }) => {
      await p11.SR_StopEngine({ force: force ? C.CK_TRUE : C.CK_FALSE });
      return {};
    }),
    getMetrics: asking(async (p11) => {
      const { metrics } = await p11.SR_GetMetrics({ metrics: METRICS_ROOM });
      return { text: Buffer.from(metrics).toString('utf8') };
    }),

    getAuditHead: asking(async (p11) => {
      const length = await p11.SR_ReadAuditLog_length({ file: 0, offset: 0 });
      const { data } = await p11.SR_ReadAuditLog({ file: 2, offset: 0, data: ANCHOR_MOST });
      return { length, anchor: data };
    }),
    readAuditLog: calls.telling(async (request, context, write) => {
      const file = files.get(request.file);
      if (file === undefined) throw wrong('file', 'it is none that is known here');
      if (request.follow && file !== 0) throw wrong('follow', 'the log alone goes on');
      await withEngine(attach, context, async (p11) => {
        for (let { offset } = request; ; ) {
          context.signal.throwIfAborted();
          const { data } = await p11.SR_ReadAuditLog({ file, offset, data: PART_MOST });
          if (data.length > 0) await write({ offset, data });
          else if (request.follow) await paused(FOLLOW_MS, context.signal);
          else return;
          offset += data.length;
        }
      });
    }),

    setKeyState: asking(setKeyState),
    createBackup: calls.telling(async () => {
      throw notYet('backups');
    }),
    restoreBackup: calls.collecting(async () => {
      throw notYet('backups');
    }),
  };
}
