/** What earlier releases wrote is read by this one, and goes on as this one writes it. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ManifestRow } from '../../module/engine/store/database.ts';
import { opened, sealed } from '../../module/engine/store/errors.ts';
import { loadStoreKey } from '../../module/engine/store/folder.ts';
import {
  manifestContext,
  packManifest,
  type TokenManifest,
  unpackManifest,
} from '../../module/engine/store/manifest.ts';
import { Packer } from '../../module/engine/store/packing.ts';
import { noPins } from '../../module/engine/store/pin-rules.ts';
import { noCost, noProtection } from '../../module/engine/store/protection.ts';
import { behindItsBack, enclave, newToken, openStore, temporaryFolder, tokenAt } from './support.ts';

const random = (length: number) => Uint8Array.from(randomBytes(length));

function manifest(): TokenManifest {
  return {
    tokenId: random(16),
    infoDigest: random(32),
    keyslotsDigest: random(32),
    failures: [3, 4, 0],
    protection: {
      ...noProtection(),
      maxAttempts: [10, 5, 0],
      locked: [false, true, false],
      cost: { ...noCost, iterations: 600_000 },
    },
    pins: noPins(),
    public: { count: 7, sum: random(32) },
    confirmed: {
      generation: 99,
      public: { count: 6, sum: random(32) },
      private: { count: 5, sum: random(32) },
      mac: random(32),
    },
  };
}

/** As releases wrote it that knew of PINs alone; the first of them protected nothing. */
function packOld(of: TokenManifest, layout: 1 | 2): Uint8Array {
  const { confirmed, protection } = of;
  const packer = new Packer().u8(layout).raw(of.tokenId).raw(of.infoDigest).raw(of.keyslotsDigest);
  packer.u32(of.failures[0]).u32(of.failures[1]);
  if (layout === 2)
    packer
      .u32(protection.maxAttempts[0])
      .u32(protection.maxAttempts[1])
      .u8((protection.locked[0] ? 1 : 0) | (protection.locked[1] ? 2 : 0))
      .u32(protection.cost.iterations);
  packer.u64(of.public.count).raw(of.public.sum).u64(confirmed.generation);
  packer.u64(confirmed.public.count).raw(confirmed.public.sum);
  packer.u64(confirmed.private.count).raw(confirmed.private.sum).raw(confirmed.mac);
  return packer.finish();
}

test('a manifest comes back as it was packed', () => {
  const original = manifest();
  original.failures = [1, 2, 3];
  original.protection = {
    ...original.protection,
    maxAttempts: [7, 8, 9],
    locked: [true, false, true],
    cost: { iterations: 5, argon2: { memoryKib: 65_536, passes: 3, lanes: 4 } },
  };
  original.pins = {
    rules: {
      minLength: [12, 8],
      maxLength: 64,
      classes: 3,
      history: 5,
      maxAgeDays: 90,
      mustChangeAfterReset: true,
      refuseTrivial: true,
      refused: ['hunter2', 'grün'],
      slowAfter: 3,
      slowFirstMs: 500,
      slowMostMs: 30_000,
    },
    facts: [
      { setAt: 1_700_000_000_000, mustChange: false, history: [random(32)] },
      { setAt: 1_800_000_000_000, mustChange: true, history: [random(32), random(32)] },
    ],
    historyKdf: {
      factor: 'pin',
      kdf: 'PBKDF2-HMAC-SHA256',
      parameters: '{"iterations":1000}',
      salt: random(32),
    },
  };
  expect(unpackManifest(packManifest(original), 'it')).toEqual(original);
});

test('manifests of the first two layouts are read', () => {
  const original = manifest();
  expect(unpackManifest(packOld(original, 2), 'it')).toEqual(original);
  expect(unpackManifest(packOld(original, 1), 'it')).toEqual({ ...original, protection: noProtection() });
});

test('one that a later release has written is refused, not guessed at', () => {
  const later = packManifest(manifest());
  later[0] = 200;
  expect(() => unpackManifest(later, 'it')).toThrow(/upgrade/);
});

test('a token of an older layout keeps the attempts that were counted, and what its log says of them', () => {
  const folder = temporaryFolder();
  const first = openStore(folder, [5, 5]);
  const { token } = newToken(first, 'token');
  for (let i = 0; i < 5; i++) first.pins.begin(token, 0);
  const { id, generation } = token as typeof token & { generation: number };
  first.store.close();
  const { root } = loadStoreKey(folder, enclave);
  const where = manifestContext(id, generation);
  behindItsBack(folder, (db) => {
    const row = db.prepare('SELECT sealed FROM manifest WHERE slot = 0').get() as ManifestRow;
    const before = unpackManifest(opened(enclave.open(root, where, row.sealed), 'it'), 'it');
    const blob = sealed(enclave.seal(root, where, packOld(before, 2)), 'it');
    db.prepare('UPDATE manifest SET sealed = ? WHERE slot = 0').run(blob);
  });
  enclave.keyFree(root);
  const second = openStore(folder, [10, 10]);
  const again = tokenAt(second.store, 0);
  expect([again.problem, second.pins.isLocked(again, 0), second.store.failures(again, 0)]).toEqual([
    null,
    true,
    5,
  ]);
  // Three numbers are what logs have that know of PINs alone; the fourth is of the recovery words.
  const name = Buffer.from(id).toString('hex');
  second.store.remindOfAttempts(new Map([[name, [0, 2, 0]]]));
  expect([0, 1, 2].map((kind) => second.store.failures(again, kind as 0 | 1 | 2))).toEqual([5, 2, 0]);
  second.store.remindOfAttempts(new Map([[name, [0, 2, 4, 6]]]));
  expect(second.pins.begin(again, 1)).toBe(true);
  expect(second.store.news()?.attempts).toEqual({ [name]: [5, 3, 5, 6] });
  expect([0, 1, 2].map((kind) => second.pins.isLocked(again, kind as 0 | 1 | 2))).toEqual([
    true,
    false,
    true,
  ]);
  second.store.close();
});
