/** Signatures on certificates, requests and lists: by which algorithms one lets oneself be convinced, and the keys for it. */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import {
  bitsOf,
  DerError,
  expected,
  inside,
  integer,
  oidOf,
  parse,
  sequence,
  tag,
  unsignedOf,
} from './der.ts';

export const ecdsaWithSha256 = '1.2.840.10045.4.3.2';

/** An algorithm: the kind of key that it is for, and the hash; null where what is signed is the text itself. */
type Algorithm = readonly [key: string, hash: string | null];

/** Those that are still worth something. */
const algorithms: Readonly<Record<string, Algorithm>> = {
  [ecdsaWithSha256]: ['ec', 'sha256'],
  '1.2.840.10045.4.3.3': ['ec', 'sha384'],
  '1.2.840.10045.4.3.4': ['ec', 'sha512'],
  '1.2.840.113549.1.1.11': ['rsa', 'sha256'],
  '1.2.840.113549.1.1.12': ['rsa', 'sha384'],
  '1.2.840.113549.1.1.13': ['rsa', 'sha512'],
  '1.3.101.112': ['ed25519', null],
  '1.3.101.113': ['ed448', null],
  '2.16.840.1.101.3.4.3.17': ['ml-dsa-44', null],
  '2.16.840.1.101.3.4.3.18': ['ml-dsa-65', null],
  '2.16.840.1.101.3.4.3.19': ['ml-dsa-87', null],
};

/** What was signed, how, and the signature. */
export interface Signed {
  readonly signed: Buffer;
  readonly algorithm: string;
  readonly signature: Buffer;
}

/** The three parts that certificates, requests and lists have alike. */
export function readSigned(der: Uint8Array): Signed {
  const [signed, algorithm, signature] = inside(parse(der));
  return {
    signed: expected(signed, tag.sequence).whole,
    algorithm: oidOf(inside(algorithm)[0]),
    signature: bitsOf(signature),
  };
}

/** Whether its algorithm is one that is judged here; there are others, such as RSA-PSS, that only OpenSSL looks at. */
export function isJudged({ algorithm }: Signed): boolean {
  return algorithms[algorithm] !== undefined;
}

/** Whether it was signed with the private key of this public one, by an algorithm that is still worth something. */
export function signedBy(
  { signed, algorithm, signature }: Signed,
  publicKey: Uint8Array | KeyObject,
): boolean {
  const [kind, hash] = algorithms[algorithm] ?? [];
  if (hash === undefined) return false;
  try {
    const key = publicKey instanceof Uint8Array ? keyOf(publicKey) : publicKey;
    return key.asymmetricKeyType === kind && verify(hash, signed, key, signature);
  } catch {
    // No key, or no signature of its kind.
    return false;
  }
}

/** @throws Error for what is no public key */
export function keyOf(publicKey: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
}

/** A public key's identifier: the first 160 bits of SHA-256 over the key itself (RFC 7093, 2, method 1). */
export function keyIdentifierOf(publicKey: Uint8Array): Buffer {
  const key = bitsOf(inside(parse(publicKey))[1]);
  return createHash('sha256').update(key).digest().subarray(0, 20);
}

/** ECDSA's two numbers as they follow each other in PKCS#11, as X.509 has them: an ECDSA-Sig-Value. */
export function ecdsaToDer(signature: Uint8Array): Buffer {
  const half = signature.length / 2;
  return sequence(integer(signature.subarray(0, half)), integer(signature.subarray(half)));
}

/** An ECDSA-Sig-Value as two numbers of so many bytes each; undefined for what no such signature can be. */
export function ecdsaFromDer(signature: Uint8Array, order: number): Uint8Array | undefined {
  try {
    const parts = inside(parse(signature)).map(unsignedOf);
    if (parts.length !== 2 || parts.some((part) => part.length > order)) return undefined;
    const raw = new Uint8Array(2 * order);
    for (const [at, part] of parts.entries()) raw.set(part, (at + 1) * order - part.length);
    return raw;
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}
