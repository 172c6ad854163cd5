/**
 * The programs of docs/remote-clients.md, as they stand there, against a real door: TypeScript, Go and Python sign, and what they print is a signature;
 * grpcurl finds out by itself what the door speaks.
 */
import { createPublicKey, verify } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { AdminClient } from '../../module/wire/generated/strongroom/v1/admin.ts';
import {
  GenerateKeyRequest,
  KeyAlgorithm,
  KeysClient,
} from '../../module/wire/generated/strongroom/v1/keys.ts';
import { ask } from '../daemon/support/local-door.ts';
import { DoorService, type RemoteClient } from '../support/door.ts';
import { ROOT } from '../support/profile.ts';
import { findProgram, run, SEARCH_PATH } from '../support/programs.ts';
import { whyNoService } from '../support/service.ts';
import { soak } from '../support/soak.ts';

const page = readFileSync(path.join(ROOT, 'docs/remote-clients.md'), 'utf8');
const SO_PIN = 'so-pin-1234';
const PIN = 'user-pin-1234';
const bytes = (text: string) => new TextEncoder().encode(text);
/** Modules, packages and build results are kept between runs. */
const caches = path.join(ROOT, 'out/test');
/** One program of Go's at a time compiles. */
const alone = ['flock', path.join(caches, 'go.lock')];
const goEnv = {
  GOPATH: path.join(caches, 'go/path'),
  GOCACHE: path.join(caches, 'go/build'),
  GOPROXY: process.env.GOPROXY ?? '',
  GOFLAGS: '-mod=readonly -modcacherw -buildvcs=false',
  GOTOOLCHAIN: 'local',
};
const clients = path.join(import.meta.dirname, 'remote-clients');

/** Everything for one certificate, and the use of keys alone for another. */
const POLICY = `[[rule]]
who = ["spiffe://example.test/signer"]
roles = ["user", "so", "operator", "auditor", "metrics"]
new_tokens = true

[[rule]]
who = ["spiffe://example.test/guest"]
roles = ["user"]
`;

/** Skips the test that runs, and leaves the reason where scripts/test.ts finds it. */
function skip(context: TestContext, reason: string): never {
  Object.assign(context.task.meta, { reason });
  return context.skip(reason);
}

/** Runs a program as somebody would who has that folder alone. A first run fetches and compiles what later ones find. */
async function runIn(
  cwd: string,
  [program = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const basics = { PATH: SEARCH_PATH, LANG: 'C.UTF-8', HOME: cwd };
  return (await run(program, args, { cwd, env: { ...basics, ...env }, timeout: 600_000 })).stdout;
}

const why = whyNoService();

describe.skipIf(why !== undefined)('the programs of docs/remote-clients.md', { timeout: 900_000 }, () => {
  let door: DoorService;
  let client: RemoteClient;
  let publicKey: Uint8Array;
  /** The door’s certificate names it so; not every library checks an address. */
  const address = () => `localhost:${door.port}`;

  beforeAll(async () => {
    door = await DoorService.make(POLICY);
    client = door.client({ spiffe: ['spiffe://example.test/signer'] });
    const { certificate, key } = client.identity;
    const channel = () =>
      credentials.createSsl(
        Buffer.from(door.authority.certificate),
        Buffer.from(key),
        Buffer.from(certificate),
      );
    const admin = new AdminClient(address(), channel());
    const keys = new KeysClient(address(), channel());
    try {
      expect((await ask(admin, admin.whoAmI, {})).names).toEqual(['spiffe://example.test/signer']);
      const { tokens } = await ask(admin, admin.listTokens, {});
      const slot = tokens.find(({ initialized }) => !initialized)?.slot ?? -1;
      await ask(admin, admin.initToken, { slot, soPin: bytes(SO_PIN), label: 'web' });
      await ask(admin, admin.resetPin, { token: 'web', soPin: bytes(SO_PIN), newPin: bytes(PIN) });
      await ask(keys, keys.login, { token: 'web', pin: bytes(PIN) });
      const spec = { label: 'tls', algorithm: KeyAlgorithm.KEY_ALGORITHM_EC_P256 };
      ({ publicKey } = await ask(keys, keys.generateKey, GenerateKeyRequest.fromPartial({ spec })));
    } finally {
      admin.close();
      keys.close();
    }
  }, 300_000);
  afterAll(() => door?.close(), 120_000);

  /** A folder with what the page says that a client has. */
  function folder(name: string, { folder: above, identity } = client): string {
    const at = path.join(above, name);
    mkdirSync(at);
    const { certificate, key } = identity;
    for (const [file, text] of [
      ['ca.pem', door.authority.certificate],
      ['client.pem', certificate],
      ['client.key', key],
      ['pin', PIN],
    ] as const)
      writeFileSync(path.join(at, file), text, { mode: 0o600 });
    return at;
  }

  /** The block of the page in that language, with the door's address. */
  function block(language: string): string {
    const [, text] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(page) ?? [];
    if (text === undefined) throw new Error(`there is no block of ${language}`);
    return text.replaceAll('hsm.example:5696', address());
  }

  /** Compiles what Go's modules in that folder are, with what earlier runs have left. */
  async function goBuild(at: string, program: string, what: string): Promise<string> {
    mkdirSync(caches, { recursive: true });
    await runIn(at, [...alone, 'go', 'build', '-o', program, what], goEnv);
    return path.join(at, program);
  }

  function isSignature(printed: string): void {
    const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
    expect(verify('sha256', bytes('hello'), key, Buffer.from(printed.trim(), 'base64'))).toBe(true);
  }

  it('TypeScript', async () => {
    const at = folder('typescript');
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(at, 'node_modules'));
    cpSync(path.join(ROOT, 'module/wire/generated'), path.join(at, 'generated'), { recursive: true });
    writeFileSync(path.join(at, 'package.json'), '{"type": "module"}');
    writeFileSync(path.join(at, 'sign.ts'), block('ts'));
    isSignature(await runIn(at, [process.execPath, 'sign.ts']));
  });

  it('Go', async (context) => {
    if (!soak) return skip(context, 'two minutes of compiling, which make soak takes');
    if (findProgram('go') === undefined) return skip(context, 'needs golang-go');
    const at = folder('go');
    cpSync(path.join(clients, 'go'), at, { recursive: true });
    writeFileSync(path.join(at, 'buf.gen.yaml'), block('yaml'));
    writeFileSync(path.join(at, 'main.go'), block('go'));
    const proto = path.join(ROOT, 'schema/proto');
    const buf = path.join(ROOT, 'node_modules/.bin/buf');
    mkdirSync(caches, { recursive: true });
    const keys = path.join(proto, 'strongroom/v1/keys.proto');
    await runIn(at, [...alone, buf, 'generate', proto, '--path', keys], {
      ...goEnv,
      BUF_CACHE_DIR: path.join(at, 'buf'),
    });
    isSignature(await runIn(at, [await goBuild(at, 'sign', '.')]));
  });

  it('grpcurl, by reflection, which tells operators alone', async (context) => {
    if (!soak) return skip(context, 'minutes of compiling, which make soak takes');
    if (findProgram('go') === undefined) return skip(context, 'needs golang-go');
    const at = folder('grpcurl');
    cpSync(path.join(clients, 'grpcurl'), at, { recursive: true });
    const program = await goBuild(at, 'grpcurl', 'github.com/fullstorydev/grpcurl/cmd/grpcurl');
    // As the page has it, without a shell between: what stands in quotes has no blanks that matter.
    const lines = [...page.matchAll(/^ {4}grpcurl (.*)$/gm)].map(([, line = '']) =>
      [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word = '']) => quoted ?? word),
    );
    expect(lines.length).toBe(2);
    const [list = [], call = []] = lines.map((words) =>
      words.map((word) => (word === 'hsm.example:5696' ? address() : word)),
    );
    const services = (await runIn(at, [program, ...list])).split('\n');
    expect(services).toEqual(expect.arrayContaining(['strongroom.v1.Admin', 'strongroom.v1.Keys']));
    const keys = JSON.parse(await runIn(at, [program, ...call])) as { keys: { label: string }[] };
    expect(keys.keys.map(({ label }) => label)).toContain('tls');
    const described = (...symbol: readonly string[]) =>
      runIn(at, [program, ...list.slice(0, -1), 'describe', ...symbol]);
    expect(await described()).toContain('strongroom.v1.Keys is a service');
    expect(await described('strongroom.v1.Keys.Sign')).toContain(
      'rpc Sign ( .strongroom.v1.SignRequest ) returns ( .strongroom.v1.SignResponse );',
    );
    const whoAmI = [...list.slice(0, -1), 'strongroom.v1.Admin/WhoAmI'];
    expect(await runIn(at, [program, ...whoAmI])).toContain('spiffe://example.test/signer');

    const guest = folder('grpcurl', door.client({ spiffe: ['spiffe://example.test/guest'] }));
    for (const words of [list, [...list.slice(0, -1), 'describe'], whoAmI, call]) {
      const said = await run(program, words, { cwd: guest, env: { PATH: SEARCH_PATH }, expect: 'any' });
      expect(said.code).not.toBe(0);
      expect(said.stderr).toContain('PermissionDenied');
    }
  });

  it('Python', async (context) => {
    if (findProgram('python3') === undefined) return skip(context, 'needs python3');
    const at = folder('python');
    const venv = path.join(caches, 'python-grpc');
    const python = path.join(venv, 'bin/python');
    try {
      await runIn(at, ['python3', '-m', 'venv', venv]);
      const requirements = path.join(clients, 'python/requirements.txt');
      await runIn(at, [python, '-m', 'pip', 'install', '-q', '-r', requirements], registry());
    } catch (error) {
      return skip(context, `needs grpcio from pip: ${String(error).slice(-200)}`);
    }
    const proto = path.join(ROOT, 'schema/proto');
    const [, command = ''] = /`python (-m grpc_tools.protoc .*)`/.exec(page) ?? [];
    await runIn(at, [python, ...command.replace('schema/proto', proto).split(' ')]);
    writeFileSync(path.join(at, 'sign.py'), block('python'));
    isSignature(await runIn(at, [python, 'sign.py']));
  });
});

/** How the machine reaches its package registry. */
function registry(): Record<string, string> {
  const names = Object.keys(process.env).filter((name) =>
    /^(pip_|https?_proxy|no_proxy|ssl_cert|requests_ca)/i.test(name),
  );
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']));
}
