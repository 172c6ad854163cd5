/** A PIN: by Argon2id (RFC 9106), or by PBKDF2-HMAC-SHA256 where a configuration asks for it. */
import { accepted } from '../errors.ts';
import { type Argon2Cost, type KdfCost, mostOf, noCost } from '../protection.ts';
import {
  type Factor,
  type FactorChoice,
  freshSalt,
  type NewFactor,
  parameter,
  unknownKdf,
} from './factor.ts';

const pbkdf2 = 'PBKDF2-HMAC-SHA256';
const argon2id = 'Argon2id';

const ITERATIONS_MOST = 100_000_000;
/** As the enclave has them (sealing/argon2.h). */
const ARGON2_MOST: Argon2Cost = { memoryKib: 1 << 20, passes: 64, lanes: 64 };
const KIB_PER_LANE = 8;

function argon2Of(choice: FactorChoice): Argon2Cost {
  const lanes = parameter(choice, 'lanes', 1, ARGON2_MOST.lanes);
  return {
    memoryKib: parameter(choice, 'memoryKib', KIB_PER_LANE * lanes, ARGON2_MOST.memoryKib),
    passes: parameter(choice, 'passes', 1, ARGON2_MOST.passes),
    lanes,
  };
}

function costOf(choice: FactorChoice): KdfCost {
  if (choice.kdf === pbkdf2)
    return { ...noCost, iterations: parameter(choice, 'iterations', 1, ITERATIONS_MOST) };
  if (choice.kdf === argon2id) return { ...noCost, argon2: argon2Of(choice) };
  throw unknownKdf(choice);
}

export const pinFactor: Factor & NewFactor = {
  name: 'pin',

  choose(enclave, policy, kept) {
    const salt = freshSalt(enclave);
    const asked = policy.kdf === 'argon2id' ? policy.argon2 : noCost.argon2;
    const { iterations, argon2 } = mostOf({ iterations: policy.iterations, argon2: asked }, kept);
    // Any Argon2id outranks any number of iterations.
    return argon2.memoryKib > 0
      ? { factor: 'pin', kdf: argon2id, parameters: JSON.stringify(argon2), salt }
      : { factor: 'pin', kdf: pbkdf2, parameters: JSON.stringify({ iterations }), salt };
  },

  costOf,

  derive(enclave, job, choice, { buffer, offset, length }) {
    const { iterations, argon2 } = costOf(choice);
    const { memoryKib, passes, lanes } = argon2;
    const { salt } = choice;
    accepted(
      choice.kdf === pbkdf2
        ? enclave.pinDerivePbkdf2(job, buffer, offset, length, salt, iterations)
        : enclave.pinDeriveArgon2id(job, buffer, offset, length, salt, memoryKib, passes, lanes, null, null),
      'a PIN',
    );
  },
};
