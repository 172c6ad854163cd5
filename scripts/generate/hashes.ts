/**
 * Writes the engine's table of hash functions under all their names: module/engine/generated/hashes.ts.
 */
import { constants } from '../../schema/cryptoki/constants.ts';
import { type HashRow, hashes } from '../../schema/enclave/hashes.ts';
import { numeral } from './constants.ts';

const values = new Map(constants.map((row) => [row.name, row.value]));

/**
 * @returns the generated file, by path from the project's root.
 * @throws Error when the standard has not all the names that a hash needs
 */
export function generateHashes(): Map<string, string> {
  const text = `/**
 * The hash functions under all the names that PKCS#11 gives them. Generated from schema/enclave/hashes.ts and schema/cryptoki: change it there.
 */
import type { Hash } from '../../enclave/enclave.ts';

/** One hash function under all its names. */
export interface HashFunction {
  readonly hash: Hash;
  /** Digest length in bytes. */
  readonly length: number;
  /** CKM_ number of the digest mechanism, which \`hashAlg\` fields use too. */
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
${hashes.map(literal).join('\n')}
} as const satisfies Record<string, HashFunction>;
`;
  return new Map([['module/engine/generated/hashes.ts', text]]);
}

function literal(row: HashRow): string {
  const short = row.name.toUpperCase();
  const name = row.cryptoki ?? short;
  const fields = {
    hash: String(row.number),
    length: String(row.size),
    digest: required(`CKM_${name}`),
    hmac: required(`CKM_${name}_HMAC`),
    hmacGeneral: required(`CKM_${name}_HMAC_GENERAL`),
    keyGen: required(`CKM_${name}_KEY_GEN`),
    hmacKeyType: required(`CKK_${name}_HMAC`),
    mgf1: optional(`CKG_MGF1_${short}`),
    kdf: optional(`CKD_${short}_KDF`),
  };
  const list = Object.entries(fields).map(([field, value]) => `    ${field}: ${value},`);
  return `  ${row.name}: {\n${list.join('\n')}\n  },`;
}

function optional(name: string): string {
  const value = values.get(name);
  return value === undefined ? 'undefined' : numeral(value);
}

function required(name: string): string {
  if (!values.has(name)) throw new Error(`schema/enclave/hashes.ts: the standard has no ${name}`);
  return optional(name);
}
