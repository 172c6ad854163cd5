/**
 * A token of many objects: first login, searches, memory, and a bystander's worst signature meanwhile.
 *
 *   node test/bench/many.ts [--objects 100000] [--kind aes|ec] [--module PATH] [--check]
 *
 * stdout: a line for each figure. Exit code 1 when --check finds a missed promise.
 */
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { builtEnclave, type FilledToken, fillStore, fillUserPin } from '../support/fill.ts';
import { manyMisses } from './bounds.ts';
import type { ManyFigures } from './table.ts';

type Child = ChildProcessByStdio<Writable, Readable, null>;

class Program {
  readonly #child: Child;
  readonly #lines: AsyncIterator<string>;

  constructor(program: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    this.#child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error('a program of the measurement has ended too early');
    return value;
  }

  async figures<T>(): Promise<T> {
    return JSON.parse(await this.line()) as T;
  }

  goOn(): void {
    this.#child.stdin.write('\n');
  }

  async end(): Promise<void> {
    this.#child.stdin.end();
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
  }
}

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

/** Processor time of a process; the kernel counts in hundredths of a second. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function enginePid(home: string): number {
  return Number.parseInt(readFileSync(join(home, 'engine.lock'), 'latin1'), 10);
}

/** @param say progress, for a person who waits */
export async function measureMany(
  module: string,
  objects: number,
  kind: FilledToken['kind'],
  say: (text: string) => void,
): Promise<ManyFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-many-'));
  const home = join(folder, 'home');
  const client = join(folder, 'many');
  const source = join(import.meta.dirname, 'many.c');
  const env = { ...process.env, STRONGROOM_HOME: home };
  try {
    execFileSync('cc', [
      '-std=c11',
      '-D_GNU_SOURCE',
      '-O2',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-o',
      client,
      source,
      '-ldl',
    ]);
    say(`filling a token with ${objects} objects`);
    fillStore(builtEnclave(), home, [
      { label: 'many', objects, kind },
      { label: 'few', objects: 1, kind: 'aes' },
    ]);
    const start = (role: string) => new Program(client, [module, fillUserPin, String(objects), role], env);
    const bystanding = async (meanwhile: () => Promise<void>) => {
      const bystander = start('bystander');
      await bystander.line();
      await meanwhile();
      await bystander.end();
      return bystander.figures<ManyFigures['bystander']>();
    };
    const quiet = await bystanding(() => new Promise((done) => setTimeout(done, 1_000)));
    const base = residentBytes(enginePid(home));
    const workedBefore = cpuMs(enginePid(home));
    const user = start('user');
    const { loginMs } = await user.figures<{ loginMs: number }>();
    const engineMs = cpuMs(enginePid(home)) - workedBefore;
    const afterLogin = residentBytes(enginePid(home));
    user.goOn();
    const { logoutMs } = await user.figures<{ logoutMs: number }>();
    let againMs = 0;
    const bystander = await bystanding(async () => {
      user.goOn();
      againMs = (await user.figures<{ againMs: number }>()).againMs;
    });
    user.goOn();
    const { findUs } = await user.figures<{ findUs: number }>();
    const afterSearches = residentBytes(enginePid(home));
    user.goOn();
    await user.end();
    return {
      objects,
      kind,
      loginMs,
      engineMs,
      againMs,
      bystander,
      quietWorstMs: quiet.worstMs,
      findUs,
      bytesAfterLogin: (afterLogin - base) / objects,
      bytesAfterSearches: (afterSearches - base) / objects,
      logoutMs,
    };
  } finally {
    try {
      process.kill(enginePid(home), 'SIGTERM');
    } catch {
      // It has gone by itself, or never was.
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A figure a line. */
export function manyAsText(figures: ManyFigures): string {
  const { objects, kind, bystander } = figures;
  return [
    `${objects.toLocaleString('en')} private objects (${kind})`,
    `  first login                              ${figures.loginMs.toFixed(0)} ms (the engine worked ${figures.engineMs} ms), beside a busy bystander ${figures.againMs.toFixed(0)} ms`,
    `  a bystander's signature meanwhile        median ${(bystander.medianMs * 1e3).toFixed(0)} µs, worst ${bystander.worstMs.toFixed(2)} ms of ${bystander.signatures} (without any login: worst ${figures.quietWorstMs.toFixed(2)} ms)`,
    `  find by label                            ${figures.findUs.toFixed(2)} µs`,
    `  resident memory for each object          ${figures.bytesAfterLogin.toFixed(0)} B after the login, ${figures.bytesAfterSearches.toFixed(0)} B after 100,000 searches`,
    `  logout                                   ${figures.logoutMs.toFixed(2)} ms`,
  ].join('\n');
}

if (import.meta.main) {
  const { values: options } = parseArgs({
    options: {
      objects: { type: 'string', default: '100000' },
      kind: { type: 'string', default: 'ec' },
      module: { type: 'string', default: resolve(import.meta.dirname, '../../out/lib/strongroom-pkcs11.so') },
      check: { type: 'boolean', default: false },
    },
  });
  const kind = options.kind === 'aes' ? 'aes' : 'ec';
  const figures = await measureMany(resolve(options.module), Number(options.objects), kind, (text) =>
    process.stderr.write(`${text}\n`),
  );
  console.log(manyAsText(figures));
  if (options.check) {
    const missed = manyMisses(figures);
    for (const miss of missed) console.error(`missed: ${miss}`);
    if (missed.length > 0) process.exitCode = 1;
  }
}
