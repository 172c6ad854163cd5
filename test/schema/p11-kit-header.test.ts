/**
 * Our numbers, layouts and prototypes against the header that p11-kit ships (Debian's libp11-kit-dev).
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { constants } from '../../schema/cryptoki/constants.ts';
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

const folder = '/usr/include/p11-kit-1/p11-kit';
const theirs: Header = { prelude: '#include "pkcs11.h"\n', folder };

/** Where p11-kit differs from the standard's own header, which the other test of headers holds us to. */
const otherwise = new Set([
  // p11-kit follows 2.40.
  'CRYPTOKI_VERSION_MAJOR',
  'CRYPTOKI_VERSION_MINOR',
  // p11-kit numbers these five from 0x1c0; every version of the standard from 0x1b5.
  'CKR_EXCEEDED_MAX_ITERATIONS',
  'CKR_FIPS_SELF_TEST_FAILED',
  'CKR_LIBRARY_LOAD_FAILED',
  'CKR_PIN_TOO_WEAK',
  'CKR_PUBLIC_KEY_INVALID',
]);

describe.skipIf(!existsSync(join(folder, 'pkcs11.h')))('the header of p11-kit (libp11-kit-dev)', () => {
  it('gives every shared constant the value that we give it', ({ annotate }) => {
    const known = macrosOf(theirs);
    const shared = constants.map((row) => row.name).filter((name) => known.has(name) && !otherwise.has(name));
    expect(shared.length).toBeGreaterThan(650);
    expect(valuesOf(ourHeader, shared)).toEqual(valuesOf(theirs, shared));
    return annotate(`${shared.length} constants compared`);
  });

  it('lays out every shared structure as we do', ({ annotate }) => {
    const text = readFileSync(join(folder, 'pkcs11.h'), 'utf8');
    const shared = structures.filter((each) => new RegExp(`\\b${each.name};`).test(text));
    expect(shared.length).toBeGreaterThan(15);
    expect(layoutOf(ourHeader, shared)).toEqual(layoutOf(theirs, shared));
    return annotate(`${shared.length} structures compared`);
  });

  it('orders the functions of the 2.40 list as we do', () => {
    const [list] = functionLists;
    expect(listLayoutOf(ourHeader, list)).toEqual(listLayoutOf(theirs, list));
  });

  it('accepts our prototypes beside its own', () => {
    expect(() => declareBeside(theirs, ['2.40'])).not.toThrow();
  });
});
