/**
 * Writes the files that follow from the tables of constants, types, attributes and mechanisms.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generateTables } from './tables.ts';

const root = join(import.meta.dirname, '../..');
for (const [path, content] of generateTables()) {
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
}
