/**
 * The hash functions that mechanisms and their parameters can name, and the enclave's numbers for them.
 *
 * PKCS#11 names one hash in several ways: as a digest mechanism (CKM_SHA256), inside another mechanism's name
 * (CKM_SHA256_RSA_PKCS), as a mask generation function (CKG_MGF1_SHA256) and as a key derivation function
 * (CKD_SHA256_KDF). What the standard has of these names is found here by the names in schema/enclave: one more hash is a row there.
 */
import { type HashName, type HashRow, hashes as rows } from '../../../../schema/enclave/hashes.ts';
import { Hash } from '../../../enclave/enclave.ts';
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

const numbers: Readonly<Record<string, number | undefined>> = ck;

function required(name: string): number {
  const number = numbers[name];
  if (number === undefined) throw new TypeError(`the standard has no ${name}`);
  return number;
}

function named(row: HashRow & { readonly name: HashName }): HashFunction {
  const short = row.name.toUpperCase();
  const name = row.cryptoki ?? short;
  return {
    hash: Hash[row.name],
    length: row.size,
    digest: required(`CKM_${name}`),
    hmac: required(`CKM_${name}_HMAC`),
    hmacGeneral: required(`CKM_${name}_HMAC_GENERAL`),
    keyGen: required(`CKM_${name}_KEY_GEN`),
    hmacKeyType: required(`CKK_${name}_HMAC`),
    mgf1: numbers[`CKG_MGF1_${short}`],
    kdf: numbers[`CKD_${short}_KDF`],
  };
}

/** By the names of schema/enclave. */
export const hashes = Object.fromEntries(rows.map((row) => [row.name, named(row)])) as Readonly<
  Record<HashName, HashFunction>
>;

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
