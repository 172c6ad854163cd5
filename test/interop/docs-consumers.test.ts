import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPkcs11js } from '../support/pkcs11js.ts';
import { currentProfile, NODE, ROOT } from '../support/profile.ts';
import { freePort, lacking, needProgram, run, SEARCH_PATH } from '../support/programs.ts';
import { makeStore, type Store } from '../support/store.ts';
import { PIN, SO_PIN } from './setup.ts';

interface Block {
  /** The heading above it. */
  readonly heading: string;
  readonly info: string;
  readonly text: string;
}

/** All fenced blocks of a Markdown text, in their order. */
function blocksOf(markdown: string): Block[] {
  const found: Block[] = [];
  let heading = '';
  let open: { info: string; lines: string[] } | undefined;
  for (const line of markdown.split('\n')) {
    if (line.startsWith('```')) {
      if (open === undefined) open = { info: line.slice(3).trim(), lines: [] };
      else {
        found.push({ heading, info: open.info, text: open.lines.join('\n') });
        open = undefined;
      }
    } else if (open !== undefined) open.lines.push(line);
    else if (line.startsWith('## ')) heading = line.slice(3);
  }
  return found;
}

const blocks = blocksOf(readFileSync(join(ROOT, 'docs/consumers.md'), 'utf8'));
const tested = blocks.filter((block) => block.info === 'sh test');

/** What the blocks under a heading run, and packages that are no program. Without the first there is no token for the others. */
const needs: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  'The first token': [['pkcs11-tool', 'openssl'], []],
  OpenSSL: [['openssl', 'curl'], ['libengine-pkcs11-openssl']],
  OpenSSH: [['ssh-add'], []],
  GnuTLS: [['p11tool'], []],
  Java: [['keytool'], []],
  NSS: [['certutil', 'modutil'], []],
};
const lacks = (heading: string): string => {
  const found = Object.entries(needs).filter(
    ([name]) => heading.startsWith(name) || name === 'The first token',
  );
  return (
    found.map(([, [programs, packages]]) => lacking(programs, packages)).find((reason) => reason !== '') ?? ''
  );
};

let store: Store | undefined;
let env: Record<string, string> = {};

/** Blocks follow from one another, as the page says, so they share one folder and one store. */
describe('the lines of docs/consumers.md', () => {
  beforeAll(async () => {
    for (const [programs, packages] of Object.values(needs))
      if (lacking(programs, packages) === '') for (const program of programs) needProgram(program);
    await buildPkcs11js();
    store = makeStore(currentProfile());
    env = {
      ...store.env,
      PATH: `${dirname(NODE)}:${SEARCH_PATH}`,
      NODE_PATH: join(ROOT, 'node_modules'),
      MODULE: store.module,
      PORT: String(await freePort()),
      JAVA_TOOL_OPTIONS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC',
      PIN,
      SO_PIN,
    };
  }, 120_000);

  afterAll(async () => {
    await store?.close();
  });

  it('leaves no shell block untested', () => {
    expect(blocks.filter((block) => /^(sh|bash|shell|console)\b(?! test$)/.test(block.info))).toEqual([]);
    expect(tested.length).toBeGreaterThanOrEqual(10);
  });

  for (const [index, { heading, text }] of tested.entries()) {
    const reason = lacks(heading);
    it.skipIf(reason !== '')(`block ${index + 1} ${heading}${reason}`, async () => {
      await run('sh', ['-euc', text], { env, cwd: String(store?.folder) });
    });
  }
});
