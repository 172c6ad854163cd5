/**
 * Each cell of the table (schema/lifecycle), tried through the C ABI: with keys that begin in the state or were taken to it, in one part, in
 * several, and with operations that had begun before. What is expected is what the table says; that the table is right, facts.test.ts says.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as ck from '../../module/engine/generated/constants.ts';
import { type Row, type StateName, states, table } from '../../schema/lifecycle/states.ts';
import { buildPkcs11js } from '../support/pkcs11js.ts';
import { makeStore, type Store } from '../support/store.ts';
import { type Cell, cells } from './cells.ts';
import { type Hex, makeToken, Program, type Values } from './program.ts';

let store: Store;
let program: Program;
let session: Hex;

beforeAll(async () => {
  await buildPkcs11js();
  store = makeStore();
  await makeToken(store);
  program = new Program(store);
  session = await program.session();
});

afterAll(async () => {
  await program?.leave();
  await store?.close();
});

const living = states.filter(({ name }) => name !== 'destroyed');
const REASON = { [ck.CKA_STRONGROOM_STATE_REASON]: 'tried out' };

function may(state: StateName, { operation }: Cell): boolean {
  return (table as readonly Row[]).some((row) => row.state === state && row.may.includes(operation));
}

/** A key that has come to the state, and what it is in: keys before activation are made so, all others are taken there. */
async function keyIn(cell: Cell, state: StateName): Promise<Hex> {
  const number = states.find(({ name }) => name === state)?.number ?? 0;
  if (state === 'pre-activation')
    return await cell.make(program, session, { [ck.CKA_STRONGROOM_STATE]: number });
  const key = await cell.make(program, session, {});
  if (state !== 'active')
    expect(await program.set(session, key, { [ck.CKA_STRONGROOM_STATE]: number, ...REASON })).toBe('CKR_OK');
  expect(await program.number(session, key, ck.CKA_STRONGROOM_STATE)).toBe(number);
  return key;
}

const tried = cells.flatMap((cell) =>
  cell.ways.flatMap((way) => living.map(({ name }) => ({ cell, way, state: name as StateName }))),
);

describe('a key in a state', () => {
  it.each(tried)('$cell.operation, $way.name: $state', async ({ cell, way, state }) => {
    const key = await keyIn(cell, state);
    let rv = (await way.begin?.(program, session, key)) ?? 'CKR_OK';
    if (rv === 'CKR_OK') rv = await way.goOn(program, session, key);
    // A key before activation was never used, so there is nothing that it could unwrap.
    if (may(state, cell)) expect(rv).toBe('CKR_OK');
    else expect(rv).toBe(cell.refusal ?? 'CKR_KEY_FUNCTION_NOT_PERMITTED');
  });
});

/** What takes an active key to a state: an order, or times that another session changes. */
function turns(): { readonly state: StateName; readonly by: string; change(): Values }[] {
  const now = Math.floor(Date.now() / 1000);
  const to = (state: StateName) => states.find(({ name }) => name === state)?.number ?? 0;
  return [
    ...(['suspended', 'deactivated', 'compromised'] as const).map((state) => ({
      state,
      by: 'order',
      change: () => ({ [ck.CKA_STRONGROOM_STATE]: to(state), ...REASON }),
    })),
    { state: 'deactivated', by: 'CKA_END_DATE', change: () => ({ [ck.CKA_END_DATE]: '20200229' }) },
    {
      state: 'deactivated',
      by: 'time',
      change: () => ({ [ck.CKA_STRONGROOM_DEACTIVATION_TIME]: now - 1 }),
    },
  ];
}

const begun = cells.flatMap((cell) =>
  cell.ways
    .filter(({ begin }) => begin !== undefined)
    .flatMap((way) => turns().map((turn) => ({ cell, way, turn }))),
);

describe('an operation that began while the key was active', () => {
  it.each(begun)('$cell.operation, $way.name, then $turn.state by $turn.by', async ({ cell, way, turn }) => {
    const key = await cell.make(program, session, {});
    const other = await program.session();
    expect(await way.begin?.(program, session, key)).toBe('CKR_OK');
    expect(await program.set(other, key, turn.change())).toBe('CKR_OK');
    const rv = await way.goOn(program, session, key);
    await program.ok('C_CloseSession', other);
    expect(rv).toBe(may(turn.state, cell) ? 'CKR_OK' : 'CKR_KEY_FUNCTION_NOT_PERMITTED');
    // It has ended: another one can begin, or is refused for the key alone.
    const again = await way.begin?.(program, session, key);
    expect(again).toBe(may(turn.state, cell) ? 'CKR_OK' : 'CKR_KEY_FUNCTION_NOT_PERMITTED');
    if (again === 'CKR_OK') await way.goOn(program, session, key);
  });
});
