/**
 * kill -9 of the engine at random moments under a mixed load: no object whose making was confirmed is lost, none whose destruction was
 * confirmed comes back, the audit log verifies after every kill, and no client hangs or dies.
 *
 * `make soak` kills 300 times, `make test` often enough to come upon every kind of moment.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { verifyAuditLog } from '../../audit/verify.ts';
import { eventually } from '../support/programs.ts';
import { soakCount } from '../support/soak.ts';
import type { Store } from '../support/store.ts';
import { compile, engineLog, homeOf, quickStore, setUp, Talk } from './support.ts';

const rounds = soakCount(300, 25);
/** The load runs for up to this long between two kills. */
const SPAN_MS = 100;

let store: Store | undefined;
const clients: Talk[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) if (!client.ended) client.child.kill('SIGKILL');
  await store?.close();
  store = undefined;
});

function verifyLog(home: string): { ok: boolean; problem: string | undefined; records: number } {
  const verdict = verifyAuditLog({
    log: path.join(home, 'audit.log'),
    publicKey: readFileSync(path.join(home, 'audit.pub'), 'utf8'),
    anchor: path.join(home, 'audit.anchor'),
  });
  return { ok: verdict.ok, problem: verdict.problem, records: verdict.records };
}

/** The process is gone, or a zombie that nobody has asked for. */
function hasEnded(pid: number): boolean {
  try {
    return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\)/s, ''));
  } catch {
    return true;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Every client's answer to a question; complaints among them are collected. */
async function everyone(
  load: readonly Talk[],
  question: string,
  expected: string,
  complaints: string[],
): Promise<string[]> {
  const answers = await Promise.all(load.map((client) => client.ask(question, expected)));
  for (const lines of answers) complaints.push(...lines.filter((line) => line.startsWith('not ok')));
  return answers.map((lines) => lines.at(-1) ?? '');
}

test(`${rounds} kills of the engine under load lose nothing`, {
  timeout: 300_000 + rounds * 10_000,
}, async () => {
  store = quickStore();
  const home = homeOf(store);
  setUp(store);
  const program = compile('load');
  const load = [1, 2].map(
    (seed) => new Talk(program, [store?.module ?? '', '2', String(seed)], store?.env ?? {}),
  );
  const churn = new Talk(compile('tool'), [store.module, 'churn'], store.env);
  clients.push(...load, churn);
  const complaints: string[] = [];
  let kills = 0;
  let longest = 0;
  let summaries: string[] = [];
  const began = performance.now();
  for (let round = 0; round < rounds; round++) {
    await everyone(load, 'go', 'gone', complaints);
    await pause(20 + Math.random() * SPAN_MS);
    const pid = store.enginePid();
    let dying = 0;
    if (pid !== undefined) {
      const killed = performance.now();
      process.kill(pid, 'SIGKILL');
      kills++;
      // A process that waits for the disk dies when the disk has answered; until then nobody can tell.
      await eventually(() => hasEnded(pid), 60_000);
      dying = performance.now() - killed;
    }
    // Some of the next engine's life belongs to the load as well.
    if (round % 4 === 0) await pause(Math.random() * SPAN_MS);
    await everyone(load, 'stop', 'stopped', complaints);
    summaries = await everyone(load, 'check', 'checked', complaints);
    const verdict = verifyLog(home);
    expect(verdict, `the audit log after kill ${kills}`).toMatchObject({ ok: true });
    expect(
      complaints,
      `after kill ${kills}, which took ${Math.round(dying)} ms; the engine's log ends with\n${engineLog(store).slice(-2000)}`,
    ).toEqual([]);
    for (const summary of summaries) {
      const took = Number(/longest_ms=(\d+)/.exec(summary)?.[1]);
      longest = Math.max(longest, took);
      expect(took, `a call that kill ${kills} cut off, ${dying} ms of dying`).toBeLessThan(60_000 + dying);
    }
    expect(churn.ended, churn.errors).toBe(false);
  }
  for (const client of load) client.send('quit');
  for (const client of load) expect(await client.end(), client.errors).toBe(0);
  expect(await churn.end(), churn.errors).toBe(0);
  const log = engineLog(store);
  // The load keeps the engine busy, so nearly every round meets one that runs.
  expect(kills).toBeGreaterThanOrEqual(Math.floor(rounds * 0.9));
  expect(log).not.toMatch(/tamper|rolled back|put back|altered|a bug|TypeError|RangeError/i);
  expect(existsSync(path.join(home, 'store.db'))).toBe(true);
  console.log(
    `${kills} kills in ${Math.round((performance.now() - began) / 1000)} s; ${summaries.join('; ')}; longest cut-off call ${longest} ms`,
  );
});
