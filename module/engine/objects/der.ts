/**
 * The little DER (X.690) that objects need: SubjectPublicKeyInfo (RFC 5280, 4.1.2.7; RFC 8017, A.1; RFC 5480; RFC 8410) for
 * CKA_PUBLIC_KEY_INFO, and the OCTET STRING around CKA_EC_POINT. Public matter only.
 */

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const SEQUENCE = 0x30;

/** AlgorithmIdentifier of RSA: OID 1.2.840.113549.1.1.1 with NULL parameters, complete. */
const RSA_ALGORITHM = Uint8Array.of(0x30, 13, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 0x05, 0);
/** OID 1.2.840.10045.2.1 (id-ecPublicKey). */
const EC_OID = Uint8Array.of(0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1);
/** OIDs 1.3.101.110 and 1.3.101.112 (RFC 8410, 3). */
const X25519_OID = Uint8Array.of(0x06, 3, 0x2b, 0x65, 0x6e);
const ED25519_OID = Uint8Array.of(0x06, 3, 0x2b, 0x65, 0x70);

function concat(parts: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const part of parts) size += part.length;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function tlv(tag: number, ...content: Uint8Array[]): Uint8Array {
  const body = concat(content);
  const { length } = body;
  let head: Uint8Array;
  if (length < 0x80) head = Uint8Array.of(tag, length);
  else if (length < 0x100) head = Uint8Array.of(tag, 0x81, length);
  else if (length < 0x10000) head = Uint8Array.of(tag, 0x82, length >> 8, length);
  else head = Uint8Array.of(tag, 0x83, length >> 16, length >> 8, length);
  return concat([head, body]);
}

/** An unsigned big-endian integer without leading zeros as INTEGER: a zero goes before a set top bit. */
function integer(value: Uint8Array): Uint8Array {
  if (value.length === 0) return Uint8Array.of(INTEGER, 1, 0);
  return (value[0] as number) >= 0x80 ? tlv(INTEGER, Uint8Array.of(0), value) : tlv(INTEGER, value);
}

function publicKeyInfo(algorithm: Uint8Array, key: Uint8Array): Uint8Array {
  return tlv(SEQUENCE, algorithm, tlv(BIT_STRING, Uint8Array.of(0), key));
}

/** SubjectPublicKeyInfo of an RSA key; both integers unsigned big-endian without leading zeros. */
export function rsaPublicKeyInfo(modulus: Uint8Array, publicExponent: Uint8Array): Uint8Array {
  return publicKeyInfo(RSA_ALGORITHM, tlv(SEQUENCE, integer(modulus), integer(publicExponent)));
}

/** SubjectPublicKeyInfo of a Weierstrass curve's key: `params` is the DER of CKA_EC_PARAMS, `point` the raw point. */
export function ecPublicKeyInfo(params: Uint8Array, point: Uint8Array): Uint8Array {
  return publicKeyInfo(tlv(SEQUENCE, EC_OID, params), point);
}

/** SubjectPublicKeyInfo of an Ed25519 key of 32 bytes. */
export function ed25519PublicKeyInfo(point: Uint8Array): Uint8Array {
  return publicKeyInfo(tlv(SEQUENCE, ED25519_OID), point);
}

/** SubjectPublicKeyInfo of an X25519 key of 32 bytes. */
export function x25519PublicKeyInfo(point: Uint8Array): Uint8Array {
  return publicKeyInfo(tlv(SEQUENCE, X25519_OID), point);
}

/** The DER OCTET STRING of some bytes. */
export function octetString(content: Uint8Array): Uint8Array {
  return tlv(OCTET_STRING, content);
}

/**
 * Where the content of a DER OCTET STRING that fills the range exactly begins, or -1 when the range is no such thing.
 */
export function octetStringContent(buffer: Uint8Array, offset: number, length: number): number {
  if (length < 2 || buffer[offset] !== OCTET_STRING) return -1;
  const first = buffer[offset + 1] as number;
  if (first < 0x80) return first === length - 2 ? offset + 2 : -1;
  if (first !== 0x81 || length < 3) return -1;
  const content = buffer[offset + 2] as number;
  return content >= 0x80 && content === length - 3 ? offset + 3 : -1;
}
