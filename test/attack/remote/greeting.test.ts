/**
 * The attacker is a user of the service's machine, or has got into the network door: he greets the engine in the name of somebody on another machine, or
 * with what is no name. Only the door's user may name anybody, only in exactly the form of a principal, and for himself he has nothing.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../fault/support.ts';
import { DOOR } from '../../support/door.ts';
import { ROOT } from '../../support/profile.ts';
import { ANNE, Service, type User, whyNoService } from '../../support/service.ts';

const CLI = path.join(ROOT, 'out/bin/strongroom');
const PATIENCE = 90_000;
const OK = '0';
const REFUSED = '2';
const DENIED = '5';
const CLOSED = 'closed';
const why = whyNoService();

let service: Service;

const good = {
  names: ['spiffe://example.org/web'],
  fingerprint: 'ab'.repeat(32),
  address: '192.0.2.1:4711',
};

/** What the engine says to each greeting. @param said how long it says that it is, if that is another length */
function greet(user: User, principals: readonly (Uint8Array | string | object)[], said?: number): string[] {
  const lines = principals.map((principal) => {
    const bytes =
      principal instanceof Uint8Array
        ? Buffer.from(principal)
        : Buffer.from(typeof principal === 'string' ? principal : JSON.stringify(principal));
    return `${said ?? bytes.length} ${bytes.length === 0 ? '-' : bytes.toString('hex')}`;
  });
  const program = compile('greeter', [], import.meta.dirname);
  const done = spawnSync(program, [service.socket], {
    ...{ uid: user.uid, gid: user.gid },
    input: `${lines.join('\n')}\n`,
    encoding: 'utf8',
    timeout: PATIENCE,
  });
  expect(done.status, done.stderr).toBe(0);
  return done.stdout.trim().split('\n');
}

beforeAll(async () => {
  if (why !== undefined) return;
  // Who may come from elsewhere, and one of this machine's users.
  const rules = `[[rule]]\nwho = ["any-remote"]\nroles = ["user"]\n[[rule]]\nwho = ["uid:${ANNE.uid}"]\nroles = ["user"]\n`;
  service = new Service(rules, [
    '[network]',
    'listen = "127.0.0.1:1"',
    `user = "${DOOR.uid}"`,
    'start_door = false',
  ]);
  await service.start();
}, PATIENCE);

afterAll(async () => {
  if (why !== undefined) return;
  const { log } = service;
  await service.close();
  expect(log).not.toMatch(/a bug|TypeError|RangeError/);
  // What a name had in it has made no line of its own.
  expect(log).not.toMatch(/^forged/m);
}, PATIENCE);

describe('a greeting', { timeout: PATIENCE, skip: why !== undefined }, () => {
  test('that names somebody is taken from the door’s user, and from no other, root among them', () => {
    expect(greet(DOOR, [good])).toEqual([OK]);
    expect(greet(ANNE, [good])).toEqual([REFUSED]);
    expect(greet({ uid: 0, gid: 0 }, [good])).toEqual([REFUSED]);
    expect(greet({ uid: ANNE.uid, gid: DOOR.gid }, [good])).toEqual([REFUSED]);
  });

  test('that names nobody is taken from a user whom the policy lets in, and the door’s is not one of them', () => {
    expect(greet(ANNE, [''])).toEqual([OK]);
    expect(greet(DOOR, [''])).toEqual([DENIED]);
    const asked = service.run(DOOR, CLI, ['token', 'list']);
    expect(asked.status).not.toBe(0);
  });

  test('with what is no principal is refused', () => {
    const name = (text: string) => ({ ...good, names: [text] });
    const none: readonly (Uint8Array | string | object)[] = [
      'x',
      '{}',
      'null',
      '[]',
      '"spiffe://example.org/web"',
      `${JSON.stringify(good)}}`,
      `${JSON.stringify(good).slice(0, -1)}`,
      Buffer.from([...Buffer.from(JSON.stringify(good)), 0]),
      Buffer.from(JSON.stringify(good).replace('web', 'w\xe9b'), 'latin1'),
      new Uint8Array(2048),
      '['.repeat(2048),
      { ...good, names: [] },
      { ...good, names: 'spiffe://example.org/web' },
      { ...good, names: [7] },
      { ...good, names: [null] },
      { ...good, names: [['spiffe://example.org/web']] },
      { ...good, names: { 0: 'spiffe://example.org/web', length: 1 } },
      { ...good, names: Array.from({ length: 17 }, (_, at) => `dns:${at}`) },
      name(''),
      name('spiffe://'),
      name('uid:0'),
      name('any'),
      name('root'),
      name(' spiffe://example.org/web'),
      name('spiffe://example.org/web\nforged: a line'),
      name('dns:a\r'),
      name('dns:a\u0000'),
      name('dns:a\u0085'),
      name(`dns:${'a'.repeat(1001)}`),
      { ...good, fingerprint: 'AB'.repeat(32) },
      { ...good, fingerprint: 'ab' },
      { ...good, address: '' },
      { ...good, address: 'a b' },
      { ...good, address: 'x\nforged: a line' },
      { names: good.names, fingerprint: good.fingerprint },
    ];
    expect(greet(DOOR, none)).toEqual(none.map(() => DENIED));
  });

  test('that is too long, or longer or shorter than it says, ends the connection', () => {
    const whole = Buffer.from(JSON.stringify(good));
    expect(greet(DOOR, [Buffer.alloc(2049), Buffer.alloc(60_000)])).toEqual([CLOSED, CLOSED]);
    for (const said of [0, 1, whole.length - 1, whole.length + 1, 2049, 2 ** 32, 2 ** 53])
      expect(greet(DOOR, [whole], said)).toEqual([CLOSED]);
  });

  test('says the same name in other words, and is somebody else’s account in nothing', () => {
    // What rules speak of are the names: neither a second key nor one of JavaScript's own makes another of somebody.
    const twice = JSON.stringify(good).replace('{', '{"names":["spiffe://example.org/root"],');
    const own = JSON.stringify(good).replace('{', '{"__proto__":{"names":["uid:0"]},');
    expect(greet(DOOR, [twice, own])).toEqual([OK, OK]);
    expect(greet(ANNE, [''])).toEqual([OK]);
  });
});
