/**
 * Someone who has the disk and the store key, but no PIN: everything under the store key can be forged, so only what is
 * signed under the token master key still speaks. It speaks at the next login.
 */
import { expect, test } from 'vitest';
import { Database, type ManifestRow } from '../../module/engine/store/database.ts';
import { opened, sealed } from '../../module/engine/store/errors.ts';
import { loadStoreKey } from '../../module/engine/store/folder.ts';
import {
  manifestContext,
  packManifest,
  SetHasher,
  type TokenManifest,
  unpackManifest,
} from '../../module/engine/store/manifest.ts';
import {
  enclave,
  failure,
  loadPrivate,
  loadPublic,
  login,
  newToken,
  openStore,
  putObject,
  temporaryFolder,
  tokenAt,
} from './support.ts';

/** Changes slot 0's rows, and its manifest so that it fits, with the store key. */
function forge(
  folder: string,
  work: (db: Database, manifest: TokenManifest, hasher: SetHasher, root: number) => void,
): void {
  const { root, storeId } = loadStoreKey(folder, enclave);
  const db = Database.open(`${folder}/store.db`, 0, storeId, false);
  const row: ManifestRow | undefined = db.sql.manifest.get(0);
  const token = db.sql.tokens.all()[0];
  if (row === undefined || token === undefined) throw new Error('nothing to forge');
  const where = manifestContext(token.id, row.generation);
  const manifest = unpackManifest(opened(enclave.open(root, where, row.sealed), 'manifest'), 'manifest');
  db.transaction(() => {
    work(db, manifest, new SetHasher(enclave), root);
    db.sql.putManifest.run(
      0,
      row.generation,
      sealed(enclave.seal(root, where, packManifest(manifest)), 'manifest'),
    );
  });
  db.close();
  enclave.keyFree(root);
}

test('a public object that a login had confirmed cannot be taken away unseen', () => {
  const folder = temporaryFolder();
  const first = openStore(folder);
  const { token, master } = newToken(first, 'token');
  putObject(first.store, token, false, master);
  const put = putObject(first.store, token, false, master);
  first.store.close();
  forge(folder, (db, manifest, hasher, root) => {
    const row = db.sql.object.get(0, 0, put.id);
    if (row === undefined) throw new Error('no object');
    const digest = hasher.digest(row.attributes, row.value);
    hasher.update(
      root,
      manifest.tokenId,
      manifest.public,
      { ...row, private: false, digest, mark: 'row' },
      false,
    );
    db.sql.deleteObject.run(0, 0, row.id);
  });
  const { store } = openStore(folder);
  const again = tokenAt(store, 0);
  // Nothing is wrong as far as the store key can tell ...
  expect(again.problem).toBeNull();
  expect(loadPublic(store, again)).toHaveLength(1);
  // ... and the login finds it.
  expect(failure(() => loadPrivate(store, again, login(store, again)))).toBe('tampered');
  expect(failure(() => loadPublic(store, again))).toBe('tampered');
  store.close();
});

test('taking it away as a session without login would is counted', () => {
  const folder = temporaryFolder();
  const first = openStore(folder);
  const { token, master } = newToken(first, 'token');
  const put = putObject(first.store, token, false, master);
  first.store.close();
  forge(folder, (db, manifest, hasher, root) => {
    const row = db.sql.object.get(0, 0, put.id);
    if (row === undefined) throw new Error('no object');
    const member = {
      id: row.id,
      version: row.version,
      private: false,
      digest: hasher.digest(row.attributes, row.value),
    };
    hasher.update(root, manifest.tokenId, manifest.public, { ...member, mark: 'row' }, false);
    hasher.update(root, manifest.tokenId, manifest.public, { ...member, mark: 'tombstone' }, true);
    db.sql.deleteObject.run(0, 0, row.id);
    db.sql.putTombstone.run(0, row.id, row.version, member.digest);
  });
  const { store } = openStore(folder);
  const again = tokenAt(store, 0);
  expect(loadPrivate(store, again, login(store, again))).toEqual({ objects: [], unconfirmed: 1 });
  store.close();
});

test('a private object cannot be taken away unseen', () => {
  const folder = temporaryFolder();
  const first = openStore(folder);
  const { token, master } = newToken(first, 'token');
  putObject(first.store, token, true, master);
  first.store.close();
  forge(folder, (db, manifest) => {
    db.sql.clearObjects.run(0);
    manifest.confirmed.private = { count: 0, sum: new Uint8Array(32) };
  });
  const { store } = openStore(folder);
  const again = tokenAt(store, 0);
  expect(failure(() => loadPrivate(store, again, login(store, again)))).toBe('tampered');
  expect(again.problem?.message).toMatch(/was not signed under its master key/);
  store.close();
});
