/** The walks that module/README.md tells of are those that calls take: followed at run time, through the real library and the real engine. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { buildPkcs11js } from '../support/pkcs11js.ts';
import { currentProfile, NODE } from '../support/profile.ts';
import { run } from '../support/programs.ts';
import { makeStore } from '../support/store.ts';
import { root } from './sources.ts';
import { buildTracedEngine, type Walks } from './walks/traced-engine.ts';

/** The files of a walk as the README lists them: those in TypeScript, which the tracer sees. */
function told(text: string, heading: string): string[] {
  const section = text.split(/^### /m).find((part) => part.startsWith(heading)) ?? '';
  const files = [...section.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, file]) => file ?? '');
  const gone = files.filter(
    (file) => !existsSync(path.join(root, 'module', file)) && !existsSync(path.join(root, file)),
  );
  expect(gone).toEqual([]);
  return files.filter((file) => file.endsWith('.ts'));
}

test('a signature, a login and a new token object go the ways that are written down', async () => {
  const store = makeStore({ ...currentProfile() });
  try {
    const lib = path.join(store.folder, 'lib');
    mkdirSync(lib);
    cpSync(path.join(root, 'out/lib/strongroom-pkcs11.so'), path.join(lib, 'strongroom-pkcs11.so'));
    cpSync(path.join(root, 'out/lib/strongroom'), path.join(lib, 'strongroom'), { recursive: true });
    rmSync(path.join(lib, 'strongroom/engine.cjs'));
    await Promise.all([buildTracedEngine(path.join(lib, 'strongroom/engine.cjs')), buildPkcs11js()]);
    const walker = path.join(import.meta.dirname, 'walks/walker.mjs');
    await run(NODE, [walker, path.join(lib, 'strongroom-pkcs11.so')], { env: store.env, timeout: 120_000 });
    await store.stopEngine();
    const walks = JSON.parse(readFileSync(path.join(lib, 'strongroom/walks.json'), 'utf8')) as Walks;
    const walkThrough = (file: string): string[] | undefined =>
      walks
        .findLast((walk) => walk.includes(file))
        ?.map((entered) => entered.replace(/^module\//, ''))
        // It moves on when a record comes to its end, whichever that is.
        .filter((entered) => entered !== 'audit/window.ts');
    const text = readFileSync(path.join(root, 'module/README.md'), 'utf8');
    expect({
      signature: walkThrough('module/engine/calls/sign.ts'),
      login: walkThrough('module/engine/calls/login.ts'),
      'token object': walkThrough('module/engine/calls/objects.ts'),
    }).toEqual({
      signature: told(text, 'A signature'),
      login: told(text, 'A login'),
      'token object': told(text, 'A new token object'),
    });
  } finally {
    await store.close();
  }
}, 240_000);
