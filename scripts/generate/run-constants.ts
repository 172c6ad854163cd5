/**
 * Writes the files that are generated from the tables of constants and types.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generateAttributes } from './attributes.ts';
import { generateConstants } from './constants.ts';
import { generateHeader } from './header.ts';
import { generateMechanisms } from './mechanisms.ts';

const root = join(import.meta.dirname, '../..');
for (const [path, content] of [
  ...generateConstants(),
  ...generateHeader(),
  ...generateMechanisms(),
  ...generateAttributes(),
]) {
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
}
