/** CKM_AES_GCM (PKCS#11 3.2, 6.15 "AES-GCM Authenticated Encryption / Decryption"; SP 800-38D). */
import { Cipher, type EncryptionPlan } from '../../../enclave/enclave.ts';
import {
  CKG_GENERATE,
  CKG_GENERATE_COUNTER,
  CKG_GENERATE_RANDOM,
  CKG_NO_GENERATE,
  CKM_AES_GCM,
  CKR_DEVICE_MEMORY,
  CKR_ENCRYPTED_DATA_LEN_RANGE,
  CKR_OK,
} from '../../generated/constants.ts';
import type { MessageParameter, Span } from '../../values/arguments.ts';
import { checked } from '../../values/errors.ts';
import { copyInto, copyOf, EMPTY } from '../bytes.ts';
import { type CipherOperation, SymmetricOperation } from '../cipher.ts';
import type { Family, Parameter, Wrapping } from '../mechanism.ts';
import { Message, MessageOperation } from '../messages.ts';
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

  override messageEncrypt(key: UsableKey): MessageOperation {
    return new GcmMessages(this.type, key, true);
  }

  override messageDecrypt(key: UsableKey): MessageOperation {
    return new GcmMessages(this.type, key, false);
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

/** 96 bits: what a vector has that the token makes. */
const MADE_BYTES = 12;
/** What it keeps for itself of them at least, beside the caller's fixed part: a counter of 32 bits, and as many by which one engine differs from another. */
const OWN_BITS = 64;

/** Who makes a message's vector. */
const counted: ReadonlySet<number> = new Set([CKG_GENERATE, CKG_GENERATE_COUNTER]);

/** How the token makes a vector, and how many bits of it are the caller's. */
interface Generator {
  readonly generator: number;
  readonly bits: number;
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
    if (parameter === undefined)
      throw badParameter('the mechanism needs a CK_GCM_MESSAGE_PARAMS for each message');
    const { ivGiven, ivLength, tagGiven, tagBits, iv, ivGenerator, ivFixedBits } = parameter;
    if (!ivGiven || !tagGiven) throw badParameter('the parameter has no room for the vector, or for the tag');
    if (!isTagLength(tagBits, this.#key.config.gcmShortTags))
      throw badParameter('the tag cannot have that length');
    const encrypting = this.#encrypting;
    const made = encrypting && ivGenerator !== CKG_NO_GENERATE;
    if (made) checkGenerator(ivGenerator, ivLength, ivFixedBits, iv);
    else if (iv === null || iv.length !== ivLength || ivLength < 1 || ivLength > IV_MAX)
      throw badParameter('the initialisation vector has between 1 and 256 bytes');
    if (encrypting && !made) refuseCallersVector(this.#key);
    const vector = new Uint8Array(ivLength);
    if (iv !== null) copyInto(iv, vector, 0);
    const plan = aesPlan(Cipher.AesGcm, vector, 0, false, copyOf(associated), tagBits >>> 3);
    const fixed = made ? { generator: ivGenerator, bits: ivFixedBits } : undefined;
    return new GcmMessage(this.mechanism, this.#key, plan, encrypting, fixed);
  }
}

/** @throws CryptokiError CKR_MECHANISM_PARAM_INVALID for what could repeat a vector */
function checkGenerator(generator: number, length: number, fixedBits: number, fixed: Span | null): void {
  if (length !== MADE_BYTES) throw badParameter('the token makes vectors of 96 bits');
  const most = counted.has(generator) ? 8 * MADE_BYTES - OWN_BITS : 0;
  if (generator !== CKG_GENERATE_RANDOM && !counted.has(generator))
    throw badParameter('no such generator here');
  if (fixedBits < 0 || fixedBits > most)
    throw badParameter(`the fixed part of the vector has ${most} bits at most`);
  if (fixedBits > 0 && fixed?.length !== length)
    throw badParameter('the fixed part of the vector is missing');
}

class GcmMessage extends Message {
  readonly #generator: Generator | undefined;

  constructor(
    mechanism: number,
    key: UsableKey,
    plan: EncryptionPlan,
    encrypting: boolean,
    generator: Generator | undefined,
  ) {
    super(mechanism, key, plan, encrypting);
    this.#generator = generator;
  }

  override get made(): Uint8Array {
    return this.#generator === undefined ? EMPTY : this.plan.iv;
  }

  protected override countFirst(bytes: number): number {
    const generator = this.#generator;
    if (!this.encrypting) return super.countFirst(bytes);
    const { iv } = this.plan;
    if (generator === undefined) return this.uses.encrypt(iv, bytes);
    const rv = this.uses.take(1, bytes, 1);
    if (rv !== CKR_OK) return rv;
    const random = (into: Uint8Array): void => {
      checked(this.enclave.random(into, 0, into.length), 'mechanisms.gcm');
    };
    if (generator.generator === CKG_GENERATE_RANDOM) random(iv);
    else this.uses.makeVector(iv, generator.bits, random);
    return CKR_OK;
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
