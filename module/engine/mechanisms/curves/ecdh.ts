/**
 * CKM_ECDH1_DERIVE and CKM_ECDH1_COFACTOR_DERIVE (PKCS#11 3.2, 6.3 "Elliptic Curve Diffie-Hellman key derivation" and "... with
 * cofactor ..."; SEC 1, 3.3; RFC 7748). All Weierstrass curves here have cofactor 1, and X25519 clears its own, so the two
 * mechanisms compute the same.
 */
import { EcdhKdf, Hash, type KeyHandle } from '../../../enclave/enclave.ts';
import * as ck from '../../generated/constants.ts';
import { CryptokiError } from '../../values/errors.ts';
import { copyOf } from '../bytes.ts';
import { hashOfKdf } from '../hash/hashes.ts';
import type { KeyCall } from '../key-call.ts';
import { type Family, Mechanism, type Parameter } from '../mechanism.ts';
import { makeKey } from '../new-keys.ts';
import { badParameter, isEmpty, shaped } from '../parameters.ts';
import type { UsableKey } from '../usable-key.ts';
import { costsOfCurve } from './curves.ts';

class Ecdh extends Mechanism {
  override derive(
    call: KeyCall,
    key: UsableKey,
    parameter: Parameter,
    keyType: number,
    length: number,
    then: (secret: KeyHandle) => number,
  ): number {
    const { kdf, sharedData, publicData } = shaped(parameter, 'ecdh1');
    if (isEmpty(publicData)) throw badParameter("the other party's public key is missing");
    const { enclave } = call.engine;
    const own = key.object.key();
    const peer = copyOf(publicData);
    const shared = copyOf(sharedData);
    const { agree } = costsOfCurve(key);
    if (kdf === ck.CKD_NULL) {
      if (!isEmpty(sharedData)) throw badParameter('without a derivation function there is no shared data');
      const size = rawLength(key, keyType, length);
      return makeKey(
        call,
        agree,
        (job) => enclave.keyAgree(job, own, peer, EcdhKdf.None, Hash.None, shared, size),
        then,
      );
    }
    const hash = hashOfKdf(kdf)?.hash;
    if (hash === undefined) throw badParameter('the key derivation function is not supported');
    if (length === 0) throw lengthNeeded();
    return makeKey(
      call,
      agree,
      (job) => enclave.keyAgree(job, own, peer, EcdhKdf.X963, hash, shared, length),
      then,
      shared.length,
    );
  }
}

/** How many bytes of the shared secret make the key; 0 for all of them. */
function rawLength(key: UsableKey, keyType: number, length: number): number {
  if (length > (key.bits + 7) >>> 3) {
    throw new CryptokiError(
      ck.CKR_KEY_SIZE_RANGE,
      'mechanisms.ecdh',
      'the shared secret is shorter than the key',
    );
  }
  if (length === 0 && keyType === ck.CKK_AES) throw lengthNeeded();
  return length;
}

function lengthNeeded(): CryptokiError {
  return new CryptokiError(ck.CKR_TEMPLATE_INCOMPLETE, 'mechanisms.ecdh', 'CKA_VALUE_LEN is needed');
}

export const ecdh: Family = [
  [ck.CKM_ECDH1_DERIVE, (row) => new Ecdh(row)],
  [ck.CKM_ECDH1_COFACTOR_DERIVE, (row) => new Ecdh(row)],
];
