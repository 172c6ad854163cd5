/**
 * All files that follow from the tables of constants, types, attributes and mechanisms, and from the enclave's.
 */

import { generateAttributes } from './attributes.ts';
import { generateConstants } from './constants.ts';
import { generateDocs } from './docs.ts';
import { generateEnclave } from './enclave.ts';
import { generateFunctions } from './functions.ts';
import { generateHashes } from './hashes.ts';
import { generateHeader } from './header.ts';
import { generateMechanisms } from './mechanisms.ts';

/**
 * @returns the generated files, by path from the project's root.
 */
export function generateTables(): Map<string, string> {
  return new Map([
    ...generateConstants(),
    ...generateHeader(),
    ...generateMechanisms(),
    ...generateAttributes(),
    ...generateDocs(),
    ...generateEnclave(),
    ...generateHashes(),
    ...generateFunctions(),
  ]);
}
