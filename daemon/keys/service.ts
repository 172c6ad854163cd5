/** The service Keys: every call by its name, and what is common to them. */
import type { KeysServer } from '../../module/wire/generated/strongroom/v1/keys.ts';
import {
  DeriveKeyRequest,
  GenerateKeyRequest,
  ImportKeyRequest,
  RotateKeyRequest,
  UnwrapKeyRequest,
} from '../../module/wire/generated/strongroom/v1/keys.ts';
import { Refusal } from '../cryptoki-client/answers.ts';
import * as C from '../cryptoki-client/generated/constants.ts';
import { about, wrong } from '../errors/problem.ts';
import type { Calls, Context } from '../rpc.ts';
import type { Applications, KeysApplication } from './application.ts';
import { listDueKeys } from './due.ts';
import type { Idempotency } from './idempotency.ts';
import { getKeyLife } from './life.ts';
import { listKeys } from './list.ts';
import { deriveKey, destroyKey, generateKey, getPublicKey, importKey, unwrapKey, wrapKey } from './make.ts';
import { rotateKey, scheduleRotation } from './rotate.ts';
import { computeMacStream, decryptStream, encryptStream, signStream, verifyStream } from './streams.ts';
import { computeMac, decrypt, encrypt, sign, verify, verifyMac } from './use.ts';

/** What is said of sessions that the engine has ended. */
const lostSessions: readonly number[] = [C.CKR_SESSION_HANDLE_INVALID, C.CKR_SESSION_CLOSED];
const RANDOM_MOST = 1 << 20;

interface Making {
  readonly idempotencyKey: string;
  readonly spec?: { readonly temporary: boolean } | undefined;
  /** Bytes that are secrets. */
  readonly material?: { readonly value: Uint8Array } | undefined;
}

interface Encodes<Q> {
  encode(request: Q): { finish(): Uint8Array };
}

export function keysService(calls: Calls, applications: Applications, made: Idempotency): KeysServer {
  /** Runs a call in the application of its connection. */
  const within = async <A>(
    { connection, signal }: Context,
    work: (app: KeysApplication) => Promise<A>,
  ): Promise<A> => {
    const app = await applications.of(connection);
    signal.throwIfAborted();
    try {
      return await work(app);
    } catch (error) {
      if (error instanceof Refusal && lostSessions.includes(error.rv)) app.sessions.forget();
      throw error;
    }
  };

  /** A call of one request that uses a key, and changes nothing. */
  const using = <Q, A>(handler: (app: KeysApplication, request: Q, signal: AbortSignal) => Promise<A>) =>
    calls.unary<Q, A>((request, context) => within(context, (app) => handler(app, request, context.signal)));

  /** A call that makes a key: the same request with the same key makes it once. What has begun is not given up when the caller goes. */
  const making = <Q extends Making, A>(
    type: Encodes<Q>,
    name: string,
    handler: (app: KeysApplication, request: Q) => Promise<A>,
  ) =>
    calls.unary<Q, A>(async (request, context) => {
      const { connection } = context;
      // A key that ends with the connection is no answer to another one.
      const where = request.spec?.temporary === true ? String(connection.id) : '';
      const owner = JSON.stringify([connection.principal.names[0], name, where]);
      const encoded = request.idempotencyKey === '' ? new Uint8Array(0) : type.encode(request).finish();
      try {
        return await within(context, (app) =>
          made.once(owner, request.idempotencyKey, encoded, () => handler(app, request)),
        );
      } finally {
        encoded.fill(0);
        request.material?.value.fill(0);
      }
    });

  return {
    login: using(async (app, { token, pin }) => {
      try {
        if (pin.length === 0) throw wrong('pin', 'it is missing');
        const { slot } = await app.finder.token(token);
        const session = await app.sessions.home(slot);
        await about('pin', app.p11.C_Login({ session, userType: C.CKU_USER, pin }));
        return {};
      } finally {
        pin.fill(0);
      }
    }),
    logout: using(async (app, { token }) => {
      const { slot } = await app.finder.token(token);
      await app.p11.C_Logout({ session: await app.sessions.home(slot) });
      return {};
    }),

    generateKey: making(GenerateKeyRequest, 'generate', generateKey),
    importKey: making(ImportKeyRequest, 'import', importKey),
    unwrapKey: making(UnwrapKeyRequest, 'unwrap', unwrapKey),
    deriveKey: making(DeriveKeyRequest, 'derive', deriveKey),
    listKeys: using(listKeys),
    getPublicKey: using(getPublicKey),
    destroyKey: using(destroyKey),
    wrapKey: using(wrapKey),

    getKeyLife: using(getKeyLife),
    listDueKeys: using(listDueKeys),
    rotateKey: making(RotateKeyRequest, 'rotate', rotateKey),
    scheduleRotation: using(scheduleRotation),

    sign: using(sign),
    verify: using(verify),
    encrypt: using(encrypt),
    decrypt: using(decrypt),
    computeMac: using(computeMac),
    verifyMac: using(verifyMac),

    signStream: calls.collecting((requests, context) => within(context, (app) => signStream(app, requests))),
    verifyStream: calls.collecting((requests, context) =>
      within(context, (app) => verifyStream(app, requests)),
    ),
    computeMacStream: calls.collecting((requests, context) =>
      within(context, (app) => computeMacStream(app, requests)),
    ),
    encryptStream: calls.both((requests, context, write) =>
      within(context, (app) => encryptStream(app, requests, write)),
    ),
    decryptStream: calls.both((requests, context, write) =>
      within(context, (app) => decryptStream(app, requests, write)),
    ),

    generateRandom: using(async (app, { token, length }) => {
      if (length === 0 || length > RANDOM_MOST) throw wrong('length', `it is 1 to ${RANDOM_MOST}`);
      const { slot } = await app.finder.token(token);
      const session = await app.sessions.home(slot);
      const { bytes } = await app.p11.C_GenerateRandom({ session, length });
      return { random: bytes };
    }),
  };
}
