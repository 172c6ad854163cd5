/** Hash functions. A row is all that engine and enclave want to know of one: digests, MACs and signatures take it from here. */
import type { Row } from './row.ts';

export interface HashRow extends Row {
  /** OpenSSL's name. */
  readonly openssl: string;
  /** Bytes of a digest. */
  readonly size: number;
  /** What PKCS#11 calls digest, HMAC and keys, where that is not the name in capitals. */
  readonly cryptoki?: string;
}

export const hashes = [
  { name: 'Sha1', number: 1, openssl: 'SHA1', size: 20, cryptoki: 'SHA_1' },
  { name: 'Sha224', number: 2, openssl: 'SHA2-224', size: 28 },
  { name: 'Sha256', number: 3, openssl: 'SHA2-256', size: 32 },
  { name: 'Sha384', number: 4, openssl: 'SHA2-384', size: 48 },
  { name: 'Sha512', number: 5, openssl: 'SHA2-512', size: 64 },
  { name: 'Sha512_224', number: 6, openssl: 'SHA2-512/224', size: 28 },
  { name: 'Sha512_256', number: 7, openssl: 'SHA2-512/256', size: 32 },
  { name: 'Sha3_224', number: 8, openssl: 'SHA3-224', size: 28 },
  { name: 'Sha3_256', number: 9, openssl: 'SHA3-256', size: 32 },
  { name: 'Sha3_384', number: 10, openssl: 'SHA3-384', size: 48 },
  { name: 'Sha3_512', number: 11, openssl: 'SHA3-512', size: 64 },
] as const satisfies readonly HashRow[];
export type HashName = (typeof hashes)[number]['name'];
