/** CKM_AES_GCM (PKCS#11 3.2, 6.15 "AES-GCM Authenticated Encryption / Decryption"; SP 800-38D). */
import { Cipher } from '../../../enclave/enclave.ts';
import { CKM_AES_GCM, CKR_DEVICE_MEMORY, CKR_ENCRYPTED_DATA_LEN_RANGE } from '../../generated/constants.ts';
import type { MessageParameter, Span } from '../../values/arguments.ts';
import { copyOf } from '../bytes.ts';
import { type CipherOperation, SymmetricOperation } from '../cipher.ts';
import type { Family, Parameter, Wrapping } from '../mechanism.ts';
import { Message, MessageOperation } from '../messages.ts';
import { badParameter, shaped } from '../parameters.ts';
import type { UsableKey } from '../usable-key.ts';
import { AesWrappingMode, aesPlan } from './aes.ts';
import { checkVector, GcmVector, refuseCallersVector, vectorOf } from './gcm-vectors.ts';

class AesGcm extends AesWrappingMode {
  override encrypt(key: UsableKey, parameter: Parameter): CipherOperation {
    refuseCallersVector(key);
    return super.encrypt(key, parameter);
  }

  override wrap(key: UsableKey, parameter: Parameter): Wrapping {
    if (parameter?.shape === 'gcmWrap') return sealing(key, parameter.message, parameter.aad, true);
    refuseCallersVector(key);
    const plan = super.wrap(key, parameter);
    return { ...plan, vector: new GcmVector(key, plan.iv) };
  }

  override wrapAuthenticated(
    key: UsableKey,
    parameter: MessageParameter | undefined,
    associated: Span,
  ): Wrapping {
    return sealing(key, parameter, associated, true);
  }

  override unwrapAuthenticated(
    key: UsableKey,
    parameter: MessageParameter | undefined,
    associated: Span,
  ): Wrapping {
    return sealing(key, parameter, associated, false);
  }

  override messageEncrypt(key: UsableKey): MessageOperation {
    return new GcmMessages(this.type, key, true);
  }

  override messageDecrypt(key: UsableKey): MessageOperation {
    return new GcmMessages(this.type, key, false);
  }

  protected override plan(parameter: Parameter, key: UsableKey): Wrapping {
    const { iv, aad, tagBits } = shaped(parameter, 'gcm');
    checkVector(iv);
    if (!isTagLength(tagBits, key.config.gcmShortTags)) throw badParameter('the tag cannot have that length');
    return aesPlan(Cipher.AesGcm, copyOf(iv), 0, true, copyOf(aad), tagBits >>> 3);
  }

  protected override begin(key: UsableKey, plan: Wrapping, encrypting: boolean): CipherOperation {
    return new GcmOperation(this.type, key, plan, encrypting);
  }
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

class GcmMessages extends MessageOperation {
  readonly #key: UsableKey;
  readonly #encrypting: boolean;

  constructor(mechanism: number, key: UsableKey, encrypting: boolean) {
    super(mechanism, key);
    this.#key = key;
    this.#encrypting = encrypting;
  }

  override message(parameter: MessageParameter | undefined, associated: Span): Message {
    const plan = sealing(this.#key, parameter, associated, this.#encrypting);
    return new GcmMessage(this.mechanism, this.#key, plan, this.#encrypting);
  }
}

/** What seals or opens one message, or a key that travels as one. @throws CryptokiError CKR_MECHANISM_PARAM_INVALID */
function sealing(
  key: UsableKey,
  parameter: MessageParameter | undefined,
  associated: Span | null,
  encrypting: boolean,
): Sealing {
  if (parameter === undefined)
    throw badParameter('the mechanism needs a CK_GCM_MESSAGE_PARAMS for each message');
  const { ivGiven, tagGiven, tagBits } = parameter;
  if (!ivGiven || !tagGiven) throw badParameter('the parameter has no room for the vector, or for the tag');
  if (!isTagLength(tagBits, key.config.gcmShortTags)) throw badParameter('the tag cannot have that length');
  const vector = vectorOf(key, parameter, encrypting);
  return { ...aesPlan(Cipher.AesGcm, vector.bytes, 0, true, copyOf(associated), tagBits >>> 3), vector };
}

/** A plan whose vector is counted. */
type Sealing = Wrapping & { readonly vector: GcmVector };

class GcmMessage extends Message {
  readonly #vector: GcmVector;

  constructor(mechanism: number, key: UsableKey, plan: Sealing, encrypting: boolean) {
    super(mechanism, key, plan, encrypting);
    this.#vector = plan.vector;
  }

  override get made(): Uint8Array {
    return this.#vector.made;
  }

  protected override countFirst(bytes: number): number {
    return this.encrypting ? this.#vector.count(bytes) : super.countFirst(bytes);
  }

  override most(length: number): number {
    if (this.encrypting) return length;
    return length < this.tag ? -CKR_ENCRYPTED_DATA_LEN_RANGE : length - this.tag;
  }

  override update(part: Span, out: Uint8Array, outOffset: number, outLength: number): number {
    if (!this.encrypting && !this.keep(Math.ceil(part.length * KEPT_ROOM))) return -CKR_DEVICE_MEMORY;
    return super.update(part, out, outOffset, outLength);
  }
}

export const aesGcm: Family = [[CKM_AES_GCM, (row) => new AesGcm(row)]];
