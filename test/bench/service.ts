/** strongroomd for the bench: the same engine, under a user of its own where we may make one, and the environment that leads a client to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A user that no system has. */
const USER = 64_100;
const isRoot = process.getuid?.() === 0;

export class BenchService {
  readonly #child: ChildProcess;
  readonly env: NodeJS.ProcessEnv;

  /** @param folder is made, and readable for everybody */
  constructor(folder: string, module: string) {
    const store = join(folder, 'store');
    const run = join(folder, 'run');
    for (const made of [store, run]) {
      mkdirSync(made, { recursive: true });
      if (isRoot) chownSync(made, USER, USER);
    }
    chmodSync(store, 0o700);
    chmodSync(folder, 0o755);
    chmodSync(dirname(folder), 0o755);
    const config = join(folder, 'strongroom.toml');
    const socket = join(run, 'engine.socket');
    writeFileSync(config, `socket = "${socket}"\nsocket_user = "${isRoot ? USER : process.getuid?.()}"\n`);
    this.env = { ...process.env, STRONGROOM_CONFIG: config };
    delete this.env.STRONGROOM_HOME;
    const launcher = join(dirname(module), 'strongroom', 'strongroom-launch');
    const args = ['--foreground', '--store', store, '--config', config, '--ready-fd', '3', '--service'];
    const identity = isRoot ? { uid: USER, gid: USER } : {};
    this.#child = spawn(launcher, args, {
      ...identity,
      env: {},
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    });
  }

  /** @throws when it cannot serve; what is wrong is on stderr */
  async ready(): Promise<this> {
    const pipe = this.#child.stdio[3];
    const [word] = await Promise.race([
      once(pipe as NodeJS.ReadableStream, 'data'),
      once(this.#child, 'exit').then(() => ['']),
    ]);
    if (!String(word).startsWith('R')) throw new Error('the service cannot serve');
    return this;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }
}
