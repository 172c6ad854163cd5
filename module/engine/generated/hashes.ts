/**
 * The hash functions under all the names that PKCS#11 gives them. Generated from schema/enclave/hashes.ts and schema/cryptoki: change it there.
 */
import type { Hash } from '../../enclave/enclave.ts';

/** One hash function under all its names. */
export interface HashFunction {
  readonly hash: Hash;
  /** Digest length in bytes. */
  readonly length: number;
  /** CKM_ number of the digest mechanism, which `hashAlg` fields use too. */
  readonly digest: number;
  /** CKM_ numbers of HMAC, HMAC with a chosen length, and HMAC key generation; and the CKK_ of such keys. */
  readonly hmac: number;
  readonly hmacGeneral: number;
  readonly keyGen: number;
  readonly hmacKeyType: number;
  /** CKG_MGF1_ and CKD_..._KDF numbers; undefined where the standard has none. */
  readonly mgf1: number | undefined;
  readonly kdf: number | undefined;
}

/** By the names of schema/enclave. */
export const hashes = {
  Sha1: {
    hash: 1,
    length: 20,
    digest: 0x220,
    hmac: 0x221,
    hmacGeneral: 0x222,
    keyGen: 0x4003,
    hmacKeyType: 0x28,
    mgf1: 1,
    kdf: 2,
  },
  Sha224: {
    hash: 2,
    length: 28,
    digest: 0x255,
    hmac: 0x256,
    hmacGeneral: 0x257,
    keyGen: 0x4004,
    hmacKeyType: 0x2e,
    mgf1: 5,
    kdf: 5,
  },
  Sha256: {
    hash: 3,
    length: 32,
    digest: 0x250,
    hmac: 0x251,
    hmacGeneral: 0x252,
    keyGen: 0x4005,
    hmacKeyType: 0x2b,
    mgf1: 2,
    kdf: 6,
  },
  Sha384: {
    hash: 4,
    length: 48,
    digest: 0x260,
    hmac: 0x261,
    hmacGeneral: 0x262,
    keyGen: 0x4006,
    hmacKeyType: 0x2c,
    mgf1: 3,
    kdf: 7,
  },
  Sha512: {
    hash: 5,
    length: 64,
    digest: 0x270,
    hmac: 0x271,
    hmacGeneral: 0x272,
    keyGen: 0x4007,
    hmacKeyType: 0x2d,
    mgf1: 4,
    kdf: 8,
  },
  Sha512_224: {
    hash: 6,
    length: 28,
    digest: 0x48,
    hmac: 0x49,
    hmacGeneral: 0x4a,
    keyGen: 0x4008,
    hmacKeyType: 0x43,
    mgf1: undefined,
    kdf: undefined,
  },
  Sha512_256: {
    hash: 7,
    length: 32,
    digest: 0x4c,
    hmac: 0x4d,
    hmacGeneral: 0x4e,
    keyGen: 0x4009,
    hmacKeyType: 0x44,
    mgf1: undefined,
    kdf: undefined,
  },
  Sha3_224: {
    hash: 8,
    length: 28,
    digest: 0x2b5,
    hmac: 0x2b6,
    hmacGeneral: 0x2b7,
    keyGen: 0x2b8,
    hmacKeyType: 0x36,
    mgf1: 6,
    kdf: 0xa,
  },
  Sha3_256: {
    hash: 9,
    length: 32,
    digest: 0x2b0,
    hmac: 0x2b1,
    hmacGeneral: 0x2b2,
    keyGen: 0x2b3,
    hmacKeyType: 0x37,
    mgf1: 7,
    kdf: 0xb,
  },
  Sha3_384: {
    hash: 10,
    length: 48,
    digest: 0x2c0,
    hmac: 0x2c1,
    hmacGeneral: 0x2c2,
    keyGen: 0x2c3,
    hmacKeyType: 0x38,
    mgf1: 8,
    kdf: 0xc,
  },
  Sha3_512: {
    hash: 11,
    length: 64,
    digest: 0x2d0,
    hmac: 0x2d1,
    hmacGeneral: 0x2d2,
    keyGen: 0x2d3,
    hmacKeyType: 0x39,
    mgf1: 9,
    kdf: 0xd,
  },
} as const satisfies Record<string, HashFunction>;
