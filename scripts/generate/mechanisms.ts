/**
 * Writes the engine's table of mechanisms: module/engine/generated/mechanisms.ts.
 */

import { constants } from '../../schema/cryptoki/constants.ts';
import { type Mechanism, mechanisms, parameterShapes } from '../../schema/cryptoki/mechanisms.ts';
import { numeral } from './constants.ts';

const values = new Map(constants.map((row) => [row.name, row.value]));

/**
 * @returns the generated file, by path from the project's root.
 * @throws Error when a row names a constant that does not exist
 */
export function generateMechanisms(): Map<string, string> {
  const shapes = Object.keys(parameterShapes).map((name) => `'${name}'`);
  const text = `/**
 * The mechanisms of this token. Generated from schema/cryptoki/mechanisms.ts: change it there.
 */

/** Names of parameter layouts, from schema/cryptoki/parameter-shapes.ts. */
export type ParameterShapeName = ${shapes.join(' | ')};

/** What C_GetMechanismInfo tells of a mechanism, and what the engine checks before it uses it. */
export interface MechanismInfo {
  readonly type: number;
  readonly name: string;
  /** ulMinKeySize and ulMaxKeySize, in the unit that the standard gives for the mechanism. */
  readonly min: number;
  readonly max: number;
  /** CKF_ bits. */
  readonly flags: number;
  readonly parameter: ParameterShapeName;
  /** CKK_ values; empty for digests. */
  readonly keyTypes: readonly number[];
  readonly approved: boolean;
}

const rows: readonly MechanismInfo[] = [
${mechanisms.map((row) => `  ${literal(row)},`).join('\n')}
];

/** Every mechanism by its CKM_ number, in the order of C_GetMechanismList. */
export const mechanisms: ReadonlyMap<number, MechanismInfo> = new Map(rows.map((row) => [row.type, Object.freeze(row)]));
`;
  return new Map([['module/engine/generated/mechanisms.ts', text]]);
}

function literal(row: Mechanism): string {
  const flags = row.flags.reduce((bits, flag) => bits + numberOf(`CKF_${flag.toUpperCase()}`), 0);
  const keyTypes = row.keyTypes.map((name) => numeral(numberOf(name))).join(', ');
  return `{ type: ${numeral(numberOf(row.name))}, name: '${row.name}', min: ${row.min}, max: ${row.max}, flags: ${numeral(flags)}, parameter: '${row.parameter}', keyTypes: [${keyTypes}], approved: ${row.approved} }`;
}

function numberOf(name: string): number {
  const value = values.get(name);
  if (value === undefined) {
    throw new Error(`no constant is called ${name}`);
  }
  return value;
}
