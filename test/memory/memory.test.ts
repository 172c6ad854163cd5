/**
 * Plants known keys in a token, uses them in every way, and searches the whole memory of the application and of the engine for their
 * bytes. In the engine they may lie in guarded memory only, and nowhere once the user has logged out; in the application nowhere.
 *
 * Both processes are searched from outside, by a program of its own, so that the search cannot find itself. Guarded pages are
 * told by two marks that together nothing else carries: left out of core files (dd) and wiped in forked children (wf).
 */
import { execFileSync } from 'node:child_process';
import {
  constants,
  createECDH,
  createHash,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
  type webcrypto,
} from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile, quickStore, Talk } from '../fault/support.ts';
import type { Store } from '../support/store.ts';

interface Planted {
  /** The file that the application reads, in the layout of planted.h. */
  readonly file: Uint8Array;
  /** What must not be found, by name. */
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  readonly control: Uint8Array;
}

const bytesOf = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'base64url');
const padded = (value: Buffer, length: number): Buffer =>
  Buffer.concat([Buffer.alloc(length - value.length), value]);

function makeKeys(): Planted {
  const aes = randomBytes(32);
  const generic = randomBytes(48);
  const ec = createECDH('prime256v1');
  const point = ec.generateKeys();
  const peer = createECDH('prime256v1').generateKeys();
  const scalar = padded(ec.getPrivateKey(), 32);
  const edwards = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) as webcrypto.JsonWebKey;
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rsa = pair.privateKey.export({ format: 'jwk' }) as webcrypto.JsonWebKey;
  const part = (name: keyof webcrypto.JsonWebKey, length: number) =>
    padded(bytesOf(String(rsa[name])), length);
  const parts = {
    d: part('d', 256),
    p: part('p', 128),
    q: part('q', 128),
    dp: part('dp', 128),
    dq: part('dq', 128),
    qinv: part('qi', 128),
  };
  const wrapped = randomBytes(32);
  const message = randomBytes(32);
  const pin = Buffer.from(randomBytes(12).toString('hex'), 'latin1');
  const control = randomBytes(32);
  const file = Buffer.concat([
    aes,
    generic,
    scalar,
    Buffer.concat([Buffer.from([4, 65]), point]),
    peer,
    bytesOf(edwards.d),
    part('n', 256),
    Buffer.from([1, 0, 1]),
    ...Object.values(parts),
    publicEncrypt(
      { key: pair.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
      wrapped,
    ),
    publicEncrypt({ key: pair.publicKey, padding: constants.RSA_PKCS1_PADDING }, message),
    pin,
    control,
  ]);
  const ed = bytesOf(edwards.d);
  // RFC 8032, 5.1.5: the scalar is the clamped first half of the key's hash, the second half keys the nonce.
  const hashed = createHash('sha512').update(ed).digest();
  const clamped = Buffer.from(hashed.subarray(0, 32));
  clamped[0] = (clamped[0] ?? 0) & 248;
  clamped[31] = ((clamped[31] ?? 0) & 63) | 64;
  const secrets = new Map<string, Uint8Array>([
    ['aes', aes],
    ['generic', generic],
    ['ec-scalar', scalar],
    ['ed25519', ed],
    ['ed25519-scalar', clamped],
    ['ed25519-prefix', hashed.subarray(32)],
    ...Object.entries(parts).map(([name, value]) => [`rsa-${name}`, value] as const),
    ['ecdh-shared', ec.computeSecret(peer)],
    ['unwrapped', wrapped],
    ['pin', pin],
  ]);
  return { file, secrets, control };
}

/**
 * Whole values and each 16-byte window of them, as they are and back to front: OpenSSL's big numbers keep their limbs least
 * significant first. A PIN is looked for whole and by its halves.
 */
function patternsOf(name: string, value: Uint8Array): string[] {
  const lines: string[] = [];
  const orders = [
    ['be', Buffer.from(value)],
    ['le', Buffer.from(value).reverse()],
  ] as const;
  for (const [order, bytes] of orders) {
    lines.push(`${name}:${order}:whole ${bytes.toString('hex')}`);
    const step = value.length % 16 === 0 ? 16 : value.length / 2;
    for (let at = 0; at + step <= bytes.length; at += step)
      lines.push(`${name}:${order}:${at} ${bytes.subarray(at, at + step).toString('hex')}`);
  }
  return lines;
}

interface Finding {
  readonly name: string;
  readonly guarded: boolean;
  readonly line: string;
}

const asRoot = process.geteuid?.() === 0;
// Another user's tools may not read the engine's memory: that is what its lockdown is for.
describe.skipIf(!asRoot)('keys in memory (searching the engine needs root)', () => {
  let store: Store;
  let planted: Planted;
  let app: Talk;
  let patterns = '';

  function search(pid: number | undefined): { findings: Finding[]; searched: number } {
    const output = execFileSync(compile('search', ['-O2'], import.meta.dirname), [String(pid), patterns], {
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    });
    const lines = output.trim().split('\n');
    const findings = lines
      .filter((line) => line.startsWith('found '))
      .map((line) => {
        const flags = ` ${line.slice(line.lastIndexOf('|') + 1)} `;
        const guarded = flags.includes(' dd ') && flags.includes(' wf ');
        return { name: line.split(' ')[1] ?? '', guarded, line };
      });
    return { findings, searched: Number(lines.at(-1)?.split(' ')[1]) };
  }
  const open = (findings: readonly Finding[]) =>
    findings.filter(({ guarded, name }) => !guarded && !name.startsWith('control')).map(({ line }) => line);

  beforeAll(async () => {
    store = quickStore();
    planted = makeKeys();
    writeFileSync(store.path('planted'), planted.file, { mode: 0o600 });
    patterns = store.path('patterns');
    const all = [...planted.secrets, ['control', planted.control] as const];
    writeFileSync(patterns, all.flatMap(([name, value]) => patternsOf(name, value)).join('\n'));
    app = new Talk(
      // Bound at once: the loader's late binding would save the vector registers, with whatever copied last, on the stack.
      compile('plant', ['-Wl,-z,now'], import.meta.dirname),
      [store.module, store.path('planted')],
      store.env,
    );
    await app.ask('plant', 'plant');
    await app.ask('use', 'use', 60_000);
  });
  afterAll(async () => {
    if (app !== undefined && !app.ended) app.child.kill('SIGKILL');
    await store?.close();
  });

  test('the application has none of their bytes', () => {
    const { findings, searched } = search(app.child.pid);
    expect(findings.map(({ line }) => line)).toEqual([]);
    expect(searched).toBeGreaterThan(1 << 20);
  });

  test('the engine has them in guarded memory only', () => {
    const { findings, searched } = search(store.enginePid());
    expect(open(findings)).toEqual([]);
    expect(searched).toBeGreaterThan(16 << 20);
    // And there they are: so the search looks where it should, and for the right bytes.
    const guarded = new Set(findings.map(({ name }) => name.split(':')[0]));
    for (const name of ['aes', 'generic', 'ec-scalar', 'rsa-p', 'rsa-d']) expect(guarded).toContain(name);
  });

  test('a copy in ordinary memory is found', async () => {
    await app.ask('control', 'control');
    for (const pid of [app.child.pid, store.enginePid()]) {
      const found = search(pid).findings.filter(({ name }) => name.startsWith('control'));
      expect(found.some(({ name, guarded }) => name === 'control:be:whole' && !guarded)).toBe(true);
    }
  });

  test('after the logout the engine has them nowhere', async () => {
    await app.ask('logout', 'logout');
    const { findings } = search(store.enginePid());
    expect(findings.filter(({ name }) => !name.startsWith('control')).map(({ line }) => line)).toEqual([]);
  });

  test('the application goes on and ends well', async () => {
    app.send('quit');
    expect(await app.end(), app.errors).toBe(0);
  });
});
