/** Keys for the tests of this folder. */
import { Component } from '../../../module/enclave/enclave.ts';
import * as ck from '../../../module/engine/generated/constants.ts';
import { type Client, enclave, mechanism, template } from './client.ts';

type Values = Readonly<Record<number, number | boolean | Uint8Array>>;

export interface Pair {
  readonly publicKey: number;
  readonly privateKey: number;
}

/** DER of the named curves in CKA_EC_PARAMS. */
export const curves = {
  p256: Uint8Array.of(0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07),
  p384: Uint8Array.of(0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22),
  p521: Uint8Array.of(0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23),
  k256: Uint8Array.of(0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a),
  ed25519: Uint8Array.of(0x06, 0x03, 0x2b, 0x65, 0x70),
  x25519: Uint8Array.of(0x06, 0x03, 0x2b, 0x65, 0x6e),
} as const;

/** Private keys here can be read and wrapped, since they are nobody's. */
const open = { [ck.CKA_SENSITIVE]: false, [ck.CKA_EXTRACTABLE]: true } as const;

export function rsaPair(client: Client, bits = 2048, more: Values = {}): Pair {
  const { first, second } = client.ok('C_GenerateKeyPair', {
    mechanism: mechanism(ck.CKM_RSA_PKCS_KEY_PAIR_GEN),
    publicTemplate: template({
      [ck.CKA_MODULUS_BITS]: bits,
      [ck.CKA_VERIFY]: true,
      [ck.CKA_VERIFY_RECOVER]: true,
      [ck.CKA_ENCRYPT]: true,
      [ck.CKA_WRAP]: true,
    }),
    privateTemplate: template({
      [ck.CKA_SIGN]: true,
      [ck.CKA_SIGN_RECOVER]: true,
      [ck.CKA_DECRYPT]: true,
      [ck.CKA_UNWRAP]: true,
      ...open,
      ...more,
    }),
  });
  return { publicKey: first, privateKey: second };
}

function curvePair(
  client: Client,
  type: number,
  params: Uint8Array,
  publicUse: Values,
  privateUse: Values,
): Pair {
  const { first, second } = client.ok('C_GenerateKeyPair', {
    mechanism: mechanism(type),
    publicTemplate: template({ [ck.CKA_EC_PARAMS]: params, ...publicUse }),
    privateTemplate: template({ ...open, ...privateUse }),
  });
  return { publicKey: first, privateKey: second };
}

export function ecPair(client: Client, params: Uint8Array = curves.p256, more: Values = {}): Pair {
  return curvePair(
    client,
    ck.CKM_EC_KEY_PAIR_GEN,
    params,
    { [ck.CKA_VERIFY]: true },
    { [ck.CKA_SIGN]: true, [ck.CKA_DERIVE]: true, ...more },
  );
}

export function edwardsPair(client: Client): Pair {
  return curvePair(
    client,
    ck.CKM_EC_EDWARDS_KEY_PAIR_GEN,
    curves.ed25519,
    { [ck.CKA_VERIFY]: true },
    { [ck.CKA_SIGN]: true },
  );
}

export function montgomeryPair(client: Client): Pair {
  return curvePair(client, ck.CKM_EC_MONTGOMERY_KEY_PAIR_GEN, curves.x25519, {}, { [ck.CKA_DERIVE]: true });
}

/** A secret of known value, good for everything that its type allows. */
export function secret(client: Client, keyType: number, value: Uint8Array, more: Values = {}): number {
  const uses =
    keyType === ck.CKK_AES
      ? { [ck.CKA_ENCRYPT]: true, [ck.CKA_DECRYPT]: true, [ck.CKA_WRAP]: true, [ck.CKA_UNWRAP]: true }
      : { [ck.CKA_SIGN]: true, [ck.CKA_VERIFY]: true };
  return client.create({
    [ck.CKA_CLASS]: ck.CKO_SECRET_KEY,
    [ck.CKA_KEY_TYPE]: keyType,
    [ck.CKA_VALUE]: value,
    ...open,
    ...uses,
    ...more,
  });
}

export function aes(
  client: Client,
  value: Uint8Array = new Uint8Array(32).fill(7),
  more: Values = {},
): number {
  return secret(client, ck.CKK_AES, value, more);
}

/** The bytes of a secret or private key. */
export function secretOf(client: Client, handle: number): Uint8Array {
  const key = client.object(handle).key();
  const out = new Uint8Array(enclave.keyComponent(key, Component.Value, new Uint8Array(0), 0, 0));
  enclave.keyComponent(key, Component.Value, out, 0, out.length);
  return out;
}

/** What a secret key's template begins with. */
export const secretTemplate = (keyType: number, more = {}) =>
  template({ [ck.CKA_CLASS]: ck.CKO_SECRET_KEY, [ck.CKA_KEY_TYPE]: keyType, ...more });
