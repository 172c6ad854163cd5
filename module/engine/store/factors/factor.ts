/**
 * A factor: one thing that somebody knows or has, and how it becomes a key. A keyslot is opened by all of its factors together, and a token
 * by any of its keyslots.
 */
import type { ByteRange, Enclave, JobId } from '../../../enclave/enclave.ts';
import { accepted, StoreError } from '../errors.ts';
import type { KdfCost } from '../protection.ts';

/** What a keyslot keeps of a factor: how its secret becomes a key, by name and parameters. */
export interface FactorChoice {
  readonly factor: string;
  readonly kdf: string;
  /** JSON of the KDF's own parameters: `{"iterations":600000}`. */
  readonly parameters: string;
  /** 32 random bytes, new with each secret. */
  readonly salt: Uint8Array;
}

/** What a configuration asks for. */
export interface KdfPolicy extends KdfCost {
  readonly kdf: 'argon2id' | 'pbkdf2';
}

/** What is asked of a factor that keyslots have. */
export interface Factor {
  /** What keyslots call it. */
  readonly name: string;
  /**
   * What a guess costs.
   * @throws StoreError `version` for a KDF that this release does not know, `tampered` for parameters that are absurd
   */
  costOf(choice: FactorChoice): KdfCost;
  /** Starts on the pool what makes a key of the secret, whose bytes are copied at once; the job's result is the key's handle. */
  derive(enclave: Enclave, job: JobId, choice: FactorChoice, secret: ByteRange): void;
}

/** What is asked about a secret that is about to be set. */
export interface NewFactor {
  /**
   * KDF, parameters and a fresh salt.
   * @param kept what the token's others cost: it costs no less
   */
  choose(enclave: Enclave, policy: KdfPolicy, kept: KdfCost): FactorChoice;
}

const SALT_BYTES = 32;

export function freshSalt(enclave: Enclave): Uint8Array {
  const salt = new Uint8Array(SALT_BYTES);
  accepted(enclave.random(salt, 0, salt.length), 'a salt');
  return salt;
}

/** A KDF that this release does not know is refused, not guessed. */
export function unknownKdf(choice: FactorChoice): StoreError {
  return new StoreError(
    'version',
    `a keyslot uses the key derivation ${choice.kdf} for its ${choice.factor}, which this release does not know; upgrade it`,
  );
}

/** A number among the parameters, in [least, most]; anything else is damage, or meant to keep the pool busy for minutes. */
export function parameter(choice: FactorChoice, name: string, least: number, most: number): number {
  let parameters: unknown;
  try {
    parameters = JSON.parse(choice.parameters);
  } catch {
    parameters = null;
  }
  const value: unknown =
    typeof parameters === 'object' && parameters !== null ? Reflect.get(parameters, name) : undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most)
    throw new StoreError('tampered', `a keyslot asks for an absurd number of ${name}`);
  return value;
}
