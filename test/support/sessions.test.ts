import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SEARCH_PATH } from './programs.ts';
import { runInSession } from './sessions.ts';
import { stragglers } from './store.ts';

describe('lines in a session of their own', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'strongroom-session-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const env = { PATH: SEARCH_PATH };
  const options = () => ({ env, cwd: folder, folder, timeout: 60_000 });
  const left = () => stragglers(folder).map(({ command }) => command);

  it('end with the exit code and all that was said, on both streams', async () => {
    const outcome = await runInSession('echo one; echo two >&2; exit 3; echo never', options());
    expect(outcome).toEqual({ code: 3, output: expect.stringMatching(/one|two/), timedOut: false });
    expect(outcome.output).not.toContain('never');
    expect((await runInSession('false; echo never', options())).code).toBe(1);
  });

  it('leave neither a child behind nor a daemon that has a session of its own', async () => {
    const lines = 'sleep 300 & setsid sleep 301 & echo started';
    const { code } = await runInSession(lines, options());
    expect(code).toBe(0);
    expect(left()).toEqual([]);
  });

  it('are killed with all that they have started when their time is over', async () => {
    const outcome = await runInSession('sleep 300 & setsid sleep 301', { ...options(), timeout: 500 });
    expect(outcome.timedOut).toBe(true);
    expect(left()).toEqual([]);
  });

  it('spare whom they are told to', async () => {
    const friend = spawn('sleep', ['300'], { cwd: folder, stdio: 'ignore' });
    try {
      await runInSession('sleep 301 &', { ...options(), spare: () => [friend.pid] });
      expect(left()).toEqual(['sleep 300']);
    } finally {
      friend.kill('SIGKILL');
    }
  });
});
