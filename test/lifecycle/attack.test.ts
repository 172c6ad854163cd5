/**
 * The attacker is the user of a token, with his PIN: a key of his was stopped, and he wants to go on with it. He may copy, wrap, unwrap, make
 * objects and change attributes, from as many sessions as he likes; and he has the store's files of yesterday.
 */
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as ck from '../../module/engine/generated/constants.ts';
import { buildPkcs11js } from '../support/pkcs11js.ts';
import { makeStore, type Store } from '../support/store.ts';
import { aesKey, attributes, ecPair, type Hex, hex, makeToken, Program, type Values } from './program.ts';

const SUSPENDED = 3;
const DEACTIVATED = 4;
const COMPROMISED = 5;
const STATE = ck.CKA_STRONGROOM_STATE;
const REASON = { [ck.CKA_STRONGROOM_STATE_REASON]: 'it was stolen' };
const keyWrap = { mechanism: ck.CKM_AES_KEY_WRAP_KWP };
const room = hex(Buffer.alloc(64));
let store: Store;
let program: Program;
let session: Hex;

beforeAll(buildPkcs11js);
beforeEach(async () => {
  store = makeStore();
  await makeToken(store);
  program = new Program(store);
  session = await program.session();
});
afterEach(async () => {
  await program?.leave();
  await store?.close();
});

async function stopped(state: number, more: Values = {}): Promise<Hex> {
  const key = await aesKey(program, session, more);
  expect(await program.set(session, key, { [STATE]: state, ...REASON })).toBe('CKR_OK');
  return key;
}

const encrypts = (key: Hex) =>
  program.rv(
    'C_EncryptInit',
    session,
    { mechanism: ck.CKM_AES_CBC_PAD, parameter: hex(Buffer.alloc(16)) },
    key,
  );

describe('a key that was stopped', () => {
  it.each([SUSPENDED, DEACTIVATED, COMPROMISED])(
    'in state %i has copies in that state alone',
    async (state) => {
      const key = await stopped(state);
      const copy = await program.ok<Hex>(
        'C_CopyObject',
        session,
        key,
        attributes({ [ck.CKA_LABEL]: 'fresh' }),
      );
      expect(await program.number(session, copy, STATE)).toBe(state);
      expect(
        Buffer.from(await program.attribute(session, copy, ck.CKA_STRONGROOM_STATE_REASON), 'hex').toString(),
      ).toBe('it was stolen');
      expect(await encrypts(copy)).toBe('CKR_KEY_FUNCTION_NOT_PERMITTED');
      for (const values of [
        { [STATE]: 2 },
        { [STATE]: 2, ...REASON },
        { [ck.CKA_STRONGROOM_STATE_REASON]: '' },
        { [ck.CKA_STRONGROOM_STATE_SET]: 2 },
        { [ck.CKA_STRONGROOM_COMPROMISE_TIME]: 1 },
      ])
        expect(await program.rv('C_CopyObject', session, key, attributes(values))).toBe(
          'CKR_ATTRIBUTE_READ_ONLY',
        );
    },
  );

  it('leaves neither wrapped nor read, so that it could come back as a new one', async () => {
    const other = await aesKey(program, session);
    for (const state of [SUSPENDED, COMPROMISED]) {
      const key = await stopped(state);
      expect(await program.rv('C_WrapKey', session, keyWrap, other, key, room)).toBe('CKR_KEY_NOT_WRAPPABLE');
      expect(await program.attribute(session, key, ck.CKA_VALUE)).toBe('CKR_ATTRIBUTE_SENSITIVE');
    }
  });

  it('is not told by a search for its value', async () => {
    const value = Buffer.alloc(32, 9);
    const key = await program.ok<Hex>(
      'C_CreateObject',
      session,
      attributes({
        [ck.CKA_CLASS]: ck.CKO_SECRET_KEY,
        [ck.CKA_KEY_TYPE]: ck.CKK_AES,
        [ck.CKA_VALUE]: hex(value),
        [ck.CKA_SENSITIVE]: false,
        [ck.CKA_EXTRACTABLE]: true,
      }),
    );
    expect(await program.find(session, { [ck.CKA_VALUE]: hex(value) })).toEqual([key]);
    expect(await program.set(session, key, { [STATE]: COMPROMISED, ...REASON })).toBe('CKR_OK');
    expect(await program.find(session, { [ck.CKA_VALUE]: hex(value) })).toEqual([]);
  });

  it('brings no key in while it is compromised, which others know as well', async () => {
    const key = await aesKey(program, session);
    const blob = await program.ok<Hex>(
      'C_WrapKey',
      session,
      keyWrap,
      key,
      await aesKey(program, session),
      room,
    );
    const imported = attributes({ [ck.CKA_CLASS]: ck.CKO_SECRET_KEY, [ck.CKA_KEY_TYPE]: ck.CKK_AES });
    expect(await program.rv('C_UnwrapKey', session, keyWrap, key, blob, imported)).toBe('CKR_OK');
    expect(await program.set(session, key, { [STATE]: COMPROMISED, ...REASON })).toBe('CKR_OK');
    expect(await program.rv('C_UnwrapKey', session, keyWrap, key, blob, imported)).toBe(
      'CKR_KEY_FUNCTION_NOT_PERMITTED',
    );
  });

  it('is not digested, from which others derive', async () => {
    const key = await stopped(COMPROMISED);
    await program.ok('C_DigestInit', session, { mechanism: ck.CKM_SHA256 });
    expect(await program.rv('C_DigestKey', session, key)).toBe('CKR_KEY_INDIGESTIBLE');
  });

  it('is not revived by other dates, nor by taking dates away', async () => {
    const now = Math.floor(Date.now() / 1000);
    const ended = await aesKey(program, session, { [ck.CKA_END_DATE]: '20200101' });
    expect(await program.number(session, ended, STATE)).toBe(DEACTIVATED);
    for (const values of [
      { [ck.CKA_END_DATE]: '20991231' },
      { [ck.CKA_STRONGROOM_DEACTIVATION_TIME]: now + 1000 },
      { [ck.CKA_STRONGROOM_ACTIVATION_TIME]: now - 1000, [ck.CKA_STRONGROOM_DEACTIVATION_TIME]: now + 1000 },
      { [STATE]: 2, ...REASON, [ck.CKA_END_DATE]: '20991231' },
    ])
      expect(await program.set(session, ended, values)).toBe('CKR_ATTRIBUTE_VALUE_INVALID');
    // That none at all revives it no more, turns.test.ts tries: the program's library has no empty date.
    for (const values of [{ [ck.CKA_END_DATE]: '20991231' }])
      expect(await program.rv('C_CopyObject', session, ended, attributes(values))).toBe(
        'CKR_ATTRIBUTE_VALUE_INVALID',
      );
    expect(await encrypts(ended)).toBe('CKR_KEY_FUNCTION_NOT_PERMITTED');
  });

  it('does not get a later end by a copy where the original may not be changed', async () => {
    const fixed = await aesKey(program, session, {
      [ck.CKA_MODIFIABLE]: false,
      [ck.CKA_END_DATE]: '20991231',
    });
    const later = attributes({ [ck.CKA_END_DATE]: '22001231' });
    expect(await program.rv('C_CopyObject', session, fixed, later)).toBe('CKR_ATTRIBUTE_READ_ONLY');
  });

  it('gets no state by a template that a key applies to what it unwraps', async () => {
    for (const type of [ck.CKA_STRONGROOM_STATE_SET, ck.CKA_STRONGROOM_STATE_REASON]) {
      const rv = await program.rv('C_GenerateKey', session, { mechanism: ck.CKM_AES_KEY_GEN }, [
        ...(attributes({
          [ck.CKA_VALUE_LEN]: 32,
          [type]: type === ck.CKA_STRONGROOM_STATE_SET ? 2 : 'x',
        }) as []),
      ]);
      expect(rv).toBe('CKR_ATTRIBUTE_READ_ONLY');
    }
  });

  it('stays stopped although two sessions order at once: the second finds it done', async () => {
    const { priv } = await ecPair(program, session, { [ck.CKA_TOKEN]: true, [ck.CKA_LABEL]: 'raced' });
    const rival = new Program(store);
    const there = await rival.session();
    const [same] = await rival.find(there, { [ck.CKA_LABEL]: 'raced', [ck.CKA_CLASS]: ck.CKO_PRIVATE_KEY });
    if (same === undefined) throw new Error('the other program does not see the key');
    const order = { [STATE]: COMPROMISED, ...REASON };
    const answers = await Promise.all([program.set(session, priv, order), rival.set(there, same, order)]);
    expect(answers.sort()).toEqual(['CKR_ATTRIBUTE_VALUE_INVALID', 'CKR_OK']);
    expect(await rival.set(there, same, { [STATE]: 2, ...REASON })).toBe('CKR_ATTRIBUTE_VALUE_INVALID');
    expect(await rival.rv('C_SignInit', there, { mechanism: ck.CKM_ECDSA_SHA256 }, same)).toBe(
      'CKR_KEY_FUNCTION_NOT_PERMITTED',
    );
    await rival.leave();
  });

  it('is not revived by the store of yesterday', async () => {
    const home = store.env.STRONGROOM_HOME ?? '';
    const key = await aesKey(program, session, { [ck.CKA_TOKEN]: true, [ck.CKA_LABEL]: 'old' });
    await program.leave();
    await store.stopEngine();
    cpSync(path.join(home, 'store.db'), store.path('yesterday.db'));
    program = new Program(store);
    session = await program.session();
    const [found = key] = await program.find(session, { [ck.CKA_LABEL]: 'old' });
    expect(await program.set(session, found, { [STATE]: COMPROMISED, ...REASON })).toBe('CKR_OK');
    await program.leave();
    await store.stopEngine();
    for (const name of ['store.db-wal', 'store.db-shm']) rmSync(path.join(home, name), { force: true });
    cpSync(store.path('yesterday.db'), path.join(home, 'store.db'));
    program = new Program(store);
    await expect(program.session()).rejects.toThrow('CKR_DEVICE_ERROR');
  });

  it('stays stopped over a restart, with its reason', async () => {
    await stopped(SUSPENDED, { [ck.CKA_TOKEN]: true, [ck.CKA_LABEL]: 'kept' });
    await program.leave();
    await store.stopEngine();
    program = new Program(store);
    session = await program.session();
    const [key] = await program.find(session, { [ck.CKA_LABEL]: 'kept', [STATE]: SUSPENDED });
    if (key === undefined) throw new Error('it was not found by its state');
    expect(await encrypts(key)).toBe('CKR_KEY_FUNCTION_NOT_PERMITTED');
    expect(await program.set(session, key, { [STATE]: 2, ...REASON })).toBe('CKR_OK');
    expect(await encrypts(key)).toBe('CKR_OK');
  });

  it('that is plain tells that it is active, and has all attributes of a life', async () => {
    const key = await aesKey(program, session);
    expect(await program.number(session, key, STATE)).toBe(2);
    const none = 'ff'.repeat(8);
    for (const type of [
      ck.CKA_STRONGROOM_STATE_TIME,
      ck.CKA_STRONGROOM_STATE_SET,
      ck.CKA_STRONGROOM_ACTIVATION_TIME,
      ck.CKA_STRONGROOM_DEACTIVATION_TIME,
      ck.CKA_STRONGROOM_COMPROMISE_TIME,
    ])
      expect(await program.attribute(session, key, type)).toBe(none);
    for (const type of [ck.CKA_STRONGROOM_STATE_REASON, ck.CKA_STRONGROOM_SUCCESSOR])
      expect(await program.attribute(session, key, type)).toBe('');
    expect(await program.find(session, { [STATE]: 2 })).toContainEqual(key);
  });
});
