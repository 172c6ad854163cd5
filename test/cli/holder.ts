/** A program that has a session open, and says what became of it when it is given a line. */
import { join } from 'node:path';
import { NODE, ROOT } from '../support/profile.ts';
import { type Service, start } from '../support/programs.ts';
import type { Store } from '../support/store.ts';

const script = `
const library = require(process.argv[1]);
library.load(process.env.MODULE);
library.initialize();
const session = library.openSession(0, false);
console.log('holds');
process.stdin.once('data', () => {
  try {
    library.find(session, 2);
    console.log('still served');
  } catch (error) {
    console.log('refused with', error.rv);
  }
  process.exit();
});
`;

/** Starts it; it holds its session once its output says `holds`. The caller owes a `stop()`. */
export function holder(store: Store): Service {
  return start(NODE, ['-e', script, join(ROOT, 'out/lib/strongroom/cryptoki.node')], {
    env: { ...store.env, MODULE: store.module },
    cwd: store.folder,
  });
}
