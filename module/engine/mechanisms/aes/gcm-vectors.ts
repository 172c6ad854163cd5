/** Vectors of AES-GCM: who makes them, and that none comes twice (docs/nonces.md). */
import {
  CKG_GENERATE,
  CKG_GENERATE_COUNTER,
  CKG_GENERATE_RANDOM,
  CKG_NO_GENERATE,
  CKR_OK,
} from '../../generated/constants.ts';
import type { MessageParameter, Span } from '../../values/arguments.ts';
import { checked } from '../../values/errors.ts';
import { copyInto, EMPTY } from '../bytes.ts';
import type { CountedVector } from '../mechanism.ts';
import { badParameter } from '../parameters.ts';
import type { UsableKey } from '../usable-key.ts';

/** CK_GCM_PARAMS: "the length of the initialization vector can be any number between 1 and 256" (bytes). */
const IV_MAX = 256;
/** 96 bits: what a vector has that the token makes. */
const MADE_BYTES = 12;
/** What it keeps for itself of them at least, beside the caller's fixed part: a counter of 32 bits, and as many by which one engine differs from another. */
const OWN_BITS = 64;

/** Who makes a vector with the number of the encryption in it. */
const counted: ReadonlySet<number> = new Set([CKG_GENERATE, CKG_GENERATE_COUNTER]);

/** How the token makes a vector, and how many bits of it are the caller's. */
interface Generator {
  readonly generator: number;
  readonly bits: number;
}

/** The vector of one encryption. */
export class GcmVector implements CountedVector {
  readonly bytes: Uint8Array;
  readonly #key: UsableKey;
  readonly #generator: Generator | undefined;

  constructor(key: UsableKey, bytes: Uint8Array, generator?: Generator) {
    this.#key = key;
    this.bytes = bytes;
    this.#generator = generator;
  }

  get made(): Uint8Array {
    return this.#generator === undefined ? EMPTY : this.bytes;
  }

  count(bytes: number): number {
    const { uses, enclave } = this.#key;
    const generator = this.#generator;
    if (generator === undefined) return uses.encrypt(this.bytes, bytes);
    const rv = uses.take(1, bytes, 1);
    if (rv !== CKR_OK) return rv;
    const random = (into: Uint8Array): void => {
      checked(enclave.random(into, 0, into.length), 'mechanisms.gcm');
    };
    if (generator.generator === CKG_GENERATE_RANDOM) random(this.bytes);
    else uses.makeVector(this.bytes, generator.bits, random);
    return CKR_OK;
  }
}

/** @throws CryptokiError CKR_MECHANISM_PARAM_INVALID where it is none that a caller may give */
export function checkVector(iv: Span | null): asserts iv is Span {
  if (iv === null || iv.length < 1 || iv.length > IV_MAX)
    throw badParameter('the initialisation vector has between 1 and 256 bytes');
}

/** A key may have been made so that no program chooses vectors for it. */
export function refuseCallersVector({ uses }: UsableKey): void {
  if (uses.tokenIvOnly)
    throw badParameter('the key takes no initialisation vector but those that the token makes');
}

/**
 * The vector that a message's parameter gives, or leaves to the token.
 * @throws CryptokiError CKR_MECHANISM_PARAM_INVALID
 */
export function vectorOf(key: UsableKey, parameter: MessageParameter, encrypting: boolean): GcmVector {
  const { ivLength, iv, ivGenerator, ivFixedBits } = parameter;
  const made = encrypting && ivGenerator !== CKG_NO_GENERATE;
  if (made) checkGenerator(ivGenerator, ivLength, ivFixedBits, iv);
  else checkVector(iv);
  if (iv !== null && iv.length !== ivLength)
    throw badParameter('the vector has not the length that was said');
  if (encrypting && !made) refuseCallersVector(key);
  const bytes = new Uint8Array(ivLength);
  if (iv !== null) copyInto(iv, bytes, 0);
  return new GcmVector(key, bytes, made ? { generator: ivGenerator, bits: ivFixedBits } : undefined);
}

/** @throws CryptokiError CKR_MECHANISM_PARAM_INVALID for what could repeat a vector */
function checkGenerator(generator: number, length: number, fixedBits: number, fixed: Span | null): void {
  if (length !== MADE_BYTES) throw badParameter('the token makes vectors of 96 bits');
  const most = counted.has(generator) ? 8 * MADE_BYTES - OWN_BITS : 0;
  if (generator !== CKG_GENERATE_RANDOM && !counted.has(generator))
    throw badParameter('no such generator here');
  if (fixedBits < 0 || fixedBits > most)
    throw badParameter(`the fixed part of the vector has ${most} bits at most`);
  if (fixedBits > 0 && fixed === null) throw badParameter('the fixed part of the vector is missing');
}
