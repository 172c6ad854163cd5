/**
 * The errands of CONTRIBUTING.md, done as they stand there: on a copy of the work tree the patches are applied and the lines run. So the guide
 * is true, and what it tells to do takes three files at the most that somebody writes by hand.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const guide = readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8');
const copy = mkdtempSync(path.join(tmpdir(), 'strongroom-errands-'));

interface Errand {
  readonly title: string;
  readonly text: string;
  readonly patches: readonly string[];
  readonly lines: readonly string[];
}

function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    (match) => match[1] ?? '',
  );
}

const errands: Errand[] = (guide.split(/^## Errands$/m)[1] ?? '')
  .split(/^### /m)
  .slice(1)
  .map((text) => ({
    title: text.split('\n', 1)[0] ?? '',
    text,
    patches: blocks(text, 'diff'),
    lines: blocks(text, 'sh').flatMap((block) => block.trim().split('\n')),
  }));

/** What one types while working: the project's Node in front, and nothing of the user's git. */
const env = {
  ...process.env,
  PATH: `${path.dirname(process.execPath)}:${process.env.PATH}`,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  // Whoever runs the test, make or a hook of git, would have a word in what is typed here.
  MAKEFLAGS: undefined,
  MAKELEVEL: undefined,
  MFLAGS: undefined,
  GIT_DIR: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_WORK_TREE: undefined,
};

function type(command: string, input?: string): string {
  const done = spawnSync('bash', ['-c', command], { cwd: copy, env, encoding: 'utf8', input });
  expect(done.status, `${command}\n${done.stdout}${done.stderr}`).toBe(0);
  return done.stdout;
}

function isGenerated(file: string): boolean {
  return /(^|\/)generated\//.test(file) || /^docs\/(reference\/|strongroom\.toml$)/.test(file);
}

beforeAll(() => {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of listed.split('\n')) {
    if (!statSync(path.join(root, file), { throwIfNoEntry: false })?.isFile()) continue;
    mkdirSync(path.join(copy, path.dirname(file)), { recursive: true });
    copyFileSync(path.join(root, file), path.join(copy, file));
  }
  // Package by package, so that nothing that goes wrong in the copy reaches the folder of the work tree.
  mkdirSync(path.join(copy, 'node_modules'));
  for (const name of readdirSync(path.join(root, 'node_modules')))
    symlinkSync(path.join(root, 'node_modules', name), path.join(copy, 'node_modules', name));
  mkdirSync(path.join(copy, 'out'));
  // What the last look at all types has found saves most of the next one. It may not be there, or be about to be written.
  const known = path.join(root, 'out/types.tsbuildinfo');
  if (existsSync(known)) copyFileSync(known, path.join(copy, 'out/types.tsbuildinfo'));
  type('touch out/.npm && git init -q && git add -A');
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('CONTRIBUTING.md', () => {
  it('says what make says of itself', () => {
    expect(blocks(guide, 'text').map((text) => text.trim())).toContain(
      type('make --no-print-directory help').trim(),
    );
  });

  it('has errands', () => {
    expect(errands.length).toBeGreaterThan(1);
  });

  it.each(errands)('$title', ({ patches, lines, text }) => {
    for (const patch of patches) type('git apply --whitespace=nowarn', patch);
    for (const line of lines) type(line);
    const touched = type('git diff --name-only && git ls-files -o --exclude-standard').trim().split('\n');
    const byHand = touched.filter((file) => !isGenerated(file));
    const named = patches.flatMap((patch) =>
      [...patch.matchAll(/^\+\+\+ b\/(.+)$/gm)].map((match) => match[1]),
    );
    expect(byHand.sort(), text).toEqual([...new Set(named)].sort());
    expect(byHand.length).toBeGreaterThan(0);
    expect(byHand.length).toBeLessThanOrEqual(3);
    // The next errand begins where this one has ended.
    type('git add -A');
  });

  it('the field is in the list, in JSON and under its heading', () => {
    const script = `
      import { asJson, show } from './admin-cli/commands/token-list.ts';
      const token = { slot: 0, label: 'work', serial: '1', model: 'M', manufacturer: 'S', flags: 0, minPin: 4, maxPin: 64,
        userPin: 'set', soPin: 'set', sessions: 4711 };
      console.log(JSON.stringify(asJson([token])));
      show([token]);`;
    const shown = type('node --input-type=module -', script);
    expect(shown).toContain('"sessions":4711');
    expect(shown).toMatch(/ SESSIONS .*\n.* 4711 /);
  });
});
