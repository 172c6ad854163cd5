/**
 * The values of private objects that are no keys lie where keys do: at each stage of their lives the engine has them in guarded memory
 * alone, the application has them only while it looks at them, and after a logout or the end of their application they are nowhere.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Talk } from '../fault/support.ts';
import { Secrets, say } from './secrets.ts';
import { anywhere, canSearch, isControl, namesOf, open } from './support.ts';

describe.skipIf(!canSearch)('values of private objects (searching the engine needs root)', () => {
  let secrets: Secrets;
  let app: Talk;

  beforeAll(async () => {
    secrets = new Secrets();
    app = secrets.start();
    await say(app, 'token', 'login');
  });
  afterAll(async () => {
    if (app !== undefined && !app.ended) app.child.kill('SIGKILL');
    await secrets?.store.close();
  });

  const inApplication = () => anywhere(secrets.search.in(app.child.pid).findings);

  // What the token has sealed is opened when it is read, and stays so until the logout.
  test.each([
    ['create', ['session']],
    ['find', ['session']],
    ['read', ['big', 'certificate', 'session', 'value']],
    ['change', ['big', 'certificate', 'session', 'value']],
    ['find', ['big', 'certificate', 'session', 'value']],
  ])('after %s they are in guarded memory only', async (command, names) => {
    await say(app, command);
    const found = secrets.inEngine();
    expect(open(found)).toEqual([]);
    expect(inApplication()).toEqual([]);
    expect([...namesOf(found)].toSorted()).toEqual(names);
  });

  test('a public value is found', async () => {
    await say(app, 'control');
    const found = secrets.inEngine().filter(({ guarded }) => !guarded);
    expect(found.some(isControl)).toBe(true);
  });

  test('after the logout they are nowhere', async () => {
    await say(app, 'logout');
    expect(anywhere(secrets.inEngine())).toEqual([]);
    expect(inApplication()).toEqual([]);
  });

  test('after the next login those of the token come out of the store when they are used', async () => {
    await say(app, 'login');
    expect(anywhere(secrets.inEngine())).toEqual([]);
    await say(app, 'find', 'read');
    const found = secrets.inEngine();
    expect(open(found)).toEqual([]);
    expect([...namesOf(found)].filter((name) => name !== 'control').toSorted()).toEqual([
      'big',
      'certificate',
      'value',
    ]);
    await say(app, 'logout');
  });

  test('after its application was killed a session object is gone, and so are those of the token', async () => {
    const other = secrets.start();
    await say(other, 'login', 'create session', 'read');
    expect(namesOf(secrets.inEngine())).toContain('session');
    other.child.kill('SIGKILL');
    await other.exit;
    // The engine has nothing else to do meanwhile than to notice.
    await expect.poll(() => anywhere(secrets.inEngine()), { timeout: 60_000, interval: 500 }).toEqual([]);
  });

  test('and the application goes on and ends well', async () => {
    await say(app, 'login', 'read');
    app.send('quit');
    expect(await app.end(), app.errors).toBe(0);
  });
});
