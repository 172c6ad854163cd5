/**
 * What waits for the disk and what does not: records about token objects do, one by one; those about session objects are in the log when
 * their call returns, and leave it to the interval to sync them.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type AuditRecord, Kind } from '../../audit/format.ts';
import { verifyAuditLog } from '../../audit/verify.ts';
import { callTable } from '../../module/engine/calls/generated/codec.ts';
import { eventually, needProgram } from '../support/programs.ts';
import type { Store } from '../support/store.ts';
import { compile, homeOf, quickStore, setUp, Talk } from './support.ts';

const PATIENCE = { timeout: 120_000 };
/** No sync by interval falls into a test. */
const RARELY = ['[audit]', 'sync_interval_ms = 60000'];

let store: Store | undefined;
let client: Talk | undefined;
let tracer: ChildProcess | undefined;

afterEach(async () => {
  tracer?.kill('SIGKILL');
  tracer = undefined;
  await client?.end();
  client = undefined;
  await store?.close();
  store = undefined;
});

/** A client that is logged in on a token of its own, with an engine that goes on running. */
async function open(): Promise<{ at: Store; step: (line: string) => Promise<string> }> {
  const at = quickStore(RARELY);
  store = at;
  setUp(at);
  const talk = new Talk(compile('fleeting'), [at.module], at.env);
  client = talk;
  const step = async (line: string): Promise<string> =>
    (await talk.ask(line, 'done ', 100_000)).at(-1)?.slice('done '.length) ?? '';
  expect(await step('open')).toBe('0x0');
  return { at, step };
}

/** The whole log, which has to verify. */
function logOf(at: Store): AuditRecord[] {
  const records: AuditRecord[] = [];
  const home = homeOf(at);
  const verdict = verifyAuditLog({
    log: path.join(home, 'audit.log'),
    publicKey: readFileSync(path.join(home, 'audit.pub'), 'utf8'),
    anchor: path.join(home, 'audit.anchor'),
    onRecord: (record) => records.push({ ...record, object: record.object.slice() }),
  });
  expect(verdict).toMatchObject({ ok: true });
  return records;
}

/** How often each function is in the log. */
function countsOf(records: readonly AuditRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind, function: fn } of records) {
    if (kind !== Kind.Administration) continue;
    const name = callTable[fn - 1]?.name ?? '?';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function enginePid(at: Store): number {
  const pid = at.enginePid();
  if (pid === undefined) throw new Error('no engine runs');
  return pid;
}

/**
 * Counts the engine's waits for the disk.
 * @returns the counter, or why nobody may look at the engine
 */
async function traceSyncs(at: Store): Promise<(() => number) | string> {
  const file = at.path('syncs');
  const args = [
    '-f',
    '-p',
    String(enginePid(at)),
    '-e',
    'trace=fdatasync,fsync,msync,sync_file_range',
    '-o',
    file,
  ];
  const child = spawn(needProgram('strace'), args, { stdio: ['ignore', 'ignore', 'pipe'] });
  tracer = child;
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const settled = await eventually(() => /attached|not permitted|denied/i.test(said), 60_000);
  if (!settled || !/attached/.test(said)) return said.trim() || 'strace says nothing';
  return () =>
    (readFileSync(file, 'latin1').match(/\b(fdatasync|fsync|msync|sync_file_range)\(/g) ?? []).length;
}

/** Syncs that checkpoints make, by the clock or by their number of records, are nobody's wait. */
function checkpoints(at: Store): number {
  return logOf(at).filter(({ kind }) => kind === Kind.Checkpoint).length;
}
/** One for the log, one for the anchor. */
const SYNCS_OF_A_CHECKPOINT = 2;

test('session objects never wait for the disk, token objects always do', PATIENCE, async ({ skip }) => {
  const { at, step } = await open();
  const syncs = await traceSyncs(at);
  if (typeof syncs === 'string') return skip(`the engine cannot be traced here: ${syncs}`);
  const during = async (line: string): Promise<number> => {
    const [before, signed] = [syncs(), checkpoints(at)];
    expect(await step(line), line).toBe('0x0');
    return syncs() - before - SYNCS_OF_A_CHECKPOINT * (checkpoints(at) - signed);
  };
  for (const line of ['secret session 50', 'pair session 50', 'others session 20']) {
    expect(await during(line), line).toBeLessThanOrEqual(0);
  }
  // Each object of a token costs the store's sync and the log's, when it is made and when it goes.
  expect(await during('secret token 3')).toBeGreaterThanOrEqual(3 * 4);
  expect(await during('pair token 3')).toBeGreaterThanOrEqual(3 * 6);
  // The private half alone is the token's: its making (store and log) and its end wait, the public half's end does not.
  expect(await during('pair mixed 3')).toBeGreaterThanOrEqual(3 * 4);
  // A copy that becomes a token object waits, however fleeting what it was copied from.
  expect(await during('others mixed 3')).toBeGreaterThanOrEqual(3 * 4);
});

test('what was done with session objects is in the log when the call has returned', PATIENCE, async () => {
  const { at, step } = await open();
  const before = countsOf(logOf(at));
  expect(await step('secret session 7')).toBe('0x0');
  expect(await step('pair session 5')).toBe('0x0');
  expect(await step('others session 2')).toBe('0x0');
  const after = countsOf(logOf(at));
  const added = Object.fromEntries(
    Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]),
  );
  expect(added).toMatchObject({
    C_GenerateKey: 7 + 2,
    C_GenerateKeyPair: 5 + 2,
    C_DestroyObject: 7 + 2 * 5 + 7 * 2,
    C_CreateObject: 2,
    C_SetAttributeValue: 2,
    C_CopyObject: 2,
    C_WrapKey: 2,
    C_UnwrapKey: 2,
    C_DeriveKey: 2,
  });
});

test('an engine that is killed leaves them in a log that verifies', PATIENCE, async () => {
  const { at, step } = await open();
  expect(await step('secret session 40')).toBe('0x0');
  expect(await step('pair session 10')).toBe('0x0');
  const before = countsOf(logOf(at));
  const pid = enginePid(at);
  process.kill(pid, 'SIGKILL');
  expect(await eventually(() => at.enginePid() === undefined, 60_000)).toBe(true);
  expect(countsOf(logOf(at))).toEqual(before);
  // The next engine takes it up where the dead one stopped.
  await step('fini');
  expect(await step('open')).toBe('0x0');
  expect(await step('secret session 1')).toBe('0x0');
  expect(countsOf(logOf(at)).C_GenerateKey).toBe((before.C_GenerateKey ?? 0) + 1);
});
