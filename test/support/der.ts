/**
 * Public keys as SubjectPublicKeyInfo, made from the bytes that `EC_POINT` holds inside its OCTET STRING.
 *
 * pkcs11-tool 0.23 exports P-256 and RSA keys only, so the suites wrap the other points themselves. The
 * heads below are the DER that RFC 5480 section 2 and RFC 8410 section 4 prescribe for keys of just this size.
 */
const HEADS = {
  'P-384': { head: '3076301006072a8648ce3d020106052b81040022036200', size: 97 },
  Ed25519: { head: '302a300506032b6570032100', size: 32 },
} as const;

/** Wraps the raw `point` of a key on `curve`; throws RangeError when it hasn't the curve's size in bytes. */
export function publicKeyInfo(curve: keyof typeof HEADS, point: Uint8Array): Buffer {
  const { head, size } = HEADS[curve];
  if (point.length !== size)
    throw new RangeError(`a point on ${curve} has ${size} bytes, not ${point.length}`);
  return Buffer.concat([Buffer.from(head, 'hex'), point]);
}
