/** The service's signs of life and its news, with a clock of the test's own. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Notifier } from '../../../module/engine/service/notifier.ts';
import { Watch } from '../../../module/engine/service/watch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the sign of life', () => {
  function watched() {
    const pool = { signs: 0, questions: [] as (() => void)[], takes: true };
    const watch = new Watch(
      {
        ask: (answered) => {
          if (pool.takes) pool.questions.push(answered);
          return pool.takes;
        },
        alive: () => pool.signs++,
      },
      1_000,
    );
    const answer = () => pool.questions.shift()?.();
    return { pool, watch, answer };
  }

  it('is given twice in the time, while the pool answers', () => {
    const { pool, watch, answer } = watched();
    for (let halves = 1; halves <= 10; halves++) {
      answer();
      vi.advanceTimersByTime(500);
      expect(pool.signs).toBe(halves);
      expect(pool.questions.length).toBe(1);
    }
    watch.stop();
    vi.advanceTimersByTime(5_000);
    expect(pool.signs).toBe(10);
  });

  it('waits for an answer that is late, and comes with it', () => {
    const { pool, watch, answer } = watched();
    vi.advanceTimersByTime(700);
    expect(pool.signs).toBe(0);
    answer();
    expect(pool.signs).toBe(1);
    watch.stop();
  });

  it('ceases when the pool answers no more, and when it takes no question', () => {
    const { pool, watch, answer } = watched();
    answer();
    vi.advanceTimersByTime(60_000);
    expect(pool.signs).toBe(1);
    watch.stop();
    const deaf = watched();
    deaf.pool.takes = false;
    deaf.answer();
    vi.advanceTimersByTime(60_000);
    expect(deaf.pool.signs).toBe(1);
    // It recovers.
    deaf.pool.takes = true;
    vi.advanceTimersByTime(500);
    deaf.answer();
    expect(deaf.pool.signs).toBe(2);
    deaf.watch.stop();
  });
});

describe('news', () => {
  function told() {
    const parts = { sent: [] as string[], errno: 0, failures: [] as number[], words: 'well' };
    const notifier = new Notifier({
      send: (text) => {
        if (parts.errno === 0) parts.sent.push(text);
        return parts.errno;
      },
      failed: (errno) => parts.failures.push(errno),
      status: () => parts.words,
    });
    return { parts, notifier };
  }

  it('are sent once as long as they stay the same, in one line each', () => {
    const { parts, notifier } = told();
    notifier.ready();
    vi.advanceTimersByTime(60_000);
    parts.words = `other\nREADY=0 ${'x'.repeat(2_000)}`;
    vi.advanceTimersByTime(60_000);
    expect(parts.sent).toEqual([
      'READY=1\nSTATUS=well',
      expect.stringMatching(/^STATUS=other READY=0 x{180,}$/),
    ]);
    notifier.stopping();
    parts.words = 'more';
    vi.advanceTimersByTime(60_000);
    expect(parts.sent.length).toBe(3);
  });

  it('that could not be sent are tried again, and the failure is said once', () => {
    const { parts, notifier } = told();
    parts.errno = 11;
    notifier.ready();
    vi.advanceTimersByTime(60_000);
    notifier.reloading();
    notifier.ready();
    expect(parts.failures).toEqual([11]);
    parts.errno = 0;
    vi.advanceTimersByTime(60_000);
    expect(parts.sent).toEqual(['READY=1\nSTATUS=well']);
    notifier.stopping();
  });
});
