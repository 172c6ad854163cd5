/**
 * What the store knows of a token, and the packing of its sealed parts.
 */
import type { KeyHandle } from '../../enclave/enclave.ts';
import type { StoreError } from './errors.ts';
import type { FactorChoice } from './factors/factor.ts';
import type { Member, TokenManifest } from './manifest.ts';
import { context, hex, Packer, Unpacker } from './packing.ts';
import type { KeyslotKind } from './protection.ts';

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

/** How the secrets that open a keyslot become keys: one of each factor, in their order. A PIN alone, as a rule. */
export type KeyslotChoice = readonly FactorChoice[];

/** A keyslot's key (from the enclave's derivation) and how it was derived. */
export interface PinKey {
  readonly choice: KeyslotChoice;
  readonly kek: KeyHandle;
}

/** One way to the token master key. */
export interface Keyslot {
  readonly kind: KeyslotKind;
  readonly factors: KeyslotChoice;
  /** The token master key, sealed under the key that the factors give and that again under the store key. */
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

/** A check of the public objects that goes on in steps, between which they may change. */
export interface CheckUnderWay {
  /** A session without login has put a tombstone in a confirmed row's place. */
  left(member: Member): void;
  /** True when the last row has been seen, and all fits. */
  step(): boolean;
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
  publicCheck: CheckUnderWay | null;
}

export function infoContext(slot: number, tokenId: Uint8Array): Uint8Array {
  return context('token info', slot, tokenId);
}

/** What a wrapped master key is bound to: everything about the slot but the wrapping itself. A PIN alone is as the first releases had it. */
export function keyslotContext(tokenId: Uint8Array, kind: KeyslotKind, factors: KeyslotChoice): Uint8Array {
  const alone = pinAlone(factors);
  if (alone !== undefined) return context('keyslot', tokenId, kind, alone.kdf, alone.parameters, alone.salt);
  const parts = factors.flatMap(({ factor, kdf, parameters, salt }) => [factor, kdf, parameters, salt]);
  return context('keyslot of factors', tokenId, kind, factors.length, ...parts);
}

/** The one factor, when it is a PIN. */
export function pinAlone(factors: KeyslotChoice): FactorChoice | undefined {
  const [first] = factors;
  return factors.length === 1 && first?.factor === 'pin' ? first : undefined;
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

/** A token's name in messages. */
export function nameOf(token: TokenState): string {
  return token.info === null
    ? `the token in slot ${token.slot}`
    : `token "${token.info.label}" (slot ${token.slot})`;
}

/** An object's name in messages. */
export function objectName(id: Uint8Array): string {
  return `object ${hex(id)}`;
}
