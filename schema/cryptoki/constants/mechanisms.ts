/**
 * The numbers of mechanisms (PKCS#11 3.2, CK_MECHANISM_TYPE). Those that this token offers are in ../mechanisms.ts.
 */

import { below0x1000 } from './mechanisms/below-0x1000.ts';
import { from0x1000 } from './mechanisms/from-0x1000.ts';
import type { Constant } from './shape.ts';

/** Mechanism types, in ascending order. */
export const mechanismIds: readonly Constant[] = [...below0x1000, ...from0x1000];
