/** What the families on elliptic curves share: how long their operations take. */
import * as ck from '../../generated/constants.ts';
import type { Costs } from '../signature.ts';
import type { UsableKey } from '../usable-key.ts';

/** Microseconds, roughly; they decide whether the thread pool does it. */
export interface CurveCosts extends Costs {
  readonly generate: number;
  /** Key agreement, with the check of the other party's point. */
  readonly agree: number;
}

// P-256 has arithmetic written by hand, as the Edwards and Montgomery curves have; the others have not.
const p256: CurveCosts = { sign: 25, verify: 60, generate: 25, agree: 95 };
const secp256k1: CurveCosts = { sign: 300, verify: 310, generate: 370, agree: 380 };
const p384: CurveCosts = { sign: 1000, verify: 620, generate: 730, agree: 750 };
const p521: CurveCosts = { sign: 1800, verify: 1400, generate: 1730, agree: 1800 };
const curve25519: CurveCosts = { sign: 40, verify: 105, generate: 40, agree: 80 };

/** Length of the object identifier of P-256 in CKA_EC_PARAMS; those of the other Weierstrass curves here are shorter. */
const P256_PARAMS = 10;

/** @param params bytes of CKA_EC_PARAMS */
export function curveCosts(keyType: number, bits: number, params: number): CurveCosts {
  if (keyType !== ck.CKK_EC) return curve25519;
  if (bits > 384) return p521;
  if (bits > 256) return p384;
  return params === P256_PARAMS ? p256 : secp256k1;
}

export function costsOfCurve(key: UsableKey): CurveCosts {
  const { attributes } = key.object;
  const place = attributes.locate(ck.CKA_EC_PARAMS);
  const params = place < 0 ? 0 : attributes.endAt(place) - attributes.startAt(place);
  return curveCosts(key.keyType, key.bits, params);
}
