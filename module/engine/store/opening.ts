/** Reading what an opened store says of itself, and holding it against its digests. Nothing here changes anything. */
import type { Enclave, KeyHandle } from '../../enclave/enclave.ts';
import type { Database, ManifestRow } from './database.ts';
import { digestKeyslots, digestSealedKeys, sha256 } from './digests.ts';
import { asStoreError, opened, StoreError } from './errors.ts';
import { files, wholeFolder } from './folder.ts';
import {
  type Head,
  headContext,
  type ListedToken,
  manifestContext,
  unpackHead,
  unpackManifest,
} from './manifest.ts';
import { sameBytes } from './packing.ts';
import type { KeyslotKind } from './protection.ts';
import { infoContext, type Keyslot, nameOf, type TokenState, unpackInfo } from './token.ts';

/** What has been opened. */
interface Opened {
  readonly folder: string;
  readonly enclave: Enclave;
  /** The store key, which carries the store's id. */
  readonly root: KeyHandle;
  readonly storeId: Uint8Array;
  readonly db: Database;
}

/** @throws StoreError `tampered` when the database is another store's than the store key */
export function requireOneStore({ db, storeId, folder }: Opened): void {
  const named = db.read(() => db.sql.meta.get('store id'))?.value;
  if (named !== undefined && sameBytes(named, storeId)) return;
  throw new StoreError(
    'tampered',
    `${files.database} and ${files.storeKey} in ${folder} are not of one store; ${wholeFolder}`,
  );
}

/** @throws StoreError `tampered` when the head, or the store's own keys that it speaks of, were changed */
export function readHead({ db, enclave, root, storeId }: Opened, row: ManifestRow | undefined): Head {
  const what = `the account of ${files.database}`;
  if (row === undefined) throw new StoreError('tampered', `${what} is missing; ${wholeFolder}`);
  const where = headContext(storeId, row.generation);
  const head = unpackHead(opened(enclave.open(root, where, row.sealed), what), what);
  if (!sameBytes(head.sealedKeysDigest, digestSealedKeys(enclave, db.sql.sealedKeys.all()))) {
    throw new StoreError(
      'tampered',
      `the store's own keys in ${files.database} were changed outside the store; ${wholeFolder}`,
    );
  }
  return head;
}

/** The tokens that are there, each with its problem if it has one; and what is wrong when one that the head lists is not. */
export function readTokens(
  store: Opened,
  head: Head,
): { readonly tokens: readonly TokenState[]; readonly missing: StoreError | null } {
  const { db } = store;
  const tokens: TokenState[] = [];
  const listed = new Map(head.tokens.map((entry) => [entry.slot, entry]));
  for (const row of db.read(() => db.sql.tokens.all())) {
    const entry = listed.get(row.slot);
    listed.delete(row.slot);
    const token: TokenState = {
      slot: row.slot,
      id: row.id,
      info: null,
      keyslots: new Map(),
      problem: null,
      suspect: entry?.suspect === true,
      changed: new Set(),
      manifest: null,
      generation: entry?.generation ?? 0,
      checkedUnderStoreKey: false,
      checkedUnderMaster: false,
      publicCheck: null,
    };
    tokens.push(token);
    try {
      readToken(store, token, row.info, entry);
      if (token.suspect) token.problem = notAccepted(token, head.finding);
    } catch (error) {
      token.problem = asStoreError(error, files.database);
    }
  }
  const [gone] = listed.keys();
  const missing =
    gone === undefined
      ? null
      : new StoreError('tampered', `the token in slot ${gone} was deleted outside the store; ${wholeFolder}`);
  return { tokens, missing };
}

/** Reads into `token`, as far as what is there can be believed. */
function readToken(
  { db, enclave, root }: Opened,
  token: TokenState,
  infoBlob: Uint8Array,
  entry: ListedToken | undefined,
): void {
  const { sql } = db;
  const name = `the token in slot ${token.slot}`;
  const changed = (what: string) =>
    new StoreError('tampered', `${what} of ${name} was changed outside the store; ${wholeFolder}`);
  token.info = unpackInfo(
    opened(enclave.open(root, infoContext(token.slot, token.id), infoBlob), name),
    name,
  );
  const keyslots = readKeyslots(db, token.slot);
  if (keyslots === undefined) throw changed('a way in');
  for (const keyslot of keyslots) token.keyslots.set(keyslot.kind, keyslot);
  const row = db.read(() => sql.manifest.get(token.slot));
  if (entry === undefined || !sameBytes(entry.id, token.id)) throw changed('the identity');
  if (row === undefined || row.generation !== entry.generation) throw changed('the account');
  const where = manifestContext(token.id, row.generation);
  const manifest = unpackManifest(opened(enclave.open(root, where, row.sealed), name), name);
  if (!sameBytes(manifest.infoDigest, sha256(enclave, infoBlob))) throw changed('the label and state');
  if (!sameBytes(manifest.keyslotsDigest, digestKeyslots(enclave, keyslots))) throw changed('a way in');
  token.manifest = manifest;
}

/** The token's keyslots with their factors; undefined when rows are missing, or there are some that belong to none. */
function readKeyslots(db: Database, slot: number): Keyslot[] | undefined {
  const { rows, factors } = db.read(() => ({
    rows: db.sql.keyslots.all(slot),
    factors: db.sql.factors.all(slot),
  }));
  const keyslots = rows.map(({ kind, wrapped }) => ({
    kind: kind as KeyslotKind,
    factors: factors.filter((factor) => factor.kind === kind),
    wrapped,
  }));
  const whole = keyslots.every(
    (keyslot) => keyslot.factors.length > 0 && keyslot.factors.every(({ place }, i) => place === i),
  );
  const counted = keyslots.reduce((sum, keyslot) => sum + keyslot.factors.length, 0);
  return whole && counted === factors.length ? keyslots : undefined;
}

/** Why a token is out of use while something was `found` put back or taken away. */
export function notAccepted(token: TokenState, found: string): StoreError {
  return new StoreError(
    'rollback',
    `${nameOf(token)} is not used until its security officer accepts what was found (strongroom store accept): ${found}`,
  );
}
