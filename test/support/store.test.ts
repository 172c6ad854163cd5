import { existsSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { run, start } from './programs.ts';
import { makeStore, stragglers } from './store.ts';

describe('a temporary store', () => {
  it('is private and gone after close', async () => {
    const store = makeStore();
    expect(statSync(store.folder).mode & 0o777).toBe(0o700);
    await store.close();
    expect(existsSync(store.folder)).toBe(false);
  });

  it('notices a process that was left behind, and ends it', async () => {
    const store = makeStore();
    const left = start('sleep', ['60'], { env: { ...store.env } });
    await expect
      .poll(() => stragglers(store.folder))
      .toEqual([{ pid: left.child.pid, command: expect.stringMatching(/sleep 60$/) }]);
    await expect(store.close()).rejects.toThrow(/left behind:\n +\d+.*sleep 60/);
    await left.stop();
    expect(stragglers(store.folder)).toEqual([]);
    expect(existsSync(store.folder)).toBe(false);
  });
});

describe('run', () => {
  it('names the package of a program that is missing', async () => {
    await expect(run('no-such-program', [])).rejects.toThrow('apt-get install -y no-such-program');
  });

  it('shows the command, its end and its output when it fails', async () => {
    const failing = run('sh', ['-c', 'echo out; echo err >&2; exit 3'], { env: {} });
    await expect(failing).rejects.toThrow(
      /^sh -c '.*'\n {2}ended with exit code 3 after \d+ ms\nout\nerr\n$/s,
    );
  });
});
