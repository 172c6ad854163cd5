/** Lives of keys over gRPC: what is told of one, which want looking after, and successors. */
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attribute } from '../../daemon/cryptoki-client/arguments.ts';
import * as C from '../../daemon/cryptoki-client/generated/constants.ts';
import { Cryptoki } from '../../daemon/cryptoki-client/generated/cryptoki.ts';
import { number, text } from '../../daemon/keys/values.ts';
import { KeyState, PinOwner, SetKeyStateRequest } from '../../module/wire/generated/strongroom/v1/admin.ts';
import {
  DueReason,
  CipherAlgorithm as E,
  EncryptRequest,
  GetKeyLifeRequest,
  KeyAlgorithm as K,
  KeyClass,
  KeysClient,
  ListDueKeysRequest,
  RotateKeyRequest,
  SignatureAlgorithm as S,
  ScheduleRotationRequest,
  SignRequest,
  StateSetter,
  KeyUsage as U,
  VerifyRequest,
} from '../../module/wire/generated/strongroom/v1/keys.ts';
import { ask, refused } from './support/local-door.ts';
import { bytes, named, userPin, World } from './support/world.ts';

const DAY = 86_400;
const now = () => Math.floor(Date.now() / 1000);
let world: World;
/** Another application of the engine's, for what Keys has no call for. */
let other: Cryptoki;
let session: number;

beforeAll(async () => {
  world = await World.make();
  const principal = { names: ['dns:other.example'], fingerprint: 'cd'.repeat(32), address: '127.0.0.1:2' };
  other = new Cryptoki(await world.door.engine.attach(principal));
  const flags = C.CKF_SERIAL_SESSION | C.CKF_RW_SESSION;
  ({ session } = await other.C_OpenSession({ slot: 0, flags }));
  await other.C_Login({ session, userType: C.CKU_USER, pin: bytes(userPin) });
});
afterAll(async () => {
  expect(world.door.log).toEqual([]);
  await world.close();
});

/** Gives the private or secret key of that label an attribute, or its certificate's object. */
async function change(label: string, attribute: Attribute): Promise<void> {
  await other.C_FindObjectsInit({ session, template: [{ type: C.CKA_LABEL, value: text(label) }] });
  const { objects } = await other.C_FindObjects({ session, maxCount: 10 });
  await other.C_FindObjectsFinal({ session });
  for (const object of objects) {
    const template = [{ type: C.CKA_CLASS, capacity: 8 }];
    const { values } = await other.C_GetAttributeValue({ session, object, template });
    if (values[0]?.value?.[0] !== C.CKO_PUBLIC_KEY)
      await other.C_SetAttributeValue({ session, object, template: [attribute] });
  }
}

const lifeOf = async (label: string, more: object = {}) => {
  const key = { ...named(label), ...more };
  const { key: found, life } = await ask(
    world.keys,
    world.keys.getKeyLife,
    GetKeyLifeRequest.create({ key }),
  );
  if (found === undefined || life === undefined) throw new Error('nothing is told');
  return { key: found, life };
};
const byId = (uniqueId: string) => ({ ...named(''), uniqueId });

const due = async (more: object = {}) => {
  const { keys } = await ask(
    world.keys,
    world.keys.listDueKeys,
    ListDueKeysRequest.fromPartial({ token: 'web', ...more }),
  );
  return Object.fromEntries(keys.map(({ key, reasons }) => [key?.label, reasons]));
};

const rotate = (label: string, more: object = {}) =>
  ask(world.keys, world.keys.rotateKey, RotateKeyRequest.fromPartial({ key: named(label), ...more }));

describe('a key’s life', () => {
  it('is told as the command line tells it', async () => {
    await world.generate('life', K.KEY_ALGORITHM_AES_256);
    const encrypt = { key: named('life'), algorithm: E.CIPHER_ALGORITHM_AES_GCM, plaintext: bytes('four') };
    await ask(world.keys, world.keys.encrypt, EncryptRequest.fromPartial(encrypt));
    await change('life', { type: C.CKA_STRONGROOM_USE_LIMIT, value: number(5) });
    await change('life', { type: C.CKA_STRONGROOM_TOKEN_IV_ONLY, value: Uint8Array.of(1) });
    const end = now() + DAY;
    await change('life', { type: C.CKA_STRONGROOM_DEACTIVATION_TIME, value: number(end) });
    const { key, life } = await lifeOf('life');
    expect(key.state).toBe('active');
    expect(life).toEqual({
      stateSince: 0,
      stateSetter: StateSetter.STATE_SETTER_UNSPECIFIED,
      stateReason: '',
      activationTime: 0,
      deactivationTime: end,
      compromiseTime: 0,
      successor: '',
      predecessor: '',
      usagesNow: [U.KEY_USAGE_ENCRYPT, U.KEY_USAGE_DECRYPT],
      uses: { used: 1, limit: 5 },
      bytes: { used: 4, limit: undefined },
      gcmEncryptions: { used: 1, limit: 2 ** 31 },
      tokenIvOnly: true,
      ivReuseCheck: false,
      rotateEvery: 0,
      rotateTime: 0,
      rotationDue: false,
    });
  });

  it('has who stopped it, when and why, and what it may do meanwhile', async () => {
    const made = await world.generate('stopped', K.KEY_ALGORITHM_HMAC_SHA256);
    const before = now();
    const order = SetKeyStateRequest.fromPartial({
      token: 'web',
      uniqueId: made.key?.uniqueId ?? '',
      state: KeyState.KEY_STATE_COMPROMISED,
      owner: PinOwner.PIN_OWNER_USER,
      pin: bytes(userPin),
      reason: 'in a public repository',
      compromisedSince: 1_700_000_000,
    });
    await ask(world.admin, world.admin.setKeyState, order);
    const { key, life } = await lifeOf('stopped');
    expect(key.state).toBe('compromised');
    expect(life).toMatchObject({
      stateSetter: StateSetter.STATE_SETTER_USER,
      stateReason: 'in a public repository',
      compromiseTime: 1_700_000_000,
      usagesNow: [U.KEY_USAGE_VERIFY],
      gcmEncryptions: undefined,
    });
    expect(life.stateSince).toBeGreaterThanOrEqual(before);
  });

  it('is that of one half of a pair, by its unique id, and nobody’s where none is seen', async () => {
    await world.generate('pair', K.KEY_ALGORITHM_EC_P256);
    const { keys } = await ask(world.keys, world.keys.listKeys, {
      token: 'web',
      label: 'pair',
      pageSize: 0,
      pageToken: '',
    });
    const half = keys.find(({ keyClass }) => keyClass === KeyClass.KEY_CLASS_PUBLIC);
    expect((await lifeOf('pair')).key.keyClass).toBe(KeyClass.KEY_CLASS_PRIVATE);
    const told = await lifeOf('', { uniqueId: half?.uniqueId });
    expect(told.key).toEqual(half);
    expect(told.life).toMatchObject({ uses: undefined, bytes: undefined });
    const stranger = world.door.client(KeysClient);
    expect(
      await refused(
        ask(stranger, stranger.getKeyLife, GetKeyLifeRequest.fromPartial({ key: named('stopped') })),
      ),
    ).toMatchObject({ code: status.NOT_FOUND, fields: ['key'] });
  });
});

describe('keys that want looking after', () => {
  it('are told with why, and others are not', async () => {
    for (const label of ['fresh', 'ending', 'used', 'turning'])
      await world.generate(label, K.KEY_ALGORITHM_AES_128);
    await change('ending', { type: C.CKA_STRONGROOM_DEACTIVATION_TIME, value: number(now() + 10 * DAY) });
    await change('used', { type: C.CKA_STRONGROOM_USE_LIMIT, value: number(4) });
    await change('turning', { type: C.CKA_STRONGROOM_ROTATE_EVERY, value: number(5 * DAY) });
    const encrypt = { key: named('used'), algorithm: E.CIPHER_ALGORITHM_AES_GCM, plaintext: bytes('four') };
    await ask(world.keys, world.keys.encrypt, EncryptRequest.fromPartial(encrypt));
    expect(await due()).toMatchObject({ ending: [DueReason.DUE_REASON_END] });
    expect(Object.keys(await due())).not.toContain('used');
    expect(await due({ limitPercent: 25 })).toMatchObject({ used: [DueReason.DUE_REASON_LIMIT] });
    await ask(world.keys, world.keys.encrypt, EncryptRequest.fromPartial(encrypt));
    const all = await due();
    expect(all).toMatchObject({
      ending: [DueReason.DUE_REASON_END],
      used: [DueReason.DUE_REASON_LIMIT],
      turning: [DueReason.DUE_REASON_ROTATION],
    });
    // Of those that stand above, one is compromised, and nothing is to be done about it.
    expect(Object.keys(all)).not.toContain('fresh');
    expect(Object.keys(all)).not.toContain('stopped');
    expect(Object.keys(await due({ withinSeconds: 0 }))).toEqual(['used']);
    expect(Object.keys(await due({ withinSeconds: 7 * DAY })).sort()).toEqual(['life', 'turning', 'used']);
  });

  it('come in pages of keys that were looked at', async () => {
    const found: string[] = [];
    let pageToken = '';
    let pages = 0;
    do {
      const page = await ask(
        world.keys,
        world.keys.listDueKeys,
        ListDueKeysRequest.fromPartial({ token: 'web', pageSize: 2, pageToken }),
      );
      expect(page.keys.length).toBeLessThanOrEqual(2);
      found.push(...page.keys.map(({ key }) => key?.label ?? ''));
      pageToken = page.nextPageToken;
      pages++;
    } while (pageToken !== '');
    expect(pages).toBeGreaterThan(2);
    expect(found.sort()).toEqual(Object.keys(await due()).sort());
  });

  it('are asked for in words that make sense', async () => {
    const asked = (more: object) =>
      ask(world.keys, world.keys.listDueKeys, ListDueKeysRequest.fromPartial(more));
    for (const limitPercent of [0, 101])
      expect(await refused(asked({ limitPercent }))).toMatchObject({
        code: status.INVALID_ARGUMENT,
        fields: ['limit_percent'],
      });
    const { nextPageToken } = await asked({ pageSize: 1 });
    expect(await refused(asked({ pageSize: 1, withinSeconds: 1, pageToken: nextPageToken }))).toMatchObject({
      fields: ['page_token'],
    });
  });
});

describe('a rotation', () => {
  const algorithm = S.SIGNATURE_ALGORITHM_ECDSA_SHA256;
  const signed = async (key: ReturnType<typeof named>) => {
    const input = { $case: 'data', value: bytes('data') } as const;
    return await ask(world.keys, world.keys.sign, SignRequest.fromPartial({ key, algorithm, input }));
  };

  it('puts a successor in a pair’s place, and tells of both', async () => {
    const made = await world.generate('role', K.KEY_ALGORITHM_EC_P256);
    const old = made.key;
    const { signature } = await signed(named('role'));
    const answer = await rotate('role', { graceSeconds: 3600, reason: 'each November' });
    expect(answer.key).toMatchObject({ label: 'role', keyClass: KeyClass.KEY_CLASS_PRIVATE });
    expect(answer.key?.uniqueId).not.toBe(old?.uniqueId);
    expect(Buffer.from(answer.publicKey)).not.toEqual(Buffer.from(made.publicKey));
    expect(answer.oldKey).toMatchObject({
      uniqueId: old?.uniqueId,
      label: expect.stringMatching(/^role \(rotated /),
      state: 'active',
    });
    expect(answer.oldKeyUntil).toBeGreaterThan(now() + 3000);
    expect(answer.oldCertificate).toBe(false);
    // The name is the successor's, at once; the old key is there by its own.
    const { key, life } = await lifeOf('role');
    expect(key.uniqueId).toBe(answer.key?.uniqueId);
    expect(life.predecessor).toBe(old?.uniqueId);
    expect((await lifeOf('', { uniqueId: old?.uniqueId })).life.successor).toBe(key.uniqueId);
    const input = { $case: 'data', value: bytes('data') } as const;
    const verify = (name: ReturnType<typeof named>) =>
      ask(
        world.keys,
        world.keys.verify,
        VerifyRequest.fromPartial({ key: name, algorithm, input, signature }),
      );
    expect((await verify(named('role'))).valid).toBe(false);
    expect((await verify(byId(old?.uniqueId ?? ''))).valid).toBe(true);
    await signed(byId(old?.uniqueId ?? ''));
    expect(await refused(rotate('', { key: byId(old?.uniqueId ?? '') }))).toMatchObject({
      reason: 'CKR_KEY_CHANGED',
      fields: ['key'],
    });
    const again = await rotate('role', { graceSeconds: 0 });
    expect(again.oldKey?.state).toBe('deactivated');
    expect((await refused(signed(byId(key.uniqueId)))).reason).toBe('CKR_KEY_FUNCTION_NOT_PERMITTED');
  });

  it('is made once for an idempotency key, and says when a certificate stays behind', async () => {
    const made = await world.generate('once', K.KEY_ALGORITHM_AES_256);
    const id = bytes('its id');
    await change('once', { type: C.CKA_ID, value: id });
    await other.C_CreateObject({
      session,
      template: [
        { type: C.CKA_CLASS, value: number(C.CKO_CERTIFICATE) },
        { type: C.CKA_CERTIFICATE_TYPE, value: number(C.CKC_X_509) },
        { type: C.CKA_TOKEN, value: Uint8Array.of(1) },
        { type: C.CKA_SUBJECT, value: bytes('subject') },
        { type: C.CKA_VALUE, value: bytes('value') },
        { type: C.CKA_ID, value: id },
      ],
    });
    const same = () => rotate('once', { idempotencyKey: 'rotation-1' });
    const answers = await Promise.all([same(), same()]);
    answers.push(await same());
    expect(new Set(answers.map(({ key }) => key?.uniqueId)).size).toBe(1);
    expect(answers[0]?.oldCertificate).toBe(true);
    expect(answers[0]?.publicKey).toHaveLength(0);
    expect((await lifeOf('once')).life.predecessor).toBe(made.key?.uniqueId);
  });

  it('is made every so often, until that is ended', async () => {
    await world.generate('often', K.KEY_ALGORITHM_AES_256);
    const schedule = (everySeconds: number, key = named('often')) =>
      ask(
        world.keys,
        world.keys.scheduleRotation,
        ScheduleRotationRequest.fromPartial({ key, everySeconds }),
      );
    const { life } = await schedule(90 * DAY);
    expect(life).toMatchObject({ rotateEvery: 90 * DAY, rotationDue: false });
    expect(life?.rotateTime).toBeGreaterThan(now() + 89 * DAY);
    const { key } = await rotate('often');
    expect((await lifeOf('often')).life).toMatchObject({ rotateEvery: 90 * DAY });
    expect((await schedule(0)).life).toMatchObject({ rotateEvery: 0, rotateTime: 0 });
    expect(await refused(schedule(5))).toMatchObject({
      code: status.INVALID_ARGUMENT,
      fields: ['every_seconds'],
    });
    const { predecessor } = (await lifeOf('', { uniqueId: key?.uniqueId })).life;
    expect(await refused(schedule(90 * DAY, byId(predecessor)))).toMatchObject({ fields: ['key'] });
  });

  it.each([
    ['a reason that is too long', 'reason', { reason: 'x'.repeat(1001) }],
    ['a grace of more than a hundred years', 'grace_seconds', { graceSeconds: 4_000_000_000 }],
    ['no key', 'key', { key: undefined }],
    ['an idempotency key that is too long', 'idempotency_key', { idempotencyKey: 'x'.repeat(65) }],
  ])('with %s is refused', async (_what, field, more) => {
    expect(await refused(rotate('often', more))).toMatchObject({
      code: status.INVALID_ARGUMENT,
      fields: [field],
    });
  });

  it('needs a login', async () => {
    const stranger = world.door.client(KeysClient);
    const request = RotateKeyRequest.fromPartial({ key: named('role') });
    expect((await refused(ask(stranger, stranger.rotateKey, request))).code).toBe(status.NOT_FOUND);
  });
});
