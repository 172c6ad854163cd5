/**
 * Plants known keys in a token, uses them in every way, and searches the whole memory of the application and of the engine for their
 * bytes. In the engine they may lie in guarded memory only, and nowhere once the user has logged out; in the application nowhere.
 */
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
import { anywhere, canSearch, isControl, namesOf, open, Search } from './support.ts';

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

describe.skipIf(!canSearch)('keys in memory (searching the engine needs root)', () => {
  let store: Store;
  let planted: Planted;
  let app: Talk;
  let search: Search;

  beforeAll(async () => {
    store = quickStore();
    planted = makeKeys();
    writeFileSync(store.path('planted'), planted.file, { mode: 0o600 });
    const all = [...planted.secrets, ['control', planted.control] as const];
    search = new Search(store.path('patterns'), all);
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
    const { findings, searched } = search.in(app.child.pid);
    expect(findings.map(({ line }) => line)).toEqual([]);
    expect(searched).toBeGreaterThan(1 << 20);
  });

  test('the engine has them in guarded memory only', () => {
    const { findings, searched } = search.in(store.enginePid());
    expect(open(findings)).toEqual([]);
    expect(searched).toBeGreaterThan(16 << 20);
    // And there they are: so the search looks where it should, and for the right bytes.
    const guarded = namesOf(findings);
    for (const name of ['aes', 'generic', 'ec-scalar', 'rsa-p', 'rsa-d']) expect(guarded).toContain(name);
  });

  test('a copy in ordinary memory is found', async () => {
    await app.ask('control', 'control');
    for (const pid of [app.child.pid, store.enginePid()]) {
      const found = search.in(pid).findings.filter(isControl);
      expect(found.some(({ name, guarded }) => name === 'control:be:whole' && !guarded)).toBe(true);
    }
  });

  test('after the logout the engine has them nowhere', async () => {
    await app.ask('logout', 'logout');
    const { findings } = search.in(store.enginePid());
    expect(anywhere(findings)).toEqual([]);
  });

  test('the application goes on and ends well', async () => {
    app.send('quit');
    expect(await app.end(), app.errors).toBe(0);
  });
});
