/** Bundles the engine, the network door and the gateway, and lays the runtime and SQLite's addon beside them: out/lib/strongroom. */
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
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

/** Each process's script, and where it begins. */
const scripts: readonly (readonly [name: string, entry: string])[] = [
  ['engine', 'module/engine/main.ts'],
  ['door', 'daemon/main.ts'],
  ['door-needs', 'daemon/needs.ts'],
  ['gateway', 'module/gateway/gateway.ts'],
  ['traces', 'module/traces/otlp.ts'],
];
for (const [name, entry] of scripts) {
  if (!existsSync(path.join(root, entry))) continue;
  const outfile = path.join(out, `${name}.mjs`);
  await build({
    entryPoints: [path.join(root, entry)],
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
}
// Node looks for this file upwards from each script, and would believe, or stumble over, whatever lies in a folder above.
writeFileSync(path.join(out, 'package.json'), '{}\n');
place(process.execPath, 'node');
const libc = existsSync('/etc/alpine-release') ? 'linuxmusl' : 'linux';
place(
  path.join(root, `node_modules/better-sqlite3/prebuilds/${libc}-${process.arch}.node`),
  'better_sqlite3.node',
);
