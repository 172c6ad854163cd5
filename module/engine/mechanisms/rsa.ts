/** What the RSA families share. */

/** Length in bytes of a modulus, which is that of signatures and ciphertexts too. */
export function modulusBytes(bits: number): number {
  return (bits + 7) >>> 3;
}

/** Microseconds of a private-key operation, roughly: 260 at 2048 bits, growing a little less than with the cube. */
export function privateCost(bits: number): number {
  return Math.round(260 * (bits / 2048) ** 2.75);
}
