/**
 * Every function of the standard with its C prototype (PKCS#11 3.2, chapter "Functions"), in the order of the function
 * lists. A later list is an earlier one with functions added at its end, so the order is part of the binary interface.
 */

import { added30 } from './prototypes/added-3-0.ts';
import { added32 } from './prototypes/added-3-2.ts';
import { cryptographic } from './prototypes/cryptographic.ts';
import { general } from './prototypes/general.ts';
import { own } from './prototypes/own.ts';
import type { Prototype } from './prototypes/shape.ts';

export type { Prototype };

/** All 104 functions, in list order: 68 of 2.40, then 24 of 3.0, then 12 of 3.2. */
export const prototypes: readonly Prototype[] = [...general, ...cryptographic, ...added30, ...added32];

/** Those of our own interface, in the order of its list. */
export const ownPrototypes: readonly Prototype[] = own;
