import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { currentProfile, ROOT } from '../support/profile.ts';
import { makeStore } from '../support/store.ts';

type Call = (...args: readonly unknown[]) => unknown;

const addon = createRequire(import.meta.url)(join(ROOT, 'out/lib/strongroom/cryptoki.node')) as Record<
  string,
  Call
>;
const call = (name: string, ...args: readonly unknown[]) => {
  const found = addon[name];
  if (found === undefined) throw new RangeError(`the addon has no ${name}`);
  return found(...args);
};

const userWithPin = 1;
const wrongPin = 0xa0;
const store = makeStore(currentProfile());
afterAll(() => store.close());

/** The tests follow from one another: a module stays loaded for as long as its process lives. */
describe('the addon of the command line', () => {
  it('does nothing before a module has been loaded', () => {
    for (const name of Object.keys(addon)) {
      if (name !== 'load') expect(() => call(name), name).toThrow('no module has been loaded');
    }
  });

  it('says what is wrong with a file that is no module', () => {
    expect(() => call('load', '/nowhere/module.so')).toThrow('/nowhere/module.so');
    expect(() => call('load', 'libm.so.6')).toThrow('it is no PKCS#11 module');
    expect(() => call('load', `/${'x'.repeat(5000)}`)).toThrow(TypeError);
    expect(() => call('load', 7)).toThrow(TypeError);
  });

  it('refuses arguments of a wrong kind, and never passes them on', () => {
    for (const [name, value] of Object.entries(store.env)) process.env[name] = value;
    call('load', store.module);
    call('initialize');
    const pin = new Uint8Array(8);
    for (const [name, ...args] of [
      ['tokenInfo'],
      ['tokenInfo', '0'],
      ['tokenInfo', -1],
      ['tokenInfo', 0.5],
      ['tokenInfo', 2 ** 60],
      ['tokenInfo', Number.NaN],
      ['openSession', 0, 1],
      ['login', 1, 1, 'a string'],
      ['login', 1, 1, new Uint16Array(8)],
      ['login', 1, 1, new DataView(new ArrayBuffer(8))],
      ['initToken', 0, pin],
      ['initToken', 0, pin, new Uint8Array(33)],
      ['attributes', 1, 1, new Array(33).fill(0)],
      ['attributes', 1, 1, ['label']],
      ['createObject', 1],
      ['createObject', 1, 'a string'],
      ['createObject', 1, new Array(33).fill([0, pin])],
      ['createObject', 1, [0, pin]],
      ['createObject', 1, [[0]]],
      ['createObject', 1, [[-1, pin]]],
      ['createObject', 1, [[0, new Uint16Array(8)]]],
      ['generateKeyPair', 1, 1, []],
      ['generateKeyPair', 1, 1, [], [[0, 'a string']]],
      ['destroyObject', 1, '1'],
      ['sign', 1, 1, 1],
      ['sign', 1, 1, 1, 'a string'],
      ['setPin', 1, pin],
      ['setPin', 1, pin, 'a string'],
      ['renameToken', 1, new Uint8Array(33)],
      ['pinAttempts', 0],
      ['stopEngine', 1],
    ] as const) {
      expect(() => call(name, ...args), `${name} ${args.length}`).toThrow(
        expect.objectContaining({ name: expect.stringMatching(/^(Type|Range)Error$/) }),
      );
    }
  });

  it('overwrites a PIN, whether the call succeeds or fails', () => {
    const [blank] = call('slots') as number[];
    const soPin = Buffer.from('so-pin-1');
    call('initToken', blank, soPin, Buffer.from('addon'));
    expect(soPin).toEqual(Buffer.alloc(8));
    const slot = (call('slots') as number[]).find(
      (id) => (call('tokenInfo', id) as { label: string }).label === 'addon',
    );
    const session = call('openSession', slot, true);
    const so = Buffer.from('so-pin-1');
    call('login', session, 0, so);
    const pin = Buffer.from('user-pin');
    call('initPin', session, pin);
    call('logout', session);
    const [old, fresh] = [Buffer.from('user-pin'), Buffer.from('user-pin-2')];
    call('setPin', session, old, fresh);
    const [wrongOld, unused] = [Buffer.from('a-wrong-pin'), Buffer.from('user-pin-3')];
    expect(() => call('setPin', session, wrongOld, unused)).toThrow(
      expect.objectContaining({ call: 'C_SetPIN', rv: wrongPin }),
    );
    const wrong = Buffer.from('a-wrong-pin');
    expect(() => call('login', session, userWithPin, wrong)).toThrow(
      expect.objectContaining({ call: 'C_Login', rv: wrongPin }),
    );
    for (const used of [so, pin, wrong, old, fresh, wrongOld, unused])
      expect(used).toEqual(Buffer.alloc(used.length));
    call('closeSession', session);
  });

  it('renames a token for its security officer alone, and tells everybody how many tries are left', () => {
    const slot = (call('slots') as number[])[0];
    const label = Buffer.from('renamed');
    const notLoggedIn = 0x101;
    const readOnly = 0xb5;
    const reading = call('openSession', slot, false);
    expect(() => call('renameToken', reading, label)).toThrow(expect.objectContaining({ rv: readOnly }));
    call('closeSession', reading);
    const session = call('openSession', slot, true);
    expect(() => call('renameToken', session, label)).toThrow(expect.objectContaining({ rv: notLoggedIn }));
    call('login', session, userWithPin, Buffer.from('user-pin-2'));
    expect(() => call('renameToken', session, label)).toThrow(expect.objectContaining({ rv: notLoggedIn }));
    call('logout', session);
    expect(call('pinAttempts', slot, 0)).toEqual({ left: 10, most: 10 });
    expect(() => call('login', session, 0, Buffer.from('a-wrong-pin'))).toThrow(
      expect.objectContaining({ rv: wrongPin }),
    );
    expect(call('pinAttempts', slot, 0)).toEqual({ left: 9, most: 10 });
    expect(call('pinAttempts', slot, userWithPin)).toEqual({ left: 10, most: 10 });
    expect(() => call('pinAttempts', slot, 2)).toThrow(expect.objectContaining({ rv: 0x103 }));
    expect(() => call('pinAttempts', 77, 0)).toThrow(expect.objectContaining({ rv: 3 }));
    call('login', session, 0, Buffer.from('so-pin-1'));
    call('renameToken', session, label);
    expect(call('tokenInfo', slot)).toMatchObject({ label: 'renamed' });
    call('closeSession', session);
    call('finalize');
  });
});
