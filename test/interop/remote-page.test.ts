/**
 * docs/remote.md, from nothing to two machines that sign over mutual TLS, and what follows: its lines are run as they stand there, in the page's order. The
 * machine with the keys is one network namespace, the other machine another, with another user; where none can be made, both are on the loopback interface.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DOOR } from '../support/door.ts';
import { Machines } from '../support/machines.ts';
import { ROOT } from '../support/profile.ts';
import { eventually, freePort, SEARCH_PATH } from '../support/programs.ts';
import { ANNE, Service, whyNoService } from '../support/service.ts';
import { missing } from './consumers/needs.ts';

const why = whyNoService() ?? missing(['pkcs11-tool', 'openssl', 'pkcs11-engine']);
const PINS = { PIN: 'user-pin-2718', SO_PIN: 'officer-pin-3141', CA_PIN: 'authority-pin-1618' };
const LAUNCHER = path.join(ROOT, 'out/lib/strongroom/strongroom-launch');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

interface Block {
  readonly kind: string;
  readonly text: string;
}

function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, kind = '', text = '']) => ({
    kind,
    text,
  }));
}

const page = blocksOf(read('docs/remote.md'));

/** A program that goes on for as long as it is let. */
interface Holder {
  readonly ended: Promise<unknown>;
  over(): boolean;
}

/** Both machines, and what stands for systemd and ssh between them. */
class World {
  readonly machines = new Machines({ 'hsm.example': 'far', 'hsm-b.example': '127.0.0.9' });
  readonly service = new Service(read('packaging/etc/policy.toml'), [
    '[network]',
    `user = "${DOOR.uid}"`,
    'start_door = false',
  ]);
  readonly etc = path.join(this.service.folder, 'etc');
  readonly home = path.join(this.service.folder, 'anne');
  port = 5696;
  #door: ChildProcess | undefined;
  #log = '';

  async start(): Promise<this> {
    if (!this.machines.apart) this.port = await freePort();
    mkdirSync(this.etc);
    mkdirSync(this.home);
    chownSync(this.home, ANNE.uid, ANNE.gid);
    chmodSync(this.etc, 0o755);
    await this.service.start();
    const [engine] = blocksOf(read('docs/consumers.md')).filter(({ kind }) =>
      kind.startsWith('sh first needs=openssl,pkcs11-engine'),
    );
    await this.run('client', engine?.text ?? 'false');
    return this;
  }

  /** The page's text, with the places that are others here. */
  #here(text: string): string {
    const near = this.machines.apart
      ? text
      : text
          // Nobody here knows the names; the one that is checked is the same.
          .replace(/^remote = .*$/m, `remote = "127.0.0.1:${this.port}"\nremote_name = "hsm.example"`)
          .replace(
            /^sed .*$/m,
            `sed -i 's/^remote = .*/remote = "127.0.0.9:1, 127.0.0.1:${this.port}"/' ~/.config/strongroom/strongroom.toml`,
          )
          .replace('0.0.0.0:5696', `127.0.0.1:${this.port}`);
    return near
      .replaceAll('/etc/strongroom', this.etc)
      .replace('chown strongroom-door', `chown ${DOOR.uid}`)
      .replace('user = "strongroom-door"', `user = "${DOOR.uid}"`);
  }

  /** Writes the section of the page in the place of the one that came with the service. */
  configure(section: string): void {
    const text = this.service.readConfig();
    writeFileSync(this.service.config, text.slice(0, text.indexOf('[network]')) + this.#here(section));
  }

  allow(rule: string): void {
    appendFileSync(this.service.policy, `\n${rule}`);
  }

  /** Runs lines on a machine; what asks systemd for something does here what the units would do. */
  async run(machine: 'server' | 'client', text: string, fails = false): Promise<string> {
    let said = '';
    for (const part of this.#here(text).split(/^(?=systemctl )|(?<=^systemctl .*\n)/m)) {
      if (part.startsWith('systemctl ')) await this.#systemctl(part.trim());
      else said += this.#shell(machine, part, fails);
    }
    return said;
  }

  #shell(machine: 'server' | 'client', lines: string, fails: boolean): string {
    const PATH = `${path.join(ROOT, 'out/bin')}:${SEARCH_PATH}`;
    const common = { ...PINS, PATH, MODULE: this.service.module, LANG: 'C.UTF-8' };
    const { uid, gid } = ANNE;
    // What ssh would carry over, as the client's user.
    const scp = `scp() { shift; cp -p "\${@:1:$#-1}" "${this.home}/\${!##*:}" && chown -R ${uid}:${gid} "${this.home}"; }`;
    const there =
      machine === 'server'
        ? { through: this.machines.on('far'), cwd: this.etc, env: { ...this.service.env, ...common } }
        : {
            through: [
              ...this.machines.on('near'),
              ...['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'],
            ],
            cwd: this.home,
            env: { ...common, HOME: this.home },
          };
    const [program = '', ...args] = [...there.through, 'bash', '-euo', 'pipefail', '-c', `${scp}\n${lines}`];
    const done = spawnSync(program, args, {
      cwd: there.cwd,
      env: there.env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 120_000,
    });
    const said = `${done.stdout}${done.stderr}`;
    const log = path.join(this.home, '.local/share/strongroom/engine.log');
    const gateway = existsSync(log) ? readFileSync(log, 'utf8') : '';
    if (fails) expect(done.status, `${lines}\n${said}`).toBeGreaterThan(0);
    else expect(done.status, `${lines}\n${said}\n${this.#log}\n${gateway}\n${this.service.log}`).toBe(0);
    return said;
  }

  async #systemctl(given: string): Promise<void> {
    const line = given.replace(/ *#.*$/, '');
    if (line === 'systemctl enable --now strongroom-door') return this.#startDoor();
    if (line === 'systemctl restart strongroomd') {
      await this.service.stop();
      await this.service.start();
      return;
    }
    expect(line).toBe('systemctl reload strongroom-door');
    const times = () => [...this.#log.matchAll(/were read anew/g)].length;
    const before = times();
    this.#door?.kill('SIGHUP');
    expect(await eventually(() => times() > before, 60_000), this.#log).toBe(true);
  }

  async #startDoor(): Promise<void> {
    const [program = LAUNCHER, ...args] = [
      ...this.machines.on('far'),
      ...[LAUNCHER, '--door', '--user', `${DOOR.uid}:${DOOR.gid}`],
      ...['--config', this.service.config, '--ready-fd', '3'],
    ];
    this.#door = spawn(program, args, {
      env: { PATH: SEARCH_PATH },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    this.#door.stderr?.setEncoding('utf8').on('data', (part: string) => {
      this.#log += part;
    });
    const ready = this.#door.stdio[3] as Readable;
    const word: unknown = await Promise.race([once(ready, 'data'), once(this.#door, 'close')]);
    expect(String(word), this.#log).toMatch(/^R/);
  }

  /** A program of the client's that looks up the token again and again until it can no more. */
  async untilPutOut(): Promise<Holder> {
    const { uid, gid } = ANNE;
    const script = `
      const library = require(process.argv[1]);
      library.load(process.env.MODULE);
      library.initialize();
      const slot = library.slots().find((each) => library.tokenInfo(each).label.startsWith('release'));
      const session = library.openSession(slot, false);
      console.log('in');
// A call that was on its way when a connection ended has failed; only who is out fails again and again.
      let failed = 0;
      setInterval(() => {
        try { library.find(session, 2); failed = 0; }
        catch (error) { if (error.rv !== 0x30) process.exit(1); if (++failed === 3) process.exit(0); }
      }, 50);`;
    const [program = '', ...args] = [
      ...this.machines.on('near'),
      ...['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'],
      ...[
        path.join(ROOT, 'out/lib/strongroom/node'),
        '-e',
        script,
        path.join(ROOT, 'out/lib/strongroom/cryptoki.node'),
      ],
    ];
    const child = spawn(program, args, {
      env: { PATH: SEARCH_PATH, HOME: this.home, MODULE: this.service.module },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close').then(([code]) => code as unknown);
    await Promise.race([once(child.stdout, 'data'), ended]);
    return { ended, over: () => child.exitCode !== null };
  }

  async close(): Promise<void> {
    this.#shell('client', 'strongroom engine stop --force || true', false);
    if (this.#door?.exitCode === null) {
      const gone = once(this.#door, 'close');
      this.#door.kill('SIGTERM');
      await gone;
    }
    await this.service.close();
    this.machines.remove();
  }
}

let world: World;
beforeAll(async () => {
  if (why === undefined) world = await new World().start();
}, 120_000);
afterAll(() => world?.close(), 120_000);

describe('the lines of docs/remote.md', { timeout: 600_000, skip: why !== undefined }, () => {
  test('lead to two machines that sign over mutual TLS, and on to a client that was put out', async ({
    annotate,
  }) => {
    const began = performance.now();
    const run = new Set<Block>();
    let signed: number | undefined;
    let put: Holder | undefined;
    for (const block of page) {
      const { kind, text } = block;
      run.add(block);
      if (kind === 'toml network') world.configure(text);
      else if (kind === 'toml policy') world.allow(text);
      else if (kind === 'sh run=never') run.delete(block);
      else {
        const [, machine = '', fails] = /^sh on=(server|client)( fails)?( needs=\S+)?$/.exec(kind) ?? [];
        expect(machine, kind).not.toBe('');
        // Somebody is in, in the middle of what he does, when his certificate is revoked.
        // He has come with the one from before it was renewed, and has gone on.
        if (text.includes('client.pem') && text.includes('pki renew')) put = await world.untilPutOut();
        if (text.includes('pki revoke')) expect(put?.over()).toBe(false);
        const said = await world.run(machine as 'server' | 'client', text, fails !== undefined);
        if (signed === undefined && said.includes('Verified OK')) signed = performance.now() - began;
        if (text.includes('audit show')) {
          expect(said).toContain(`spiffe://example.org/release-builder (${world.machines.address('near')}:`);
          expect(said).toMatch(/C_Sign|sign/);
        }
        if (fails !== undefined) {
          expect(said).toMatch(/cannot be reached|does not let us in/);
          expect(await put?.ended).toBe(0);
        }
      }
    }
    expect(signed).toBeDefined();
    // The firewall's lines alone are nothing for a test.
    expect(page.length - run.size).toBe(1);
    const seconds = ((signed ?? 0) / 1000).toFixed(1);
    await annotate(
      `${world.machines.where}; the first signature was verified ${seconds} s after the first line`,
    );
  });
});
