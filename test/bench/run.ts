/**
 * Our figures beside SoftHSM2's and plain OpenSSL's, in one run on temporary stores.
 *
 *   node test/bench/run.ts [--quick] [--module PATH] [--softhsm PATH] [--only ROW] [--check] [--require-ours]
 *                          [--against-service] [--json FILE] [--markdown FILE]
 *
 * --softhsm with the library of another build of ours holds that against this one, in the same turns: what a change costs.
 * With --against-service, SoftHSM2's column is our own library's through strongroomd, under another user where we are root.
 *
 * stdout: the table. stderr: progress and what could not be measured. Exit code 1 when --check finds a missed
 * promise or --require-ours finds no module, else 0.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { manyMisses, misses } from './bounds.ts';
import { compile, Driver, storeEnvironment } from './driver.ts';
import { manyAsText, measureMany } from './many.ts';
import { BenchService } from './service.ts';
import {
  asMarkdown,
  asText,
  type Candidate,
  candidates,
  cells,
  type Figure,
  figureKey,
  type ManyFigures,
  type Place,
  type Row,
  rows,
} from './table.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    module: { type: 'string', default: resolve(import.meta.dirname, '../../out/lib/strongroom-pkcs11.so') },
    softhsm: { type: 'string', default: '/usr/lib/softhsm/libsofthsm2.so' },
    only: { type: 'string' },
    check: { type: 'boolean', default: false },
    'require-ours': { type: 'boolean', default: false },
    'against-service': { type: 'boolean', default: false },
    json: { type: 'string' },
    markdown: { type: 'string' },
  },
});

const plan = options.quick
  ? { rounds: 3, roundMs: 50, slowMs: 100, processMs: 250, colds: 3, many: 5_000, keys: 20_000 }
  : { rounds: 8, roundMs: 90, slowMs: 200, processMs: 1_000, colds: 10, many: 50_000, keys: 100_000 };
/** Not a row of the table: what many.ts measures of a token with so many keys. */
const MANY_KEYS = 'many-keys';
/** Rows whose calls take milliseconds get longer rounds, or their median would rest on a handful. */
const slow = new Set([
  'create-object',
  'generate-aes',
  'token-aes',
  'token-p256',
  'find',
  'rsa2048-sign',
  'aes-gcm-1m',
]);

const chosen = rows.filter((row) => options.only === undefined || row.id === options.only);
const withManyKeys = options.only === undefined || options.only === MANY_KEYS;
if (chosen.length === 0 && !withManyKeys) {
  const known = [...rows.map((row) => row.id), MANY_KEYS];
  console.error(`No row is called ${options.only}. Rows: ${known.join(', ')}`);
  process.exit(2);
}

const results = new Map<string, Figure>();
const notes: string[] = [];
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const note = (text: string): void => {
  notes.push(text);
  say(text);
};

const folder = mkdtempSync(join(tmpdir(), 'strongroom-bench-'));
const programs = compile(folder);
const modules: Partial<Record<Candidate, string>> = {};
for (const [candidate, path] of [
  ['softhsm2', options['against-service'] ? resolve(options.module) : options.softhsm],
  ['ours', resolve(options.module)],
] as const) {
  if (existsSync(path)) modules[candidate] = path;
  else note(`${candidate}: there is no module at ${path}; its columns stay empty`);
}

const drivers: Driver[] = [];
const services: BenchService[] = [];
const environments = new Map<string, NodeJS.ProcessEnv>();

async function environment(candidate: Candidate, store: string): Promise<NodeJS.ProcessEnv> {
  const name = `${candidate}-${store}`;
  const known = environments.get(name);
  if (known) return known;
  const made =
    candidate === 'softhsm2' && options['against-service']
      ? await serviceFor(join(folder, name))
      : storeEnvironment(join(folder, name));
  environments.set(name, made);
  return made;
}

async function serviceFor(where: string): Promise<NodeJS.ProcessEnv> {
  const service = new BenchService(where, resolve(options.module));
  services.push(service);
  return (await service.ready()).env;
}

/** Starts the candidate's program on one of its stores; undefined when that candidate cannot run. */
async function start(candidate: Candidate, store: string): Promise<Driver | undefined> {
  const module = modules[candidate];
  if (candidate !== 'openssl' && module === undefined) return undefined;
  const driver =
    candidate === 'openssl'
      ? new Driver(programs.openssl, [], process.env)
      : new Driver(programs.client, [module ?? ''], await environment(candidate, store));
  drivers.push(driver);
  return driver;
}

async function collect(candidate: Candidate, driver: Driver, rename?: string): Promise<void> {
  for (const figure of await driver.report()) {
    const row = rename ?? figure.row;
    results.set(figureKey(candidate, row, figure.threads), { ...figure, row });
  }
}

/** What is measured together: the rows of one place, the command that prepares a candidate's store for them, and who takes part. */
interface Group {
  readonly place: Place;
  readonly setup: string;
  readonly takers: readonly Candidate[];
}

/** A group's rows and the programs that are ready for them. */
interface Prepared {
  readonly place: Place;
  readonly rows: readonly Row[];
  readonly ready: ReadonlyMap<Candidate, Driver>;
}

async function prepare({ place, setup, takers }: Group): Promise<Prepared> {
  const mine = chosen.filter((row) => row.place === place);
  const ready = new Map<Candidate, Driver>();
  for (const candidate of mine.length === 0 ? [] : takers) {
    const driver = await start(candidate, place);
    const problem = await driver?.command(setup);
    if (driver && problem === undefined) ready.set(candidate, driver);
    else if (driver) note(`${candidate}: setup for the ${place} rows failed: ${problem}`);
  }
  return { place, rows: mine, ready };
}

/** One short turn of every row and candidate of a group. `broken` names those that have failed already. */
async function takeTurns({ rows: mine, ready }: Prepared, broken: Set<string>): Promise<void> {
  for (const row of mine) {
    for (const threads of row.threads) {
      for (const [candidate, driver] of ready) {
        const name = `${candidate}: ${row.title}`;
        if (broken.has(name)) continue;
        const ms = slow.has(row.id) ? plan.slowMs : plan.roundMs;
        const id = row.id === 'find-many' ? 'find' : row.id;
        const problem = await driver.command(`run ${id} ${threads} ${ms}`);
        if (problem === undefined) continue;
        broken.add(name);
        // Plain OpenSSL has no sessions and no objects: those rows are empty by nature.
        if (candidate !== 'openssl') note(`${name}: ${problem}`);
      }
    }
  }
}

/** Rows measured inside long-lived programs: all take turns in short rounds, so that a machine that speeds up or
 * slows down meanwhile does so for every candidate, and for groups whose figures are held against each other. */
async function interleaved(...groups: readonly Group[]): Promise<void> {
  const prepared: Prepared[] = [];
  for (const group of groups) prepared.push(await prepare(group));
  const busy = prepared.filter((group) => group.rows.length > 0);
  if (busy.length === 0) return;
  const broken = new Set<string>();
  for (let round = 0; round < plan.rounds; round++) {
    for (const group of busy) await takeTurns(group, broken);
    say(`${busy.map((group) => group.place).join(' and ')}: round ${round + 1} of ${plan.rounds}`);
  }
  for (const { place, ready } of busy)
    for (const [candidate, driver] of ready)
      await collect(candidate, driver, place === 'many' ? 'find-many' : undefined);
}

/** Rows measured in processes of their own, against the store whose engine the `keys` program keeps running. */
async function ownProcess(place: Place, store: string, command: string): Promise<void> {
  if (!chosen.some((row) => row.place === place)) return;
  for (const candidate of candidates) {
    if (candidate === 'openssl') continue;
    const driver = await start(candidate, store);
    const problem = await driver?.command(command);
    if (problem !== undefined) note(`${candidate}: ${place}: ${problem}`);
    if (driver) await collect(candidate, driver);
    await driver?.end();
  }
  say(`${place}: done`);
}

async function measure(): Promise<void> {
  await interleaved({ place: 'keys', setup: 'setup keys', takers: candidates });
  if (chosen.some((row) => row.place === 'join' || row.place === 'login')) {
    // With --only, nothing has set up the store that these processes join.
    for (const candidate of ['softhsm2', 'ours'] as const) {
      if (!environments.has(`${candidate}-keys`))
        await (await start(candidate, 'keys'))?.command('setup keys');
    }
  }
  await ownProcess('join', 'keys', `join ${plan.processMs}`);
  await ownProcess('login', 'keys', `login ${plan.processMs}`);
  await interleaved(
    { place: 'find', setup: 'setup find 1000', takers: ['softhsm2', 'ours'] },
    { place: 'many', setup: `setup find ${plan.many}`, takers: ['ours'] },
  );
  await ownProcess('cold', 'cold', `cold ${plan.colds}`);
}

const begun = Date.now();
let manyKeys: ManyFigures | undefined;
try {
  await measure();
  if (withManyKeys && modules.ours !== undefined)
    manyKeys = await measureMany(modules.ours, plan.keys, 'ec', say);
} finally {
  for (const driver of drivers) await driver.end();
  for (const service of services) await service.end();
  rmSync(folder, { recursive: true, force: true });
}

const machine = [
  `${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${cpus().length} cores, Linux ${release()}`,
  new Date().toISOString().slice(0, 10),
].join(', ');
const table = cells(results, chosen, plan.many);
console.log(
  `${machine}; took ${((Date.now() - begun) / 1000).toFixed(0)} s${options.quick ? ' (quick)' : ''}\n`,
);
console.log(asText(table));
if (manyKeys !== undefined) console.log(`\n${manyAsText(manyKeys)}`);
console.log('\nOpenSSL: the system’s libcrypto in the caller’s own process, key parsed once, no token.');

if (options.json !== undefined) {
  const figures = [...results].map(([key, figure]) => ({ candidate: key.split('/')[0], ...figure }));
  writeFileSync(
    options.json,
    `${JSON.stringify({ machine, quick: options.quick, notes, figures, manyKeys }, null, 2)}\n`,
  );
}
if (options.markdown !== undefined) {
  const begin = '<!-- bench:begin -->';
  const end = '<!-- bench:end -->';
  const keys = manyKeys === undefined ? '' : `\n\n\`\`\`text\n${manyAsText(manyKeys)}\n\`\`\``;
  const block = `${begin}\n\nMeasured on ${machine}.\n\n${asMarkdown(table)}${keys}\n\n${end}`;
  const old = existsSync(options.markdown) ? readFileSync(options.markdown, 'utf8') : '';
  const from = old.indexOf(begin);
  const to = old.indexOf(end);
  writeFileSync(
    options.markdown,
    from >= 0 && to > from ? old.slice(0, from) + block + old.slice(to + end.length) : `${old}${block}\n`,
  );
}
if (options['require-ours'] && modules.ours === undefined) process.exitCode = 1;
if (options.check) {
  const missed = misses(results, chosen);
  if (manyKeys !== undefined) missed.push(...manyMisses(manyKeys));
  for (const miss of missed) console.error(`missed: ${miss}`);
  if (missed.length > 0) process.exitCode = 1;
}
