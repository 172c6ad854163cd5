/** `strongroom doctor` says whatever is wrong, fails, and says how to mend it. What bash alone can bring about is in transcripts/doctor.txt. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { Kind } from '../../audit/format.ts';
import { openAudit } from '../../module/engine/audit.ts';
import { engineLog, homeOf, quickStore, setUp } from '../fault/support.ts';
import { behindItsBack, enclave, openStore } from '../store/support.ts';
import { ROOT } from '../support/profile.ts';
import { eventually } from '../support/programs.ts';
import type { Store } from '../support/store.ts';

const PATIENCE = { timeout: 180_000 };
let store: Store | undefined;
const endings: (() => void)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0)) end();
  vi.restoreAllMocks();
  await store?.close();
  store = undefined;
});

/** A store with a token, and no engine. */
async function prepared(): Promise<Store> {
  const at = quickStore();
  store = at;
  setUp(at, 1);
  await at.stopEngine();
  return at;
}

interface Diagnosis {
  readonly code: number | null;
  /** What is wrong, each with the line that says how to mend it. */
  readonly wrong: string;
}

function doctor(at: Store, program = path.join(ROOT, 'out/bin/strongroom')): Diagnosis {
  const { status, stdout } = spawnSync(program, ['doctor'], { env: at.env, encoding: 'utf8' });
  const lines = stdout.split('\n');
  const wrong = lines.flatMap((line, i) => (line.includes('  WRONG  ') ? [line, lines[i + 1]] : []));
  return { code: status, wrong: wrong.join('\n') };
}

const fine: Diagnosis = { code: 0, wrong: '' };

test('a token that was tampered with', PATIENCE, async () => {
  const at = await prepared();
  expect(doctor(at)).toEqual(fine);
  await at.stopEngine();
  behindItsBack(homeOf(at), (db) => db.exec('DELETE FROM keyslots WHERE kind = 1'));
  expect(doctor(at)).toMatchObject({
    code: 1,
    wrong: expect.stringMatching(
      /^ {2}WRONG {2}slot 0 +“fault”: a way in of the token in slot 0 was changed outside the store\n +end the engine and put the whole folder back from one backup, or .*token wipe --token 'fault'$/,
    ),
  });
});

test('a database that is missing', PATIENCE, async () => {
  const at = await prepared();
  rmSync(path.join(homeOf(at), 'store.db'));
  const { code, wrong } = doctor(at);
  expect(code).toBe(1);
  expect(wrong).toMatch(
    /no engine starts: .*store.db is missing, and audit.log is from a store that had one\n/,
  );
  expect(wrong).toMatch(/\n +put the whole folder back from one backup/);
});

test('a database that is no database', PATIENCE, async () => {
  const at = await prepared();
  writeFileSync(path.join(homeOf(at), 'store.db'), 'none');
  expect(doctor(at).wrong).toMatch(
    /store.db is damaged \(SQLITE_NOTADB\)\n +put the whole folder back from a backup$/,
  );
});

test('an anchor taken away', PATIENCE, async () => {
  const at = await prepared();
  rmSync(path.join(homeOf(at), 'store.generation'));
  const { code, wrong } = doctor(at);
  expect(code).toBe(1);
  expect(wrong).toMatch(
    /files +store.generation was taken away.*\n +find out who .*strongroom store accept\n/,
  );
  expect(wrong).toMatch(/slot 0 +“fault”: not used, .*\n.*strongroom store accept --token 'fault'$/);
  const status = spawnSync(path.join(ROOT, 'out/bin/strongroom'), ['engine', 'status'], {
    env: at.env,
    encoding: 'utf8',
  });
  expect(status.stdout).toContain('wrong          2 things; strongroom doctor tells more');
});

test('a log that was changed', PATIENCE, async () => {
  const at = await prepared();
  writeFileSync(path.join(homeOf(at), 'audit.log'), 'no record', { flag: 'a' });
  const { code, wrong } = doctor(at);
  expect(code).toBe(1);
  expect(wrong).toMatch(/set aside +audit-.*\.log did not verify when an engine started\n +find out why/);
});

test('a clock that was set back', PATIENCE, async () => {
  const at = await prepared();
  const now = Date.now();
  // An engine that ran tomorrow.
  vi.spyOn(Date, 'now').mockImplementation(() => now + 86_400_000);
  const opened = openStore(homeOf(at));
  const { audit } = openAudit(homeOf(at), enclave, opened.store, 1000);
  audit.note(Kind.EngineStop, {});
  audit.close();
  opened.store.close();
  vi.restoreAllMocks();
  const { code, wrong } = doctor(at);
  expect(code).toBe(1);
  expect(wrong).toMatch(/clock +the clock says .* UTC, and the store was used at .* UTC\n +set the clock/);
  expect(engineLog(at)).toContain('the clock says');
});

test('an engine that is stopped', PATIENCE, async () => {
  const at = await prepared();
  expect(doctor(at)).toEqual(fine);
  const pid = at.enginePid() ?? 0;
  expect(pid).toBeGreaterThan(1);
  process.kill(pid, 'SIGSTOP');
  endings.push(() => process.kill(pid, 'SIGCONT'));
  const { code, wrong } = doctor(at);
  expect(code).toBe(1);
  expect(wrong).toBe(
    `  WRONG  process       pid ${pid} is stopped (SIGSTOP), and answers nobody\n${' '.repeat(23)}kill -CONT ${pid}`,
  );
});

test('another program in the engine’s place', PATIENCE, async () => {
  const at = await prepared();
  const lock = path.join(homeOf(at), 'engine.lock');
  const stranger = spawn('flock', [lock, 'sleep', '300'], { stdio: 'ignore', detached: true });
  const pid = stranger.pid ?? 0;
  expect(pid).toBeGreaterThan(1);
  endings.push(() => process.kill(-pid, 'SIGKILL'));
  const held = () => spawnSync('flock', ['-n', lock, 'true']).status !== 0;
  expect(await eventually(held, 60_000)).toBe(true);
  writeFileSync(lock, `${pid}\n`, { flag: 'r+' });
  const { code, wrong } = doctor(at);
  expect(code).toBe(1);
  expect(wrong).toMatch(
    /process +pid \d+ holds the store, and is no engine: flock .*\n +find out what it is/,
  );
  expect(wrong.split('WRONG').length).toBe(2);
});

test('an engine of another installation', PATIENCE, async () => {
  const at = await prepared();
  const other = at.path('elsewhere');
  cpSync(path.join(ROOT, 'out/bin'), path.join(other, 'bin'), { recursive: true });
  cpSync(path.join(ROOT, 'out/lib'), path.join(other, 'lib'), { recursive: true });
  chmodSync(other, 0o755);
  expect(doctor(at)).toEqual(fine);
  const { code, wrong } = doctor(at, path.join(other, 'bin/strongroom'));
  expect(code).toBe(1);
  expect(wrong).toMatch(
    /program +the engine is that of .*, and this is .*elsewhere.*\n +strongroom engine stop/,
  );
});

test('an application that met its limit', PATIENCE, async () => {
  const at = quickStore(['[sessions]', 'max_per_application = 1']);
  store = at;
  setUp(at, 1);
  const installed = path.join(ROOT, 'out/lib/strongroom');
  const script = `const p = require('${installed}/cryptoki.node'); p.load('${at.module}'); p.initialize();
    p.openSession(0, false); try { p.openSession(0, false) } catch (error) { console.log(error.rv) } p.finalize()`;
  const greedy = spawnSync(path.join(installed, 'node'), ['-e', script], { env: at.env, encoding: 'utf8' });
  expect(greedy.stdout).toBe('177\n');
  const { stdout } = spawnSync(path.join(ROOT, 'out/bin/strongroom'), ['doctor'], {
    env: at.env,
    encoding: 'utf8',
  });
  expect(stdout).toMatch(
    /note {3}limits +refused at a limit or for want of room: 1, the last one C_OpenSession of .*node \(pid \d+\) at .*\n +docs\/strongroom.toml/,
  );
  await at.stopEngine();
  expect(doctor(at)).toEqual(fine);
});
