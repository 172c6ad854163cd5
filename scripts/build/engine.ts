/** Bundles the engine, the network door and the gateway, and lays the runtime and SQLite's addon beside them: out/lib/strongroom. */
import { copyFileSync, existsSync, linkSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildModule, buildProgram, lib, root } from './program.ts';

/** Replaces a file in one step, so that a running engine keeps its own. A hard link saves the copy where it can. */
function place(from: string, name: string): void {
  const target = path.join(lib, name);
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

await buildProgram('engine', 'module/engine/main.ts');
await buildProgram('gateway', 'module/gateway/gateway.ts');
await buildProgram('door', 'daemon/main.ts');
await buildModule('door-needs', 'daemon/needs.ts');
await buildModule('traces', 'module/traces/otlp.ts');
// Node looks for this file upwards from each script, and would believe, or stumble over, whatever lies in a folder above.
writeFileSync(path.join(lib, 'package.json'), '{}\n');
place(process.execPath, 'node');
const libc = existsSync('/etc/alpine-release') ? 'linuxmusl' : 'linux';
place(
  path.join(root, `node_modules/better-sqlite3/prebuilds/${libc}-${process.arch}.node`),
  'better_sqlite3.node',
);
