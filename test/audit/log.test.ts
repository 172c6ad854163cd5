import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeRecord, Kind, none } from '../../audit/format.ts';
import { setAside } from '../../audit/resume.ts';
import { verifyAuditLog } from '../../audit/verify.ts';
import { makeKeeper, makeLog, operate, withoutRoom } from './support.ts';

describe('a log', () => {
  test('tells what was written, in order, and for people', () => {
    const log = makeLog();
    const writer = log.open();
    writer.attach(1, { uid: 1000, pid: 42, executable: '/usr/bin/ssh' });
    writer.append(Kind.Authentication, 1, 7, 0, 18, none, 0xa0, null, null);
    writer.append(
      Kind.Operation,
      1,
      7,
      0,
      43,
      0x1041,
      0,
      new Uint8Array(16).fill(1),
      new Uint8Array(16).fill(2),
      3,
    );
    writer.close();
    const seen: Record<string, unknown>[] = [];
    const verdict = verifyAuditLog({
      log: log.files.log,
      publicKey: fs.readFileSync(log.files.publicKey, 'utf8'),
      anchor: log.files.anchor,
      onRecord: (record) =>
        seen.push(
          describeRecord(record, {
            function: (n) => (n === 18 ? 'C_Login' : undefined),
            result: (n) => (n === 0 ? 'CKR_OK' : undefined),
          }),
        ),
    });
    expect(verdict).toMatchObject({
      ok: true,
      records: 6,
      uncoveredRecords: 0,
      lastCheckpoint: { sequence: 5 },
    });
    expect(seen.map((each) => each.kind)).toEqual([
      'begin',
      'checkpoint',
      'attach',
      'authentication',
      'operation',
      'checkpoint',
    ]);
    expect(seen[0]).toMatchObject({ sequence: 0, detail: { store: '00' } });
    expect(seen[2]).toMatchObject({ client: 1, detail: { uid: 1000, pid: 42, executable: '/usr/bin/ssh' } });
    expect(seen[3]).toMatchObject({ client: 1, session: 7, slot: 0, function: 'C_Login', result: 0xa0 });
    expect(seen[4]).toMatchObject({
      function: 43,
      mechanism: 0x1041,
      result: 'CKR_OK',
      object: '01'.repeat(16),
      object2: '02'.repeat(16),
      flags: 3,
    });
    const skew = Math.abs(Date.parse(String(seen[4]?.time).replace(/\d{6}Z$/, 'Z')) - Date.now());
    expect(skew).toBeLessThan(60_000);
  });

  test('goes on where the last engine stopped, however it stopped', () => {
    const log = makeLog();
    const first = log.open();
    operate(first, 5);
    first.close();
    const second = log.open();
    operate(second, 5);
    // Not closed: killed. A second writer takes over what is in the file.
    const third = log.open();
    expect(third.found).toMatchObject({ problem: null, torn: 0 });
    operate(third, 5);
    third.close();
    expect(log.verify(true)).toMatchObject({ ok: true, uncoveredRecords: 0 });
  });

  test('signs itself after so many records, and after a while', async () => {
    const log = makeLog();
    const writer = log.open({ checkpointRecords: 10, checkpointInterval: 20 });
    operate(writer, 25);
    expect(log.verify()).toMatchObject({ ok: true, uncoveredRecords: 5 });
    await expect.poll(() => log.verify().uncoveredRecords, { timeout: 5000 }).toBe(0);
    writer.close();
  });

  test('cuts off a record torn by a crash, and says so', () => {
    const log = makeLog();
    const writer = log.open();
    operate(writer, 3);
    writer.close();
    const whole = fs.readFileSync(log.files.log);
    const anchor = fs.readFileSync(log.files.anchor);
    log.open();
    // What the next engine writes first, and may be killed in the middle of.
    const record = withoutRoom(fs.readFileSync(log.files.log)).subarray(whole.length);
    for (const bytes of [4, 6, 16, 40, 143, 144, 200, 207]) {
      fs.writeFileSync(log.files.log, Buffer.concat([whole, record.subarray(0, bytes)]));
      fs.writeFileSync(log.files.anchor, anchor);
      const again = log.open();
      let torn = bytes;
      while (record[torn - 1] === 0) torn--;
      expect([bytes, again.found.problem, again.found.torn]).toEqual([bytes, null, torn]);
      again.close();
      expect(log.verify(true).ok).toBe(true);
    }
  });

  test('ends where zeros begin, which are no alarm and are cut off', () => {
    const log = makeLog();
    const writer = log.open();
    operate(writer, 3);
    writer.close();
    const { size } = fs.statSync(log.files.log);
    fs.appendFileSync(log.files.log, Buffer.alloc(5000));
    expect(log.verify()).toMatchObject({ ok: true, records: 6, uncoveredRecords: 0 });
    const again = log.open();
    expect(again.found).toMatchObject({ problem: null, torn: 0, size });
    again.close();
    expect(log.verify(true)).toMatchObject({ ok: true, records: 8 });
  });

  test('is left alone when it was changed, can be set aside, and a new one begins', () => {
    const log = makeLog();
    const writer = log.open();
    operate(writer, 3);
    writer.close();
    const spoilt = fs.readFileSync(log.files.log);
    spoilt.writeUInt8((spoilt.at(-30) ?? 0) ^ 1, spoilt.length - 30);
    fs.writeFileSync(log.files.log, spoilt);
    const refused = log.open();
    expect(refused.found.problem).toMatch(/record \d+ is not the checkpoint that the anchor holds/);
    expect(() => operate(refused, 1)).toThrow(/nothing is written to a log that was changed/);
    refused.close();
    expect(fs.readFileSync(log.files.log).equals(spoilt)).toBe(true);
    const kept = setAside(log.files);
    const fresh = log.open({ after: kept });
    operate(fresh, 1);
    fresh.close();
    expect(log.verify(true)).toMatchObject({ ok: true, records: 4 });
    expect(fs.readFileSync(path.join(log.folder, kept)).equals(spoilt)).toBe(true);
  });

  test('must have its anchor', () => {
    const log = makeLog();
    const writer = log.open();
    operate(writer, 3);
    writer.close();
    fs.rmSync(log.files.anchor);
    expect(log.verify()).toMatchObject({ ok: false, problem: expect.stringMatching(/anchor .* is missing/) });
    const again = log.open();
    expect(again.found.problem).toMatch(/audit.anchor is missing/);
    again.close();
  });

  test('of which only the beginning came about is taken up again', () => {
    const log = makeLog();
    const writer = log.open();
    const begun = fs.readFileSync(log.files.log);
    writer.close();
    for (const size of [0, 10, 250, begun.length]) {
      fs.rmSync(log.files.anchor, { force: true });
      fs.writeFileSync(log.files.log, begun.subarray(0, size));
      const again = log.open();
      expect([size, again.found.problem]).toEqual([size, null]);
      again.close();
      expect(log.verify(true).ok).toBe(true);
    }
  });

  test('of another key is not this log', () => {
    const log = makeLog();
    const writer = log.open();
    operate(writer, 3);
    writer.close();
    const other = Buffer.from(makeKeeper().publicKey()).toString('base64');
    const pem = `-----BEGIN PUBLIC KEY-----\n${Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(other, 'base64')]).toString('base64')}\n-----END PUBLIC KEY-----\n`;
    const verdict = verifyAuditLog({ log: log.files.log, publicKey: pem });
    expect(verdict).toMatchObject({
      ok: false,
      firstBad: 1,
      problem: expect.stringMatching(/does not carry this store's signature/),
    });
  });

  test('keeps memory constant over a long file', () => {
    const log = makeLog();
    const writer = log.open({ checkpointRecords: 5000 });
    operate(writer, 30_000);
    writer.close();
    const before = process.memoryUsage().arrayBuffers;
    expect(log.verify(true)).toMatchObject({ ok: true, records: 30_000 + 2 + 6 + 1 });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 << 20);
  });
});

/** A child on a file system of 1 MB, where the machine allows one to be mounted. */
const mount = process.geteuid?.() === 0 ? ['-m'] : ['-rm'];
const mountable = spawnSync('unshare', [...mount, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

test.runIf(mountable)('a full disk refuses the record, leaves the chain whole, and is got over', () => {
  const child = path.join(import.meta.dirname, 'full-child.ts');
  const script = `mount -t tmpfs -o size=1m,mode=700 tmpfs /mnt && exec "$0" "$1"`;
  const result = spawnSync('unshare', [...mount, 'sh', '-c', script, process.execPath, child], {
    encoding: 'utf8',
  });
  expect(result.stderr).toBe('');
  expect(JSON.parse(result.stdout)).toEqual({
    refused: 'full',
    okWhenFull: true,
    refusedAgain: 'full',
    lostNumbers: 0,
    okAfterwards: true,
  });
});
