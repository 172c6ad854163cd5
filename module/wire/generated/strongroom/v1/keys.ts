// Generated from schema/proto by scripts/generate.ts. Do not edit.
import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";
import {
  type CallOptions,
  type ChannelCredentials,
  Client,
  type ClientDuplexStream,
  type ClientOptions,
  type ClientUnaryCall,
  type ClientWritableStream,
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleUnaryCall,
  makeGenericClientConstructor,
  type Metadata,
  type ServiceError,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";

export const protobufPackage = "strongroom.v1";

export const protobufFileName = "strongroom/v1/keys.proto";

/** What a key is. */
export const KeyAlgorithm = {
  KEY_ALGORITHM_UNSPECIFIED: 0,
  KEY_ALGORITHM_AES_128: 1,
  KEY_ALGORITHM_AES_192: 2,
  KEY_ALGORITHM_AES_256: 3,
  KEY_ALGORITHM_RSA_2048: 4,
  KEY_ALGORITHM_RSA_3072: 5,
  KEY_ALGORITHM_RSA_4096: 6,
  KEY_ALGORITHM_EC_P256: 7,
  KEY_ALGORITHM_EC_P384: 8,
  KEY_ALGORITHM_EC_P521: 9,
  KEY_ALGORITHM_ED25519: 10,
  KEY_ALGORITHM_X25519: 11,
  /** KEY_ALGORITHM_HMAC_SHA256 - For MACs with the hash of that name; as long as the hash, where nothing else is said. */
  KEY_ALGORITHM_HMAC_SHA256: 12,
  KEY_ALGORITHM_HMAC_SHA384: 13,
  KEY_ALGORITHM_HMAC_SHA512: 14,
  /** KEY_ALGORITHM_GENERIC_SECRET - Bytes: for MACs, and for whatever is made of them elsewhere. */
  KEY_ALGORITHM_GENERIC_SECRET: 15,
  KEY_ALGORITHM_EC_SECP256K1: 16,
} as const;

export type KeyAlgorithm = typeof KeyAlgorithm[keyof typeof KeyAlgorithm];

export namespace KeyAlgorithm {
  export type KEY_ALGORITHM_UNSPECIFIED = typeof KeyAlgorithm.KEY_ALGORITHM_UNSPECIFIED;
  export type KEY_ALGORITHM_AES_128 = typeof KeyAlgorithm.KEY_ALGORITHM_AES_128;
  export type KEY_ALGORITHM_AES_192 = typeof KeyAlgorithm.KEY_ALGORITHM_AES_192;
  export type KEY_ALGORITHM_AES_256 = typeof KeyAlgorithm.KEY_ALGORITHM_AES_256;
  export type KEY_ALGORITHM_RSA_2048 = typeof KeyAlgorithm.KEY_ALGORITHM_RSA_2048;
  export type KEY_ALGORITHM_RSA_3072 = typeof KeyAlgorithm.KEY_ALGORITHM_RSA_3072;
  export type KEY_ALGORITHM_RSA_4096 = typeof KeyAlgorithm.KEY_ALGORITHM_RSA_4096;
  export type KEY_ALGORITHM_EC_P256 = typeof KeyAlgorithm.KEY_ALGORITHM_EC_P256;
  export type KEY_ALGORITHM_EC_P384 = typeof KeyAlgorithm.KEY_ALGORITHM_EC_P384;
  export type KEY_ALGORITHM_EC_P521 = typeof KeyAlgorithm.KEY_ALGORITHM_EC_P521;
  export type KEY_ALGORITHM_ED25519 = typeof KeyAlgorithm.KEY_ALGORITHM_ED25519;
  export type KEY_ALGORITHM_X25519 = typeof KeyAlgorithm.KEY_ALGORITHM_X25519;
  export type KEY_ALGORITHM_HMAC_SHA256 = typeof KeyAlgorithm.KEY_ALGORITHM_HMAC_SHA256;
  export type KEY_ALGORITHM_HMAC_SHA384 = typeof KeyAlgorithm.KEY_ALGORITHM_HMAC_SHA384;
  export type KEY_ALGORITHM_HMAC_SHA512 = typeof KeyAlgorithm.KEY_ALGORITHM_HMAC_SHA512;
  export type KEY_ALGORITHM_GENERIC_SECRET = typeof KeyAlgorithm.KEY_ALGORITHM_GENERIC_SECRET;
  export type KEY_ALGORITHM_EC_SECP256K1 = typeof KeyAlgorithm.KEY_ALGORITHM_EC_SECP256K1;
}

/** What a key may be used for. */
export const KeyUsage = {
  KEY_USAGE_UNSPECIFIED: 0,
  /** KEY_USAGE_SIGN - Signatures and MACs: make and check. */
  KEY_USAGE_SIGN: 1,
  KEY_USAGE_VERIFY: 2,
  KEY_USAGE_ENCRYPT: 3,
  KEY_USAGE_DECRYPT: 4,
  KEY_USAGE_WRAP: 5,
  KEY_USAGE_UNWRAP: 6,
  KEY_USAGE_DERIVE: 7,
} as const;

export type KeyUsage = typeof KeyUsage[keyof typeof KeyUsage];

export namespace KeyUsage {
  export type KEY_USAGE_UNSPECIFIED = typeof KeyUsage.KEY_USAGE_UNSPECIFIED;
  export type KEY_USAGE_SIGN = typeof KeyUsage.KEY_USAGE_SIGN;
  export type KEY_USAGE_VERIFY = typeof KeyUsage.KEY_USAGE_VERIFY;
  export type KEY_USAGE_ENCRYPT = typeof KeyUsage.KEY_USAGE_ENCRYPT;
  export type KEY_USAGE_DECRYPT = typeof KeyUsage.KEY_USAGE_DECRYPT;
  export type KEY_USAGE_WRAP = typeof KeyUsage.KEY_USAGE_WRAP;
  export type KEY_USAGE_UNWRAP = typeof KeyUsage.KEY_USAGE_UNWRAP;
  export type KEY_USAGE_DERIVE = typeof KeyUsage.KEY_USAGE_DERIVE;
}

/** Secret, or which half of a pair. */
export const KeyClass = {
  KEY_CLASS_UNSPECIFIED: 0,
  KEY_CLASS_SECRET: 1,
  KEY_CLASS_PRIVATE: 2,
  KEY_CLASS_PUBLIC: 3,
} as const;

export type KeyClass = typeof KeyClass[keyof typeof KeyClass];

export namespace KeyClass {
  export type KEY_CLASS_UNSPECIFIED = typeof KeyClass.KEY_CLASS_UNSPECIFIED;
  export type KEY_CLASS_SECRET = typeof KeyClass.KEY_CLASS_SECRET;
  export type KEY_CLASS_PRIVATE = typeof KeyClass.KEY_CLASS_PRIVATE;
  export type KEY_CLASS_PUBLIC = typeof KeyClass.KEY_CLASS_PUBLIC;
}

/** As whom somebody took a key from one state to another. */
export const StateSetter = { STATE_SETTER_UNSPECIFIED: 0, STATE_SETTER_USER: 1, STATE_SETTER_SO: 2 } as const;

export type StateSetter = typeof StateSetter[keyof typeof StateSetter];

export namespace StateSetter {
  export type STATE_SETTER_UNSPECIFIED = typeof StateSetter.STATE_SETTER_UNSPECIFIED;
  export type STATE_SETTER_USER = typeof StateSetter.STATE_SETTER_USER;
  export type STATE_SETTER_SO = typeof StateSetter.STATE_SETTER_SO;
}

/** Why somebody should look after a key. */
export const DueReason = {
  DUE_REASON_UNSPECIFIED: 0,
  /** DUE_REASON_ROTATION - It is to be rotated. */
  DUE_REASON_ROTATION: 1,
  /** DUE_REASON_END - It ends, and protects nothing after that. */
  DUE_REASON_END: 2,
  /** DUE_REASON_LIMIT - Much of what it may be used is used up. */
  DUE_REASON_LIMIT: 3,
} as const;

export type DueReason = typeof DueReason[keyof typeof DueReason];

export namespace DueReason {
  export type DUE_REASON_UNSPECIFIED = typeof DueReason.DUE_REASON_UNSPECIFIED;
  export type DUE_REASON_ROTATION = typeof DueReason.DUE_REASON_ROTATION;
  export type DUE_REASON_END = typeof DueReason.DUE_REASON_END;
  export type DUE_REASON_LIMIT = typeof DueReason.DUE_REASON_LIMIT;
}

/** How a signature is made. What is hashed is hashed where the key is. */
export const SignatureAlgorithm = {
  SIGNATURE_ALGORITHM_UNSPECIFIED: 0,
  SIGNATURE_ALGORITHM_RSA_PKCS1_SHA256: 1,
  SIGNATURE_ALGORITHM_RSA_PKCS1_SHA384: 2,
  SIGNATURE_ALGORITHM_RSA_PKCS1_SHA512: 3,
  /** SIGNATURE_ALGORITHM_RSA_PSS_SHA256 - The salt is as long as the hash. */
  SIGNATURE_ALGORITHM_RSA_PSS_SHA256: 4,
  SIGNATURE_ALGORITHM_RSA_PSS_SHA384: 5,
  SIGNATURE_ALGORITHM_RSA_PSS_SHA512: 6,
  SIGNATURE_ALGORITHM_ECDSA_SHA256: 7,
  SIGNATURE_ALGORITHM_ECDSA_SHA384: 8,
  SIGNATURE_ALGORITHM_ECDSA_SHA512: 9,
  SIGNATURE_ALGORITHM_EDDSA: 10,
  SIGNATURE_ALGORITHM_ECDSA_SHA3_256: 11,
  SIGNATURE_ALGORITHM_ECDSA_SHA3_384: 12,
  SIGNATURE_ALGORITHM_ECDSA_SHA3_512: 13,
} as const;

export type SignatureAlgorithm = typeof SignatureAlgorithm[keyof typeof SignatureAlgorithm];

export namespace SignatureAlgorithm {
  export type SIGNATURE_ALGORITHM_UNSPECIFIED = typeof SignatureAlgorithm.SIGNATURE_ALGORITHM_UNSPECIFIED;
  export type SIGNATURE_ALGORITHM_RSA_PKCS1_SHA256 = typeof SignatureAlgorithm.SIGNATURE_ALGORITHM_RSA_PKCS1_SHA256;
  export type SIGNATURE_ALGORITHM_RSA_PKCS1_SHA384 = typeof SignatureAlgorithm.SIGNATURE_ALGORITHM_RSA_PKCS1_SHA384;
  export type SIGNATURE_ALGORITHM_RSA_PKCS1_SHA512 = typeof SignatureAlgorithm.SIGNATURE_ALGORITHM_RSA_PKCS1_SHA512;
  export type SIGNATURE_ALGORITHM_RSA_PSS_SHA256 = typeof SignatureAlgorithm.SIGNATURE_ALGORITHM_RSA_PSS_SHA256;
  export type SIGNATURE_ALGORITHM_RSA_PSS_SHA384 = typeof SignatureAlgorithm.SIGNATURE_ALGORITHM_RSA_PSS_SHA384;
  export type SIGNATURE_ALGORITHM_RSA_PSS_SHA512 = typeof SignatureAlgorithm.SIGNATURE_ALGORITHM_RSA_PSS_SHA512;
  export type SIGNATURE_ALGORITHM_ECDSA_SHA256 = typeof SignatureAlgorithm.SIGNATURE_ALGORITHM_ECDSA_SHA256;
  export type SIGNATURE_ALGORITHM_ECDSA_SHA384 = typeof SignatureAlgorithm.SIGNATURE_ALGORITHM_ECDSA_SHA384;
  export type SIGNATURE_ALGORITHM_ECDSA_SHA512 = typeof SignatureAlgorithm.SIGNATURE_ALGORITHM_ECDSA_SHA512;
  export type SIGNATURE_ALGORITHM_EDDSA = typeof SignatureAlgorithm.SIGNATURE_ALGORITHM_EDDSA;
  export type SIGNATURE_ALGORITHM_ECDSA_SHA3_256 = typeof SignatureAlgorithm.SIGNATURE_ALGORITHM_ECDSA_SHA3_256;
  export type SIGNATURE_ALGORITHM_ECDSA_SHA3_384 = typeof SignatureAlgorithm.SIGNATURE_ALGORITHM_ECDSA_SHA3_384;
  export type SIGNATURE_ALGORITHM_ECDSA_SHA3_512 = typeof SignatureAlgorithm.SIGNATURE_ALGORITHM_ECDSA_SHA3_512;
}

/** How an ECDSA signature is written. Others have one form only. */
export const SignatureFormat = {
  /** SIGNATURE_FORMAT_UNSPECIFIED - DER. */
  SIGNATURE_FORMAT_UNSPECIFIED: 0,
  /** SIGNATURE_FORMAT_DER - An ECDSA-Sig-Value, as certificates and most libraries have it. */
  SIGNATURE_FORMAT_DER: 1,
  /** SIGNATURE_FORMAT_P1363 - r and s of full length, as JOSE and PKCS#11 have it. */
  SIGNATURE_FORMAT_P1363: 2,
} as const;

export type SignatureFormat = typeof SignatureFormat[keyof typeof SignatureFormat];

export namespace SignatureFormat {
  export type SIGNATURE_FORMAT_UNSPECIFIED = typeof SignatureFormat.SIGNATURE_FORMAT_UNSPECIFIED;
  export type SIGNATURE_FORMAT_DER = typeof SignatureFormat.SIGNATURE_FORMAT_DER;
  export type SIGNATURE_FORMAT_P1363 = typeof SignatureFormat.SIGNATURE_FORMAT_P1363;
}

/** How data is encrypted. */
export const CipherAlgorithm = {
  CIPHER_ALGORITHM_UNSPECIFIED: 0,
  /** CIPHER_ALGORITHM_AES_GCM - With a tag of 128 bits behind the ciphertext. */
  CIPHER_ALGORITHM_AES_GCM: 1,
  /** CIPHER_ALGORITHM_AES_CBC_PAD - With the padding of PKCS#7. Nothing notices a change of the ciphertext. */
  CIPHER_ALGORITHM_AES_CBC_PAD: 2,
  /** CIPHER_ALGORITHM_AES_CTR - With a counter block of 16 bytes, all of which counts. Nothing notices a change of the ciphertext. */
  CIPHER_ALGORITHM_AES_CTR: 3,
  /** CIPHER_ALGORITHM_RSA_OAEP_SHA1 - With that hash for the label and the mask; encrypts some hundred bytes at most. */
  CIPHER_ALGORITHM_RSA_OAEP_SHA1: 4,
  CIPHER_ALGORITHM_RSA_OAEP_SHA256: 5,
  CIPHER_ALGORITHM_RSA_OAEP_SHA384: 6,
  CIPHER_ALGORITHM_RSA_OAEP_SHA512: 7,
} as const;

export type CipherAlgorithm = typeof CipherAlgorithm[keyof typeof CipherAlgorithm];

export namespace CipherAlgorithm {
  export type CIPHER_ALGORITHM_UNSPECIFIED = typeof CipherAlgorithm.CIPHER_ALGORITHM_UNSPECIFIED;
  export type CIPHER_ALGORITHM_AES_GCM = typeof CipherAlgorithm.CIPHER_ALGORITHM_AES_GCM;
  export type CIPHER_ALGORITHM_AES_CBC_PAD = typeof CipherAlgorithm.CIPHER_ALGORITHM_AES_CBC_PAD;
  export type CIPHER_ALGORITHM_AES_CTR = typeof CipherAlgorithm.CIPHER_ALGORITHM_AES_CTR;
  export type CIPHER_ALGORITHM_RSA_OAEP_SHA1 = typeof CipherAlgorithm.CIPHER_ALGORITHM_RSA_OAEP_SHA1;
  export type CIPHER_ALGORITHM_RSA_OAEP_SHA256 = typeof CipherAlgorithm.CIPHER_ALGORITHM_RSA_OAEP_SHA256;
  export type CIPHER_ALGORITHM_RSA_OAEP_SHA384 = typeof CipherAlgorithm.CIPHER_ALGORITHM_RSA_OAEP_SHA384;
  export type CIPHER_ALGORITHM_RSA_OAEP_SHA512 = typeof CipherAlgorithm.CIPHER_ALGORITHM_RSA_OAEP_SHA512;
}

/** How a MAC is computed. */
export const MacAlgorithm = {
  MAC_ALGORITHM_UNSPECIFIED: 0,
  MAC_ALGORITHM_HMAC_SHA256: 1,
  MAC_ALGORITHM_HMAC_SHA384: 2,
  MAC_ALGORITHM_HMAC_SHA512: 3,
  MAC_ALGORITHM_HMAC_SHA1: 4,
} as const;

export type MacAlgorithm = typeof MacAlgorithm[keyof typeof MacAlgorithm];

export namespace MacAlgorithm {
  export type MAC_ALGORITHM_UNSPECIFIED = typeof MacAlgorithm.MAC_ALGORITHM_UNSPECIFIED;
  export type MAC_ALGORITHM_HMAC_SHA256 = typeof MacAlgorithm.MAC_ALGORITHM_HMAC_SHA256;
  export type MAC_ALGORITHM_HMAC_SHA384 = typeof MacAlgorithm.MAC_ALGORITHM_HMAC_SHA384;
  export type MAC_ALGORITHM_HMAC_SHA512 = typeof MacAlgorithm.MAC_ALGORITHM_HMAC_SHA512;
  export type MAC_ALGORITHM_HMAC_SHA1 = typeof MacAlgorithm.MAC_ALGORITHM_HMAC_SHA1;
}

/** How a key is encrypted under another. */
export const WrapAlgorithm = {
  WRAP_ALGORITHM_UNSPECIFIED: 0,
  /** WRAP_ALGORITHM_AES_KEY_WRAP - RFC 3394; for keys of whole blocks of 8 bytes. */
  WRAP_ALGORITHM_AES_KEY_WRAP: 1,
  /** WRAP_ALGORITHM_AES_KEY_WRAP_PAD - RFC 5649; for any key. */
  WRAP_ALGORITHM_AES_KEY_WRAP_PAD: 2,
  WRAP_ALGORITHM_RSA_OAEP_SHA1: 3,
  WRAP_ALGORITHM_RSA_OAEP_SHA256: 4,
  WRAP_ALGORITHM_RSA_OAEP_SHA384: 5,
  WRAP_ALGORITHM_RSA_OAEP_SHA512: 6,
} as const;

export type WrapAlgorithm = typeof WrapAlgorithm[keyof typeof WrapAlgorithm];

export namespace WrapAlgorithm {
  export type WRAP_ALGORITHM_UNSPECIFIED = typeof WrapAlgorithm.WRAP_ALGORITHM_UNSPECIFIED;
  export type WRAP_ALGORITHM_AES_KEY_WRAP = typeof WrapAlgorithm.WRAP_ALGORITHM_AES_KEY_WRAP;
  export type WRAP_ALGORITHM_AES_KEY_WRAP_PAD = typeof WrapAlgorithm.WRAP_ALGORITHM_AES_KEY_WRAP_PAD;
  export type WRAP_ALGORITHM_RSA_OAEP_SHA1 = typeof WrapAlgorithm.WRAP_ALGORITHM_RSA_OAEP_SHA1;
  export type WRAP_ALGORITHM_RSA_OAEP_SHA256 = typeof WrapAlgorithm.WRAP_ALGORITHM_RSA_OAEP_SHA256;
  export type WRAP_ALGORITHM_RSA_OAEP_SHA384 = typeof WrapAlgorithm.WRAP_ALGORITHM_RSA_OAEP_SHA384;
  export type WRAP_ALGORITHM_RSA_OAEP_SHA512 = typeof WrapAlgorithm.WRAP_ALGORITHM_RSA_OAEP_SHA512;
}

/** How a key is derived. */
export const DeriveAlgorithm = {
  DERIVE_ALGORITHM_UNSPECIFIED: 0,
  /** DERIVE_ALGORITHM_ECDH - The agreed secret itself, or as much of its beginning as the new key is long. */
  DERIVE_ALGORITHM_ECDH: 1,
  /** DERIVE_ALGORITHM_ECDH_X963_SHA256 - By the KDF of ANSI X9.63 with that hash. */
  DERIVE_ALGORITHM_ECDH_X963_SHA256: 2,
  DERIVE_ALGORITHM_ECDH_X963_SHA384: 3,
  DERIVE_ALGORITHM_ECDH_X963_SHA512: 4,
} as const;

export type DeriveAlgorithm = typeof DeriveAlgorithm[keyof typeof DeriveAlgorithm];

export namespace DeriveAlgorithm {
  export type DERIVE_ALGORITHM_UNSPECIFIED = typeof DeriveAlgorithm.DERIVE_ALGORITHM_UNSPECIFIED;
  export type DERIVE_ALGORITHM_ECDH = typeof DeriveAlgorithm.DERIVE_ALGORITHM_ECDH;
  export type DERIVE_ALGORITHM_ECDH_X963_SHA256 = typeof DeriveAlgorithm.DERIVE_ALGORITHM_ECDH_X963_SHA256;
  export type DERIVE_ALGORITHM_ECDH_X963_SHA384 = typeof DeriveAlgorithm.DERIVE_ALGORITHM_ECDH_X963_SHA384;
  export type DERIVE_ALGORITHM_ECDH_X963_SHA512 = typeof DeriveAlgorithm.DERIVE_ALGORITHM_ECDH_X963_SHA512;
}

/** Which key. Either `uri`, or any of the others; together they must name one key, or the two halves of one pair. */
export interface KeyName {
  /** The label of the token that has it. May be left out where only one token is seen. */
  token: string;
  /** The key's label. */
  label: string;
  /** The key's id. */
  id: Uint8Array;
  /** The number by which the token alone names it, as answers give it. */
  uniqueId: string;
  /** A PKCS#11 URI (RFC 7512), such as pkcs11:token=web;object=tls. */
  uri: string;
}

/** What a new key is to be like. */
export interface KeySpec {
  /** The label of its token. May be left out where only one token is seen. */
  token: string;
  label: string;
  id: Uint8Array;
  algorithm: KeyAlgorithm;
  /** How long a secret of a length of its own is (HMAC and GENERIC_SECRET), in bits; a multiple of 8. */
  bits: number;
  /**
   * What for. Empty: what its algorithm is usually for: AES encrypts and decrypts, RSA, EC and Edwards pairs sign and verify, X25519
   * derives, HMAC and GENERIC_SECRET sign and verify.
   */
  usages: KeyUsage[];
  /** Whether it may be wrapped. Nothing may ever be read in the clear. */
  extractable: boolean;
  /** Whether it ends with the connection and is never written to the store. */
  temporary: boolean;
}

/** What a key is like. */
export interface Key {
  token: string;
  label: string;
  id: Uint8Array;
  uniqueId: string;
  keyClass: KeyClass;
  /** UNSPECIFIED for kinds that have no name here. */
  algorithm: KeyAlgorithm;
  /** Of the secret or the modulus; 0 where the algorithm says it. */
  bits: number;
  usages: KeyUsage[];
  extractable: boolean;
  sensitive: boolean;
  /** Whether it was made here, and was never elsewhere. */
  local: boolean;
  temporary: boolean;
  /** Where it is in its life: “active” as a rule (docs/lifecycle.md). */
  state: string;
}

export interface LoginRequest {
  /** The label of the token. May be left out where only one token is seen. */
  token: string;
  /** The user PIN's bytes. */
  pin: Uint8Array;
}

export interface LoginResponse {
}

export interface LogoutRequest {
  token: string;
}

export interface LogoutResponse {
}

export interface GenerateKeyRequest {
  spec:
    | KeySpec
    | undefined;
  /** Whoever asks again with the same key within ten minutes is told of the key that was made the first time. At most 64 characters. */
  idempotencyKey: string;
}

export interface GenerateKeyResponse {
  /** The secret key, or the private half. */
  key:
    | Key
    | undefined;
  /** The public half, as a SubjectPublicKeyInfo in DER. */
  publicKey: Uint8Array;
}

export interface ImportKeyRequest {
  spec: KeySpec | undefined;
  material:
    | //
    /** The bytes of a secret key. */
    { $case: "secret"; value: Uint8Array }
    | //
    /** A pair, as a PrivateKeyInfo in DER (PKCS#8), not encrypted. */
    { $case: "pkcs8"; value: Uint8Array }
    | //
    /** A public key alone, as a SubjectPublicKeyInfo in DER. */
    { $case: "publicKey"; value: Uint8Array }
    | undefined;
  /** As in GenerateKeyRequest. */
  idempotencyKey: string;
}

export interface ImportKeyResponse {
  key: Key | undefined;
}

export interface ListKeysRequest {
  /** The label of the token; empty for those of all that are seen. */
  token: string;
  /** Only those that have this label. */
  label: string;
  /** At most as many in an answer; 0 for 100, never more than 1000. */
  pageSize: number;
  /** Where the last answer ended. Good for the connection on which that came. */
  pageToken: string;
}

export interface ListKeysResponse {
  keys: Key[];
  /** Empty when that was all. */
  nextPageToken: string;
}

export interface GetPublicKeyRequest {
  key: KeyName | undefined;
}

export interface GetPublicKeyResponse {
  key:
    | Key
    | undefined;
  /** A SubjectPublicKeyInfo in DER. */
  publicKey: Uint8Array;
}

export interface DestroyKeyRequest {
  key: KeyName | undefined;
}

export interface DestroyKeyResponse {
  /** 1, or 2 for a pair. */
  destroyed: number;
}

/** What has been counted of something. */
export interface UseCount {
  used: number;
  /** How far it may go; absent where nothing limits it. */
  limit?: number | undefined;
}

/** Where a key is in its life, beside its state. Times are in seconds since 1970, and 0 where there is none. */
export interface KeyLife {
  /** Since when it is in its state, as far as anybody knows. */
  stateSince: number;
  /** As whom somebody took it there. UNSPECIFIED when it came there by itself. */
  stateSetter: StateSetter;
  /** Why, in his words. */
  stateReason: string;
  activationTime: number;
  /** From when it protects nothing any more. */
  deactivationTime: number;
  /** Since when others may know it. */
  compromiseTime: number;
  /** The unique_id of the key that takes its place, and of the one whose place it takes. */
  successor: string;
  predecessor: string;
  /** What its state leaves of its usages. */
  usagesNow: KeyUsage[];
  /** Operations that have begun with it, and the bytes that were given to them (docs/nonces.md). Absent for public keys, which nobody counts. */
  uses: UseCount | undefined;
  bytes:
    | UseCount
    | undefined;
  /** Of AES keys: encryptions with AES-GCM. */
  gcmEncryptions:
    | UseCount
    | undefined;
  /** Whether AES-GCM takes no initialisation vector but the token's own. */
  tokenIvOnly: boolean;
  /** Whether it refuses one that has come before. */
  ivReuseCheck: boolean;
  /** How often it is to be rotated, in seconds, and when the next time is (docs/rotation.md); 0 for never. */
  rotateEvery: number;
  rotateTime: number;
  rotationDue: boolean;
}

export interface GetKeyLifeRequest {
  /** Of a pair whose halves have both this name, the private one; each is a key of its own, and unique_id names it. */
  key: KeyName | undefined;
}

export interface GetKeyLifeResponse {
  key: Key | undefined;
  life: KeyLife | undefined;
}

export interface ListDueKeysRequest {
  /** The label of the token; empty for those of all that are seen. */
  token: string;
  /** How far ahead to look for rotations and ends; thirty days where nothing is said, 0 for what is due now. */
  withinSeconds?:
    | number
    | undefined;
  /** From which part of a limit on a key is near it; 50 where nothing is said, at which the audit log begins to tell of it. */
  limitPercent?:
    | number
    | undefined;
  /** How many keys are looked at for one answer at most; 0 for 1000, never more than that. Few of them are due as a rule, or none. */
  pageSize: number;
  /** Where the last answer ended. Good for the connection on which that came. */
  pageToken: string;
}

export interface ListDueKeysResponse {
  keys: DueKey[];
  /** Empty when that was all. */
  nextPageToken: string;
}

export interface DueKey {
  key: Key | undefined;
  life: KeyLife | undefined;
  reasons: DueReason[];
}

export interface RotateKeyRequest {
  key:
    | KeyName
    | undefined;
  /** How long the old key goes on as before; as the engine was told (keys.rotation_grace_seconds) where nothing is said. */
  graceSeconds?:
    | number
    | undefined;
  /** Why, in words of at most 1000 bytes, for the audit log. */
  reason: string;
  /** As in GenerateKeyRequest: without it, whoever asks again by the label rotates the successor. */
  idempotencyKey: string;
}

export interface RotateKeyResponse {
  /** The successor: the secret key, or the private half. */
  key:
    | Key
    | undefined;
  /** Its public half, as a SubjectPublicKeyInfo in DER. */
  publicKey: Uint8Array;
  /** The old key, by its new label. */
  oldKey:
    | Key
    | undefined;
  /** Until when that goes on as before, in seconds since 1970. */
  oldKeyUntil: number;
  /** Whether the token has a certificate with the old key's id, which is none of the successor's. */
  oldCertificate: boolean;
}

export interface ScheduleRotationRequest {
  key:
    | KeyName
    | undefined;
  /** From ten minutes to a hundred years; 0 for never again. */
  everySeconds: number;
}

export interface ScheduleRotationResponse {
  life: KeyLife | undefined;
}

export interface SignRequest {
  key: KeyName | undefined;
  algorithm: SignatureAlgorithm;
  input: { $case: "data"; value: Uint8Array } | //
  /** The hash of the data, by the algorithm's hash. Not for EDDSA. */
  { $case: "digest"; value: Uint8Array } | undefined;
  format: SignatureFormat;
}

export interface SignResponse {
  signature: Uint8Array;
}

export interface SignStreamRequest {
  message: { $case: "start"; value: SignStart } | { $case: "part"; value: Uint8Array } | undefined;
}

export interface SignStart {
  key: KeyName | undefined;
  algorithm: SignatureAlgorithm;
  format: SignatureFormat;
}

export interface SignStreamResponse {
  signature: Uint8Array;
}

export interface VerifyRequest {
  key: KeyName | undefined;
  algorithm: SignatureAlgorithm;
  input: { $case: "data"; value: Uint8Array } | //
  /** The hash of the data, by the algorithm's hash. Not for EDDSA. */
  { $case: "digest"; value: Uint8Array } | undefined;
  signature: Uint8Array;
  format: SignatureFormat;
}

export interface VerifyResponse {
  valid: boolean;
}

export interface VerifyStreamRequest {
  message: { $case: "start"; value: VerifyStart } | { $case: "part"; value: Uint8Array } | undefined;
}

export interface VerifyStart {
  key: KeyName | undefined;
  algorithm: SignatureAlgorithm;
  signature: Uint8Array;
  format: SignatureFormat;
}

export interface VerifyStreamResponse {
  valid: boolean;
}

export interface EncryptRequest {
  key: KeyName | undefined;
  algorithm: CipherAlgorithm;
  plaintext: Uint8Array;
  /** The initialisation vector of AES. Leave it out: a random one is made then, and answered. */
  iv: Uint8Array;
  /** For AES_GCM: data that is not encrypted, but must be the same at decryption. For OAEP: the label. */
  aad: Uint8Array;
}

export interface EncryptResponse {
  ciphertext: Uint8Array;
  /** The initialisation vector that was used. */
  iv: Uint8Array;
}

export interface EncryptStreamRequest {
  message: { $case: "start"; value: EncryptStart } | { $case: "part"; value: Uint8Array } | undefined;
}

export interface EncryptStart {
  key: KeyName | undefined;
  algorithm: CipherAlgorithm;
  iv: Uint8Array;
  aad: Uint8Array;
}

export interface EncryptStreamResponse {
  message: { $case: "started"; value: EncryptStarted } | { $case: "part"; value: Uint8Array } | undefined;
}

export interface EncryptStarted {
  /** The initialisation vector that is used. */
  iv: Uint8Array;
}

export interface DecryptRequest {
  key: KeyName | undefined;
  algorithm: CipherAlgorithm;
  ciphertext: Uint8Array;
  iv: Uint8Array;
  aad: Uint8Array;
}

export interface DecryptResponse {
  plaintext: Uint8Array;
}

export interface DecryptStreamRequest {
  message: { $case: "start"; value: DecryptStart } | { $case: "part"; value: Uint8Array } | undefined;
}

export interface DecryptStart {
  key: KeyName | undefined;
  algorithm: CipherAlgorithm;
  iv: Uint8Array;
  aad: Uint8Array;
}

export interface DecryptStreamResponse {
  part: Uint8Array;
}

export interface ComputeMacRequest {
  key: KeyName | undefined;
  algorithm: MacAlgorithm;
  data: Uint8Array;
}

export interface ComputeMacResponse {
  mac: Uint8Array;
}

export interface ComputeMacStreamRequest {
  message: { $case: "start"; value: ComputeMacStart } | { $case: "part"; value: Uint8Array } | undefined;
}

export interface ComputeMacStart {
  key: KeyName | undefined;
  algorithm: MacAlgorithm;
}

export interface ComputeMacStreamResponse {
  mac: Uint8Array;
}

export interface VerifyMacRequest {
  key: KeyName | undefined;
  algorithm: MacAlgorithm;
  data: Uint8Array;
  mac: Uint8Array;
}

export interface VerifyMacResponse {
  valid: boolean;
}

export interface WrapKeyRequest {
  /** The key that encrypts. */
  wrappingKey: KeyName | undefined;
  algorithm: WrapAlgorithm;
  /** The key that is taken out. */
  key: KeyName | undefined;
}

export interface WrapKeyResponse {
  /** A secret key's bytes, or a private key's PrivateKeyInfo, encrypted. */
  wrapped: Uint8Array;
}

export interface UnwrapKeyRequest {
  /** The key that decrypts. */
  unwrappingKey: KeyName | undefined;
  algorithm: WrapAlgorithm;
  wrapped: Uint8Array;
  /** Its token is that of the unwrapping key. */
  spec:
    | KeySpec
    | undefined;
  /** As in GenerateKeyRequest. */
  idempotencyKey: string;
}

export interface UnwrapKeyResponse {
  key: Key | undefined;
}

export interface DeriveKeyRequest {
  /** The private half of our pair. */
  baseKey: KeyName | undefined;
  algorithm: DeriveAlgorithm;
  /** The other's public key, as a SubjectPublicKeyInfo in DER. */
  peerPublicKey: Uint8Array;
  /** What goes into the KDF beside the secret. */
  sharedInfo: Uint8Array;
  /** Its token is that of the base key. */
  spec:
    | KeySpec
    | undefined;
  /** As in GenerateKeyRequest. */
  idempotencyKey: string;
}

export interface DeriveKeyResponse {
  key: Key | undefined;
}

export interface GenerateRandomRequest {
  /** The label of the token that makes them. May be left out where only one token is seen. */
  token: string;
  /** How many bytes; at most 1 MiB. */
  length: number;
}

export interface GenerateRandomResponse {
  random: Uint8Array;
}

function createBaseKeyName(): KeyName {
  return { token: "", label: "", id: new Uint8Array(0), uniqueId: "", uri: "" };
}

export const KeyName: MessageFns<KeyName> = {
  encode(message: KeyName, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.token !== "") {
      writer.uint32(10).string(message.token);
    }
    if (message.label !== "") {
      writer.uint32(18).string(message.label);
    }
    if (message.id.length !== 0) {
      writer.uint32(26).bytes(message.id);
    }
    if (message.uniqueId !== "") {
      writer.uint32(34).string(message.uniqueId);
    }
    if (message.uri !== "") {
      writer.uint32(42).string(message.uri);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): KeyName {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseKeyName();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.token = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.label = reader.string();
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.id = reader.bytes();
            continue;
          }
          case 4: {
            if (tag !== 34) {
              break;
            }

            message.uniqueId = reader.string();
            continue;
          }
          case 5: {
            if (tag !== 42) {
              break;
            }

            message.uri = reader.string();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<KeyName>, I>>(base?: I): KeyName {
    return KeyName.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<KeyName>, I>>(object: I): KeyName {
    const message = createBaseKeyName();
    message.token = object.token ?? "";
    message.label = object.label ?? "";
    message.id = object.id ?? new Uint8Array(0);
    message.uniqueId = object.uniqueId ?? "";
    message.uri = object.uri ?? "";
    return message;
  },
};

function createBaseKeySpec(): KeySpec {
  return {
    token: "",
    label: "",
    id: new Uint8Array(0),
    algorithm: 0,
    bits: 0,
    usages: [],
    extractable: false,
    temporary: false,
  };
}

export const KeySpec: MessageFns<KeySpec> = {
  encode(message: KeySpec, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.token !== "") {
      writer.uint32(10).string(message.token);
    }
    if (message.label !== "") {
      writer.uint32(18).string(message.label);
    }
    if (message.id.length !== 0) {
      writer.uint32(26).bytes(message.id);
    }
    if (message.algorithm !== 0) {
      writer.uint32(32).int32(message.algorithm);
    }
    if (message.bits !== 0) {
      writer.uint32(40).uint32(message.bits);
    }
    if (message.usages.length !== 0) {
      writer.uint32(50).fork();
      for (const v of message.usages) {
        writer.int32(v);
      }
      writer.join();
    }
    if (message.extractable !== false) {
      writer.uint32(56).bool(message.extractable);
    }
    if (message.temporary !== false) {
      writer.uint32(64).bool(message.temporary);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): KeySpec {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseKeySpec();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.token = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.label = reader.string();
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.id = reader.bytes();
            continue;
          }
          case 4: {
            if (tag !== 32) {
              break;
            }

            message.algorithm = reader.int32() as never;
            continue;
          }
          case 5: {
            if (tag !== 40) {
              break;
            }

            message.bits = reader.uint32();
            continue;
          }
          case 6: {
            if (tag === 48) {
              message.usages.push(reader.int32() as never);

              continue;
            }

            if (tag === 50) {
              const end2 = reader.uint32() + reader.pos;
              while (reader.pos < end2) {
                message.usages.push(reader.int32() as never);
              }

              continue;
            }

            break;
          }
          case 7: {
            if (tag !== 56) {
              break;
            }

            message.extractable = reader.bool();
            continue;
          }
          case 8: {
            if (tag !== 64) {
              break;
            }

            message.temporary = reader.bool();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<KeySpec>, I>>(base?: I): KeySpec {
    return KeySpec.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<KeySpec>, I>>(object: I): KeySpec {
    const message = createBaseKeySpec();
    message.token = object.token ?? "";
    message.label = object.label ?? "";
    message.id = object.id ?? new Uint8Array(0);
    message.algorithm = object.algorithm ?? 0;
    message.bits = object.bits ?? 0;
    message.usages = object.usages?.map((e) => e) || [];
    message.extractable = object.extractable ?? false;
    message.temporary = object.temporary ?? false;
    return message;
  },
};

function createBaseKey(): Key {
  return {
    token: "",
    label: "",
    id: new Uint8Array(0),
    uniqueId: "",
    keyClass: 0,
    algorithm: 0,
    bits: 0,
    usages: [],
    extractable: false,
    sensitive: false,
    local: false,
    temporary: false,
    state: "",
  };
}

export const Key: MessageFns<Key> = {
  encode(message: Key, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.token !== "") {
      writer.uint32(10).string(message.token);
    }
    if (message.label !== "") {
      writer.uint32(18).string(message.label);
    }
    if (message.id.length !== 0) {
      writer.uint32(26).bytes(message.id);
    }
    if (message.uniqueId !== "") {
      writer.uint32(34).string(message.uniqueId);
    }
    if (message.keyClass !== 0) {
      writer.uint32(40).int32(message.keyClass);
    }
    if (message.algorithm !== 0) {
      writer.uint32(48).int32(message.algorithm);
    }
    if (message.bits !== 0) {
      writer.uint32(56).uint32(message.bits);
    }
    if (message.usages.length !== 0) {
      writer.uint32(66).fork();
      for (const v of message.usages) {
        writer.int32(v);
      }
      writer.join();
    }
    if (message.extractable !== false) {
      writer.uint32(72).bool(message.extractable);
    }
    if (message.sensitive !== false) {
      writer.uint32(80).bool(message.sensitive);
    }
    if (message.local !== false) {
      writer.uint32(88).bool(message.local);
    }
    if (message.temporary !== false) {
      writer.uint32(96).bool(message.temporary);
    }
    if (message.state !== "") {
      writer.uint32(106).string(message.state);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): Key {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseKey();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.token = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.label = reader.string();
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.id = reader.bytes();
            continue;
          }
          case 4: {
            if (tag !== 34) {
              break;
            }

            message.uniqueId = reader.string();
            continue;
          }
          case 5: {
            if (tag !== 40) {
              break;
            }

            message.keyClass = reader.int32() as never;
            continue;
          }
          case 6: {
            if (tag !== 48) {
              break;
            }

            message.algorithm = reader.int32() as never;
            continue;
          }
          case 7: {
            if (tag !== 56) {
              break;
            }

            message.bits = reader.uint32();
            continue;
          }
          case 8: {
            if (tag === 64) {
              message.usages.push(reader.int32() as never);

              continue;
            }

            if (tag === 66) {
              const end2 = reader.uint32() + reader.pos;
              while (reader.pos < end2) {
                message.usages.push(reader.int32() as never);
              }

              continue;
            }

            break;
          }
          case 9: {
            if (tag !== 72) {
              break;
            }

            message.extractable = reader.bool();
            continue;
          }
          case 10: {
            if (tag !== 80) {
              break;
            }

            message.sensitive = reader.bool();
            continue;
          }
          case 11: {
            if (tag !== 88) {
              break;
            }

            message.local = reader.bool();
            continue;
          }
          case 12: {
            if (tag !== 96) {
              break;
            }

            message.temporary = reader.bool();
            continue;
          }
          case 13: {
            if (tag !== 106) {
              break;
            }

            message.state = reader.string();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<Key>, I>>(base?: I): Key {
    return Key.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<Key>, I>>(object: I): Key {
    const message = createBaseKey();
    message.token = object.token ?? "";
    message.label = object.label ?? "";
    message.id = object.id ?? new Uint8Array(0);
    message.uniqueId = object.uniqueId ?? "";
    message.keyClass = object.keyClass ?? 0;
    message.algorithm = object.algorithm ?? 0;
    message.bits = object.bits ?? 0;
    message.usages = object.usages?.map((e) => e) || [];
    message.extractable = object.extractable ?? false;
    message.sensitive = object.sensitive ?? false;
    message.local = object.local ?? false;
    message.temporary = object.temporary ?? false;
    message.state = object.state ?? "";
    return message;
  },
};

function createBaseLoginRequest(): LoginRequest {
  return { token: "", pin: new Uint8Array(0) };
}

export const LoginRequest: MessageFns<LoginRequest> = {
  encode(message: LoginRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.token !== "") {
      writer.uint32(10).string(message.token);
    }
    if (message.pin.length !== 0) {
      writer.uint32(18).bytes(message.pin);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): LoginRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseLoginRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.token = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.pin = reader.bytes();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<LoginRequest>, I>>(base?: I): LoginRequest {
    return LoginRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<LoginRequest>, I>>(object: I): LoginRequest {
    const message = createBaseLoginRequest();
    message.token = object.token ?? "";
    message.pin = object.pin ?? new Uint8Array(0);
    return message;
  },
};

function createBaseLoginResponse(): LoginResponse {
  return {};
}

export const LoginResponse: MessageFns<LoginResponse> = {
  encode(_: LoginResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): LoginResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseLoginResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<LoginResponse>, I>>(base?: I): LoginResponse {
    return LoginResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<LoginResponse>, I>>(_: I): LoginResponse {
    const message = createBaseLoginResponse();
    return message;
  },
};

function createBaseLogoutRequest(): LogoutRequest {
  return { token: "" };
}

export const LogoutRequest: MessageFns<LogoutRequest> = {
  encode(message: LogoutRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.token !== "") {
      writer.uint32(10).string(message.token);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): LogoutRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseLogoutRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.token = reader.string();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<LogoutRequest>, I>>(base?: I): LogoutRequest {
    return LogoutRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<LogoutRequest>, I>>(object: I): LogoutRequest {
    const message = createBaseLogoutRequest();
    message.token = object.token ?? "";
    return message;
  },
};

function createBaseLogoutResponse(): LogoutResponse {
  return {};
}

export const LogoutResponse: MessageFns<LogoutResponse> = {
  encode(_: LogoutResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): LogoutResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseLogoutResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<LogoutResponse>, I>>(base?: I): LogoutResponse {
    return LogoutResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<LogoutResponse>, I>>(_: I): LogoutResponse {
    const message = createBaseLogoutResponse();
    return message;
  },
};

function createBaseGenerateKeyRequest(): GenerateKeyRequest {
  return { spec: undefined, idempotencyKey: "" };
}

export const GenerateKeyRequest: MessageFns<GenerateKeyRequest> = {
  encode(message: GenerateKeyRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.spec !== undefined) {
      KeySpec.encode(message.spec, writer.uint32(10).fork()).join();
    }
    if (message.idempotencyKey !== "") {
      writer.uint32(18).string(message.idempotencyKey);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): GenerateKeyRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseGenerateKeyRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.spec = KeySpec.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.idempotencyKey = reader.string();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<GenerateKeyRequest>, I>>(base?: I): GenerateKeyRequest {
    return GenerateKeyRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<GenerateKeyRequest>, I>>(object: I): GenerateKeyRequest {
    const message = createBaseGenerateKeyRequest();
    message.spec = (object.spec !== undefined && object.spec !== null) ? KeySpec.fromPartial(object.spec) : undefined;
    message.idempotencyKey = object.idempotencyKey ?? "";
    return message;
  },
};

function createBaseGenerateKeyResponse(): GenerateKeyResponse {
  return { key: undefined, publicKey: new Uint8Array(0) };
}

export const GenerateKeyResponse: MessageFns<GenerateKeyResponse> = {
  encode(message: GenerateKeyResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      Key.encode(message.key, writer.uint32(10).fork()).join();
    }
    if (message.publicKey.length !== 0) {
      writer.uint32(18).bytes(message.publicKey);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): GenerateKeyResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseGenerateKeyResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = Key.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.publicKey = reader.bytes();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<GenerateKeyResponse>, I>>(base?: I): GenerateKeyResponse {
    return GenerateKeyResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<GenerateKeyResponse>, I>>(object: I): GenerateKeyResponse {
    const message = createBaseGenerateKeyResponse();
    message.key = (object.key !== undefined && object.key !== null) ? Key.fromPartial(object.key) : undefined;
    message.publicKey = object.publicKey ?? new Uint8Array(0);
    return message;
  },
};

function createBaseImportKeyRequest(): ImportKeyRequest {
  return { spec: undefined, material: undefined, idempotencyKey: "" };
}

export const ImportKeyRequest: MessageFns<ImportKeyRequest> = {
  encode(message: ImportKeyRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.spec !== undefined) {
      KeySpec.encode(message.spec, writer.uint32(10).fork()).join();
    }
    switch (message.material?.$case) {
      case "secret":
        writer.uint32(18).bytes(message.material.value);
        break;
      case "pkcs8":
        writer.uint32(26).bytes(message.material.value);
        break;
      case "publicKey":
        writer.uint32(34).bytes(message.material.value);
        break;
    }
    if (message.idempotencyKey !== "") {
      writer.uint32(42).string(message.idempotencyKey);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ImportKeyRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseImportKeyRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.spec = KeySpec.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.material = { $case: "secret", value: reader.bytes() };
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.material = { $case: "pkcs8", value: reader.bytes() };
            continue;
          }
          case 4: {
            if (tag !== 34) {
              break;
            }

            message.material = { $case: "publicKey", value: reader.bytes() };
            continue;
          }
          case 5: {
            if (tag !== 42) {
              break;
            }

            message.idempotencyKey = reader.string();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<ImportKeyRequest>, I>>(base?: I): ImportKeyRequest {
    return ImportKeyRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ImportKeyRequest>, I>>(object: I): ImportKeyRequest {
    const message = createBaseImportKeyRequest();
    message.spec = (object.spec !== undefined && object.spec !== null) ? KeySpec.fromPartial(object.spec) : undefined;
    switch (object.material?.$case) {
      case "secret": {
        if (object.material?.value !== undefined && object.material?.value !== null) {
          message.material = { $case: "secret", value: object.material.value };
        }
        break;
      }
      case "pkcs8": {
        if (object.material?.value !== undefined && object.material?.value !== null) {
          message.material = { $case: "pkcs8", value: object.material.value };
        }
        break;
      }
      case "publicKey": {
        if (object.material?.value !== undefined && object.material?.value !== null) {
          message.material = { $case: "publicKey", value: object.material.value };
        }
        break;
      }
    }
    message.idempotencyKey = object.idempotencyKey ?? "";
    return message;
  },
};

function createBaseImportKeyResponse(): ImportKeyResponse {
  return { key: undefined };
}

export const ImportKeyResponse: MessageFns<ImportKeyResponse> = {
  encode(message: ImportKeyResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      Key.encode(message.key, writer.uint32(10).fork()).join();
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ImportKeyResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseImportKeyResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = Key.decode(reader, reader.uint32());
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<ImportKeyResponse>, I>>(base?: I): ImportKeyResponse {
    return ImportKeyResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ImportKeyResponse>, I>>(object: I): ImportKeyResponse {
    const message = createBaseImportKeyResponse();
    message.key = (object.key !== undefined && object.key !== null) ? Key.fromPartial(object.key) : undefined;
    return message;
  },
};

function createBaseListKeysRequest(): ListKeysRequest {
  return { token: "", label: "", pageSize: 0, pageToken: "" };
}

export const ListKeysRequest: MessageFns<ListKeysRequest> = {
  encode(message: ListKeysRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.token !== "") {
      writer.uint32(10).string(message.token);
    }
    if (message.label !== "") {
      writer.uint32(18).string(message.label);
    }
    if (message.pageSize !== 0) {
      writer.uint32(24).uint32(message.pageSize);
    }
    if (message.pageToken !== "") {
      writer.uint32(34).string(message.pageToken);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ListKeysRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseListKeysRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.token = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.label = reader.string();
            continue;
          }
          case 3: {
            if (tag !== 24) {
              break;
            }

            message.pageSize = reader.uint32();
            continue;
          }
          case 4: {
            if (tag !== 34) {
              break;
            }

            message.pageToken = reader.string();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<ListKeysRequest>, I>>(base?: I): ListKeysRequest {
    return ListKeysRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ListKeysRequest>, I>>(object: I): ListKeysRequest {
    const message = createBaseListKeysRequest();
    message.token = object.token ?? "";
    message.label = object.label ?? "";
    message.pageSize = object.pageSize ?? 0;
    message.pageToken = object.pageToken ?? "";
    return message;
  },
};

function createBaseListKeysResponse(): ListKeysResponse {
  return { keys: [], nextPageToken: "" };
}

export const ListKeysResponse: MessageFns<ListKeysResponse> = {
  encode(message: ListKeysResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    for (const v of message.keys) {
      Key.encode(v!, writer.uint32(10).fork()).join();
    }
    if (message.nextPageToken !== "") {
      writer.uint32(18).string(message.nextPageToken);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ListKeysResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseListKeysResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.keys.push(Key.decode(reader, reader.uint32()));
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.nextPageToken = reader.string();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<ListKeysResponse>, I>>(base?: I): ListKeysResponse {
    return ListKeysResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ListKeysResponse>, I>>(object: I): ListKeysResponse {
    const message = createBaseListKeysResponse();
    message.keys = object.keys?.map((e) => Key.fromPartial(e)) || [];
    message.nextPageToken = object.nextPageToken ?? "";
    return message;
  },
};

function createBaseGetPublicKeyRequest(): GetPublicKeyRequest {
  return { key: undefined };
}

export const GetPublicKeyRequest: MessageFns<GetPublicKeyRequest> = {
  encode(message: GetPublicKeyRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      KeyName.encode(message.key, writer.uint32(10).fork()).join();
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): GetPublicKeyRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseGetPublicKeyRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = KeyName.decode(reader, reader.uint32());
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<GetPublicKeyRequest>, I>>(base?: I): GetPublicKeyRequest {
    return GetPublicKeyRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<GetPublicKeyRequest>, I>>(object: I): GetPublicKeyRequest {
    const message = createBaseGetPublicKeyRequest();
    message.key = (object.key !== undefined && object.key !== null) ? KeyName.fromPartial(object.key) : undefined;
    return message;
  },
};

function createBaseGetPublicKeyResponse(): GetPublicKeyResponse {
  return { key: undefined, publicKey: new Uint8Array(0) };
}

export const GetPublicKeyResponse: MessageFns<GetPublicKeyResponse> = {
  encode(message: GetPublicKeyResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      Key.encode(message.key, writer.uint32(10).fork()).join();
    }
    if (message.publicKey.length !== 0) {
      writer.uint32(18).bytes(message.publicKey);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): GetPublicKeyResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseGetPublicKeyResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = Key.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.publicKey = reader.bytes();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<GetPublicKeyResponse>, I>>(base?: I): GetPublicKeyResponse {
    return GetPublicKeyResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<GetPublicKeyResponse>, I>>(object: I): GetPublicKeyResponse {
    const message = createBaseGetPublicKeyResponse();
    message.key = (object.key !== undefined && object.key !== null) ? Key.fromPartial(object.key) : undefined;
    message.publicKey = object.publicKey ?? new Uint8Array(0);
    return message;
  },
};

function createBaseDestroyKeyRequest(): DestroyKeyRequest {
  return { key: undefined };
}

export const DestroyKeyRequest: MessageFns<DestroyKeyRequest> = {
  encode(message: DestroyKeyRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      KeyName.encode(message.key, writer.uint32(10).fork()).join();
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): DestroyKeyRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseDestroyKeyRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = KeyName.decode(reader, reader.uint32());
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<DestroyKeyRequest>, I>>(base?: I): DestroyKeyRequest {
    return DestroyKeyRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<DestroyKeyRequest>, I>>(object: I): DestroyKeyRequest {
    const message = createBaseDestroyKeyRequest();
    message.key = (object.key !== undefined && object.key !== null) ? KeyName.fromPartial(object.key) : undefined;
    return message;
  },
};

function createBaseDestroyKeyResponse(): DestroyKeyResponse {
  return { destroyed: 0 };
}

export const DestroyKeyResponse: MessageFns<DestroyKeyResponse> = {
  encode(message: DestroyKeyResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.destroyed !== 0) {
      writer.uint32(8).uint32(message.destroyed);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): DestroyKeyResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseDestroyKeyResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 8) {
              break;
            }

            message.destroyed = reader.uint32();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<DestroyKeyResponse>, I>>(base?: I): DestroyKeyResponse {
    return DestroyKeyResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<DestroyKeyResponse>, I>>(object: I): DestroyKeyResponse {
    const message = createBaseDestroyKeyResponse();
    message.destroyed = object.destroyed ?? 0;
    return message;
  },
};

function createBaseUseCount(): UseCount {
  return { used: 0, limit: undefined };
}

export const UseCount: MessageFns<UseCount> = {
  encode(message: UseCount, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.used !== 0) {
      writer.uint32(8).uint64(message.used);
    }
    if (message.limit !== undefined) {
      writer.uint32(16).uint64(message.limit);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): UseCount {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseUseCount();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 8) {
              break;
            }

            message.used = longToNumber(reader.uint64());
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.limit = longToNumber(reader.uint64());
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<UseCount>, I>>(base?: I): UseCount {
    return UseCount.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<UseCount>, I>>(object: I): UseCount {
    const message = createBaseUseCount();
    message.used = object.used ?? 0;
    message.limit = object.limit ?? undefined;
    return message;
  },
};

function createBaseKeyLife(): KeyLife {
  return {
    stateSince: 0,
    stateSetter: 0,
    stateReason: "",
    activationTime: 0,
    deactivationTime: 0,
    compromiseTime: 0,
    successor: "",
    predecessor: "",
    usagesNow: [],
    uses: undefined,
    bytes: undefined,
    gcmEncryptions: undefined,
    tokenIvOnly: false,
    ivReuseCheck: false,
    rotateEvery: 0,
    rotateTime: 0,
    rotationDue: false,
  };
}

export const KeyLife: MessageFns<KeyLife> = {
  encode(message: KeyLife, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.stateSince !== 0) {
      writer.uint32(8).uint64(message.stateSince);
    }
    if (message.stateSetter !== 0) {
      writer.uint32(16).int32(message.stateSetter);
    }
    if (message.stateReason !== "") {
      writer.uint32(26).string(message.stateReason);
    }
    if (message.activationTime !== 0) {
      writer.uint32(32).uint64(message.activationTime);
    }
    if (message.deactivationTime !== 0) {
      writer.uint32(40).uint64(message.deactivationTime);
    }
    if (message.compromiseTime !== 0) {
      writer.uint32(48).uint64(message.compromiseTime);
    }
    if (message.successor !== "") {
      writer.uint32(58).string(message.successor);
    }
    if (message.predecessor !== "") {
      writer.uint32(66).string(message.predecessor);
    }
    if (message.usagesNow.length !== 0) {
      writer.uint32(74).fork();
      for (const v of message.usagesNow) {
        writer.int32(v);
      }
      writer.join();
    }
    if (message.uses !== undefined) {
      UseCount.encode(message.uses, writer.uint32(82).fork()).join();
    }
    if (message.bytes !== undefined) {
      UseCount.encode(message.bytes, writer.uint32(90).fork()).join();
    }
    if (message.gcmEncryptions !== undefined) {
      UseCount.encode(message.gcmEncryptions, writer.uint32(98).fork()).join();
    }
    if (message.tokenIvOnly !== false) {
      writer.uint32(104).bool(message.tokenIvOnly);
    }
    if (message.ivReuseCheck !== false) {
      writer.uint32(112).bool(message.ivReuseCheck);
    }
    if (message.rotateEvery !== 0) {
      writer.uint32(120).uint64(message.rotateEvery);
    }
    if (message.rotateTime !== 0) {
      writer.uint32(128).uint64(message.rotateTime);
    }
    if (message.rotationDue !== false) {
      writer.uint32(136).bool(message.rotationDue);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): KeyLife {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseKeyLife();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 8) {
              break;
            }

            message.stateSince = longToNumber(reader.uint64());
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.stateSetter = reader.int32() as never;
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.stateReason = reader.string();
            continue;
          }
          case 4: {
            if (tag !== 32) {
              break;
            }

            message.activationTime = longToNumber(reader.uint64());
            continue;
          }
          case 5: {
            if (tag !== 40) {
              break;
            }

            message.deactivationTime = longToNumber(reader.uint64());
            continue;
          }
          case 6: {
            if (tag !== 48) {
              break;
            }

            message.compromiseTime = longToNumber(reader.uint64());
            continue;
          }
          case 7: {
            if (tag !== 58) {
              break;
            }

            message.successor = reader.string();
            continue;
          }
          case 8: {
            if (tag !== 66) {
              break;
            }

            message.predecessor = reader.string();
            continue;
          }
          case 9: {
            if (tag === 72) {
              message.usagesNow.push(reader.int32() as never);

              continue;
            }

            if (tag === 74) {
              const end2 = reader.uint32() + reader.pos;
              while (reader.pos < end2) {
                message.usagesNow.push(reader.int32() as never);
              }

              continue;
            }

            break;
          }
          case 10: {
            if (tag !== 82) {
              break;
            }

            message.uses = UseCount.decode(reader, reader.uint32());
            continue;
          }
          case 11: {
            if (tag !== 90) {
              break;
            }

            message.bytes = UseCount.decode(reader, reader.uint32());
            continue;
          }
          case 12: {
            if (tag !== 98) {
              break;
            }

            message.gcmEncryptions = UseCount.decode(reader, reader.uint32());
            continue;
          }
          case 13: {
            if (tag !== 104) {
              break;
            }

            message.tokenIvOnly = reader.bool();
            continue;
          }
          case 14: {
            if (tag !== 112) {
              break;
            }

            message.ivReuseCheck = reader.bool();
            continue;
          }
          case 15: {
            if (tag !== 120) {
              break;
            }

            message.rotateEvery = longToNumber(reader.uint64());
            continue;
          }
          case 16: {
            if (tag !== 128) {
              break;
            }

            message.rotateTime = longToNumber(reader.uint64());
            continue;
          }
          case 17: {
            if (tag !== 136) {
              break;
            }

            message.rotationDue = reader.bool();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<KeyLife>, I>>(base?: I): KeyLife {
    return KeyLife.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<KeyLife>, I>>(object: I): KeyLife {
    const message = createBaseKeyLife();
    message.stateSince = object.stateSince ?? 0;
    message.stateSetter = object.stateSetter ?? 0;
    message.stateReason = object.stateReason ?? "";
    message.activationTime = object.activationTime ?? 0;
    message.deactivationTime = object.deactivationTime ?? 0;
    message.compromiseTime = object.compromiseTime ?? 0;
    message.successor = object.successor ?? "";
    message.predecessor = object.predecessor ?? "";
    message.usagesNow = object.usagesNow?.map((e) => e) || [];
    message.uses = (object.uses !== undefined && object.uses !== null) ? UseCount.fromPartial(object.uses) : undefined;
    message.bytes = (object.bytes !== undefined && object.bytes !== null)
      ? UseCount.fromPartial(object.bytes)
      : undefined;
    message.gcmEncryptions = (object.gcmEncryptions !== undefined && object.gcmEncryptions !== null)
      ? UseCount.fromPartial(object.gcmEncryptions)
      : undefined;
    message.tokenIvOnly = object.tokenIvOnly ?? false;
    message.ivReuseCheck = object.ivReuseCheck ?? false;
    message.rotateEvery = object.rotateEvery ?? 0;
    message.rotateTime = object.rotateTime ?? 0;
    message.rotationDue = object.rotationDue ?? false;
    return message;
  },
};

function createBaseGetKeyLifeRequest(): GetKeyLifeRequest {
  return { key: undefined };
}

export const GetKeyLifeRequest: MessageFns<GetKeyLifeRequest> = {
  encode(message: GetKeyLifeRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      KeyName.encode(message.key, writer.uint32(10).fork()).join();
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): GetKeyLifeRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseGetKeyLifeRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = KeyName.decode(reader, reader.uint32());
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<GetKeyLifeRequest>, I>>(base?: I): GetKeyLifeRequest {
    return GetKeyLifeRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<GetKeyLifeRequest>, I>>(object: I): GetKeyLifeRequest {
    const message = createBaseGetKeyLifeRequest();
    message.key = (object.key !== undefined && object.key !== null) ? KeyName.fromPartial(object.key) : undefined;
    return message;
  },
};

function createBaseGetKeyLifeResponse(): GetKeyLifeResponse {
  return { key: undefined, life: undefined };
}

export const GetKeyLifeResponse: MessageFns<GetKeyLifeResponse> = {
  encode(message: GetKeyLifeResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      Key.encode(message.key, writer.uint32(10).fork()).join();
    }
    if (message.life !== undefined) {
      KeyLife.encode(message.life, writer.uint32(18).fork()).join();
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): GetKeyLifeResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseGetKeyLifeResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = Key.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.life = KeyLife.decode(reader, reader.uint32());
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<GetKeyLifeResponse>, I>>(base?: I): GetKeyLifeResponse {
    return GetKeyLifeResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<GetKeyLifeResponse>, I>>(object: I): GetKeyLifeResponse {
    const message = createBaseGetKeyLifeResponse();
    message.key = (object.key !== undefined && object.key !== null) ? Key.fromPartial(object.key) : undefined;
    message.life = (object.life !== undefined && object.life !== null) ? KeyLife.fromPartial(object.life) : undefined;
    return message;
  },
};

function createBaseListDueKeysRequest(): ListDueKeysRequest {
  return { token: "", withinSeconds: undefined, limitPercent: undefined, pageSize: 0, pageToken: "" };
}

export const ListDueKeysRequest: MessageFns<ListDueKeysRequest> = {
  encode(message: ListDueKeysRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.token !== "") {
      writer.uint32(10).string(message.token);
    }
    if (message.withinSeconds !== undefined) {
      writer.uint32(16).uint64(message.withinSeconds);
    }
    if (message.limitPercent !== undefined) {
      writer.uint32(24).uint32(message.limitPercent);
    }
    if (message.pageSize !== 0) {
      writer.uint32(32).uint32(message.pageSize);
    }
    if (message.pageToken !== "") {
      writer.uint32(42).string(message.pageToken);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ListDueKeysRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseListDueKeysRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.token = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.withinSeconds = longToNumber(reader.uint64());
            continue;
          }
          case 3: {
            if (tag !== 24) {
              break;
            }

            message.limitPercent = reader.uint32();
            continue;
          }
          case 4: {
            if (tag !== 32) {
              break;
            }

            message.pageSize = reader.uint32();
            continue;
          }
          case 5: {
            if (tag !== 42) {
              break;
            }

            message.pageToken = reader.string();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<ListDueKeysRequest>, I>>(base?: I): ListDueKeysRequest {
    return ListDueKeysRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ListDueKeysRequest>, I>>(object: I): ListDueKeysRequest {
    const message = createBaseListDueKeysRequest();
    message.token = object.token ?? "";
    message.withinSeconds = object.withinSeconds ?? undefined;
    message.limitPercent = object.limitPercent ?? undefined;
    message.pageSize = object.pageSize ?? 0;
    message.pageToken = object.pageToken ?? "";
    return message;
  },
};

function createBaseListDueKeysResponse(): ListDueKeysResponse {
  return { keys: [], nextPageToken: "" };
}

export const ListDueKeysResponse: MessageFns<ListDueKeysResponse> = {
  encode(message: ListDueKeysResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    for (const v of message.keys) {
      DueKey.encode(v!, writer.uint32(10).fork()).join();
    }
    if (message.nextPageToken !== "") {
      writer.uint32(18).string(message.nextPageToken);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ListDueKeysResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseListDueKeysResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.keys.push(DueKey.decode(reader, reader.uint32()));
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.nextPageToken = reader.string();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<ListDueKeysResponse>, I>>(base?: I): ListDueKeysResponse {
    return ListDueKeysResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ListDueKeysResponse>, I>>(object: I): ListDueKeysResponse {
    const message = createBaseListDueKeysResponse();
    message.keys = object.keys?.map((e) => DueKey.fromPartial(e)) || [];
    message.nextPageToken = object.nextPageToken ?? "";
    return message;
  },
};

function createBaseDueKey(): DueKey {
  return { key: undefined, life: undefined, reasons: [] };
}

export const DueKey: MessageFns<DueKey> = {
  encode(message: DueKey, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      Key.encode(message.key, writer.uint32(10).fork()).join();
    }
    if (message.life !== undefined) {
      KeyLife.encode(message.life, writer.uint32(18).fork()).join();
    }
    if (message.reasons.length !== 0) {
      writer.uint32(26).fork();
      for (const v of message.reasons) {
        writer.int32(v);
      }
      writer.join();
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): DueKey {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseDueKey();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = Key.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.life = KeyLife.decode(reader, reader.uint32());
            continue;
          }
          case 3: {
            if (tag === 24) {
              message.reasons.push(reader.int32() as never);

              continue;
            }

            if (tag === 26) {
              const end2 = reader.uint32() + reader.pos;
              while (reader.pos < end2) {
                message.reasons.push(reader.int32() as never);
              }

              continue;
            }

            break;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<DueKey>, I>>(base?: I): DueKey {
    return DueKey.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<DueKey>, I>>(object: I): DueKey {
    const message = createBaseDueKey();
    message.key = (object.key !== undefined && object.key !== null) ? Key.fromPartial(object.key) : undefined;
    message.life = (object.life !== undefined && object.life !== null) ? KeyLife.fromPartial(object.life) : undefined;
    message.reasons = object.reasons?.map((e) => e) || [];
    return message;
  },
};

function createBaseRotateKeyRequest(): RotateKeyRequest {
  return { key: undefined, graceSeconds: undefined, reason: "", idempotencyKey: "" };
}

export const RotateKeyRequest: MessageFns<RotateKeyRequest> = {
  encode(message: RotateKeyRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      KeyName.encode(message.key, writer.uint32(10).fork()).join();
    }
    if (message.graceSeconds !== undefined) {
      writer.uint32(16).uint64(message.graceSeconds);
    }
    if (message.reason !== "") {
      writer.uint32(26).string(message.reason);
    }
    if (message.idempotencyKey !== "") {
      writer.uint32(34).string(message.idempotencyKey);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): RotateKeyRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseRotateKeyRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = KeyName.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.graceSeconds = longToNumber(reader.uint64());
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.reason = reader.string();
            continue;
          }
          case 4: {
            if (tag !== 34) {
              break;
            }

            message.idempotencyKey = reader.string();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<RotateKeyRequest>, I>>(base?: I): RotateKeyRequest {
    return RotateKeyRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<RotateKeyRequest>, I>>(object: I): RotateKeyRequest {
    const message = createBaseRotateKeyRequest();
    message.key = (object.key !== undefined && object.key !== null) ? KeyName.fromPartial(object.key) : undefined;
    message.graceSeconds = object.graceSeconds ?? undefined;
    message.reason = object.reason ?? "";
    message.idempotencyKey = object.idempotencyKey ?? "";
    return message;
  },
};

function createBaseRotateKeyResponse(): RotateKeyResponse {
  return { key: undefined, publicKey: new Uint8Array(0), oldKey: undefined, oldKeyUntil: 0, oldCertificate: false };
}

export const RotateKeyResponse: MessageFns<RotateKeyResponse> = {
  encode(message: RotateKeyResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      Key.encode(message.key, writer.uint32(10).fork()).join();
    }
    if (message.publicKey.length !== 0) {
      writer.uint32(18).bytes(message.publicKey);
    }
    if (message.oldKey !== undefined) {
      Key.encode(message.oldKey, writer.uint32(26).fork()).join();
    }
    if (message.oldKeyUntil !== 0) {
      writer.uint32(32).uint64(message.oldKeyUntil);
    }
    if (message.oldCertificate !== false) {
      writer.uint32(40).bool(message.oldCertificate);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): RotateKeyResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseRotateKeyResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = Key.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.publicKey = reader.bytes();
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.oldKey = Key.decode(reader, reader.uint32());
            continue;
          }
          case 4: {
            if (tag !== 32) {
              break;
            }

            message.oldKeyUntil = longToNumber(reader.uint64());
            continue;
          }
          case 5: {
            if (tag !== 40) {
              break;
            }

            message.oldCertificate = reader.bool();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<RotateKeyResponse>, I>>(base?: I): RotateKeyResponse {
    return RotateKeyResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<RotateKeyResponse>, I>>(object: I): RotateKeyResponse {
    const message = createBaseRotateKeyResponse();
    message.key = (object.key !== undefined && object.key !== null) ? Key.fromPartial(object.key) : undefined;
    message.publicKey = object.publicKey ?? new Uint8Array(0);
    message.oldKey = (object.oldKey !== undefined && object.oldKey !== null)
      ? Key.fromPartial(object.oldKey)
      : undefined;
    message.oldKeyUntil = object.oldKeyUntil ?? 0;
    message.oldCertificate = object.oldCertificate ?? false;
    return message;
  },
};

function createBaseScheduleRotationRequest(): ScheduleRotationRequest {
  return { key: undefined, everySeconds: 0 };
}

export const ScheduleRotationRequest: MessageFns<ScheduleRotationRequest> = {
  encode(message: ScheduleRotationRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      KeyName.encode(message.key, writer.uint32(10).fork()).join();
    }
    if (message.everySeconds !== 0) {
      writer.uint32(16).uint64(message.everySeconds);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ScheduleRotationRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseScheduleRotationRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = KeyName.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.everySeconds = longToNumber(reader.uint64());
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<ScheduleRotationRequest>, I>>(base?: I): ScheduleRotationRequest {
    return ScheduleRotationRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ScheduleRotationRequest>, I>>(object: I): ScheduleRotationRequest {
    const message = createBaseScheduleRotationRequest();
    message.key = (object.key !== undefined && object.key !== null) ? KeyName.fromPartial(object.key) : undefined;
    message.everySeconds = object.everySeconds ?? 0;
    return message;
  },
};

function createBaseScheduleRotationResponse(): ScheduleRotationResponse {
  return { life: undefined };
}

export const ScheduleRotationResponse: MessageFns<ScheduleRotationResponse> = {
  encode(message: ScheduleRotationResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.life !== undefined) {
      KeyLife.encode(message.life, writer.uint32(10).fork()).join();
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ScheduleRotationResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseScheduleRotationResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.life = KeyLife.decode(reader, reader.uint32());
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<ScheduleRotationResponse>, I>>(base?: I): ScheduleRotationResponse {
    return ScheduleRotationResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ScheduleRotationResponse>, I>>(object: I): ScheduleRotationResponse {
    const message = createBaseScheduleRotationResponse();
    message.life = (object.life !== undefined && object.life !== null) ? KeyLife.fromPartial(object.life) : undefined;
    return message;
  },
};

function createBaseSignRequest(): SignRequest {
  return { key: undefined, algorithm: 0, input: undefined, format: 0 };
}

export const SignRequest: MessageFns<SignRequest> = {
  encode(message: SignRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      KeyName.encode(message.key, writer.uint32(10).fork()).join();
    }
    if (message.algorithm !== 0) {
      writer.uint32(16).int32(message.algorithm);
    }
    switch (message.input?.$case) {
      case "data":
        writer.uint32(26).bytes(message.input.value);
        break;
      case "digest":
        writer.uint32(34).bytes(message.input.value);
        break;
    }
    if (message.format !== 0) {
      writer.uint32(40).int32(message.format);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): SignRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseSignRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = KeyName.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.algorithm = reader.int32() as never;
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.input = { $case: "data", value: reader.bytes() };
            continue;
          }
          case 4: {
            if (tag !== 34) {
              break;
            }

            message.input = { $case: "digest", value: reader.bytes() };
            continue;
          }
          case 5: {
            if (tag !== 40) {
              break;
            }

            message.format = reader.int32() as never;
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<SignRequest>, I>>(base?: I): SignRequest {
    return SignRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<SignRequest>, I>>(object: I): SignRequest {
    const message = createBaseSignRequest();
    message.key = (object.key !== undefined && object.key !== null) ? KeyName.fromPartial(object.key) : undefined;
    message.algorithm = object.algorithm ?? 0;
    switch (object.input?.$case) {
      case "data": {
        if (object.input?.value !== undefined && object.input?.value !== null) {
          message.input = { $case: "data", value: object.input.value };
        }
        break;
      }
      case "digest": {
        if (object.input?.value !== undefined && object.input?.value !== null) {
          message.input = { $case: "digest", value: object.input.value };
        }
        break;
      }
    }
    message.format = object.format ?? 0;
    return message;
  },
};

function createBaseSignResponse(): SignResponse {
  return { signature: new Uint8Array(0) };
}

export const SignResponse: MessageFns<SignResponse> = {
  encode(message: SignResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.signature.length !== 0) {
      writer.uint32(10).bytes(message.signature);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): SignResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseSignResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.signature = reader.bytes();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<SignResponse>, I>>(base?: I): SignResponse {
    return SignResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<SignResponse>, I>>(object: I): SignResponse {
    const message = createBaseSignResponse();
    message.signature = object.signature ?? new Uint8Array(0);
    return message;
  },
};

function createBaseSignStreamRequest(): SignStreamRequest {
  return { message: undefined };
}

export const SignStreamRequest: MessageFns<SignStreamRequest> = {
  encode(message: SignStreamRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    switch (message.message?.$case) {
      case "start":
        SignStart.encode(message.message.value, writer.uint32(10).fork()).join();
        break;
      case "part":
        writer.uint32(18).bytes(message.message.value);
        break;
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): SignStreamRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseSignStreamRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.message = { $case: "start", value: SignStart.decode(reader, reader.uint32()) };
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.message = { $case: "part", value: reader.bytes() };
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<SignStreamRequest>, I>>(base?: I): SignStreamRequest {
    return SignStreamRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<SignStreamRequest>, I>>(object: I): SignStreamRequest {
    const message = createBaseSignStreamRequest();
    switch (object.message?.$case) {
      case "start": {
        if (object.message?.value !== undefined && object.message?.value !== null) {
          message.message = { $case: "start", value: SignStart.fromPartial(object.message.value) };
        }
        break;
      }
      case "part": {
        if (object.message?.value !== undefined && object.message?.value !== null) {
          message.message = { $case: "part", value: object.message.value };
        }
        break;
      }
    }
    return message;
  },
};

function createBaseSignStart(): SignStart {
  return { key: undefined, algorithm: 0, format: 0 };
}

export const SignStart: MessageFns<SignStart> = {
  encode(message: SignStart, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      KeyName.encode(message.key, writer.uint32(10).fork()).join();
    }
    if (message.algorithm !== 0) {
      writer.uint32(16).int32(message.algorithm);
    }
    if (message.format !== 0) {
      writer.uint32(24).int32(message.format);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): SignStart {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseSignStart();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = KeyName.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.algorithm = reader.int32() as never;
            continue;
          }
          case 3: {
            if (tag !== 24) {
              break;
            }

            message.format = reader.int32() as never;
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<SignStart>, I>>(base?: I): SignStart {
    return SignStart.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<SignStart>, I>>(object: I): SignStart {
    const message = createBaseSignStart();
    message.key = (object.key !== undefined && object.key !== null) ? KeyName.fromPartial(object.key) : undefined;
    message.algorithm = object.algorithm ?? 0;
    message.format = object.format ?? 0;
    return message;
  },
};

function createBaseSignStreamResponse(): SignStreamResponse {
  return { signature: new Uint8Array(0) };
}

export const SignStreamResponse: MessageFns<SignStreamResponse> = {
  encode(message: SignStreamResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.signature.length !== 0) {
      writer.uint32(10).bytes(message.signature);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): SignStreamResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseSignStreamResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.signature = reader.bytes();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<SignStreamResponse>, I>>(base?: I): SignStreamResponse {
    return SignStreamResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<SignStreamResponse>, I>>(object: I): SignStreamResponse {
    const message = createBaseSignStreamResponse();
    message.signature = object.signature ?? new Uint8Array(0);
    return message;
  },
};

function createBaseVerifyRequest(): VerifyRequest {
  return { key: undefined, algorithm: 0, input: undefined, signature: new Uint8Array(0), format: 0 };
}

export const VerifyRequest: MessageFns<VerifyRequest> = {
  encode(message: VerifyRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      KeyName.encode(message.key, writer.uint32(10).fork()).join();
    }
    if (message.algorithm !== 0) {
      writer.uint32(16).int32(message.algorithm);
    }
    switch (message.input?.$case) {
      case "data":
        writer.uint32(26).bytes(message.input.value);
        break;
      case "digest":
        writer.uint32(34).bytes(message.input.value);
        break;
    }
    if (message.signature.length !== 0) {
      writer.uint32(42).bytes(message.signature);
    }
    if (message.format !== 0) {
      writer.uint32(48).int32(message.format);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): VerifyRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseVerifyRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = KeyName.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.algorithm = reader.int32() as never;
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.input = { $case: "data", value: reader.bytes() };
            continue;
          }
          case 4: {
            if (tag !== 34) {
              break;
            }

            message.input = { $case: "digest", value: reader.bytes() };
            continue;
          }
          case 5: {
            if (tag !== 42) {
              break;
            }

            message.signature = reader.bytes();
            continue;
          }
          case 6: {
            if (tag !== 48) {
              break;
            }

            message.format = reader.int32() as never;
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<VerifyRequest>, I>>(base?: I): VerifyRequest {
    return VerifyRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<VerifyRequest>, I>>(object: I): VerifyRequest {
    const message = createBaseVerifyRequest();
    message.key = (object.key !== undefined && object.key !== null) ? KeyName.fromPartial(object.key) : undefined;
    message.algorithm = object.algorithm ?? 0;
    switch (object.input?.$case) {
      case "data": {
        if (object.input?.value !== undefined && object.input?.value !== null) {
          message.input = { $case: "data", value: object.input.value };
        }
        break;
      }
      case "digest": {
        if (object.input?.value !== undefined && object.input?.value !== null) {
          message.input = { $case: "digest", value: object.input.value };
        }
        break;
      }
    }
    message.signature = object.signature ?? new Uint8Array(0);
    message.format = object.format ?? 0;
    return message;
  },
};

function createBaseVerifyResponse(): VerifyResponse {
  return { valid: false };
}

export const VerifyResponse: MessageFns<VerifyResponse> = {
  encode(message: VerifyResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.valid !== false) {
      writer.uint32(8).bool(message.valid);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): VerifyResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseVerifyResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 8) {
              break;
            }

            message.valid = reader.bool();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<VerifyResponse>, I>>(base?: I): VerifyResponse {
    return VerifyResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<VerifyResponse>, I>>(object: I): VerifyResponse {
    const message = createBaseVerifyResponse();
    message.valid = object.valid ?? false;
    return message;
  },
};

function createBaseVerifyStreamRequest(): VerifyStreamRequest {
  return { message: undefined };
}

export const VerifyStreamRequest: MessageFns<VerifyStreamRequest> = {
  encode(message: VerifyStreamRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    switch (message.message?.$case) {
      case "start":
        VerifyStart.encode(message.message.value, writer.uint32(10).fork()).join();
        break;
      case "part":
        writer.uint32(18).bytes(message.message.value);
        break;
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): VerifyStreamRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseVerifyStreamRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.message = { $case: "start", value: VerifyStart.decode(reader, reader.uint32()) };
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.message = { $case: "part", value: reader.bytes() };
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<VerifyStreamRequest>, I>>(base?: I): VerifyStreamRequest {
    return VerifyStreamRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<VerifyStreamRequest>, I>>(object: I): VerifyStreamRequest {
    const message = createBaseVerifyStreamRequest();
    switch (object.message?.$case) {
      case "start": {
        if (object.message?.value !== undefined && object.message?.value !== null) {
          message.message = { $case: "start", value: VerifyStart.fromPartial(object.message.value) };
        }
        break;
      }
      case "part": {
        if (object.message?.value !== undefined && object.message?.value !== null) {
          message.message = { $case: "part", value: object.message.value };
        }
        break;
      }
    }
    return message;
  },
};

function createBaseVerifyStart(): VerifyStart {
  return { key: undefined, algorithm: 0, signature: new Uint8Array(0), format: 0 };
}

export const VerifyStart: MessageFns<VerifyStart> = {
  encode(message: VerifyStart, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      KeyName.encode(message.key, writer.uint32(10).fork()).join();
    }
    if (message.algorithm !== 0) {
      writer.uint32(16).int32(message.algorithm);
    }
    if (message.signature.length !== 0) {
      writer.uint32(26).bytes(message.signature);
    }
    if (message.format !== 0) {
      writer.uint32(32).int32(message.format);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): VerifyStart {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseVerifyStart();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = KeyName.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.algorithm = reader.int32() as never;
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.signature = reader.bytes();
            continue;
          }
          case 4: {
            if (tag !== 32) {
              break;
            }

            message.format = reader.int32() as never;
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<VerifyStart>, I>>(base?: I): VerifyStart {
    return VerifyStart.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<VerifyStart>, I>>(object: I): VerifyStart {
    const message = createBaseVerifyStart();
    message.key = (object.key !== undefined && object.key !== null) ? KeyName.fromPartial(object.key) : undefined;
    message.algorithm = object.algorithm ?? 0;
    message.signature = object.signature ?? new Uint8Array(0);
    message.format = object.format ?? 0;
    return message;
  },
};

function createBaseVerifyStreamResponse(): VerifyStreamResponse {
  return { valid: false };
}

export const VerifyStreamResponse: MessageFns<VerifyStreamResponse> = {
  encode(message: VerifyStreamResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.valid !== false) {
      writer.uint32(8).bool(message.valid);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): VerifyStreamResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseVerifyStreamResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 8) {
              break;
            }

            message.valid = reader.bool();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<VerifyStreamResponse>, I>>(base?: I): VerifyStreamResponse {
    return VerifyStreamResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<VerifyStreamResponse>, I>>(object: I): VerifyStreamResponse {
    const message = createBaseVerifyStreamResponse();
    message.valid = object.valid ?? false;
    return message;
  },
};

function createBaseEncryptRequest(): EncryptRequest {
  return { key: undefined, algorithm: 0, plaintext: new Uint8Array(0), iv: new Uint8Array(0), aad: new Uint8Array(0) };
}

export const EncryptRequest: MessageFns<EncryptRequest> = {
  encode(message: EncryptRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      KeyName.encode(message.key, writer.uint32(10).fork()).join();
    }
    if (message.algorithm !== 0) {
      writer.uint32(16).int32(message.algorithm);
    }
    if (message.plaintext.length !== 0) {
      writer.uint32(26).bytes(message.plaintext);
    }
    if (message.iv.length !== 0) {
      writer.uint32(34).bytes(message.iv);
    }
    if (message.aad.length !== 0) {
      writer.uint32(42).bytes(message.aad);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): EncryptRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseEncryptRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = KeyName.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.algorithm = reader.int32() as never;
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.plaintext = reader.bytes();
            continue;
          }
          case 4: {
            if (tag !== 34) {
              break;
            }

            message.iv = reader.bytes();
            continue;
          }
          case 5: {
            if (tag !== 42) {
              break;
            }

            message.aad = reader.bytes();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<EncryptRequest>, I>>(base?: I): EncryptRequest {
    return EncryptRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<EncryptRequest>, I>>(object: I): EncryptRequest {
    const message = createBaseEncryptRequest();
    message.key = (object.key !== undefined && object.key !== null) ? KeyName.fromPartial(object.key) : undefined;
    message.algorithm = object.algorithm ?? 0;
    message.plaintext = object.plaintext ?? new Uint8Array(0);
    message.iv = object.iv ?? new Uint8Array(0);
    message.aad = object.aad ?? new Uint8Array(0);
    return message;
  },
};

function createBaseEncryptResponse(): EncryptResponse {
  return { ciphertext: new Uint8Array(0), iv: new Uint8Array(0) };
}

export const EncryptResponse: MessageFns<EncryptResponse> = {
  encode(message: EncryptResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.ciphertext.length !== 0) {
      writer.uint32(10).bytes(message.ciphertext);
    }
    if (message.iv.length !== 0) {
      writer.uint32(18).bytes(message.iv);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): EncryptResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseEncryptResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.ciphertext = reader.bytes();
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.iv = reader.bytes();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<EncryptResponse>, I>>(base?: I): EncryptResponse {
    return EncryptResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<EncryptResponse>, I>>(object: I): EncryptResponse {
    const message = createBaseEncryptResponse();
    message.ciphertext = object.ciphertext ?? new Uint8Array(0);
    message.iv = object.iv ?? new Uint8Array(0);
    return message;
  },
};

function createBaseEncryptStreamRequest(): EncryptStreamRequest {
  return { message: undefined };
}

export const EncryptStreamRequest: MessageFns<EncryptStreamRequest> = {
  encode(message: EncryptStreamRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    switch (message.message?.$case) {
      case "start":
        EncryptStart.encode(message.message.value, writer.uint32(10).fork()).join();
        break;
      case "part":
        writer.uint32(18).bytes(message.message.value);
        break;
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): EncryptStreamRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseEncryptStreamRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.message = { $case: "start", value: EncryptStart.decode(reader, reader.uint32()) };
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.message = { $case: "part", value: reader.bytes() };
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<EncryptStreamRequest>, I>>(base?: I): EncryptStreamRequest {
    return EncryptStreamRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<EncryptStreamRequest>, I>>(object: I): EncryptStreamRequest {
    const message = createBaseEncryptStreamRequest();
    switch (object.message?.$case) {
      case "start": {
        if (object.message?.value !== undefined && object.message?.value !== null) {
          message.message = { $case: "start", value: EncryptStart.fromPartial(object.message.value) };
        }
        break;
      }
      case "part": {
        if (object.message?.value !== undefined && object.message?.value !== null) {
          message.message = { $case: "part", value: object.message.value };
        }
        break;
      }
    }
    return message;
  },
};

function createBaseEncryptStart(): EncryptStart {
  return { key: undefined, algorithm: 0, iv: new Uint8Array(0), aad: new Uint8Array(0) };
}

export const EncryptStart: MessageFns<EncryptStart> = {
  encode(message: EncryptStart, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      KeyName.encode(message.key, writer.uint32(10).fork()).join();
    }
    if (message.algorithm !== 0) {
      writer.uint32(16).int32(message.algorithm);
    }
    if (message.iv.length !== 0) {
      writer.uint32(26).bytes(message.iv);
    }
    if (message.aad.length !== 0) {
      writer.uint32(34).bytes(message.aad);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): EncryptStart {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseEncryptStart();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = KeyName.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.algorithm = reader.int32() as never;
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.iv = reader.bytes();
            continue;
          }
          case 4: {
            if (tag !== 34) {
              break;
            }

            message.aad = reader.bytes();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<EncryptStart>, I>>(base?: I): EncryptStart {
    return EncryptStart.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<EncryptStart>, I>>(object: I): EncryptStart {
    const message = createBaseEncryptStart();
    message.key = (object.key !== undefined && object.key !== null) ? KeyName.fromPartial(object.key) : undefined;
    message.algorithm = object.algorithm ?? 0;
    message.iv = object.iv ?? new Uint8Array(0);
    message.aad = object.aad ?? new Uint8Array(0);
    return message;
  },
};

function createBaseEncryptStreamResponse(): EncryptStreamResponse {
  return { message: undefined };
}

export const EncryptStreamResponse: MessageFns<EncryptStreamResponse> = {
  encode(message: EncryptStreamResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    switch (message.message?.$case) {
      case "started":
        EncryptStarted.encode(message.message.value, writer.uint32(10).fork()).join();
        break;
      case "part":
        writer.uint32(18).bytes(message.message.value);
        break;
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): EncryptStreamResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseEncryptStreamResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.message = { $case: "started", value: EncryptStarted.decode(reader, reader.uint32()) };
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.message = { $case: "part", value: reader.bytes() };
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<EncryptStreamResponse>, I>>(base?: I): EncryptStreamResponse {
    return EncryptStreamResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<EncryptStreamResponse>, I>>(object: I): EncryptStreamResponse {
    const message = createBaseEncryptStreamResponse();
    switch (object.message?.$case) {
      case "started": {
        if (object.message?.value !== undefined && object.message?.value !== null) {
          message.message = { $case: "started", value: EncryptStarted.fromPartial(object.message.value) };
        }
        break;
      }
      case "part": {
        if (object.message?.value !== undefined && object.message?.value !== null) {
          message.message = { $case: "part", value: object.message.value };
        }
        break;
      }
    }
    return message;
  },
};

function createBaseEncryptStarted(): EncryptStarted {
  return { iv: new Uint8Array(0) };
}

export const EncryptStarted: MessageFns<EncryptStarted> = {
  encode(message: EncryptStarted, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.iv.length !== 0) {
      writer.uint32(10).bytes(message.iv);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): EncryptStarted {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseEncryptStarted();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.iv = reader.bytes();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<EncryptStarted>, I>>(base?: I): EncryptStarted {
    return EncryptStarted.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<EncryptStarted>, I>>(object: I): EncryptStarted {
    const message = createBaseEncryptStarted();
    message.iv = object.iv ?? new Uint8Array(0);
    return message;
  },
};

function createBaseDecryptRequest(): DecryptRequest {
  return { key: undefined, algorithm: 0, ciphertext: new Uint8Array(0), iv: new Uint8Array(0), aad: new Uint8Array(0) };
}

export const DecryptRequest: MessageFns<DecryptRequest> = {
  encode(message: DecryptRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      KeyName.encode(message.key, writer.uint32(10).fork()).join();
    }
    if (message.algorithm !== 0) {
      writer.uint32(16).int32(message.algorithm);
    }
    if (message.ciphertext.length !== 0) {
      writer.uint32(26).bytes(message.ciphertext);
    }
    if (message.iv.length !== 0) {
      writer.uint32(34).bytes(message.iv);
    }
    if (message.aad.length !== 0) {
      writer.uint32(42).bytes(message.aad);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): DecryptRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseDecryptRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = KeyName.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.algorithm = reader.int32() as never;
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.ciphertext = reader.bytes();
            continue;
          }
          case 4: {
            if (tag !== 34) {
              break;
            }

            message.iv = reader.bytes();
            continue;
          }
          case 5: {
            if (tag !== 42) {
              break;
            }

            message.aad = reader.bytes();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<DecryptRequest>, I>>(base?: I): DecryptRequest {
    return DecryptRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<DecryptRequest>, I>>(object: I): DecryptRequest {
    const message = createBaseDecryptRequest();
    message.key = (object.key !== undefined && object.key !== null) ? KeyName.fromPartial(object.key) : undefined;
    message.algorithm = object.algorithm ?? 0;
    message.ciphertext = object.ciphertext ?? new Uint8Array(0);
    message.iv = object.iv ?? new Uint8Array(0);
    message.aad = object.aad ?? new Uint8Array(0);
    return message;
  },
};

function createBaseDecryptResponse(): DecryptResponse {
  return { plaintext: new Uint8Array(0) };
}

export const DecryptResponse: MessageFns<DecryptResponse> = {
  encode(message: DecryptResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.plaintext.length !== 0) {
      writer.uint32(10).bytes(message.plaintext);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): DecryptResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseDecryptResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.plaintext = reader.bytes();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<DecryptResponse>, I>>(base?: I): DecryptResponse {
    return DecryptResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<DecryptResponse>, I>>(object: I): DecryptResponse {
    const message = createBaseDecryptResponse();
    message.plaintext = object.plaintext ?? new Uint8Array(0);
    return message;
  },
};

function createBaseDecryptStreamRequest(): DecryptStreamRequest {
  return { message: undefined };
}

export const DecryptStreamRequest: MessageFns<DecryptStreamRequest> = {
  encode(message: DecryptStreamRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    switch (message.message?.$case) {
      case "start":
        DecryptStart.encode(message.message.value, writer.uint32(10).fork()).join();
        break;
      case "part":
        writer.uint32(18).bytes(message.message.value);
        break;
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): DecryptStreamRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseDecryptStreamRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.message = { $case: "start", value: DecryptStart.decode(reader, reader.uint32()) };
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.message = { $case: "part", value: reader.bytes() };
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<DecryptStreamRequest>, I>>(base?: I): DecryptStreamRequest {
    return DecryptStreamRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<DecryptStreamRequest>, I>>(object: I): DecryptStreamRequest {
    const message = createBaseDecryptStreamRequest();
    switch (object.message?.$case) {
      case "start": {
        if (object.message?.value !== undefined && object.message?.value !== null) {
          message.message = { $case: "start", value: DecryptStart.fromPartial(object.message.value) };
        }
        break;
      }
      case "part": {
        if (object.message?.value !== undefined && object.message?.value !== null) {
          message.message = { $case: "part", value: object.message.value };
        }
        break;
      }
    }
    return message;
  },
};

function createBaseDecryptStart(): DecryptStart {
  return { key: undefined, algorithm: 0, iv: new Uint8Array(0), aad: new Uint8Array(0) };
}

export const DecryptStart: MessageFns<DecryptStart> = {
  encode(message: DecryptStart, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      KeyName.encode(message.key, writer.uint32(10).fork()).join();
    }
    if (message.algorithm !== 0) {
      writer.uint32(16).int32(message.algorithm);
    }
    if (message.iv.length !== 0) {
      writer.uint32(26).bytes(message.iv);
    }
    if (message.aad.length !== 0) {
      writer.uint32(34).bytes(message.aad);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): DecryptStart {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseDecryptStart();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = KeyName.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.algorithm = reader.int32() as never;
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.iv = reader.bytes();
            continue;
          }
          case 4: {
            if (tag !== 34) {
              break;
            }

            message.aad = reader.bytes();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<DecryptStart>, I>>(base?: I): DecryptStart {
    return DecryptStart.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<DecryptStart>, I>>(object: I): DecryptStart {
    const message = createBaseDecryptStart();
    message.key = (object.key !== undefined && object.key !== null) ? KeyName.fromPartial(object.key) : undefined;
    message.algorithm = object.algorithm ?? 0;
    message.iv = object.iv ?? new Uint8Array(0);
    message.aad = object.aad ?? new Uint8Array(0);
    return message;
  },
};

function createBaseDecryptStreamResponse(): DecryptStreamResponse {
  return { part: new Uint8Array(0) };
}

export const DecryptStreamResponse: MessageFns<DecryptStreamResponse> = {
  encode(message: DecryptStreamResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.part.length !== 0) {
      writer.uint32(10).bytes(message.part);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): DecryptStreamResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseDecryptStreamResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.part = reader.bytes();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<DecryptStreamResponse>, I>>(base?: I): DecryptStreamResponse {
    return DecryptStreamResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<DecryptStreamResponse>, I>>(object: I): DecryptStreamResponse {
    const message = createBaseDecryptStreamResponse();
    message.part = object.part ?? new Uint8Array(0);
    return message;
  },
};

function createBaseComputeMacRequest(): ComputeMacRequest {
  return { key: undefined, algorithm: 0, data: new Uint8Array(0) };
}

export const ComputeMacRequest: MessageFns<ComputeMacRequest> = {
  encode(message: ComputeMacRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      KeyName.encode(message.key, writer.uint32(10).fork()).join();
    }
    if (message.algorithm !== 0) {
      writer.uint32(16).int32(message.algorithm);
    }
    if (message.data.length !== 0) {
      writer.uint32(26).bytes(message.data);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ComputeMacRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseComputeMacRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = KeyName.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.algorithm = reader.int32() as never;
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.data = reader.bytes();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<ComputeMacRequest>, I>>(base?: I): ComputeMacRequest {
    return ComputeMacRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ComputeMacRequest>, I>>(object: I): ComputeMacRequest {
    const message = createBaseComputeMacRequest();
    message.key = (object.key !== undefined && object.key !== null) ? KeyName.fromPartial(object.key) : undefined;
    message.algorithm = object.algorithm ?? 0;
    message.data = object.data ?? new Uint8Array(0);
    return message;
  },
};

function createBaseComputeMacResponse(): ComputeMacResponse {
  return { mac: new Uint8Array(0) };
}

export const ComputeMacResponse: MessageFns<ComputeMacResponse> = {
  encode(message: ComputeMacResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.mac.length !== 0) {
      writer.uint32(10).bytes(message.mac);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ComputeMacResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseComputeMacResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.mac = reader.bytes();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<ComputeMacResponse>, I>>(base?: I): ComputeMacResponse {
    return ComputeMacResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ComputeMacResponse>, I>>(object: I): ComputeMacResponse {
    const message = createBaseComputeMacResponse();
    message.mac = object.mac ?? new Uint8Array(0);
    return message;
  },
};

function createBaseComputeMacStreamRequest(): ComputeMacStreamRequest {
  return { message: undefined };
}

export const ComputeMacStreamRequest: MessageFns<ComputeMacStreamRequest> = {
  encode(message: ComputeMacStreamRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    switch (message.message?.$case) {
      case "start":
        ComputeMacStart.encode(message.message.value, writer.uint32(10).fork()).join();
        break;
      case "part":
        writer.uint32(18).bytes(message.message.value);
        break;
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ComputeMacStreamRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseComputeMacStreamRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.message = { $case: "start", value: ComputeMacStart.decode(reader, reader.uint32()) };
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.message = { $case: "part", value: reader.bytes() };
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<ComputeMacStreamRequest>, I>>(base?: I): ComputeMacStreamRequest {
    return ComputeMacStreamRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ComputeMacStreamRequest>, I>>(object: I): ComputeMacStreamRequest {
    const message = createBaseComputeMacStreamRequest();
    switch (object.message?.$case) {
      case "start": {
        if (object.message?.value !== undefined && object.message?.value !== null) {
          message.message = { $case: "start", value: ComputeMacStart.fromPartial(object.message.value) };
        }
        break;
      }
      case "part": {
        if (object.message?.value !== undefined && object.message?.value !== null) {
          message.message = { $case: "part", value: object.message.value };
        }
        break;
      }
    }
    return message;
  },
};

function createBaseComputeMacStart(): ComputeMacStart {
  return { key: undefined, algorithm: 0 };
}

export const ComputeMacStart: MessageFns<ComputeMacStart> = {
  encode(message: ComputeMacStart, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      KeyName.encode(message.key, writer.uint32(10).fork()).join();
    }
    if (message.algorithm !== 0) {
      writer.uint32(16).int32(message.algorithm);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ComputeMacStart {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseComputeMacStart();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = KeyName.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.algorithm = reader.int32() as never;
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<ComputeMacStart>, I>>(base?: I): ComputeMacStart {
    return ComputeMacStart.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ComputeMacStart>, I>>(object: I): ComputeMacStart {
    const message = createBaseComputeMacStart();
    message.key = (object.key !== undefined && object.key !== null) ? KeyName.fromPartial(object.key) : undefined;
    message.algorithm = object.algorithm ?? 0;
    return message;
  },
};

function createBaseComputeMacStreamResponse(): ComputeMacStreamResponse {
  return { mac: new Uint8Array(0) };
}

export const ComputeMacStreamResponse: MessageFns<ComputeMacStreamResponse> = {
  encode(message: ComputeMacStreamResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.mac.length !== 0) {
      writer.uint32(10).bytes(message.mac);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ComputeMacStreamResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseComputeMacStreamResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.mac = reader.bytes();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<ComputeMacStreamResponse>, I>>(base?: I): ComputeMacStreamResponse {
    return ComputeMacStreamResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ComputeMacStreamResponse>, I>>(object: I): ComputeMacStreamResponse {
    const message = createBaseComputeMacStreamResponse();
    message.mac = object.mac ?? new Uint8Array(0);
    return message;
  },
};

function createBaseVerifyMacRequest(): VerifyMacRequest {
  return { key: undefined, algorithm: 0, data: new Uint8Array(0), mac: new Uint8Array(0) };
}

export const VerifyMacRequest: MessageFns<VerifyMacRequest> = {
  encode(message: VerifyMacRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      KeyName.encode(message.key, writer.uint32(10).fork()).join();
    }
    if (message.algorithm !== 0) {
      writer.uint32(16).int32(message.algorithm);
    }
    if (message.data.length !== 0) {
      writer.uint32(26).bytes(message.data);
    }
    if (message.mac.length !== 0) {
      writer.uint32(34).bytes(message.mac);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): VerifyMacRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseVerifyMacRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = KeyName.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.algorithm = reader.int32() as never;
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.data = reader.bytes();
            continue;
          }
          case 4: {
            if (tag !== 34) {
              break;
            }

            message.mac = reader.bytes();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<VerifyMacRequest>, I>>(base?: I): VerifyMacRequest {
    return VerifyMacRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<VerifyMacRequest>, I>>(object: I): VerifyMacRequest {
    const message = createBaseVerifyMacRequest();
    message.key = (object.key !== undefined && object.key !== null) ? KeyName.fromPartial(object.key) : undefined;
    message.algorithm = object.algorithm ?? 0;
    message.data = object.data ?? new Uint8Array(0);
    message.mac = object.mac ?? new Uint8Array(0);
    return message;
  },
};

function createBaseVerifyMacResponse(): VerifyMacResponse {
  return { valid: false };
}

export const VerifyMacResponse: MessageFns<VerifyMacResponse> = {
  encode(message: VerifyMacResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.valid !== false) {
      writer.uint32(8).bool(message.valid);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): VerifyMacResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseVerifyMacResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 8) {
              break;
            }

            message.valid = reader.bool();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<VerifyMacResponse>, I>>(base?: I): VerifyMacResponse {
    return VerifyMacResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<VerifyMacResponse>, I>>(object: I): VerifyMacResponse {
    const message = createBaseVerifyMacResponse();
    message.valid = object.valid ?? false;
    return message;
  },
};

function createBaseWrapKeyRequest(): WrapKeyRequest {
  return { wrappingKey: undefined, algorithm: 0, key: undefined };
}

export const WrapKeyRequest: MessageFns<WrapKeyRequest> = {
  encode(message: WrapKeyRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.wrappingKey !== undefined) {
      KeyName.encode(message.wrappingKey, writer.uint32(10).fork()).join();
    }
    if (message.algorithm !== 0) {
      writer.uint32(16).int32(message.algorithm);
    }
    if (message.key !== undefined) {
      KeyName.encode(message.key, writer.uint32(26).fork()).join();
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): WrapKeyRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseWrapKeyRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.wrappingKey = KeyName.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.algorithm = reader.int32() as never;
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.key = KeyName.decode(reader, reader.uint32());
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<WrapKeyRequest>, I>>(base?: I): WrapKeyRequest {
    return WrapKeyRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<WrapKeyRequest>, I>>(object: I): WrapKeyRequest {
    const message = createBaseWrapKeyRequest();
    message.wrappingKey = (object.wrappingKey !== undefined && object.wrappingKey !== null)
      ? KeyName.fromPartial(object.wrappingKey)
      : undefined;
    message.algorithm = object.algorithm ?? 0;
    message.key = (object.key !== undefined && object.key !== null) ? KeyName.fromPartial(object.key) : undefined;
    return message;
  },
};

function createBaseWrapKeyResponse(): WrapKeyResponse {
  return { wrapped: new Uint8Array(0) };
}

export const WrapKeyResponse: MessageFns<WrapKeyResponse> = {
  encode(message: WrapKeyResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.wrapped.length !== 0) {
      writer.uint32(10).bytes(message.wrapped);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): WrapKeyResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseWrapKeyResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.wrapped = reader.bytes();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<WrapKeyResponse>, I>>(base?: I): WrapKeyResponse {
    return WrapKeyResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<WrapKeyResponse>, I>>(object: I): WrapKeyResponse {
    const message = createBaseWrapKeyResponse();
    message.wrapped = object.wrapped ?? new Uint8Array(0);
    return message;
  },
};

function createBaseUnwrapKeyRequest(): UnwrapKeyRequest {
  return { unwrappingKey: undefined, algorithm: 0, wrapped: new Uint8Array(0), spec: undefined, idempotencyKey: "" };
}

export const UnwrapKeyRequest: MessageFns<UnwrapKeyRequest> = {
  encode(message: UnwrapKeyRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.unwrappingKey !== undefined) {
      KeyName.encode(message.unwrappingKey, writer.uint32(10).fork()).join();
    }
    if (message.algorithm !== 0) {
      writer.uint32(16).int32(message.algorithm);
    }
    if (message.wrapped.length !== 0) {
      writer.uint32(26).bytes(message.wrapped);
    }
    if (message.spec !== undefined) {
      KeySpec.encode(message.spec, writer.uint32(34).fork()).join();
    }
    if (message.idempotencyKey !== "") {
      writer.uint32(42).string(message.idempotencyKey);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): UnwrapKeyRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseUnwrapKeyRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.unwrappingKey = KeyName.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.algorithm = reader.int32() as never;
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.wrapped = reader.bytes();
            continue;
          }
          case 4: {
            if (tag !== 34) {
              break;
            }

            message.spec = KeySpec.decode(reader, reader.uint32());
            continue;
          }
          case 5: {
            if (tag !== 42) {
              break;
            }

            message.idempotencyKey = reader.string();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<UnwrapKeyRequest>, I>>(base?: I): UnwrapKeyRequest {
    return UnwrapKeyRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<UnwrapKeyRequest>, I>>(object: I): UnwrapKeyRequest {
    const message = createBaseUnwrapKeyRequest();
    message.unwrappingKey = (object.unwrappingKey !== undefined && object.unwrappingKey !== null)
      ? KeyName.fromPartial(object.unwrappingKey)
      : undefined;
    message.algorithm = object.algorithm ?? 0;
    message.wrapped = object.wrapped ?? new Uint8Array(0);
    message.spec = (object.spec !== undefined && object.spec !== null) ? KeySpec.fromPartial(object.spec) : undefined;
    message.idempotencyKey = object.idempotencyKey ?? "";
    return message;
  },
};

function createBaseUnwrapKeyResponse(): UnwrapKeyResponse {
  return { key: undefined };
}

export const UnwrapKeyResponse: MessageFns<UnwrapKeyResponse> = {
  encode(message: UnwrapKeyResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      Key.encode(message.key, writer.uint32(10).fork()).join();
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): UnwrapKeyResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseUnwrapKeyResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = Key.decode(reader, reader.uint32());
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<UnwrapKeyResponse>, I>>(base?: I): UnwrapKeyResponse {
    return UnwrapKeyResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<UnwrapKeyResponse>, I>>(object: I): UnwrapKeyResponse {
    const message = createBaseUnwrapKeyResponse();
    message.key = (object.key !== undefined && object.key !== null) ? Key.fromPartial(object.key) : undefined;
    return message;
  },
};

function createBaseDeriveKeyRequest(): DeriveKeyRequest {
  return {
    baseKey: undefined,
    algorithm: 0,
    peerPublicKey: new Uint8Array(0),
    sharedInfo: new Uint8Array(0),
    spec: undefined,
    idempotencyKey: "",
  };
}

export const DeriveKeyRequest: MessageFns<DeriveKeyRequest> = {
  encode(message: DeriveKeyRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.baseKey !== undefined) {
      KeyName.encode(message.baseKey, writer.uint32(10).fork()).join();
    }
    if (message.algorithm !== 0) {
      writer.uint32(16).int32(message.algorithm);
    }
    if (message.peerPublicKey.length !== 0) {
      writer.uint32(26).bytes(message.peerPublicKey);
    }
    if (message.sharedInfo.length !== 0) {
      writer.uint32(34).bytes(message.sharedInfo);
    }
    if (message.spec !== undefined) {
      KeySpec.encode(message.spec, writer.uint32(42).fork()).join();
    }
    if (message.idempotencyKey !== "") {
      writer.uint32(50).string(message.idempotencyKey);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): DeriveKeyRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseDeriveKeyRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.baseKey = KeyName.decode(reader, reader.uint32());
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.algorithm = reader.int32() as never;
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.peerPublicKey = reader.bytes();
            continue;
          }
          case 4: {
            if (tag !== 34) {
              break;
            }

            message.sharedInfo = reader.bytes();
            continue;
          }
          case 5: {
            if (tag !== 42) {
              break;
            }

            message.spec = KeySpec.decode(reader, reader.uint32());
            continue;
          }
          case 6: {
            if (tag !== 50) {
              break;
            }

            message.idempotencyKey = reader.string();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<DeriveKeyRequest>, I>>(base?: I): DeriveKeyRequest {
    return DeriveKeyRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<DeriveKeyRequest>, I>>(object: I): DeriveKeyRequest {
    const message = createBaseDeriveKeyRequest();
    message.baseKey = (object.baseKey !== undefined && object.baseKey !== null)
      ? KeyName.fromPartial(object.baseKey)
      : undefined;
    message.algorithm = object.algorithm ?? 0;
    message.peerPublicKey = object.peerPublicKey ?? new Uint8Array(0);
    message.sharedInfo = object.sharedInfo ?? new Uint8Array(0);
    message.spec = (object.spec !== undefined && object.spec !== null) ? KeySpec.fromPartial(object.spec) : undefined;
    message.idempotencyKey = object.idempotencyKey ?? "";
    return message;
  },
};

function createBaseDeriveKeyResponse(): DeriveKeyResponse {
  return { key: undefined };
}

export const DeriveKeyResponse: MessageFns<DeriveKeyResponse> = {
  encode(message: DeriveKeyResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.key !== undefined) {
      Key.encode(message.key, writer.uint32(10).fork()).join();
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): DeriveKeyResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseDeriveKeyResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.key = Key.decode(reader, reader.uint32());
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<DeriveKeyResponse>, I>>(base?: I): DeriveKeyResponse {
    return DeriveKeyResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<DeriveKeyResponse>, I>>(object: I): DeriveKeyResponse {
    const message = createBaseDeriveKeyResponse();
    message.key = (object.key !== undefined && object.key !== null) ? Key.fromPartial(object.key) : undefined;
    return message;
  },
};

function createBaseGenerateRandomRequest(): GenerateRandomRequest {
  return { token: "", length: 0 };
}

export const GenerateRandomRequest: MessageFns<GenerateRandomRequest> = {
  encode(message: GenerateRandomRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.token !== "") {
      writer.uint32(10).string(message.token);
    }
    if (message.length !== 0) {
      writer.uint32(16).uint32(message.length);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): GenerateRandomRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseGenerateRandomRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.token = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.length = reader.uint32();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<GenerateRandomRequest>, I>>(base?: I): GenerateRandomRequest {
    return GenerateRandomRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<GenerateRandomRequest>, I>>(object: I): GenerateRandomRequest {
    const message = createBaseGenerateRandomRequest();
    message.token = object.token ?? "";
    message.length = object.length ?? 0;
    return message;
  },
};

function createBaseGenerateRandomResponse(): GenerateRandomResponse {
  return { random: new Uint8Array(0) };
}

export const GenerateRandomResponse: MessageFns<GenerateRandomResponse> = {
  encode(message: GenerateRandomResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.random.length !== 0) {
      writer.uint32(10).bytes(message.random);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): GenerateRandomResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseGenerateRandomResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.random = reader.bytes();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<GenerateRandomResponse>, I>>(base?: I): GenerateRandomResponse {
    return GenerateRandomResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<GenerateRandomResponse>, I>>(object: I): GenerateRandomResponse {
    const message = createBaseGenerateRandomResponse();
    message.random = object.random ?? new Uint8Array(0);
    return message;
  },
};

/**
 * Keys works with keys that never leave the machine where they are kept. What one connection logs in to is that connection's alone, and ends with it.
 *
 * An error has its google.rpc.Status in grpc-status-details-bin: an ErrorInfo of the domain "strongroom" whose reason is the name of a CK_RV
 * (CKR_PIN_INCORRECT), and a BadRequest that names the field which was wrong, where one was.
 */
export type KeysService = typeof KeysService;
export const KeysService = {
  /** Login shows the user's PIN to a token. Tokens that the policy gives without a login need none. */
  login: {
    path: "/strongroom.v1.Keys/Login" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: LoginRequest): Buffer => Buffer.from(LoginRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): LoginRequest => LoginRequest.decode(value),
    responseSerialize: (value: LoginResponse): Buffer => Buffer.from(LoginResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): LoginResponse => LoginResponse.decode(value),
  },
  /** Logout ends what Login began. */
  logout: {
    path: "/strongroom.v1.Keys/Logout" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: LogoutRequest): Buffer => Buffer.from(LogoutRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): LogoutRequest => LogoutRequest.decode(value),
    responseSerialize: (value: LogoutResponse): Buffer => Buffer.from(LogoutResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): LogoutResponse => LogoutResponse.decode(value),
  },
  /** GenerateKey makes a key, or a pair of keys whose halves have the same label and id. */
  generateKey: {
    path: "/strongroom.v1.Keys/GenerateKey" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: GenerateKeyRequest): Buffer => Buffer.from(GenerateKeyRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): GenerateKeyRequest => GenerateKeyRequest.decode(value),
    responseSerialize: (value: GenerateKeyResponse): Buffer => Buffer.from(GenerateKeyResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): GenerateKeyResponse => GenerateKeyResponse.decode(value),
  },
  /** ImportKey brings in a key that is known outside. */
  importKey: {
    path: "/strongroom.v1.Keys/ImportKey" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: ImportKeyRequest): Buffer => Buffer.from(ImportKeyRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): ImportKeyRequest => ImportKeyRequest.decode(value),
    responseSerialize: (value: ImportKeyResponse): Buffer => Buffer.from(ImportKeyResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): ImportKeyResponse => ImportKeyResponse.decode(value),
  },
  /** ListKeys tells the keys that may be seen, some at a time. */
  listKeys: {
    path: "/strongroom.v1.Keys/ListKeys" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: ListKeysRequest): Buffer => Buffer.from(ListKeysRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): ListKeysRequest => ListKeysRequest.decode(value),
    responseSerialize: (value: ListKeysResponse): Buffer => Buffer.from(ListKeysResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): ListKeysResponse => ListKeysResponse.decode(value),
  },
  /** GetPublicKey answers the public half of a pair. */
  getPublicKey: {
    path: "/strongroom.v1.Keys/GetPublicKey" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: GetPublicKeyRequest): Buffer => Buffer.from(GetPublicKeyRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): GetPublicKeyRequest => GetPublicKeyRequest.decode(value),
    responseSerialize: (value: GetPublicKeyResponse): Buffer =>
      Buffer.from(GetPublicKeyResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): GetPublicKeyResponse => GetPublicKeyResponse.decode(value),
  },
  /** DestroyKey destroys a key, or both halves of a pair. */
  destroyKey: {
    path: "/strongroom.v1.Keys/DestroyKey" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: DestroyKeyRequest): Buffer => Buffer.from(DestroyKeyRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): DestroyKeyRequest => DestroyKeyRequest.decode(value),
    responseSerialize: (value: DestroyKeyResponse): Buffer => Buffer.from(DestroyKeyResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): DestroyKeyResponse => DestroyKeyResponse.decode(value),
  },
  /** GetKeyLife tells where a key is in its life and why, what it has been used for, and when it is rotated. */
  getKeyLife: {
    path: "/strongroom.v1.Keys/GetKeyLife" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: GetKeyLifeRequest): Buffer => Buffer.from(GetKeyLifeRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): GetKeyLifeRequest => GetKeyLifeRequest.decode(value),
    responseSerialize: (value: GetKeyLifeResponse): Buffer => Buffer.from(GetKeyLifeResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): GetKeyLifeResponse => GetKeyLifeResponse.decode(value),
  },
  /**
   * ListDueKeys tells the secret and private keys without a successor that somebody should look after: due to be rotated, near their end, or near
   * a limit of their uses. Some are looked at at a time.
   */
  listDueKeys: {
    path: "/strongroom.v1.Keys/ListDueKeys" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: ListDueKeysRequest): Buffer => Buffer.from(ListDueKeysRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): ListDueKeysRequest => ListDueKeysRequest.decode(value),
    responseSerialize: (value: ListDueKeysResponse): Buffer => Buffer.from(ListDueKeysResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): ListDueKeysResponse => ListDueKeysResponse.decode(value),
  },
  /**
   * RotateKey gives a secret key or a pair a successor, which its label means from then on. It needs a login, whatever the policy gives
   * without one.
   */
  rotateKey: {
    path: "/strongroom.v1.Keys/RotateKey" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: RotateKeyRequest): Buffer => Buffer.from(RotateKeyRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): RotateKeyRequest => RotateKeyRequest.decode(value),
    responseSerialize: (value: RotateKeyResponse): Buffer => Buffer.from(RotateKeyResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): RotateKeyResponse => RotateKeyResponse.decode(value),
  },
  /** ScheduleRotation says how often a key is to be rotated, from now on. */
  scheduleRotation: {
    path: "/strongroom.v1.Keys/ScheduleRotation" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: ScheduleRotationRequest): Buffer =>
      Buffer.from(ScheduleRotationRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): ScheduleRotationRequest => ScheduleRotationRequest.decode(value),
    responseSerialize: (value: ScheduleRotationResponse): Buffer =>
      Buffer.from(ScheduleRotationResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): ScheduleRotationResponse => ScheduleRotationResponse.decode(value),
  },
  /** Sign signs data, or a digest that the caller computed. */
  sign: {
    path: "/strongroom.v1.Keys/Sign" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: SignRequest): Buffer => Buffer.from(SignRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): SignRequest => SignRequest.decode(value),
    responseSerialize: (value: SignResponse): Buffer => Buffer.from(SignResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): SignResponse => SignResponse.decode(value),
  },
  /** SignStream signs data that comes in parts: a start, then the parts. */
  signStream: {
    path: "/strongroom.v1.Keys/SignStream" as const,
    requestStream: true as const,
    responseStream: false as const,
    requestSerialize: (value: SignStreamRequest): Buffer => Buffer.from(SignStreamRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): SignStreamRequest => SignStreamRequest.decode(value),
    responseSerialize: (value: SignStreamResponse): Buffer => Buffer.from(SignStreamResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): SignStreamResponse => SignStreamResponse.decode(value),
  },
  /** Verify checks a signature. One that does not fit is an answer, not an error. */
  verify: {
    path: "/strongroom.v1.Keys/Verify" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: VerifyRequest): Buffer => Buffer.from(VerifyRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): VerifyRequest => VerifyRequest.decode(value),
    responseSerialize: (value: VerifyResponse): Buffer => Buffer.from(VerifyResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): VerifyResponse => VerifyResponse.decode(value),
  },
  /** VerifyStream checks a signature over data that comes in parts: a start, then the parts. */
  verifyStream: {
    path: "/strongroom.v1.Keys/VerifyStream" as const,
    requestStream: true as const,
    responseStream: false as const,
    requestSerialize: (value: VerifyStreamRequest): Buffer => Buffer.from(VerifyStreamRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): VerifyStreamRequest => VerifyStreamRequest.decode(value),
    responseSerialize: (value: VerifyStreamResponse): Buffer =>
      Buffer.from(VerifyStreamResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): VerifyStreamResponse => VerifyStreamResponse.decode(value),
  },
  /** Encrypt encrypts data. */
  encrypt: {
    path: "/strongroom.v1.Keys/Encrypt" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: EncryptRequest): Buffer => Buffer.from(EncryptRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): EncryptRequest => EncryptRequest.decode(value),
    responseSerialize: (value: EncryptResponse): Buffer => Buffer.from(EncryptResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): EncryptResponse => EncryptResponse.decode(value),
  },
  /** EncryptStream encrypts data that comes in parts: a start, then the parts. The answers are a start, then parts as they come about. */
  encryptStream: {
    path: "/strongroom.v1.Keys/EncryptStream" as const,
    requestStream: true as const,
    responseStream: true as const,
    requestSerialize: (value: EncryptStreamRequest): Buffer => Buffer.from(EncryptStreamRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): EncryptStreamRequest => EncryptStreamRequest.decode(value),
    responseSerialize: (value: EncryptStreamResponse): Buffer =>
      Buffer.from(EncryptStreamResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): EncryptStreamResponse => EncryptStreamResponse.decode(value),
  },
  /** Decrypt decrypts data. */
  decrypt: {
    path: "/strongroom.v1.Keys/Decrypt" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: DecryptRequest): Buffer => Buffer.from(DecryptRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): DecryptRequest => DecryptRequest.decode(value),
    responseSerialize: (value: DecryptResponse): Buffer => Buffer.from(DecryptResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): DecryptResponse => DecryptResponse.decode(value),
  },
  /** DecryptStream decrypts data that comes in parts: a start, then the parts. What came back is to be trusted only when the call has ended with OK. */
  decryptStream: {
    path: "/strongroom.v1.Keys/DecryptStream" as const,
    requestStream: true as const,
    responseStream: true as const,
    requestSerialize: (value: DecryptStreamRequest): Buffer => Buffer.from(DecryptStreamRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): DecryptStreamRequest => DecryptStreamRequest.decode(value),
    responseSerialize: (value: DecryptStreamResponse): Buffer =>
      Buffer.from(DecryptStreamResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): DecryptStreamResponse => DecryptStreamResponse.decode(value),
  },
  /** ComputeMac computes a message authentication code. */
  computeMac: {
    path: "/strongroom.v1.Keys/ComputeMac" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: ComputeMacRequest): Buffer => Buffer.from(ComputeMacRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): ComputeMacRequest => ComputeMacRequest.decode(value),
    responseSerialize: (value: ComputeMacResponse): Buffer => Buffer.from(ComputeMacResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): ComputeMacResponse => ComputeMacResponse.decode(value),
  },
  /** ComputeMacStream computes one over data that comes in parts: a start, then the parts. */
  computeMacStream: {
    path: "/strongroom.v1.Keys/ComputeMacStream" as const,
    requestStream: true as const,
    responseStream: false as const,
    requestSerialize: (value: ComputeMacStreamRequest): Buffer =>
      Buffer.from(ComputeMacStreamRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): ComputeMacStreamRequest => ComputeMacStreamRequest.decode(value),
    responseSerialize: (value: ComputeMacStreamResponse): Buffer =>
      Buffer.from(ComputeMacStreamResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): ComputeMacStreamResponse => ComputeMacStreamResponse.decode(value),
  },
  /** VerifyMac checks one. One that does not fit is an answer, not an error. */
  verifyMac: {
    path: "/strongroom.v1.Keys/VerifyMac" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: VerifyMacRequest): Buffer => Buffer.from(VerifyMacRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): VerifyMacRequest => VerifyMacRequest.decode(value),
    responseSerialize: (value: VerifyMacResponse): Buffer => Buffer.from(VerifyMacResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): VerifyMacResponse => VerifyMacResponse.decode(value),
  },
  /** WrapKey takes a key out, encrypted under another. */
  wrapKey: {
    path: "/strongroom.v1.Keys/WrapKey" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: WrapKeyRequest): Buffer => Buffer.from(WrapKeyRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): WrapKeyRequest => WrapKeyRequest.decode(value),
    responseSerialize: (value: WrapKeyResponse): Buffer => Buffer.from(WrapKeyResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): WrapKeyResponse => WrapKeyResponse.decode(value),
  },
  /** UnwrapKey brings in a key that is encrypted under another. */
  unwrapKey: {
    path: "/strongroom.v1.Keys/UnwrapKey" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: UnwrapKeyRequest): Buffer => Buffer.from(UnwrapKeyRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): UnwrapKeyRequest => UnwrapKeyRequest.decode(value),
    responseSerialize: (value: UnwrapKeyResponse): Buffer => Buffer.from(UnwrapKeyResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): UnwrapKeyResponse => UnwrapKeyResponse.decode(value),
  },
  /** DeriveKey agrees on a key with the holder of another pair. */
  deriveKey: {
    path: "/strongroom.v1.Keys/DeriveKey" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: DeriveKeyRequest): Buffer => Buffer.from(DeriveKeyRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): DeriveKeyRequest => DeriveKeyRequest.decode(value),
    responseSerialize: (value: DeriveKeyResponse): Buffer => Buffer.from(DeriveKeyResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): DeriveKeyResponse => DeriveKeyResponse.decode(value),
  },
  /** GenerateRandom answers random bytes. */
  generateRandom: {
    path: "/strongroom.v1.Keys/GenerateRandom" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: GenerateRandomRequest): Buffer =>
      Buffer.from(GenerateRandomRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): GenerateRandomRequest => GenerateRandomRequest.decode(value),
    responseSerialize: (value: GenerateRandomResponse): Buffer =>
      Buffer.from(GenerateRandomResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): GenerateRandomResponse => GenerateRandomResponse.decode(value),
  },
} as const;

export interface KeysServer extends UntypedServiceImplementation {
  /** Login shows the user's PIN to a token. Tokens that the policy gives without a login need none. */
  login: handleUnaryCall<LoginRequest, LoginResponse>;
  /** Logout ends what Login began. */
  logout: handleUnaryCall<LogoutRequest, LogoutResponse>;
  /** GenerateKey makes a key, or a pair of keys whose halves have the same label and id. */
  generateKey: handleUnaryCall<GenerateKeyRequest, GenerateKeyResponse>;
  /** ImportKey brings in a key that is known outside. */
  importKey: handleUnaryCall<ImportKeyRequest, ImportKeyResponse>;
  /** ListKeys tells the keys that may be seen, some at a time. */
  listKeys: handleUnaryCall<ListKeysRequest, ListKeysResponse>;
  /** GetPublicKey answers the public half of a pair. */
  getPublicKey: handleUnaryCall<GetPublicKeyRequest, GetPublicKeyResponse>;
  /** DestroyKey destroys a key, or both halves of a pair. */
  destroyKey: handleUnaryCall<DestroyKeyRequest, DestroyKeyResponse>;
  /** GetKeyLife tells where a key is in its life and why, what it has been used for, and when it is rotated. */
  getKeyLife: handleUnaryCall<GetKeyLifeRequest, GetKeyLifeResponse>;
  /**
   * ListDueKeys tells the secret and private keys without a successor that somebody should look after: due to be rotated, near their end, or near
   * a limit of their uses. Some are looked at at a time.
   */
  listDueKeys: handleUnaryCall<ListDueKeysRequest, ListDueKeysResponse>;
  /**
   * RotateKey gives a secret key or a pair a successor, which its label means from then on. It needs a login, whatever the policy gives
   * without one.
   */
  rotateKey: handleUnaryCall<RotateKeyRequest, RotateKeyResponse>;
  /** ScheduleRotation says how often a key is to be rotated, from now on. */
  scheduleRotation: handleUnaryCall<ScheduleRotationRequest, ScheduleRotationResponse>;
  /** Sign signs data, or a digest that the caller computed. */
  sign: handleUnaryCall<SignRequest, SignResponse>;
  /** SignStream signs data that comes in parts: a start, then the parts. */
  signStream: handleClientStreamingCall<SignStreamRequest, SignStreamResponse>;
  /** Verify checks a signature. One that does not fit is an answer, not an error. */
  verify: handleUnaryCall<VerifyRequest, VerifyResponse>;
  /** VerifyStream checks a signature over data that comes in parts: a start, then the parts. */
  verifyStream: handleClientStreamingCall<VerifyStreamRequest, VerifyStreamResponse>;
  /** Encrypt encrypts data. */
  encrypt: handleUnaryCall<EncryptRequest, EncryptResponse>;
  /** EncryptStream encrypts data that comes in parts: a start, then the parts. The answers are a start, then parts as they come about. */
  encryptStream: handleBidiStreamingCall<EncryptStreamRequest, EncryptStreamResponse>;
  /** Decrypt decrypts data. */
  decrypt: handleUnaryCall<DecryptRequest, DecryptResponse>;
  /** DecryptStream decrypts data that comes in parts: a start, then the parts. What came back is to be trusted only when the call has ended with OK. */
  decryptStream: handleBidiStreamingCall<DecryptStreamRequest, DecryptStreamResponse>;
  /** ComputeMac computes a message authentication code. */
  computeMac: handleUnaryCall<ComputeMacRequest, ComputeMacResponse>;
  /** ComputeMacStream computes one over data that comes in parts: a start, then the parts. */
  computeMacStream: handleClientStreamingCall<ComputeMacStreamRequest, ComputeMacStreamResponse>;
  /** VerifyMac checks one. One that does not fit is an answer, not an error. */
  verifyMac: handleUnaryCall<VerifyMacRequest, VerifyMacResponse>;
  /** WrapKey takes a key out, encrypted under another. */
  wrapKey: handleUnaryCall<WrapKeyRequest, WrapKeyResponse>;
  /** UnwrapKey brings in a key that is encrypted under another. */
  unwrapKey: handleUnaryCall<UnwrapKeyRequest, UnwrapKeyResponse>;
  /** DeriveKey agrees on a key with the holder of another pair. */
  deriveKey: handleUnaryCall<DeriveKeyRequest, DeriveKeyResponse>;
  /** GenerateRandom answers random bytes. */
  generateRandom: handleUnaryCall<GenerateRandomRequest, GenerateRandomResponse>;
}

export interface KeysClient extends Client {
  /** Login shows the user's PIN to a token. Tokens that the policy gives without a login need none. */
  login(
    request: LoginRequest,
    callback: (error: ServiceError | null, response: LoginResponse) => void,
  ): ClientUnaryCall;
  login(
    request: LoginRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: LoginResponse) => void,
  ): ClientUnaryCall;
  login(
    request: LoginRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: LoginResponse) => void,
  ): ClientUnaryCall;
  /** Logout ends what Login began. */
  logout(
    request: LogoutRequest,
    callback: (error: ServiceError | null, response: LogoutResponse) => void,
  ): ClientUnaryCall;
  logout(
    request: LogoutRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: LogoutResponse) => void,
  ): ClientUnaryCall;
  logout(
    request: LogoutRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: LogoutResponse) => void,
  ): ClientUnaryCall;
  /** GenerateKey makes a key, or a pair of keys whose halves have the same label and id. */
  generateKey(
    request: GenerateKeyRequest,
    callback: (error: ServiceError | null, response: GenerateKeyResponse) => void,
  ): ClientUnaryCall;
  generateKey(
    request: GenerateKeyRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: GenerateKeyResponse) => void,
  ): ClientUnaryCall;
  generateKey(
    request: GenerateKeyRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: GenerateKeyResponse) => void,
  ): ClientUnaryCall;
  /** ImportKey brings in a key that is known outside. */
  importKey(
    request: ImportKeyRequest,
    callback: (error: ServiceError | null, response: ImportKeyResponse) => void,
  ): ClientUnaryCall;
  importKey(
    request: ImportKeyRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: ImportKeyResponse) => void,
  ): ClientUnaryCall;
  importKey(
    request: ImportKeyRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: ImportKeyResponse) => void,
  ): ClientUnaryCall;
  /** ListKeys tells the keys that may be seen, some at a time. */
  listKeys(
    request: ListKeysRequest,
    callback: (error: ServiceError | null, response: ListKeysResponse) => void,
  ): ClientUnaryCall;
  listKeys(
    request: ListKeysRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: ListKeysResponse) => void,
  ): ClientUnaryCall;
  listKeys(
    request: ListKeysRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: ListKeysResponse) => void,
  ): ClientUnaryCall;
  /** GetPublicKey answers the public half of a pair. */
  getPublicKey(
    request: GetPublicKeyRequest,
    callback: (error: ServiceError | null, response: GetPublicKeyResponse) => void,
  ): ClientUnaryCall;
  getPublicKey(
    request: GetPublicKeyRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: GetPublicKeyResponse) => void,
  ): ClientUnaryCall;
  getPublicKey(
    request: GetPublicKeyRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: GetPublicKeyResponse) => void,
  ): ClientUnaryCall;
  /** DestroyKey destroys a key, or both halves of a pair. */
  destroyKey(
    request: DestroyKeyRequest,
    callback: (error: ServiceError | null, response: DestroyKeyResponse) => void,
  ): ClientUnaryCall;
  destroyKey(
    request: DestroyKeyRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: DestroyKeyResponse) => void,
  ): ClientUnaryCall;
  destroyKey(
    request: DestroyKeyRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: DestroyKeyResponse) => void,
  ): ClientUnaryCall;
  /** GetKeyLife tells where a key is in its life and why, what it has been used for, and when it is rotated. */
  getKeyLife(
    request: GetKeyLifeRequest,
    callback: (error: ServiceError | null, response: GetKeyLifeResponse) => void,
  ): ClientUnaryCall;
  getKeyLife(
    request: GetKeyLifeRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: GetKeyLifeResponse) => void,
  ): ClientUnaryCall;
  getKeyLife(
    request: GetKeyLifeRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: GetKeyLifeResponse) => void,
  ): ClientUnaryCall;
  /**
   * ListDueKeys tells the secret and private keys without a successor that somebody should look after: due to be rotated, near their end, or near
   * a limit of their uses. Some are looked at at a time.
   */
  listDueKeys(
    request: ListDueKeysRequest,
    callback: (error: ServiceError | null, response: ListDueKeysResponse) => void,
  ): ClientUnaryCall;
  listDueKeys(
    request: ListDueKeysRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: ListDueKeysResponse) => void,
  ): ClientUnaryCall;
  listDueKeys(
    request: ListDueKeysRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: ListDueKeysResponse) => void,
  ): ClientUnaryCall;
  /**
   * RotateKey gives a secret key or a pair a successor, which its label means from then on. It needs a login, whatever the policy gives
   * without one.
   */
  rotateKey(
    request: RotateKeyRequest,
    callback: (error: ServiceError | null, response: RotateKeyResponse) => void,
  ): ClientUnaryCall;
  rotateKey(
    request: RotateKeyRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: RotateKeyResponse) => void,
  ): ClientUnaryCall;
  rotateKey(
    request: RotateKeyRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: RotateKeyResponse) => void,
  ): ClientUnaryCall;
  /** ScheduleRotation says how often a key is to be rotated, from now on. */
  scheduleRotation(
    request: ScheduleRotationRequest,
    callback: (error: ServiceError | null, response: ScheduleRotationResponse) => void,
  ): ClientUnaryCall;
  scheduleRotation(
    request: ScheduleRotationRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: ScheduleRotationResponse) => void,
  ): ClientUnaryCall;
  scheduleRotation(
    request: ScheduleRotationRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: ScheduleRotationResponse) => void,
  ): ClientUnaryCall;
  /** Sign signs data, or a digest that the caller computed. */
  sign(request: SignRequest, callback: (error: ServiceError | null, response: SignResponse) => void): ClientUnaryCall;
  sign(
    request: SignRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: SignResponse) => void,
  ): ClientUnaryCall;
  sign(
    request: SignRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: SignResponse) => void,
  ): ClientUnaryCall;
  /** SignStream signs data that comes in parts: a start, then the parts. */
  signStream(
    callback: (error: ServiceError | null, response: SignStreamResponse) => void,
  ): ClientWritableStream<SignStreamRequest>;
  signStream(
    metadata: Metadata,
    callback: (error: ServiceError | null, response: SignStreamResponse) => void,
  ): ClientWritableStream<SignStreamRequest>;
  signStream(
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: SignStreamResponse) => void,
  ): ClientWritableStream<SignStreamRequest>;
  signStream(
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: SignStreamResponse) => void,
  ): ClientWritableStream<SignStreamRequest>;
  /** Verify checks a signature. One that does not fit is an answer, not an error. */
  verify(
    request: VerifyRequest,
    callback: (error: ServiceError | null, response: VerifyResponse) => void,
  ): ClientUnaryCall;
  verify(
    request: VerifyRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: VerifyResponse) => void,
  ): ClientUnaryCall;
  verify(
    request: VerifyRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: VerifyResponse) => void,
  ): ClientUnaryCall;
  /** VerifyStream checks a signature over data that comes in parts: a start, then the parts. */
  verifyStream(
    callback: (error: ServiceError | null, response: VerifyStreamResponse) => void,
  ): ClientWritableStream<VerifyStreamRequest>;
  verifyStream(
    metadata: Metadata,
    callback: (error: ServiceError | null, response: VerifyStreamResponse) => void,
  ): ClientWritableStream<VerifyStreamRequest>;
  verifyStream(
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: VerifyStreamResponse) => void,
  ): ClientWritableStream<VerifyStreamRequest>;
  verifyStream(
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: VerifyStreamResponse) => void,
  ): ClientWritableStream<VerifyStreamRequest>;
  /** Encrypt encrypts data. */
  encrypt(
    request: EncryptRequest,
    callback: (error: ServiceError | null, response: EncryptResponse) => void,
  ): ClientUnaryCall;
  encrypt(
    request: EncryptRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: EncryptResponse) => void,
  ): ClientUnaryCall;
  encrypt(
    request: EncryptRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: EncryptResponse) => void,
  ): ClientUnaryCall;
  /** EncryptStream encrypts data that comes in parts: a start, then the parts. The answers are a start, then parts as they come about. */
  encryptStream(): ClientDuplexStream<EncryptStreamRequest, EncryptStreamResponse>;
  encryptStream(options: Partial<CallOptions>): ClientDuplexStream<EncryptStreamRequest, EncryptStreamResponse>;
  encryptStream(
    metadata: Metadata,
    options?: Partial<CallOptions>,
  ): ClientDuplexStream<EncryptStreamRequest, EncryptStreamResponse>;
  /** Decrypt decrypts data. */
  decrypt(
    request: DecryptRequest,
    callback: (error: ServiceError | null, response: DecryptResponse) => void,
  ): ClientUnaryCall;
  decrypt(
    request: DecryptRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: DecryptResponse) => void,
  ): ClientUnaryCall;
  decrypt(
    request: DecryptRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: DecryptResponse) => void,
  ): ClientUnaryCall;
  /** DecryptStream decrypts data that comes in parts: a start, then the parts. What came back is to be trusted only when the call has ended with OK. */
  decryptStream(): ClientDuplexStream<DecryptStreamRequest, DecryptStreamResponse>;
  decryptStream(options: Partial<CallOptions>): ClientDuplexStream<DecryptStreamRequest, DecryptStreamResponse>;
  decryptStream(
    metadata: Metadata,
    options?: Partial<CallOptions>,
  ): ClientDuplexStream<DecryptStreamRequest, DecryptStreamResponse>;
  /** ComputeMac computes a message authentication code. */
  computeMac(
    request: ComputeMacRequest,
    callback: (error: ServiceError | null, response: ComputeMacResponse) => void,
  ): ClientUnaryCall;
  computeMac(
    request: ComputeMacRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: ComputeMacResponse) => void,
  ): ClientUnaryCall;
  computeMac(
    request: ComputeMacRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: ComputeMacResponse) => void,
  ): ClientUnaryCall;
  /** ComputeMacStream computes one over data that comes in parts: a start, then the parts. */
  computeMacStream(
    callback: (error: ServiceError | null, response: ComputeMacStreamResponse) => void,
  ): ClientWritableStream<ComputeMacStreamRequest>;
  computeMacStream(
    metadata: Metadata,
    callback: (error: ServiceError | null, response: ComputeMacStreamResponse) => void,
  ): ClientWritableStream<ComputeMacStreamRequest>;
  computeMacStream(
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: ComputeMacStreamResponse) => void,
  ): ClientWritableStream<ComputeMacStreamRequest>;
  computeMacStream(
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: ComputeMacStreamResponse) => void,
  ): ClientWritableStream<ComputeMacStreamRequest>;
  /** VerifyMac checks one. One that does not fit is an answer, not an error. */
  verifyMac(
    request: VerifyMacRequest,
    callback: (error: ServiceError | null, response: VerifyMacResponse) => void,
  ): ClientUnaryCall;
  verifyMac(
    request: VerifyMacRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: VerifyMacResponse) => void,
  ): ClientUnaryCall;
  verifyMac(
    request: VerifyMacRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: VerifyMacResponse) => void,
  ): ClientUnaryCall;
  /** WrapKey takes a key out, encrypted under another. */
  wrapKey(
    request: WrapKeyRequest,
    callback: (error: ServiceError | null, response: WrapKeyResponse) => void,
  ): ClientUnaryCall;
  wrapKey(
    request: WrapKeyRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: WrapKeyResponse) => void,
  ): ClientUnaryCall;
  wrapKey(
    request: WrapKeyRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: WrapKeyResponse) => void,
  ): ClientUnaryCall;
  /** UnwrapKey brings in a key that is encrypted under another. */
  unwrapKey(
    request: UnwrapKeyRequest,
    callback: (error: ServiceError | null, response: UnwrapKeyResponse) => void,
  ): ClientUnaryCall;
  unwrapKey(
    request: UnwrapKeyRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: UnwrapKeyResponse) => void,
  ): ClientUnaryCall;
  unwrapKey(
    request: UnwrapKeyRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: UnwrapKeyResponse) => void,
  ): ClientUnaryCall;
  /** DeriveKey agrees on a key with the holder of another pair. */
  deriveKey(
    request: DeriveKeyRequest,
    callback: (error: ServiceError | null, response: DeriveKeyResponse) => void,
  ): ClientUnaryCall;
  deriveKey(
    request: DeriveKeyRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: DeriveKeyResponse) => void,
  ): ClientUnaryCall;
  deriveKey(
    request: DeriveKeyRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: DeriveKeyResponse) => void,
  ): ClientUnaryCall;
  /** GenerateRandom answers random bytes. */
  generateRandom(
    request: GenerateRandomRequest,
    callback: (error: ServiceError | null, response: GenerateRandomResponse) => void,
  ): ClientUnaryCall;
  generateRandom(
    request: GenerateRandomRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: GenerateRandomResponse) => void,
  ): ClientUnaryCall;
  generateRandom(
    request: GenerateRandomRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: GenerateRandomResponse) => void,
  ): ClientUnaryCall;
}

export const KeysClient = makeGenericClientConstructor(KeysService, "strongroom.v1.Keys") as unknown as {
  new (address: string, credentials: ChannelCredentials, options?: Partial<ClientOptions>): KeysClient;
  service: typeof KeysService;
  serviceName: string;
};

type Builtin = Date | Function | Uint8Array | string | number | boolean | undefined;

export type DeepPartial<T> = T extends Builtin ? T
  : T extends globalThis.Array<infer U> ? globalThis.Array<DeepPartial<U>>
  : T extends ReadonlyArray<infer U> ? ReadonlyArray<DeepPartial<U>>
  : T extends { $case: string; value: unknown } ? { $case: T["$case"]; value?: DeepPartial<T["value"]> }
  : T extends {} ? { [K in keyof T]?: DeepPartial<T[K]> }
  : Partial<T>;

type KeysOfUnion<T> = T extends T ? keyof T : never;
export type Exact<P, I extends P> = P extends Builtin ? P
  : P & { [K in keyof P]: Exact<P[K], I[K]> } & { [K in Exclude<keyof I, KeysOfUnion<P>>]: never };

function longToNumber(int64: { toString(): string }): number {
  const num = globalThis.Number(int64.toString());
  if (num > globalThis.Number.MAX_SAFE_INTEGER) {
    throw new globalThis.Error("Value is larger than Number.MAX_SAFE_INTEGER");
  }
  if (num < globalThis.Number.MIN_SAFE_INTEGER) {
    throw new globalThis.Error("Value is smaller than Number.MIN_SAFE_INTEGER");
  }
  return num;
}

export interface MessageFns<T> {
  encode(message: T, writer?: BinaryWriter): BinaryWriter;
  decode(input: BinaryReader | Uint8Array, length?: number): T;
  create<I extends Exact<DeepPartial<T>, I>>(base?: I): T;
  fromPartial<I extends Exact<DeepPartial<T>, I>>(object: I): T;
}
