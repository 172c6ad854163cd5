/** Whose turn it is at the thread pool, and how jobs end that nobody waits for. Everything is counted; nothing is timed. */
import { afterEach, describe, expect, test } from 'vitest';
import { CKR, enclave, good, nextJob, none, utf8 } from './support.ts';

const exponent = Uint8Array.of(1, 0, 1);
/** More than any machine's pool works on at once. */
const CROWD = 200;

function generate(application: number, bits: number): number {
  const job = nextJob();
  enclave.jobsFor(application);
  good(enclave.keyGenerateRsa(job, bits, exponent));
  return job;
}

/** What a PIN's owner waits for. */
function derive(application: number): number {
  const job = nextJob();
  enclave.jobsFor(application);
  const pin = enclave.guardedBuffer(8);
  good(enclave.pinDerivePbkdf2(job, pin, 0, 8, utf8('salt'), 1000));
  return job;
}

async function next(): Promise<number> {
  for (;;) {
    const job = enclave.jobTake();
    if (job > 0) return job;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** The jobs in the order in which they ended, up to the one given. */
async function upTo(job: number): Promise<number[]> {
  const ended: number[] = [];
  while (ended.at(-1) !== job) ended.push(await next());
  return ended;
}

afterEach(async () => {
  while (enclave.jobsRunning() > 0 || enclave.jobTake() > 0)
    await new Promise((resolve) => setTimeout(resolve, 2));
  enclave.jobsFor(0);
});

describe('the thread pool', () => {
  test("is not held up by one application's key generations: short work goes first", async () => {
    const greedy = Array.from({ length: CROWD }, () => generate(1, 3072));
    const pin = derive(2);
    const ended = await upTo(pin);
    expect(good(enclave.jobResult(pin))).toBeGreaterThan(0);
    expect(ended.length).toBeLessThan(CROWD / 2);
    for (const job of greedy) enclave.jobCancel(job);
  });

  test('lets applications take turns', async () => {
    const greedy = Array.from({ length: CROWD }, () => generate(1, 1024));
    const modest = [generate(2, 1024), generate(2, 1024)];
    const ended = await upTo(modest[1] ?? 0);
    expect(ended).toContain(modest[0]);
    // Behind what was at work already, each of the two waited for one of the others.
    expect(ended.length).toBeLessThan(CROWD / 2 + 2);
    for (const job of greedy) enclave.jobCancel(job);
  });

  test("serves each application's jobs in their order, whichever are taken out", async () => {
    // They keep the pool busy while the others are put in order.
    const before = Array.from({ length: CROWD }, () => generate(9, 2048));
    const all = Array.from({ length: 30 }, (_, i) => generate(1 + (i % 3), 1024));
    const taken = all.filter((_, i) => i % 3 === 1 || i < 3 || i > 26);
    for (const job of taken) enclave.jobCancel(job);
    for (const job of before) enclave.jobCancel(job);
    const results = new Map<number, number>();
    while (results.size < before.length + all.length) {
      const job = await next();
      results.set(job, enclave.jobResult(job));
    }
    for (const job of taken) expect(results.get(job)).toBe(CKR.FUNCTION_CANCELED);
    for (const job of all.filter((other) => !taken.includes(other)))
      expect(good(results.get(job) ?? -1)).toBeGreaterThan(0);
    for (const job of results.values()) if (job > 0) enclave.keyFree(job);
  });

  test('drops a cancelled job that waits, at once', () => {
    const jobs = Array.from({ length: CROWD }, () => generate(1, 4096));
    const last = jobs.at(-1) ?? 0;
    expect(enclave.jobResult(last)).toBe(CKR.PENDING);
    enclave.jobCancel(last);
    expect(enclave.jobResult(last)).toBe(CKR.FUNCTION_CANCELED);
    expect(enclave.jobResult(last)).toBe(CKR.OPERATION_NOT_INITIALIZED);
    for (const job of jobs) enclave.jobCancel(job);
  });

  test('stops the search for a key that nobody wants any more', { timeout: 120_000 }, async () => {
    // Each would take a minute or more here; all of them must end long before one does.
    const jobs = Array.from({ length: 64 }, () => generate(1, 8192));
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (const job of jobs) enclave.jobCancel(job);
    for (let i = 0; i < jobs.length; i++) expect(enclave.jobResult(await next())).toBe(CKR.FUNCTION_CANCELED);
    expect(enclave.jobsRunning()).toBe(0);
  });

  test('gives nothing out of a job that had ended when it was cancelled', async () => {
    const job = derive(1);
    while (enclave.jobsRunning() > 0) await new Promise((resolve) => setTimeout(resolve, 2));
    const keys = enclave.status().keys;
    enclave.jobCancel(job);
    expect(enclave.jobResult(job)).toBe(CKR.FUNCTION_CANCELED);
    expect(enclave.status().keys).toBe(keys);
    enclave.jobCancel(job);
    expect(enclave.jobOutput(job, none, 0, 0)).toBe(CKR.OPERATION_NOT_INITIALIZED);
  });
});
