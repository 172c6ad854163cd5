/**
 * A program whose keys are on another machine, when something between it and them is not as it should be: every call is answered, also where nothing
 * answers any more, and when things are well again it goes on by itself, with its sessions where they are still there.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Authority } from '../support/certificates.ts';
import {
  DoorService,
  type DoorWish,
  EVERYTHING_REMOTE,
  type RemoteClient,
  workerOf,
} from '../support/door.ts';
import { eventually, freePort } from '../support/programs.ts';
import { whyNoService } from '../support/service.ts';
import { Steps, setUp, type Talk } from './support.ts';

const PATIENCE = 90_000;
const HOST_MEMORY = 0x02;
const FUNCTION_FAILED = 0x06;
const DEVICE_ERROR = 0x30;
const DEVICE_REMOVED = 0x32;
const OPERATION_NOT_INITIALIZED = 0x91;
const SESSION_HANDLE_INVALID = 0xb3;
const why = whyNoService();

let door: DoorService | undefined;
let stopped: number | undefined;
const talks: Talk[] = [];
const servers: { server: Server; sockets: Set<Socket> }[] = [];

afterEach(async () => {
  goOn();
  for (const talk of talks.splice(0)) if (!talk.ended) talk.child.kill('SIGKILL');
  for (const { server, sockets } of servers.splice(0)) {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
  const log = `${door?.log}${door?.service.log}`;
  await door?.close();
  door = undefined;
  expect(log).not.toMatch(/a bug|TypeError|RangeError/);
}, PATIENCE);

function stop(pid: number): void {
  process.kill(pid, 'SIGSTOP');
  stopped = pid;
}

function goOn(): void {
  if (stopped !== undefined) process.kill(stopped, 'SIGCONT');
  stopped = undefined;
}

/** A door, and a client of it; the token has two keys. */
async function fresh(
  wish: DoorWish = {},
  lines: readonly string[] = [],
): Promise<{ at: DoorService; client: RemoteClient }> {
  const at = await DoorService.make(EVERYTHING_REMOTE, wish);
  door = at;
  const client = at.client({ spiffe: ['spiffe://example.org/client'] }, lines);
  setUp({ module: at.service.module, env: client.env }, 2);
  return { at, client };
}

function steps(at: DoorService, { env }: RemoteClient): Steps {
  const one = new Steps({ module: at.service.module, env });
  talks.push(one.talk);
  return one;
}

async function does(one: Steps, ...all: readonly string[]): Promise<void> {
  for (const step of all) expect((await one.step(step, PATIENCE)).rv, step).toBe(0);
}

async function working(at: DoorService, client: RemoteClient): Promise<Steps> {
  const one = steps(at, client);
  await does(one, 'init', 'login', 'verify 2');
  return one;
}

function changeConfig({ config }: RemoteClient, key: string, value: string | number): void {
  const text = readFileSync(config, 'utf8').replace(new RegExp(`^${key} = .*\n`, 'm'), '');
  writeFileSync(config, `${key} = ${JSON.stringify(value)}\n${text}`);
}

/** What the gateway says. */
function logOf({ env }: RemoteClient): string {
  try {
    return readFileSync(path.join(String(env.STRONGROOM_HOME), 'engine.log'), 'utf8');
  } catch {
    return '';
  }
}

function gatewayOf({ env }: RemoteClient): number {
  return Number(
    readFileSync(path.join(String(env.STRONGROOM_HOME), 'engine.lock'), 'utf8').split('\n', 1)[0],
  );
}

/** A place where somebody accepts, and says nothing. */
async function mute(): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
  });
  servers.push({ server, sockets });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

describe('a program whose keys are on another machine', { timeout: 600_000, skip: why !== undefined }, () => {
  test('finds the one of several addresses that answers', async () => {
    const { at, client } = await fresh({}, ['remote_patience_seconds = 60']);
    const [nobody, silent] = [await freePort(), await mute()];
    const other = at.client({ spiffe: ['spiffe://example.org/other'] }, ['remote_patience_seconds = 60']);
    changeConfig(other, 'remote', [nobody, silent, at.port].map((port) => `127.0.0.1:${port}`).join());
    const one = await working(at, other);
    const said = () => logOf(other);
    expect(said()).toContain(`keys are at 127.0.0.1:${at.port}`);
    expect(said()).toContain(`127.0.0.1:${nobody} cannot be reached: connect ECONNREFUSED`);
    expect(await eventually(() => said().includes(`127.0.0.1:${silent} cannot be reached: `), PATIENCE)).toBe(
      true,
    );
    expect(said().match(/cannot be reached/g)?.length).toBe(2);
    expect(await one.end()).toBe(0);
    expect(await (await working(at, client)).end()).toBe(0);
  });

  test('goes on at the next address, in its session, when the first goes away under it', async () => {
    const { at, client } = await fresh({}, ['remote_patience_seconds = 60']);
    const ports = [await at.startBeside(), at.port];
    changeConfig(client, 'remote', ports.map((port) => `127.0.0.1:${port}`).join());
    await eventually(() => !alive(gatewayOf(client)), PATIENCE);
    const one = await working(at, client);
    expect(logOf(client)).toContain(`keys are at 127.0.0.1:${ports[0]}`);
    let calls = 0;
    const load = (async () => {
      for (let round = 0; round < 400; round++) {
        const { rv } = await one.step('use key-1', PATIENCE);
        expect([0, DEVICE_ERROR]).toContain(rv);
        calls++;
      }
    })();
    await eventually(() => calls > 50, PATIENCE);
    await at.stopBeside('SIGKILL');
    await load;
    await does(one, 'use key-0', 'verify 2');
    expect(logOf(client)).toContain(`keys are at 127.0.0.1:${at.port}`);
    expect(await one.end()).toBe(0);
  });

  test('is answered again and again while nobody is there, and goes on when there is', async () => {
    const { at, client } = await fresh({ lines: ['lease_seconds = 300'] }, ['remote_patience_seconds = 1']);
    const one = await working(at, client);
    await at.stopDoor('SIGKILL');
    for (let round = 0; round < 5; round++)
      for (const step of ['info', 'use key-1', 'make late'])
        expect((await one.step(step, PATIENCE)).rv, step).toBe(DEVICE_ERROR);
    await at.startDoor();
    expect(await eventually(async () => (await one.step('info', PATIENCE)).rv === 0, PATIENCE)).toBe(true);
    await does(one, 'verify 2');
    expect((await one.step('count late', PATIENCE)).rv).toBe(0x1000000);
    expect(await one.end()).toBe(0);
  });

  test('hears that its sessions are gone when the engine is another, and works in new ones', async () => {
    const { at, client } = await fresh();
    const one = await working(at, client);
    await at.service.stop('SIGKILL');
    expect([DEVICE_ERROR, DEVICE_REMOVED]).toContain((await one.step('use key-1', PATIENCE)).rv);
    await at.service.start();
    const rvs = new Set<number>();
    await eventually(async () => {
      const { rv } = await one.step('use key-1', PATIENCE);
      rvs.add(rv);
      return rv === SESSION_HANDLE_INVALID;
    }, PATIENCE);
    expect([...rvs].at(-1)).toBe(SESSION_HANDLE_INVALID);
    await does(one, 'login', 'verify 2');
    expect(await one.end()).toBe(0);
  });

  test.each(['door', 'engine'] as const)(
    'is answered while the %s is stopped, and goes on in its session when that goes on',
    async (which) => {
      const { at, client } = await fresh({ lines: ['lease_seconds = 300'] }, ['remote_patience_seconds = 2']);
      const one = await working(at, client);
      stop(which === 'door' ? at.worker : workerOf(at.service.pid));
      for (const step of ['use key-1', 'make late', 'begin', 'use key-0'])
        expect((await one.step(step, PATIENCE)).rv, step).toBe(DEVICE_ERROR);
      goOn();
      expect(await eventually(async () => (await one.step('info', PATIENCE)).rv === 0, PATIENCE)).toBe(true);
      await does(one, 'verify 2', 'begin', 'part');
      expect(await one.end()).toBe(0);
    },
  );

  test('keeps its session when its certificate is renewed, and loses it with another’s', async () => {
    const { at, client } = await fresh({ lines: ['lease_seconds = 300'] });
    const put = (name: string) => {
      const { certificate, key } = at.authority.issue({ spiffe: [`spiffe://example.org/${name}`] });
      writeFileSync(path.join(client.folder, 'tls/client.key'), key);
      writeFileSync(path.join(client.folder, 'tls/client.pem'), certificate);
    };
    const one = await working(at, client);
    put('client');
    await at.stopDoor('SIGKILL');
    await at.startDoor();
    expect(await eventually(async () => (await one.step('info', PATIENCE)).rv === 0, PATIENCE)).toBe(true);
    await does(one, 'verify 2');
    put('somebody-else');
    await at.stopDoor('SIGKILL');
    await at.startDoor();
    expect(await eventually(async () => (await one.step('info', PATIENCE)).rv === 0, PATIENCE)).toBe(true);
    expect((await one.step('use key-1', PATIENCE)).rv).toBe(SESSION_HANDLE_INVALID);
    await does(one, 'login', 'verify 2');
    expect(await one.end()).toBe(0);
  });

  test('starts another gateway when its own was killed', async () => {
    const { at, client } = await fresh();
    const one = await working(at, client);
    process.kill(gatewayOf(client), 'SIGKILL');
    const { rv } = await one.step('use key-1', PATIENCE);
    expect([DEVICE_ERROR, DEVICE_REMOVED, SESSION_HANDLE_INVALID]).toContain(rv);
    await does(one, 'fini', 'init', 'login', 'verify 2', 'fini');
    expect(await one.end()).toBe(0);
  });

  const wrong: readonly [string, (at: DoorService, client: RemoteClient) => void, RegExp][] = [
    [
      'is from no authority of the door’s',
      (_at, client) => {
        const { certificate, key } = new Authority('strangers').issue({
          spiffe: ['spiffe://example.org/client'],
        });
        writeFileSync(path.join(client.folder, 'tls/client.key'), key);
        writeFileSync(path.join(client.folder, 'tls/client.pem'), certificate);
      },
      /does not take our certificate/,
    ],
    [
      'does not fit its key',
      (at, client) => {
        writeFileSync(path.join(client.folder, 'tls/client.key'), at.authority.issue({ dns: ['a'] }).key);
      },
      /key values mismatch/,
    ],
    [
      'is not there',
      (_at, client) => changeConfig(client, 'remote_certificate', '/nowhere.pem'),
      /ENOENT.*nowhere\.pem/,
    ],
    [
      'is no certificate',
      (_at, client) => {
        writeFileSync(path.join(client.folder, 'tls/client.pem'), 'nothing');
      },
      /PEM|no start line/i,
    ],
    [
      'meets a door that its authorities do not know',
      (_at, client) => {
        writeFileSync(path.join(client.folder, 'tls/ca.pem'), new Authority('strangers').certificate);
      },
      /unable to verify|self.signed|issuer/,
    ],
    [
      'meets a door of another name',
      (_at, client) => changeConfig(client, 'remote_name', 'elsewhere.example'),
      /elsewhere\.example/,
    ],
  ];
  test.each(wrong)(
    'whose certificate %s is answered, and its log says what is wrong',
    async (_what, spoil, says) => {
      const at = await DoorService.make(EVERYTHING_REMOTE);
      door = at;
      const client = at.client({ spiffe: ['spiffe://example.org/client'] }, ['remote_patience_seconds = 1']);
      spoil(at, client);
      const one = steps(at, client);
      const { rv } = await one.step('init', PATIENCE);
      const { rv: login } = await one.step('login', PATIENCE);
      expect([rv, login]).toContain(DEVICE_ERROR);
      expect(await eventually(() => says.test(logOf(client)), PATIENCE), logOf(client)).toBe(true);
      expect(logOf(client)).not.toMatch(/a bug| {4}at /);
      expect(await one.end()).toBe(0);
    },
  );

  test('is answered at once when the engine does not take the door for one, and both logs say so', async () => {
    const at = await DoorService.make(EVERYTHING_REMOTE);
    door = at;
    const { service } = at;
    const user = /^user = .*$/m;
    expect(service.readConfig()).toMatch(user);
    writeFileSync(service.config, service.readConfig().replace(user, 'user = "64106"'));
    await service.stop();
    await service.start();
    const client = at.client({ spiffe: ['spiffe://example.org/client'] });
    const one = steps(at, client);
    const answers = [await one.step('init', PATIENCE), await one.step('login', PATIENCE)].map(({ rv }) => rv);
    expect(answers).toContain(FUNCTION_FAILED);
    expect(at.log).toMatch(/does not take this process for its network door: network\.user/);
    expect(await eventually(() => logOf(client).includes('the other side refuses'), PATIENCE)).toBe(true);
    expect(await one.end()).toBe(0);
  });

  test('whose call is longer than a message hears CKR_HOST_MEMORY, and the operation is over', async () => {
    const { at, client } = await fresh({ lines: ['max_message_bytes = 65536'] });
    const one = await working(at, client);
    await does(one, 'begin', 'large 60000', 'part');
    expect((await one.step('large 70000', PATIENCE)).rv).toBe(HOST_MEMORY);
    expect((await one.step('part', PATIENCE)).rv).toBe(OPERATION_NOT_INITIALIZED);
    // An answer likewise; and what others ask meanwhile is answered.
    await does(one, 'random 60000');
    expect((await one.step('random 70000', PATIENCE)).rv).toBe(HOST_MEMORY);
    await does(one, 'random 60000', 'verify 2', 'begin', 'part');
    expect(await one.end()).toBe(0);
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
