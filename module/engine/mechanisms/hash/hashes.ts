/**
 * The hash functions that mechanisms and their parameters can name, and the enclave's numbers for them.
 *
 * PKCS#11 names one hash in several ways: as a digest mechanism (CKM_SHA256), inside another mechanism's name
 * (CKM_SHA256_RSA_PKCS), as a mask generation function (CKG_MGF1_SHA256) and as a key derivation function
 * (CKD_SHA256_KDF). The table is generated from schema/enclave: one more hash is a row there.
 */
import { type HashFunction, hashes } from '../../generated/hashes.ts';

export { type HashFunction, hashes };

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
