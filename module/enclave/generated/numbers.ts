/**
 * The numbers that engine and enclave call things by. Generated from schema/enclave: change it there.
 */

/** Kinds of key the enclave knows; the value is part of the sealed format, so it never changes. */
export const KeyKind = {
  Secret: 1,
  RsaPrivate: 2,
  RsaPublic: 3,
  EcPrivate: 4,
  EcPublic: 5,
  Ed25519Private: 6,
  Ed25519Public: 7,
  X25519Private: 8,
  X25519Public: 9,
  /** The value of an object that is no key; no mechanism takes it for one. Only components come out of it. */
  Data: 10,
} as const;
export type KeyKind = (typeof KeyKind)[keyof typeof KeyKind];

/** Components of a key; part of the sealed format as well. */
export const Component = {
  /** The secret key's bytes, the EC scalar (big-endian), or the private key of Ed25519 or X25519 (32 bytes). */
  Value: 1,
  /** RSA integers are unsigned big-endian without leading zeros. */
  Modulus: 2,
  PublicExponent: 3,
  PrivateExponent: 4,
  Prime1: 5,
  Prime2: 6,
  Exponent1: 7,
  Exponent2: 8,
  Coefficient: 9,
  /** The DER of CKA_EC_PARAMS: a named curve's OID, or for the curves of RFC 7748 the OID or PrintableString form. */
  EcParams: 10,
  /** The raw point (uncompressed SEC1 form, or 32 bytes for Ed25519 and X25519), without a DER wrapper. */
  EcPoint: 11,
} as const;
export type Component = (typeof Component)[keyof typeof Component];

/** Hash functions. */
export const Hash = {
  None: 0,
  Sha1: 1,
  Sha224: 2,
  Sha256: 3,
  Sha384: 4,
  Sha512: 5,
  Sha512_224: 6,
  Sha512_256: 7,
  Sha3_224: 8,
  Sha3_256: 9,
  Sha3_384: 10,
  Sha3_512: 11,
} as const;
export type Hash = (typeof Hash)[keyof typeof Hash];

/** Signature schemes. The hash beside them says what digests the message; without one the input is used as it is. */
export const Scheme = {
  /** RSASSA-PKCS1-v1_5 (RFC 8017, 8.2). With `Hash.None` the input is the DigestInfo (or any short string) to pad. */
  RsaPkcs1: 1,
  /** Raw RSA (CKM_RSA_X_509): input is left-padded with zeros to the modulus' size. */
  RsaRaw: 2,
  /** RSASSA-PSS (RFC 8017, 8.1); needs hash, mgfHash and saltLength. */
  RsaPss: 3,
  /** ECDSA (FIPS 186-5); signature is r‖s. With `Hash.None` the input is a digest, truncated as the standard says. */
  Ecdsa: 4,
  /** Ed25519 (RFC 8032) pure. */
  Ed25519: 5,
  /** HMAC (FIPS 198-1) with `hash`; the signature is the first `saltLength` bytes of the MAC (0 = whole MAC). */
  Hmac: 6,
  /** Ed25519ctx (RFC 8032, 5.1): the context goes in `extra`. */
  Ed25519ctx: 7,
  /** Ed25519ph (RFC 8032, 5.1): likewise. */
  Ed25519ph: 8,
} as const;
export type Scheme = (typeof Scheme)[keyof typeof Scheme];

/** RSA encryption paddings. */
export const RsaPadding = {
  Pkcs1: 1,
  Raw: 2,
  Oaep: 3,
} as const;
export type RsaPadding = (typeof RsaPadding)[keyof typeof RsaPadding];

/** KDFs of CKM_ECDH1_DERIVE. */
export const EcdhKdf = {
  /** The trailing bytes of Z. */
  None: 0,
  /** ANSI X9.63 with the hash named. */
  X963: 1,
} as const;
export type EcdhKdf = (typeof EcdhKdf)[keyof typeof EcdhKdf];

/** Ciphers on secret keys. */
export const Cipher = {
  AesEcb: 1,
  AesCbc: 2,
  AesCbcPad: 3,
  /** `iv` is the 16-byte counter block; `param` is ulCounterBits: when that many bits wrap, -CKR_DATA_LEN_RANGE. */
  AesCtr: 4,
  /** `param` is the tag length in bytes; output of encryption is ciphertext‖tag. */
  AesGcm: 5,
  /** RFC 3394; `iv` empty means the default. One-shot only. */
  AesKeyWrap: 6,
  /** RFC 5649 (KWP); `iv` empty means the default. One-shot only. */
  AesKeyWrapPad: 7,
} as const;
export type Cipher = (typeof Cipher)[keyof typeof Cipher];

/** Bytes of a digest. */
export const hashBytes: Readonly<Record<Hash, number>> = {
  [Hash.None]: 0,
  [Hash.Sha1]: 20,
  [Hash.Sha224]: 28,
  [Hash.Sha256]: 32,
  [Hash.Sha384]: 48,
  [Hash.Sha512]: 64,
  [Hash.Sha512_224]: 28,
  [Hash.Sha512_256]: 32,
  [Hash.Sha3_224]: 28,
  [Hash.Sha3_256]: 32,
  [Hash.Sha3_384]: 48,
  [Hash.Sha3_512]: 64,
};

/** A number that has its place in a plan; more bits than there are would change its neighbours. */
function fitting(value: number | boolean, bits: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number >= 2 ** bits)
    throw new RangeError('a plan has no room for that');
  return number;
}

/** How a message is signed, and a signature checked. Made by {@link signingPlan}. */
export type SigningPlan = number & { readonly plan: 'signing' };

export interface SigningPlanFields {
  readonly scheme: Scheme;
  /** What digests the message; without one it is used as it is. */
  readonly hash?: Hash;
  /** Of PSS. */
  readonly mgfHash?: Hash;
  /** Bytes: of the salt with PSS; with HMAC, of the MAC that are given out (0: all). */
  readonly saltLength?: number;
  /** What comes in is the digest under `hash` already (the end of several parts). */
  readonly prehashed?: boolean;
}

export function signingPlan(fields: SigningPlanFields): SigningPlan {
  const scheme = fields.scheme;
  const hash = fields.hash ?? Hash.None;
  const mgfHash = fields.mgfHash ?? Hash.None;
  const saltLength = fields.saltLength ?? 0;
  const prehashed = fields.prehashed ?? false;
  return ((fitting(scheme, 5) << 0) | (fitting(hash, 5) << 5) | (fitting(mgfHash, 5) << 10) | (fitting(saltLength, 14) << 15) | (fitting(prehashed, 1) << 29)) as SigningPlan;
}
