/** What a broken disk does to the database: everything in it as before, or an error that says what is wrong. */
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Store } from '../../module/engine/store/store.ts';
import { failure, loadPrivate, loadPublic, login, openStore } from './support.ts';
import { prepare } from './two-tokens.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Everything that a store serves, in one string; throws what the store throws. */
function everything(store: Store): string[] {
  const parts: string[] = [];
  for (const token of store.tokens()) {
    if (store.problem !== null) throw store.problem;
    if (token.problem !== null) throw token.problem;
    parts.push(`${token.slot} ${token.info?.label}`);
    const objects = [...loadPublic(store, token), ...loadPrivate(store, token, login(store, token)).objects];
    for (const each of objects) parts.push(`${hex(each.id)} ${each.version} ${hex(each.attributes)}`);
  }
  return parts;
}

describe('damage', () => {
  const kinds = new Set(['corrupt', 'tampered', 'version', 'io']);

  /** What becomes of the database with one byte changed: everything in it as before, or an error that says what is wrong. */
  function flipping(): { clean: Buffer; flip: (at: number, mask: number) => void } {
    const { folder } = prepare();
    const file = path.join(folder, 'store.db');
    const clean = fs.readFileSync(file);
    const first = openStore(folder).store;
    const expected = everything(first);
    first.close();
    const anchor = fs.readFileSync(path.join(folder, 'store.generation'));
    const flip = (at: number, mask: number): void => {
      const damaged = Buffer.from(clean);
      damaged.writeUInt8((clean[at] ?? 0) ^ mask, at);
      fs.writeFileSync(file, damaged);
      fs.writeFileSync(path.join(folder, 'store.generation'), anchor);
      fs.rmSync(`${file}-wal`, { force: true });
      let served: string[] | undefined;
      const outcome = failure(() => {
        const { store } = openStore(folder);
        try {
          served = everything(store);
        } finally {
          store.close();
        }
      });
      if (served !== undefined) expect(served, `${mask} at ${at}`).toEqual(expected);
      else expect(kinds, `${mask} at ${at}`).toContain(outcome);
    };
    return { clean, flip };
  }

  test('a byte flipped anywhere in the database changes nothing that is served', () => {
    const { clean, flip } = flipping();
    fc.assert(
      fc.property(fc.nat(clean.length - 1), fc.integer({ min: 1, max: 255 }), flip),
      // Each page's begin says what the rest of it is.
      { numRuns: 120, examples: [0, 1, 2].map((page) => [4096 * page + 1, 1]) },
    );
  });

  test('a column that goes by a name with another letter is damage, and no bug', () => {
    const { clean, flip } = flipping();
    const schema = clean.subarray(0, 4096);
    for (const name of [
      'salt',
      'kdf',
      'wrapped',
      'info',
      'sealed',
      'generation',
      'digest',
      'value',
      'attributes',
    ])
      for (let at = schema.indexOf(name); at >= 0; at = schema.indexOf(name, at + 1)) flip(at, 0x20);
  });

  test('a truncated database is never served', () => {
    const { folder } = prepare();
    const file = path.join(folder, 'store.db');
    const clean = fs.readFileSync(file);
    for (const size of [0, 1, 100, 4096, 5000, clean.length / 2, clean.length - 4096]) {
      fs.writeFileSync(file, clean.subarray(0, size));
      const outcome = failure(() => {
        const { store } = openStore(folder);
        try {
          everything(store);
        } finally {
          store.close();
        }
      });
      expect(['corrupt', 'tampered'], `at ${size} bytes`).toContain(outcome);
    }
  });

  test.each(['store.key', 'store.generation'])('a byte flipped in %s', (name) => {
    const { folder } = prepare();
    const file = path.join(folder, name);
    const clean = fs.readFileSync(file);
    for (let at = 0; at < clean.length; at++) {
      const damaged = Buffer.from(clean);
      damaged.writeUInt8((clean[at] ?? 0) ^ 0x10, at);
      fs.writeFileSync(file, damaged);
      const outcome = failure(() => openStore(folder).store.close());
      // Of the anchor's two slots the newer one decides; damage to the older is without consequence.
      if (name === 'store.key') expect(['corrupt', 'version']).toContain(outcome);
      else expect(outcome).toBe('nothing was thrown');
    }
  });
});
