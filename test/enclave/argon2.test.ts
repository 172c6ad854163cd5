/** Argon2id against an independent implementation; what it refuses; and how many of them there are at a time. */
import { readFileSync } from 'node:fs';
import { argon2id } from '@noble/hashes/argon2.js';
import { describe, expect, test } from 'vitest';
import { CKR_ARGUMENTS_BAD } from '../../module/engine/generated/constants.ts';
import { Component, component, enclave, finished, good, nextJob, utf8 } from './support.ts';

const salt = utf8('salt of sixteen!');

function begin(pin: Uint8Array, memory: number, passes: number, lanes: number, from = salt): number {
  const job = nextJob();
  return good(enclave.pinDeriveArgon2id(job, pin, 0, pin.length, from, memory, passes, lanes, null, null)) ===
    0
    ? job
    : 0;
}

async function derive(pin: Uint8Array, memory: number, passes: number, lanes: number): Promise<Uint8Array> {
  const job = begin(pin, memory, passes, lanes);
  await finished(job);
  return component(good(enclave.jobResult(job)), Component.Value);
}

describe('Argon2id', () => {
  test.each([
    [8, 1, 1],
    [64, 1, 4],
    [67, 2, 2],
    [256, 3, 4],
    [515, 2, 64],
  ])('of %i KiB, %i passes and %i lanes is what others derive', async (memory, passes, lanes) => {
    for (const pin of ['1', '1234', 'a PIN that is longer than a block '.repeat(6)].map(utf8)) {
      const expected = argon2id(pin, salt, { m: memory, t: passes, p: lanes, dkLen: 32 });
      expect(await derive(pin, memory, passes, lanes)).toEqual(new Uint8Array(expected));
    }
  });

  test('refuses what is absurd, and leaves no job', () => {
    const attempt = (memory: number, passes: number, lanes: number, pin = 4, saltLength = 16): number =>
      enclave.pinDeriveArgon2id(
        nextJob(),
        utf8('1234'),
        0,
        pin,
        salt.subarray(0, saltLength),
        memory,
        passes,
        lanes,
        null,
        null,
      );
    const running = enclave.jobsRunning();
    const refused = [
      attempt(2 ** 20 + 1, 1, 1),
      attempt(0xffffffff, 1, 1),
      attempt(64, 0, 1),
      attempt(64, 65, 1),
      attempt(64, 1, 0),
      attempt(1024, 1, 65),
      attempt(31, 1, 4),
      attempt(0, 1, 1),
      attempt(64, 1, 1, 0),
      attempt(64, 1, 1, 4, 7),
      attempt(64, 1, 1, 4, 0),
    ];
    expect(refused).toEqual(refused.map(() => -CKR_ARGUMENTS_BAD));
    expect(enclave.jobsRunning()).toBe(running);
    expect(() => attempt(1.5, 1, 1)).toThrow(TypeError);
  });

  test('leaves its memory when it has ended, and a crowd does not take it all at once', async () => {
    const resident = (): number =>
      Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
    const before = resident();
    const mebibytes = 64;
    const jobs = Array.from({ length: 20 }, () => begin(utf8('1234'), mebibytes * 1024, 1, 4));
    // Short work passes by.
    const short = nextJob();
    good(enclave.pinDerivePbkdf2(short, utf8('1234'), 0, 4, salt, 1000));
    let most = 0;
    const ended: number[] = [];
    while (ended.length <= jobs.length) {
      most = Math.max(most, resident() - before);
      const job = enclave.jobTake();
      if (job > 0) ended.push(job);
      else await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(ended.indexOf(short)).toBeLessThan(jobs.length / 2);
    const keys = jobs.map((job) => component(good(enclave.jobResult(job)), Component.Value));
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
    good(enclave.jobResult(short));
    // Four at a time are the most that any machine works on.
    expect(most).toBeLessThan(5 * mebibytes * 1024);
    expect(resident() - before).toBeLessThan(mebibytes * 1024);
  });
});
