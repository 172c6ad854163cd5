/**
 * strongroomd for a test: the engine under a user of its own, with a socket that other users reach. Needs root, who makes the processes of
 * several users.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { currentProfile, ROOT } from './profile.ts';
import { eventually, SEARCH_PATH } from './programs.ts';
import { stragglers } from './store.ts';

const LAUNCHER = path.join(ROOT, 'out/lib/strongroom/strongroom-launch');

/** Users that no system has: the service's, and three that use it. */
export const SERVICE = { uid: 64_100, gid: 64_100 };
export const ANNE = { uid: 64_101, gid: 64_101 };
export const BILL = { uid: 64_102, gid: 64_102 };
export const CARL = { uid: 64_103, gid: 64_103 };

export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** Why no service can be tried here, or undefined when it can. */
export function whyNoService(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can make the processes of several users';
  const reads = spawnSync(path.join(ROOT, 'out/lib/strongroom/node'), ['--version'], { ...ANNE, env: {} });
  return reads.status === 0 ? undefined : 'no other user can read this folder';
}

export class Service {
  readonly folder: string;
  /** What starts it. */
  launcher = LAUNCHER;
  readonly module = currentProfile().module;
  readonly config: string;
  readonly policy: string;
  readonly socket: string;
  readonly store: string;
  /** The environment of whoever uses the service. */
  readonly env: Readonly<Record<string, string>>;
  #process: ChildProcess | undefined;
  #log = '';

  /** @param lines of the configuration, behind those about the socket; tables in the order of docs/strongroom.toml */
  constructor(policy: string | undefined, lines: readonly string[] = []) {
    this.folder = mkdtempSync(path.join(tmpdir(), 'strongroom-service-'));
    chmodSync(this.folder, 0o755);
    this.store = this.#own('store', 0o700);
    this.socket = path.join(this.#own('run', 0o755), 'engine.socket');
    this.config = path.join(this.folder, 'strongroom.toml');
    this.policy = path.join(this.folder, 'policy.toml');
    if (policy !== undefined) this.writePolicy(policy);
    const text = [
      `socket = "${this.socket}"`,
      `socket_user = "${SERVICE.uid}"`,
      '[pin]',
      'kdf = "pbkdf2"',
      'iterations = 1000',
      'slow_first_ms = 0',
      '[service]',
      'socket_mode = 0o666',
      `policy = "${this.policy}"`,
      ...lines,
      '',
    ];
    writeFileSync(this.config, text.join('\n'));
    this.env = { PATH: SEARCH_PATH, LANG: 'C.UTF-8', HOME: this.folder, STRONGROOM_CONFIG: this.config };
  }

  #own(name: string, mode: number): string {
    const folder = path.join(this.folder, name);
    mkdirSync(folder);
    chownSync(folder, SERVICE.uid, SERVICE.gid);
    chmodSync(folder, mode);
    return folder;
  }

  writePolicy(text: string): void {
    writeFileSync(this.policy, text);
  }

  readConfig(): string {
    return readFileSync(this.config, 'utf8');
  }

  /** What it has said. */
  get log(): string {
    return this.#log;
  }

  /** Of the process that attends the engine; signals for it go there. */
  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error('the service does not run');
    return pid;
  }

  /**
   * Starts it, and waits until it lets in.
   * @param disk size of a file system of the store's own, which ends with the service
   */
  async start(
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
    disk?: string,
  ): Promise<this> {
    const all = [
      '--foreground',
      '--store',
      this.store,
      '--config',
      this.config,
      '--ready-fd',
      '3',
      '--service',
      ...args,
    ];
    const { uid, gid } = SERVICE;
    const options = `size=${disk},mode=0700,uid=${uid},gid=${gid}`;
    const become = `exec setpriv --reuid=${uid} --regid=${gid} --clear-groups "$@"`;
    const script = `mount -t tmpfs -o ${options} tmpfs ${this.store} && ${become}`;
    const stdio: ('ignore' | 'pipe')[] = ['ignore', 'ignore', 'pipe', 'pipe'];
    const child =
      disk === undefined
        ? spawn(this.launcher, all, { uid, gid, env: { ...env }, stdio })
        : spawn('unshare', ['--mount', 'sh', '-c', script, 'sh', this.launcher, ...all], {
            env: { PATH: SEARCH_PATH, ...env },
            stdio,
          });
    this.#process = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log += text;
    });
    const ready = child.stdio[3];
    const word = await new Promise<string>((resolve, reject) => {
      ready?.once('data', (data: Buffer) => resolve(data.toString('latin1')));
      child.once('error', reject);
      child.once('close', (code) => reject(new Error(`the service ended with ${code}: ${this.#log}`)));
    });
    if (!word.startsWith('R')) throw new Error(`the service cannot serve: ${this.#log}`);
    return this;
  }

  /** Ends it, if it runs; the exit code or signal. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals | undefined> {
    const child = this.#process;
    if (child === undefined) return undefined;
    this.#process = undefined;
    if (child.exitCode !== null || child.signalCode !== null)
      return child.exitCode ?? child.signalCode ?? undefined;
    const ended = new Promise<number | NodeJS.Signals | undefined>((resolve) =>
      child.once('close', (code, how) => resolve(code ?? how ?? undefined)),
    );
    child.kill(signal);
    return ended;
  }

  /** Runs a program of a user's to its end. */
  run(user: User, program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { uid, gid } = user;
    const done = spawnSync(program, args, {
      uid,
      gid,
      env: { ...this.env, ...env },
      encoding: 'utf8',
      timeout: 300_000,
    });
    return { said: done.stdout, errors: done.stderr, status: done.status, signal: done.signal };
  }

  /** Ends it, removes everything, and throws if a process was left. */
  async close(): Promise<void> {
    try {
      await this.stop();
      if (!(await eventually(() => stragglers(this.folder).length === 0, 60_000)))
        throw new Error(
          `left behind: ${stragglers(this.folder)
            .map(({ command }) => command)
            .join('\n')}`,
        );
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}
