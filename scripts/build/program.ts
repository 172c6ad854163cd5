/**
 * One of our programs, as out/lib/strongroom/NAME.cjs and NAME.js: see loader.ts. Also by itself: `program.ts NAME ENTRY`.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type BuildOptions, build } from 'esbuild';

export const root = path.join(import.meta.dirname, '../..');
export const lib = path.join(root, 'out/lib/strongroom');

const common = {
  bundle: true,
  platform: 'node',
  target: 'node26',
  // One byte a character, but in comments: V8 reads it faster, and keeps half as much.
  charset: 'ascii',
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** Written beside and renamed, so that whatever reads the old one has it whole. */
function write(name: string, text: string): void {
  const file = path.join(lib, name);
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

async function bundled(entry: string, options: BuildOptions): Promise<string> {
  const { outputFiles } = await build({
    ...common,
    ...options,
    entryPoints: [path.join(root, entry)],
    write: false,
  });
  const [file] = outputFiles ?? [];
  if (file === undefined) throw new Error(`nothing came of ${entry}`);
  return file.text;
}

/** A script that others import or run as a module, in one file. */
export async function buildModule(name: string, entry: string): Promise<void> {
  mkdirSync(lib, { recursive: true });
  // CommonJS packages ask for `require`, which a module does not have by itself.
  const js =
    "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);";
  write(`${name}.mjs`, await bundled(entry, { format: 'esm', banner: { js } }));
}

/** Parts of Node that take 10 to 45 ms to begin with, and that most starts never come to. */
const imported =
  /^( *var (\w+) = )(?:__toESM\()?require\("(node:(?:child_process|crypto|net|tls))"\)(?:, 1\))?;$/gm;

/** Those parts are loaded when something of them is used for the first time: what a bundle has of them are names of an object. */
function whenUsed(code: string): string {
  return code.replace(imported, (_line, begin: string, variable: string, part: string) => {
    const uses = code.match(new RegExp(`\\b${variable}\\b(?:\\.\\w+)?`, 'g')) ?? [];
    const names = new Set(uses.map((use) => use.slice(variable.length + 1)));
    // Once where it is declared; wherever else the object itself is meant.
    if (uses.filter((use) => use === variable).length !== 1) throw new Error(`${part} is used as a whole`);
    names.delete('');
    const getters = [...names].map((name) => {
      const value = name === 'default' ? `require("${part}")` : `require("${part}").${name}`;
      // The second time it is a plain property, as fast as any.
      return `get ${name}() { const value = ${value}; Object.defineProperty(this, "${name}", { value }); return value; }`;
    });
    return `${begin}{ ${getters.join(', ')} };`;
  });
}

/** A program that starts often, or has to start soon. */
export async function buildProgram(name: string, entry: string): Promise<void> {
  mkdirSync(lib, { recursive: true });
  const code = whenUsed(
    await bundled(entry, {
      format: 'cjs',
      define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__fileUrl' },
    }),
  );
  const line = code.split('\n').find((text) => /[^\0-\x7f]/.test(text) && !/^ *(\*|\/[*/])/.test(text));
  if (line !== undefined) throw new Error(`the loader would read this line of ${name}.js wrongly: ${line}`);
  // What was compiled of other code, and what an earlier build called this.
  for (const kind of ['cache', 'mjs']) rmSync(path.join(lib, `${name}.${kind}`), { force: true });
  write(`${name}.js`, `// ${createHash('sha256').update(code).digest('hex')}\n${code}`);
  write(`${name}.cjs`, await bundled('scripts/build/loader.ts', { format: 'cjs' }));
}

if (import.meta.main) {
  const [name, entry] = process.argv.slice(2);
  if (name === undefined || entry === undefined) throw new Error('usage: program.ts NAME ENTRY');
  await buildProgram(name, entry);
}
