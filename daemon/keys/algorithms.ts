/** The algorithms by the names of the protocol, and the mechanisms of PKCS#11 that stand behind them. */
import {
  CipherAlgorithm,
  DeriveAlgorithm,
  MacAlgorithm,
  SignatureAlgorithm,
  WrapAlgorithm,
} from '../../module/wire/generated/strongroom/v1/keys.ts';
import type { Mechanism } from '../cryptoki-client/arguments.ts';
import * as C from '../cryptoki-client/generated/constants.ts';
import { wrong } from '../errors/problem.ts';
import { digestInfo } from './der.ts';

type HashName = 'SHA1' | 'SHA256' | 'SHA384' | 'SHA512' | 'SHA3_256' | 'SHA3_384' | 'SHA3_512';

interface Hash {
  readonly length: number;
  readonly mechanism: number;
  readonly mgf: number;
}

const hashes: Readonly<Record<HashName, Hash>> = {
  SHA1: { length: 20, mechanism: C.CKM_SHA_1, mgf: C.CKG_MGF1_SHA1 },
  SHA256: { length: 32, mechanism: C.CKM_SHA256, mgf: C.CKG_MGF1_SHA256 },
  SHA384: { length: 48, mechanism: C.CKM_SHA384, mgf: C.CKG_MGF1_SHA384 },
  SHA512: { length: 64, mechanism: C.CKM_SHA512, mgf: C.CKG_MGF1_SHA512 },
  SHA3_256: { length: 32, mechanism: C.CKM_SHA3_256, mgf: C.CKG_MGF1_SHA3_256 },
  SHA3_384: { length: 48, mechanism: C.CKM_SHA3_384, mgf: C.CKG_MGF1_SHA3_384 },
  SHA3_512: { length: 64, mechanism: C.CKM_SHA3_512, mgf: C.CKG_MGF1_SHA3_512 },
};

export interface Signing {
  readonly family: 'pkcs1' | 'pss' | 'ecdsa' | 'eddsa';
  readonly hash?: HashName;
  /** For data, which the engine hashes. */
  readonly mechanism: Mechanism;
}

function pss(hash: HashName, type: number): Mechanism {
  const { length, mechanism, mgf } = hashes[hash];
  return { type, parameter: { shape: 'pss', hashAlg: mechanism, mgf, sLen: length } };
}

const S = SignatureAlgorithm;
const signings = new Map<number, Signing>([
  [
    S.SIGNATURE_ALGORITHM_RSA_PKCS1_SHA256,
    { family: 'pkcs1', hash: 'SHA256', mechanism: { type: C.CKM_SHA256_RSA_PKCS } },
  ],
  [
    S.SIGNATURE_ALGORITHM_RSA_PKCS1_SHA384,
    { family: 'pkcs1', hash: 'SHA384', mechanism: { type: C.CKM_SHA384_RSA_PKCS } },
  ],
  [
    S.SIGNATURE_ALGORITHM_RSA_PKCS1_SHA512,
    { family: 'pkcs1', hash: 'SHA512', mechanism: { type: C.CKM_SHA512_RSA_PKCS } },
  ],
  [
    S.SIGNATURE_ALGORITHM_RSA_PSS_SHA256,
    { family: 'pss', hash: 'SHA256', mechanism: pss('SHA256', C.CKM_SHA256_RSA_PKCS_PSS) },
  ],
  [
    S.SIGNATURE_ALGORITHM_RSA_PSS_SHA384,
    { family: 'pss', hash: 'SHA384', mechanism: pss('SHA384', C.CKM_SHA384_RSA_PKCS_PSS) },
  ],
  [
    S.SIGNATURE_ALGORITHM_RSA_PSS_SHA512,
    { family: 'pss', hash: 'SHA512', mechanism: pss('SHA512', C.CKM_SHA512_RSA_PKCS_PSS) },
  ],
  [
    S.SIGNATURE_ALGORITHM_ECDSA_SHA256,
    { family: 'ecdsa', hash: 'SHA256', mechanism: { type: C.CKM_ECDSA_SHA256 } },
  ],
  [
    S.SIGNATURE_ALGORITHM_ECDSA_SHA384,
    { family: 'ecdsa', hash: 'SHA384', mechanism: { type: C.CKM_ECDSA_SHA384 } },
  ],
  [
    S.SIGNATURE_ALGORITHM_ECDSA_SHA512,
    { family: 'ecdsa', hash: 'SHA512', mechanism: { type: C.CKM_ECDSA_SHA512 } },
  ],
  [
    S.SIGNATURE_ALGORITHM_ECDSA_SHA3_256,
    { family: 'ecdsa', hash: 'SHA3_256', mechanism: { type: C.CKM_ECDSA_SHA3_256 } },
  ],
  [
    S.SIGNATURE_ALGORITHM_ECDSA_SHA3_384,
    { family: 'ecdsa', hash: 'SHA3_384', mechanism: { type: C.CKM_ECDSA_SHA3_384 } },
  ],
  [
    S.SIGNATURE_ALGORITHM_ECDSA_SHA3_512,
    { family: 'ecdsa', hash: 'SHA3_512', mechanism: { type: C.CKM_ECDSA_SHA3_512 } },
  ],
  [S.SIGNATURE_ALGORITHM_EDDSA, { family: 'eddsa', mechanism: { type: C.CKM_EDDSA } }],
]);

/** A value of an enum that is one of ours; whoever speaks a later protocol may send others, and nothing at all is no choice. */
function chosen<T>(table: ReadonlyMap<number, T>, value: number, field: string): T {
  const found = table.get(value);
  if (found !== undefined) return found;
  throw wrong(field, value === 0 ? 'none is given' : 'it is none that is known here');
}

export const signing = (value: number, field = 'algorithm'): Signing => chosen(signings, value, field);

/** The mechanism and its input where the caller has hashed. */
export function digested(how: Signing, digest: Uint8Array): { mechanism: Mechanism; input: Uint8Array } {
  const { hash, family } = how;
  if (hash === undefined) throw wrong('digest', 'this algorithm signs data, and no digest of it');
  if (digest.length !== hashes[hash].length)
    throw wrong(
      'digest',
      `it is ${digest.length} bytes long, and the algorithm’s hash ${hashes[hash].length}`,
    );
  if (family === 'ecdsa') return { mechanism: { type: C.CKM_ECDSA }, input: digest };
  if (family === 'pss') return { mechanism: pss(hash, C.CKM_RSA_PKCS_PSS), input: digest };
  const info = digestInfo[hash as keyof typeof digestInfo];
  return { mechanism: { type: C.CKM_RSA_PKCS }, input: Buffer.concat([info, digest]) };
}

/** Which vector a cipher takes: the length of one that we make, and those that are right. */
interface Vector {
  readonly made: number;
  readonly least: number;
  readonly most: number;
}

export interface Cipher {
  /** None for RSA. */
  readonly vector?: Vector;
  /** Whether `aad` means anything. */
  readonly takesAad: boolean;
  readonly mechanism: (iv: Uint8Array, aad: Uint8Array) => Mechanism;
}

function oaep(hash: HashName): (iv: Uint8Array, aad: Uint8Array) => Mechanism {
  const { mechanism, mgf } = hashes[hash];
  return (_iv, aad) => ({
    type: C.CKM_RSA_PKCS_OAEP,
    parameter: {
      shape: 'oaep',
      hashAlg: mechanism,
      mgf,
      source: C.CKZ_DATA_SPECIFIED,
      sourceData: aad.length === 0 ? null : aad,
    },
  });
}

const block: Vector = { made: 16, least: 16, most: 16 };
const E = CipherAlgorithm;
const ciphers = new Map<number, Cipher>([
  [
    E.CIPHER_ALGORITHM_AES_GCM,
    {
      vector: { made: 12, least: 12, most: 256 },
      takesAad: true,
      mechanism: (iv, aad) => ({
        type: C.CKM_AES_GCM,
        parameter: { shape: 'gcm', iv, ivBits: iv.length * 8, aad, tagBits: 128 },
      }),
    },
  ],
  [
    E.CIPHER_ALGORITHM_AES_CBC_PAD,
    {
      vector: block,
      takesAad: false,
      mechanism: (iv) => ({ type: C.CKM_AES_CBC_PAD, parameter: { shape: 'bytes', bytes: iv } }),
    },
  ],
  [
    E.CIPHER_ALGORITHM_AES_CTR,
    {
      vector: block,
      takesAad: false,
      mechanism: (iv) => ({ type: C.CKM_AES_CTR, parameter: { shape: 'ctr', counterBits: 128, cb: iv } }),
    },
  ],
  [E.CIPHER_ALGORITHM_RSA_OAEP_SHA1, { takesAad: true, mechanism: oaep('SHA1') }],
  [E.CIPHER_ALGORITHM_RSA_OAEP_SHA256, { takesAad: true, mechanism: oaep('SHA256') }],
  [E.CIPHER_ALGORITHM_RSA_OAEP_SHA384, { takesAad: true, mechanism: oaep('SHA384') }],
  [E.CIPHER_ALGORITHM_RSA_OAEP_SHA512, { takesAad: true, mechanism: oaep('SHA512') }],
]);

export const cipher = (value: number, field = 'algorithm'): Cipher => chosen(ciphers, value, field);

const macs = new Map<number, { readonly mechanism: Mechanism; readonly length: number }>([
  [MacAlgorithm.MAC_ALGORITHM_HMAC_SHA1, { mechanism: { type: C.CKM_SHA_1_HMAC }, length: 20 }],
  [MacAlgorithm.MAC_ALGORITHM_HMAC_SHA256, { mechanism: { type: C.CKM_SHA256_HMAC }, length: 32 }],
  [MacAlgorithm.MAC_ALGORITHM_HMAC_SHA384, { mechanism: { type: C.CKM_SHA384_HMAC }, length: 48 }],
  [MacAlgorithm.MAC_ALGORITHM_HMAC_SHA512, { mechanism: { type: C.CKM_SHA512_HMAC }, length: 64 }],
]);

export const mac = (value: number, field = 'algorithm') => chosen(macs, value, field);

export interface Wrapping {
  readonly rsa: boolean;
  readonly mechanism: Mechanism;
}

const empty = new Uint8Array(0);
const W = WrapAlgorithm;
const wrappings = new Map<number, Wrapping>([
  [W.WRAP_ALGORITHM_AES_KEY_WRAP, { rsa: false, mechanism: { type: C.CKM_AES_KEY_WRAP } }],
  [W.WRAP_ALGORITHM_AES_KEY_WRAP_PAD, { rsa: false, mechanism: { type: C.CKM_AES_KEY_WRAP_KWP } }],
  [W.WRAP_ALGORITHM_RSA_OAEP_SHA1, { rsa: true, mechanism: oaep('SHA1')(empty, empty) }],
  [W.WRAP_ALGORITHM_RSA_OAEP_SHA256, { rsa: true, mechanism: oaep('SHA256')(empty, empty) }],
  [W.WRAP_ALGORITHM_RSA_OAEP_SHA384, { rsa: true, mechanism: oaep('SHA384')(empty, empty) }],
  [W.WRAP_ALGORITHM_RSA_OAEP_SHA512, { rsa: true, mechanism: oaep('SHA512')(empty, empty) }],
]);

export const wrapping = (value: number, field = 'algorithm'): Wrapping => chosen(wrappings, value, field);

const derivations = new Map<number, number>([
  [DeriveAlgorithm.DERIVE_ALGORITHM_ECDH, C.CKD_NULL],
  [DeriveAlgorithm.DERIVE_ALGORITHM_ECDH_X963_SHA256, C.CKD_SHA256_KDF],
  [DeriveAlgorithm.DERIVE_ALGORITHM_ECDH_X963_SHA384, C.CKD_SHA384_KDF],
  [DeriveAlgorithm.DERIVE_ALGORITHM_ECDH_X963_SHA512, C.CKD_SHA512_KDF],
]);

/** The KDF of a key agreement. */
export const derivation = (value: number, field = 'algorithm'): number => chosen(derivations, value, field);
