/**
 * Keys on another machine, which is this one over loopback with mutual TLS: figures beside those of keys that are here, in one run.
 *
 *   node test/bench/remote.ts [--quick] [--check] [--module PATH]
 *
 * stdout: the table. stderr: progress. Exit code 1 when --check finds a missed promise, else 0.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compile, Driver, storeEnvironment } from './driver.ts';
import { duration, type Figure } from './table.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    module: { type: 'string', default: resolve(import.meta.dirname, '../../out/lib/strongroom-pkcs11.so') },
  },
});
const rounds = options.quick ? 2 : 6;
const roundMs = options.quick ? 300 : 1000;
const say = (text: string): void => void process.stderr.write(`${text}\n`);

const host = resolve(import.meta.dirname, '../support/remote-host.ts');
const folder = mkdtempSync(join(tmpdir(), 'strongroom-bench-'));
const far = mkdtempSync(join(tmpdir(), 'strongroom-bench-far-'));

async function driver(program: string, env: NodeJS.ProcessEnv): Promise<Driver> {
  const made = new Driver(program, [resolve(options.module)], env);
  const problem = await made.command('setup keys');
  if (problem !== undefined) throw new Error(problem);
  return made;
}

/** A caller here and there take turns, so that what slows the machine down meanwhile slows both. */
async function paired(drivers: readonly Driver[], row: string, threads: number): Promise<void> {
  for (let round = 0; round < rounds; round++)
    for (const one of drivers) {
      const problem = await one.command(`run ${row} ${threads} ${roundMs}`);
      if (problem !== undefined) throw new Error(`${row}: ${problem}`);
    }
}

function figure(figures: readonly Figure[], row: string, threads: number): Figure {
  const found = figures.find((one) => one.row === row && one.threads === threads);
  if (found === undefined) throw new Error(`${row} was not measured`);
  return found;
}

/** How fast one caller here signs while eight work, there or here. */
async function beside(measured: Driver, others: Driver): Promise<Figure> {
  const busy = others.command(`run ecdsa-p256-sign 8 ${rounds * roundMs}`);
  const problem = await measured.command(`run ecdsa-p256-sign 1 ${rounds * roundMs}`);
  await busy;
  if (problem !== undefined) throw new Error(problem);
  return figure(await measured.report(), 'ecdsa-p256-sign', 1);
}

const drivers: Driver[] = [];
const misses: string[] = [];
try {
  const programs = compile(folder);
  const reach = JSON.parse(
    execFileSync(process.execPath, [host, 'start', far], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  ) as Record<string, string>;
  const here = await driver(programs.client, storeEnvironment(join(folder, 'here')));
  const there = await driver(programs.client, { ...process.env, ...reach });
  drivers.push(here, there);
  say('one caller');
  for (const row of ['ecdsa-p256-sign', 'session-info', 'aes-gcm-1m']) await paired([here, there], row, 1);
  say('64 callers');
  await paired([there], 'ecdsa-p256-sign', 64);
  await paired([there], 'aes-gcm-1m', 4);
  const near = await here.report();
  const remote = await there.report();
  const line = (title: string, ...figures: readonly string[]): void =>
    console.log([title.padEnd(44), ...figures.map((text) => text.padStart(16))].join(''));
  line('', 'here', 'there');
  for (const [row, title] of [
    ['ecdsa-p256-sign', 'ECDSA P-256 sign, one caller'],
    ['session-info', 'C_GetSessionInfo, one caller'],
  ] as const)
    line(title, duration(figure(near, row, 1).medianNs), duration(figure(remote, row, 1).medianNs));
  const above = figure(remote, 'ecdsa-p256-sign', 1).medianNs - figure(near, 'ecdsa-p256-sign', 1).medianNs;
  line('  above', '', duration(above));
  if (above > 250_000)
    misses.push(`one caller's signature: ${duration(above)} above one here, 250 µs promised`);
  const many = figure(remote, 'ecdsa-p256-sign', 64).perSecond;
  line('ECDSA P-256 sign, 64 callers, a second', '', many.toFixed(0));
  say('64 callers without the library');
  const unary = Number(
    execFileSync(
      process.execPath,
      [resolve(import.meta.dirname, 'unary.ts'), far, '64', String(rounds * roundMs)],
      {
        encoding: 'utf8',
      },
    ),
  );
  line('  by calls of Keys, a connection each', '', unary.toFixed(0));
  if (many < 5 * unary)
    misses.push(
      `64 callers: ${(many / unary).toFixed(1)} times calls with a connection each, 5 times promised`,
    );
  if (many < 8000) misses.push(`64 callers: ${many.toFixed(0)} signatures a second, 8000 promised`);
  for (const threads of [1, 4]) {
    const rate = (one: readonly Figure[]): string =>
      `${(figure(one, 'aes-gcm-1m', threads).perSecond * 1.048576).toFixed(0)} MB/s`;
    line(
      `AES-GCM 1 MiB, ${threads} caller${threads === 1 ? '' : 's'}`,
      threads === 1 ? rate(near) : '',
      rate(remote),
    );
  }
  const best = Math.max(
    ...[1, 4].map((threads) => figure(remote, 'aes-gcm-1m', threads).perSecond * 1.048576),
  );
  if (best < 100) misses.push(`AES-GCM 1 MiB: ${best.toFixed(0)} MB/s, 100 promised`);
  say('one caller here beside eight');
  // The engine that is measured is the one behind the door: a program of its own machine is beside its network's.
  const local = await driver(programs.client, localEnvironment());
  drivers.push(local);
  const alsoLocal = await driver(programs.client, localEnvironment());
  drivers.push(alsoLocal);
  const besideLocal = await beside(local, alsoLocal);
  const besideRemote = await beside(local, there);
  line(
    'a caller here beside 8 here / 8 there',
    duration(besideLocal.medianNs),
    duration(besideRemote.medianNs),
  );
  if (besideRemote.medianNs > 1.1 * besideLocal.medianNs)
    misses.push(
      `beside 8 callers there one here takes ${duration(besideRemote.medianNs)}, beside 8 here ${duration(besideLocal.medianNs)}`,
    );
} finally {
  for (const one of drivers) await one.end();
  execFileSync(process.execPath, [host, 'stop', far]);
  rmSync(folder, { recursive: true, force: true });
  rmSync(far, { recursive: true, force: true });
}
for (const miss of misses) say(miss);
if (options.check && misses.length > 0) process.exitCode = 1;

/** Leads a program of the other machine's own to the same engine. */
function localEnvironment(): NodeJS.ProcessEnv {
  const { STRONGROOM_HOME: _, ...rest } = process.env;
  return { ...rest, STRONGROOM_CONFIG: join(far, 'far', 'strongroom.toml') };
}
