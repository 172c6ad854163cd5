/** The Debian packages of the tests: alternatives, what a Debian does not have, and who may install. apt is a stand-in. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../support/profile.ts';
import { type Outcome, run, SEARCH_PATH } from '../support/programs.ts';

let folder = '';
const of = (name: string) => path.join(folder, name);
const lines = (name: string) =>
  existsSync(of(name)) ? readFileSync(of(name), 'utf8').trim().split('\n') : [];

interface Debian {
  readonly installed?: readonly string[];
  /** What can be had, and what can be had once apt has been told to look. */
  readonly lists?: readonly string[];
  readonly fresh?: readonly string[];
  readonly uid?: number;
  /** Whether apt can look: there is a network, and nobody else holds its lock. */
  readonly reachable?: boolean;
}

function debian({ installed = [], lists = [], fresh = lists, uid = 0, reachable = true }: Debian): void {
  writeFileSync(of('installed'), installed.map((name) => `${name}\n`).join(''));
  writeFileSync(of('lists'), lists.map((name) => `${name}\n`).join(''));
  writeFileSync(of('fresh'), fresh.map((name) => `${name}\n`).join(''));
  const programs = {
    id: [`echo ${uid}`],
    'dpkg-query': [`grep -qx "$3" '${of('installed')}' && echo 'install ok installed'`],
    'apt-cache': [
      `[ -z "$2" ] && { [ -s '${of('lists')}' ] && echo 'main amd64 Packages'; exit 0; }`,
      `echo "  Candidate: $(grep -x "$2" '${of('lists')}' || echo '(none)')"`,
    ],
    'apt-get': [
      `echo "$*" >>'${of('calls')}'`,
      `[ "$1" = update ] && ${reachable ? 'true' : 'exit 100'}`,
      `[ "$1" = update ] && cp '${of('fresh')}' '${of('lists')}'`,
      `[ "$1" = install ] && for each; do echo "$each" >>'${of('installed')}'; done`,
      'exit 0',
    ],
  };
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(of(`bin/${name}`), ['#!/bin/sh', ...body, ''].join('\n'));
    chmodSync(of(`bin/${name}`), 0o755);
  }
}

const wanted = (...names: readonly string[]) =>
  writeFileSync(of('test/interop/packages.txt'), names.join('\n'));
const packages = (expected = 0): Promise<Outcome> =>
  run(of('scripts/setup/packages.sh'), [], {
    env: { PATH: `${of('bin')}:${SEARCH_PATH}` },
    expect: expected,
  });
const installs = () => lines('calls').filter((call) => call.startsWith('install'));

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'strongroom-packages-'));
  for (const name of ['bin', 'scripts/setup', 'test/interop']) mkdirSync(of(name), { recursive: true });
  copyFileSync(path.join(ROOT, 'scripts/setup/packages.sh'), of('scripts/setup/packages.sh'));
  // The real one forbids services in this machine's own /usr/sbin.
  writeFileSync(of('scripts/setup/without-services.sh'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the Debian packages', () => {
  it('are installed as far as they are missing, of alternatives the first that is there', async () => {
    wanted('# a line for people', 'one', 'two', 'old|new|newest', 'this|that\n');
    debian({ installed: ['one', 'that'], lists: ['one', 'two', 'new', 'newest', 'this', 'that'] });
    await packages();
    expect(installs()).toEqual([expect.stringMatching(/ two new$/)]);
    // Then nothing is left to do, and apt is not troubled.
    const before = lines('calls').length;
    await packages();
    expect(lines('calls').length).toBe(before);
  });

  it('that this Debian lacks are named and stand in the way of nothing', async () => {
    wanted('one', 'gone', 'old|older\n');
    debian({ lists: ['one'] });
    const { stdout } = await packages();
    expect(stdout).toContain('not to be had in this Debian: gone old older\n');
    expect(installs()).toEqual([expect.stringMatching(/ one$/)]);
    expect(lines('out/unavailable-packages')).toEqual(['gone', 'old', 'older']);
    // Known for a day; a Debian that has them later is believed.
    const before = lines('calls').length;
    await packages();
    expect(lines('calls').length).toBe(before);
    debian({ installed: ['one'], lists: ['one', 'gone', 'older'] });
    await packages();
    expect(installs().at(-1)).toMatch(/ gone older$/);
    expect(existsSync(of('out/unavailable-packages'))).toBe(false);
  });

  it.each([
    ['without lists', []],
    ['in old lists', ['one']],
  ])('are looked for %s in fresh ones', async (_, lists) => {
    wanted('one', 'new\n');
    debian({ installed: ['one'], lists, fresh: ['one', 'new'] });
    await packages();
    expect(lines('calls')[0]).toMatch(/^update/);
    expect(installs()).toEqual([expect.stringMatching(/ new$/)]);
  });

  it('are taken from old lists when fresh ones are not to be had and all that old ones have is installed', async () => {
    wanted('one', 'new\n');
    debian({ installed: ['one'], lists: ['one'], reachable: false });
    const { stdout } = await packages();
    expect(lines('calls')).toEqual([expect.stringMatching(/^update/)]);
    expect(stdout).toContain('not to be had in this Debian: new\n');
    debian({ lists: ['one'], reachable: false });
    rmSync(of('out'), { recursive: true });
    await packages(1);
    expect(installs()).toEqual([]);
  });

  it('are one line to type for who may not install', async () => {
    wanted('one', 'gone', 'old|new\n');
    debian({ lists: ['one', 'new'], uid: 1000 });
    const { stderr } = await packages(1);
    expect(stderr).toContain('  sudo apt-get install -y one new\n');
    expect(lines('calls')).toEqual([]);
    debian({ installed: ['one', 'new'], lists: ['one'], uid: 1000 });
    await packages();
    expect(lines('out/unavailable-packages')).toEqual(['gone']);
  });
});
