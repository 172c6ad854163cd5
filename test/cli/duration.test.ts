import { expect, test } from 'vitest';
import { duration } from '../../admin-cli/terminal.ts';

const HOUR = 3600;

test.each([
  [0, '0 s'],
  [59.9, '59 s'],
  [184, '3 min 4 s'],
  [5 * HOUR + 6 * 60, '5 h 6 min'],
  [48 * HOUR - 1, '47 h 59 min'],
  [48 * HOUR, '2 days 0 h'],
  [1540 * HOUR + 36 * 60, '64 days 4 h'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
