/** strongroomd looks after its network door: it starts it, and again when it ends, and goes on whatever becomes of it. */
import { cpSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { connect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { Authority } from '../support/certificates.ts';
import { DOOR, DoorService } from '../support/door.ts';
import { ROOT } from '../support/profile.ts';
import { eventually } from '../support/programs.ts';
import { ANNE, SERVICE, Service, whyNoService } from '../support/service.ts';

const STRONGROOM = path.join(ROOT, 'out/bin/strongroom');
const LAUNCHER = path.join(ROOT, 'out/lib/strongroom/strongroom-launch');
const why = whyNoService();
const PATIENCE = 60_000;
/** The service's own user may look at it. */
const POLICY = `[[rule]]\nwho = ["uid:${SERVICE.uid}"]\nroles = ["operator"]\n`;
let made: DoorService | undefined;
let plain: Service | undefined;

afterEach(async () => {
  await made?.close();
  await plain?.close();
  made = undefined;
  plain = undefined;
});

interface Network {
  readonly serves: boolean;
  readonly at: string;
  readonly pid: number | null;
  readonly restarts: number;
  readonly ended: string;
}

/** What the engine says of itself and its door. */
function status(service: Service): { readonly pid: number; readonly network: Network | null } {
  const { said, errors } = service.run(SERVICE, STRONGROOM, ['status', '--json']);
  if (said === '') throw new Error(errors);
  return JSON.parse(said);
}

/** Waits for a door that serves, which is not the process `before`. */
async function serving(service: Service, before?: number): Promise<Network & { readonly pid: number }> {
  let network: Network | null = null;
  const came = await eventually(() => {
    network = status(service).network;
    return network?.serves === true && network.pid !== before;
  }, PATIENCE);
  const found = network as Network | null;
  if (!came || found === null || found.pid === null) throw new Error(`no door: ${service.log}`);
  return { ...found, pid: found.pid };
}

async function supervised(): Promise<DoorService> {
  made = await DoorService.make(POLICY, { supervised: true });
  return made;
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}

/** The fingerprint of the certificate that the door shows. */
function shown({ port, authority }: DoorService): Promise<string> {
  const { certificate, key } = authority.issue({ dns: ['anybody'] });
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, cert: certificate, key, ca: authority.certificate };
    const socket = connect({ ...options, servername: 'localhost', ALPNProtocols: ['h2'] }, () => {
      resolve(socket.getPeerX509Certificate()?.fingerprint256 ?? '');
      socket.destroy();
    }).once('error', reject);
  });
}

describe('a door that strongroomd starts', { timeout: 300_000, skip: why !== undefined }, () => {
  it('serves, and is no child of the engine, which has keys', async () => {
    const { service, port, server } = await supervised();
    const network = await serving(service);
    expect(network).toMatchObject({ at: `127.0.0.1:${port}`, restarts: 0, ended: '' });
    expect(await shown(made as DoorService)).toBe(server.x509.fingerprint256);
    const parentOf = (pid: number): number =>
      Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]);
    expect(parentOf(parentOf(network.pid))).toBe(service.pid);
    expect(parentOf(status(service).pid)).toBe(service.pid);
    expect(readFileSync(`/proc/${network.pid}/status`, 'latin1')).toMatch(/^Seccomp:\s+2$/m);
    // None of the engine's descriptors has come along.
    const links = ['0', '1', '2', '3', '4', '5'].flatMap((name) => {
      try {
        return [readlinkSync(`/proc/${network.pid}/fd/${name}`)];
      } catch {
        return [];
      }
    });
    expect(links.filter((link) => link.startsWith(service.store))).toEqual([]);
  });

  it('is started again when it was killed, and the engine does not notice', async () => {
    const { service } = await supervised();
    const before = status(service).pid;
    let { pid } = await serving(service);
    for (const [count, signal] of [
      [1, 'SIGKILL'],
      [2, 'SIGTERM'],
    ] as const) {
      process.kill(pid, signal);
      const network = await serving(service, pid);
      expect(network).toMatchObject({ restarts: count });
      pid = network.pid;
    }
    expect(status(service).pid).toBe(before);
    const words = 'the network door does not serve: it ended by signal 9; it is started again';
    expect(await eventually(() => service.log.includes(words), PATIENCE)).toBe(true);
    expect(service.run(SERVICE, STRONGROOM, ['status']).said).toContain('started again 2 times');
  });

  it('reads its certificate anew when the service does', async () => {
    const door = await supervised();
    const { pid } = await serving(door.service);
    const next = door.authority.issue({ purposes: ['server'], dns: ['localhost'], ip: ['127.0.0.1'] });
    door.put('server.pem', next.certificate);
    door.put('server.key', next.key);
    process.kill(door.service.pid, 'SIGHUP');
    expect(await eventually(async () => (await shown(door)) === next.x509.fingerprint256, PATIENCE)).toBe(
      true,
    );
    expect((await serving(door.service)).pid).toBe(pid);
  });

  it('that cannot start keeps nobody from the engine, which says why, and starts it when that is mended', async () => {
    const door = await supervised();
    await serving(door.service);
    const key = readFileSync(path.join(door.folder, 'server.key'), 'utf8');
    door.put('server.key', new Authority('another').issue({ dns: ['localhost'] }).key);
    const { pid } = await serving(door.service);
    process.kill(pid, 'SIGKILL');
    const stays = await eventually(() => (status(door.service).network?.restarts ?? 0) >= 2, PATIENCE);
    expect(stays).toBe(true);
    const { said, status: code } = door.service.run(SERVICE, STRONGROOM, ['status']);
    expect([code, said]).toEqual([
      1,
      expect.stringMatching(/wrong +the network door does not serve: it ended with/),
    ]);
    expect(said).toMatch(/does not serve: .*server\.key/);
    door.put('server.key', key);
    process.kill(door.service.pid, 'SIGHUP');
    await serving(door.service);
    expect(door.service.run(SERVICE, STRONGROOM, ['status']).status).toBe(0);
  });

  it('ends with the service, also where that is killed', async () => {
    for (const [signal, whom] of [
      ['SIGTERM', 'service'],
      ['SIGKILL', 'engine'],
      ['SIGKILL', 'service'],
    ] as const) {
      const door = await supervised();
      const { pid } = await serving(door.service);
      const engine = status(door.service).pid;
      process.kill(whom === 'engine' ? engine : door.service.pid, signal);
      expect([signal, whom, await eventually(() => !isAlive(pid) && !isAlive(engine), PATIENCE)]).toEqual([
        signal,
        whom,
        true,
      ]);
      await door.close();
      made = undefined;
    }
  });

  it('is not there with --no-door, nor where something else starts it', async () => {
    made = await DoorService.make(POLICY, { supervised: false });
    expect(status(made.service).network).toBe(null);
    await made.close();
    made = undefined;
    const lines = ['[network]', 'listen = "127.0.0.1:0"'];
    plain = await new Service(undefined, lines).start(['--no-door']);
    expect(status(plain).network).toBe(null);
  });

  it('is never another user than the service’s, unless root starts it', async () => {
    const lines = ['[network]', 'listen = "127.0.0.1:0"', `user = "${DOOR.uid}"`];
    plain = await new Service(undefined, lines).start();
    expect(status(plain).network).toMatchObject({ serves: false, pid: null });
    expect(plain.run(SERVICE, STRONGROOM, ['status']).said).toContain('strongroom-door.service');
  });
});

describe('the door’s user', { timeout: 300_000, skip: why !== undefined }, () => {
  it('gets nothing for himself, whatever the policy says', async () => {
    made = await DoorService.make('[[rule]]\nwho = ["any", "uid:64105"]\nroles = ["user"]\n');
    const { service } = made;
    const tool = (user: typeof ANNE) => service.run(user, STRONGROOM, ['token', 'list']);
    expect(tool(ANNE).status).toBe(0);
    expect(tool(DOOR).status).not.toBe(0);
    const words = /refused: the network door \(.*64105.*\) asks for itself/;
    expect(await eventually(() => words.test(service.log), PATIENCE)).toBe(true);
  });
});

/** What a hole in the door could do under the service's own user: come to the engine as that user, by the library. */
const impostor = `
const { readdirSync, writeSync } = require('node:fs');
process.env.STRONGROOM_CONFIG = process.argv[process.argv.indexOf('--config') + 1];
const cryptoki = require('./cryptoki.node');
let said = 'was let in';
try {
  readdirSync(process.argv[process.argv.indexOf('--config') + 1].replace(/strongroom.toml$/, 'store'));
  writeSync(2, '<6>the impostor sees the store\\n');
} catch {}
try {
  cryptoki.load(__dirname + '/strongroom-pkcs11.so');
  cryptoki.initialize();
} catch (error) {
  said = 'was refused: ' + error.message;
}
writeSync(2, '<6>the impostor ' + said + '\\n');
setInterval(() => undefined, 1000);
`;

describe('a door under the service’s own user', { timeout: 300_000, skip: why !== undefined }, () => {
  it('is not taken for that user', async () => {
    plain = new Service(undefined, ['[network]', 'listen = "127.0.0.1:0"']);
    const lib = path.join(plain.folder, 'lib');
    cpSync(path.join(ROOT, 'out/lib'), lib, { recursive: true });
    writeFileSync(path.join(lib, 'strongroom/door.cjs'), impostor);
    cpSync(path.join(lib, 'strongroom-pkcs11.so'), path.join(lib, 'strongroom/strongroom-pkcs11.so'));
    plain.launcher = path.join(lib, 'strongroom/strongroom-launch');
    await plain.start();
    const service = plain;
    expect(await eventually(() => service.log.includes('the impostor was '), PATIENCE)).toBe(true);
    expect(service.log).toContain('the impostor was refused');
    expect(service.log).not.toContain('sees the store');
    expect(service.log).toMatch(
      new RegExp(`refused: the network door .*uid ${SERVICE.uid}.* asks for itself`),
    );
    // Another process of that user is let in.
    expect(service.run(SERVICE, STRONGROOM, ['status']).status).toBe(0);
  });
});

describe('strongroom-launch --door', { timeout: 300_000, skip: why !== undefined }, () => {
  it('says what is wrong with a configuration, and ends', async () => {
    plain = new Service(undefined, []);
    writeFileSync(plain.config, '[network]\nlisten = "nowhere"\n');
    for (const program of [LAUNCHER, path.join(ROOT, 'out/bin/strongroomd')]) {
      const { status: code, errors } = plain.run(SERVICE, program, ['--door', '--config', plain.config]);
      expect([code, errors]).toEqual([
        7,
        expect.stringContaining('network.listen must be a host and a port'),
      ]);
    }
  });
});
