/** CKM_EDDSA on edwards25519 (PKCS#11 3.2, 6.3 "EdDSA"; RFC 8032, 5.1). */
import { Scheme } from '../../../enclave/enclave.ts';
import { CKM_EDDSA } from '../../generated/constants.ts';
import { copyOf } from '../bytes.ts';
import { type Family, Mechanism, type Parameter } from '../mechanism.ts';
import { badParameter, shaped } from '../parameters.ts';
import { type Costs, Parts, plan, SignatureOperation, type SignaturePlan } from '../signature.ts';
import type { UsableKey } from '../usable-key.ts';

/** R and S, 32 bytes each. */
const LENGTH = 64;
const COSTS: Costs = { sign: 40, verify: 105 };
/** RFC 8032, 5.1: the context is an octet string of at most 255 bytes. */
const CONTEXT_MAX = 255;

const pure = plan({ scheme: Scheme.Ed25519 }, Parts.Collected);

class Eddsa extends Mechanism {
  override sign(key: UsableKey, parameter: Parameter): SignatureOperation {
    return new SignatureOperation(this.type, key, planOf(parameter), LENGTH, COSTS);
  }

  override verify(key: UsableKey, parameter: Parameter): SignatureOperation {
    return this.sign(key, parameter);
  }
}

/**
 * Which of the three schemes the parameter chooses (PKCS#11 3.2, table "Mapping to RFC 8032 Signature Schemes"): none, Ed25519; without
 * phFlag, Ed25519ctx, never Ed25519, which signs differently; with it, Ed25519ph.
 */
function planOf(parameter: Parameter): SignaturePlan {
  if (parameter === undefined) return pure;
  const { phFlag, contextData } = shaped(parameter, 'eddsa');
  const context = copyOf(contextData);
  if (context.length > CONTEXT_MAX) throw badParameter('the context is longer than 255 bytes');
  // By the table this is Ed25519ctx, and "the context SHOULD NOT be empty" there (RFC 8032, 5.1), so the enclave's OpenSSL has none.
  if (!phFlag && context.length === 0)
    throw badParameter('Ed25519ctx needs a context; Ed25519 takes no parameter');
  return plan({ scheme: phFlag ? Scheme.Ed25519ph : Scheme.Ed25519ctx }, Parts.Collected, context);
}

export const eddsa: Family = [[CKM_EDDSA, (row) => new Eddsa(row)]];
