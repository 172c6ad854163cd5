/** A key in the hands of a mechanism. */
import type { Enclave } from '../../enclave/enclave.ts';
import type { Life } from '../objects/lifecycle/life.ts';
import type { TokenObject } from '../objects/object.ts';
import type { KeyUses } from '../objects/uses/key-uses.ts';
import type { MechanismConfig } from '../policy/config.ts';

/** A key that has been found fit for a use, with what mechanisms ask about it. */
export interface UsableKey {
  readonly object: TokenObject;
  /** What is counted of its uses. */
  readonly uses: KeyUses;
  readonly enclave: Enclave;
  /** What the engine was told about mechanisms. */
  readonly config: MechanismConfig;
  readonly keyType: number;
  /** Size in bits: of the modulus, of the curve's field, of the secret. */
  readonly bits: number;
  readonly alwaysAuthenticate: boolean;
  /** Undefined for a key that is active whatever the time. */
  readonly life: Life | undefined;
}
