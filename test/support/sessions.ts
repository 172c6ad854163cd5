/** Shell lines in a session of their own, of which nothing is left when they have ended. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { stragglers } from './store.ts';

export interface SessionOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Daemons that mention it in their command line, environment or working folder are ended too. */
  readonly folder: string;
  /** What goes in front of `sh`, such as a program that changes the user. */
  readonly prefix?: readonly string[];
  /** Milliseconds until everything is killed. */
  readonly timeout: number;
  /** Processes that are to stay although they know the folder, such as the store's engine. */
  readonly spare?: () => readonly (number | undefined)[];
}

export interface SessionOutcome {
  /** The shell's exit code, or -1 when a signal ended it. */
  readonly code: number;
  readonly output: string;
  readonly timedOut: boolean;
}

/** Processes of one session, whatever groups a shell has put them into. */
function membersOf(session: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      if (!Number.isInteger(pid)) return false;
      try {
        // The command's name may hold blanks and brackets; the fields that follow it are plain.
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
        return Number(fields[3]) === session && fields[0] !== 'Z';
      } catch {
        return false;
      }
    });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has gone by itself.
  }
}

/** Ends all that belongs to the session, and daemons that have left it but work in its folder. */
function endAll(session: number, folder: string, spared: readonly (number | undefined)[]): void {
  const left = () =>
    [...membersOf(session), ...stragglers(folder).map(({ pid }) => pid)].filter(
      (pid) => !spared.includes(pid),
    );
  // A process may start another one while we look, so look again until nobody is there.
  for (let round = 0, pids = left(); pids.length > 0 && round < 100; round++, pids = left())
    pids.forEach(kill);
}

/** Runs lines with `sh -euc`. Never throws for what they do; the caller judges the outcome. */
export async function runInSession(lines: string, options: SessionOptions): Promise<SessionOutcome> {
  const [program = '', ...args] = [...(options.prefix ?? []), 'sh', '-euc', lines];
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...options.env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const session = child.pid;
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    if (session !== undefined) for (const pid of membersOf(session)) kill(pid);
  }, options.timeout);
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (end) => resolve(end ?? -1));
  }).finally(() => clearTimeout(timer));
  // Servers that the lines have left behind hold our pipes open.
  if (session !== undefined) endAll(session, options.folder, options.spare?.() ?? []);
  await closed;
  return { code, output, timedOut };
}
