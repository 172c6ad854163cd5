/**
 * What the store knows of a token, and the packing of its sealed parts.
 */
import { type Enclave, Hash } from '../../enclave/enclave.ts';
import type { KeyslotRow } from './database.ts';
import { accepted, StoreError } from './errors.ts';
import type { PublicCheck } from './load.ts';
import type { KeyslotKind, TokenManifest } from './manifest.ts';
import { context, Packer, Unpacker } from './packing.ts';

/** What a token says about itself. The store keeps it; the meaning is the engine's. */
export interface TokenInfo {
  /** Without padding; at most 32 bytes of UTF-8. */
  readonly label: string;
  readonly serial: string;
  /** Flags that last (CKF_*), such as those that C_InitToken sets. What follows from keyslots and counters is not kept here. */
  readonly flags: number;
  /** Milliseconds since the epoch. */
  readonly created: number;
}

/** The one key derivation there is so far. */
export const pbkdf2 = 'PBKDF2-HMAC-SHA256';
/** More than this in a keyslot is damage: it would keep the pool busy for minutes. */
const maxIterations = 100_000_000;

/** How a PIN becomes a key: by name and parameters, so that another KDF needs no new layout. */
export interface KdfChoice {
  /** `PBKDF2-HMAC-SHA256` today. */
  readonly kdf: string;
  /** JSON of the KDF's own parameters: `{"iterations":600000}`. */
  readonly parameters: string;
  /** 32 random bytes, new with each PIN. */
  readonly salt: Uint8Array;
}

/** One way to the token master key. */
export interface Keyslot extends KdfChoice {
  readonly kind: KeyslotKind;
  /** The token master key, sealed under the PIN's key and that again under the store key. */
  readonly wrapped: Uint8Array;
}

/** A token as callers see it; also what they pass back to name it. The store updates it in place. */
export interface Token {
  /** The stable CK_SLOT_ID. */
  readonly slot: number;
  /** 16 random bytes, new at each initialisation. */
  readonly id: Uint8Array;
  /** null when it cannot be read, in which case there is a problem too. */
  readonly info: TokenInfo | null;
  readonly keyslots: ReadonlyMap<KeyslotKind, Keyslot>;
  /** Why the token is out of use: what is found changed is never served. */
  readonly problem: StoreError | null;
  /** Ids (hex) of the public objects made, changed or destroyed since the master key was last at hand. */
  readonly changed: ReadonlySet<string>;
}

/** The store's own view of the same thing. */
export interface TokenState extends Token {
  id: Uint8Array;
  info: TokenInfo | null;
  keyslots: Map<KeyslotKind, Keyslot>;
  problem: StoreError | null;
  /** Whether it waits for its security officer to accept what was found. */
  suspect: boolean;
  changed: Set<string>;
  /** null when it cannot be read. */
  manifest: TokenManifest | null;
  generation: number;
  /** Whether this run has checked the public objects against the manifest under the store key. */
  checkedUnderStoreKey: boolean;
  /** Whether it has checked them against the manifest under the master key too. */
  checkedUnderMaster: boolean;
  /** That check while it is under way. */
  publicCheck: PublicCheck | null;
}

export function infoContext(slot: number, tokenId: Uint8Array): Uint8Array {
  return context('token info', slot, tokenId);
}

/** What a wrapped master key is bound to: everything about the slot but the wrapping itself. */
export function keyslotContext(tokenId: Uint8Array, kind: KeyslotKind, choice: KdfChoice): Uint8Array {
  return context('keyslot', tokenId, kind, choice.kdf, choice.parameters, choice.salt);
}

const layout = 1;

export function packInfo(info: TokenInfo): Uint8Array {
  return new Packer()
    .u8(layout)
    .text(info.label)
    .text(info.serial)
    .u32(info.flags)
    .u64(info.created)
    .finish();
}

export function unpackInfo(bytes: Uint8Array, what: string): TokenInfo {
  const from = new Unpacker(bytes, what);
  from.u8();
  const info = { label: from.text(), serial: from.text(), flags: from.u32(), created: from.u64() };
  from.end();
  return info;
}

/** SHA-256 over a token's keyslot rows, in the order of their kinds. */
export function digestKeyslots(enclave: Enclave, rows: Iterable<KeyslotRow>): Uint8Array {
  const packer = new Packer();
  const ordered = [...rows].sort((a, b) => a.kind - b.kind);
  for (const row of ordered) {
    packer.u32(row.kind).text(row.kdf).text(row.parameters).blob(row.salt).blob(row.wrapped);
  }
  return sha256(enclave, packer.finish());
}

export function sha256(enclave: Enclave, bytes: Uint8Array): Uint8Array {
  const digest = new Uint8Array(32);
  accepted(
    enclave.digest(Hash.Sha256, bytes, 0, bytes.length, digest, 0, digest.length),
    'a row of store.db',
  );
  return digest;
}

/** The iterations that a keyslot asks for; a KDF that this release does not know is refused, not guessed. */
export function iterationsOf(choice: KdfChoice): number {
  if (choice.kdf !== pbkdf2) {
    throw new StoreError(
      'version',
      `a PIN uses the key derivation ${choice.kdf}, which this release does not know; upgrade it`,
    );
  }
  const parameters: unknown = JSON.parse(choice.parameters);
  const iterations =
    typeof parameters === 'object' && parameters !== null && 'iterations' in parameters
      ? parameters.iterations
      : 0;
  if (
    typeof iterations !== 'number' ||
    !Number.isSafeInteger(iterations) ||
    iterations < 1 ||
    iterations > maxIterations
  ) {
    throw new StoreError('tampered', 'a keyslot asks for an absurd number of iterations');
  }
  return iterations;
}
