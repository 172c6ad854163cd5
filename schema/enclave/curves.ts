/** The named curves, and how CKA_EC_PARAMS names them (PKCS#11 3.2, 6.3.3 and 6.3.5). */
import type { KindName } from './keys.ts';

export interface CurveRow {
  /** OpenSSL's name of the group. */
  readonly openssl: string;
  /** OpenSSL's number of the group, as its header calls it; none for the curves of RFC 7748, which are no groups there. */
  readonly nid?: string;
  /** The private kind of its keys. */
  readonly kind: KindName;
  /** Bits of the field; bytes of a coordinate; bytes of the order, and so of a scalar, r and s. */
  readonly bits: number;
  readonly field: number;
  readonly order: number;
  readonly oid: string;
  /** What else CKA_EC_PARAMS may say: older OIDs, and PKCS#11's curveName. */
  readonly otherOids?: readonly string[];
  readonly curveName?: string;
}

export const curves: readonly CurveRow[] = [
  {
    openssl: 'prime256v1',
    nid: 'NID_X9_62_prime256v1',
    kind: 'EcPrivate',
    bits: 256,
    field: 32,
    order: 32,
    oid: '1.2.840.10045.3.1.7',
  },
  {
    openssl: 'secp384r1',
    nid: 'NID_secp384r1',
    kind: 'EcPrivate',
    bits: 384,
    field: 48,
    order: 48,
    oid: '1.3.132.0.34',
  },
  {
    openssl: 'secp521r1',
    nid: 'NID_secp521r1',
    kind: 'EcPrivate',
    bits: 521,
    field: 66,
    order: 66,
    oid: '1.3.132.0.35',
  },
  {
    openssl: 'secp256k1',
    nid: 'NID_secp256k1',
    kind: 'EcPrivate',
    bits: 256,
    field: 32,
    order: 32,
    oid: '1.3.132.0.10',
  },
  {
    openssl: 'secp224r1',
    nid: 'NID_secp224r1',
    kind: 'EcPrivate',
    bits: 224,
    field: 28,
    order: 28,
    oid: '1.3.132.0.33',
  },
  {
    openssl: 'prime192v1',
    nid: 'NID_X9_62_prime192v1',
    kind: 'EcPrivate',
    bits: 192,
    field: 24,
    order: 24,
    oid: '1.2.840.10045.3.1.1',
  },
  {
    openssl: 'ED25519',
    kind: 'Ed25519Private',
    bits: 255,
    field: 32,
    order: 32,
    oid: '1.3.101.112',
    otherOids: ['1.3.6.1.4.1.11591.15.1'],
    curveName: 'edwards25519',
  },
  {
    openssl: 'X25519',
    kind: 'X25519Private',
    bits: 255,
    field: 32,
    order: 32,
    oid: '1.3.101.110',
    otherOids: ['1.3.6.1.4.1.3029.1.5.1'],
    curveName: 'curve25519',
  },
];
