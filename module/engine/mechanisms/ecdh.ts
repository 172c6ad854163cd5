/**
 * CKM_ECDH1_DERIVE and CKM_ECDH1_COFACTOR_DERIVE (PKCS#11 3.2, 6.3 "Elliptic Curve Diffie-Hellman key derivation" and "... with
 * cofactor ..."; SEC 1, 3.3; RFC 7748). All Weierstrass curves here have cofactor 1, and X25519 clears its own, so the two
 * mechanisms compute the same.
 */
import { EcdhKdf, Hash } from '../../enclave/enclave.ts';
import type { Call } from '../calls/call.ts';
import { CryptokiError, checked } from '../errors.ts';
import * as ck from '../generated/constants.ts';
import { copyOf } from './bytes.ts';
import { hashOfKdf } from './hashes.ts';
import type { UsableKey } from './key.ts';
import { type Family, Mechanism, type Parameter } from './mechanism.ts';
import { badParameter, isEmpty, shaped } from './parameters.ts';

class Ecdh extends Mechanism {
  override derive(call: Call, key: UsableKey, parameter: Parameter, keyType: number, length: number): number {
    const { kdf, sharedData, publicData } = shaped(parameter, 'ecdh1');
    if (isEmpty(publicData)) throw badParameter("the other party's public key is missing");
    const { enclave } = call.engine;
    const own = key.object.key();
    const peer = copyOf(publicData);
    if (kdf === ck.CKD_NULL) {
      if (!isEmpty(sharedData)) throw badParameter('without a derivation function there is no shared data');
      return agreed(
        enclave.keyAgree(own, peer, EcdhKdf.None, Hash.None, copyOf(null), rawLength(key, keyType, length)),
      );
    }
    const hash = hashOfKdf(kdf);
    if (hash === undefined) throw badParameter('the key derivation function is not supported');
    if (length === 0) throw lengthNeeded();
    return agreed(enclave.keyAgree(own, peer, EcdhKdf.X963, hash.hash, copyOf(sharedData), length));
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

function agreed(result: number): number {
  return checked(result, 'mechanisms.ecdh');
}

export const ecdh: Family = [
  [ck.CKM_ECDH1_DERIVE, (row) => new Ecdh(row)],
  [ck.CKM_ECDH1_COFACTOR_DERIVE, (row) => new Ecdh(row)],
];
