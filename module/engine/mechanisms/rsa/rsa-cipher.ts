/** RSA encryption and decryption: single-part, with a padding (PKCS#11 3.2, 6.1). */
import {
  encryptionPlan,
  type Hash,
  type JobId,
  MovingRange,
  type RsaPadding,
} from '../../../enclave/enclave.ts';
import {
  CKR_DATA_LEN_RANGE,
  CKR_ENCRYPTED_DATA_LEN_RANGE,
  CKR_OK,
  CKR_OPERATION_NOT_INITIALIZED,
} from '../../generated/constants.ts';
import type { Span } from '../../values/arguments.ts';
import { EMPTY } from '../bytes.ts';
import { CipherOperation } from '../cipher.ts';
import type { Wrapping } from '../mechanism.ts';
import type { UsableKey } from '../usable-key.ts';
import { modulusBytes, privateCost } from './rsa.ts';

/** A padding as a plan; it wraps secret keys only, since private keys are longer than the modulus. */
export function rsaWrapping(
  padding: RsaPadding,
  hash: Hash,
  mgfHash: Hash,
  label: Uint8Array | null,
  unpadded: number,
): Wrapping {
  const how = encryptionPlan({ padding, hash, mgfHash, aad: label ?? EMPTY });
  return { ...how, privateKeys: false, unpadded, steerable: false };
}

/** Laid over what the enclave writes, one call at a time. */
const output = new MovingRange();

export class RsaCipherOperation extends CipherOperation {
  readonly #wrapping: Wrapping;
  readonly #modulus: number;
  /** Bytes that the padding adds at least; 0 without padding, where the output is always as long as the modulus. */
  readonly #overhead: number;

  constructor(mechanism: number, key: UsableKey, wrapping: Wrapping, overhead: number, encrypting: boolean) {
    super(mechanism, key, encrypting, encrypting ? 0 : privateCost(key.bits));
    this.#wrapping = wrapping;
    this.#modulus = modulusBytes(key.bits);
    this.#overhead = overhead;
  }

  protected override get carried(): number {
    return this.#wrapping.aad.length;
  }

  override most(length: number): number {
    const room = this.#modulus - this.#overhead;
    if (this.encrypting) return length > room ? -CKR_DATA_LEN_RANGE : this.#modulus;
    return length === this.#modulus ? room : -CKR_ENCRYPTED_DATA_LEN_RANGE;
  }

  override once(job: JobId, data: Span, out: Uint8Array, outOffset: number, outLength: number): number {
    const refused = this.count(data.length);
    if (refused !== CKR_OK) return -refused;
    const key = this.key.key();
    const room = output.over(out, outOffset, outLength);
    return this.encrypting
      ? this.enclave.rsaEncrypt(key, this.#wrapping, data, room)
      : this.enclave.rsaDecrypt(job, key, this.#wrapping, data, room);
  }

  override partMost(): number {
    return -CKR_OPERATION_NOT_INITIALIZED;
  }

  override update(): number {
    return -CKR_OPERATION_NOT_INITIALIZED;
  }

  override finalMost(): number {
    return -CKR_OPERATION_NOT_INITIALIZED;
  }

  override final(): number {
    return -CKR_OPERATION_NOT_INITIALIZED;
  }
}
