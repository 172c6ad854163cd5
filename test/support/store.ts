import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { currentProfile, type Profile } from './profile.ts';
import { eventually, SEARCH_PATH } from './programs.ts';

/** A store of a test's own, with the environment that leads every program to it. */
export interface Store {
  readonly profile: Profile;
  /** Absolute path of the PKCS#11 library. */
  readonly module: string;
  /** A private folder (mode 0700) that holds the store, a HOME and whatever the test puts there. */
  readonly folder: string;
  /** The whole environment for a child process: nothing of the caller's but PATH comes through. */
  readonly env: Readonly<Record<string, string>>;
  /** Path of a scratch file in the folder. */
  path(name: string): string;
  /** The engine's process id, or undefined when none runs for this store. */
  enginePid(): number | undefined;
  /** Ends the store's engine, if one runs, and waits until it has gone. */
  stopEngine(): Promise<void>;
  /** Ends the engine, removes the folder, and throws if any process of this store was left. */
  close(): Promise<void>;
}

export interface Straggler {
  readonly pid: number;
  readonly command: string;
}

/** Lines of a configuration under which PINs are derived in no time; they end with a table of their own. */
export const quickPins: readonly string[] = ['[pin]', 'kdf = "pbkdf2"', 'iterations = 1000', ''];

/**
 * Makes a temporary folder with an empty store in it. The caller owes a `close()`.
 * @param pins `quick` unless it matters what deriving one costs everybody else
 */
export function makeStore(
  profile: Profile = currentProfile(),
  pins: 'quick' | 'as everybody' = 'quick',
): Store {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-'));
  const home = join(folder, 'home');
  mkdirSync(home, { mode: 0o700 });
  const env: Record<string, string> = {
    ...{ PATH: SEARCH_PATH, HOME: home, LANG: 'C.UTF-8', TMPDIR: folder },
    ...profile.prepare(folder),
  };
  if (pins === 'quick' && profile.name === 'strongroom' && env.STRONGROOM_CONFIG === undefined) {
    env.STRONGROOM_CONFIG = join(folder, 'quick-pins.toml');
    writeFileSync(env.STRONGROOM_CONFIG, quickPins.join('\n'));
  }
  const strongroomHome = 'STRONGROOM_HOME' in env ? String(env.STRONGROOM_HOME) : undefined;

  const enginePid = () => (strongroomHome === undefined ? undefined : readEnginePid(strongroomHome));
  const stopEngine = async () => {
    const pid = enginePid();
    if (pid === undefined) return;
    process.kill(pid, 'SIGTERM');
    if (await eventually(() => !isAlive(pid), 60_000)) return;
    process.kill(pid, 'SIGKILL');
    throw new Error(`the engine (process ${pid}) did not leave within a minute of SIGTERM`);
  };
  const close = async () => {
    try {
      await stopEngine();
      profile.release?.(folder);
      // A client's last child may be on its way out still; what stays longer than this has been forgotten.
      if (await eventually(() => stragglers(folder).length === 0, 30_000)) return;
      const left = stragglers(folder);
      for (const { pid } of left) process.kill(pid, 'SIGKILL');
      if (left.length > 0) throw new Error(`processes were left behind:\n${left.map(describe).join('\n')}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  return {
    profile,
    module: profile.module,
    folder,
    env,
    path: (name) => join(folder, name),
    enginePid,
    stopEngine,
    close,
  };
}

/** Processes, other than this one, whose command line, environment or working folder mentions `folder`. */
export function stragglers(folder: string): Straggler[] {
  const found: Straggler[] = [];
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid || !isAlive(pid)) continue;
    const command = readProc(pid, 'cmdline');
    const mentions = [command, readProc(pid, 'environ'), linkOf(pid, 'cwd')];
    if (mentions.some((text) => text.includes(folder))) {
      found.push({ pid, command: command.replaceAll('\0', ' ').trim() });
    }
  }
  return found;
}

function describe({ pid, command }: Straggler): string {
  return `  ${pid}  ${command}`;
}

function readEnginePid(strongroomHome: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(join(strongroomHome, 'engine.lock'), 'utf8');
  } catch {
    return undefined;
  }
  const pid = Number(text.split('\n', 1)[0]);
  if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid || !isAlive(pid)) return undefined;
  // The file outlives its engine, and the number may belong to somebody else by then.
  // Its command line tells, not its `exe`: an engine cannot be traced, so only root may follow that link.
  const [program = ''] = readProc(pid, 'cmdline').split('\0', 1);
  return basename(program).startsWith('node') ? pid : undefined;
}

/** False for a zombie as well: it has ended, only nobody has asked for its exit code. */
function isAlive(pid: number): boolean {
  const stat = readProc(pid, 'stat');
  return stat !== '' && !/^\d+ \(.*\) [ZX] /s.test(stat);
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

function linkOf(pid: number, name: string): string {
  try {
    return readlinkSync(`/proc/${pid}/${name}`);
  } catch {
    return '';
  }
}
