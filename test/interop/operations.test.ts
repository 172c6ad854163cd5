/**
 * docs/operations.md, from a token to nginx with a key in the service: its lines are run as they stand there, by root, against a service under a user
 * of its own. What lays the service down and has systemd look after it is tried by test/install/service.test.ts.
 */
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../support/profile.ts';
import { eventually, freePort, SEARCH_PATH } from '../support/programs.ts';
import { Service, whyNoService } from '../support/service.ts';
import { missing } from './consumers/needs.ts';

const why = whyNoService() ?? missing(['nginx', 'pkcs11-engine', 'pkcs11-tool', 'openssl']);
const text = readFileSync(path.join(ROOT, 'docs/operations.md'), 'utf8');
const consumers = readFileSync(path.join(ROOT, 'docs/consumers.md'), 'utf8');

/** The blocks of a kind, in the page's order. */
function blocks(kind: string, page = text): string[] {
  return [...page.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)]
    .filter(([, info]) => info === kind)
    .map(([, , block = '']) => block);
}

let service: Service;
let folder = '';
let env: Record<string, string> = {};

beforeAll(async () => {
  if (why !== undefined) return;
  // The policy that is laid down, which makes root the operator.
  service = await new Service(readFileSync(path.join(ROOT, 'packaging/etc/policy.toml'), 'utf8')).start();
  folder = path.join(service.folder, 'work');
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  const pins = { PIN: 'user-pin-2718', SO_PIN: 'officer-pin-3141' };
  const PATH = `${path.join(ROOT, 'out/bin')}:${SEARCH_PATH}`;
  env = { ...service.env, ...pins, MODULE: service.module, PATH };
  const [engine] = blocks('sh first needs=openssl,pkcs11-engine', consumers);
  shell(engine ?? 'false');
}, 120_000);

afterAll(() => service?.close(), 120_000);

/** Runs lines as root; what asks systemd for a reload does here what the unit would do. */
function shell(lines: string): void {
  const here = lines.replaceAll('systemctl reload strongroomd', `kill -HUP ${service.pid}`);
  const done = spawnSync('bash', ['-euo', 'pipefail', '-c', here], {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: 120_000,
  });
  expect(done.status, `${here}\n${done.stdout}${done.stderr}`).toBe(0);
}

function ask(port: number, ca: Buffer): Promise<number | undefined> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, servername: 'localhost', ca, agent: false, timeout: 60_000 };
    https
      .get(options, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
      .on('timeout', () => resolve(undefined))
      .on('error', () => resolve(undefined));
  });
}

describe('the lines of docs/operations.md', { timeout: 300_000, skip: why !== undefined }, () => {
  test('lead to nginx with a key in the service', async () => {
    const [make = 'false', use = 'false', ...more] = blocks('sh run=root');
    expect(more).toEqual([]);
    shell(make);
    const [rule = ''] = blocks('toml policy');
    appendFileSync(service.policy, `\n${rule}`);
    shell(use);

    const port = await freePort();
    const [given = ''] = blocks('nginx');
    const at = given.indexOf('server {');
    const server = given.slice(at).replace('listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`);
    expect(server).toContain(`:${port} ssl`);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path temp;`)
      .join(' ');
    writeFileSync(
      path.join(folder, 'nginx.conf'),
      // The configuration of the service stands elsewhere than where everybody finds it; the rest is nginx's own.
      `${given.slice(0, at)}env STRONGROOM_CONFIG; env MODULE; env PIN;\ndaemon off; pid nginx.pid; error_log stderr;\nevents {}\nhttp { access_log off; ${temporary}\n${server}}\n`,
    );
    const nginx = spawn('nginx', ['-e', 'stderr', '-p', folder, '-c', path.join(folder, 'nginx.conf')], {
      env: { ...env, OPENSSL_CONF: path.join(folder, 'engine.cnf') },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    nginx.stderr.setEncoding('utf8').on('data', (part: string) => {
      said += part;
    });
    const gone = new Promise((resolve) => nginx.once('close', resolve));
    try {
      const ca = readFileSync(path.join(folder, 'site.crt'));
      // There is no page; that nginx says so over TLS took a signature.
      const served = await eventually(async () => (await ask(port, ca)) === 404, 120_000);
      expect(served, said).toBe(true);
    } finally {
      nginx.kill('SIGQUIT');
      await gone;
    }
  });
});
