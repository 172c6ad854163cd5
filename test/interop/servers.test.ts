/**
 * nginx and Apache as Debian packages them, started by root and working as www-data, with a TLS key of the service's: its store belongs to a third
 * user, and no worker can read it. Both are asked two hundred times over twelve connections at a time, and told to reload meanwhile.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../support/profile.ts';
import { eventually, freePort } from '../support/programs.ts';
import { ANNE, Service, whyNoService } from '../support/service.ts';
import { missing } from './consumers/needs.ts';

const PIN = 'user-pin-2718';
const SO_PIN = 'officer-pin-3141';
const REQUESTS = 200;
const CONNECTIONS = 12;
const ROOT_USER = { uid: 0, gid: 0 };
const WWW = { uid: 33, gid: 33 };

const why = whyNoService() ?? missing(['nginx', 'apache2', 'pkcs11-engine', 'pkcs11-tool', 'openssl']);

const policy = `
[[rule]]
who = ["uid:0"]
roles = ["operator", "so", "user"]
new_tokens = true

[[rule]]
who = ["user:www-data"]
tokens = ["web"]
keys = ["label:site"]
functions = ["sign"]
mechanisms = ["CKM_ECDSA"]
pinless = true
`;

let service: Service;
let folder = '';
let certificate = '';
const running: ChildProcess[] = [];

function strongroom(...args: readonly string[]): void {
  const done = service.run(ROOT_USER, path.join(ROOT, 'out/bin/strongroom'), args, { PIN, SO_PIN });
  if (done.status !== 0) throw new Error(`strongroom ${args.join(' ')}: ${done.said}${done.errors}`);
}

function tool(user: typeof WWW, ...args: readonly string[]) {
  return service.run(user, 'pkcs11-tool', ['--module', service.module, ...args]);
}

/** OpenSSL's configuration for whoever uses the engine; with a PIN, or without any. */
function engineConfig(name: string, pin: string): string {
  const file = path.join(folder, name);
  const lines = [
    'openssl_conf = init',
    '[init]',
    'engines = engines',
    '[engines]',
    'pkcs11 = pkcs11',
    '[pkcs11]',
    'engine_id = pkcs11',
    `MODULE_PATH = ${service.module}`,
    pin,
    'init = 0',
    '[req]',
    'distinguished_name = name',
    '[name]',
    '',
  ];
  writeFileSync(file, lines.join('\n'));
  return file;
}

beforeAll(async () => {
  if (why !== undefined) return;
  service = await new Service(policy).start();
  folder = path.join(service.folder, 'servers');
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  strongroom('token', 'init', '--label', 'web', '--pin', 'env:PIN', '--so-pin', 'env:SO_PIN');
  const made = tool(
    ROOT_USER,
    '--token-label',
    'web',
    '--login',
    '--pin',
    PIN,
    '--keypairgen',
    '--key-type',
    'EC:prime256v1',
    '--label',
    'site',
    '--id',
    '01',
  );
  expect(made.status, made.errors).toBe(0);
  certificate = path.join(folder, 'site.crt');
  const key = 'pkcs11:token=web;object=site;type=private';
  const request = [
    'req',
    '-x509',
    '-new',
    '-engine',
    'pkcs11',
    '-keyform',
    'engine',
    '-key',
    key,
    '-days',
    '30',
    '-out',
    certificate,
  ];
  const env = { ...service.env, OPENSSL_CONF: engineConfig('root.cnf', `PIN = ${PIN}`) };
  execFileSync('openssl', [...request, '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'], {
    env,
    stdio: 'pipe',
  });
}, 120_000);

afterAll(async () => {
  for (const child of running.splice(0)) child.kill('SIGTERM');
  await service?.close();
}, 120_000);

/** One request over a connection of its own, so one signature. */
function ask(port: number, ca: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, servername: 'localhost', ca, agent: false, timeout: 60_000 };
    https
      .get(options, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        answer.on('end', () => resolve(text));
      })
      .on('timeout', () => reject(new Error('no answer in a minute')))
      .on('error', reject);
  });
}

/** Two hundred requests, twelve at a time, and `meanwhile` when half of them have been answered. */
async function askMany(port: number, meanwhile: () => void): Promise<string[]> {
  const { readFileSync } = await import('node:fs');
  const ca = readFileSync(certificate);
  const heard: string[] = [];
  let left = REQUESTS;
  const visitor = async (): Promise<void> => {
    while (left-- > 0) {
      heard.push(await ask(port, ca));
      if (heard.length === REQUESTS / 2) meanwhile();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, visitor));
  return heard;
}

/** Starts a server as root; `log` collects what it says. */
function serve(program: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(program, args, { env: { ...service.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  const said = { log: '' };
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said.log += text;
    });
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill(signal);
    await gone;
  };
  return { child, said, stop };
}

async function answers(port: number): Promise<boolean> {
  const { readFileSync } = await import('node:fs');
  const ca = readFileSync(certificate);
  return eventually(async () => {
    try {
      return (await ask(port, ca)).length > 0;
    } catch {
      return false;
    }
  }, 120_000);
}

describe('web servers with keys in the service', { timeout: 600_000, skip: why !== undefined }, () => {
  test('their worker sees its key and no other, and the token asks it for no PIN once that is unlocked', () => {
    const list = (): string => tool(WWW, '--token-label', 'web', '--list-objects').said;
    expect(list()).not.toContain('Private Key Object');
    strongroom('unlock', '--token', 'web', '--pin', 'env:PIN');
    expect(list()).toContain('Private Key Object');
    expect(tool(WWW, '--list-slots').said).not.toContain('login required');
    expect(tool(ROOT_USER, '--list-slots').said).toContain('login required');
  });

  test('nginx', async () => {
    const port = await freePort();
    const config = path.join(folder, 'nginx.conf');
    writeFileSync(
      config,
      `user www-data; worker_processes 2; daemon off; pid nginx.pid; error_log stderr;
env STRONGROOM_CONFIG; env OPENSSL_CONF; env HOME;
ssl_engine pkcs11;
events {}
http {
  access_log off;
  client_body_temp_path temp; proxy_temp_path temp; fastcgi_temp_path temp; uwsgi_temp_path temp; scgi_temp_path temp;
  server {
    listen 127.0.0.1:${port} ssl; ssl_session_cache off; ssl_session_tickets off;
    ssl_certificate site.crt;
    ssl_certificate_key "engine:pkcs11:pkcs11:token=web;object=site;type=private";
    location / { return 200 "signed for nginx\\n"; }
  }
}
`,
    );
    const env = { OPENSSL_CONF: engineConfig('nginx.cnf', `PIN = ${PIN}`) };
    const { child, said, stop } = serve('nginx', ['-e', 'stderr', '-p', folder, '-c', config], env);
    expect(await answers(port), said.log).toBe(true);
    const heard = await askMany(port, () => child.kill('SIGHUP'));
    expect(heard).toEqual(Array.from({ length: REQUESTS }, () => 'signed for nginx\n'));
    await stop('SIGQUIT');
  });

  test('Apache', async () => {
    const port = await freePort();
    const pages = path.join(folder, 'pages');
    mkdirSync(pages);
    writeFileSync(path.join(pages, 'index.html'), 'signed for Apache\n');
    const config = path.join(folder, 'apache.conf');
    const modules = '/usr/lib/apache2/modules';
    writeFileSync(
      config,
      `ServerName localhost
ServerRoot ${folder}
DefaultRuntimeDir .
PidFile apache.pid
Mutex file:. default
User www-data
Group www-data
Listen 127.0.0.1:${port}
ErrorLog ${folder}/apache.log
LoadModule mpm_event_module ${modules}/mod_mpm_event.so
LoadModule authz_core_module ${modules}/mod_authz_core.so
LoadModule dir_module ${modules}/mod_dir.so
LoadModule ssl_module ${modules}/mod_ssl.so
DocumentRoot ${pages}
DirectoryIndex index.html
SSLCryptoDevice pkcs11
SSLSessionCache none
SSLSessionTickets off
SSLEngine on
SSLCertificateFile ${certificate}
SSLCertificateKeyFile "pkcs11:token=web;object=site;type=private"
`,
    );
    const env = { OPENSSL_CONF: engineConfig('apache.cnf', `PIN = ${PIN}`) };
    const { child, said, stop } = serve('apache2', ['-f', config, '-D', 'FOREGROUND'], env);
    expect(await answers(port), said.log).toBe(true);
    const heard = await askMany(port, () => child.kill('SIGUSR1'));
    expect(heard).toEqual(Array.from({ length: REQUESTS }, () => 'signed for Apache\n'));
    await stop('SIGTERM');
  });

  test('neither worker nor any other user can read the store, and another user is refused by name', async () => {
    for (const user of [WWW, ANNE])
      expect(service.run(user, 'cat', [path.join(service.store, 'store.key')]).errors).toContain(
        'Permission denied',
      );
    const refused = tool(ANNE, '--list-slots');
    expect(refused.errors + refused.said).toContain('CKR_FUNCTION_FAILED');
    expect(await eventually(() => service.log.includes(`refused: uid ${ANNE.uid}`), 60_000)).toBe(true);
  });
});
