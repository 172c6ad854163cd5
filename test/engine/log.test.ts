import { expect, test } from 'vitest';
import { Log } from '../../module/engine/log.ts';

test('lines that are lost are counted, and the count comes before the first that is not', () => {
  const written: string[] = [];
  let how: 'works' | 'fails' | 'throws' = 'works';
  const log = new Log((text) => {
    if (how === 'throws') throw new Error('ENOSPC');
    if (how === 'fails') return false;
    written.push(text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, 'NOW'));
    return true;
  });
  log.line('one');
  how = 'fails';
  log.line('two');
  how = 'throws';
  log.line('three');
  log.line('four');
  how = 'works';
  log.line('five');
  log.line('six');
  expect(written).toEqual([
    'NOW one\n',
    '\nNOW 3 lines of this log were lost: it could not be written\n',
    'NOW five\n',
    'NOW six\n',
  ]);
});
