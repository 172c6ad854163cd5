/** The enclave's numbers: those in sealed keys never change, and each table means one thing by each of its numbers. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Cipher, Component, Hash, hashBytes, KeyKind } from '../../module/enclave/generated/numbers.ts';
import { ciphers } from '../../schema/enclave/ciphers.ts';
import { curves } from '../../schema/enclave/curves.ts';
import { hashes } from '../../schema/enclave/hashes.ts';

describe('the numbers of the enclave', () => {
  it('are in sealed keys what they have always been', () => {
    expect(KeyKind).toEqual({
      Secret: 1,
      RsaPrivate: 2,
      RsaPublic: 3,
      EcPrivate: 4,
      EcPublic: 5,
      Ed25519Private: 6,
      Ed25519Public: 7,
      X25519Private: 8,
      X25519Public: 9,
      Data: 10,
    });
    expect(Component).toEqual({
      Value: 1,
      Modulus: 2,
      PublicExponent: 3,
      PrivateExponent: 4,
      Prime1: 5,
      Prime2: 6,
      Exponent1: 7,
      Exponent2: 8,
      Coefficient: 9,
      EcParams: 10,
      EcPoint: 11,
    });
  });

  it('stand for hashes of the sizes that others find', () => {
    for (const { name, openssl, size } of hashes) {
      const known = openssl.replace('SHA2-', 'SHA').replace('/', '-');
      expect(hashBytes[Hash[name]], name).toBe(createHash(known).digest().length);
      expect(size, name).toBe(hashBytes[Hash[name]]);
    }
    expect(Object.keys(hashBytes)).toHaveLength(hashes.length + 1);
  });

  it('name a cipher for each size of key, and a block cipher that is one', () => {
    expect(Object.keys(Cipher)).toEqual(ciphers.map((row) => row.name));
    for (const { name, openssl, iv, block } of ciphers) {
      expect(Object.keys(openssl).length, name).toBeGreaterThan(0);
      if (iv !== undefined) expect(iv[0], name).toBeLessThanOrEqual(iv[1]);
      if (block !== undefined)
        expect(ciphers.find((row) => row.name === block)?.mode, `${name}'s block cipher`).toBe('Ecb');
    }
  });

  it('name no curve in the way of another', () => {
    const names = curves.flatMap((row) => [row.oid, ...(row.otherOids ?? []), row.curveName ?? row.openssl]);
    expect(new Set(names).size).toBe(names.length);
  });
});
