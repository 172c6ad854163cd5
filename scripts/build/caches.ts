/**
 * Writes NAME.cache beside our programs, with what V8 has compiled of them: see loader.ts. What is worth keeping is what runs at each start, so they are
 * started here, from a copy whose loader writes down what has been compiled when its process ends: the engine for a token, the command line for
 * what people ask most, the others as far as they come with nothing to serve. Where that can't be done, programs start more slowly, and that is all.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { lib, root } from './program.ts';

const names = ['engine', 'gateway', 'door', 'cli'];
const RUN = 'script.runInThisContext()';

/** Stands before the run, in the copy alone. V8's flags are part of what has been compiled, so they are told as well. */
const noteAtExit = `
process.on('exit', () => {
  const cache = file.replace(/js$/, 'cache');
  const fresh = cache + '.' + process.pid;
  writeFileSync(fresh, Buffer.concat([Buffer.from(firstLine, 'latin1'), script.createCachedData()]));
  writeFileSync(file.replace(/js$/, 'flags'), JSON.stringify(process.execArgv));
  renameSync(fresh, cache);
});
`;

async function notingLoader(): Promise<string> {
  const source = readFileSync(path.join(import.meta.dirname, 'loader.ts'), 'utf8');
  if (source.split(RUN).length !== 2) throw new Error('loader.ts runs the program in another way');
  const { outputFiles } = await build({
    stdin: {
      contents: `import { renameSync, writeFileSync } from 'node:fs';\n${source.replace(RUN, `${noteAtExit}${RUN}`)}`,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('nothing came of loader.ts');
  return file.text;
}

function lay(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

/** A copy of what has been built, whose programs note what was compiled. */
async function copyOfAll(copy: string): Promise<string> {
  const there = path.join(copy, 'lib/strongroom');
  mkdirSync(there, { recursive: true });
  mkdirSync(path.join(copy, 'bin'));
  lay(path.join(lib, '../strongroom-pkcs11.so'), path.join(there, '../strongroom-pkcs11.so'));
  copyFileSync(path.join(root, 'out/bin/strongroom'), path.join(copy, 'bin/strongroom'));
  for (const name of readdirSync(lib))
    if (!name.endsWith('.cache')) lay(path.join(lib, name), path.join(there, name));
  const loader = await notingLoader();
  for (const name of names) {
    const file = path.join(there, `${name}.cjs`);
    rmSync(file);
    writeFileSync(file, loader);
  }
  return there;
}

async function compiledBy(copy: string, home: string): Promise<void> {
  const there = await copyOfAll(copy);
  const configuration = path.join(home, 'strongroom.toml');
  writeFileSync(configuration, '[pin]\nkdf = "pbkdf2"\niterations = 1000\n');
  const env = {
    STRONGROOM_HOME: path.join(home, 'store'),
    STRONGROOM_CONFIG: configuration,
    SO: 'an officer of no token',
    PIN: 'a user of no token',
  };
  const strongroom = (...words: string[]): void => {
    execFileSync(path.join(copy, 'bin/strongroom'), words, { env, stdio: 'pipe', timeout: 60_000 });
  };
  strongroom('token', 'init', '--label', 'none', '--so-pin', 'env:SO', '--pin', 'env:PIN');
  strongroom('token', 'list');
  strongroom('key', 'list', '--pin', 'env:PIN');
  strongroom('engine', 'stop');
  const flags = path.join(there, 'engine.flags');
  for (let waited = 0; !existsSync(flags); waited++) {
    if (waited > 600) throw new Error('the engine left nothing behind');
    await sleep(50);
  }
  const execArgv = JSON.parse(readFileSync(flags, 'utf8')) as string[];
  for (const name of ['gateway', 'door']) {
    try {
      execFileSync(path.join(there, 'node'), [...execArgv, path.join(there, `${name}.cjs`)], {
        env: {},
        stdio: 'pipe',
        timeout: 60_000,
      });
    } catch {
      // With nothing to serve they may well complain; by then they have been read.
    }
  }
  for (const name of names) {
    const cache = path.join(there, `${name}.cache`);
    // An engine's files are its user's alone; this one is as public as the code.
    chmodSync(cache, 0o644);
    renameSync(cache, path.join(lib, `${name}.cache`));
  }
}

const copy = mkdtempSync(path.join(root, 'out/obj/warm-'));
const home = mkdtempSync(path.join(tmpdir(), 'strongroom-build-'));
try {
  await compiledBy(copy, home);
} catch (error) {
  console.warn(`programs will start more slowly, since none could be started here: ${String(error)}`);
} finally {
  rmSync(copy, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
}
