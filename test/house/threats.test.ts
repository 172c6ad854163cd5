/** docs/threats.md names tests that there are, and no promise without one. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const rows = readFileSync(join(root, 'docs/threats.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| promise'))
  .map((line) => line.split('|').slice(1, -1));

test('every row of docs/threats.md has all its cells, and tests that exist', () => {
  expect(rows.length).toBeGreaterThan(15);
  for (const cells of rows) {
    expect(cells.length, cells[0]).toBe(5);
    const tests = [...(cells[3] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
    expect(tests.length, cells[0]).toBeGreaterThan(0);
    expect(tests.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  }
});
