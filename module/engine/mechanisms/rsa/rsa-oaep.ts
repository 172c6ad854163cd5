/** CKM_RSA_PKCS_OAEP (PKCS#11 3.2, 6.1 "PKCS #1 RSA OAEP"; RFC 8017, 7.1). */
import { RsaPadding } from '../../../enclave/enclave.ts';
import { CKM_RSA_PKCS_OAEP, CKZ_DATA_SPECIFIED } from '../../generated/constants.ts';
import { copyOf } from '../bytes.ts';
import type { CipherOperation } from '../cipher.ts';
import type { HashFunction } from '../hash/hashes.ts';
import { type Family, Mechanism, type Parameter, type Wrapping } from '../mechanism.ts';
import { badParameter, hashNamed, isEmpty, mgfNamed, shaped } from '../parameters.ts';
import type { UsableKey } from '../usable-key.ts';
import { modulusBytes } from './rsa.ts';
import { RsaCipherOperation, rsaWrapping } from './rsa-cipher.ts';

class RsaOaep extends Mechanism {
  override encrypt(key: UsableKey, parameter: Parameter): CipherOperation {
    return this.#operation(key, parameter, true);
  }

  override decrypt(key: UsableKey, parameter: Parameter): CipherOperation {
    return this.#operation(key, parameter, false);
  }

  override wrap(key: UsableKey, parameter: Parameter): Wrapping {
    return padding(parameter, hashOf(key, parameter));
  }

  override unwrap(key: UsableKey, parameter: Parameter): Wrapping {
    return padding(parameter, hashOf(key, parameter));
  }

  #operation(key: UsableKey, parameter: Parameter, encrypt: boolean): CipherOperation {
    const hash = hashOf(key, parameter);
    return new RsaCipherOperation(this.type, key, padding(parameter, hash), overhead(hash), encrypt);
  }
}

/** Bytes that the block format adds at least (RFC 8017, 7.1.1). */
function overhead(hash: HashFunction): number {
  return 2 * hash.length + 2;
}

function hashOf(key: UsableKey, parameter: Parameter): HashFunction {
  const hash = hashNamed(shaped(parameter, 'oaep').hashAlg);
  if (modulusBytes(key.bits) < overhead(hash)) throw badParameter('the modulus is too short for the hash');
  return hash;
}

function padding(parameter: Parameter, hash: HashFunction): Wrapping {
  const { mgf, source, sourceData } = shaped(parameter, 'oaep');
  // Many callers leave `source` 0 when they have no label.
  if (source !== CKZ_DATA_SPECIFIED && !(source === 0 && isEmpty(sourceData))) {
    throw badParameter('the label must be given as data');
  }
  const label = isEmpty(sourceData) ? null : copyOf(sourceData);
  return rsaWrapping(RsaPadding.Oaep, hash.hash, mgfNamed(mgf).hash, label, 0);
}

export const rsaOaep: Family = [[CKM_RSA_PKCS_OAEP, (row) => new RsaOaep(row)]];
