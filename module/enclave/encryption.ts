/** How something is encrypted, or a key wrapped: made once, and handed over with each call. */
import type { Cipher, RsaPadding } from './generated/numbers.ts';
import { Hash } from './generated/numbers.ts';

/** A cipher, or 0 and an RSA padding. */
export interface EncryptionPlan {
  readonly cipher: Cipher | 0;
  readonly padding: RsaPadding | 0;
  readonly hash: Hash;
  readonly mgfHash: Hash;
  readonly iv: Uint8Array;
  /** Associated data; with OAEP, the label. */
  readonly aad: Uint8Array;
  /** The cipher's own number: GCM's tag length in bytes, the counter's bits. */
  readonly param: number;
}

const NONE = new Uint8Array(0);

/** A plan with what is named, and nothing else. */
export function encryptionPlan({
  cipher = 0,
  padding = 0,
  hash = Hash.None,
  mgfHash = Hash.None,
  iv = NONE,
  aad = NONE,
  param = 0,
}: Partial<EncryptionPlan>): EncryptionPlan {
  return { cipher, padding, hash, mgfHash, iv, aad, param };
}
