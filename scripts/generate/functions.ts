/** Writes what the engine's policy knows of functions: module/engine/generated/functions.ts. */
import { constants } from '../../schema/cryptoki/constants.ts';
import { functions } from '../../schema/cryptoki/functions.ts';
import { type FunctionGroup, functionGroups } from '../../schema/policy/groups.ts';
import { numeral } from './constants.ts';

const numbers = new Map(functions.map((row, at) => [row.name, at + 1]));
const withMechanism = new Set(
  functions.filter(({ args }) => args.some(({ kind }) => kind === 'mechanism')).map(({ name }) => name),
);

/** Path (from the project's root) → content. */
export function generateFunctions(): Map<string, string> {
  const text = `/**
 * Functions by name, and in groups. Generated from schema/policy/groups.ts and schema/cryptoki: change it there.
 */

/** A group of functions, as rules name it. */
export interface FunctionGroup {
  readonly name: string;
  readonly comes: 'named' | 'sight' | 'operator' | 'auditor' | 'metrics';
  /** Whether its functions are about objects. */
  readonly objects: 'none' | 'used' | 'made';
  /** Whether they are about mechanisms. */
  readonly mechanisms: boolean;
  /** The CK_RV of who may not call them. */
  readonly refusal: number;
  /** By their numbers in the call table. */
  readonly functions: readonly number[];
}

/** A name's place in the list is the function's number, less 1. */
export const functionNames: readonly string[] = [
${functions.map(({ name }) => `  '${name}',`).join('\n')}
];

export const functionGroups: readonly FunctionGroup[] = [
${(functionGroups as readonly FunctionGroup[]).map(literal).join('\n')}
];
`;
  return new Map([['module/engine/generated/functions.ts', text]]);
}

function literal(group: FunctionGroup): string {
  const refusal = constants.find(({ name }) => name === group.refusal);
  if (refusal === undefined) throw new Error(`${group.name}: there is no ${group.refusal}`);
  const list = group.functions.map((name) => {
    const number = numbers.get(name);
    if (number === undefined) throw new Error(`${group.name}: there is no ${name}`);
    return number;
  });
  const fields = [
    `name: '${group.name}'`,
    `comes: '${group.comes}'`,
    `objects: '${group.objects}'`,
    `mechanisms: ${group.functions.some((name) => withMechanism.has(name))}`,
    `refusal: ${numeral(refusal.value)}`,
    `functions: [${list.join(', ')}]`,
  ];
  return `  {\n${fields.map((field) => `    ${field},`).join('\n')}\n  },`;
}
