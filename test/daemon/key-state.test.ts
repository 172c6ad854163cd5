/** Admin.SetKeyState of pairs: both halves go together, one alone where that is asked for, and the answer tells what went. */
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allOfToken, everything } from '../../module/engine/policy/rights.ts';
import { functionNumber } from '../../module/engine/policy/rules/rule.ts';
import {
  KeyState,
  PinOwner,
  SetKeyStateRequest,
  type SetKeyStateResponse,
} from '../../module/wire/generated/strongroom/v1/admin.ts';
import {
  GenerateKeyRequest,
  KeyAlgorithm as K,
  type Key,
  KeyClass,
} from '../../module/wire/generated/strongroom/v1/keys.ts';
import { ask, refused } from './support/local-door.ts';
import { bytes, soPin, userPin, World } from './support/world.ts';

const { KEY_STATE_ACTIVE, KEY_STATE_DEACTIVATED, KEY_STATE_SUSPENDED, KEY_STATE_COMPROMISED } = KeyState;
const [PRIVATE, PUBLIC] = [KeyClass.KEY_CLASS_PRIVATE, KeyClass.KEY_CLASS_PUBLIC];

let world: World;
beforeAll(async () => {
  world = await World.make();
});
afterAll(async () => {
  expect(world.door.log).toEqual([]);
  await world.close();
});

async function keysOf(label: string): Promise<Key[]> {
  const { keys } = world;
  return (await ask(keys, keys.listKeys, { token: 'web', label, pageSize: 0, pageToken: '' })).keys;
}

/** A new pair: its private half, its public half. */
async function pair(label: string, more: object = {}): Promise<[Key, Key]> {
  const spec = { token: 'web', label, algorithm: K.KEY_ALGORITHM_EC_P256, ...more };
  await ask(world.keys, world.keys.generateKey, GenerateKeyRequest.fromPartial({ spec }));
  const found = await keysOf(label);
  const [half, other] = [PRIVATE, PUBLIC].map((each) => found.find(({ keyClass }) => keyClass === each));
  if (half === undefined || other === undefined) throw new Error('it has not both halves');
  return [half, other];
}

const states = async (label: string) =>
  Object.fromEntries((await keysOf(label)).map(({ keyClass, state }) => [keyClass, state]));

const set = (uniqueId: string, state: KeyState, more: object = {}): Promise<SetKeyStateResponse> =>
  ask(
    world.admin,
    world.admin.setKeyState,
    SetKeyStateRequest.fromPartial({
      token: 'web',
      uniqueId,
      state,
      owner: PinOwner.PIN_OWNER_USER,
      pin: bytes(userPin),
      reason: 'it is tried out',
      ...more,
    }),
  );
const asOfficer = () => ({ owner: PinOwner.PIN_OWNER_SO, pin: bytes(soPin) });
const told = ({ changed }: SetKeyStateResponse) =>
  changed.map(({ uniqueId, keyClass, state }) => ({ uniqueId, keyClass, state }));

it('both halves go, whichever is named, the private one first', async () => {
  const [half, other] = await pair('both');
  const both = (state: string) => [
    { uniqueId: half.uniqueId, keyClass: PRIVATE, state },
    { uniqueId: other.uniqueId, keyClass: PUBLIC, state },
  ];
  expect(told(await set(half.uniqueId, KEY_STATE_SUSPENDED))).toEqual(both('suspended'));
  expect(await states('both')).toEqual({ [PRIVATE]: 'suspended', [PUBLIC]: 'suspended' });
  const { changed } = await set(other.uniqueId, KEY_STATE_ACTIVE);
  expect(told({ changed })).toEqual(both('active'));
  expect(changed[0]).toEqual({ ...half, state: 'active' });
});

it('one half goes alone when that is asked for, and the other one comes after it', async () => {
  const [half, other] = await pair('alone');
  expect(told(await set(half.uniqueId, KEY_STATE_DEACTIVATED, { halfOnly: true }))).toEqual([
    { uniqueId: half.uniqueId, keyClass: PRIVATE, state: 'deactivated' },
  ]);
  expect(await states('alone')).toEqual({ [PRIVATE]: 'deactivated', [PUBLIC]: 'active' });
  // What is there already stays as it is, whichever is named.
  expect(told(await set(half.uniqueId, KEY_STATE_DEACTIVATED))).toEqual([
    { uniqueId: other.uniqueId, keyClass: PUBLIC, state: 'deactivated' },
  ]);
  expect(await refused(set(half.uniqueId, KEY_STATE_DEACTIVATED))).toMatchObject({ fields: ['state'] });
});

it('the security officer has what he sees told, and no more', async () => {
  const [half, other] = await pair('officer');
  const [unseen] = (await set(half.uniqueId, KEY_STATE_SUSPENDED, asOfficer())).changed;
  expect(unseen).toMatchObject({ token: 'web', uniqueId: half.uniqueId, state: 'suspended' });
  expect(unseen).toMatchObject({ label: '', keyClass: KeyClass.KEY_CLASS_UNSPECIFIED, usages: [] });
  expect(await states('officer')).toEqual({ [PRIVATE]: 'suspended', [PUBLIC]: 'active' });
  expect((await set(other.uniqueId, KEY_STATE_SUSPENDED, asOfficer())).changed).toEqual([
    { ...other, state: 'suspended' },
  ]);
});

it('halves of other pairs, and secret keys, are left out of it', async () => {
  const id = bytes('one id for two');
  const [half] = await pair('first', { id });
  await pair('second', { id });
  expect((await set(half.uniqueId, KEY_STATE_SUSPENDED)).changed).toHaveLength(2);
  expect(await states('second')).toEqual({ [PRIVATE]: 'active', [PUBLIC]: 'active' });
  const made = await world.generate('secret', K.KEY_ALGORITHM_AES_128);
  expect((await set(made.key?.uniqueId ?? '', KEY_STATE_SUSPENDED)).changed).toEqual([
    { ...made.key, state: 'suspended' },
  ]);
});

it('where more than one could be the other half, none goes until one is named alone', async () => {
  const id = bytes('one id and label');
  const [half] = await pair('twin', { id });
  const spec = { token: 'web', label: 'twin', algorithm: K.KEY_ALGORITHM_EC_P256, id };
  await ask(world.keys, world.keys.generateKey, GenerateKeyRequest.fromPartial({ spec }));
  expect(await refused(set(half.uniqueId, KEY_STATE_COMPROMISED))).toMatchObject({
    code: status.FAILED_PRECONDITION,
    fields: ['unique_id'],
  });
  expect(new Set((await keysOf('twin')).map(({ state }) => state))).toEqual(new Set(['active']));
  expect((await set(half.uniqueId, KEY_STATE_COMPROMISED, { halfOnly: true })).changed).toHaveLength(1);
});

it('a second half that does not go is told of', async () => {
  const [half, other] = await pair('resumed');
  await set(other.uniqueId, KEY_STATE_SUSPENDED, { ...asOfficer(), halfOnly: true });
  await set(half.uniqueId, KEY_STATE_SUSPENDED, { halfOnly: true });
  // What the security officer suspended, the user does not resume.
  const { reason, message, fields } = await refused(set(half.uniqueId, KEY_STATE_ACTIVE));
  expect({ reason, fields }).toEqual({ reason: 'CKR_ATTRIBUTE_READ_ONLY', fields: ['state'] });
  expect(message).toContain(
    `the private half (${half.uniqueId}) is active now, and the public half (${other.uniqueId}) is not`,
  );
  expect(await states('resumed')).toEqual({ [PRIVATE]: 'active', [PUBLIC]: 'suspended' });
});

it('rules that give no search give the half that is named', async () => {
  const [half] = await pair('ruled');
  const { engine } = world.door.engine;
  const searches = ['C_FindObjectsInit', 'C_FindObjects', 'C_FindObjectsFinal'].map(functionNumber);
  const fewer = { ...allOfToken, limited: true, mayCall: (fn: number) => !searches.includes(fn) };
  engine.rightsOf = () => ({ ...everything, limited: true, on: () => fewer });
  try {
    expect((await set(half.uniqueId, KEY_STATE_SUSPENDED)).changed).toMatchObject([
      { uniqueId: half.uniqueId, keyClass: KeyClass.KEY_CLASS_UNSPECIFIED, state: 'suspended' },
    ]);
  } finally {
    engine.rightsOf = () => everything;
  }
  expect(await states('ruled')).toEqual({ [PRIVATE]: 'suspended', [PUBLIC]: 'active' });
});
