/**
 * Asks a C compiler what a header says: its macros, their values, the layout of its structures, its prototypes.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prototypes } from '../../schema/cryptoki/prototypes.ts';
import type { Structure } from '../../schema/cryptoki/types.ts';

/** A header: what a C file writes to include it, and where the compiler looks for it. */
export interface Header {
  readonly prelude: string;
  readonly folder: string;
}

const root = join(import.meta.dirname, '../..');

/** Our own. */
export const ourHeader: Header = {
  prelude: '#include "cryptoki.h"\n',
  folder: join(root, 'module/generated'),
};

/** The three function lists, and the versions whose functions each carries. */
export const functionLists = [
  { name: 'CK_FUNCTION_LIST', upTo: ['2.40'] },
  { name: 'CK_FUNCTION_LIST_3_0', upTo: ['2.40', '3.0'] },
  { name: 'CK_FUNCTION_LIST_3_2', upTo: ['2.40', '3.0', '3.2'] },
] as const;

/** Names of all macros that the header itself defines (not those of the compiler), without function-like ones. */
export function macrosOf(header: Header): Set<string> {
  const text = compile(['-dM', '-E'], header, header.prelude);
  return new Set([...text.matchAll(/^#define (\w+) /gm)].map((match) => match[1] ?? ''));
}

/** Values of macros, as text: unsigned decimals of a CK_ULONG. */
export function valuesOf(header: Header, names: Iterable<string>): Map<string, string> {
  const lines = [...names].map((name) => `  printf("${name} %lu\\n", (unsigned long)(${name}));`);
  return run(header, lines);
}

/** Sizes of structures and places of their members, as `NAME` and `NAME.member`. */
export function layoutOf(header: Header, structures: readonly Structure[]): Map<string, string> {
  const lines = structures.flatMap((each) => [
    `  printf("${each.name} %zu\\n", sizeof(${each.name}));`,
    ...each.fields.map(
      (field) =>
        `  printf("${each.name}.${field.name} %zu/%zu\\n", offsetof(${each.name}, ${field.name}), sizeof(((${each.name} *)0)->${field.name}));`,
    ),
  ]);
  return run(header, lines);
}

/** Places of the functions in a function list, by name. */
export function listLayoutOf(header: Header, list: (typeof functionLists)[number]): Map<string, string> {
  const members = prototypes.filter((each) => list.upTo.some((version) => version === each.since));
  return run(header, [
    `  printf("size %zu\\n", sizeof(${list.name}));`,
    ...members.map((each) => `  printf("${each.name} %zu\\n", offsetof(${list.name}, ${each.name}));`),
  ]);
}

/** Declares our prototypes beside the header's: the compiler refuses a difference in any argument's type. */
export function declareBeside(header: Header, versions: readonly string[]): void {
  const declarations = prototypes
    .filter((each) => versions.includes(each.since))
    .map(
      (each) =>
        `extern CK_RV ${each.name}(${each.params.map((param) => `${param.ctype} ${param.name}`).join(', ')});`,
    );
  compile(['-fsyntax-only'], header, `${header.prelude}${declarations.join('\n')}\n`);
}

function compile(options: readonly string[], header: Header, source: string): string {
  return execFileSync(
    'gcc',
    ['-std=c11', '-Wall', '-Werror', ...options, '-I', header.folder, '-x', 'c', '-'],
    {
      input: source,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  );
}

function run(header: Header, statements: readonly string[]): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-schema-'));
  try {
    const program = join(folder, 'program');
    const source = `${header.prelude}#include <stddef.h>\n#include <stdio.h>\nint main(void) {\n${statements.join('\n')}\n  return 0;\n}\n`;
    writeFileSync(`${program}.c`, source);
    execFileSync('gcc', ['-std=c11', '-Wall', '-Werror', '-I', header.folder, `${program}.c`, '-o', program]);
    const lines = execFileSync(program, { encoding: 'utf8' }).trimEnd().split('\n');
    return new Map(lines.map((line) => line.split(' ') as [string, string]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
