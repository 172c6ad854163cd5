/** The mapped end of a log: at sudden ends, when somebody cuts it, and over a long run. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { AuditError } from '../../audit/errors.ts';
import { Kind } from '../../audit/format.ts';
import { verifyAuditLog } from '../../audit/verify.ts';
import { windowLength } from '../../audit/window.ts';
import { chainKeeper } from '../../module/engine/audit.ts';
import { Store } from '../../module/engine/store/store.ts';
import { enclave, temporaryFolder } from '../store/support.ts';
import { soakCount } from '../support/soak.ts';
import { boundaries, logIn, makeLog, operate, withoutRoom } from './support.ts';

const rounds = soakCount(24, 10);

test(`${rounds} kills amid appends lose no record and raise no alarm`, { timeout: 120_000 }, async () => {
  const folder = temporaryFolder();
  const counter = path.join(folder, 'counter');
  let drafts = 0;
  for (let round = 0; round < rounds; round++) {
    fs.writeFileSync(counter, Buffer.alloc(4096));
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'kill-child.ts'), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(child.signalCode).toBe('SIGKILL');
    const confirmed = fs.readFileSync(counter).readUInt32BE(0);
    const store = Store.open(path.join(folder, 'store'), enclave);
    const log = logIn(folder, chainKeeper(enclave, store));
    log.keeper.start(new Uint8Array(32));
    const verdict = log.verify(true);
    if (!verdict.ok) {
      expect(verdict.problem).toMatch(/ends in the middle of record/);
      drafts++;
    }
    expect(verdict.records).toBeGreaterThanOrEqual(confirmed);
    expect(verdict.records).toBeLessThanOrEqual(confirmed + 3);
    const writer = log.open();
    expect(writer.found).toMatchObject({ problem: null, sequence: verdict.records });
    writer.close();
    expect(log.verify(true)).toMatchObject({ ok: true, uncoveredRecords: 0 });
    store.close();
  }
  expect(drafts).toBeLessThan(rounds / 2);
});

test('a log can be verified while an engine writes to it as fast as it can', {
  timeout: 300_000,
}, async () => {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'counter'), Buffer.alloc(4096));
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'kill-child.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Each look is at a longer log, and takes longer: few are enough.
  await once(child.stdout, 'data');
  for (let look = 0; look < 3; look++) {
    const verdict = verifyAuditLog({
      log: path.join(folder, 'audit.log'),
      publicKey: fs.readFileSync(path.join(folder, 'audit.pub'), 'utf8'),
      anchor: path.join(folder, 'audit.anchor'),
    });
    if (!verdict.ok) expect(verdict.problem).toMatch(/ends in the middle of record/);
  }
  child.kill('SIGKILL');
  await once(child, 'close');
});

describe('a record under way', () => {
  /** A log with three records behind the checkpoint, and the next record as it would be. */
  function crashed() {
    const log = makeLog();
    const writer = log.open({ syncInterval: 60_000 });
    operate(writer, 3);
    const anchor = fs.readFileSync(log.files.anchor);
    const before = fs.readFileSync(log.files.log);
    const end = withoutRoom(before).length;
    operate(writer, 1);
    const record = withoutRoom(fs.readFileSync(log.files.log)).subarray(end);
    const put = (bytes: Buffer, from = 0) => {
      const found = Buffer.from(before);
      bytes.copy(found, end + from);
      fs.writeFileSync(log.files.log, found);
      fs.writeFileSync(log.files.anchor, anchor);
    };
    return { log, put, record, end };
  }

  test('is told from tampering at every step of its writing', () => {
    const { log, put, record } = crashed();
    const part = (from: number, to: number) => {
      const bytes = Buffer.alloc(record.length);
      record.copy(bytes, from, from, to);
      return bytes;
    };
    const steps = [part(80, 96), part(80, 144), part(32, 144), part(4, 144), part(4, 180), part(4, 208)];
    for (const [step, bytes] of steps.entries()) {
      put(bytes);
      expect(log.verify(true)).toMatchObject({
        ok: false,
        records: 5,
        problem: expect.stringMatching(/ends in the middle of record 5/),
      });
      const again = log.open();
      expect([step, again.found.problem]).toEqual([step, null]);
      expect(again.found.torn).toBeGreaterThan(0);
      again.close();
      expect(log.verify(true).ok).toBe(true);
    }
  });

  test('is none without the link to the record before', () => {
    const { log, put, record } = crashed();
    for (const [from, to] of [
      [4, 80],
      [144, 208],
      [32, 96],
      [96, 144],
    ] as const) {
      put(record.subarray(from, to), from);
      expect(log.verify(true)).toMatchObject({ ok: false, records: 5, firstBad: 5 });
      const again = log.open();
      expect(again.found.problem).toMatch(/what follows record 4 is no record, and no part of one/);
      again.close();
    }
  });

  test('has nothing behind it', () => {
    const { log, put, record } = crashed();
    const bytes = Buffer.alloc(40_000);
    record.copy(bytes);
    bytes.fill(0, 0, 4);
    bytes.writeUInt8(1, 39_000);
    put(bytes);
    const again = log.open();
    expect(again.found.problem).toMatch(/what follows record 4 is no record/);
    again.close();
  });

  test('may end at the end of a page when the power failed', () => {
    const log = makeLog();
    const writer = log.open({ syncInterval: 60_000 });
    operate(writer, 60);
    const anchor = fs.readFileSync(log.files.anchor);
    const bytes = fs.readFileSync(log.files.log);
    const crossing = boundaries(bytes).findIndex((offset) => offset > 4096) - 1;
    const lost = (edge: number) => {
      fs.writeFileSync(log.files.log, Buffer.from(bytes).fill(0, edge));
      fs.writeFileSync(log.files.anchor, anchor);
      return log.open();
    };
    const again = lost(4096);
    expect(again.found).toMatchObject({ problem: null, sequence: crossing });
    expect(again.found.torn).toBeGreaterThan(0);
    again.close();
    expect(log.verify(true).ok).toBe(true);
    const cut = lost(4130);
    expect(cut.found.problem).toMatch(/was changed/);
    cut.close();
  });
});

test('a log that is cut under the running engine is noticed, and nothing more is done', async () => {
  const log = makeLog();
  const writer = log.open({ syncInterval: 10 });
  operate(writer, 5);
  const { size } = fs.statSync(log.files.log);
  expect(size % windowLength).toBe(0);
  fs.truncateSync(log.files.log, 500);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const refused = (run: () => void) => {
    expect(run).toThrow(AuditError);
    expect(run).toThrow(/was cut short under the running engine/);
  };
  refused(() => operate(writer, 1));
  refused(() => writer.note(Kind.Recovery, { found: 'nothing' }));
  refused(() => writer.checkpoint());
  expect(() => writer.close()).toThrow(/was cut short/);
  expect(fs.statSync(log.files.log).size).toBe(500);
  expect(log.verify().ok).toBe(false);
});

test('the window slides over a long log, and leaves nothing behind', () => {
  const store = Store.open(path.join(temporaryFolder(), 'store'), enclave);
  const log = logIn(temporaryFolder(), chainKeeper(enclave, store));
  const writer = log.open({ syncInterval: 60_000, checkpointRecords: 1_000_000 });
  const mappings = () =>
    fs
      .readFileSync('/proc/self/maps', 'utf8')
      .split('\n')
      .filter((line) => line.endsWith(log.files.log)).length;
  operate(writer, 1000);
  expect(mappings()).toBe(1);
  operate(writer, 40_000);
  expect(mappings()).toBe(1);
  expect(log.verify(true)).toMatchObject({ ok: true, records: 41_002 });
  writer.close();
  expect(mappings()).toBe(0);
  const bytes = fs.readFileSync(log.files.log);
  expect(boundaries(bytes).at(-1)).toBe(bytes.length);
  expect(log.verify(true)).toMatchObject({ ok: true, records: 41_003, uncoveredRecords: 0 });
  store.close();
});

test('a record that cannot be synced is taken back', () => {
  const log = makeLog();
  const writer = log.open({ syncInterval: 60_000 });
  operate(writer, 3);
  const { seal } = log.keeper;
  let failing = true;
  log.keeper.seal = (...given) => {
    seal(...given);
    if (failing) throw new Error('a failure behind the seal');
  };
  const before = withoutRoom(fs.readFileSync(log.files.log));
  expect(() => operate(writer, 1)).toThrow(/could not be written/);
  expect(withoutRoom(fs.readFileSync(log.files.log)).equals(before)).toBe(true);
  expect(log.verify(true)).toMatchObject({ ok: true, records: 5 });
  failing = false;
  operate(writer, 2);
  writer.close();
  expect(log.verify(true)).toMatchObject({ ok: true, records: 8 });
});
