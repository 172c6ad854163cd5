/** Bundles the engine, and lays the runtime and SQLite's addon beside them: out/lib/strongroom. */
import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.join(import.meta.dirname, '../..');
const out = path.join(root, 'out/lib/strongroom');
mkdirSync(out, { recursive: true });

/** Replaces a file in one step, so that a running engine keeps its own. A hard link saves the copy where it can. */
function place(from: string, name: string): void {
  const target = path.join(out, name);
  if (existsSync(target) && statSync(target).ino === statSync(from).ino) return;
  const fresh = `${target}.new`;
  rmSync(fresh, { force: true });
  try {
    linkSync(from, fresh);
  } catch {
    copyFileSync(from, fresh);
  }
  renameSync(fresh, target);
}

/** CommonJS packages ask for `require`, which a module does not have by itself. */
const banner = {
  js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
};

const outfile = path.join(out, 'engine.mjs');
await build({
  entryPoints: [path.join(root, 'module/engine/main.ts')],
  outfile: `${outfile}.new`,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node26',
  banner,
  legalComments: 'none',
  logLevel: 'warning',
});
renameSync(`${outfile}.new`, outfile);
place(process.execPath, 'node');
const libc = existsSync('/etc/alpine-release') ? 'linuxmusl' : 'linux';
place(
  path.join(root, `node_modules/better-sqlite3/prebuilds/${libc}-${process.arch}.node`),
  'better_sqlite3.node',
);
