/** What the RSA families share. */
import type { Costs } from '../signature.ts';

/** Length in bytes of a modulus, which is that of signatures and ciphertexts too. */
export function modulusBytes(bits: number): number {
  return (bits + 7) >>> 3;
}

/** Microseconds of a private-key operation, roughly: 260 at 2048 bits, growing a little less than with the cube. */
export function privateCost(bits: number): number {
  return Math.round(260 * (bits / 2048) ** 2.75);
}

/** Signing is a private-key operation; checking one with the usual short exponent grows with the square of the modulus. */
export function signatureCosts(bits: number): Costs {
  return { sign: privateCost(bits), verify: Math.round(17 * (bits / 2048) ** 2) };
}
