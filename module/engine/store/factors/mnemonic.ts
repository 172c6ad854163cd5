/**
 * Recovery words: 12 to 24 words of BIP39. They stand for 128 to 256 random bits, which nobody guesses whatever a guess costs, and so become a
 * key by HKDF alone.
 */
import { accepted } from '../errors.ts';
import { noCost } from '../protection.ts';
import {
  type Factor,
  type FactorChoice,
  freshSalt,
  type NewFactor,
  parameter,
  unknownKdf,
} from './factor.ts';

const hkdf = 'HKDF-SHA256';

export const WORDS_LEAST = 12;
export const WORDS_MOST = 24;
/** How many lists of words one token may need, for as many people. */
export const LISTS_MOST = 5;
/** Bytes that so many words take at the most, as they are shown: eight letters each, and a space between two. */
export const shownBytes = (words: number): number => words * 9 - 1;

/** What keyslots tell of words. */
export interface MnemonicFacts {
  readonly words: number;
  /** Milliseconds since the epoch. */
  readonly made: number;
}

/** @throws StoreError `tampered` when the keyslot says what no release has written */
export function mnemonicFacts(choice: FactorChoice): MnemonicFacts {
  return {
    words: parameter(choice, 'words', WORDS_LEAST, WORDS_MOST),
    made: parameter(choice, 'made', 0, Number.MAX_SAFE_INTEGER),
  };
}

/** Words that are about to be made. */
export function newMnemonic(facts: MnemonicFacts): NewFactor {
  return {
    choose: (enclave) => ({
      factor: mnemonicFactor.name,
      kdf: hkdf,
      parameters: JSON.stringify(facts),
      salt: freshSalt(enclave),
    }),
  };
}

export const mnemonicFactor: Factor = {
  name: 'mnemonic',

  costOf(choice) {
    if (choice.kdf !== hkdf) throw unknownKdf(choice);
    mnemonicFacts(choice);
    return noCost;
  },

  derive(enclave, job, choice, { buffer, offset, length }) {
    if (choice.kdf !== hkdf) throw unknownKdf(choice);
    accepted(enclave.mnemonicDerive(job, buffer, offset, length, choice.salt), 'recovery words');
  },
};
