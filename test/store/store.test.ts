import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ManifestRow } from '../../module/engine/store/database.ts';
import { opened, sealed } from '../../module/engine/store/errors.ts';
import { loadStoreKey } from '../../module/engine/store/folder.ts';
import { headContext, unpackHead } from '../../module/engine/store/manifest.ts';
import { label, Packer } from '../../module/engine/store/packing.ts';
import { Store } from '../../module/engine/store/store.ts';
import {
  behindItsBack,
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

/** Writes the head and the anchor anew as the first releases had them, which knew nothing of the files beside them. */
function makeOld(folder: string): void {
  const { root, storeId } = loadStoreKey(folder, enclave);
  let generation = 0;
  behindItsBack(folder, (db) => {
    const row = db.prepare('SELECT generation, sealed FROM manifest WHERE slot = -1').get() as ManifestRow;
    ({ generation } = row);
    const where = headContext(storeId, generation);
    const head = unpackHead(opened(enclave.open(root, where, row.sealed), 'the head'), 'the head');
    const packer = new Packer().u8(1).u64(head.nextSlot).raw(head.sealedKeysDigest).u32(head.tokens.length);
    for (const token of head.tokens) packer.u64(token.slot).raw(token.id).u64(token.generation);
    const blob = sealed(enclave.seal(root, where, packer.finish()), 'the head');
    db.prepare('UPDATE manifest SET sealed = ? WHERE slot = -1').run(blob);
  });
  const slot = Buffer.alloc(128);
  slot.writeUInt32BE(0x53524731, 0);
  slot.writeUInt32BE(1, 4);
  slot.writeBigUInt64BE(BigInt(generation), 8);
  slot.set(storeId, 16);
  const mac = new Uint8Array(32);
  enclave.macCompute(root, label('generation anchor'), slot.subarray(0, 32), mac);
  slot.set(mac, 32);
  fs.writeFileSync(path.join(folder, 'store.generation'), slot);
  enclave.keyFree(root);
}

describe('a store', () => {
  test('of the first layout goes on, and is watched from its next change on', () => {
    const folder = temporaryFolder();
    const first = openStore(folder);
    const { token, master } = newToken(first, 'token');
    putObject(first.store, token, true, master);
    first.store.close();
    makeOld(folder);
    const second = openStore(folder).store;
    expect([second.problem, tokenAt(second, 0).problem]).toEqual([null, null]);
    const anchor = fs.readFileSync(path.join(folder, 'store.generation'));
    putObject(second, tokenAt(second, 0), false, null);
    second.close();
    const third = openStore(folder).store;
    expect(tokenAt(third, 0).problem).toBeNull();
    putObject(third, tokenAt(third, 0), false, null);
    third.close();
    fs.writeFileSync(path.join(folder, 'store.generation'), anchor);
    const last = openStore(folder).store;
    expect(tokenAt(last, 0).problem?.kind).toBe('rollback');
    last.close();
  });

  test('is made in an empty folder, with modes that keep others out', () => {
    const folder = path.join(temporaryFolder(), 'new');
    const { store } = openStore(folder);
    expect(store.problem).toBeNull();
    expect(store.tokens()).toEqual([]);
    store.close();
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of fs.readdirSync(folder)) {
      expect([name, fs.statSync(path.join(folder, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
    expect(fs.readdirSync(folder).sort()).toEqual(['store.db', 'store.generation', 'store.key']);
  });

  test('keeps tokens with their slots and what they say about themselves', () => {
    const folder = temporaryFolder();
    const first = openStore(folder);
    newToken(first, 'one');
    const { token } = newToken(first, 'two');
    first.store.updateToken(token, { label: 'zwei', serial: '77', flags: 0x401, created: 5 });
    first.store.close();
    const { store } = openStore(folder);
    expect(store.tokens().map((each) => [each.slot, each.info?.label])).toEqual([
      [0, 'one'],
      [1, 'zwei'],
    ]);
    expect(tokenAt(store, 1).info).toEqual({ label: 'zwei', serial: '77', flags: 0x401, created: 5 });
    expect(store.nextSlot).toBe(2);
    store.close();
  });

  test('gives back objects, public ones without a login, private ones with the master key', () => {
    const folder = temporaryFolder();
    const opened = openStore(folder);
    const { token, master } = newToken(opened, 'token');
    const made = [true, false, true, false].map((isPrivate) =>
      putObject(opened.store, token, isPrivate, master),
    );
    opened.store.close();

    const { store } = openStore(folder);
    const again = tokenAt(store, 0);
    const seen = (isPrivate: boolean) => {
      const loaded = isPrivate
        ? loadPrivate(store, again, login(store, again)).objects
        : loadPublic(store, again);
      return loaded.map((each) => Buffer.concat([each.id, each.attributes]).toString('hex')).sort();
    };
    const expected = (isPrivate: boolean) =>
      made
        .filter((each) => each.private === isPrivate)
        .map((each) => Buffer.concat([each.id, each.attributes]).toString('hex'))
        .sort();
    expect(seen(false)).toEqual(expected(false));
    expect(seen(true)).toEqual(expected(true));
    store.close();
  });

  test('keeps a key through changes of its attributes, under a new version each time', () => {
    const folder = temporaryFolder();
    const { store, pins } = openStore(folder);
    const { token, master } = newToken({ store, pins }, 'token');
    const key = enclave.keyGenerateSecret(24);
    const id = Uint8Array.from(randomBytes(16));
    store.objects.put(token, { id, private: true, attributes: new Uint8Array(5), value: key }, master);
    const ref = { id, private: true };
    expect(store.objects.replace(token, { ...ref, version: 1 }, new Uint8Array(6), 'keep', master)).toBe(2);
    const other = enclave.keyGenerateSecret(16);
    const kept = store.objects.openValue(token, { ...ref, version: 2 }, master);
    expect(enclave.keyEqual(kept, key)).toBe(true);
    expect(store.objects.replace(token, { ...ref, version: 2 }, new Uint8Array(7), other, master)).toBe(3);
    const [loaded] = loadPrivate(store, token, master).objects;
    expect(loaded).toMatchObject({ version: 3, hasValue: true, attributes: new Uint8Array(7) });
    expect(enclave.keyEqual(store.objects.openValue(token, { ...ref, version: 3 }, master), other)).toBe(
      true,
    );
    store.objects.delete(token, { ...ref, version: 3 }, master);
    expect(loadPrivate(store, token, master).objects).toEqual([]);
    store.close();
  });

  test('takes objects of any size, and none', () => {
    const folder = temporaryFolder();
    const opened = openStore(folder);
    const { token, master } = newToken(opened, 'token');
    const sizes = [0, 1, 4096, 300_000];
    for (const [index, size] of sizes.entries()) {
      const id = new Uint8Array(16).fill(index);
      opened.store.objects.put(
        token,
        { id, private: true, attributes: Uint8Array.from(randomBytes(size)), value: null },
        master,
      );
    }
    opened.store.close();
    const { store } = openStore(folder);
    const { objects } = loadPrivate(store, tokenAt(store, 0), login(store, tokenAt(store, 0)));
    expect(objects.map((each) => [each.attributes.length, each.hasValue])).toEqual(
      sizes.map((size) => [size, false]),
    );
    store.close();
  });

  test('destroys everything and keeps the slot when a token is initialised again', () => {
    const folder = temporaryFolder();
    const { store, pins } = openStore(folder);
    const { token, master } = newToken({ store, pins }, 'old');
    putObject(store, token, true, master);
    putObject(store, token, false, null);
    const oldId = token.id;
    const { store: same } = { store };
    const salt = pins.choose();
    same.reinitToken(
      token,
      { label: 'new', serial: '2', flags: 0, created: 1 },
      { choice: salt, kek: enclave.keyGenerateSecret(32) },
    );
    expect(token.slot).toBe(0);
    expect(token.info?.label).toBe('new');
    expect(Buffer.compare(token.id, oldId)).not.toBe(0);
    expect(store.tokens()).toHaveLength(1);
    expect(loadPublic(store, token)).toEqual([]);
    expect(store.nextSlot).toBe(1);
    store.close();
  });

  test('remembers its own keys by name', () => {
    const folder = temporaryFolder();
    const first = openStore(folder).store;
    const made = first.namedKey('a key', () => enclave.keyGenerateSecret(32));
    first.close();
    const second = openStore(folder).store;
    const found = second.namedKey('a key', () => {
      throw new Error('made twice');
    });
    expect(enclave.keyEqual(made, found)).toBe(true);
    second.close();
  });

  test('counts changes of public objects without a login, and confirms them at the next', () => {
    const folder = temporaryFolder();
    const opened = openStore(folder);
    const { token, master } = newToken(opened, 'token');
    const kept = putObject(opened.store, token, false, master);
    const changed = putObject(opened.store, token, false, master);
    const destroyed = putObject(opened.store, token, false, master);
    opened.store.close();

    const { store } = openStore(folder);
    const again = tokenAt(store, 0);
    expect(loadPublic(store, again)).toHaveLength(3);
    const version = store.objects.replace(again, changed, new Uint8Array(9), 'keep', null);
    store.objects.replace(again, { ...changed, version }, new Uint8Array(10), 'keep', null);
    store.objects.delete(again, destroyed, null);
    putObject(store, again, false, null);
    const passing = putObject(store, again, false, null);
    store.objects.delete(again, passing, null);
    expect(again.changed.size).toBe(3);
    store.close();

    const third = openStore(folder).store;
    const last = tokenAt(third, 0);
    const after = loadPublic(third, last);
    expect(after).toHaveLength(3);
    expect(after.some((each) => Buffer.compare(each.id, kept.id) === 0)).toBe(true);
    expect(loadPrivate(third, last, login(third, last)).unconfirmed).toBe(3);
    expect(loadPrivate(third, last, login(third, last)).unconfirmed).toBe(0);
    third.close();
    const fourth = openStore(folder).store;
    expect(loadPrivate(fourth, tokenAt(fourth, 0), login(fourth, tokenAt(fourth, 0))).unconfirmed).toBe(0);
    fourth.close();
  });
});

describe('a folder that will not do', () => {
  test.each([
    ['open to others', (folder: string) => fs.chmodSync(folder, 0o750), /chmod 700/],
    [
      'a key open to others',
      (folder: string) => fs.chmodSync(path.join(folder, 'store.key'), 0o640),
      /chmod 600/,
    ],
    [
      'a database open to others',
      (folder: string) => fs.chmodSync(path.join(folder, 'store.db'), 0o604),
      /chmod 600/,
    ],
    [
      'a symbolic link in place of the key',
      (folder: string) => {
        fs.renameSync(path.join(folder, 'store.key'), path.join(folder, 'elsewhere'));
        fs.symlinkSync(path.join(folder, 'elsewhere'), path.join(folder, 'store.key'));
      },
      /symbolic link/,
    ],
    [
      'a folder in place of the database',
      (folder: string) => {
        fs.rmSync(path.join(folder, 'store.db'));
        fs.mkdirSync(path.join(folder, 'store.db'));
      },
      /not a plain file/,
    ],
  ])('is refused with words that mend it: %s', (_name, spoil, message) => {
    const folder = temporaryFolder();
    openStore(folder).store.close();
    spoil(folder);
    expect(failure(() => openStore(folder))).toBe('permission');
    expect(() => openStore(folder)).toThrow(message);
  });

  test.runIf(process.geteuid?.() === 0)('is refused when it belongs to someone else', () => {
    const folder = temporaryFolder();
    openStore(folder).store.close();
    fs.chownSync(folder, 12345, 12345);
    expect(() => openStore(folder)).toThrow(/belongs to uid 12345/);
    expect(failure(() => openStore(folder))).toBe('permission');
  });

  test('is locked while another has it open', () => {
    const folder = temporaryFolder();
    const { store } = openStore(folder);
    expect(failure(() => Store.open(folder, enclave, { busyTimeout: 1 }))).toBe('locked');
    store.close();
    openStore(folder).store.close();
  });

  test('was written by a newer release', () => {
    const folder = temporaryFolder();
    openStore(folder).store.close();
    behindItsBack(folder, (db) => db.pragma('user_version = 99'));
    expect(failure(() => openStore(folder))).toBe('version');
  });
});

describe('a store without room', () => {
  test('refuses with nothing half-done, and works again when there is room', () => {
    const folder = temporaryFolder();
    const opened = openStore(folder);
    const { store } = opened;
    const { token, master } = newToken(opened, 'token');
    store.limitPages(40);
    let stored = 0;
    const fill = () => {
      for (; stored < 10_000; stored++) putObject(store, token, stored % 2 === 0, master);
    };
    expect(failure(fill)).toBe('full');
    expect(stored).toBeGreaterThan(20);
    const count = () => loadPublic(store, token).length + loadPrivate(store, token, master).objects.length;
    expect(count()).toBe(stored);
    store.limitPages(4_000);
    putObject(store, token, true, master);
    expect(count()).toBe(stored + 1);
    store.close();
    const again = openStore(folder).store;
    const seen = tokenAt(again, 0);
    expect(loadPublic(again, seen).length + loadPrivate(again, seen, login(again, seen)).objects.length).toBe(
      stored + 1,
    );
    again.close();
  });
});
