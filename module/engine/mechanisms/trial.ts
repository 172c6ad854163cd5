/** A new key, tried once before it counts: what it signs verifies, and what is encrypted for it decrypts. The key's own attributes have no say in that. */
import {
  Cipher,
  Component,
  EcdhKdf,
  type Enclave,
  encryptionPlan,
  Hash,
  type JobId,
  type KeyHandle,
  KeyKind,
  nothing,
  RsaPadding,
  Scheme,
  type SigningPlan,
  signingPlan,
  whole,
} from '../../enclave/enclave.ts';
import * as ck from '../generated/constants.ts';
import { sameBytes } from '../objects/key-material.ts';
import { ALWAYS_INLINE } from '../policy/placement.ts';
import { CryptokiError, checked } from '../values/errors.ts';
import type { KeyCall } from './key-call.ts';
import { privateCost } from './rsa/rsa.ts';

const PLACE = 'mechanisms.trial';
const BLOCK = 16;
const POINT = 32;
/** Bytes of an RSA signature with 16,384 bits. */
const LONGEST = 2048;
const X25519 = Uint8Array.of(0x06, 3, 0x2b, 0x65, 0x6e);

const oaep = encryptionPlan({ padding: RsaPadding.Oaep, hash: Hash.Sha256, mgfHash: Hash.Sha256 });
const cbc = encryptionPlan({ cipher: Cipher.AesCbc, iv: new Uint8Array(BLOCK) });
const rsa = signingPlan({ scheme: Scheme.RsaPkcs1, hash: Hash.Sha256 });
const ecdsa = signingPlan({ scheme: Scheme.Ecdsa, hash: Hash.Sha256 });
const ed25519 = signingPlan({ scheme: Scheme.Ed25519 });
const hmac = signingPlan({ scheme: Scheme.Hmac, hash: Hash.Sha256 });

/** A key that nobody has used yet. */
export interface Fresh {
  readonly keyType: number;
  readonly key: KeyHandle;
  /** Of a pair. */
  readonly publicKey: KeyHandle;
}

/**
 * Tries it, and goes on once it has been tried, whatever becomes of its caller meanwhile.
 * @param then is told 0, or -CKR when it is not what it should be; returns a CK_RV or PENDING
 */
export function tryKey(call: KeyCall, fresh: Fresh, then: (result: number) => number): number {
  const { enclave } = call.engine;
  if (fresh.keyType === ck.CKK_RSA) return tryRsa(call, fresh, then);
  let result = 0;
  try {
    tryShort(enclave, fresh);
  } catch (error) {
    if (!(error instanceof CryptokiError)) throw error;
    result = -error.rv;
  }
  return then(result);
}

function text(enclave: Enclave): Uint8Array {
  const bytes = new Uint8Array(BLOCK);
  checked(enclave.random(bytes, 0, BLOCK), PLACE);
  return bytes;
}

function must(holds: boolean): void {
  if (!holds) throw new CryptokiError(ck.CKR_FUNCTION_FAILED, PLACE, 'a new key does not do what it should');
}

/** All that takes no time worth speaking of. */
function tryShort(enclave: Enclave, { keyType, key, publicKey }: Fresh): void {
  if (keyType === ck.CKK_AES) tryCipher(enclave, key);
  else if (keyType === ck.CKK_EC_MONTGOMERY) tryAgreement(enclave, key, publicKey);
  else if (keyType === ck.CKK_EC) trySignature(enclave, ecdsa, key, publicKey);
  else if (keyType === ck.CKK_EC_EDWARDS) trySignature(enclave, ed25519, key, publicKey);
  else trySignature(enclave, hmac, key, key);
}

function trySignature(enclave: Enclave, plan: SigningPlan, key: KeyHandle, verifier: KeyHandle): void {
  const message = whole(text(enclave));
  const buffer = new Uint8Array(LONGEST);
  const length = checked(enclave.sign(0, key, plan, null, message, whole(buffer)), PLACE);
  checked(enclave.verify(0, verifier, plan, null, message, { buffer, offset: 0, length }), PLACE);
}

function tryCipher(enclave: Enclave, key: KeyHandle): void {
  const [plain, sealed, opened] = [text(enclave), new Uint8Array(BLOCK), new Uint8Array(BLOCK)];
  checked(enclave.cipher(key, cbc, true, whole(plain), whole(sealed)), PLACE);
  checked(enclave.cipher(key, cbc, false, whole(sealed), whole(opened)), PLACE);
  must(sameBytes(opened, plain) && !sameBytes(sealed, plain));
}

/** Two sides agree on the same secret. */
function tryAgreement(enclave: Enclave, key: KeyHandle, publicKey: KeyHandle): void {
  const made: KeyHandle[] = [];
  const keep = (handle: number): KeyHandle => {
    made.push(checked(handle, PLACE));
    return handle;
  };
  const agree = (own: KeyHandle, peer: KeyHandle): KeyHandle => {
    const point = new Uint8Array(POINT);
    checked(enclave.keyComponent(peer, Component.EcPoint, point, 0, POINT), PLACE);
    return keep(enclave.keyAgree(0, own, point, EcdhKdf.None, Hash.None, new Uint8Array(0), 0));
  };
  try {
    const other = keep(enclave.keyGenerateEc(0, KeyKind.X25519Private, X25519));
    const otherPublic = keep(enclave.keyPublicOf(other));
    must(enclave.keyEqual(agree(key, otherPublic), agree(other, publicKey)));
  } finally {
    for (const handle of made) enclave.keyFree(handle);
  }
}

/** Signs and decrypts on the thread pool: a long key takes its time for both. */
function tryRsa(call: KeyCall, { key, publicKey }: Fresh, then: (result: number) => number): number {
  const { enclave } = call.engine;
  const plain = text(enclave);
  const cost = privateCost(enclave.keyBits(key));
  const signed = (signature: Uint8Array, length: number): number => {
    if (length < 0) return then(length);
    const verified = enclave.verify(0, publicKey, rsa, null, whole(plain), {
      buffer: signature,
      offset: 0,
      length,
    });
    if (verified < 0) return then(verified);
    const sealed = new Uint8Array(LONGEST);
    const sent = enclave.rsaEncrypt(publicKey, oaep, whole(plain), whole(sealed));
    if (sent < 0) return then(sent);
    const given = { buffer: sealed, offset: 0, length: sent };
    return onPool(
      call,
      cost,
      (job, out) => enclave.rsaDecrypt(job, key, oaep, given, out),
      (opened, size) => {
        if (size < 0) return then(size);
        return then(
          size === BLOCK && sameBytes(opened.subarray(0, BLOCK), plain) ? 0 : -ck.CKR_FUNCTION_FAILED,
        );
      },
    );
  };
  return onPool(call, cost, (job, out) => enclave.sign(job, key, rsa, null, whole(plain), out), signed);
}

/** Has something done, and goes on with what it wrote and how much that is, or -CKR. */
function onPool(
  call: KeyCall,
  cost: number,
  start: (job: JobId, out: ReturnType<typeof whole>) => number,
  then: (bytes: Uint8Array, length: number) => number,
): number {
  const { enclave, placement } = call.engine;
  const bytes = new Uint8Array(LONGEST);
  let job: JobId = 0;
  try {
    if (cost > ALWAYS_INLINE) job = placement.place(call.app, cost);
  } catch (error) {
    if (!(error instanceof CryptokiError)) throw error;
    return then(bytes, -error.rv);
  }
  const done = start(job, job === 0 ? whole(bytes) : nothing);
  if (job === 0 || done < 0) return then(bytes, done);
  return call.defer(job, () => then(bytes, enclave.jobOutput(job, bytes, 0, bytes.length)));
}
