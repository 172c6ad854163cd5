/**
 * Runs every fuzzer for a share of the time given and fails on a finding:
 *
 *     node test/fuzz/run.ts --seconds N [--seed N]
 *
 * Five harnesses built with libFuzzer, ASan and UBSan (hostile answers to the shim, rude arguments to it, hostile answers to the network door's
 * lanes, hostile memory to the lanes' host, hostile bytes to the enclave's readers), the engine under hostile requests, a hostile client of a living
 * engine beside an honest one, and the same by the network door. Inputs
 * with findings are kept in out/fuzz/findings; test/fuzz/regressions holds those of the past, which are run first.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { engineLog, homeOf, quickStore, Steps, setUp } from '../fault/support.ts';
import { NODE, ROOT } from '../support/profile.ts';
import { whyNoService } from '../support/service.ts';
import { fuzzDoor } from './door.ts';

interface Result {
  readonly name: string;
  readonly executions: number;
  readonly findings: readonly string[];
  readonly detail: string;
}

const here = import.meta.dirname;
const out = path.join(ROOT, 'out/fuzz');
const findingsFolder = path.join(out, 'findings');

const enclaveSources = [
  ...['algs', 'core', 'curves', 'random'].map((name) => `base/${name}`),
  ...['ec', 'key', 'parsed', 'pkcs8', 'rsa'].map((name) => `keys/${name}`),
];
/** The harness stands in for the connection, the engine's start and the search for both. */
const doubled = ['connect.c', 'paths.c', 'service.c', 'spawn.c'];
const shimSources = ['module/shim', 'module/shim/generated'].flatMap((folder) =>
  readdirSync(path.join(ROOT, folder))
    .filter((name) => name.endsWith('.c') && !doubled.includes(name))
    .map((name) => `${folder}/${name}`),
);

/** What each libFuzzer harness is built from, and its share of the time. */
const harnesses = [
  {
    name: 'shim_replies',
    sources: shimSources,
    flags: ['-Wno-macro-redefined'],
    libraries: [],
  },
  {
    name: 'shim_messages',
    sources: shimSources,
    flags: ['-Wno-macro-redefined'],
    libraries: [],
  },
  {
    name: 'lane_host',
    sources: ['host', 'mapping', 'thread'].map((name) => `module/lane/${name}.c`),
    flags: [],
    libraries: [],
  },
  {
    name: 'lane_caller',
    sources: ['connection', 'calls'].map((name) => `module/lane/caller/${name}.c`),
    flags: ['-I', path.join(path.dirname(NODE), '../include/node')],
    libraries: [],
  },
  {
    name: 'enclave_parsers',
    sources: enclaveSources.map((name) => `module/enclave/${name}.c`),
    flags: ['-D_GNU_SOURCE', '-Wno-unused-function'],
    libraries: ['-lcrypto'],
  },
] as const;

function build(harness: (typeof harnesses)[number]): string {
  const program = path.join(out, harness.name);
  const flags = [
    '-std=gnu11',
    '-g',
    '-O1',
    '-fsanitize=fuzzer,address,undefined',
    '-fno-sanitize-recover=all',
  ];
  const sources = [path.join(here, `${harness.name}.c`), ...harness.sources];
  execFileSync('clang', [...flags, ...harness.flags, '-o', program, ...sources, ...harness.libraries], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  return program;
}

interface Ended {
  readonly code: number;
  readonly output: string;
}

function runToEnd(program: string, args: readonly string[], seconds: number): Promise<Ended> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ASAN_OPTIONS: 'detect_leaks=1:allocator_may_return_null=1',
      UBSAN_OPTIONS: 'print_stacktrace=1',
    },
    timeout: Math.ceil(seconds * 1000) + 120_000,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, output }));
  });
}

async function runHarness(
  harness: (typeof harnesses)[number],
  seconds: number,
  seed: number,
): Promise<Result> {
  const program = build(harness);
  const corpus = path.join(out, 'corpus', harness.name);
  mkdirSync(corpus, { recursive: true });
  const past = path.join(here, 'regressions', harness.name);
  const seeds = path.join(here, 'corpus', harness.name);
  const folders = [corpus, ...[past, seeds].filter((folder) => existsSync(folder))];
  const ended = await runToEnd(
    program,
    [
      `-max_total_time=${Math.max(1, Math.round(seconds))}`,
      `-seed=${seed}`,
      '-max_len=4096',
      '-use_value_profile=1',
      '-timeout=10',
      '-rss_limit_mb=2048',
      '-print_final_stats=1',
      '-verbosity=1',
      `-artifact_prefix=${findingsFolder}/${harness.name}-`,
      ...folders,
    ],
    seconds,
  );
  const executions = Number(/stat::number_of_executed_units:\s*(\d+)/.exec(ended.output)?.[1] ?? 0);
  const findings = ended.code === 0 ? [] : [ended.output.split('\n').slice(-60).join('\n')];
  return { name: harness.name, executions, findings, detail: '' };
}

async function runEngine(seconds: number, seed: number): Promise<Result> {
  const folder = mkdtempSync(path.join(tmpdir(), 'strongroom-fuzz-'));
  try {
    const program = path.join(here, 'engine.ts');
    const ended = await runToEnd(
      NODE,
      ['--no-warnings', program, String(seconds), String(seed), folder, findingsFolder],
      seconds,
    );
    const line = ended.output.trim().split('\n').at(-1) ?? '';
    if (!line.startsWith('{')) return { name: 'engine', executions: 0, findings: [ended.output], detail: '' };
    const report = JSON.parse(line) as {
      requests: number;
      accepted: number;
      functions: number;
      findings: string[];
    };
    const detail = `${report.accepted} accepted, ${report.functions} functions among them`;
    return { name: 'engine', executions: report.requests, findings: report.findings, detail };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The honest client works for as long as the hostile ones do, and must not notice them. */
async function runHostile(seconds: number, seed: number): Promise<Result> {
  const program = path.join(out, 'hostile');
  const flags = ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-O1', '-g', '-pthread'];
  execFileSync('cc', [...flags, '-o', program, path.join(here, 'hostile.c')], { stdio: 'inherit' });
  const store = quickStore();
  const findings: string[] = [];
  let honest = 0;
  let output = '';
  try {
    setUp(store, 3);
    const steps = new Steps(store);
    const check = async (line: string) => {
      const { rv } = await steps.step(line, 30_000);
      honest++;
      if (rv !== 0 && !line.startsWith('count'))
        findings.push(`an honest ${line} answered 0x${rv.toString(16)}`);
    };
    await check('init');
    await check('login');
    const engine = store.enginePid();
    const run = runToEnd(program, [homeOf(store), String(seconds), String(seed)], seconds);
    let running = true;
    const watched = run.finally(() => {
      running = false;
    });
    while (running && findings.length < 5) await check('verify 3');
    const ended = await watched;
    output = ended.output.trim();
    if (ended.code !== 0 || !output.startsWith('connections='))
      findings.push(`the hostile client: ${output}`);
    await check('verify 3');
    await check('fini');
    if (store.enginePid() !== engine) findings.push('the engine is another one, or gone');
    await steps.end();
    const log = engineLog(store);
    if (/a bug|TypeError|RangeError|unknown failure|CKR_GENERAL/.test(log)) findings.push(log.slice(-4000));
  } catch (error) {
    findings.push(error instanceof Error ? error.message : String(error), engineLog(store).slice(-4000));
  } finally {
    await store.close();
  }
  const executions = Number(/requests=(\d+)/.exec(output)?.[1] ?? 0);
  return { name: 'hostile', executions, findings, detail: `${output}; ${honest} honest steps beside it` };
}

/** Runs all, each for its share of `seconds`. */
export async function fuzz(seconds: number, seed: number): Promise<Result[]> {
  mkdirSync(findingsFolder, { recursive: true });
  const share = seconds / 8;
  const results: Result[] = [];
  for (const harness of harnesses) results.push(await runHarness(harness, share, seed));
  results.push(await runEngine(share, seed));
  results.push(await runHostile(share, seed));
  if (whyNoService() === undefined) results.push({ name: 'door', ...(await fuzzDoor(share, seed)) });
  return results;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } });
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
  const results = await fuzz(Number(values.seconds ?? 60), seed);
  for (const { name, executions, findings, detail } of results) {
    console.log(`${name.padEnd(16)} ${String(executions).padStart(10)} executions  ${detail}`);
    for (const finding of findings) console.log(finding);
  }
  const count = results.reduce((sum, { findings }) => sum + findings.length, 0);
  const kept = readdirSync(findingsFolder).length;
  console.log(
    count === 0
      ? `no findings (seed ${seed})`
      : `${count} findings (seed ${seed}); ${kept} inputs in ${findingsFolder}`,
  );
  process.exit(count === 0 ? 0 : 1);
}
