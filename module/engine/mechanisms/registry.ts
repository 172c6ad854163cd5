/**
 * All mechanisms: each row of the table given to the family that implements it.
 *
 * A row without an implementation stays out, and answers CKR_MECHANISM_INVALID like any number that has no row.
 */

import { CKR_MECHANISM_INVALID } from '../generated/constants.ts';
import { mechanisms as rows } from '../generated/mechanisms.ts';
import { CryptokiError } from '../values/errors.ts';
import { aesCbc } from './aes/aes-cbc.ts';
import { aesCtr } from './aes/aes-ctr.ts';
import { aesEcb } from './aes/aes-ecb.ts';
import { aesGcm } from './aes/aes-gcm.ts';
import { aesKeyWrap } from './aes/aes-key-wrap.ts';
import { ecKeys } from './curves/ec-keys.ts';
import { ecdh } from './curves/ecdh.ts';
import { ecdsa } from './curves/ecdsa.ts';
import { eddsa } from './curves/eddsa.ts';
import { digest } from './hash/digest.ts';
import { hmac } from './hash/hmac.ts';
import type { Family, Mechanism } from './mechanism.ts';
import { rsaKeys } from './rsa/rsa-keys.ts';
import { rsaOaep } from './rsa/rsa-oaep.ts';
import { rsaPkcs } from './rsa/rsa-pkcs.ts';
import { rsaPss } from './rsa/rsa-pss.ts';
import { rsaX509 } from './rsa/rsa-x-509.ts';
import { secretKeys } from './secret-keys.ts';

/** A file more in this folder is a line more here; a test finds files that were forgotten. */
export const families: readonly Family[] = [
  rsaKeys,
  rsaPkcs,
  rsaX509,
  rsaOaep,
  rsaPss,
  ecKeys,
  ecdsa,
  ecdh,
  eddsa,
  secretKeys,
  aesEcb,
  aesCbc,
  aesCtr,
  aesGcm,
  aesKeyWrap,
  hmac,
  digest,
];

/** By CKM_ number, in the table's order. */
export const registry: ReadonlyMap<number, Mechanism> = build();

function build(): Map<number, Mechanism> {
  const makers = new Map(families.flat());
  const built = new Map<number, Mechanism>();
  for (const row of rows.values()) {
    const make = makers.get(row.type);
    if (make !== undefined) built.set(row.type, make(row));
  }
  return built;
}

/**
 * The mechanism of that number, if its row has the flag (a CKF_ bit).
 * @throws CryptokiError CKR_MECHANISM_INVALID
 */
export function mechanismFor(type: number, flag: number): Mechanism {
  const found = registry.get(type);
  if (found === undefined || (found.flags & flag) === 0) {
    throw new CryptokiError(
      CKR_MECHANISM_INVALID,
      'mechanisms.registry',
      'no such mechanism for this function',
    );
  }
  return found;
}
