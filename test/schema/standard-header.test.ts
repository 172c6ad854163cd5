/**
 * Our numbers, types and prototypes against the standard's own headers (PKCS#11 3.2: pkcs11.h, pkcs11t.h, pkcs11f.h).
 *
 * They are not part of this project. STRONGROOM_PKCS11_HEADERS names a folder that has them; otherwise a clone of the
 * standard's repository beside the project is used when there is one.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { constants } from '../../schema/cryptoki/constants.ts';
import { layoutStructures } from '../../schema/cryptoki/types/layouts.ts';
import { structures } from '../../schema/cryptoki/types.ts';
import {
  declareBeside,
  functionLists,
  type Header,
  layoutOf,
  listLayoutOf,
  macrosOf,
  ourHeader,
  valuesOf,
} from './headers.ts';

const clone = join(import.meta.dirname, '../../../.mirror/oasis-tcs+pkcs11/repo');
const files = ['pkcs11.h', 'pkcs11t.h', 'pkcs11f.h'];
let temporary: string | undefined;

function findFolder(): string | undefined {
  const named = process.env.STRONGROOM_PKCS11_HEADERS;
  if (named !== undefined) return named;
  if (!existsSync(clone)) return undefined;
  temporary = mkdtempSync(join(tmpdir(), 'strongroom-standard-'));
  for (const file of files) {
    const text = execFileSync('git', ['--git-dir', clone, 'show', `HEAD:published/3-02/${file}`]);
    writeFileSync(join(temporary, file), text);
  }
  return temporary;
}

const folder = findFolder();
const theirs: Header = {
  folder: folder ?? '',
  prelude: `#define CK_PTR *
#define CK_DECLARE_FUNCTION(type, name) type name
#define CK_DECLARE_FUNCTION_POINTER(type, name) type (*name)
#define CK_CALLBACK_FUNCTION(type, name) type (*name)
#define NULL_PTR 0
#include "pkcs11.h"
`,
};

/** Macros of the header that are not numbers of the standard: guards, and C's words for true and false. */
const notNumbers = new Set(['TRUE', 'FALSE', 'CK_PTR', 'NULL_PTR']);
const ours = new Set(layoutStructures.map((each) => each.name));
const standard = structures.filter((each) => !ours.has(each.name));

const reason =
  folder === undefined ? ' (skipped: set STRONGROOM_PKCS11_HEADERS to the folder that has them)' : '';

describe.skipIf(folder === undefined)(`the standard's headers${reason}`, () => {
  afterAll(() => {
    if (temporary !== undefined) rmSync(temporary, { recursive: true });
  });

  it('name the same numbers that we name', () => {
    const text = readFileSync(join(theirs.folder, 'pkcs11t.h'), 'utf8');
    const written = [...text.matchAll(/^#\s*define\s+(\w+)[ \t]+\S/gm)].map((match) => match[1] ?? '');
    const names = written.filter((name) => !notNumbers.has(name) && !name.startsWith('_'));
    expect(names.length).toBeGreaterThan(1000);
    // Those in the vendors' range are our own.
    const named = constants.map((row) => row.name).filter((name) => !/^CK\w?_STRONGROOM_/.test(name));
    expect([...new Set(names)].sort()).toEqual(named.sort());
  });

  it('give every number the value that we give it', ({ annotate }) => {
    const known = macrosOf(theirs);
    const names = constants.map((row) => row.name).filter((name) => known.has(name));
    expect(valuesOf(ourHeader, names)).toEqual(valuesOf(theirs, names));
    return annotate(`${names.length} constants compared`);
  });

  it('have the same structures, laid out as ours', ({ annotate }) => {
    const text = readFileSync(join(theirs.folder, 'pkcs11t.h'), 'utf8');
    const written = [...text.matchAll(/typedef struct (\w+)\s*\{/g)].map((match) => match[1] ?? '');
    expect(written.length).toBeGreaterThan(90);
    expect(written.sort()).toEqual(standard.map((each) => each.name).sort());
    expect(layoutOf(ourHeader, standard)).toEqual(layoutOf(theirs, standard));
    return annotate(`${standard.length} structures compared`);
  });

  it.each(functionLists)('order the functions of $name as ours', (list) => {
    expect(listLayoutOf(ourHeader, list)).toEqual(listLayoutOf(theirs, list));
  });

  it('accept our prototypes beside their own', () => {
    expect(() => declareBeside(theirs, ['2.40', '3.0', '3.2'])).not.toThrow();
  });
});
