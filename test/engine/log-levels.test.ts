/** The lines of a log: levels, bounds, and names that somebody chose. */
import { describe, expect, it } from 'vitest';
import { journalLog, Log, ownLog, streamLog } from '../../module/engine/log.ts';

function collected(manner = journalLog) {
  const at = { now: 0, text: '', works: true };
  const log = new Log(
    (text) => {
      if (at.works) at.text += text;
      return at.works;
    },
    manner,
    () => at.now,
  );
  return { at, log, lines: () => at.text.split('\n').slice(0, -1) };
}

describe('lines', () => {
  it('say their level as a journal wants it, each of them', () => {
    const { log, lines } = collected();
    log.line('one');
    log.line('two\n  three', 'error');
    log.line('four', 'debug');
    log.least = 'debug';
    log.line('five', 'debug');
    log.least = 'error';
    log.line('six', 'warning');
    expect(lines()).toEqual(['<6>one', '<3>two', '<3>      three', '<7>five']);
  });

  it('have a time elsewhere, and no level in engine.log', () => {
    const time = /^\d{4}-\d\d-\d\dT[\d:.]+Z /;
    const stream = collected(streamLog);
    stream.log.line('one', 'warning');
    expect(stream.at.text.replace(time, '')).toBe('warning: one\n');
    const own = collected(ownLog);
    own.log.line('one', 'warning');
    expect(own.at.text.replace(time, '')).toBe('one\n');
  });

  it('are not made by a name that has line breaks and control characters in it', () => {
    for (const manner of [journalLog, streamLog, ownLog]) {
      const { log, at } = collected(manner);
      log.line('refused: /tmp/x\n<3>2026-11-28T00:00:00.000Z error: all keys are lost\x1b[2J\r\x85\u2028');
      const [, second = ''] = at.text.split('\n');
      expect(second).toContain('    <3>2026');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
      expect(at.text).not.toMatch(/[\x1b\r\x85\u2028]/);
      expect(second.startsWith('<3>2026')).toBe(false);
    }
  });

  it('come in bounds: a flood of one level is counted, and hides nothing of another', () => {
    const { log, lines, at } = collected();
    for (let i = 0; i < 10_000; i++) log.line(`knock ${i}`);
    expect(lines().length).toBe(200);
    log.line('a bug', 'error');
    expect(lines().at(-1)).toBe('<3>a bug');
    at.now += 1_000;
    for (let i = 0; i < 10_000; i++) log.line('once more');
    expect(lines()[201]).toBe('<6>9800 lines like the next were left out: there were too many at once');
    expect(lines().length).toBe(200 + 1 + 1 + 20);
  });

  it('of engine.log have no such bounds: nobody else writes there', () => {
    const { log, lines } = collected(ownLog);
    for (let i = 0; i < 1_000; i++) log.line('again');
    expect(lines().length).toBe(1_000);
  });

  it('that cannot be written are counted, and said as a warning', () => {
    const { log, lines, at } = collected();
    at.works = false;
    log.line('one');
    log.line('two');
    expect(log.lost).toBe(2);
    at.works = true;
    log.line('three');
    expect(lines()).toEqual(['', '<4>2 lines of this log were lost: it could not be written', '<6>three']);
  });
});
