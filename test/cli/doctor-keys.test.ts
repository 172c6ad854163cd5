/** `strongroom doctor` and `strongroom status` of keys that want looking after, in a token that a program has open; and `key due`, which names them. */
import { writeFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import * as ck from '../../module/engine/generated/constants.ts';
import {
  aesKey,
  type Hex,
  hex,
  LABEL,
  macKey,
  makeToken,
  Program,
  strongroom,
} from '../lifecycle/program.ts';
import { buildPkcs11js } from '../support/pkcs11js.ts';
import { makeStore, quickPins, type Store } from '../support/store.ts';

const PATIENCE = { timeout: 180_000 };
const DAY = 86_400;
let store: Store;
let program: Program;
let session: Hex;

beforeAll(buildPkcs11js);
beforeEach(async () => {
  const made = makeStore();
  store = { ...made, env: { ...made.env, STRONGROOM_CONFIG: made.path('strongroom.toml') } };
  configure('keys.rotation_check_seconds = 86400');
  await makeToken(store);
  program = new Program(store);
  session = await program.session();
});
afterEach(async () => {
  await program?.leave();
  await store?.close();
});

/** What the next engine reads, which rotates nothing by itself. */
function configure(...lines: readonly string[]): void {
  writeFileSync(store.path('strongroom.toml'), [...lines, ...quickPins].join('\n'));
}

const stored = (label: string) => ({ [ck.CKA_TOKEN]: true, [ck.CKA_LABEL]: label });

async function typed(...words: readonly string[]): Promise<string> {
  const { stdout } = await strongroom(store, ...words);
  return stdout;
}

/** What doctor says of the tokens. */
async function tokens(): Promise<string[]> {
  const [, section = ''] = (await typed('doctor')).split('\nTokens\n');
  return (section.split('\n\n')[0] ?? '').split('\n').map((line) => line.trim().replace(/ +/g, ' '));
}

const mac = async (key: Hex) => {
  await program.ok('C_SignInit', session, { mechanism: ck.CKM_SHA256_HMAC }, key);
  await program.ok('C_Sign', session, hex('data'), hex(Buffer.alloc(64)));
};

/** The next engine's clock is ahead; the program comes back. */
async function ahead(seconds: number): Promise<void> {
  await program.leave();
  await store.stopEngine();
  configure('keys.rotation_check_seconds = 86400', `clock.offset_seconds = ${seconds}`);
  program = new Program(store);
  session = await program.session('nobody');
}

test('keys that are due or near a limit', PATIENCE, async () => {
  const turning = await aesKey(program, session, stored('turning'));
  expect(await program.set(session, turning, { [ck.CKA_STRONGROOM_ROTATE_EVERY]: 600 })).toBe('CKR_OK');
  const used = await macKey(program, session, { ...stored('used'), [ck.CKA_STRONGROOM_USE_LIMIT]: 4 });
  expect(await tokens()).toEqual([`ok slot 0 “${LABEL}”: PINs are set`]);
  await mac(used);
  expect(await tokens()).toEqual([`ok slot 0 “${LABEL}”: PINs are set`]);
  // The engine notes a key when it goes beyond half of its limit.
  await mac(used);
  await mac(used);
  const mend = `strongroom key due --token '${LABEL}' --login`;
  const near = `“${LABEL}”: 1 key has used up half of a limit or more`;
  expect(await tokens()).toEqual([`note slot 0 ${near}`, mend]);
  expect(await typed('status')).toMatch(new RegExp(`^ {2}look after {5}${near}\n {2}wrong +nothing$`, 'm'));
  expect(await typed('key', 'due', '--pin', 'env:PIN')).toContain(
    `“used” (generic 256) of “${LABEL}” has used up 75 % of a limit.\n`,
  );
  // Whoever has rotated it has seen to it.
  await typed('key', 'rotate', 'used', '--pin', 'env:PIN');
  expect(await tokens()).toEqual([`ok slot 0 “${LABEL}”: PINs are set`]);

  await ahead(1200);
  // Nobody has opened the token: of private keys nothing is known.
  expect((await tokens())[0]).toBe(`ok slot 0 “${LABEL}”: PINs are set`);
  session = await program.session();
  expect(await tokens()).toEqual([`note slot 0 “${LABEL}”: 1 key is due to be rotated`, mend]);
  const json = JSON.parse(await typed('status', '--json')) as { tokenNotes: object[]; ok: boolean };
  expect(json.tokenNotes).toEqual([{ slot: 0, label: LABEL, lockedPins: [], keysDue: 1, keysNearLimit: 0 }]);
});

test('key due names those whose end is near', PATIENCE, async () => {
  const end = Math.floor(Date.now() / 1000) + 10 * DAY;
  await aesKey(program, session, { ...stored('ending'), [ck.CKA_STRONGROOM_DEACTIVATION_TIME]: end });
  await aesKey(program, session, {
    ...stored('later'),
    [ck.CKA_STRONGROOM_DEACTIVATION_TIME]: end + 30 * DAY,
  });
  const at = new Date(end * 1000).toISOString().slice(0, 19).replace('T', ' ');
  expect(await typed('key', 'due', '--pin', 'env:PIN')).toBe(
    `No key has a time to be rotated.\n“ending” (AES 256) of “${LABEL}” ends at ${at} UTC.\n`,
  );
  const { near } = JSON.parse(await typed('key', 'due', '--json', '--pin', 'env:PIN')) as { near: object[] };
  expect(near).toMatchObject([{ label: 'ending', why: ['end'], until: end }]);
});
