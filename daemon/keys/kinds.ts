/** The kinds of key by the names of the protocol, and how PKCS#11 describes and makes them. */

import { oid } from '../../module/certificates/der.ts';
import { KeyAlgorithm, KeyUsage } from '../../module/wire/generated/strongroom/v1/keys.ts';
import { curves } from '../../schema/enclave/curves.ts';
import * as C from '../cryptoki-client/generated/constants.ts';
import { wrong } from '../errors/problem.ts';

const U = KeyUsage;

export interface Kind {
  readonly algorithm: KeyAlgorithm;
  readonly keyType: number;
  /** By which it is generated. */
  readonly mechanism: number;
  /** A pair, and how the curve is named; or a secret. */
  readonly pair: boolean;
  readonly params?: Uint8Array;
  /** Of the field's order in bytes, for EC. */
  readonly order?: number;
  /** Of the modulus, for RSA. */
  readonly modulusBits?: number;
  /** Of a secret in bytes, where its name says that. */
  readonly length?: number;
  /** How long a secret is when nothing is said; where that may be said at all. */
  readonly usualLength?: number;
  /** What it is for when nothing is said, and what else it can be for. */
  readonly usual: readonly KeyUsage[];
  readonly also: readonly KeyUsage[];
}

function onCurve(algorithm: KeyAlgorithm, openssl: string): Kind {
  const curve = curves.find((row) => row.openssl === openssl);
  if (curve === undefined) throw new Error(`there is no curve ${openssl}`);
  return {
    algorithm,
    keyType: C.CKK_EC,
    mechanism: C.CKM_EC_KEY_PAIR_GEN,
    pair: true,
    params: oid(curve.oid),
    order: curve.order,
    usual: [U.KEY_USAGE_SIGN, U.KEY_USAGE_VERIFY],
    also: [U.KEY_USAGE_DERIVE],
  };
}

const aes = (algorithm: KeyAlgorithm, length: number): Kind => ({
  algorithm,
  keyType: C.CKK_AES,
  mechanism: C.CKM_AES_KEY_GEN,
  pair: false,
  length,
  usual: [U.KEY_USAGE_ENCRYPT, U.KEY_USAGE_DECRYPT],
  also: [U.KEY_USAGE_WRAP, U.KEY_USAGE_UNWRAP],
});

const rsa = (algorithm: KeyAlgorithm, modulusBits: number): Kind => ({
  algorithm,
  keyType: C.CKK_RSA,
  mechanism: C.CKM_RSA_PKCS_KEY_PAIR_GEN,
  pair: true,
  modulusBits,
  usual: [U.KEY_USAGE_SIGN, U.KEY_USAGE_VERIFY],
  also: [U.KEY_USAGE_ENCRYPT, U.KEY_USAGE_DECRYPT, U.KEY_USAGE_WRAP, U.KEY_USAGE_UNWRAP],
});

const secret = (algorithm: KeyAlgorithm, keyType: number, mechanism: number, usualLength: number): Kind => ({
  algorithm,
  keyType,
  mechanism,
  pair: false,
  usualLength,
  usual: [U.KEY_USAGE_SIGN, U.KEY_USAGE_VERIFY],
  also: [],
});

const K = KeyAlgorithm;
export const kinds: readonly Kind[] = [
  aes(K.KEY_ALGORITHM_AES_128, 16),
  aes(K.KEY_ALGORITHM_AES_192, 24),
  aes(K.KEY_ALGORITHM_AES_256, 32),
  rsa(K.KEY_ALGORITHM_RSA_2048, 2048),
  rsa(K.KEY_ALGORITHM_RSA_3072, 3072),
  rsa(K.KEY_ALGORITHM_RSA_4096, 4096),
  onCurve(K.KEY_ALGORITHM_EC_P256, 'prime256v1'),
  onCurve(K.KEY_ALGORITHM_EC_P384, 'secp384r1'),
  onCurve(K.KEY_ALGORITHM_EC_P521, 'secp521r1'),
  onCurve(K.KEY_ALGORITHM_EC_SECP256K1, 'secp256k1'),
  {
    ...onCurve(K.KEY_ALGORITHM_ED25519, 'ED25519'),
    keyType: C.CKK_EC_EDWARDS,
    mechanism: C.CKM_EC_EDWARDS_KEY_PAIR_GEN,
    also: [],
  },
  {
    ...onCurve(K.KEY_ALGORITHM_X25519, 'X25519'),
    keyType: C.CKK_EC_MONTGOMERY,
    mechanism: C.CKM_EC_MONTGOMERY_KEY_PAIR_GEN,
    usual: [U.KEY_USAGE_DERIVE],
    also: [],
  },
  secret(K.KEY_ALGORITHM_HMAC_SHA256, C.CKK_SHA256_HMAC, C.CKM_SHA256_KEY_GEN, 32),
  secret(K.KEY_ALGORITHM_HMAC_SHA384, C.CKK_SHA384_HMAC, C.CKM_SHA384_KEY_GEN, 48),
  secret(K.KEY_ALGORITHM_HMAC_SHA512, C.CKK_SHA512_HMAC, C.CKM_SHA512_KEY_GEN, 64),
  secret(K.KEY_ALGORITHM_GENERIC_SECRET, C.CKK_GENERIC_SECRET, C.CKM_GENERIC_SECRET_KEY_GEN, 32),
];

export function kindOf(algorithm: number, field: string): Kind {
  const found = kinds.find((kind) => kind.algorithm === algorithm);
  if (found !== undefined) return found;
  throw wrong(field, algorithm === 0 ? 'none is given' : 'it is none that is known here');
}

const same = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;

/** The kind of an object that is there already, by its attributes. */
export function kindLike(keyType: number, params?: Uint8Array, bits?: number): Kind | undefined {
  return kinds.find((kind) => {
    if (kind.keyType !== keyType) return false;
    if (kind.params !== undefined) return same(kind.params, params);
    if (kind.modulusBits !== undefined) return kind.modulusBits === bits;
    return kind.length === undefined || kind.length * 8 === bits;
  });
}

const orders = curves.map((curve) => ({ params: oid(curve.oid), order: curve.order }));

/** The bytes of r and of s on the curve that CKA_EC_PARAMS names. */
export const orderOf = (params: Uint8Array | undefined): number | undefined =>
  orders.find((curve) => same(curve.params, params))?.order;
