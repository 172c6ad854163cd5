/** A PIN that has come of age opens nothing until it is changed. */
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loginHandlers } from '../../module/engine/calls/login.ts';
import * as ck from '../../module/engine/generated/constants.ts';
import { unlock } from '../../module/engine/sessions/unlocking.ts';
import { KeyslotKind } from '../../module/engine/store/protection.ts';
import { dueFor } from '../../module/engine/tokens/new-pins.ts';
import { withPin } from '../../module/engine/tokens/pins.ts';
import { Host, span } from '../engine/host.ts';
import { enclave } from '../store/real-enclave.ts';
import { fillSoPin, fillStore, fillUserPin } from '../support/fill.ts';
import { configText, temporaryFolder } from './support.ts';

const DAY = 86_400_000;
const AGED = 'aged-pin-1';

let folder: string;
let host: Host;

beforeEach(async () => {
  folder = temporaryFolder();
  fillStore(enclave, path.join(folder, 'store'), [{ label: 'aged', objects: 1, kind: 'aes' }]);
  const config = path.join(folder, 'own.toml');
  fs.writeFileSync(config, configText(['max_age_days = 30']));
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2027, 0, 1) });
  host = new Host(path.join(folder, 'store'), 0, config);
  const a = { oldPin: span(fillUserPin), newPin: span(AGED) };
  expect(await host.answered(host.call(loginHandlers.C_SetPIN, host.session(), a))).toBe(ck.CKR_OK);
});

afterEach(() => {
  host.engine.close();
  vi.useRealTimers();
  fs.rmSync(folder, { recursive: true, force: true });
});

const due = (kind: 0 | 1 = KeyslotKind.User) => dueFor(host.engine, host.token().record, kind);
const after = (days: number) => vi.setSystemTime(Date.UTC(2027, 0, 1) + days * DAY);

test('a PIN is due on its day, and not before', () => {
  after(29.99);
  expect(due()).toBeUndefined();
  after(30);
  expect(due()).toBe('age');
  // One from before this was kept has no age.
  expect(due(KeyslotKind.So)).toBeUndefined();
  // A clock that was set back makes it no older.
  after(-10);
  expect(due()).toBeUndefined();
});

test('a login with it must change it first, and one from before goes on', async () => {
  const early = host.session();
  expect(await host.answered(host.login(early, AGED))).toBe(ck.CKR_OK);
  after(31);
  const late = host.session();
  expect(await host.answered(host.login(late, AGED))).toBe(ck.CKR_OK);
  expect([early, late].map(({ app, token }) => app.mustChangePin(token))).toEqual([false, true]);
  const a = { oldPin: span(AGED), newPin: span('fresh-pin-2') };
  expect(await host.answered(host.call(loginHandlers.C_SetPIN, late, a))).toBe(ck.CKR_OK);
  expect([due(), late.app.mustChangePin(late.token)]).toEqual([undefined, false]);
});

test('it unlocks no token for whom the rules need no login', async () => {
  after(31);
  const session = host.session();
  const answer = host.call(
    (call) =>
      withPin(call, host.token().record, KeyslotKind.User, span(AGED), (master) =>
        unlock(call, host.engine, host.token(), master, session.app),
      ),
    session,
    {},
  );
  expect(await host.answered(answer)).toBe(ck.CKR_PIN_EXPIRED);
  expect(host.token().keeper).toBeUndefined();
});

test('the security officer gives another, whose age begins anew', async () => {
  after(31);
  const officer = host.session();
  expect(await host.answered(host.login(officer, fillSoPin, ck.CKU_SO))).toBe(ck.CKR_OK);
  expect(await host.answered(host.call(loginHandlers.C_InitPIN, officer, { pin: span('given-pin-3') }))).toBe(
    ck.CKR_OK,
  );
  expect(due()).toBeUndefined();
});
