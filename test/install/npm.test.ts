/** How npm packages come: by a pinned npm under the pinned Node, whatever the machine has. All from a registry of the test's own. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { NODE, ROOT } from '../support/profile.ts';
import { findProgram, type Outcome, run, SEARCH_PATH } from '../support/programs.ts';

const RUNTIME = `node-linux-${process.arch}`;
const RUNTIME_VERSION = process.versions.node;
const BINDING = 'needs-a-new-node';
const [, NPM_VERSION = ''] = readFileSync(path.join(ROOT, 'scripts/setup/npm.lock'), 'utf8').split(' ');
const NPM_FOLDER = path.join(ROOT, 'node_modules/.setup', `npm-${NPM_VERSION}`);
const machine = { npm: findProgram('npm'), node: findProgram('node') };

interface Package {
  readonly name: string;
  readonly version: string;
  readonly tarball: Buffer;
  readonly manifest: Readonly<Record<string, unknown>>;
}

const integrityOf = (bytes: Buffer) => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

/** A registry on loopback that writes down who asked for what. */
class Registry {
  readonly asked: { readonly what: string; readonly agent: string }[] = [];
  readonly #server: Server;

  constructor(packages: readonly Package[]) {
    this.#server = createServer((request, response) => {
      const what = (request.url ?? '').slice(1);
      this.asked.push({ what, agent: request.headers['user-agent'] ?? '' });
      const found = packages.find(({ name }) => what === name || what === `${name}.tgz`);
      if (found === undefined) return response.writeHead(404).end('{}');
      if (what.endsWith('.tgz')) return response.end(found.tarball);
      const { name, version, tarball, manifest } = found;
      const dist = { tarball: `${this.url}${name}.tgz`, integrity: integrityOf(tarball) };
      const versions = { [version]: { ...manifest, name, version, dist } };
      response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions }));
    });
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the registry does not listen');
    return `http://127.0.0.1:${address.port}/`;
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', () => resolve()));
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

let folder = '';
let project = '';
let registry: Registry;
/** The settings that npm reads: of the user and of the machine. */
let npmrc: { readonly user: string; readonly machine: string };
let env: Record<string, string> = {};

async function pack(
  name: string,
  version: string,
  manifest: Package['manifest'],
  from: string,
): Promise<Package> {
  const file = path.join(folder, `${name}.tar`);
  const parent = path.dirname(from);
  // Files alone, as in every package that npm makes.
  const entries = readdirSync(from, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  const names = files.map((entry) => path.relative(parent, path.join(entry.parentPath, entry.name)));
  writeFileSync(`${file}.list`, names.join('\n'));
  await run('tar', [
    '-cf',
    file,
    '-C',
    parent,
    `--transform=s,^${path.basename(from)},package,`,
    ...['-T', `${file}.list`],
  ]);
  return { name, version, manifest, tarball: gzipSync(readFileSync(file), { level: 1 }) };
}

function script(file: string, lines: readonly string[]): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${lines.join('\n')}\n`);
  chmodSync(file, 0o755);
}

/** What the registry has. Runtime and npm are scripts that stand for the real ones, which are large. */
async function packages(): Promise<readonly [Package, Package, Package]> {
  const sources = path.join(folder, 'sources');
  const npm = path.join(NPM_FOLDER, 'bin/npm-cli.js');
  script(path.join(sources, 'npm/bin/npm-cli.js'), [`require(${JSON.stringify(npm)});`]);
  script(path.join(sources, RUNTIME, 'bin/node'), ['#!/bin/sh', `exec '${NODE}' "$@"`]);
  mkdirSync(path.join(sources, BINDING));
  const engines = { engines: { node: '>=20.19.0' } };
  for (const [name, version, more] of [
    [RUNTIME, RUNTIME_VERSION, {}],
    [BINDING, '1.0.0', engines],
    ['npm', NPM_VERSION, {}],
  ] as const) {
    const manifest = JSON.stringify({ name, version, ...more });
    writeFileSync(path.join(sources, name, 'package.json'), manifest);
  }
  return [
    await pack(RUNTIME, RUNTIME_VERSION, {}, path.join(sources, RUNTIME)),
    await pack(BINDING, '1.0.0', engines, path.join(sources, BINDING)),
    await pack('npm', NPM_VERSION, {}, path.join(sources, 'npm')),
  ];
}

/** A project that wants the runtime and an optional package for new Nodes, as our native bindings are. */
function layOut([runtime, binding, npm]: readonly [Package, Package, Package]): void {
  const optionalDependencies = { [RUNTIME]: runtime.version, [BINDING]: binding.version };
  const head = { name: 'project', version: '1.0.0' };
  const lock = {
    ...head,
    lockfileVersion: 3,
    packages: {
      '': { ...head, optionalDependencies },
      [`node_modules/${BINDING}`]: {
        version: binding.version,
        integrity: integrityOf(binding.tarball),
        optional: true,
        ...binding.manifest,
      },
      [`node_modules/${RUNTIME}`]: {
        version: runtime.version,
        integrity: integrityOf(runtime.tarball),
        optional: true,
      },
    },
  };
  mkdirSync(path.join(project, 'scripts/setup'), { recursive: true });
  writeFileSync(path.join(project, 'package.json'), JSON.stringify({ ...head, optionalDependencies }));
  writeFileSync(path.join(project, 'package-lock.json'), JSON.stringify(lock, null, 2));
  copyFileSync(path.join(ROOT, 'scripts/setup/npm.sh'), path.join(project, 'scripts/setup/npm.sh'));
  const pinned = `npm ${npm.version} ${integrityOf(npm.tarball)}\n`;
  writeFileSync(path.join(project, 'scripts/setup/npm.lock'), pinned);
}

/** The machine's npm under a Node that says it is 16: npm believes what `process.version` says. */
function oldNode(): void {
  const bin = path.join(folder, 'bin');
  const claim = path.join(folder, 'claim.cjs');
  writeFileSync(
    claim,
    `const value = (text) => ({ value: text, enumerable: true });
Object.defineProperty(process, 'version', value('v16.20.2'));
Object.defineProperty(process, 'versions', value({ ...process.versions, node: '16.20.2' }));\n`,
  );
  script(path.join(bin, 'node'), ['#!/bin/sh', `exec '${machine.node}' -r '${claim}' "$@"`]);
  const npm = realpathSync(machine.npm ?? '');
  script(path.join(bin, 'npm'), [
    '#!/bin/sh',
    `exec '${bin}/node' '${npm}' --globalconfig '${npmrc.machine}' "$@"`,
  ]);
  env = { PATH: `${bin}:${SEARCH_PATH}`, HOME: path.join(folder, 'home') };
}

const setUp = (options: { readonly expect?: number | 'any' } = {}): Promise<Outcome> =>
  run(path.join(project, 'scripts/setup/npm.sh'), [], { env, cwd: folder, timeout: 280_000, ...options });

function needs(context: TestContext): void {
  if (machine.npm === undefined || machine.node === undefined)
    context.skip('the machine has no npm and Node');
  else if (!realpathSync(machine.npm).endsWith('.js')) context.skip("the machine's npm is no plain script");
  if (!existsSync(NPM_FOLDER)) context.skip('packages were not installed by scripts/setup/npm.sh');
}

describe('npm packages on a machine with an old Node', () => {
  beforeEach(async (context) => {
    needs(context);
    folder = mkdtempSync(path.join(tmpdir(), 'strongroom-npm-'));
    // Quotes and spaces happen in the names of people's folders.
    project = path.join(folder, "somebody's project");
    npmrc = { user: path.join(folder, 'home/.npmrc'), machine: path.join(folder, 'npmrc') };
    const all = await packages();
    registry = new Registry(all);
    await registry.listen();
    mkdirSync(path.join(folder, 'home'));
    layOut(all);
    oldNode();
  });
  afterEach(() => {
    registry?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const installed = (name: string) => existsSync(path.join(project, 'node_modules', name, 'package.json'));
  const settings = () => `registry=${registry.url}\n`;

  it.each(['user', 'machine'] as const)(
    'come whole, from the registry that the settings of the %s name',
    async (whose) => {
      writeFileSync(npmrc[whose], settings());
      await setUp();
      expect(installed(RUNTIME)).toBe(true);
      expect(installed(BINDING)).toBe(true);
      // The old one fetched what it had to, and the new one all the rest.
      const old = registry.asked.filter(({ agent }) => agent.includes('node/v16.'));
      expect(new Set(old.map(({ what }) => what.replace('.tgz', '')))).toEqual(new Set([RUNTIME, 'npm']));
      const wanted = registry.asked.filter(({ what }) => what === `${BINDING}.tgz`);
      expect(wanted.map(({ agent }) => agent)).toEqual([
        expect.stringContaining(`npm/${NPM_VERSION} node/v${RUNTIME_VERSION} `),
      ]);
    },
  );

  it('would lack the binding if the old one had installed them', async () => {
    writeFileSync(npmrc.user, settings());
    await run(path.join(folder, 'bin/npm'), ['install', '--no-save', '--no-audit'], { env, cwd: project });
    expect(installed(RUNTIME)).toBe(true);
    expect(installed(BINDING)).toBe(false);
    // That is seen and mended.
    await setUp();
    expect(installed(BINDING)).toBe(true);
  });

  it('ask nobody the second time', async () => {
    writeFileSync(npmrc.user, settings());
    await setUp();
    const before = registry.asked.length;
    script(path.join(folder, 'bin/npm'), ['#!/bin/sh', 'exit 1']);
    await setUp();
    expect(registry.asked.length).toBe(before);
    // What another npm has changed since is noticed: then there is something to do, for which this npm is no help.
    const hidden = path.join(project, 'node_modules/.package-lock.json');
    writeFileSync(hidden, readFileSync(hidden, 'utf8').replace(BINDING, 'something-else'));
    await setUp({ expect: 1 });
  });

  it.each([
    [RUNTIME, 'package-lock.json'],
    ['npm', 'scripts/setup/npm.lock'],
  ])('are refused when %s is another file than the lock says', async (name, file) => {
    writeFileSync(npmrc.user, settings());
    const lock = path.join(project, file);
    const other = integrityOf(Buffer.from('another file'));
    const [head, tail = ''] = readFileSync(lock, 'utf8').split(name === 'npm' ? 'npm ' : `/${RUNTIME}"`);
    const changed = tail.replace(/sha512-[\w+/=]+/, other);
    writeFileSync(lock, `${head}${name === 'npm' ? 'npm ' : `/${RUNTIME}"`}${changed}`);
    const { stderr } = await setUp({ expect: 1 });
    expect(stderr).toContain(`${name} `);
    expect(stderr).toContain('checksum');
    const left = readdirSync(path.join(project, 'node_modules/.setup'));
    expect(left.filter((entry) => entry.startsWith('new.') || entry.startsWith(`${name}-`))).toEqual([]);
    expect(installed(BINDING)).toBe(false);
  });
});
