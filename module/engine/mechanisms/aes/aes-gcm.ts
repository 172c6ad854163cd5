/** CKM_AES_GCM (PKCS#11 3.2, 6.15 "AES-GCM Authenticated Encryption / Decryption"; SP 800-38D). */
import { Cipher } from '../../../enclave/enclave.ts';
import { CKM_AES_GCM, CKR_DEVICE_MEMORY, CKR_ENCRYPTED_DATA_LEN_RANGE } from '../../generated/constants.ts';
import type { Span } from '../../values/arguments.ts';
import { copyOf } from '../bytes.ts';
import { type CipherOperation, SymmetricOperation } from '../cipher.ts';
import type { Family, Parameter, Wrapping } from '../mechanism.ts';
import { badParameter, shaped } from '../parameters.ts';
import type { UsableKey } from '../usable-key.ts';
import { AesWrappingMode, aesPlan } from './aes.ts';

/** CK_GCM_PARAMS: "the length of the initialization vector can be any number between 1 and 256" (bytes). */
const IV_MAX = 256;

class AesGcm extends AesWrappingMode {
  override encrypt(key: UsableKey, parameter: Parameter): CipherOperation {
    refuseCallersVector(key);
    return super.encrypt(key, parameter);
  }

  override wrap(key: UsableKey, parameter: Parameter): Wrapping {
    refuseCallersVector(key);
    return super.wrap(key, parameter);
  }

  protected override plan(parameter: Parameter, key: UsableKey): Wrapping {
    const { iv, aad, tagBits } = shaped(parameter, 'gcm');
    if (iv === null || iv.length < 1 || iv.length > IV_MAX) {
      throw badParameter('the initialisation vector has between 1 and 256 bytes');
    }
    if (!isTagLength(tagBits, key.config.gcmShortTags)) throw badParameter('the tag cannot have that length');
    return aesPlan(Cipher.AesGcm, copyOf(iv), 0, true, copyOf(aad), tagBits >>> 3);
  }

  protected override begin(key: UsableKey, plan: Wrapping, encrypting: boolean): CipherOperation {
    return new GcmOperation(this.type, key, plan, encrypting);
  }
}

/** A key may have been made so that no program chooses vectors for it. */
function refuseCallersVector({ uses }: UsableKey): void {
  if (uses.tokenIvOnly)
    throw badParameter('the key takes no initialisation vector but those that the token makes');
}

/** What the enclave keeps until the tag has been checked grows by half when it is full. */
const KEPT_ROOM = 1.5;

/** SP 800-38D, 5.2.1.2: 128, 120, 112, 104, 96, and for certain uses, which somebody has to ask for (mechanisms.gcm_short_tags), 64 and 32. */
function isTagLength(bits: number, short: boolean): boolean {
  return (bits >= 96 && bits <= 128 && bits % 8 === 0) || (short && (bits === 64 || bits === 32));
}

class GcmOperation extends SymmetricOperation {
  protected override countFirst(bytes: number): number {
    return this.encrypting ? this.uses.encrypt(this.plan.iv, bytes) : super.countFirst(bytes);
  }

  override most(length: number): number {
    const tag = this.plan.param;
    if (this.encrypting) return length + tag;
    return length < tag ? -CKR_ENCRYPTED_DATA_LEN_RANGE : length - tag;
  }

  /** No plaintext comes out before the tag has been checked, and the tag comes out at the end: the bound is for both calls. */
  override partQuestion(length: number): number {
    const end = this.finalMost();
    return end < 0 ? end : end + length;
  }

  override update(part: Span, out: Uint8Array, outOffset: number, outLength: number): number {
    if (!this.encrypting && !this.keep(Math.ceil(part.length * KEPT_ROOM))) return -CKR_DEVICE_MEMORY;
    return super.update(part, out, outOffset, outLength);
  }
}

export const aesGcm: Family = [[CKM_AES_GCM, (row) => new AesGcm(row)]];
