import { fileURLToPath } from 'node:url';
import {
  type ByteRange,
  Component,
  type ComponentRanges,
  type Enclave,
  encryptionPlan,
  Hash,
  type JobId,
  type KeyHandle,
  type KeyKind,
  nothing,
  Scheme,
  signingPlan,
  whole,
} from '../../module/enclave/enclave.ts';
import { loadEnclave } from '../../module/enclave/load.ts';

/** The addon under test; `make` has built it. The sanitizer's suite names its own build. */
export const enclave: Enclave = loadEnclave(
  process.env.STRONGROOM_TEST_ENCLAVE ??
    fileURLToPath(new URL('../../out/lib/strongroom/enclave.node', import.meta.url)),
);
export const none = new Uint8Array(0);
/** `length` bytes of a buffer from `offset` on. */
export const range = (buffer: Uint8Array, offset: number, length: number): ByteRange => ({
  buffer,
  offset,
  length,
});

export const hex = (text: string): Uint8Array =>
  new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

/** DER of CKA_EC_PARAMS for the curves that tests use. */
export const curves = {
  'P-192': hex('06082a8648ce3d030101'),
  'P-224': hex('06052b81040021'),
  'P-256': hex('06082a8648ce3d030107'),
  'P-384': hex('06052b81040022'),
  'P-521': hex('06052b81040023'),
  secp256k1: hex('06052b8104000a'),
  Ed25519: hex('06032b6570'),
  X25519: hex('06032b656e'),
} as const;

/** Return values by name, for readable expectations: the enclave gives them negated. */
export const CKR = {
  ATTRIBUTE_TYPE_INVALID: -0x12,
  ATTRIBUTE_VALUE_INVALID: -0x13,
  DATA_INVALID: -0x20,
  DATA_LEN_RANGE: -0x21,
  ENCRYPTED_DATA_INVALID: -0x40,
  ENCRYPTED_DATA_LEN_RANGE: -0x41,
  KEY_HANDLE_INVALID: -0x60,
  KEY_SIZE_RANGE: -0x62,
  KEY_TYPE_INCONSISTENT: -0x63,
  KEY_NOT_WRAPPABLE: -0x69,
  MECHANISM_INVALID: -0x70,
  MECHANISM_PARAM_INVALID: -0x71,
  OPERATION_NOT_INITIALIZED: -0x91,
  SIGNATURE_INVALID: -0xc0,
  SIGNATURE_LEN_RANGE: -0xc1,
  TEMPLATE_INCOMPLETE: -0xd0,
  WRAPPED_KEY_INVALID: -0x110,
  WRAPPED_KEY_LEN_RANGE: -0x112,
  DOMAIN_PARAMS_INVALID: -0x130,
  CURVE_NOT_SUPPORTED: -0x140,
  BUFFER_TOO_SMALL: -0x150,
  FUNCTION_CANCELED: -0x50,
  PENDING: -0x204,
} as const;

/** Throws when a result is a failure. */
export function good(result: number): number {
  if (result < 0) throw new Error(`-CKR 0x${(-result).toString(16)}`);
  return result;
}

/** Puts components into the shape that keyImport takes. */
export function components(values: Partial<Record<Component, Uint8Array>>): ComponentRanges {
  const ids: Component[] = [];
  const offsets: number[] = [];
  const lengths: number[] = [];
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const [id, bytes] of Object.entries(values)) {
    ids.push(Number(id) as Component);
    offsets.push(end);
    lengths.push(bytes.length);
    parts.push(bytes);
    end += bytes.length;
  }
  return { ids, offsets, lengths, buffer: new Uint8Array(Buffer.concat(parts)) };
}

export const importKey = (kind: KeyKind, values: Partial<Record<Component, Uint8Array>>): number =>
  enclave.keyImport(kind, components(values));
export const secret = (bytes: Uint8Array): KeyHandle => good(importKey(1, { [Component.Value]: bytes }));

/** One component's bytes. */
export function component(key: KeyHandle, id: Component): Uint8Array {
  const bytes = new Uint8Array(good(enclave.keyComponent(key, id, none, 0, 0)));
  good(enclave.keyComponent(key, id, bytes, 0, bytes.length));
  return bytes;
}

export interface How {
  readonly scheme: Scheme;
  readonly hash?: Hash;
  readonly mgf?: Hash;
  readonly salt?: number;
  readonly prehashed?: boolean;
  readonly extra?: Uint8Array;
  readonly job?: JobId;
}

/** sign() with defaults; the signature, or the failure. */
export function trySign(key: KeyHandle, how: How, data: Uint8Array): Uint8Array | number {
  const out = new Uint8Array(1024);
  const { scheme, hash = Hash.None, mgf = hash, salt = 0, prehashed = false, extra = null, job = 0 } = how;
  const size = enclave.sign(
    job,
    key,
    signingPlan({ scheme, hash, mgfHash: mgf, saltLength: salt, prehashed }),
    extra,
    whole(data),
    range(out, 0, 1024),
  );
  return size < 0 ? size : out.slice(0, size);
}

export function sign(key: KeyHandle, how: How, data: Uint8Array): Uint8Array {
  const signature = trySign(key, how, data);
  if (typeof signature === 'number') throw new Error(`-CKR 0x${(-signature).toString(16)}`);
  return signature;
}

export function verify(key: KeyHandle, how: How, data: Uint8Array, signature: Uint8Array): number {
  const { scheme, hash = Hash.None, mgf = hash, salt = 0, prehashed = false, extra = null, job = 0 } = how;
  return enclave.verify(
    job,
    key,
    signingPlan({ scheme, hash, mgfHash: mgf, saltLength: salt, prehashed }),
    extra,
    whole(data),
    whole(signature),
  );
}

/** cipher() with room to spare; the output, or the failure. */
export function crypt(
  key: KeyHandle,
  cipher: 1 | 2 | 3 | 4 | 5 | 6 | 7,
  encrypt: boolean,
  data: Uint8Array,
  { iv = none, aad = none, param = 0 }: { iv?: Uint8Array; aad?: Uint8Array; param?: number } = {},
): Uint8Array | number {
  const out = new Uint8Array(data.length + 64);
  const size = enclave.cipher(
    key,
    encryptionPlan({ cipher, iv, aad, param }),
    encrypt,
    whole(data),
    whole(out),
  );
  return size < 0 ? size : out.slice(0, size);
}

let lastJob = 0;
export const nextJob = (): JobId => ++lastJob;

/** Waits for one job. */
export async function finished(job: JobId): Promise<void> {
  for (;;) {
    const taken = enclave.jobTake();
    if (taken === job) return;
    if (taken === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export async function generateRsa(bits: number): Promise<KeyHandle> {
  const job = nextJob();
  good(enclave.keyGenerateRsa(job, bits, Uint8Array.of(1, 0, 1)));
  await finished(job);
  return good(enclave.jobResult(job));
}

/** Big-endian bytes of a JWK number. */
export const fromJwk = (text: string | undefined): Uint8Array =>
  new Uint8Array(Buffer.from(text ?? '', 'base64url'));
export { Component, Hash, nothing, Scheme, signingPlan, whole };
