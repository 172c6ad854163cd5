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

/** The module under test: `STRONGROOM_TEST_MODULE` when set, else the one that the build leaves in `out/lib`. */
export function currentProfile(): Profile {
  const module = resolve(ROOT, process.env.STRONGROOM_TEST_MODULE || 'out/lib/strongroom-pkcs11.so');
  return basename(module).includes('softhsm') ? softhsm2(module) : strongroom(module);
}
