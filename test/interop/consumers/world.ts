/** A store whose first token and keys were made by the page's own lines, and folders for the sections that use it. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { currentProfile, NODE, ROOT } from '../../support/profile.ts';
import { findProgram, freePort, needProgram, SEARCH_PATH } from '../../support/programs.ts';
import { runInSession } from '../../support/sessions.ts';
import { makeStore, type Store } from '../../support/store.ts';
import { PIN, SO_PIN } from '../setup.ts';
import { missing, outsideFault } from './needs.ts';
import { type Block, page, type Section } from './page.ts';
import { smallestProgram } from './smallest-program.ts';

/** Some programs refuse to work as root. Where the tests run as root, this user runs them. */
const OTHER_USER = ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups'];

export class World {
  private readonly store: Store;
  private readonly prefix: readonly string[];

  private constructor(store: Store, prefix: readonly string[]) {
    this.store = store;
    this.prefix = prefix;
  }

  /** The present user's world, or `nobody`'s, with what the page makes first. */
  static async make(user: 'present' | 'other'): Promise<World> {
    const prefix = user === 'other' ? OTHER_USER : [];
    for (const program of ['pkcs11-tool', 'openssl']) needProgram(program);
    const store = makeStore(currentProfile());
    const world = new World(store, prefix);
    try {
      writeFileSync(store.path('hello.exe'), smallestProgram());
      writeFileSync(store.path('hello.efi'), smallestProgram());
      mkdirSync(store.path('run'), { mode: 0o700 });
      mkdirSync(store.path('sections'));
      if (user === 'other') {
        chmodSync(store.folder, 0o700);
        spawnSync('chown', ['-R', 'nobody:nogroup', store.folder]);
      }
      const first = page.flatMap((section) => section.blocks).filter((block) => block.first);
      for (const block of first) {
        // Sections that need what is not made name what it would have been made with.
        if (missing(block.needs) !== undefined) continue;
        const failure = await world.runBlock(block, store.folder);
        if (failure !== undefined) throw new Error(failure);
      }
    } catch (error) {
      await store.close();
      throw error;
    }
    return world;
  }

  /** Why there can be no world of the other user here, or undefined when there can. */
  static whyNoOther(): string | undefined {
    if (findProgram('setpriv') === undefined) return 'root can not run it, and setpriv is missing';
    const [program = '', ...args] = OTHER_USER;
    const reads = spawnSync(program, [...args, 'test', '-x', NODE], { env: { PATH: SEARCH_PATH } });
    return reads.status === 0 ? undefined : 'root can not run it, and nobody else can read this folder';
  }

  /** Runs a section's own blocks; throws when one fails, and returns a reason when something outside is missing. */
  async run(section: Section): Promise<string | undefined> {
    const name = section.heading.replace(/\W+/g, '-').toLowerCase();
    // No folder's name begins another one's: processes are found by the folder that they mention.
    const folder = join(this.store.folder, 'sections', `${name}.d`);
    const home = join(folder, 'home');
    const env = { ...this.environment(folder), HOME: home, PORT: String(await freePort()) };
    // Not by `find`: it fails over folders of daemons that are just on their way out.
    const files =
      'for file in * .[!.]*; do if [ -f "$file" ]; then cp -p "$file" "$FOLDER" || exit 1; fi; done';
    await this.shell(`mkdir -p "$HOME"; ${files}`, env);
    for (const block of section.blocks.filter(({ needs, first }) => needs.length > 0 && !first)) {
      const failure = await this.runBlock(block, folder, env);
      if (failure === undefined) continue;
      const outside = outsideFault(block.needs, failure);
      if (outside === undefined) throw new Error(failure);
      return outside;
    }
    return undefined;
  }

  close(): Promise<void> {
    return this.store.close();
  }

  private environment(folder: string): Record<string, string> {
    return {
      ...registries(),
      ...this.store.env,
      PATH: `${dirname(NODE)}:${SEARCH_PATH}`,
      NODE_PATH: join(ROOT, 'node_modules'),
      MODULE: this.store.module,
      XDG_RUNTIME_DIR: this.store.path('run'),
      JAVA_TOOL_OPTIONS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC',
      PIN,
      SO_PIN,
      FOLDER: folder,
    };
  }

  private async shell(lines: string, env: Record<string, string>): Promise<void> {
    const { code, output } = await runInSession(lines, {
      env,
      cwd: this.store.folder,
      folder: String(env.FOLDER),
      prefix: this.prefix,
      timeout: 60_000,
      spare: () => [this.store.enginePid()],
    });
    if (code !== 0) throw new Error(output);
  }

  /** What went wrong, as a text, or undefined. */
  private async runBlock(
    block: Block,
    folder: string,
    env: Record<string, string> = this.environment(folder),
  ): Promise<string | undefined> {
    // Two compilers that fill one cache at once would do everything twice.
    const lock = block.needs.includes('goproxy') ? ['flock', join(ROOT, 'out/test/go.lock')] : [];
    const { code, output, timedOut } = await runInSession(block.text, {
      env,
      cwd: folder,
      folder,
      prefix: [...lock, ...this.prefix],
      timeout: 480_000,
      spare: () => [this.store.enginePid()],
    });
    if (code === 0) return undefined;
    const end = timedOut ? 'was still at it after eight minutes' : `ended with exit code ${code}`;
    return `${block.text}\n--- ${end}; it said\n${output}`;
  }
}

/** Where compilers keep what they have fetched and built between runs, and what leads them to their registries. */
function registries(): Record<string, string> {
  const caches = join(ROOT, 'out/test');
  mkdirSync(caches, { recursive: true });
  const told = Object.entries(process.env).filter(
    ([name, value]) =>
      value !== undefined && /^(PIP_|CARGO_|GO|OPENSSL_MODULES$|SSL_CERT|https?_proxy$)/i.test(name),
  );
  return {
    ...(Object.fromEntries(told) as Record<string, string>),
    // A proxy leads to the registries; what listens here is spoken to without it.
    no_proxy: [process.env.no_proxy ?? process.env.NO_PROXY ?? [], 'localhost', '127.0.0.1'].flat().join(','),
    CARGO_HOME: join(caches, 'rust/home'),
    CARGO_TARGET_DIR: join(caches, 'rust/target'),
    RUSTUP_HOME: process.env.RUSTUP_HOME ?? join(homedir(), '.rustup'),
    GOPATH: join(caches, 'go/path'),
    GOCACHE: join(caches, 'go/build'),
    GOFLAGS: '-modcacherw -buildvcs=false',
    GOTOOLCHAIN: 'local',
  };
}
