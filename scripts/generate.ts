/** Writes every file that is derived from schema/. With --check, writes nothing and fails when one is not current. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generateClient } from './generate/client.ts';
import { generateCodec } from './generate/codec.ts';
import { generateConfigSample } from './generate/config-sample.ts';
import { generateLifecycle } from './generate/lifecycle.ts';
import { generateMetrics } from './generate/metrics.ts';
import { generatePolicySample } from './generate/policy-sample.ts';
import { generateProto } from './generate/proto.ts';
import { generateStubs } from './generate/stubs.ts';
import { generateTables } from './generate/tables.ts';
import { generateWire } from './generate/wire.ts';

/** Path (from the project's root) → content of every generated file. */
export function generateAll(): Map<string, string> {
  return new Map([
    ...generateTables(),
    ...generateStubs(),
    ...generateCodec(),
    ...generateClient(),
    ...generateConfigSample(),
    ...generateLifecycle(),
    ...generatePolicySample(),
    ...generateMetrics(),
    ...generateProto(),
    ...generateWire(),
  ]);
}

function current(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const checking = process.argv.includes('--check');
  const stale: string[] = [];
  for (const [path, content] of generateAll()) {
    const target = join(root, path);
    if (current(target) === content) continue;
    stale.push(path);
    if (checking) continue;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
  if (checking && stale.length > 0) {
    console.error(`not current (run make generate): ${stale.join(', ')}`);
    process.exit(1);
  }
}
