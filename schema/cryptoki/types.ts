/**
 * Every C type of the standard (PKCS#11 3.2), as tables.
 */

import { coreStructures } from './types/core.ts';
import { historicalStructures } from './types/historical.ts';
import { layoutStructures } from './types/layouts.ts';
import { parameterStructures } from './types/parameters.ts';
import { addedParameterStructures } from './types/parameters-added.ts';
import { protocolStructures } from './types/protocols.ts';
import { callbacks, scalars, voidPointers } from './types/scalars.ts';
import type { Callback, Field, Scalar, Structure } from './types/shape.ts';

export type { Callback, Field, Scalar, Structure };
export { callbacks, scalars, voidPointers };

/** All structures but the function lists, in an order in which each is complete before another contains it. */
export const structures: readonly Structure[] = [
  ...coreStructures,
  ...parameterStructures,
  ...addedParameterStructures,
  ...protocolStructures,
  ...historicalStructures,
  ...layoutStructures,
];
