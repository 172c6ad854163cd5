/**
 * What is generated from the tables of the schema is up to date, and works.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attributeType, rulesFor } from '../../module/engine/generated/attributes.ts';
import * as generated from '../../module/engine/generated/constants.ts';
import { mechanisms as table } from '../../module/engine/generated/mechanisms.ts';
import { ckaName, ckmName, ckrName } from '../../module/engine/generated/names.ts';
import { attributeRows, ruleSets } from '../../schema/cryptoki/attributes.ts';
import { constants } from '../../schema/cryptoki/constants.ts';
import { mechanisms } from '../../schema/cryptoki/mechanisms.ts';
import { effective } from '../../scripts/generate/attributes.ts';
import { generateTables } from '../../scripts/generate/tables.ts';

const root = join(import.meta.dirname, '../..');
const value = (name: string): number => constants.find((row) => row.name === name)?.value ?? Number.NaN;

describe('generated files', () => {
  it.each([...generateTables()])('%s is what the tables say now', (path, content) => {
    expect(readFileSync(join(root, path), 'utf8') === content, `${path} is stale: generate again`).toBe(true);
  });

  it('export every constant with its value', () => {
    expect({ ...generated }).toEqual(Object.fromEntries(constants.map((row) => [row.name, row.value])));
  });

  it('name numbers, and write those without a name in hexadecimal', () => {
    expect(ckrName(0)).toBe('CKR_OK');
    expect(ckmName(0x1040)).toBe('CKM_EC_KEY_PAIR_GEN');
    expect(ckaName(0x40000211)).toBe('CKA_WRAP_TEMPLATE');
    expect(ckrName(0x80000001)).toBe('0x80000001');
    expect(ckrName(generated.CK_UNAVAILABLE_INFORMATION)).toBe('0xffffffffffffffff');
  });

  it('know the type of every attribute', () => {
    for (const row of attributeRows) {
      expect(attributeType(value(row.name)), row.name).toBe(row.type);
    }
    expect(attributeType(0x80000001)).toBeUndefined();
  });

  it('know the rules of every kind of object', () => {
    for (const set of ruleSets) {
      const rules = rulesFor(value(set.class), set.type === undefined ? undefined : value(set.type));
      expect([...(rules?.keys() ?? [])], `${set.class} ${set.type}`).toEqual(
        effective(set.rules).map((rule) => value(rule.attribute)),
      );
    }
    expect(rulesFor(generated.CKO_SECRET_KEY, generated.CKK_BLOWFISH)).toBeUndefined();
    expect(rulesFor(generated.CKO_SECRET_KEY)).toBeUndefined();
    expect(rulesFor(generated.CKO_DATA, 7)).toBe(rulesFor(generated.CKO_DATA));
  });

  it('spell out the footnotes of a rule', () => {
    const rsa = rulesFor(generated.CKO_PRIVATE_KEY, generated.CKK_RSA);
    expect(rsa?.get(generated.CKA_PRIVATE_EXPONENT)).toEqual({
      attribute: generated.CKA_PRIVATE_EXPONENT,
      type: 'bigint',
      create: 'required',
      generate: 'forbidden',
      unwrap: 'forbidden',
      derive: 'forbidden',
      default: undefined,
      sensitive: true,
      modifiable: false,
      copyable: false,
      sticky: undefined,
      soOnlyTrue: false,
      readOnly: false,
    });
    expect(rsa?.get(generated.CKA_SENSITIVE)).toMatchObject({
      modifiable: true,
      sticky: 'once-true',
      default: true,
    });
    expect(rsa?.get(generated.CKA_EXTRACTABLE)).toMatchObject({ sticky: 'once-false', default: false });
    expect(rsa?.get(generated.CKA_LOCAL)).toMatchObject({ readOnly: true, modifiable: false });
    expect(rsa?.get(generated.CKA_TOKEN)).toMatchObject({ modifiable: false, copyable: true });
    expect(rsa?.get(generated.CKA_KEY_GEN_MECHANISM)?.default).toBe(generated.CK_UNAVAILABLE_INFORMATION);
    const aes = rulesFor(generated.CKO_SECRET_KEY, generated.CKK_AES);
    expect(aes?.get(generated.CKA_VALUE_LEN)).toMatchObject({ create: 'forbidden', generate: 'required' });
    expect(aes?.get(generated.CKA_TRUSTED)).toMatchObject({ soOnlyTrue: true, modifiable: true });
  });

  it('list every mechanism with the flags of its uses', () => {
    expect([...table.values()].map((row) => row.name)).toEqual(mechanisms.map((row) => row.name));
    expect(table.get(generated.CKM_ECDSA_SHA256)).toEqual({
      type: generated.CKM_ECDSA_SHA256,
      name: 'CKM_ECDSA_SHA256',
      min: 224,
      max: 521,
      flags:
        generated.CKF_SIGN |
        generated.CKF_VERIFY |
        generated.CKF_EC_F_P |
        generated.CKF_EC_OID |
        generated.CKF_EC_UNCOMPRESS,
      parameter: 'none',
      keyTypes: [generated.CKK_EC],
      approved: true,
    });
  });
});
