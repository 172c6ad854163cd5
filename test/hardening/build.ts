/** Builds what the tests of this room run, in a folder of their own: the shipped library and launcher by the room's own
 * make fragment, and the C checks beside them. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const checks = fileURLToPath(new URL('.', import.meta.url));

/** A fresh folder that other users may enter, and how to remove it. */
export function scratch(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-hardening-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${errors}`);
}

/** Builds library and launcher as shipped into `folder`/lib. */
export async function makeShipped(folder: string): Promise<{ library: string; launcher: string }> {
  const library = join(folder, 'lib', 'libstrongroom-guard.so');
  const launcher = join(folder, 'lib', 'strongroom-launch');
  await run('make', [
    '-f',
    'hardening/build.mk',
    `HARDENING_OBJ=${folder}/obj`,
    `HARDENING_LIB=${library}`,
    `HARDENING_LAUNCHER=${launcher}`,
  ]);
  return { library, launcher };
}

/** Compiles C sources (relative to the root) to `output`, warnings as errors. */
export async function compile(
  output: string,
  sources: readonly string[],
  flags: readonly string[] = [],
): Promise<string> {
  const common = ['-std=c11', '-g', '-O1', '-Wall', '-Wextra', '-Werror', '-pthread'];
  const includes = ['-Ihardening/memory', '-Ihardening/process', `-I${checks}`];
  await run('gcc', [...common, ...includes, ...flags, ...sources, '-o', output, '-ldl']);
  return output;
}

export const memorySources = ['arena', 'blocks', 'canary', 'guarded', 'pages', 'slabs', 'zero'].map(
  (name) => `hardening/memory/${name}.c`,
);

export interface Outcome {
  status: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, at most a minute, with exactly the environment given. */
export function outcomeOf(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Outcome {
  const { status, signal, stdout, stderr } = spawnSync(command, args, {
    env,
    encoding: 'utf8',
    timeout: 60_000,
    cwd: root,
  });
  return { status, signal, stdout, stderr };
}
