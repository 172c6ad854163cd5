/** Which thread computes what: the rules of docs/decisions/2026-11-22-who-computes.md. */
import { availableParallelism } from 'node:os';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Enclave } from '../../module/enclave/enclave.ts';
import { Placement } from '../../module/engine/policy/placement.ts';
import { Application } from '../../module/engine/sessions/application.ts';
import { CryptokiError } from '../../module/engine/values/errors.ts';
import type { Lanes } from '../../module/lane/lane.ts';

const others = Math.max(1, availableParallelism() - 1);
const rsa2048 = 260;
let callers = 1;
/** Jobs under way; a function, so that one can end while somebody looks. */
let running: () => number = () => 0;
/** The clock in microseconds; every look at it takes one. */
let clock = 0;

vi.spyOn(performance, 'now').mockImplementation(() => ++clock / 1000);

const peer = { pid: 1, uid: 0, gid: 0, groups: [], executable: '' };
let app = new Application(1, peer);
/** Whom the enclave was told that the next jobs are for. */
const owners: number[] = [];

function placement(): Placement {
  return new Placement(
    { busyLanes: () => callers } as unknown as Lanes,
    { jobsRunning: () => running(), jobsFor: (owner: number) => owners.push(owner) } as unknown as Enclave,
    64,
  );
}

beforeEach(() => {
  callers = 1;
  running = () => 0;
  app = new Application(1, peer);
  owners.length = 0;
});

describe('where an operation runs', () => {
  it('keeps a short one here while nobody else calls, and gives a long one away', () => {
    expect(placement().place(app, rsa2048)).toBe(0);
    expect(placement().place(app, 2000)).toBeGreaterThan(0);
  });

  it('gives a short one away when somebody else calls and a processor is free', () => {
    callers = 2;
    expect(placement().place(app, rsa2048)).toBeGreaterThan(0);
  });

  it('keeps a short one here at once while the pool needs the other processors', () => {
    callers = 2;
    const where = placement();
    expect(where.place(app, rsa2048)).toBeGreaterThan(0);
    running = () => others;
    const before = clock;
    expect(where.place(app, rsa2048)).toBe(0);
    expect(clock - before).toBeLessThan(3);
  });

  it('lets no crowd of long messages fill the guarded memory that all share', () => {
    callers = 64;
    const where = placement();
    const long = 1 << 20;
    expect(where.place(app, 5000, long)).toBeGreaterThan(0);
    // Each processor has its job: another copy would only wait.
    running = () => others + 1;
    expect(where.place(app, 5000, long)).toBe(0);
    expect(where.place(app, 5000, 1000)).toBeGreaterThan(0);
    running = () => 0;
    // Too long for one, however free the processors are: 16 MiB here, less where more processors could each hold one.
    expect(where.place(app, 100_000, 16 * long + 1)).toBe(0);
  });

  it('waits for a job that is about to end', () => {
    callers = 2;
    const where = placement();
    where.place(app, 300);
    clock += 270;
    let looks = 0;
    running = () => (++looks > 4 ? others - 1 : others);
    expect(where.place(app, rsa2048)).toBeGreaterThan(0);
    expect(looks).toBe(5);
  });

  it('waits for a job that is late, but not for long', () => {
    callers = 2;
    const where = placement();
    where.place(app, 300);
    clock += 310;
    running = () => others;
    const before = clock;
    expect(where.place(app, rsa2048)).toBe(0);
    expect(clock - before).toBeGreaterThan(40);
    expect(clock - before).toBeLessThan(60);
    expect(where.place(app, rsa2048)).toBe(0);
    expect(clock - before).toBeLessThan(65);
  });

  it('waits with long operations only', () => {
    callers = 2;
    const where = placement();
    where.place(app, 60);
    clock += 55;
    running = () => others;
    const before = clock;
    expect(where.place(app, 60)).toBe(0);
    expect(clock - before).toBeLessThan(3);
  });

  it('does not wait for a job whose length nobody knows', () => {
    callers = 2;
    const where = placement();
    where.job(app);
    let looks = 0;
    running = () => (++looks > 1 ? 0 : others);
    expect(where.place(app, rsa2048)).toBe(0);
    expect(looks).toBe(1);
  });

  it('refuses an application that has as many jobs under way as it may, and nobody else', () => {
    const where = placement();
    app.jobs = 63;
    expect(where.job(app)).toBeGreaterThan(0);
    app.jobs = 64;
    expect(() => where.job(app)).toThrow(CryptokiError);
    expect(() => where.place(app, 2000)).toThrow(CryptokiError);
    // What runs here waits for nobody.
    expect(where.place(app, rsa2048)).toBe(0);
    expect(where.place(new Application(2, peer), 2000)).toBeGreaterThan(0);
  });

  it('tells the enclave whose the jobs are', () => {
    const where = placement();
    const other = new Application(2, peer);
    for (const whose of [app, app, other, app]) where.job(whose);
    expect(owners).toEqual([1, 2, 1]);
  });

  it('numbers every job anew', () => {
    const where = placement();
    const jobs = [where.job(app), where.place(app, 2000), where.job(app)];
    expect(new Set(jobs).size).toBe(3);
  });
});
