/**
 * CKM_RSA_X_509: RSA without padding (PKCS#11 3.2, 6.1 "X.509 (raw) RSA"). It does not wrap: the unpadded power of a short key
 * can be undone by taking a root.
 */
import { Hash, RsaPadding, Scheme } from '../../../enclave/enclave.ts';
import { CKM_RSA_X_509 } from '../../generated/constants.ts';
import type { CipherOperation } from '../cipher.ts';
import { type Family, Mechanism, type Parameter, type Wrapping } from '../mechanism.ts';
import { noParameter } from '../parameters.ts';
import { Parts, plan, SignatureOperation } from '../signature.ts';
import type { UsableKey } from '../usable-key.ts';
import { modulusBytes, signatureCosts } from './rsa.ts';
import { RsaCipherOperation, rsaWrapping } from './rsa-cipher.ts';

class RsaX509 extends Mechanism {
  readonly #plan = plan({ scheme: Scheme.RsaRaw }, Parts.Refused);
  readonly #padding: Wrapping = rsaWrapping(
    RsaPadding.Raw,
    Hash.None,
    Hash.None,
    null,
    Number.POSITIVE_INFINITY,
  );

  override sign(key: UsableKey, parameter: Parameter): SignatureOperation {
    noParameter(parameter);
    const length = modulusBytes(key.bits);
    return new SignatureOperation(this.type, key, this.#plan, length, signatureCosts(key.bits), 0, length);
  }

  override verify(key: UsableKey, parameter: Parameter): SignatureOperation {
    return this.sign(key, parameter);
  }

  override signRecover(key: UsableKey, parameter: Parameter): SignatureOperation {
    return this.sign(key, parameter);
  }

  override verifyRecover(key: UsableKey, parameter: Parameter): SignatureOperation {
    return this.sign(key, parameter);
  }

  override encrypt(key: UsableKey, parameter: Parameter): CipherOperation {
    noParameter(parameter);
    return new RsaCipherOperation(this.type, key, this.#padding, 0, true);
  }

  override decrypt(key: UsableKey, parameter: Parameter): CipherOperation {
    noParameter(parameter);
    return new RsaCipherOperation(this.type, key, this.#padding, 0, false);
  }
}

export const rsaX509: Family = [[CKM_RSA_X_509, (row) => new RsaX509(row)]];
