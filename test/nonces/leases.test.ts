/** Leases: what is reserved before it is used, what a crash loses, what is given back, and what a store that cannot be written does. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Component, KeyKind } from '../../module/enclave/enclave.ts';
import * as ck from '../../module/engine/generated/constants.ts';
import { AttributeSet, boolValue, ulongValue } from '../../module/engine/objects/attribute-set.ts';
import type { TokenObject } from '../../module/engine/objects/object.ts';
import { newObjectId, uniqueIdValue } from '../../module/engine/objects/unique-id.ts';
import type { KeyUses } from '../../module/engine/objects/uses/key-uses.ts';
import { Tally, UNLIMITED } from '../../module/engine/objects/uses/tally.ts';
import { StoreError } from '../../module/engine/store/errors.ts';
import { FakeEnclave } from '../engine/objects/enclave.ts';
import { World } from '../engine/objects/world.ts';

const { CKR_OK, CKR_KEY_FUNCTION_NOT_PERMITTED: REFUSED } = ck;
type Limits = Readonly<Record<number, number>>;

/** A store in memory, and engines over it that come and go. */
class Life {
  readonly #enclave = new FakeEnclave().face;
  world = new World(this.#enclave);
  key: TokenObject;
  readonly notices: string[] = [];

  constructor(limits: Limits = {}, isToken = true, isPrivate = true) {
    const attributes = AttributeSet.from([
      [ck.CKA_CLASS, ulongValue(ck.CKO_SECRET_KEY)],
      [ck.CKA_KEY_TYPE, ulongValue(ck.CKK_AES)],
      [ck.CKA_TOKEN, boolValue(isToken)],
      [ck.CKA_PRIVATE, boolValue(isPrivate)],
      [ck.CKA_UNIQUE_ID, uniqueIdValue(newObjectId())],
      ...Object.entries(limits).map(([type, limit]) => [Number(type), ulongValue(limit)] as const),
    ]);
    const bytes = new Uint8Array(32).fill(1);
    const ids = [Component.Value];
    const key = this.#enclave.keyImport(KeyKind.Secret, { ids, buffer: bytes, offsets: [0], lengths: [32] });
    this.key = this.world.objects.add(this.world.login('user'), attributes, key);
  }

  get uses(): KeyUses {
    return this.world.objects.counting.of(this.key);
  }

  encrypt(): number {
    return this.uses.take(1, 10, 1);
  }

  /** Another engine over the same store. */
  restart(how: 'crash' | 'close'): void {
    if (how === 'close') this.world.objects.counting.giveBack(this.key.isPrivate);
    this.notices.push(...this.world.notices);
    const { rows } = this.world.store;
    const { id } = this.key;
    this.world = new World(this.#enclave);
    for (const [name, row] of rows) this.world.store.rows.set(name, row);
    this.world.objects.loadPublic();
    this.world.openPrivate();
    const session = this.world.login('user');
    const found = this.world.objects.find(session, []).find((each) => Buffer.from(each.id).equals(id));
    if (found === undefined) throw new Error('the key is gone');
    this.key = found;
  }

  stored(type: number): number {
    return this.key.attributes.ulong(type) ?? 0;
  }
}

describe('a lease', () => {
  test('is reserved before the first use, and doubles as it is used up', () => {
    const life = new Life();
    const { store } = life.world;
    const ends: number[] = [];
    for (let i = 0; i < 7 * 1024; i++) {
      expect(life.encrypt()).toBe(CKR_OK);
      const end = life.stored(ck.CKA_STRONGROOM_GCM_INVOCATIONS);
      expect(end).toBeGreaterThan(i);
      if (ends.at(-1) !== end) ends.push(end);
    }
    expect(ends).toEqual([1024, 3072, 7168]);
    expect(store.recounts).toBe(3);
  });

  test('is asked for by nothing but AES-GCM, where the key has no limit, and by no session object', () => {
    const life = new Life();
    for (let i = 0; i < 5000; i++) expect(life.uses.take(1, 1000, 0)).toBe(CKR_OK);
    expect(life.world.store.recounts).toBe(0);
    const fleeting = new Life({}, false);
    for (let i = 0; i < 5000; i++) expect(fleeting.encrypt()).toBe(CKR_OK);
    expect(fleeting.world.store.recounts).toBe(0);
    expect(fleeting.uses.gcm.used).toBe(5000);
  });

  test('that cannot be written refuses the use, and counts nothing', () => {
    const life = new Life();
    life.world.store.failure = new StoreError('full', 'the disk is full');
    for (let i = 0; i < 3; i++) expect(() => life.encrypt()).toThrow('the disk is full');
    expect(life.uses.gcm.used).toBe(0);
    life.world.store.failure = undefined;
    for (let i = 0; i < 1024; i++) expect(life.encrypt()).toBe(CKR_OK);
    life.world.store.failure = new StoreError('full', 'the disk is full');
    expect(() => life.encrypt()).toThrow('the disk is full');
    // What is left of a lease is used without the disk, and given back when there is one.
    expect(life.uses.take(1, 1, 0)).toBe(CKR_OK);
    life.world.store.failure = undefined;
    expect(life.encrypt()).toBe(CKR_OK);
    expect(life.uses.gcm.used).toBe(1025);
  });

  test('is lost by a crash, and given back by an orderly end', () => {
    const life = new Life();
    for (let i = 0; i < 10; i++) life.encrypt();
    life.restart('close');
    expect(life.uses.gcm.used).toBe(10);
    for (let i = 0; i < 10; i++) life.encrypt();
    life.restart('crash');
    expect(life.uses.gcm.used).toBe(10 + 1024);
    // Who closes without having written goes on as after a crash.
    life.encrypt();
    life.world.store.failure = new StoreError('full', 'the disk is full');
    life.restart('close');
    expect(life.uses.gcm.used).toBe(10 + 1024 + 1024);
  });

  test('of a public key needs nobody logged in', () => {
    const life = new Life({}, true, false);
    for (let i = 0; i < 10; i++) expect(life.encrypt()).toBe(CKR_OK);
    life.restart('close');
    expect(life.uses.gcm.used).toBe(10);
  });

  test('goes with its key', () => {
    const life = new Life();
    life.encrypt();
    life.world.objects.destroy(life.world.login('user'), life.key);
    const before = life.world.store.recounts;
    life.world.objects.counting.giveBack(true);
    expect(life.world.store.recounts).toBe(before);
  });
});

describe('whatever happens', () => {
  const step = fc.oneof(
    { arbitrary: fc.integer({ min: 1, max: 600 }), weight: 8 },
    { arbitrary: fc.constantFrom('crash' as const, 'close' as const), weight: 2 },
  );

  test('no limit is passed, no count falls behind, and each threshold is announced once', () => {
    const limit = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 6000 }));
    fc.assert(
      fc.property(limit, limit, fc.array(step, { maxLength: 25 }), (gcmLimit, useLimit, steps) => {
        const life = new Life({
          [ck.CKA_STRONGROOM_GCM_LIMIT]: gcmLimit,
          [ck.CKA_STRONGROOM_USE_LIMIT]: useLimit,
        });
        let made = 0;
        let refused = false;
        for (const each of steps) {
          if (typeof each === 'string') life.restart(each);
          else
            for (let i = 0; i < each; i++) {
              const rv = life.encrypt();
              if (rv === CKR_OK) made++;
              else refused = true;
              if (refused) expect(rv).toBe(REFUSED);
            }
          expect(life.uses.gcm.used).toBeGreaterThanOrEqual(made);
          expect(life.uses.uses.used).toBeGreaterThanOrEqual(made);
          expect(life.stored(ck.CKA_STRONGROOM_GCM_INVOCATIONS)).toBeGreaterThanOrEqual(made);
        }
        expect(made).toBeLessThanOrEqual(Math.min(gcmLimit, useLimit));
        life.restart('close');
        expect(new Set(life.notices).size).toBe(life.notices.length);
      }),
      { numRuns: 150 },
    );
  });

  test('a limit that is set while a key is used holds from what has been used', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3000 }),
        fc.integer({ min: 0, max: 4000 }),
        fc.boolean(),
        (before, limit, crash) => {
          const life = new Life();
          for (let i = 0; i < before; i++) life.encrypt();
          const session = life.world.login('user');
          const attributes = life.key.attributes.with([
            [ck.CKA_STRONGROOM_USE_LIMIT, ulongValue(limit)],
            [ck.CKA_STRONGROOM_BYTE_LIMIT, ulongValue(10 * limit)],
          ]);
          life.world.objects.update(session, life.key, attributes);
          if (crash) life.restart('crash');
          let made = before;
          while (life.encrypt() === CKR_OK) made++;
          expect(made).toBe(Math.max(before, limit));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a tally', () => {
  test('leases bytes in larger pieces than uses, and takes what is longer than any lease', () => {
    const tally = new Tally(0, 2 ** 50, true, 1024);
    expect(tally.next(1)).toBe(1024 * 1024);
    expect(tally.next(2 ** 40)).toBe(2 ** 40);
    expect(tally.exceeds(2 ** 50)).toBe(false);
    expect(tally.exceeds(2 ** 50 + 1)).toBe(true);
  });

  test('without a limit asks for nothing', () => {
    const tally = new Tally(5, UNLIMITED, true);
    expect(tally.end).toBe(UNLIMITED);
    expect(tally.notice(2 ** 52)).toBeUndefined();
  });
});
