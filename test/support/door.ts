/**
 * strongroomd with a network door for a test: the engine under a user of its own, the door under another, with certificates from an authority of the
 * test's own, and folders for clients, each of which reaches it through the library. Needs root, who makes the processes of several users.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { Authority, type Identity, type Wish } from './certificates.ts';
import { ROOT } from './profile.ts';
import { freePort, SEARCH_PATH } from './programs.ts';
import { SERVICE, Service, type User } from './service.ts';

const LAUNCHER = path.join(ROOT, 'out/lib/strongroom/strongroom-launch');

/** The door's user, which no system has. */
export const DOOR = { uid: 64_105, gid: 64_105 };

/** A policy that gives every client from another machine everything. */
export const EVERYTHING_REMOTE =
  '[[rule]]\nwho = ["any-remote"]\nroles = ["user", "so", "operator", "auditor", "metrics"]\nnew_tokens = true\n';

/** How a door is made that is not the usual one. */
export interface DoorWish {
  /** Lines of the section [network]. */
  readonly lines?: readonly string[];
  /** Lines of the configuration before it; tables in the order of docs/strongroom.toml. */
  readonly before?: readonly string[];
  /** Where the door listens, and is reached: 127.0.0.1 where nothing is said. */
  readonly host?: string;
  /** A program in front of the door's: `ip netns exec NAME`, say. */
  readonly through?: readonly string[];
  /** Whether strongroomd starts the door itself, which is then a process of its own user. */
  readonly supervised?: boolean;
}

/** A client's folder: configuration, certificate, and a place for what the library starts. */
export interface RemoteClient {
  readonly folder: string;
  readonly config: string;
  readonly identity: Identity;
  readonly env: Readonly<Record<string, string>>;
}

export class DoorService {
  readonly service: Service;
  readonly authority = new Authority('test authority');
  readonly server: Identity;
  readonly port: number;
  readonly host: string;
  readonly folder: string;
  readonly #through: readonly string[];
  readonly #supervised: boolean;
  /** Whose process the door is. */
  readonly #user: User;
  #door: ChildProcess | undefined;
  readonly #beside: ChildProcess[] = [];
  #log = '';
  #clients = 0;

  /** @param port a free one */
  private constructor(port: number, policy: string | undefined, wish: DoorWish) {
    this.port = port;
    this.host = wish.host ?? '127.0.0.1';
    this.#through = wish.through ?? [];
    this.#supervised = wish.supervised ?? false;
    this.#user = this.#supervised ? SERVICE : DOOR;
    const files = path.join(ROOT, 'nowhere');
    this.service = new Service(policy, [
      ...(wish.before ?? []),
      '[network]',
      `listen = "${this.host}:${port}"`,
      `certificate = "${files}"`,
      `user = "${this.#user.uid}"`,
      `start_door = ${this.#supervised}`,
      ...(wish.lines ?? []),
    ]);
    this.folder = path.join(this.service.folder, 'tls');
    mkdirSync(this.folder);
    this.server = this.authority.issue({ purposes: ['server'], dns: ['localhost'], ip: [this.host] });
    this.put('server.pem', this.server.certificate);
    this.put('server.key', this.server.key);
    this.put('clients.pem', this.authority.certificate);
    this.put('crl.pem', this.authority.list());
    const text = this.service
      .readConfig()
      .replace(
        `certificate = "${files}"`,
        [
          `certificate = "${path.join(this.folder, 'server.pem')}"`,
          `key = "${path.join(this.folder, 'server.key')}"`,
          `client_ca = "${path.join(this.folder, 'clients.pem')}"`,
          `crl = "${path.join(this.folder, 'crl.pem')}"`,
        ].join('\n'),
      );
    writeFileSync(this.service.config, text);
  }

  static async make(
    policy: string | undefined = EVERYTHING_REMOTE,
    wish: DoorWish = {},
  ): Promise<DoorService> {
    const made = new DoorService(await freePort(), policy, wish);
    await made.service.start();
    if (!made.#supervised) await made.startDoor();
    return made;
  }

  /** Puts a file of the door's into its place, in one step. */
  put(name: string, text: string): void {
    const file = path.join(this.folder, name);
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    chownSync(`${file}.new`, this.#user.uid, this.#user.gid);
    renameSync(`${file}.new`, file);
  }

  /** What the door has said. */
  get log(): string {
    return this.#log;
  }

  get pid(): number {
    const pid = this.#door?.pid;
    if (pid === undefined) throw new Error('the door does not run');
    return pid;
  }

  /** The process that serves, which the one above looks after. */
  get worker(): number {
    return workerOf(this.pid);
  }

  /** Starts the door, and waits until it serves. */
  async startDoor(): Promise<void> {
    const child = this.#spawn(this.service.config);
    this.#door = child;
    await this.#serves(child);
  }

  /** Starts another door for the same engine, and waits until it serves. @returns its port; it ends with everything else */
  async startBeside(): Promise<number> {
    const port = await freePort();
    const config = path.join(this.service.folder, `beside-${port}.toml`);
    const text = this.service.readConfig();
    writeFileSync(config, text.replace(`"${this.host}:${this.port}"`, `"${this.host}:${port}"`));
    const child = this.#spawn(config);
    this.#beside.push(child);
    await this.#serves(child);
    return port;
  }

  #spawn(config: string): ChildProcess {
    const user = `${DOOR.uid}:${DOOR.gid}`;
    const [program = LAUNCHER, ...args] = [
      ...this.#through,
      LAUNCHER,
      ...['--door', '--user', user, '--config', config, '--ready-fd', '3'],
    ];
    const child = spawn(program, args, {
      env: { PATH: SEARCH_PATH },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log += text;
    });
    return child;
  }

  async #serves(child: ChildProcess): Promise<void> {
    const ready = child.stdio[3];
    const word = await new Promise<string>((resolve, reject) => {
      ready?.once('data', (data: Buffer) => resolve(data.toString('latin1')));
      child.once('error', reject);
      child.once('close', (code) => reject(new Error(`the door ended with ${code}: ${this.#log}`)));
    });
    if (!word.startsWith('R')) throw new Error(`the door cannot serve: ${this.#log}`);
  }

  async stopDoor(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#door;
    this.#door = undefined;
    await stopped(child, signal);
  }

  /** A folder for a client with a certificate like that, whose `remote` is this door. @param lines of its configuration, before any table */
  client(wish: Wish, lines: readonly string[] = []): RemoteClient {
    return this.clientWith(this.authority.issue(wish), lines);
  }

  clientWith(identity: Identity, lines: readonly string[] = []): RemoteClient {
    const folder = path.join(this.service.folder, `client-${++this.#clients}`);
    mkdirSync(path.join(folder, 'tls'), { recursive: true });
    chmodSync(folder, 0o755);
    const file = (name: string, text: string): string => {
      const at = path.join(folder, 'tls', name);
      writeFileSync(at, text, { mode: 0o600 });
      return at;
    };
    const config = path.join(folder, 'strongroom.toml');
    const text = [
      `remote = "${this.host}:${this.port}"`,
      `remote_ca = "${file('ca.pem', this.authority.certificate)}"`,
      `remote_certificate = "${file('client.pem', identity.certificate)}"`,
      `remote_key = "${file('client.key', identity.key)}"`,
      'remote_name = "localhost"',
      'linger_seconds = 1',
      ...lines,
      '',
    ];
    writeFileSync(config, text.join('\n'));
    return {
      folder,
      config,
      identity,
      env: {
        PATH: SEARCH_PATH,
        LANG: 'C.UTF-8',
        HOME: folder,
        STRONGROOM_HOME: path.join(folder, 'store'),
        STRONGROOM_CONFIG: config,
      },
    };
  }

  /** Ends those that were started beside the first. */
  async stopBeside(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    for (const child of this.#beside.splice(0)) await stopped(child, signal);
  }

  /** Ends everything, and throws if a process was left. */
  async close(): Promise<void> {
    await this.stopDoor();
    await this.stopBeside();
    await this.service.close();
  }
}

/** The child of a launcher that looks after it. @throws where there is none */
export function workerOf(launcher: number): number {
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      if (new RegExp(`^PPid:\\s*${launcher}$`, 'm').test(readFileSync(`/proc/${entry}/status`, 'utf8')))
        return Number(entry);
    } catch {
      // It has ended meanwhile.
    }
  }
  throw new Error(`process ${launcher} has no child`);
}

async function stopped(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.kill(signal);
  await ended;
}
