/**
 * What goes through the lanes and is a secret (plaintexts, PINs, random bytes) is found nowhere once its call is over: not in the lanes,
 * which both processes map, not in the engine's own copies, and not after an application that died over its answer.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Talk } from '../fault/support.ts';
import { Secrets, say } from './secrets.ts';
import { anywhere, canSearch, isControl, open, Search } from './support.ts';

describe.skipIf(!canSearch)('what went through a lane (searching the engine needs root)', () => {
  let secrets: Secrets;
  let app: Talk;

  beforeAll(async () => {
    secrets = new Secrets();
    app = secrets.start();
    await say(app, 'token', 'login', 'keys');
  });
  afterAll(async () => {
    if (app !== undefined && !app.ended) app.child.kill('SIGKILL');
    await secrets?.store.close();
  });

  const inApplication = () => secrets.search.in(app.child.pid).findings;

  test('is looked for in the lanes, and in ordinary memory', async () => {
    await say(app, 'control');
    const found = secrets.inEngine().filter(isControl);
    expect(found.some(({ line }) => line.includes('memfd:strongroom-lane'))).toBe(true);
    expect(found.some(({ line }) => !line.includes('memfd:'))).toBe(true);
    expect(inApplication().some(({ line }) => line.includes('memfd:strongroom-lane'))).toBe(true);
  });

  test.each(['encrypt', 'decrypt', 'half', 'pins'])('after %s', async (command) => {
    await say(app, command);
    expect(anywhere(secrets.inEngine())).toEqual([]);
    expect(anywhere(inApplication())).toEqual([]);
  });

  test('after C_GenerateRandom', async () => {
    const [line = ''] = await app.ask('random', 'random');
    const random = Buffer.from(line, 'hex');
    expect(random.length).toBe(32);
    const search = new Search(secrets.store.path('random'), [['random', random]]);
    expect(open(search.in(secrets.store.enginePid()).findings)).toEqual([]);
  });

  // The engine has nothing else to do meanwhile than to notice.
  test.each(['decrypting', 'encrypting', 'decrypting much'])(
    'after an application died over the answer, %s',
    async (doing) => {
      const other = secrets.start();
      await say(other, 'login', 'keys');
      other.send(`die ${doing}`);
      expect(await other.exit).toBe('SIGSEGV');
      await expect.poll(() => anywhere(secrets.inEngine()), { timeout: 60_000, interval: 500 }).toEqual([]);
    },
  );

  test('after an application was killed with operations half done', async () => {
    const other = secrets.start();
    await say(other, 'login', 'keys', 'half');
    other.child.kill('SIGKILL');
    await other.exit;
    await expect.poll(() => anywhere(secrets.inEngine()), { timeout: 60_000, interval: 500 }).toEqual([]);
  });

  test('and the application goes on and ends well', async () => {
    await say(app, 'keys', 'decrypt');
    app.send('quit');
    expect(await app.end(), app.errors).toBe(0);
  });
});
