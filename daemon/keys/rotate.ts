/** Successors of keys: now, or every so often. The engine makes them, and decides who may ask for one. */
import type {
  RotateKeyRequest,
  RotateKeyResponse,
  ScheduleRotationRequest,
  ScheduleRotationResponse,
} from '../../module/wire/generated/strongroom/v1/keys.ts';
import * as C from '../cryptoki-client/generated/constants.ts';
import { about, resultIn, wrong } from '../errors/problem.ts';
import type { KeysApplication } from './application.ts';
import { describe } from './describe.ts';
import type { Found } from './find.ts';
import { keyAndLife } from './life.ts';
import { publicInfo } from './make.ts';
import { number } from './values.ts';

const REASON_MOST = 1000;
/** What stands for no time. */
const NEVER = -1;
/** What the engine takes for “as I was told”. */
const AS_TOLD = -1;

/** The bytes of a reason in words. */
export function reasonOf(text: string): Uint8Array {
  const reason = Buffer.from(text);
  if (reason.length > REASON_MOST) throw wrong('reason', `it has at most ${REASON_MOST} bytes`);
  return reason;
}

/** What is rotated has no public half without a private one. */
const find = (app: KeysApplication, request: RotateKeyRequest | ScheduleRotationRequest): Promise<Found> =>
  app.finder.key(request.key, ['private', 'secret']);

/** Lays some of the engine's refusals to fields of the request. */
async function blamed<T>(fields: Readonly<Record<number, string>>, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const field = fields[resultIn(error) ?? C.CKR_OK];
    if (field === undefined) throw error;
    return await about(field, Promise.reject(error));
  }
}

const rotationFields = {
  [C.CKR_ACTION_PROHIBITED]: 'key',
  [C.CKR_ARGUMENTS_BAD]: 'grace_seconds',
  [C.CKR_KEY_CHANGED]: 'key',
  [C.CKR_MECHANISM_INVALID]: 'key',
};

export async function rotateKey(app: KeysApplication, request: RotateKeyRequest): Promise<RotateKeyResponse> {
  const reason = reasonOf(request.reason);
  const grace = request.graceSeconds ?? AS_TOLD;
  const { token, object, role, id, successor } = await app.finder.use(
    () => find(app, request),
    async (found) => {
      const { slot } = found.token;
      const session = await app.sessions.home(slot);
      const [id] = await app.finder.read(slot, found.object, [C.CKA_ID]);
      const rotation = app.p11.SR_RotateKey({ session, key: found.object, grace, reason });
      return { ...found, id, ...(await blamed(rotationFields, rotation)) };
    },
  );
  // From here on nothing is tried again: the key has been rotated.
  const { key: oldKey, life } = await keyAndLife(app, token, object);
  return {
    key: await describe(app.finder, token, successor),
    publicKey: role === 'private' ? await publicInfo(app, token, successor) : new Uint8Array(0),
    oldKey,
    oldKeyUntil: life.deactivationTime,
    oldCertificate: id !== undefined && id.length > 0 && (await hasCertificate(app, token.slot, id)),
  };
}

async function hasCertificate(app: KeysApplication, slot: number, id: Uint8Array): Promise<boolean> {
  const template = [
    { type: C.CKA_CLASS, value: number(C.CKO_CERTIFICATE) },
    { type: C.CKA_ID, value: id },
  ];
  return (await app.finder.search(slot, template, 1)).length > 0;
}

const scheduleFields = {
  [C.CKR_ACTION_PROHIBITED]: 'key',
  [C.CKR_ATTRIBUTE_READ_ONLY]: 'key',
  [C.CKR_ATTRIBUTE_TYPE_INVALID]: 'key',
  [C.CKR_ATTRIBUTE_VALUE_INVALID]: 'every_seconds',
};

export async function scheduleRotation(
  app: KeysApplication,
  request: ScheduleRotationRequest,
): Promise<ScheduleRotationResponse> {
  const every = request.everySeconds === 0 ? NEVER : request.everySeconds;
  return await app.finder.use(
    () => find(app, request),
    async ({ token, object }) => {
      const session = await app.sessions.home(token.slot);
      const template = [{ type: C.CKA_STRONGROOM_ROTATE_EVERY, value: number(every) }];
      await blamed(scheduleFields, app.p11.C_SetAttributeValue({ session, object, template }));
      return { life: (await keyAndLife(app, token, object)).life };
    },
  );
}
