import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NODE, ROOT } from '../support/profile.ts';
import { run } from '../support/programs.ts';
import { STRONGROOM } from './transcript.ts';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** Everything in code spans and code blocks of a Markdown text. */
function codeIn(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```.*\n([\s\S]*?)^```/gm)].flatMap((match) => match[1] ?? []);
  const spans = [...markdown.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)];
  return [...blocks, ...spans.flatMap((match) => match[1] ?? [])];
}

/** Our own Markdown files: at the root, in docs, and the READMEs of the folders. */
const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');

describe('README.md', () => {
  const code = codeIn(read('README.md'));

  it('names only targets that make knows', () => {
    const makefile = read('Makefile');
    const named = new Set(
      code.flatMap((text) => [...text.matchAll(/\bmake ([a-z]+)/g)].map((match) => match[1])),
    );
    expect([...named]).toEqual(expect.arrayContaining(['demo', 'test', 'build', 'bench']));
    for (const target of named) expect(makefile, `make ${target}`).toMatch(new RegExp(`^${target}:`, 'm'));
  });

  it('names only commands and options that the command line knows', async () => {
    const lines = code.flatMap((text) => text.split('\n')).map((line) => line.replace(/\s+#.*/, ''));
    let tried = 0;
    for (const line of lines) {
      const match = /(?:^|\/)strongroom ([a-z]+(?: [a-z]+)?)(.*)$/.exec(line);
      if (match === null) continue;
      const [, words = '', rest = ''] = match;
      const help = await run(STRONGROOM, [...words.split(' '), '--help'], {});
      expect(help.stdout, words).toContain(`Usage: strongroom ${words} `);
      for (const [option] of rest.matchAll(/--[a-z-]+/g)) expect(help.stdout, line).toContain(`${option} `);
      tried++;
    }
    expect(tried).toBeGreaterThan(4);
  });

  it('names only files that the build leaves', () => {
    const files = code.filter((text) => /^out\/[\w./-]+$/.test(text));
    expect(files).toContain('out/lib/strongroom-pkcs11.so');
    for (const file of files) expect(existsSync(join(ROOT, file)), file).toBe(true);
  });

  it('is of the release that package.json names', async () => {
    const said = await run(STRONGROOM, ['--version'], { env: {} });
    expect(JSON.parse(read('package.json'))).toMatchObject({ version: said.stdout.trim() });
    expect(read('CHANGELOG.md')).toContain(`\n## ${said.stdout.trim()}`);
  });

  it('speaks of a runtime that lies beside the engine', async () => {
    const version = await run(NODE, ['--version']);
    const ours = await run(join(ROOT, 'out/lib/strongroom/node'), ['--version']);
    expect(ours.stdout).toBe(version.stdout);
  });
});

describe('our pages', () => {
  it.each(pages)('%s has no dead link', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap((match) => match[1] ?? []);
    for (const link of links.filter((target) => !/^(https?:|#)/.test(target))) {
      const target = join(ROOT, dirname(page), link.replace(/#.*/, ''));
      expect(existsSync(target), `${page} links to ${link}`).toBe(true);
    }
  });

  it('are there for every folder at the root', () => {
    const folders = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const tracked = folders
      .map((entry) => entry.name)
      .filter((name) => pages.some((page) => page.startsWith(`${name}/`)));
    expect(tracked).toEqual(
      expect.arrayContaining(['schema', 'module', 'daemon', 'admin-cli', 'audit', 'fips', 'test']),
    );
    for (const name of tracked) expect(pages).toContain(`${name}/README.md`);
  });
});
