import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

/** The project's root folder: two above this file. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** The pinned Node, so that nothing depends on the machine's own. */
export const NODE = join(ROOT, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');

/**
 * What the tests need to know about the module that they drive.
 *
 * `complete` is false for a module that is known to lack something that we require of ours. A test that
 * asks for such a thing runs only where it is true.
 */
export interface Profile {
  readonly name: 'strongroom' | 'softhsm2';
  /** Absolute path of the PKCS#11 library. */
  readonly module: string;
  readonly complete: boolean;
  /** Lays out what the module wants below `folder` and returns the environment that points there. */
  prepare(folder: string): Record<string, string>;
  /** Ends what that has started, beside an engine in STRONGROOM_HOME. */
  release?(folder: string): void;
}

function strongroom(module: string): Profile {
  return {
    name: 'strongroom',
    module,
    complete: true,
    prepare(folder) {
      const home = join(folder, 'store');
      mkdirSync(home, { mode: 0o700 });
      return { STRONGROOM_HOME: home };
    },
  };
}

/** The same library, whose keys are on another machine, or on one that may pass for it. */
function remoteStrongroom(module: string): Profile {
  const host = (verb: 'start' | 'stop', folder: string): string =>
    execFileSync(NODE, [join(import.meta.dirname, 'remote-host.ts'), verb, folder], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  return {
    ...strongroom(module),
    prepare: (folder) => JSON.parse(host('start', folder)) as Record<string, string>,
    release: (folder) => void host('stop', folder),
  };
}

// A second, independent module: it shows that a script is right about PKCS#11 and not only about us.
function softhsm2(module: string): Profile {
  return {
    name: 'softhsm2',
    module,
    complete: false,
    prepare(folder) {
      const tokens = join(folder, 'tokens');
      mkdirSync(tokens, { mode: 0o700 });
      const conf = join(folder, 'softhsm2.conf');
      writeFileSync(
        conf,
        `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`,
      );
      return { SOFTHSM2_CONF: conf };
    },
  };
}

/**
 * The module under test: `STRONGROOM_TEST_MODULE` when set, else the one that the build leaves in `out/lib`; with its keys on another machine where
 * `STRONGROOM_TEST_REMOTE` is set.
 */
export function currentProfile(): Profile {
  const module = resolve(ROOT, process.env.STRONGROOM_TEST_MODULE || 'out/lib/strongroom-pkcs11.so');
  if (process.env.STRONGROOM_TEST_REMOTE) return remoteStrongroom(module);
  return basename(module).includes('softhsm') ? softhsm2(module) : strongroom(module);
}
