/**
 * What a mechanism is: a row of the table (schema/cryptoki/mechanisms.ts) and a class that overrides what it can do.
 *
 * Every method here answers CKR_MECHANISM_INVALID; a family's class overrides those that its row's flags promise (a test
 * holds the two together). So a mechanism is known in its row and its file and nowhere else.
 */

import type { EncryptionPlan, KeyHandle } from '../../enclave/enclave.ts';
import { CKR_MECHANISM_INVALID } from '../generated/constants.ts';
import type { MechanismInfo } from '../generated/mechanisms.ts';
import type { AttributeSet } from '../objects/attribute-set.ts';
import type { MechanismParameter, MessageParameter, Span, TemplateEntry } from '../values/arguments.ts';
import { CryptokiError } from '../values/errors.ts';
import type { CipherOperation } from './cipher.ts';
import type { DigestOperation } from './digest-operation.ts';
import type { KeyCall } from './key-call.ts';
import type { MessageOperation } from './messages.ts';
import type { SignatureOperation } from './signature.ts';
import type { UsableKey } from './usable-key.ts';

/** A mechanism's parameter as the caller gave it; undefined when there was none. */
export type Parameter = MechanismParameter | undefined;

/** A vector that a cipher is not to be given twice: whoever encrypts under it has it counted first. */
export interface CountedVector {
  /** What the token has made of it, once it {@link count}ed; empty where it came with the call. */
  readonly made: Uint8Array;
  /**
   * Counts an encryption under it, with so many bytes, and makes it where that is the token's to do. Returns CKR_OK, or why it may not be.
   * @throws StoreError, AuditError as {@link KeyUses.take}
   */
  count(bytes: number): number;
}

/** How a mechanism encrypts keys, for C_WrapKey and C_UnwrapKey, and their authenticated forms. */
export interface Wrapping extends EncryptionPlan {
  /** Whether private keys (as PKCS#8) can be wrapped, or secret keys only. */
  readonly privateKeys: boolean;
  /**
   * How little the unwrapped bytes tell of a secret's length: 0, they are the secret; n, up to n-1 zero bytes follow it;
   * Infinity, nothing (raw RSA). Decides when CKA_VALUE_LEN is needed.
   */
  readonly unpadded: number;
  /**
   * Whether who chooses the wrapped bytes (or the vector) can turn bits of the key that comes out. An answer to "are these bytes
   * null?" would then tell the key byte by byte, so a key that CKA_UNWRAP_TEMPLATE binds cuts no zero bytes off.
   */
  readonly steerable: boolean;
  /** Of what encrypts under a vector that is counted. */
  readonly vector?: CountedVector;
}

export abstract class Mechanism {
  readonly row: MechanismInfo;
  readonly type: number;
  readonly flags: number;

  constructor(row: MechanismInfo) {
    this.row = row;
    this.type = row.type;
    this.flags = row.flags;
  }

  /** The row's unit for key sizes: bits, unless a family counts bytes (PKCS#11 3.2, per mechanism). */
  sizeOf(bits: number): number {
    return bits;
  }

  /** Begins a signature or MAC. @throws CKR_MECHANISM_PARAM_INVALID, as all that take a parameter */
  sign(_key: UsableKey, _parameter: Parameter): SignatureOperation {
    return this.#unsupported();
  }

  /** Begins the check of a signature or MAC. */
  verify(_key: UsableKey, _parameter: Parameter): SignatureOperation {
    return this.#unsupported();
  }

  /** Begins a signature from which the data can be recovered. */
  signRecover(_key: UsableKey, _parameter: Parameter): SignatureOperation {
    return this.#unsupported();
  }

  /** Begins the recovery of data from a signature. */
  verifyRecover(_key: UsableKey, _parameter: Parameter): SignatureOperation {
    return this.#unsupported();
  }

  /** Begins an encryption. */
  encrypt(_key: UsableKey, _parameter: Parameter): CipherOperation {
    return this.#unsupported();
  }

  /** Begins a decryption. */
  decrypt(_key: UsableKey, _parameter: Parameter): CipherOperation {
    return this.#unsupported();
  }

  /** Begins the encryption of messages. */
  messageEncrypt(_key: UsableKey): MessageOperation {
    return this.#unsupported();
  }

  /** Begins the decryption of messages. */
  messageDecrypt(_key: UsableKey): MessageOperation {
    return this.#unsupported();
  }

  /** Begins a digest. */
  digest(_parameter: Parameter): DigestOperation {
    return this.#unsupported();
  }

  /** Makes a secret key: the whole of C_GenerateKey. Writes the handle to the reply; returns a CK_RV or PENDING. */
  generateKey(_call: KeyCall, _parameter: Parameter, _template: readonly TemplateEntry[]): number {
    return this.#unsupported();
  }

  /** Makes a key pair: the whole of C_GenerateKeyPair. Writes both handles; returns a CK_RV or PENDING. */
  generateKeyPair(
    _call: KeyCall,
    _parameter: Parameter,
    _publicTemplate: readonly TemplateEntry[],
    _privateTemplate: readonly TemplateEntry[],
  ): number {
    return this.#unsupported();
  }

  /**
   * Generates the key itself, private or secret, that a key of these attributes could be, without an object for it. Goes on with the enclave's
   * handle, which `then` takes over; returns a CK_RV or PENDING.
   */
  generateLike(_call: KeyCall, _attributes: AttributeSet, _then: (key: KeyHandle) => number): number {
    return this.#unsupported();
  }

  /** How this mechanism wraps with the key. */
  wrap(_key: UsableKey, _parameter: Parameter): Wrapping {
    return this.#unsupported();
  }

  /** How this mechanism unwraps with the key. */
  unwrap(_key: UsableKey, _parameter: Parameter): Wrapping {
    return this.#unsupported();
  }

  /** How it wraps with the key as a message: with a tag that travels apart. */
  wrapAuthenticated(_key: UsableKey, _parameter: MessageParameter | undefined, _associated: Span): Wrapping {
    return this.#unsupported();
  }

  /** How it unwraps with the key what it wrapped so; the tag is behind the wrapped key. */
  unwrapAuthenticated(
    _key: UsableKey,
    _parameter: MessageParameter | undefined,
    _associated: Span,
  ): Wrapping {
    return this.#unsupported();
  }

  /**
   * Derives a secret for a key of that type; `length` is its CKA_VALUE_LEN in bytes, or 0 when the template leaves it out. Goes on
   * with the enclave's handle, which `then` takes over; returns a CK_RV or PENDING.
   */
  derive(
    _call: KeyCall,
    _key: UsableKey,
    _parameter: Parameter,
    _keyType: number,
    _length: number,
    _then: (secret: KeyHandle) => number,
  ): number {
    return this.#unsupported();
  }

  #unsupported(): never {
    throw new CryptokiError(
      CKR_MECHANISM_INVALID,
      'mechanisms.unsupported',
      `${this.row.name} has no implementation for this function`,
    );
  }
}

/** What a family's file exports: its mechanisms by CKM_ number, to be given their rows by the registry. */
export type Family = readonly (readonly [type: number, make: (row: MechanismInfo) => Mechanism])[];
