/**
 * The attackers are other users of the machine, who may connect to the service's socket. They want to come in as somebody else, to take what
 * others need, or to be taken for the service.
 */
import { spawn } from 'node:child_process';
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from 'vitest';
import { compile } from '../fault/support.ts';
import { ROOT } from '../support/profile.ts';
import { eventually } from '../support/programs.ts';
import { ANNE, BILL, SERVICE, Service, type User, whyNoService } from '../support/service.ts';

const ROOT_USER: User = { uid: 0, gid: 0 };
const why = whyNoService();
let service: Service | undefined;

afterEach(async () => {
  await service?.close();
  service = undefined;
});

/** A service of whom no rule speaks: root and its own user are served. */
async function fresh(lines: readonly string[] = []): Promise<Service> {
  service = new Service(undefined, lines);
  return service.start();
}

const visitor = () => compile('visitor', [], import.meta.dirname);

function visit(at: Service, user: User, how: string, ...args: readonly string[]): string[] {
  const { said, errors, status } = at.run(user, visitor(), [at.module, at.socket, how, ...args]);
  expect({ errors, status }).toEqual({ errors: '', status: 0 });
  return said.trimEnd().split('\n');
}

/** A visitor that stays until it is let go. */
async function stays(at: Service, user: User, how: string, many: number) {
  const { uid, gid } = user;
  const child = spawn(visitor(), [at.module, at.socket, how, String(many)], {
    uid,
    gid,
    env: at.env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout);
  const [first] = await new Promise<[string]>((resolve, reject) => {
    lines.once('line', (line: string) => resolve([line]));
    child.once('close', () => reject(new Error('it said nothing')));
  });
  const leave = async (): Promise<void> => {
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.stdin.end();
    await gone;
  };
  return { first, leave };
}

describe('other users at the service’s socket', { timeout: 300_000, skip: why !== undefined }, () => {
  test('whom no rule names hears CKR_FUNCTION_FAILED, and the log says who it was', async () => {
    const at = await fresh();
    expect(visit(at, ANNE, 'enter')).toEqual(['enter 0x6 0']);
    expect(visit(at, SERVICE, 'enter')).toEqual(['enter 0x0 1']);
    expect(visit(at, ROOT_USER, 'enter')).toEqual(['enter 0x0 1']);
    const doctor = (user: User) => at.run(user, path.join(ROOT, 'out/bin/strongroom'), ['doctor']);
    expect(doctor(ROOT_USER)).toMatchObject({
      status: 0,
      said: expect.stringMatching(/Service\n.*\n.*uid 64100/),
    });
    expect(doctor(ANNE)).toMatchObject({ status: 1, said: expect.stringContaining('no rule of its policy') });
    expect(await eventually(() => at.log.includes('refused'), 60_000)).toBe(true);
    expect(at.log).toMatch(
      /refused: uid 64101, gid 64101 \(process \d+, visitor\): no rule of the policy lets it in/,
    );
  });

  test('a process that forks and changes its user comes as who it is then', async () => {
    const at = await fresh();
    const lines = visit(at, ROOT_USER, 'forks', String(ANNE.uid));
    expect(lines).toEqual(['parent 0x0 1', 'child 0x6 0', 'parent again 0x0 1']);
  });

  test('a connection in the hands of another process is worth nothing, and ends', async () => {
    const at = await fresh();
    expect(visit(at, ROOT_USER, 'passes', String(ANNE.uid))).toEqual([
      'child has nothing',
      'parent has nothing',
    ]);
    // Also of the same user.
    expect(visit(at, ROOT_USER, 'passes', '0')).toEqual(['child has nothing', 'parent has nothing']);
  });

  test('a process that becomes another user loses the connection that it made before', async () => {
    const at = await fresh();
    for (const how of ['changes', 'keeps'])
      expect(visit(at, ROOT_USER, how, String(ANNE.uid)), how).toEqual([
        'before has a lane',
        'after has nothing',
      ]);
  });

  test('the library understands what the configuration says of the socket, or uses none', async () => {
    const at = await fresh();
    const config = path.join(at.folder, 'other.toml');
    const outcome = (text: string, env: Readonly<Record<string, string>> = {}): string => {
      writeFileSync(config, text);
      const given = { STRONGROOM_CONFIG: config, XDG_DATA_HOME: path.join(at.folder, 'run'), ...env };
      const { said } = at.run(SERVICE, visitor(), [at.module, at.socket, 'enter'], given);
      return said.trim();
    };
    const there = `socket = "${at.socket}"\nsocket_user = "${SERVICE.uid}"\n`;
    const served = 'enter 0x0 1';
    for (const good of [
      there,
      `  socket='${at.socket}'  # here\r\n"socket_user" = "${SERVICE.uid}"\n`,
      `# socket = 7\nsocket_user = '${SERVICE.uid}'\nlinger_seconds = 1\nsocket\t=\t"${at.socket}"`,
    ])
      expect(outcome(good), good).toBe(served);
    // What is not understood starts no engine, and neither does a service that is not there.
    for (const bad of [
      'socket = 7\n',
      'socket = "/run/x\n',
      `socket = "${at.socket}" "\n`,
      'socket\n',
      'socket = """/run/x"""\n',
      'socket = "\\u002frun"\n',
    ])
      expect(outcome(bad), bad).toBe('enter 0x5 0');
    expect(outcome('socket = "run/x"\n')).toBe('enter 0x7 0');
    expect(outcome(`socket = "${at.folder}/nothing"\n`)).toBe('enter 0x30 0');
    expect(outcome('', { STRONGROOM_SOCKET: `${at.folder}/nothing` })).toBe('enter 0x30 0');
    // Nobody of that name is nobody to trust; a socket that the environment names may be one's own.
    expect(outcome(`socket = "${at.socket}"\nsocket_user = "nobody-of-this-name"\n`)).toBe('enter 0x30 0');
    expect(outcome('', { STRONGROOM_SOCKET: at.socket })).toBe(served);
    expect(readdirSync(path.join(at.folder, 'run'))).toEqual(['engine.socket']);
    // In a table it is another key, and who names a store means an engine of his own.
    expect(outcome(`[service]\nsocket_mode = 0o600\n[other]\n${there}`)).not.toBe(served);
  });

  test('a socket of somebody else’s is told nothing', async () => {
    service = new Service(undefined);
    const at = service;
    chmodSync(path.dirname(at.socket), 0o777);
    const posing = spawn(visitor(), [at.module, at.socket, 'poses'], {
      ...BILL,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const heard: string[] = [];
    createInterface(posing.stdout).on('line', (line) => heard.push(line));
    const gone = new Promise((resolve) => posing.once('close', resolve));
    expect(await eventually(() => heard.includes('poses now'), 60_000)).toBe(true);
    chmodSync(at.socket, 0o777);
    expect(visit(at, ANNE, 'enter')).toEqual(['enter 0x30 0']);
    await gone;
    const doctor = at.run(ANNE, path.join(ROOT, 'out/bin/strongroom'), ['doctor']);
    expect(doctor).toMatchObject({ status: 1, said: expect.stringContaining('nobody answers') });
    expect(heard).toEqual(['poses now', 'told 0']);
  });

  test('one user’s ten thousand connections keep nobody out', async () => {
    const at = await fresh();
    const flood = await stays(at, ANNE, 'flood', 10_000);
    expect(flood.first).toBe('200 of 200');
    expect(visit(at, ROOT_USER, 'enter')).toEqual(['enter 0x0 1']);
    await flood.leave();
  });

  test('one user who wants all places leaves as many as he takes', async () => {
    const at = await fresh();
    const crowd = await stays(at, SERVICE, 'crowd', 600);
    expect(crowd.first).toBe('512 of 600');
    expect(visit(at, ROOT_USER, 'enter')).toEqual(['enter 0x0 1']);
    await crowd.leave();
    expect(visit(at, SERVICE, 'enter')).toEqual(['enter 0x0 1']);
  });
});
