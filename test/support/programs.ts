import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';

/** Which Debian package brings a program. The interop suites install them from `test/interop/packages.txt`. */
export const PACKAGE_OF: Readonly<Record<string, string>> = {
  'pkcs11-tool': 'opensc',
  p11tool: 'gnutls-bin',
  certtool: 'gnutls-bin',
  'gnutls-serv': 'gnutls-bin',
  'gnutls-cli': 'gnutls-bin',
  openssl: 'openssl',
  sshd: 'openssh-server',
  ssh: 'openssh-client',
  'ssh-add': 'openssh-client',
  'ssh-agent': 'openssh-client',
  'ssh-keygen': 'openssh-client',
  keytool: 'openjdk-17-jdk-headless',
  jarsigner: 'openjdk-17-jdk-headless',
  jar: 'openjdk-17-jdk-headless',
  javac: 'openjdk-17-jdk-headless',
  java: 'openjdk-17-jdk-headless',
  modutil: 'libnss3-tools',
  certutil: 'libnss3-tools',
  curl: 'curl',
  gcc: 'gcc',
  'g++': 'g++',
  make: 'make',
  go: 'golang-go',
  apache2: 'apache2-bin',
  cryptsetup: 'cryptsetup-bin',
  keymgr: 'knot',
  nginx: 'nginx-light',
  pki: 'strongswan-pki',
  python3: 'python3-venv',
  sbsign: 'sbsigntool',
  sbverify: 'sbsigntool',
  strace: 'strace',
  stunnel: 'stunnel4',
  'systemd-cryptenroll': 'systemd',
};

/** Where servers such as sshd live; a plain user's PATH often leaves these out. */
export const SEARCH_PATH = [
  ...new Set([...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin', '/sbin', '/bin']),
]
  .filter((entry) => entry.startsWith('/'))
  .join(delimiter);

/** Absolute path of a program, or undefined when it isn't installed. */
export function findProgram(name: string): string | undefined {
  if (name.startsWith('/')) return existsSync(name) ? name : undefined;
  return SEARCH_PATH.split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/** Absolute path of a program; throws an error that names the Debian package when it is missing. */
export function needProgram(name: string): string {
  const path = findProgram(name);
  if (path !== undefined) return path;
  throw new Error(`${name} is not installed: apt-get install -y ${PACKAGE_OF[name] ?? name}`);
}

/** Packages that this Debian does not have, as scripts/setup/packages.sh found out. */
function unavailable(): ReadonlySet<string> {
  const list = join(import.meta.dirname, '../../out/unavailable-packages');
  return new Set(existsSync(list) ? readFileSync(list, 'utf8').split('\n') : []);
}

/**
 * Why a suite cannot run on this Debian, to stand behind its name, or '' when it can: a program is missing and no package
 * brings it here. What merely was not installed is no reason; that suite fails with the line to type.
 */
export function lacking(programs: readonly string[], packages: readonly string[] = []): string {
  const absent = unavailable();
  const wanted = programs
    .filter((name) => findProgram(name) === undefined)
    .map((name) => PACKAGE_OF[name] ?? name);
  const missing = [...new Set([...wanted, ...packages])].filter((name) => absent.has(name));
  return missing.length === 0 ? '' : ` (this Debian has no ${missing.join(', ')})`;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Bytes for standard input, which is closed afterwards. */
  readonly input?: string | Uint8Array;
  /** Milliseconds until the program is killed; 180,000 unless said otherwise. */
  readonly timeout?: number;
  /** The exit code that counts as success, or 'any'. Zero unless said otherwise. */
  readonly expect?: number | 'any';
}

export interface Outcome {
  /** The exit code, or -1 when a signal ended the program. */
  readonly code: number;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams in the order in which they arrived. */
  readonly output: string;
  readonly milliseconds: number;
}

/** The command as one would type it into a shell. */
export function commandLine(program: string, args: readonly string[]): string {
  return [program, ...args].map(quote).join(' ');
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A program ended otherwise than it should have; the message holds the command and all that it printed. */
export class ProgramFailed extends Error {
  readonly outcome: Outcome;

  constructor(command: string, outcome: Outcome) {
    const end = outcome.signal === null ? `exit code ${outcome.code}` : `signal ${outcome.signal}`;
    super(`${command}\n  ended with ${end} after ${outcome.milliseconds} ms\n${outcome.output}`);
    this.name = 'ProgramFailed';
    this.outcome = outcome;
  }
}

/** Runs a program to its end. Throws `ProgramFailed` when it ends otherwise than `options.expect`. */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const path = needProgram(program);
  const began = performance.now();
  const child = spawn(path, args, {
    env: options.env,
    cwd: options.cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: options.timeout ?? 180_000,
    killSignal: 'SIGKILL',
  });
  const streams = { stdout: '', stderr: '', output: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      streams[name] += text;
      streams.output += text;
    });
  }
  // A program may end without having read its input; that is its own affair.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (...end) => resolve(end));
  });
  const outcome = {
    code: code ?? -1,
    signal,
    ...streams,
    milliseconds: Math.round(performance.now() - began),
  };
  const expected = options.expect ?? 0;
  if (expected !== 'any' && outcome.code !== expected)
    throw new ProgramFailed(commandLine(program, args), outcome);
  return outcome;
}

export interface Service {
  readonly child: ChildProcess;
  /** All that it has printed until now. */
  output(): string;
  /** Resolves when the output matches; throws with the output when it ends or two minutes pass before. */
  ready(pattern: RegExp): Promise<void>;
  /** Ends it and waits until it is gone; harmless when it has gone already. */
  stop(): Promise<void>;
}

/** Starts a program that goes on running, such as a server. */
export function start(program: string, args: readonly string[], options: RunOptions = {}): Service {
  const child = spawn(needProgram(program), args, {
    env: options.env,
    cwd: options.cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  child.stdin.on('error', () => {});
  if (options.input !== undefined) child.stdin.end(options.input);
  let ended = false;
  const gone = new Promise<void>((resolve) => {
    const end = () => {
      ended = true;
      resolve();
    };
    child.on('error', (error) => {
      text += `${error.message}\n`;
      end();
    });
    child.on('close', end);
  });
  const command = commandLine(program, args);
  return {
    child,
    output: () => text,
    async ready(pattern) {
      const found = await eventually(() => pattern.test(text) || ended, 120_000);
      if (!found || !pattern.test(text)) throw new Error(`${command}\n  never printed ${pattern}\n${text}`);
    },
    async stop() {
      if (!ended) child.kill('SIGTERM');
      const hardly = setTimeout(() => child.kill('SIGKILL'), 3_000);
      await gone;
      clearTimeout(hardly);
    },
  };
}

/** Asks `holds` every 20 ms until it is true; false when `milliseconds` have passed first. */
export async function eventually(
  holds: () => boolean | Promise<boolean>,
  milliseconds: number,
): Promise<boolean> {
  const until = performance.now() + milliseconds;
  for (;;) {
    if (await holds()) return true;
    if (performance.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A TCP port on 127.0.0.1 that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') return reject(new Error('no port was given'));
      server.close(() => resolve(address.port));
    });
  });
}
