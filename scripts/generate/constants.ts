/**
 * Writes the engine's copy of the standard's numbers: module/engine/generated/constants.ts and names.ts.
 */

import { type Constant, constantGroups } from '../../schema/cryptoki/constants.ts';

/** Groups whose numbers people want to read as names, and what the function that names them is called. */
const namedGroups: readonly { readonly group: string; readonly call: string }[] = [
  { group: 'results', call: 'ckrName' },
  { group: 'attributeIds', call: 'ckaName' },
  { group: 'mechanismIds', call: 'ckmName' },
  { group: 'objectClasses', call: 'ckoName' },
  { group: 'keyTypes', call: 'ckkName' },
  { group: 'certificateTypes', call: 'ckcName' },
  { group: 'users', call: 'ckuName' },
  { group: 'sessionStates', call: 'cksName' },
  { group: 'maskGenerators', call: 'ckgName' },
  { group: 'keyDerivations', call: 'ckdName' },
];

/**
 * @returns the generated files, by path from the project's root.
 */
export function generateConstants(): Map<string, string> {
  return new Map([
    ['module/engine/generated/constants.ts', constantsFile()],
    ['module/engine/generated/names.ts', namesFile()],
  ]);
}

/** A number as the source code shows it: small ones plain, others in hexadecimal. */
export function numeral(value: number): string {
  return value < 10 ? String(value) : `0x${value.toString(16)}`;
}

export function constantsFile(): string {
  const parts = [
    '/**',
    ' * The numbers of PKCS#11 3.2. Generated from schema/cryptoki/constants.ts: change it there.',
    ' */',
  ];
  for (const group of constantGroups) {
    parts.push('', `// ${group.usedIn}`);
    for (const row of group.rows) {
      parts.push(...remark(row), `export const ${row.name} = ${numeral(row.value)};`);
    }
  }
  return `${parts.join('\n')}\n`;
}

function remark(row: Constant): string[] {
  if (row.value < 0) {
    return [
      '/** All bits set. A CK_ULONG is a number in the engine, and -1 is its sentinel for this one value. */',
    ];
  }
  if (row.alias !== undefined) {
    return [`/** @deprecated another name of ${row.alias}. */`];
  }
  return row.status === 'deprecated' ? ['/** @deprecated by the standard. */'] : [];
}

function namesFile(): string {
  const parts = [
    '/**',
    ' * Names for the numbers of PKCS#11 3.2. Generated from schema/cryptoki/constants.ts: change it there.',
    ' *',
    ' * Each function answers the name, or hexadecimal text (`0x80000001`) for a number the standard does not name.',
    ' * A table is built when its function is first called, so that loading this module costs nothing.',
    ' */',
    '',
    'function namer(rows: () => [number, string][]): (value: number) => string {',
    '  let names: Map<number, string> | undefined;',
    '  return (value) => {',
    '    names ??= new Map(rows());',
    '    return names.get(value) ?? hexadecimal(value);',
    '  };',
    '}',
    '',
    'function hexadecimal(value: number): string {',
    "  return '0x' + BigInt.asUintN(64, BigInt(value)).toString(16).padStart(8, '0');",
    '}',
  ];
  for (const { group: id, call } of namedGroups) {
    const group = constantGroups.find((candidate) => candidate.id === id);
    if (group === undefined) {
      throw new Error(`no group of constants is called ${id}`);
    }
    parts.push(
      '',
      `/** The name of a number used as: ${group.usedIn}. */`,
      `export const ${call} = /* @__PURE__ */ namer(() => [`,
    );
    for (const row of group.rows) {
      if (row.alias === undefined) {
        parts.push(`  [${numeral(row.value)}, '${row.name}'],`);
      }
    }
    parts.push(']);');
  }
  return `${parts.join('\n')}\n`;
}
