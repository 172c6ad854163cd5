/**
 * The hash functions that mechanisms and their parameters can name, and the enclave's numbers for them.
 *
 * PKCS#11 names one hash in several ways: as a digest mechanism (CKM_SHA256), inside another mechanism's name
 * (CKM_SHA256_RSA_PKCS), as a mask generation function (CKG_MGF1_SHA256) and as a key derivation function
 * (CKD_SHA256_KDF). Each of those is one column here.
 */
import { Hash, hashBytes } from '../../../enclave/enclave.ts';
import * as ck from '../../generated/constants.ts';

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

const sha1: HashFunction = {
  hash: Hash.Sha1,
  length: hashBytes[Hash.Sha1],
  digest: ck.CKM_SHA_1,
  hmac: ck.CKM_SHA_1_HMAC,
  hmacGeneral: ck.CKM_SHA_1_HMAC_GENERAL,
  keyGen: ck.CKM_SHA_1_KEY_GEN,
  hmacKeyType: ck.CKK_SHA_1_HMAC,
  mgf1: ck.CKG_MGF1_SHA1,
  kdf: ck.CKD_SHA1_KDF,
};
const sha224: HashFunction = {
  hash: Hash.Sha224,
  length: hashBytes[Hash.Sha224],
  digest: ck.CKM_SHA224,
  hmac: ck.CKM_SHA224_HMAC,
  hmacGeneral: ck.CKM_SHA224_HMAC_GENERAL,
  keyGen: ck.CKM_SHA224_KEY_GEN,
  hmacKeyType: ck.CKK_SHA224_HMAC,
  mgf1: ck.CKG_MGF1_SHA224,
  kdf: ck.CKD_SHA224_KDF,
};
const sha256: HashFunction = {
  hash: Hash.Sha256,
  length: hashBytes[Hash.Sha256],
  digest: ck.CKM_SHA256,
  hmac: ck.CKM_SHA256_HMAC,
  hmacGeneral: ck.CKM_SHA256_HMAC_GENERAL,
  keyGen: ck.CKM_SHA256_KEY_GEN,
  hmacKeyType: ck.CKK_SHA256_HMAC,
  mgf1: ck.CKG_MGF1_SHA256,
  kdf: ck.CKD_SHA256_KDF,
};
const sha384: HashFunction = {
  hash: Hash.Sha384,
  length: hashBytes[Hash.Sha384],
  digest: ck.CKM_SHA384,
  hmac: ck.CKM_SHA384_HMAC,
  hmacGeneral: ck.CKM_SHA384_HMAC_GENERAL,
  keyGen: ck.CKM_SHA384_KEY_GEN,
  hmacKeyType: ck.CKK_SHA384_HMAC,
  mgf1: ck.CKG_MGF1_SHA384,
  kdf: ck.CKD_SHA384_KDF,
};
const sha512: HashFunction = {
  hash: Hash.Sha512,
  length: hashBytes[Hash.Sha512],
  digest: ck.CKM_SHA512,
  hmac: ck.CKM_SHA512_HMAC,
  hmacGeneral: ck.CKM_SHA512_HMAC_GENERAL,
  keyGen: ck.CKM_SHA512_KEY_GEN,
  hmacKeyType: ck.CKK_SHA512_HMAC,
  mgf1: ck.CKG_MGF1_SHA512,
  kdf: ck.CKD_SHA512_KDF,
};
const sha512t224: HashFunction = {
  hash: Hash.Sha512_224,
  length: hashBytes[Hash.Sha512_224],
  digest: ck.CKM_SHA512_224,
  hmac: ck.CKM_SHA512_224_HMAC,
  hmacGeneral: ck.CKM_SHA512_224_HMAC_GENERAL,
  keyGen: ck.CKM_SHA512_224_KEY_GEN,
  hmacKeyType: ck.CKK_SHA512_224_HMAC,
  mgf1: undefined,
  kdf: undefined,
};
const sha512t256: HashFunction = {
  hash: Hash.Sha512_256,
  length: hashBytes[Hash.Sha512_256],
  digest: ck.CKM_SHA512_256,
  hmac: ck.CKM_SHA512_256_HMAC,
  hmacGeneral: ck.CKM_SHA512_256_HMAC_GENERAL,
  keyGen: ck.CKM_SHA512_256_KEY_GEN,
  hmacKeyType: ck.CKK_SHA512_256_HMAC,
  mgf1: undefined,
  kdf: undefined,
};
const sha3x224: HashFunction = {
  hash: Hash.Sha3_224,
  length: hashBytes[Hash.Sha3_224],
  digest: ck.CKM_SHA3_224,
  hmac: ck.CKM_SHA3_224_HMAC,
  hmacGeneral: ck.CKM_SHA3_224_HMAC_GENERAL,
  keyGen: ck.CKM_SHA3_224_KEY_GEN,
  hmacKeyType: ck.CKK_SHA3_224_HMAC,
  mgf1: ck.CKG_MGF1_SHA3_224,
  kdf: ck.CKD_SHA3_224_KDF,
};
const sha3x256: HashFunction = {
  hash: Hash.Sha3_256,
  length: hashBytes[Hash.Sha3_256],
  digest: ck.CKM_SHA3_256,
  hmac: ck.CKM_SHA3_256_HMAC,
  hmacGeneral: ck.CKM_SHA3_256_HMAC_GENERAL,
  keyGen: ck.CKM_SHA3_256_KEY_GEN,
  hmacKeyType: ck.CKK_SHA3_256_HMAC,
  mgf1: ck.CKG_MGF1_SHA3_256,
  kdf: ck.CKD_SHA3_256_KDF,
};
const sha3x384: HashFunction = {
  hash: Hash.Sha3_384,
  length: hashBytes[Hash.Sha3_384],
  digest: ck.CKM_SHA3_384,
  hmac: ck.CKM_SHA3_384_HMAC,
  hmacGeneral: ck.CKM_SHA3_384_HMAC_GENERAL,
  keyGen: ck.CKM_SHA3_384_KEY_GEN,
  hmacKeyType: ck.CKK_SHA3_384_HMAC,
  mgf1: ck.CKG_MGF1_SHA3_384,
  kdf: ck.CKD_SHA3_384_KDF,
};
const sha3x512: HashFunction = {
  hash: Hash.Sha3_512,
  length: hashBytes[Hash.Sha3_512],
  digest: ck.CKM_SHA3_512,
  hmac: ck.CKM_SHA3_512_HMAC,
  hmacGeneral: ck.CKM_SHA3_512_HMAC_GENERAL,
  keyGen: ck.CKM_SHA3_512_KEY_GEN,
  hmacKeyType: ck.CKK_SHA3_512_HMAC,
  mgf1: ck.CKG_MGF1_SHA3_512,
  kdf: ck.CKD_SHA3_512_KDF,
};

export const hashes = {
  sha1,
  sha224,
  sha256,
  sha384,
  sha512,
  sha512t224,
  sha512t256,
  sha3x224,
  sha3x256,
  sha3x384,
  sha3x512,
} as const;

/** All of them, for families that have one mechanism per hash. */
export const allHashes: readonly HashFunction[] = Object.values(hashes);

const byDigest = new Map(allHashes.map((row) => [row.digest, row]));
const byMgf = new Map(allHashes.flatMap((row) => (row.mgf1 === undefined ? [] : [[row.mgf1, row] as const])));
const byKdf = new Map(allHashes.flatMap((row) => (row.kdf === undefined ? [] : [[row.kdf, row] as const])));

/** The hash that a `hashAlg` field names by its digest mechanism, or undefined. */
export function hashOfDigest(mechanism: number): HashFunction | undefined {
  return byDigest.get(mechanism);
}

/** The hash of a CKG_MGF1_ number, or undefined. */
export function hashOfMgf(mgf: number): HashFunction | undefined {
  return byMgf.get(mgf);
}

/** The hash of an ANSI X9.63 CKD_ number, or undefined. */
export function hashOfKdf(kdf: number): HashFunction | undefined {
  return byKdf.get(kdf);
}
