/** Using keys: each is one call of the engine's, its opening in front of it. */
import { randomBytes } from 'node:crypto';
import { ecdsaFromDer, ecdsaToDer } from '../../module/certificates/signatures.ts';
import {
  type ComputeMacRequest,
  type ComputeMacResponse,
  type DecryptRequest,
  type DecryptResponse,
  type EncryptRequest,
  type EncryptResponse,
  SignatureFormat,
  type SignRequest,
  type SignResponse,
  type VerifyMacRequest,
  type VerifyMacResponse,
  type VerifyRequest,
  type VerifyResponse,
} from '../../module/wire/generated/strongroom/v1/keys.ts';
import { Refusal } from '../cryptoki-client/answers.ts';
import type { Mechanism } from '../cryptoki-client/arguments.ts';
import * as C from '../cryptoki-client/generated/constants.ts';
import { wrong } from '../errors/problem.ts';
import { type Cipher, cipher, digested, mac, type Signing, signing } from './algorithms.ts';
import type { KeysApplication } from './application.ts';
import type { Found } from './find.ts';
import { orderOf } from './kinds.ts';

/** Longer than any signature or MAC here. */
export const SIGNATURE_MOST = 2048;
/** An opening that is longer travels by itself: in front of its call it must fit before the data. */
const OPENING_MOST = 32_768;

interface Opening {
  readonly mechanism: Mechanism;
  readonly key: number;
}

/**
 * A call with its opening in front of it. An opening that is refused says no more than that there is no operation, so then it is sent alone, and says why.
 */
async function paired<T>(
  opening: Opening,
  size: number,
  init: (opening: Opening) => Promise<void>,
  call: (opening?: Opening) => Promise<T>,
): Promise<T> {
  if (size <= OPENING_MOST) {
    try {
      return await call(opening);
    } catch (error) {
      if (!(error instanceof Refusal) || error.rv !== C.CKR_OPERATION_NOT_INITIALIZED) throw error;
    }
  }
  await init(opening);
  return await call();
}

/** Whether a signature fits; what cannot be one does not. */
export async function fits(verifying: Promise<void>): Promise<boolean> {
  try {
    await verifying;
    return true;
  } catch (error) {
    const no =
      error instanceof Refusal &&
      (error.rv === C.CKR_SIGNATURE_INVALID || error.rv === C.CKR_SIGNATURE_LEN_RANGE);
    if (no) return false;
    throw error;
  }
}

const formats: readonly number[] = Object.values(SignatureFormat);

/** Whether signatures are DER. */
export function isDer(how: Signing, format: number, field = 'format'): boolean {
  if (!formats.includes(format)) throw wrong(field, 'it is none that is known here');
  if (how.family === 'ecdsa') return format !== SignatureFormat.SIGNATURE_FORMAT_P1363;
  if (format !== SignatureFormat.SIGNATURE_FORMAT_UNSPECIFIED)
    throw wrong(field, 'signatures of this algorithm have one form only');
  return false;
}

/** The signature as the engine takes it; undefined for what is none. */
export async function rawSignature(
  { finder }: KeysApplication,
  found: Found,
  signature: Uint8Array,
  inDer: boolean,
): Promise<Uint8Array | undefined> {
  if (!inDer) return signature;
  found.order ??= orderOf((await finder.read(found.token.slot, found.object, [C.CKA_EC_PARAMS]))[0]);
  // A key of another kind: the engine says so.
  return found.order === undefined ? signature : ecdsaFromDer(signature, found.order);
}

/** What is signed, and how. */
function inputOf(
  how: Signing,
  input: SignRequest['input'],
): { readonly mechanism: Mechanism; readonly input: Uint8Array } {
  if (input === undefined) throw wrong('data', 'neither data nor a digest is given');
  return input.$case === 'data'
    ? { mechanism: how.mechanism, input: input.value }
    : digested(how, input.value);
}

export async function sign(app: KeysApplication, request: SignRequest): Promise<SignResponse> {
  const how = signing(request.algorithm);
  const inDer = isDer(how, request.format);
  const { mechanism, input } = inputOf(how, request.input);
  return await app.finder.use(
    () => app.finder.key(request.key, ['private']),
    ({ token, object }) =>
      app.sessions.lend(token.slot, async (session) => {
        const { signature } = await paired(
          { mechanism, key: object },
          0,
          (opening) => app.p11.C_SignInit({ session, ...opening }),
          (opening) => app.p11.C_Sign({ session, data: input, signature: SIGNATURE_MOST }, opening),
        );
        return { signature: inDer ? ecdsaToDer(signature) : signature };
      }),
  );
}

function checked(signature: Uint8Array, field: string): void {
  if (signature.length === 0) throw wrong(field, 'it is missing');
}

export async function verify(app: KeysApplication, request: VerifyRequest): Promise<VerifyResponse> {
  const how = signing(request.algorithm);
  const inDer = isDer(how, request.format);
  const { mechanism, input } = inputOf(how, request.input);
  checked(request.signature, 'signature');
  return await app.finder.use(
    () => app.finder.key(request.key, ['public']),
    async (found) => {
      if (request.signature.length > SIGNATURE_MOST) return { valid: false };
      const signature = await rawSignature(app, found, request.signature, inDer);
      if (signature === undefined) return { valid: false };
      return { valid: await verified(app, found, mechanism, input, signature) };
    },
  );
}

function verified(
  { p11, sessions }: KeysApplication,
  { token, object }: Found,
  mechanism: Mechanism,
  data: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  return sessions.lend(token.slot, (session) =>
    fits(
      paired(
        { mechanism, key: object },
        0,
        (opening) => p11.C_VerifyInit({ session, ...opening }),
        (opening) => p11.C_Verify({ session, data, signature }, opening),
      ),
    ),
  );
}

export async function computeMac(
  app: KeysApplication,
  request: ComputeMacRequest,
): Promise<ComputeMacResponse> {
  const { mechanism, length } = mac(request.algorithm);
  return await app.finder.use(
    () => app.finder.key(request.key, ['secret']),
    ({ token, object }) =>
      app.sessions.lend(token.slot, async (session) => {
        const { signature } = await paired(
          { mechanism, key: object },
          0,
          (opening) => app.p11.C_SignInit({ session, ...opening }),
          (opening) => app.p11.C_Sign({ session, data: request.data, signature: length }, opening),
        );
        return { mac: signature };
      }),
  );
}

export async function verifyMac(app: KeysApplication, request: VerifyMacRequest): Promise<VerifyMacResponse> {
  const { mechanism } = mac(request.algorithm);
  checked(request.mac, 'mac');
  return await app.finder.use(
    () => app.finder.key(request.key, ['secret']),
    async (found) => {
      if (request.mac.length > SIGNATURE_MOST) return { valid: false };
      return { valid: await verified(app, found, mechanism, request.data, request.mac) };
    },
  );
}

/** What is common to encryption and decryption. */
export interface Ciphering {
  readonly algorithm: number;
  readonly iv: Uint8Array;
  readonly aad: Uint8Array;
}

/** The cipher, its vector and its other data looked at. @param prefix of the fields' names */
export function ciphering({ algorithm, iv, aad }: Ciphering, decrypts: boolean, prefix = ''): Cipher {
  const how = cipher(algorithm, `${prefix}algorithm`);
  const { vector } = how;
  if (aad.length > 0 && !how.takesAad) throw wrong(`${prefix}aad`, 'this algorithm has no such data');
  if (vector === undefined) {
    if (iv.length > 0) throw wrong(`${prefix}iv`, 'this algorithm has none');
    return how;
  }
  if (iv.length === 0 && !decrypts) return how;
  if (iv.length < vector.least || iv.length > vector.most) {
    const right = vector.least === vector.most ? `${vector.least}` : `${vector.least} to ${vector.most}`;
    throw wrong(`${prefix}iv`, `it is ${right} bytes long`);
  }
  return how;
}

/** The vector that was given, or a random one. Whoever may encrypt need not have the right to ask the engine for random bytes. */
export function vectorFor(how: Cipher, iv: Uint8Array): Uint8Array {
  return how.vector === undefined || iv.length > 0 ? iv : randomBytes(how.vector.made);
}

/** How much longer than its input an output is at most. */
export const LONGER = 1024;

export async function encrypt(app: KeysApplication, request: EncryptRequest): Promise<EncryptResponse> {
  const how = ciphering(request, false);
  const { plaintext, aad } = request;
  return await app.finder.use(
    () => app.finder.key(request.key, [how.vector === undefined ? 'public' : 'secret']),
    ({ token, object }) =>
      app.sessions.lend(token.slot, async (session) => {
        const iv = vectorFor(how, request.iv);
        const room = plaintext.length + LONGER;
        const { encrypted } = await paired(
          { mechanism: how.mechanism(iv, aad), key: object },
          aad.length,
          (opening) => app.p11.C_EncryptInit({ session, ...opening }),
          (opening) => app.p11.C_Encrypt({ session, data: plaintext, encrypted: room }, opening),
        );
        return { ciphertext: encrypted, iv };
      }),
  );
}

export async function decrypt(app: KeysApplication, request: DecryptRequest): Promise<DecryptResponse> {
  const how = ciphering(request, true);
  const { ciphertext, iv, aad } = request;
  return await app.finder.use(
    () => app.finder.key(request.key, [how.vector === undefined ? 'private' : 'secret']),
    ({ token, object }) =>
      app.sessions.lend(token.slot, async (session) => {
        const room = ciphertext.length + LONGER;
        const { data } = await paired(
          { mechanism: how.mechanism(iv, aad), key: object },
          aad.length,
          (opening) => app.p11.C_DecryptInit({ session, ...opening }),
          (opening) => app.p11.C_Decrypt({ session, encrypted: ciphertext, data: room }, opening),
        );
        return { plaintext: data };
      }),
  );
}
