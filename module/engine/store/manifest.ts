/**
 * The manifest: what the store says about itself, so that a row deleted, put back or exchanged is noticed.
 *
 * A set of rows is summed into an incremental multiset hash (32 bytes, order does not matter, members come and go in
 * constant time). Public objects are summed under the store key, and again under the token master key; private ones
 * under the token master key only, since nobody without it can make or change one.
 */
import { type Enclave, Hash, type KeyHandle } from '../../enclave/enclave.ts';
import { accepted, StoreError } from './errors.ts';
import { context, label, Packer, putU64, Unpacker } from './packing.ts';
import { copyPins, noPins, type PinRecord, packPins, unpackPins } from './pin-rules.ts';
import {
  type ByKind,
  byKind,
  copyProtection,
  noProtection,
  type Protection,
  packAttempts,
  unpackAttempts,
  unpackTwoKinds,
} from './protection.ts';

/** A multiset hash and its number of members. */
export interface SetHash {
  count: number;
  sum: Uint8Array;
}

/** What is signed under the token master key: it changes only while that key is at hand. */
export interface ConfirmedManifest {
  /** The store's generation when this was signed. */
  generation: number;
  public: SetHash;
  private: SetHash;
  /** MAC under the token master key over {@link confirmedMessage}. */
  mac: Uint8Array;
}

/** One token's manifest; sealed under the store key together with its generation. */
export interface TokenManifest {
  tokenId: Uint8Array;
  /** SHA-256 of the sealed token information. */
  infoDigest: Uint8Array;
  /** SHA-256 over the keyslot rows. */
  keyslotsDigest: Uint8Array;
  /** Attempts counted since the last success, by {@link KeyslotKind}. */
  failures: ByKind<number>;
  protection: Protection;
  /** The rules for PINs, and what is remembered of them. */
  pins: PinRecord;
  /** Public rows as they are now, unconfirmed marks and tombstones included. */
  public: SetHash;
  confirmed: ConfirmedManifest;
}

/** What the store knows of the audit log beside it. */
export interface KnownLog {
  /** Records that were on the disk, at the least; 0 when nothing is known. */
  sequence: number;
  /** The last of them. */
  hash: Uint8Array;
  /** The log is being put aside for a new one: whatever is found is no surprise. */
  replaced: boolean;
}

export interface ListedToken {
  slot: number;
  id: Uint8Array;
  generation: number;
  /** Something was put back, and the token's security officer has not accepted it yet. */
  suspect: boolean;
}

/** The whole store's row: which tokens there are, at which generation each was last written, and what stands in the other files. */
export interface Head {
  nextSlot: number;
  sealedKeysDigest: Uint8Array;
  tokens: ListedToken[];
  log: KnownLog;
  /** Openings of the store that store.generation had counted on the disk, at the least. */
  openings: number;
  /** What was found, in words, while a token is suspect. */
  finding: string;
}

/** The row of the table `manifest` that speaks for the whole store. */
export const headSlot = -1;

/** A manifest's layout from before it knew of {@link Protection}, and the head's from before it knew of the other files. */
const layout = 1;
/** A manifest's layout from when there were two kinds of keyslot: what is counted of them stood in its middle. */
const layoutOfTwoKinds = 2;
const layoutOfAllKinds = 3;
const headLayout = 2;

export function blankHead(): Head {
  return {
    nextSlot: 0,
    sealedKeysDigest: new Uint8Array(32),
    tokens: [],
    log: { sequence: 0, hash: new Uint8Array(32), replaced: false },
    openings: 0,
    finding: '',
  };
}

export function emptySet(): SetHash {
  return { count: 0, sum: new Uint8Array(32) };
}

function copySet(set: SetHash): SetHash {
  return { count: set.count, sum: set.sum.slice() };
}

/** A copy to work on, so that a failed commit leaves the original as it was. */
export function copyManifest(from: TokenManifest): TokenManifest {
  return {
    ...from,
    failures: [...from.failures],
    protection: copyProtection(from.protection),
    pins: copyPins(from.pins),
    public: copySet(from.public),
    confirmed: {
      ...from.confirmed,
      public: copySet(from.confirmed.public),
      private: copySet(from.confirmed.private),
    },
  };
}

/** Handed to changes that concern no token; nothing reads it. */
export const blankManifest: TokenManifest = Object.freeze({
  tokenId: new Uint8Array(16),
  infoDigest: new Uint8Array(32),
  keyslotsDigest: new Uint8Array(32),
  failures: byKind(() => 0),
  protection: noProtection(),
  pins: noPins(),
  public: { count: 0, sum: new Uint8Array(32) },
  confirmed: {
    generation: 0,
    public: { count: 0, sum: new Uint8Array(32) },
    private: { count: 0, sum: new Uint8Array(32) },
    mac: new Uint8Array(32),
  },
});

export function packManifest(manifest: TokenManifest): Uint8Array {
  const { confirmed } = manifest;
  const packer = new Packer()
    .u8(layoutOfAllKinds)
    .raw(manifest.tokenId)
    .raw(manifest.infoDigest)
    .raw(manifest.keyslotsDigest)
    .u64(manifest.public.count)
    .raw(manifest.public.sum)
    .u64(confirmed.generation)
    .u64(confirmed.public.count)
    .raw(confirmed.public.sum)
    .u64(confirmed.private.count)
    .raw(confirmed.private.sum)
    .raw(confirmed.mac);
  return packPins(packAttempts(packer, manifest), manifest.pins).finish();
}

export function unpackManifest(bytes: Uint8Array, what: string): TokenManifest {
  const from = new Unpacker(bytes, what);
  const version = from.u8();
  if (version > layoutOfAllKinds)
    throw new StoreError('version', `${what} was written by a newer release; upgrade this one`);
  const set = (): SetHash => ({ count: from.u64(), sum: from.raw(32) });
  // Evaluated in the order written, which is the order packed.
  const digests = { tokenId: from.raw(16), infoDigest: from.raw(32), keyslotsDigest: from.raw(32) };
  const inTheMiddle =
    version < layoutOfAllKinds ? unpackTwoKinds(from, version === layoutOfTwoKinds) : undefined;
  const sets = {
    public: set(),
    confirmed: { generation: from.u64(), public: set(), private: set(), mac: from.raw(32) },
  };
  const counted = inTheMiddle ?? unpackAttempts(from);
  const pins = inTheMiddle === undefined ? unpackPins(from) : noPins();
  const manifest: TokenManifest = { ...digests, ...sets, ...counted, pins };
  from.end();
  return manifest;
}

export function packHead(head: Head): Uint8Array {
  const packer = new Packer()
    .u8(headLayout)
    .u64(head.nextSlot)
    .raw(head.sealedKeysDigest)
    .u32(head.tokens.length);
  for (const token of head.tokens)
    packer
      .u64(token.slot)
      .raw(token.id)
      .u64(token.generation)
      .u8(token.suspect ? 1 : 0);
  return packer
    .u64(head.log.sequence)
    .raw(head.log.hash)
    .u8(head.log.replaced ? 1 : 0)
    .u64(head.openings)
    .text(head.finding)
    .finish();
}

export function unpackHead(bytes: Uint8Array, what: string): Head {
  const from = new Unpacker(bytes, what);
  const version = from.u8();
  const head: Head = { ...blankHead(), nextSlot: from.u64(), sealedKeysDigest: from.raw(32) };
  for (let left = from.u32(); left > 0; left--) {
    head.tokens.push({
      slot: from.u64(),
      id: from.raw(16),
      generation: from.u64(),
      suspect: version !== layout && from.u8() === 1,
    });
  }
  if (version !== layout) {
    head.log = { sequence: from.u64(), hash: from.raw(32), replaced: from.u8() === 1 };
    head.openings = from.u64();
    head.finding = from.text();
  }
  from.end();
  return head;
}

export function manifestContext(tokenId: Uint8Array, generation: number): Uint8Array {
  return context('token manifest', tokenId, generation);
}

export function headContext(storeId: Uint8Array, generation: number): Uint8Array {
  return context('store head', storeId, generation);
}

const confirmedLabel = label('confirmed manifest');

function confirmedMessage(manifest: TokenManifest): Uint8Array {
  const { confirmed } = manifest;
  return new Packer()
    .raw(manifest.tokenId)
    .u64(confirmed.generation)
    .u64(confirmed.public.count)
    .raw(confirmed.public.sum)
    .u64(confirmed.private.count)
    .raw(confirmed.private.sum)
    .finish();
}

/** Signs the confirmed part under the token master key, in place. */
export function signConfirmed(
  enclave: Enclave,
  master: KeyHandle,
  manifest: TokenManifest,
  generation: number,
): void {
  manifest.confirmed.generation = generation;
  manifest.confirmed.mac = new Uint8Array(32);
  accepted(
    enclave.macCompute(master, confirmedLabel, confirmedMessage(manifest), manifest.confirmed.mac),
    'the manifest',
  );
}

/** Whether the confirmed part was signed under this token master key. */
export function confirmedHolds(enclave: Enclave, master: KeyHandle, manifest: TokenManifest): boolean {
  return enclave.macCheck(master, confirmedLabel, confirmedMessage(manifest), manifest.confirmed.mac) === 1;
}

/** What a row is in the eyes of a set. */
export interface Member {
  readonly id: Uint8Array;
  readonly version: number;
  readonly private: boolean;
  readonly digest: Uint8Array;
  /** `row` as confirmed, `unconfirmed` row, or the `tombstone` of a confirmed one. */
  readonly mark: 'row' | 'unconfirmed' | 'tombstone';
}

const marks = { row: 0, unconfirmed: 1, tombstone: 2 } as const;
/** What the sets of rows are summed by. */
export const setLabels = { public: label('public objects'), private: label('private objects') } as const;

/** mark u8 ‖ private u8 ‖ token id(16) ‖ object id(16) ‖ version u64 ‖ digest(32) */
const memberLength = 74;

/** Digests rows and adds them to sets, without allocating for each. */
export class SetHasher {
  readonly #enclave: Enclave;
  readonly #member = new Uint8Array(memberLength);
  readonly #memberView = new DataView(this.#member.buffer);
  #scratch = new Uint8Array(4096);
  #scratchView = new DataView(this.#scratch.buffer);

  constructor(enclave: Enclave) {
    this.#enclave = enclave;
  }

  /** SHA-256 over both sealed blobs with their lengths. */
  digest(attributes: Uint8Array, value: Uint8Array | null, out: Uint8Array = new Uint8Array(32)): Uint8Array {
    const length = 8 + attributes.length + (value?.length ?? 0);
    if (length > this.#scratch.length) {
      this.#scratch = new Uint8Array(length);
      this.#scratchView = new DataView(this.#scratch.buffer);
    }
    this.#scratchView.setUint32(0, attributes.length);
    this.#scratchView.setUint32(4, value === null ? 0xffff_ffff : value.length);
    this.#scratch.set(attributes, 8);
    if (value !== null) this.#scratch.set(value, 8 + attributes.length);
    accepted(this.#enclave.digest(Hash.Sha256, this.#scratch, 0, length, out, 0, 32), 'a row of store.db');
    return out;
  }

  /** Adds a member to a set, or takes it out, under `root`. */
  update(root: KeyHandle, tokenId: Uint8Array, set: SetHash, member: Member, add: boolean): void {
    this.#member[0] = marks[member.mark];
    this.#member[1] = member.private ? 1 : 0;
    this.#member.set(tokenId, 2);
    this.#member.set(member.id, 18);
    putU64(this.#memberView, 34, member.version);
    this.#member.set(member.digest, 42);
    const name = member.private ? setLabels.private : setLabels.public;
    accepted(this.#enclave.setHashUpdate(root, name, this.#member, set.sum, add), 'the manifest');
    set.count += add ? 1 : -1;
  }
}
