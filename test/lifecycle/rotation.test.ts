/** Rotation: what a successor is like, what becomes of the old key, and what nobody gets by it. */
import { verify } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as ck from '../../module/engine/generated/constants.ts';
import { buildPkcs11js } from '../support/pkcs11js.ts';
import { eventually, type Outcome } from '../support/programs.ts';
import { makeStore, quickPins, type Store } from '../support/store.ts';
import {
  aesKey,
  attributes,
  ecPair,
  type Hex,
  hex,
  macKey,
  makeToken,
  Program,
  strongroom,
  ulong,
  type Values,
} from './program.ts';

const LABEL = 'role';
const STORED = { [ck.CKA_TOKEN]: true, [ck.CKA_LABEL]: LABEL, [ck.CKA_ID]: 'old' };
const ACTIVE = 2;
const SUSPENDED = 3;
const DEACTIVATED = 4;
let store: Store;
let config: string;
let program: Program;
let session: Hex;

beforeAll(buildPkcs11js);
beforeEach(async () => {
  store = makeStore();
  config = store.path('strongroom.toml');
  await makeToken(store);
  await come();
});
afterEach(async () => {
  await program?.leave();
  await store?.close();
});

async function come(): Promise<void> {
  program = new Program(store, { STRONGROOM_CONFIG: config });
  session = await program.session();
}

/** A new engine reads these lines. */
async function configured(...lines: readonly string[]): Promise<void> {
  await program.leave();
  await store.stopEngine();
  writeFileSync(config, [...lines, ...quickPins].join('\n'));
  await come();
}

function typed(...words: readonly string[]): Promise<Outcome> {
  const configured = { ...store, env: { ...store.env, STRONGROOM_CONFIG: config } };
  return strongroom(configured, 'key', ...words, '--pin', 'env:PIN');
}

const rotate = (...words: readonly string[]) => typed('rotate', LABEL, ...words);

async function only(values: Values): Promise<Hex> {
  const [found, ...more] = await program.find(session, values);
  if (found === undefined || more.length > 0) throw new Error(`not one key but ${1 + more.length}`);
  return found;
}

const textOf = async (key: Hex, type: number) =>
  Buffer.from(await program.attribute(session, key, type), 'hex').toString();

describe('a successor', { timeout: 300_000 }, () => {
  it('has the template of the old key, its label, and an id of its own; both know each other', async () => {
    const kept: readonly (readonly [number, string])[] = [
      [ck.CKA_SENSITIVE, '01'],
      [ck.CKA_EXTRACTABLE, '00'],
      [ck.CKA_SIGN, '01'],
      [ck.CKA_DERIVE, '00'],
      [ck.CKA_WRAP_WITH_TRUSTED, '01'],
      [ck.CKA_ALLOWED_MECHANISMS, ulong(ck.CKM_ECDSA_SHA256).hex],
      [ck.CKA_STRONGROOM_TAG, hex('group').hex],
      [ck.CKA_SUBJECT, hex('subject').hex],
      [ck.CKA_COPYABLE, '00'],
    ];
    const more = Object.fromEntries(
      kept.map(([type, value]) => [type, { hex: value }]).filter(([type]) => type !== ck.CKA_SIGN),
    ) as Values;
    const params = hex(Buffer.from('06052b81040022', 'hex'));
    const made = await program.ok<{ publicKey: Hex; privateKey: Hex }>(
      'C_GenerateKeyPair',
      session,
      { mechanism: ck.CKM_EC_KEY_PAIR_GEN },
      attributes({ ...STORED, [ck.CKA_EC_PARAMS]: params, [ck.CKA_VERIFY]: true }),
      attributes({ ...STORED, [ck.CKA_SIGN]: true, ...more }),
    );
    expect(await rotate('--reason', 'a year is over')).toMatchObject({ code: 0, stderr: '' });
    for (const [old, objectClass] of [
      [made.privateKey, ck.CKO_PRIVATE_KEY],
      [made.publicKey, ck.CKO_PUBLIC_KEY],
    ] as const) {
      const key = await only({ [ck.CKA_CLASS]: objectClass, [ck.CKA_LABEL]: LABEL });
      expect(await program.attribute(session, key, ck.CKA_STRONGROOM_PREDECESSOR)).toBe(
        await program.attribute(session, old, ck.CKA_UNIQUE_ID),
      );
      expect(await program.attribute(session, old, ck.CKA_STRONGROOM_SUCCESSOR)).toBe(
        await program.attribute(session, key, ck.CKA_UNIQUE_ID),
      );
      expect(await textOf(old, ck.CKA_LABEL)).toMatch(
        /^role \(rotated \d{4}-\d\d-\d\d \d\d:\d\d:\d\d [0-9a-f]{8}\)$/,
      );
      expect(await textOf(old, ck.CKA_ID)).toBe('old');
      expect(await program.attribute(session, key, ck.CKA_ID)).toMatch(/^[0-9a-f]{32}$/);
      expect(await program.attribute(session, key, ck.CKA_EC_PARAMS)).toBe(params.hex);
      expect(await program.attribute(session, key, ck.CKA_PUBLIC_KEY_INFO)).not.toBe(
        await program.attribute(session, old, ck.CKA_PUBLIC_KEY_INFO),
      );
    }
    const key = await only({ [ck.CKA_CLASS]: ck.CKO_PRIVATE_KEY, [ck.CKA_LABEL]: LABEL });
    for (const [type, value] of kept)
      expect([type, await program.attribute(session, key, type)]).toEqual([type, value]);
    for (const type of [ck.CKA_LOCAL, ck.CKA_ALWAYS_SENSITIVE, ck.CKA_NEVER_EXTRACTABLE])
      expect(await program.attribute(session, key, type)).toBe('01');
    const { stdout } = await strongroom(store, 'audit', 'show');
    expect(stdout).toContain('“a year is over”');
  });

  it.each([
    [
      'AES',
      (more: Values) =>
        aesKey(program, session, { ...more, [ck.CKA_EXTRACTABLE]: false, [ck.CKA_SENSITIVE]: true }),
    ],
    ['a MAC key', (more: Values) => macKey(program, session, more)],
    [
      'an AES key of 128 bits that may be read',
      (more: Values) => aesKey(program, session, { ...more, [ck.CKA_VALUE_LEN]: 16 }),
    ],
  ])('of %s is of the same length and as secret', async (_, make) => {
    const old = await make(STORED);
    expect(await rotate()).toMatchObject({ code: 0 });
    const key = await only({ [ck.CKA_LABEL]: LABEL });
    for (const type of [ck.CKA_VALUE_LEN, ck.CKA_SENSITIVE, ck.CKA_EXTRACTABLE, ck.CKA_KEY_TYPE, ck.CKA_SIGN])
      expect(await program.attribute(session, key, type)).toBe(await program.attribute(session, old, type));
    expect(await program.attribute(session, key, ck.CKA_CHECK_VALUE)).not.toBe(
      await program.attribute(session, old, ck.CKA_CHECK_VALUE),
    );
  });

  it.each([3072, 4096])('of an RSA key of %i bits is as long, and signs', async (bits) => {
    await program.ok(
      'C_GenerateKeyPair',
      session,
      { mechanism: ck.CKM_RSA_PKCS_KEY_PAIR_GEN },
      attributes({ ...STORED, [ck.CKA_MODULUS_BITS]: bits, [ck.CKA_VERIFY]: true }),
      attributes({ ...STORED, [ck.CKA_SIGN]: true }),
    );
    const publicKey = { [ck.CKA_CLASS]: ck.CKO_PUBLIC_KEY, [ck.CKA_LABEL]: LABEL };
    const old = await only(publicKey);
    expect(await rotate()).toMatchObject({ code: 0, stderr: '' });
    const fresh = await only(publicKey);
    expect(await program.number(session, fresh, ck.CKA_MODULUS_BITS)).toBe(bits);
    expect(await program.attribute(session, fresh, ck.CKA_PUBLIC_EXPONENT)).toBe(
      await program.attribute(session, old, ck.CKA_PUBLIC_EXPONENT),
    );
    const modulus = await program.attribute(session, fresh, ck.CKA_MODULUS);
    expect(modulus).toHaveLength(bits / 4);
    expect(modulus).not.toBe(await program.attribute(session, old, ck.CKA_MODULUS));
    const key = await only({ ...publicKey, [ck.CKA_CLASS]: ck.CKO_PRIVATE_KEY });
    await program.ok('C_SignInit', session, { mechanism: ck.CKM_SHA256_RSA_PKCS }, key);
    const signature = await program.ok<Hex>('C_Sign', session, hex('text'), hex(Buffer.alloc(bits / 8)));
    const spki = Buffer.from(await program.attribute(session, fresh, ck.CKA_PUBLIC_KEY_INFO), 'hex');
    const made = Buffer.from(signature.hex, 'hex');
    expect(verify('sha256', Buffer.from('text'), { key: spki, format: 'der', type: 'spki' }, made)).toBe(
      true,
    );
  });

  it('comes for RSA and 25519 as well, and does what the old one did', async () => {
    const pairs = [
      [ck.CKM_RSA_PKCS_KEY_PAIR_GEN, { [ck.CKA_MODULUS_BITS]: 2048 }, ck.CKM_SHA256_RSA_PKCS],
      [ck.CKM_EC_EDWARDS_KEY_PAIR_GEN, { [ck.CKA_EC_PARAMS]: { hex: '06032b6570' } }, ck.CKM_EDDSA],
      [ck.CKM_EC_MONTGOMERY_KEY_PAIR_GEN, { [ck.CKA_EC_PARAMS]: { hex: '06032b656e' } }, undefined],
    ] as const;
    for (const [mechanism, more, signs] of pairs) {
      const label = `pair ${mechanism}`;
      const stored = { ...STORED, [ck.CKA_LABEL]: label };
      const use = signs === undefined ? { [ck.CKA_DERIVE]: true } : { [ck.CKA_SIGN]: true };
      await program.ok(
        'C_GenerateKeyPair',
        session,
        { mechanism },
        attributes({ ...stored, ...more }),
        attributes({ ...stored, ...use }),
      );
      expect(await typed('rotate', label)).toMatchObject({ code: 0 });
      const key = await only({ [ck.CKA_CLASS]: ck.CKO_PRIVATE_KEY, [ck.CKA_LABEL]: label });
      if (signs !== undefined)
        expect(await program.rv('C_SignInit', session, { mechanism: signs }, key)).toBe('CKR_OK');
      if (signs !== undefined)
        expect(await program.rv('C_Sign', session, hex('text'), hex(Buffer.alloc(512)))).toBe('CKR_OK');
    }
  });

  it('is active, whatever the old key was: after its end too', async () => {
    const old = await macKey(program, session, STORED);
    await program.set(session, old, {
      [ck.CKA_STRONGROOM_STATE]: DEACTIVATED,
      [ck.CKA_STRONGROOM_STATE_REASON]: 'x',
    });
    expect(await rotate()).toMatchObject({ code: 0 });
    expect(
      await program.number(session, await only({ [ck.CKA_LABEL]: LABEL }), ck.CKA_STRONGROOM_STATE),
    ).toBe(ACTIVE);
  });
});

describe('the old key', { timeout: 300_000 }, () => {
  it('goes on for its time of grace, and checks and reads only after that', async () => {
    const { priv } = await ecPair(program, session, STORED);
    const signs = () => program.rv('C_SignInit', session, { mechanism: ck.CKM_ECDSA_SHA256 }, priv);
    expect(await rotate('--grace', '1000')).toMatchObject({ code: 0 });
    expect(await program.number(session, priv, ck.CKA_STRONGROOM_STATE)).toBe(ACTIVE);
    expect(await signs()).toBe('CKR_OK');
    await configured('[clock]', 'offset_seconds = 1001');
    const [old] = await program.find(session, { [ck.CKA_CLASS]: ck.CKO_PRIVATE_KEY, [ck.CKA_ID]: 'old' });
    if (old === undefined) throw new Error('the old key is gone');
    expect(await program.number(session, old, ck.CKA_STRONGROOM_STATE)).toBe(DEACTIVATED);
    expect(await program.rv('C_SignInit', session, { mechanism: ck.CKM_ECDSA_SHA256 }, old)).toBe(
      'CKR_KEY_FUNCTION_NOT_PERMITTED',
    );
    const key = await only({ [ck.CKA_CLASS]: ck.CKO_PRIVATE_KEY, [ck.CKA_LABEL]: LABEL });
    expect(await program.rv('C_SignInit', session, { mechanism: ck.CKM_ECDSA_SHA256 }, key)).toBe('CKR_OK');
  });

  it('has no second successor, and a rotation without grace ends it at once', async () => {
    const { priv } = await ecPair(program, session, STORED);
    const name = await textOf(priv, ck.CKA_UNIQUE_ID);
    expect(await rotate('--grace', '0')).toMatchObject({ code: 0 });
    expect(await program.number(session, priv, ck.CKA_STRONGROOM_STATE)).toBe(DEACTIVATED);
    const again = await typed('rotate', name);
    expect(again).toMatchObject({ code: 1 });
    expect(again.stderr).toContain('could be rotated');
    expect((await program.find(session, { [ck.CKA_CLASS]: ck.CKO_PRIVATE_KEY })).length).toBe(2);
  });

  it('keeps an earlier end', async () => {
    const old = await macKey(program, session, STORED);
    const soon = Math.floor(Date.now() / 1000) + 100;
    await program.set(session, old, { [ck.CKA_STRONGROOM_DEACTIVATION_TIME]: soon });
    expect(await rotate('--grace', '1000')).toMatchObject({ code: 0 });
    expect(await program.number(session, old, ck.CKA_STRONGROOM_DEACTIVATION_TIME)).toBe(soon);
  });
});

describe('nobody gets by it', { timeout: 300_000 }, () => {
  it('a key that is trusted, when it was the old one that the security officer trusted', async () => {
    const old = await aesKey(program, session, { ...STORED, [ck.CKA_PRIVATE]: false });
    await program.ok('C_Logout', session);
    await program.ok('C_Login', session, ck.CKU_SO, 'officer-pin-3141');
    expect(await program.set(session, old, { [ck.CKA_TRUSTED]: true })).toBe('CKR_OK');
    await program.ok('C_Logout', session);
    session = await program.session();
    expect(await rotate()).toMatchObject({ code: 0 });
    const key = await only({ [ck.CKA_LABEL]: LABEL });
    expect(await program.attribute(session, key, ck.CKA_TRUSTED)).toBe('00');
    expect(await program.attribute(session, old, ck.CKA_TRUSTED)).toBe('01');
  });

  it('the use of a key that somebody suspended, or that may not be changed', async () => {
    const stopped = await macKey(program, session, STORED);
    await program.set(session, stopped, {
      [ck.CKA_STRONGROOM_STATE]: SUSPENDED,
      [ck.CKA_STRONGROOM_STATE_REASON]: 'x',
    });
    const refused = await rotate();
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain('suspended, or not active yet');
    await macKey(program, session, { ...STORED, [ck.CKA_LABEL]: 'fixed', [ck.CKA_MODIFIABLE]: false });
    expect(await typed('rotate', 'fixed')).toMatchObject({ code: 1 });
    expect((await program.find(session, {})).length).toBe(2);
  });

  it('attributes that the token alone gives', async () => {
    const key = await macKey(program, session, STORED);
    for (const type of [
      ck.CKA_STRONGROOM_FORMER_LABEL,
      ck.CKA_STRONGROOM_ROTATE_TIME,
      ck.CKA_STRONGROOM_ROTATION_DUE,
    ])
      expect(await program.set(session, key, { [type]: 1 })).toMatch(
        /^CKR_ATTRIBUTE_(READ_ONLY|VALUE_INVALID)$/,
      );
    for (const every of [0, 1, 599, 2 ** 40])
      expect(await program.set(session, key, { [ck.CKA_STRONGROOM_ROTATE_EVERY]: every })).toBe(
        'CKR_ATTRIBUTE_VALUE_INVALID',
      );
  });
});

describe('a key that is rotated every so often', { timeout: 300_000 }, () => {
  it('is due when its time has come, and key rotate --due rotates it and no other', async () => {
    await macKey(program, session, STORED);
    await macKey(program, session, { ...STORED, [ck.CKA_LABEL]: 'other' });
    expect((await rotate('--every', '90d')).stdout).toMatch(/^“role” is due every 90d, next on \d{4}-/);
    expect((await typed('due')).stdout).not.toContain(' due');
    expect((await typed('rotate', '--due')).stdout).toBe('No key is due.\n');
    await configured(
      '[keys]',
      'rotation_check_seconds = 86400',
      '[clock]',
      `offset_seconds = ${91 * 86_400}`,
    );
    expect((await typed('due')).stdout).toMatch(/role .* due\s*$/);
    expect((await program.find(session, { [ck.CKA_STRONGROOM_ROTATION_DUE]: true })).length).toBe(1);
    expect((await typed('rotate', '--due')).stdout).toMatch(/^Rotated: “role”/);
    expect((await typed('due')).stdout).not.toContain(' due');
    const key = await only({ [ck.CKA_LABEL]: LABEL });
    expect(await program.number(session, key, ck.CKA_STRONGROOM_ROTATE_EVERY)).toBe(90 * 86_400);
    expect((await program.find(session, {})).length).toBe(3);
    expect((await rotate('--every', 'never')).stdout).toContain('not rotated by itself any more');
    expect((await typed('due')).stdout).toContain('No key has a time to be rotated.');
  });

  it.each([
    ['secret', (): Promise<unknown> => macKey(program, session, STORED)],
    ['EC', (): Promise<unknown> => ecPair(program, session, STORED)],
    [
      'RSA',
      (): Promise<unknown> =>
        program.ok(
          'C_GenerateKeyPair',
          session,
          { mechanism: ck.CKM_RSA_PKCS_KEY_PAIR_GEN },
          attributes({ ...STORED, [ck.CKA_MODULUS_BITS]: 2048 }),
          attributes({ ...STORED, [ck.CKA_SIGN]: true }),
        ),
    ],
  ])('%s: the engine does it by itself while somebody is logged in', async (_, make) => {
    await make();
    expect(await rotate('--every', '90d')).toMatchObject({ code: 0 });
    await configured('[keys]', 'rotation_check_seconds = 1', '[clock]', `offset_seconds = ${91 * 86_400}`);
    let due = 1;
    const done = async () => {
      due = (await program.find(session, { [ck.CKA_STRONGROOM_ROTATION_DUE]: true })).length;
      return due === 0;
    };
    const began = Date.now();
    while (!(await done()) && Date.now() - began < 120_000)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(due).toBe(0);
    // No other one comes before another 90 days.
    const before = (await program.find(session, {})).length;
    expect(await eventually(() => true, 1000)).toBe(true);
    expect((await program.find(session, {})).length).toBe(before);
    const { stdout } = await strongroom(store, 'audit', 'show');
    expect(stdout).toContain('by the schedule');
  });
});
