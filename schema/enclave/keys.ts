/** What keys are made of. Both tables are part of the sealed format: a number never changes, and none is used again. */
import type { Row } from './row.ts';

/** Kinds of key. The public kind of a pair stands right behind the private one. */
export const kinds = [
  { name: 'Secret', number: 1 },
  { name: 'RsaPrivate', number: 2 },
  { name: 'RsaPublic', number: 3 },
  { name: 'EcPrivate', number: 4 },
  { name: 'EcPublic', number: 5 },
  { name: 'Ed25519Private', number: 6 },
  { name: 'Ed25519Public', number: 7 },
  { name: 'X25519Private', number: 8 },
  { name: 'X25519Public', number: 9 },
  {
    name: 'Data',
    number: 10,
    about:
      'The value of an object that is no key; no mechanism takes it for one. Only components come out of it.',
  },
] as const satisfies readonly Row[];
export type KindName = (typeof kinds)[number]['name'];

/** Parts of a key. */
export const components = [
  {
    name: 'Value',
    number: 1,
    about:
      "The secret key's bytes, the EC scalar (big-endian), or the private key of Ed25519 or X25519 (32 bytes).",
  },
  { name: 'Modulus', number: 2, about: 'RSA integers are unsigned big-endian without leading zeros.' },
  { name: 'PublicExponent', number: 3 },
  { name: 'PrivateExponent', number: 4 },
  { name: 'Prime1', number: 5 },
  { name: 'Prime2', number: 6 },
  { name: 'Exponent1', number: 7 },
  { name: 'Exponent2', number: 8 },
  { name: 'Coefficient', number: 9 },
  {
    name: 'EcParams',
    number: 10,
    about:
      "The DER of CKA_EC_PARAMS: a named curve's OID, or for the curves of RFC 7748 the OID or PrintableString form.",
  },
  {
    name: 'EcPoint',
    number: 11,
    about:
      'The raw point (uncompressed SEC1 form, or 32 bytes for Ed25519 and X25519), without a DER wrapper.',
  },
] as const satisfies readonly Row[];
