import { describe, expect, test } from 'vitest';
import { Pins } from '../../module/engine/store/keyslot.ts';
import { Store } from '../../module/engine/store/store.ts';
import { cheapKdf } from '../support/kdf.ts';
import {
  bytes,
  enclave,
  kekFor,
  loadPrivate,
  login,
  newToken,
  openStore,
  pinKey,
  putObject,
  soPin,
  temporaryFolder,
  tokenAt,
  userPin,
} from './support.ts';

const so = 0;
const user = 1;

describe('PINs', () => {
  test('a wrong one opens nothing, the right one the same master key every time', () => {
    const opened = openStore(temporaryFolder());
    const { store, pins } = opened;
    const { token, master } = newToken(opened, 'token');
    const first = pins.finish(token, so, kekFor(token, so, soPin));
    expect(first).not.toBeNull();
    expect(enclave.keyEqual(first ?? 0, master)).toBe(true);
    expect(pins.finish(token, so, kekFor(token, so, bytes('wrong')))).toBeNull();
    store.close();
  });

  test('are derived on the pool with what the keyslot says', async () => {
    const opened = openStore(temporaryFolder());
    const { store, pins } = opened;
    const { token, master } = newToken(opened, 'token');
    const [factor] = token.keyslots.get(so)?.factors ?? [];
    if (factor === undefined) throw new Error('it has no SO PIN');
    pins.derive(7001, factor, { buffer: soPin, offset: 0, length: soPin.length });
    const deadline = Date.now() + 60_000;
    while (enclave.jobTake() !== 7001 && Date.now() < deadline)
      await new Promise((done) => setTimeout(done, 1));
    const found = pins.finish(token, so, enclave.jobResult(7001));
    expect(enclave.keyEqual(found ?? 0, master)).toBe(true);
    store.close();
  });

  test('the SO can set the user PIN anew, and no key is lost', () => {
    const folder = temporaryFolder();
    const opened = openStore(folder);
    const { token, master } = newToken(opened, 'token');
    expect(opened.pins.has(token, user)).toBe(false);
    opened.pins.set(token, user, pinKey(opened.pins, userPin), master);
    const object = putObject(opened.store, token, true, master);
    opened.pins.set(token, user, pinKey(opened.pins, bytes('another')), login(opened.store, token));
    opened.store.close();

    const { store } = openStore(folder);
    const again = tokenAt(store, 0);
    expect(store.unlock(again, user, kekFor(again, user, userPin))).toBeNull();
    const found = loadPrivate(store, again, login(store, again, user, bytes('another'))).objects;
    expect(found.map((each) => Uint8Array.from(each.id))).toEqual([object.id]);
    expect(found[0]?.version).toBe(1);
    store.close();
  });

  test('attempts are on the disk before the PIN is tried, and lock it', () => {
    const folder = temporaryFolder();
    const limits = [3, 3] as const;
    const first = openStore(folder, limits);
    newToken(first, 'token');
    for (const left of [2, 1]) {
      expect(first.pins.begin(tokenAt(first.store, 0), so)).toBe(true);
      expect(first.pins.remaining(tokenAt(first.store, 0), so)).toBe(left);
    }
    first.store.close();
    const second = openStore(folder, limits);
    const token = tokenAt(second.store, 0);
    expect(second.pins.remaining(token, so)).toBe(1);
    expect(second.pins.remaining(token, user)).toBe(3);
    expect(second.pins.begin(token, so)).toBe(true);
    expect(second.pins.isLocked(token, so)).toBe(true);
    expect(second.pins.begin(token, so)).toBe(false);
    second.store.close();
  });

  test('a configuration can ask for more protection than a token has, and never for less', () => {
    const folder = temporaryFolder();
    const strict = openStore(folder, [10, 10]);
    newToken(strict, 'token');
    expect(strict.pins.begin(tokenAt(strict.store, 0), so)).toBe(true);
    strict.store.close();
    // A thousand are asked for: ten stay what they are.
    const loose = openStore(folder, [1000, 1000]);
    const loosened = tokenAt(loose.store, 0);
    expect(loose.pins.remaining(loosened, so)).toBe(9);
    loose.store.close();
    // Three are enough: one was used, and the others lock it for good.
    const tight = openStore(folder, [3, 3]);
    const tightened = tokenAt(tight.store, 0);
    expect(tight.pins.remaining(tightened, so)).toBe(2);
    expect(tight.pins.begin(tightened, so)).toBe(true);
    expect(tight.pins.begin(tightened, so)).toBe(true);
    expect(tight.pins.begin(tightened, so)).toBe(false);
    tight.store.close();
    const again = openStore(folder, [1000, 1000]);
    expect(again.pins.isLocked(tokenAt(again.store, 0), so)).toBe(true);
    expect(again.pins.begin(tokenAt(again.store, 0), so)).toBe(false);
    again.store.close();
  });

  test('a PIN that is locked by what is configured now stays locked when more would be allowed', () => {
    const folder = temporaryFolder();
    const first = openStore(folder, [10, 10]);
    newToken(first, 'token');
    for (let i = 0; i < 4; i++) first.pins.begin(tokenAt(first.store, 0), so);
    first.store.close();
    const tight = openStore(folder, [2, 2]);
    expect(tight.pins.begin(tokenAt(tight.store, 0), so)).toBe(false);
    tight.store.close();
    const loose = openStore(folder, [10, 10]);
    expect(loose.pins.begin(tokenAt(loose.store, 0), so)).toBe(false);
    loose.store.close();
  });

  test('a new PIN unlocks, and costs no fewer iterations than the token has had', () => {
    const folder = temporaryFolder();
    const first = openStore(folder, [2, 2]);
    const { token, master } = newToken(first, 'token');
    first.pins.set(token, user, pinKey(first.pins, userPin), master);
    for (let i = 0; i < 2; i++) first.pins.begin(token, user);
    expect(first.pins.isLocked(token, user)).toBe(true);
    first.store.close();
    const store = Store.open(folder, enclave);
    const cheap = new Pins(store, enclave, {
      kdf: { ...cheapKdf, iterations: 1 },
      quickIterations: 1,
      maxAttempts: [2, 2],
    });
    const reopened = tokenAt(store, 0);
    expect(cheap.choose(reopened)[0]?.parameters).toBe('{"iterations":1000}');
    cheap.set(reopened, user, pinKey(first.pins, userPin), login(store, reopened));
    expect(cheap.remaining(reopened, user)).toBe(2);
    store.close();
  });

  test('success clears the count', () => {
    const folder = temporaryFolder();
    const opened = openStore(folder);
    const { token } = newToken(opened, 'token');
    opened.pins.begin(token, so);
    opened.pins.succeeded(token, so);
    opened.store.close();
    const { store, pins } = openStore(folder);
    expect(pins.remaining(tokenAt(store, 0), so)).toBe(10);
    store.close();
  });
});

describe('the quick slot', () => {
  test('opens the master key with the PIN only', () => {
    const opened = openStore(temporaryFolder());
    const { store, pins } = opened;
    const { token, master } = newToken(opened, 'token');
    expect(pins.quick(token, so, soPin, 0, soPin.length)).toBeUndefined();
    pins.remember(token, so, master, soPin, 0, soPin.length);
    const found = pins.quick(token, so, soPin, 0, soPin.length);
    expect(enclave.keyEqual(found ?? 0, master)).toBe(true);
    expect(pins.quick(token, so, userPin, 0, userPin.length)).toBeNull();
    expect(pins.quick(token, user, soPin, 0, soPin.length)).toBeUndefined();
    store.close();
  });

  test('is gone after a change of PIN, a lock, and a new initialisation', () => {
    const opened = openStore(temporaryFolder(), [2, 2]);
    const { store, pins } = opened;
    const { token, master } = newToken(opened, 'token');
    const remembered = () => pins.quick(token, so, soPin, 0, soPin.length) !== undefined;
    const remember = (key: number) => pins.remember(token, so, key, soPin, 0, soPin.length);
    remember(master);
    pins.set(token, so, pinKey(pins, soPin), master);
    expect(remembered()).toBe(false);
    remember(master);
    while (pins.begin(token, so));
    expect(remembered()).toBe(false);
    remember(master);
    pins.reinit(token, { label: 'again', serial: '', flags: 0, created: 0 }, pinKey(pins, soPin));
    expect(remembered()).toBe(false);
    expect(pins.remaining(token, so)).toBe(2);
    store.close();
  });
});
