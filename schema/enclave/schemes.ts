/** Signature schemes, RSA's paddings and the KDFs of key agreement. */
import type { HashName } from './hashes.ts';
import type { KindName } from './keys.ts';
import type { Row } from './row.ts';

export interface SchemeRow extends Row {
  /** The kind of key that signs; its public kind checks. */
  readonly kind: KindName;
  /** OpenSSL's name of the algorithm, where the key does not name it. */
  readonly openssl?: string;
  /** The hash that the scheme has of its own, whatever is asked for. */
  readonly hash?: HashName;
  /** The scheme takes the message as it is, of any length. */
  readonly whole?: true;
}

export const schemes = [
  {
    name: 'RsaPkcs1',
    number: 1,
    kind: 'RsaPrivate',
    about:
      'RSASSA-PKCS1-v1_5 (RFC 8017, 8.2). With `Hash.None` the input is the DigestInfo (or any short string) to pad.',
  },
  {
    name: 'RsaRaw',
    number: 2,
    kind: 'RsaPrivate',
    about: "Raw RSA (CKM_RSA_X_509): input is left-padded with zeros to the modulus' size.",
  },
  {
    name: 'RsaPss',
    number: 3,
    kind: 'RsaPrivate',
    about: 'RSASSA-PSS (RFC 8017, 8.1); needs hash, mgfHash and saltLength.',
  },
  {
    name: 'Ecdsa',
    number: 4,
    kind: 'EcPrivate',
    about:
      'ECDSA (FIPS 186-5); signature is r‖s. With `Hash.None` the input is a digest, truncated as the standard says.',
  },
  {
    name: 'Ed25519',
    number: 5,
    kind: 'Ed25519Private',
    openssl: 'ED25519',
    whole: true,
    about: 'Ed25519 (RFC 8032) pure.',
  },
  {
    name: 'Hmac',
    number: 6,
    kind: 'Secret',
    about:
      'HMAC (FIPS 198-1) with `hash`; the signature is the first `saltLength` bytes of the MAC (0 = whole MAC).',
  },
  {
    name: 'Ed25519ctx',
    number: 7,
    kind: 'Ed25519Private',
    openssl: 'ED25519ctx',
    whole: true,
    about: 'Ed25519ctx (RFC 8032, 5.1): the context goes in `extra`.',
  },
  {
    name: 'Ed25519ph',
    number: 8,
    kind: 'Ed25519Private',
    openssl: 'ED25519ph',
    hash: 'Sha512',
    about: 'Ed25519ph (RFC 8032, 5.1): likewise.',
  },
] as const satisfies readonly SchemeRow[];

/** RSA encryption paddings. */
export const paddings = [
  { name: 'Pkcs1', number: 1 },
  { name: 'Raw', number: 2 },
  { name: 'Oaep', number: 3 },
] as const satisfies readonly Row[];

/** KDFs of CKM_ECDH1_DERIVE. */
export const agreementKdfs = [
  { name: 'None', number: 0, about: 'The trailing bytes of Z.' },
  { name: 'X963', number: 1, about: 'ANSI X9.63 with the hash named.' },
] as const satisfies readonly Row[];
