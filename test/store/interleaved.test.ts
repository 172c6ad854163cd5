/** A load that goes on while sessions without login change public objects: whatever the order, what was stored is found, and what was tampered with too. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Pins } from '../../module/engine/store/keyslot.ts';
import { Store } from '../../module/engine/store/store.ts';
import { cheapKdf } from '../support/kdf.ts';
import {
  behindItsBack,
  enclave,
  failure,
  loadPrivate,
  loadPublic,
  login,
  newToken,
  openStore,
  type Put,
  putObject,
  temporaryFolder,
  tokenAt,
} from './support.ts';

const rowsPerBatch = 2;

function prepared(): { folder: string; confirmed: Put[] } {
  const folder = temporaryFolder();
  const first = openStore(folder);
  const { token, master } = newToken(first, 'token');
  const confirmed = Array.from({ length: 9 }, () => putObject(first.store, token, false, master));
  for (let i = 0; i < 5; i++) putObject(first.store, token, true, master, false);
  first.store.close();
  return { folder, confirmed };
}

/** What happens between two steps: to which object, or which kind of new one. */
const change = fc.record({
  at: fc.nat({ max: 12 }),
  do: fc.constantFrom('make', 'replace', 'delete'),
  which: fc.nat(),
});

test('changes at any step of a load are in it once', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 25 }), (changes) => {
      const { folder, confirmed } = prepared();
      const store = Store.open(folder, enclave, { rowsPerBatch });
      const token = tokenAt(store, 0);
      loadPublic(store, token);
      const master = login(store, token);
      const alive: { id: Uint8Array; private: false; version: number }[] = confirmed.map(({ id }) => ({
        id,
        private: false,
        version: 1,
      }));
      const load = store.objects.loadPrivate(token, master, () => undefined);
      for (let step = 0, done = false; !done || step <= 12; step++) {
        for (const { do: what, which } of changes.filter(({ at }) => at === step)) {
          const place = which % Math.max(1, alive.length);
          const object = alive[place];
          // Once the load is over a login vouches for what is done; until then nobody does.
          const key = done ? master : null;
          if (what === 'make' || object === undefined) {
            const made = putObject(store, token, false, key, false);
            alive.push({ id: made.id, private: false, version: 1 });
          } else if (what === 'replace') {
            object.version = store.objects.replace(token, object, Uint8Array.of(1, 2, 3), 'keep', key);
          } else {
            store.objects.delete(token, object, key);
            alive.splice(place, 1);
          }
        }
        if (!done) done = load.step();
      }
      expect(token.problem).toBeNull();
      expect(token.changed.size).toBe(0);
      store.close();
      const { store: again } = openStore(folder);
      const ids = (list: readonly { id: Uint8Array }[]) =>
        list.map(({ id }) => Buffer.from(id).toString('hex')).sort();
      expect(ids(loadPublic(again, tokenAt(again, 0)))).toEqual(ids(alive));
      const { objects, unconfirmed } = loadPrivate(again, tokenAt(again, 0), login(again, tokenAt(again, 0)));
      expect([objects.length, unconfirmed]).toEqual([5, 0]);
      again.close();
    }),
    { numRuns: 30 },
  );
}, 120_000);

test.each([0, 1])(
  'a row that changes on the disk before the load comes to it is found (private: %i)',
  (isPrivate) => {
    const { folder } = prepared();
    behindItsBack(folder, (db) =>
      db
        .prepare('UPDATE objects SET version = 7 WHERE id = (SELECT max(id) FROM objects WHERE private = ?)')
        .run(isPrivate),
    );
    const store = Store.open(folder, enclave, { rowsPerBatch });
    const token = tokenAt(store, 0);
    let passed = 0;
    const outcome = failure(() => {
      const load = store.objects.loadPrivate(token, login(store, token), () => passed++);
      while (!load.step());
    });
    expect(outcome).toBe('tampered');
    expect(token.problem?.kind).toBe('tampered');
    // All but the last of them had been passed on, and it is the last step alone that says whether they may be used.
    expect(passed).toBe(isPrivate === 1 ? 2 : 0);
    store.close();
  },
);

test('the token that is initialised anew ends the load', () => {
  const { folder } = prepared();
  const store = Store.open(folder, enclave, { rowsPerBatch });
  const token = tokenAt(store, 0);
  loadPublic(store, token);
  const load = store.objects.loadPrivate(token, login(store, token), () => undefined);
  expect(load.step()).toBe(false);
  const choice = new Pins(store, enclave, { kdf: cheapKdf, maxAttempts: [10, 10] }).choose();
  const kek = enclave.keyGenerateSecret(32) as number;
  store.reinitToken(token, { label: 'anew', serial: '1', flags: 0, created: 1 }, { choice, kek });
  expect(() => load.step()).toThrow('initialised');
  store.close();
});
