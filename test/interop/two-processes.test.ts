import { createPublicKey, verify } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pkcs11js from 'pkcs11js';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPkcs11js } from '../support/pkcs11js.ts';
import { NODE } from '../support/profile.ts';
import { type Service, start } from '../support/programs.ts';
import { LABEL, PIN, useBench } from './setup.ts';

const bench = useBench(['pkcs11-tool']);
const running: Client[] = [];

interface Client {
  /** Sends a command and resolves with the answer. */
  ask(command: string): Promise<string>;
  readonly service: Service;
}

/** Starts an unrelated process that has loaded the library and opened a session. */
async function client(): Promise<Client> {
  const script = join(import.meta.dirname, 'node', 'client.ts');
  const service = start(NODE, [script, bench.store.module, LABEL], { env: { ...bench.store.env } });
  const { stdin, stdout } = service.child;
  if (stdin === null || stdout === null) throw new Error('the client has no pipes');
  const waiting: ((line: string) => void)[] = [];
  createInterface({ input: stdout }).on('line', (line) => waiting.shift()?.(line));
  await new Promise<string>((resolve, reject) => {
    waiting.push(resolve);
    service.child.on('exit', () => reject(new Error(service.output())));
  });
  const made: Client = {
    service,
    ask: (command) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(
          () => reject(new Error(`no answer to ${command}: ${service.output()}`)),
          15_000,
        );
        waiting.push((line) => {
          clearTimeout(late);
          resolve(line);
        });
        stdin.write(`${command}\n`);
      }),
  };
  running.push(made);
  return made;
}

/** A client that has logged in and knows the shared key. */
async function loggedIn(): Promise<Client> {
  const made = await client();
  expect(await made.ask(`login ${PIN}`)).toBe('ok');
  expect(await made.ask('private-keys shared')).toBe('ok 1');
  return made;
}

let point = Buffer.alloc(0);

/** The handle and the signature of a "sign" answer, after the signature has been checked outside. */
function checked(answer: string): string {
  const [, handle = '', signature = ''] = answer.split(' ');
  const x = point.subarray(3, 35).toString('base64url');
  const y = point.subarray(35, 67).toString('base64url');
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  const how = { key, dsaEncoding: 'ieee-p1363' } as const;
  expect(verify('sha256', Buffer.from('two processes'), how, Buffer.from(signature, 'hex')), answer).toBe(
    true,
  );
  return handle;
}

/** The handle names no key to this client. */
async function refused(to: Client, handle: string): Promise<void> {
  await to.ask(`handle ${handle}`);
  expect(await to.ask('sign')).toBe(`CKR ${pkcs11js.CKR_KEY_HANDLE_INVALID}`);
}

describe.skipIf(bench.lacking !== '')(`unrelated processes on one token${bench.lacking}`, () => {
  beforeAll(async () => {
    await buildPkcs11js();
    const maker = await client();
    await maker.ask(`login ${PIN}`);
    point = Buffer.from((await maker.ask('generate shared')).slice(3), 'hex');
    await maker.service.stop();
  }, 120_000);

  afterEach(async () => {
    await Promise.all(running.splice(0).map((each) => each.service.stop()));
  });

  it('two log in on their own and work at once; a third without a login is refused', async () => {
    const [first, second, third] = await Promise.all([client(), client(), client()]);
    expect(await first.ask(`login ${PIN}`)).toBe('ok');
    // The login is the first process's own: the second isn't in by it, nor told that it is in already.
    expect(await second.ask('private-keys shared')).toBe('ok 0');
    expect(await second.ask(`login ${PIN}`)).toBe('ok');
    expect(await first.ask('private-keys shared')).toBe('ok 1');
    expect(await second.ask('private-keys shared')).toBe('ok 1');

    const rounds = Array.from({ length: 100 }, () => [first.ask('sign'), second.ask('sign')]).flat();
    const [handle = ''] = (await Promise.all(rounds)).map(checked);

    expect(await third.ask('private-keys shared')).toBe('ok 0');
    expect(await third.ask('public-keys shared')).toBe('ok 1');
    expect(await third.ask('generate intruder')).toBe(`CKR ${pkcs11js.CKR_USER_NOT_LOGGED_IN}`);
    await third.ask(`handle ${handle}`);
    expect(await third.ask('sign')).toMatch(/^CKR /);

    if (bench.profile.complete) {
      const engine = bench.store.enginePid();
      expect(engine).toBeDefined();
      for (const { service } of [first, second, third]) expect(service.child.pid).not.toBe(engine);
    }
  });

  // SoftHSM2 sometimes answers CKR_GENERAL_ERROR to logins that coincide.
  it.runIf(bench.profile.complete)('five log in at the same moment', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, loggedIn));
    const answers = await Promise.all(all.map((each) => each.ask('sign')));
    answers.forEach(checked);
  });

  it("one's logout leaves the other logged in", async () => {
    const first = await loggedIn();
    const second = await loggedIn();
    expect(await first.ask('logout')).toBe('ok');
    expect(await first.ask('private-keys shared')).toBe('ok 0');
    expect(await first.ask('sign')).toMatch(/^CKR /);
    checked(await second.ask('sign'));
  });

  // PKCS#11 3.2, 5.6.9: handles to private objects become invalid, even if a user is later logged back in.
  it.runIf(bench.profile.complete)("one's handles die with its own logout, the other's live on", async () => {
    const first = await loggedIn();
    const second = await loggedIn();
    const shared = checked(await second.ask('sign'));
    const known = [checked(await first.ask('sign'))];
    expect(known).toEqual([shared]);
    for (let again = 0; again < 3; again++) {
      expect(await first.ask('logout')).toBe('ok');
      expect(await first.ask(`login ${PIN}`)).toBe('ok');
      for (const dead of known) await refused(first, dead);
      await first.ask('handle');
      expect(await first.ask('private-keys shared')).toBe('ok 1');
      const fresh = checked(await first.ask('sign'));
      expect(known).not.toContain(fresh);
      known.push(fresh);
      expect(checked(await second.ask('sign'))).toBe(shared);
      // A name of the first process's own means nothing to the second.
      await refused(second, fresh);
      await second.ask(`handle ${shared}`);
    }
    // Once nobody is left, the next login meets the objects under handles that are new to everyone.
    await second.service.stop();
    expect(await first.ask('logout')).toBe('ok');
    expect(await first.ask(`login ${PIN}`)).toBe('ok');
    for (const dead of known) await refused(first, dead);
    await first.ask('handle');
    expect(await first.ask('private-keys shared')).toBe('ok 1');
    expect(known).not.toContain(checked(await first.ask('sign')));
  });

  it('token objects are shared, session objects are not', async () => {
    const first = await loggedIn();
    const second = await loggedIn();
    expect(await first.ask('session-data mine')).toBe('ok');
    expect(await first.ask('find-data mine')).toBe('ok 1');
    expect(await second.ask('find-data mine')).toBe('ok 0');
    expect(await first.ask('generate later')).toMatch(/^ok 0441/);
    expect(await second.ask('public-keys later')).toBe('ok 1');
  });

  it('one killed in the middle leaves the other working', async () => {
    const first = await loggedIn();
    const second = await loggedIn();
    first.service.child.kill('SIGKILL');
    for (let times = 0; times < 20; times++) checked(await second.ask('sign'));
    const successor = await client();
    expect(await successor.ask('private-keys shared')).toBe('ok 0');
  });
});
