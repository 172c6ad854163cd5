/** Rules at work in a whole engine: identity by function by key, and what identities do to come around them. */
import { describe, expect, test } from 'vitest';
import type { Call } from '../../../module/engine/calls/call.ts';
import { callTable } from '../../../module/engine/calls/generated/codec.ts';
import { handlerTable } from '../../../module/engine/calls/handlers.ts';
import { permission } from '../../../module/engine/calls/policy/permission.ts';
import { openGranted } from '../../../module/engine/calls/sessions.ts';
import * as ck from '../../../module/engine/generated/constants.ts';
import type { TokenObject } from '../../../module/engine/objects/object.ts';
import { functionNumber, groupOf } from '../../../module/engine/policy/rules/rule.ts';
import { Reply } from '../../../module/engine/values/reply.ts';
import { functionGroups, type GroupName, handleArguments } from '../../../schema/policy/groups.ts';
import { roles } from '../../../schema/policy/roles.ts';
import { template } from '../objects/world.ts';
import {
  by,
  handle,
  hmacKey,
  host,
  labels,
  MAKER,
  made,
  OFFICER,
  OPERATOR,
  pin,
  ROOT,
  room,
  SIGNER,
  STRANGER,
  serve,
  span,
  user,
} from './world.ts';

describe('every function', () => {
  /** What a role's rule gives, from the table; the signer's is the rule above. */
  const given = (name: string): readonly GroupName[] => roles.find((role) => role.name === name)?.gives ?? [];
  const rows: readonly [
    who: string,
    uid: number,
    groups: ReadonlySet<string>,
    keys: (label: string) => boolean,
  ][] = [
    ['root', ROOT, new Set([...given('user'), ...given('so'), 'engine']), () => true],
    ['the signer', SIGNER, new Set(['sign', 'find', 'read', 'login']), (label) => label.startsWith('web-')],
    ['the officer', OFFICER, new Set(given('so')), () => true],
    ['the operator', OPERATOR, new Set(['engine']), () => false],
  ];

  test.each(rows)('for %s, and every key', async (_, uid, groups, isGiven) => {
    const root = await user(ROOT);
    const objects = [await made(root, 'web-1'), await made(root, 'other')];
    const app = host.app(uid);
    const session = host.session(app);
    app.setLogin(session.token, 'user');
    const wrong: string[] = [];
    for (const row of callTable) {
      const group = groupOf[row.number];
      if (group === undefined || group.comes === 'sight' || row.place === 'shim') continue;
      const about = functionGroups.find(({ name }) => name === group.name)?.functions as readonly string[];
      expect(about).toContain(row.name);
      for (const object of objects) {
        const label = object === objects[0] ? 'web-1' : 'other';
        const names = Object.fromEntries(handleArguments.map((name) => [name, handle(session, object)]));
        const withMechanism = group.mechanisms ? { mechanism: by(ck.CKM_SHA256_HMAC) } : {};
        const slot = row.hasSlot ? { slot: 0 } : {};
        const call = { app, session: row.hasSession ? session : undefined, engine: host.engine };
        const rv = permission(call, row, { ...names, ...withMechanism, ...slot });
        // Objects that nothing is given for are not there: whoever names one hears of the handle, from the handler.
        const seen =
          group.objects === 'none' ||
          isGiven(label) ||
          !session.token.objects.seen(session, handle(session, object));
        const officer = ['C_InitToken', 'C_InitPIN', 'SR_RenameToken', 'SR_AcceptStore'].includes(row.name);
        const role = officer ? groups.has('admin') : row.name !== 'C_SetPIN' || uid !== OFFICER;
        const may = groups.has(group.name) && seen && role;
        if ((rv === ck.CKR_OK) !== may) wrong.push(`${row.name} on ${label}: 0x${rv.toString(16)}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('what a rule gives', () => {
  test('is seen, and the rest is not there', async () => {
    const root = await user(ROOT);
    const web = await made(root, 'web-1');
    const other = await made(root, 'other');
    await made(root, 'tagged', [ck.CKA_STRONGROOM_TAG, 'front']);
    const signer = await user(SIGNER);
    expect(labels(signer).sort()).toEqual(['tagged', 'web-1']);
    const init = (object: TokenObject, mechanism: number) =>
      serve('C_SignInit', signer, { mechanism: by(mechanism), key: handle(signer, object) });
    expect(await init(other, ck.CKM_SHA256_HMAC)).toBe(ck.CKR_KEY_HANDLE_INVALID);
    expect(await init(web, ck.CKM_SHA512_HMAC)).toBe(ck.CKR_MECHANISM_INVALID);
    const key = handle(signer, web);
    const mechanism = by(ck.CKM_SHA256_HMAC);
    expect(await serve('C_VerifyInit', signer, { mechanism, key })).toBe(ck.CKR_KEY_FUNCTION_NOT_PERMITTED);
    expect(await serve('C_DestroyObject', signer, { object: key })).toBe(ck.CKR_ACTION_PROHIBITED);
    expect(await serve('C_GetObjectSize', signer, { object: handle(signer, other) })).toBe(
      ck.CKR_OBJECT_HANDLE_INVALID,
    );
    expect(await serve('C_GenerateRandom', signer, { length: 8 })).toBe(ck.CKR_FUNCTION_NOT_SUPPORTED);
    expect(await init(web, ck.CKM_SHA256_HMAC)).toBe(ck.CKR_OK);
    expect(await serve('C_Sign', signer, { data: span('x'), signature: room })).toBe(ck.CKR_OK);
  });

  test('is told by groups too, of slots and of mechanisms as well', async () => {
    const app = host.app(STRANGER, [70]);
    const reply = new Reply(new Uint8Array(4096));
    const call = { engine: host.engine, app, session: undefined, reply } as unknown as Call;
    const ask = (name: string, args: object): number[] => {
      reply.reset();
      expect(handlerTable[functionNumber(name)]?.(call, args)).toBe(ck.CKR_OK);
      const words = new BigUint64Array(reply.buffer.buffer.slice(0, reply.length));
      return [...words].map(Number);
    };
    expect(ask('C_GetSlotList', { tokenPresent: 1, slots: room })).toEqual([1, 0]);
    expect(ask('C_GetSlotList', { tokenPresent: 1, slots: { present: false, capacity: 0 } })).toEqual([1]);
    expect(ask('C_GetMechanismList', { slot: 0, mechanisms: room })).toEqual([1, ck.CKM_SHA256_HMAC]);
    expect(
      handlerTable[functionNumber('C_GetMechanismInfo')]?.(call, { slot: 0, type: ck.CKM_RSA_PKCS }),
    ).toBe(ck.CKR_MECHANISM_INVALID);
    for (const name of [
      'C_GetSlotInfo',
      'C_GetTokenInfo',
      'C_OpenSession',
      'C_GetMechanismList',
      'C_InitToken',
    ])
      expect(await serve(name, app, { slot: 1, flags: ck.CKF_SERIAL_SESSION }), name).toBe(
        ck.CKR_SLOT_ID_INVALID,
      );
    // Nor by a handle that was granted.
    app.grant(50, 60);
    expect(openGranted(call, 50, 1, ck.CKF_SERIAL_SESSION)).toBe(ck.CKR_SLOT_ID_INVALID);
    expect(openGranted(call, 50, 0, ck.CKF_SERIAL_SESSION)).toBe(ck.CKR_OK);
  });

  test('lets in whom a rule names, and nobody else', () => {
    expect(() => host.app(STRANGER)).toThrow('not there');
    expect(host.app(STRANGER, [70]).rights.enter).toBe(true);
  });

  test('says as whom one may log in', async () => {
    const login = (uid: number, userType: number) =>
      serve('C_Login', host.session(host.app(uid)), { userType, pin });
    expect(await login(SIGNER, ck.CKU_SO)).toBe(ck.CKR_USER_TYPE_INVALID);
    expect(await login(OFFICER, ck.CKU_USER)).toBe(ck.CKR_USER_TYPE_INVALID);
    expect(await login(OPERATOR, ck.CKU_USER)).toBe(ck.CKR_FUNCTION_NOT_SUPPORTED);
    // The PIN is the user's, but the role is there.
    expect(await login(OFFICER, ck.CKU_SO)).toBe(ck.CKR_PIN_INCORRECT);
  });

  test('to operators alone is the engine', async () => {
    const ask = (uid: number) =>
      serve('SR_GetEngineStatus', host.app(uid), { status: { present: false, capacity: 0 } });
    expect(await ask(SIGNER)).toBe(ck.CKR_FUNCTION_REJECTED);
    expect(await ask(OPERATOR)).toBe(ck.CKR_OK);
  });
});

describe('who wants more than a rule gives', () => {
  test('makes no objects of other names', async () => {
    const maker = await user(MAKER);
    const make = (label: string) =>
      serve('C_GenerateKey', maker, {
        mechanism: by(ck.CKM_AES_KEY_GEN),
        template: hmacKey(label),
      });
    expect(await make('a-m')).toBe(ck.CKR_OK);
    expect(await make('web-1')).toBe(ck.CKR_ATTRIBUTE_VALUE_INVALID);
    // May create it, may not generate it. Also when the template has been seen before.
    expect(await make('root-m')).toBe(ck.CKR_ATTRIBUTE_VALUE_INVALID);
    expect(await make('a-m')).toBe(ck.CKR_OK);
    const data = (label: string) =>
      serve('C_CreateObject', maker, {
        template: template(
          [ck.CKA_CLASS, ck.CKO_DATA],
          [ck.CKA_TOKEN, true],
          [ck.CKA_LABEL, label],
          [ck.CKA_VALUE, 'x'],
        ),
      });
    expect(await data('root-m')).toBe(ck.CKR_OK);
    expect(await data('root')).toBe(ck.CKR_ATTRIBUTE_VALUE_INVALID);
    expect(labels(maker).sort()).toEqual(['a-m', 'a-m', 'root-m']);
  });

  test('copies and renames nothing into another name, nor out of one', async () => {
    const root = await user(ROOT);
    const maker = await user(MAKER);
    const mine = await made(root, 'mine-m');
    const foreign = await made(root, 'web-1');
    const change = (label: string) => ({
      object: handle(maker, mine),
      template: template([ck.CKA_LABEL, label]),
    });
    expect(await serve('C_SetAttributeValue', maker, change('web-2'))).toBe(ck.CKR_ATTRIBUTE_VALUE_INVALID);
    expect(await serve('C_CopyObject', maker, change('web-2'))).toBe(ck.CKR_ATTRIBUTE_VALUE_INVALID);
    expect(await serve('C_SetAttributeValue', maker, change('mine-too-m'))).toBe(ck.CKR_OK);
    expect(await serve('C_CopyObject', maker, change('copy-m'))).toBe(ck.CKR_OK);
    for (const name of ['C_SetAttributeValue', 'C_CopyObject'])
      expect(await serve(name, maker, { ...change('x-m'), object: handle(maker, foreign) }), name).toBe(
        ck.CKR_OBJECT_HANDLE_INVALID,
      );
    // A signer may read, and not copy into a session object where no rule would hold him.
    const signer = await user(SIGNER);
    const copy = {
      object: handle(signer, foreign),
      template: template([ck.CKA_TOKEN, false], [ck.CKA_LABEL, '']),
    };
    expect(await serve('C_CopyObject', signer, copy)).toBe(ck.CKR_ACTION_PROHIBITED);
  });

  test('sees an object that is given another name only while the rules give it', async () => {
    const root = await user(ROOT);
    const web = await made(root, 'web-1');
    const signer = await user(SIGNER);
    expect(labels(signer)).toEqual(['web-1']);
    const change = (label: string) =>
      serve('C_SetAttributeValue', root, {
        object: handle(root, web),
        template: template([ck.CKA_LABEL, label]),
      });
    expect(await change('away')).toBe(ck.CKR_OK);
    expect(labels(signer)).toEqual([]);
    expect(await serve('C_GetObjectSize', signer, { object: handle(signer, web) })).toBe(
      ck.CKR_OBJECT_HANDLE_INVALID,
    );
    expect(await change('web-9')).toBe(ck.CKR_OK);
    expect(labels(signer)).toEqual(['web-9']);
  });

  test('gives no token another label', async () => {
    const officer = host.session(host.app(OFFICER));
    const args = { slot: 0, pin, label: span('few') };
    expect(await serve('SR_RenameToken', officer, args)).toBe(ck.CKR_ARGUMENTS_BAD);
    expect(await serve('C_InitToken', officer.app, args)).toBe(ck.CKR_ARGUMENTS_BAD);
    expect(await serve('C_InitToken', officer.app, { ...args, slot: 2, label: span('new') })).toBe(
      ck.CKR_SLOT_ID_INVALID,
    );
  });

  test('comes to no other token’s key by the handle', async () => {
    const root = await user(ROOT, 1);
    const key = await made(root, 'web-1');
    const signer = await user(SIGNER);
    const args = { mechanism: by(ck.CKM_SHA256_HMAC), key: handle(root, key) };
    expect(await serve('C_SignInit', signer, args)).toBe(ck.CKR_KEY_HANDLE_INVALID);
  });
});
