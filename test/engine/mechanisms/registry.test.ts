/** The table of mechanisms and the files that implement them say the same. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as ck from '../../../module/engine/generated/constants.ts';
import { mechanisms as rows } from '../../../module/engine/generated/mechanisms.ts';
import { Mechanism } from '../../../module/engine/mechanisms/mechanism.ts';
import { families, mechanismFor, registry } from '../../../module/engine/mechanisms/registry.ts';

const folder = new URL('../../../module/engine/mechanisms/', import.meta.url);

/** Which flag promises which methods. */
const methods = {
  encrypt: ck.CKF_ENCRYPT,
  decrypt: ck.CKF_DECRYPT,
  digest: ck.CKF_DIGEST,
  sign: ck.CKF_SIGN,
  signRecover: ck.CKF_SIGN_RECOVER,
  verify: ck.CKF_VERIFY,
  verifyRecover: ck.CKF_VERIFY_RECOVER,
  generateKey: ck.CKF_GENERATE,
  generateKeyPair: ck.CKF_GENERATE_KEY_PAIR,
  wrap: ck.CKF_WRAP,
  unwrap: ck.CKF_UNWRAP,
  derive: ck.CKF_DERIVE,
} as const;

describe('the registry', () => {
  test('has every row, in the order of the table, and nothing else', () => {
    expect([...registry.keys()]).toEqual([...rows.keys()]);
  });

  test('has no mechanism in two families', () => {
    const types = families.flat().map(([type]) => type);
    expect(new Set(types).size).toBe(types.length);
  });

  test('names every file of the folder that exports a family', () => {
    const source = readFileSync(new URL('registry.ts', folder), 'utf8');
    const forgotten = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .filter((name) => /^export const \w+: Family\b/m.test(readFileSync(new URL(name, folder), 'utf8')))
      .filter((name) => !source.includes(`from './${name}'`));
    expect(forgotten).toEqual([]);
  });

  test.for([...registry.values()].map((found) => [found.row.name, found] as const))(
    '%s overrides what its flags promise, and no more',
    ([, found]) => {
      for (const [method, flag] of Object.entries(methods) as [keyof typeof methods, number][]) {
        const overridden = found[method] !== Mechanism.prototype[method];
        expect([method, overridden]).toEqual([method, (found.flags & flag) !== 0]);
      }
    },
  );

  test('answers CKR_MECHANISM_INVALID for what no row has, and for functions that a row does not have', () => {
    const refused = expect.objectContaining({ rv: ck.CKR_MECHANISM_INVALID });
    expect(() => mechanismFor(ck.CKM_DES3_CBC, ck.CKF_ENCRYPT)).toThrow(refused);
    expect(() => mechanismFor(-1, ck.CKF_ENCRYPT)).toThrow(refused);
    expect(() => mechanismFor(ck.CKM_SHA256, ck.CKF_ENCRYPT)).toThrow(refused);
    expect(() => mechanismFor(ck.CKM_ECDSA_SHA256, ck.CKF_SIGN_RECOVER)).toThrow(refused);
  });
});
