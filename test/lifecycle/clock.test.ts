/** Keys' times: dates and seconds, with a clock that the tests move, one that is set back, and time that truly passes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as ck from '../../module/engine/generated/constants.ts';
import { Clock } from '../../module/engine/values/clock.ts';
import { Host } from '../engine/host.ts';
import { buildPkcs11js } from '../support/pkcs11js.ts';
import { eventually } from '../support/programs.ts';
import { makeStore, quickPins, type Store } from '../support/store.ts';
import { cells } from './cells.ts';
import { type Hex, hex, makeToken, Program, strongroom, type Values } from './program.ts';

const DAY = 86_400;
const YEAR = 365 * DAY;
let store: Store;
let config: string;
let program: Program;

/** A CK_DATE so many days from today. */
function date(days: number): string {
  return new Date(Date.now() + days * DAY * 1000).toISOString().slice(0, 10).replaceAll('-', '');
}

/** Moves the clock: a new engine reads the configuration, and a new program comes. */
async function moveTo(days: number): Promise<Hex> {
  await program?.leave();
  await store.stopEngine();
  writeFileSync(config, ['[clock]', `offset_seconds = ${days * DAY}`, ...quickPins].join('\n'));
  program = new Program(store, { STRONGROOM_CONFIG: config });
  return program.session();
}

async function keyNamed(session: Hex, label: string): Promise<Hex> {
  const [key] = await program.find(session, { [ck.CKA_LABEL]: label });
  if (key === undefined) throw new Error(`there is no ${label}`);
  return key;
}

const sign = cells.find(({ operation }) => operation === 'MAC');
const verify = cells.find(({ operation, make }) => operation === 'verify' && make === sign?.make);

/** What becomes of a use in one part. */
async function tried(cell: typeof sign, session: Hex, key: Hex): Promise<string> {
  const [way] = cell?.ways ?? [];
  const rv = (await way?.begin?.(program, session, key)) ?? '';
  return rv === 'CKR_OK' ? ((await way?.goOn(program, session, key)) ?? '') : rv;
}

describe('dates and times', () => {
  beforeAll(buildPkcs11js);
  beforeEach(async () => {
    store = makeStore();
    config = store.path('strongroom.toml');
    await makeToken(store);
  });
  afterEach(async () => {
    await program?.leave();
    await store?.close();
  });

  it('make a key active and deactivate it, whatever it was told otherwise', async () => {
    const session = await moveTo(0);
    const now = Math.floor(Date.now() / 1000);
    const keys: Readonly<Record<string, Values>> = {
      plain: {},
      dated: { [ck.CKA_START_DATE]: date(10), [ck.CKA_END_DATE]: date(20) },
      timed: {
        [ck.CKA_STRONGROOM_ACTIVATION_TIME]: now + 10 * DAY,
        [ck.CKA_STRONGROOM_DEACTIVATION_TIME]: now + 20 * DAY,
      },
      // The time goes before the date.
      both: { [ck.CKA_END_DATE]: date(1), [ck.CKA_STRONGROOM_DEACTIVATION_TIME]: now + 15 * DAY },
    };
    for (const [label, values] of Object.entries(keys))
      await sign?.make(program, session, { [ck.CKA_LABEL]: label, [ck.CKA_TOKEN]: true, ...values });
    const seen: Record<string, string[]> = {};
    for (const days of [0, 8, 12, 22]) {
      const moved = await moveTo(days);
      for (const label of Object.keys(keys)) {
        const key = await keyNamed(moved, label);
        const state = await program.number(moved, key, ck.CKA_STRONGROOM_STATE);
        const found = await program.find(moved, { [ck.CKA_LABEL]: label, [ck.CKA_STRONGROOM_STATE]: state });
        expect(found).toEqual([key]);
        const uses = [await tried(sign, moved, key), await tried(verify, moved, key)];
        const words = uses.map((rv) => (rv === 'CKR_OK' ? 'yes' : 'no'));
        seen[label] = [...(seen[label] ?? []), [state, ...words].join(' ')];
        for (const rv of uses) expect(['CKR_OK', 'CKR_KEY_FUNCTION_NOT_PERMITTED']).toContain(rv);
      }
    }
    expect(seen).toEqual({
      plain: ['2 yes yes', '2 yes yes', '2 yes yes', '2 yes yes'],
      dated: ['1 no no', '1 no no', '2 yes yes', '4 no yes'],
      timed: ['1 no no', '1 no no', '2 yes yes', '4 no yes'],
      both: ['2 yes yes', '2 yes yes', '2 yes yes', '4 no yes'],
    });
    // Doctor says that the clock is moved, and the log told each refusal once and the setting at the start.
    const doctor = await strongroom({ ...store, env: { ...store.env, STRONGROOM_CONFIG: config } }, 'doctor');
    expect(doctor.stdout + doctor.stderr).toContain(`${22 * DAY} seconds ahead`);
    const log = await strongroom(store, 'audit', 'show', '-n', '10000');
    expect(log.stdout).toContain('refused: the key is deactivated');
    expect((await strongroom(store, 'audit', 'verify')).code).toBe(0);
  });

  it('end a key on the last second of its day, in UTC', async () => {
    const session = await moveTo(0);
    await sign?.make(program, session, {
      [ck.CKA_LABEL]: 'dated',
      [ck.CKA_TOKEN]: true,
      [ck.CKA_END_DATE]: date(0),
    });
    const key = await keyNamed(session, 'dated');
    const end = await program.number(session, key, ck.CKA_STRONGROOM_DEACTIVATION_TIME);
    expect(end % DAY).toBe(0);
    expect(new Date((end - 1) * 1000).toISOString().slice(0, 10).replaceAll('-', '')).toBe(date(0));
  });

  it('that pass while a program promises itself the next operation end it all the same', async () => {
    const session = await moveTo(0);
    const key = await sign?.make(program, session, {});
    if (key === undefined) throw new Error('no key');
    // The same opening several times: the library answers for the engine from now on.
    for (let i = 0; i < 5; i++) expect(await tried(sign, session, key)).toBe('CKR_OK');
    const end = Math.floor(Date.now() / 1000) + 2;
    expect(await program.set(session, key, { [ck.CKA_STRONGROOM_DEACTIVATION_TIME]: end })).toBe('CKR_OK');
    const answers = new Set<string>();
    await eventually(async () => {
      answers.add(await tried(sign, session, key));
      return Date.now() / 1000 > end + 1;
    }, 60_000);
    expect([...answers].filter((rv) => rv !== 'CKR_OK')).toEqual(['CKR_KEY_FUNCTION_NOT_PERMITTED']);
    expect(await tried(sign, session, key)).toBe('CKR_KEY_FUNCTION_NOT_PERMITTED');
    expect(await tried(verify, session, key)).toBe('CKR_OK');
  });

  it('that pass while an operation is under way end it too', async () => {
    const session = await moveTo(0);
    const key = await sign?.make(program, session, {});
    const way = sign?.ways[1];
    if (key === undefined || way === undefined) throw new Error('no key');
    expect(await way.begin?.(program, session, key)).toBe('CKR_OK');
    const other = await program.session();
    const end = Math.floor(Date.now() / 1000) + 1;
    expect(await program.set(other, key, { [ck.CKA_STRONGROOM_DEACTIVATION_TIME]: end })).toBe('CKR_OK');
    await eventually(() => Date.now() / 1000 > end, 60_000);
    expect(await way.goOn(program, session, key)).toBe('CKR_KEY_FUNCTION_NOT_PERMITTED');
  });

  it('are refused where they make no sense', async () => {
    const session = await moveTo(0);
    const now = Math.floor(Date.now() / 1000);
    const refused = async (values: Values) => {
      const made = await program.call(
        'C_GenerateKey',
        session,
        { mechanism: ck.CKM_AES_KEY_GEN },
        Object.entries({ [ck.CKA_VALUE_LEN]: hex(lengthOf(32)), ...values }).map(([type, value]) => ({
          type: Number(type),
          value: typeof value === 'number' ? hex(lengthOf(value)) : (value as Hex),
        })),
      );
      return made.rv;
    };
    const all = hex(Buffer.alloc(8, 0xff));
    const huge = hex(Buffer.from('0000000000000080', 'hex'));
    expect(await refused({ [ck.CKA_STRONGROOM_ACTIVATION_TIME]: 0 })).toBe('CKR_ATTRIBUTE_VALUE_INVALID');
    expect(await refused({ [ck.CKA_STRONGROOM_DEACTIVATION_TIME]: 0 })).toBe('CKR_ATTRIBUTE_VALUE_INVALID');
    expect(await refused({ [ck.CKA_STRONGROOM_DEACTIVATION_TIME]: huge })).toBe(
      'CKR_ATTRIBUTE_VALUE_INVALID',
    );
    expect(await refused({ [ck.CKA_STRONGROOM_DEACTIVATION_TIME]: 253_402_300_800 })).toBe(
      'CKR_ATTRIBUTE_VALUE_INVALID',
    );
    expect(await refused({ [ck.CKA_STRONGROOM_DEACTIVATION_TIME]: all })).toBe(undefined);
    const backwards = {
      [ck.CKA_STRONGROOM_ACTIVATION_TIME]: now + 9,
      [ck.CKA_STRONGROOM_DEACTIVATION_TIME]: now + 8,
    };
    expect(await refused(backwards)).toBe('CKR_TEMPLATE_INCONSISTENT');
    expect(await refused({ [ck.CKA_START_DATE]: hex('20300102'), [ck.CKA_END_DATE]: hex('20291231') })).toBe(
      'CKR_TEMPLATE_INCONSISTENT',
    );
    expect(await refused({ [ck.CKA_STRONGROOM_STATE]: 5 })).toBe('CKR_ATTRIBUTE_VALUE_INVALID');
    expect(await refused({ [ck.CKA_STRONGROOM_STATE_SET]: 2 })).toBe('CKR_ATTRIBUTE_READ_ONLY');
    expect(await refused({ [ck.CKA_STRONGROOM_SUCCESSOR]: hex('nobody') })).toBe(
      'CKR_ATTRIBUTE_VALUE_INVALID',
    );
  });
});

function lengthOf(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

describe('a clock that is set back', () => {
  afterEach(() => vi.restoreAllMocks());

  it('holds the latest time that it knew, says so once, and goes on from there', () => {
    let system = 1_000_000_000_000;
    const told: number[] = [];
    const clock = new Clock(
      () => ({ monotonic: true, offsetSeconds: 0 }),
      0,
      (held) => told.push(held),
      () => system,
    );
    expect(clock.now()).toBe(1_000_000_000);
    system -= YEAR * 1000;
    expect(clock.now()).toBe(1_000_000_000);
    expect(clock.now()).toBe(1_000_000_000);
    expect(told).toEqual([1_000_000_000_000]);
    expect(clock.findings().length).toBe(1);
    system += 2 * YEAR * 1000;
    expect(clock.now()).toBe(1_000_000_000 + YEAR);
    expect(clock.findings()).toEqual([]);
    // What time servers do is nothing to speak of, and turns no time back either.
    system -= 5000;
    expect(clock.now()).toBe(1_000_000_000 + YEAR);
    expect(told.length).toBe(1);
  });

  it('follows the system where the configuration says so, and is ahead of it for a rehearsal', () => {
    let system = 1_000_000_000_000;
    const settings = { monotonic: false, offsetSeconds: 60 };
    const clock = new Clock(
      () => settings,
      2_000_000_000_000,
      () => undefined,
      () => system,
    );
    expect(clock.now()).toBe(1_000_000_060);
    system -= 10_000;
    expect(clock.now()).toBe(1_000_000_050);
  });

  it('does not take an engine back, however often it starts anew', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'strongroom-clock-'));
    try {
      const real = Date.now();
      const at = (time: number) => vi.spyOn(Date, 'now').mockReturnValue(time);
      at(real);
      new Host(folder).engine.close();
      // A day and more later, so that what the store keeps follows.
      at(real + 3 * DAY * 1000);
      new Host(folder).engine.close();
      for (let start = 0; start < 3; start++) {
        at(real - YEAR * 1000 + start);
        const { engine } = new Host(folder);
        expect(engine.clock.now()).toBeGreaterThanOrEqual(Math.floor(real / 1000) + 3 * DAY - 1);
        expect(engine.clock.findings()[0]).toContain('set back');
        engine.close();
      }
      // While one runs: what it has seen holds, for it and for those that come after.
      at(real + 10 * DAY * 1000);
      const running = new Host(folder).engine;
      running.clock.now();
      at(real);
      // The log's records may be a little later than what the clock was asked.
      const held = Math.floor(real / 1000) + 10 * DAY;
      expect([held, held + 1]).toContain(running.clock.now());
      running.close();
      const next = new Host(folder).engine;
      expect([held, held + 1]).toContain(next.clock.now());
      next.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
