import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Cipher, EcdhKdf, KeyKind } from '../../module/enclave/enclave.ts';
import {
  Component,
  component,
  crypt,
  curves,
  enclave,
  finished,
  good,
  Hash,
  hex,
  importKey,
  nextJob,
  none,
  Scheme,
  secret,
  sign,
  toHex,
  verify,
} from './support.ts';

/** A row of a vector file: byte strings in hex, and numbers of the enclave's interface. */
type Row = Readonly<Record<string, string | number>>;

function rows(name: string): [string, Row][] {
  const text = readFileSync(new URL(`../vectors/enclave-${name}.json`, import.meta.url), 'utf8');
  const file = JSON.parse(text) as { source: string; vectors: Row[] };
  return file.vectors.map((row, i) => [`${file.source}, number ${i + 1}`, row]);
}
/** Every file of digests: one more hash brings one along. */
const digests = readdirSync(new URL('../vectors', import.meta.url))
  .flatMap((file) => /^enclave-(.+-digests)\.json$/.exec(file)?.[1] ?? [])
  .sort();
const bytes = (row: Row, name: string): Uint8Array => hex(String(row[name]));

describe('vectors of the standards', () => {
  test.each(rows('rfc8032-ed25519'))('%s', (_, row) => {
    const key = good(importKey(KeyKind.Ed25519Private, { [Component.Value]: bytes(row, 'private') }));
    expect(toHex(component(key, Component.EcPoint))).toBe(row.public);
    expect(toHex(sign(key, { scheme: Scheme.Ed25519 }, bytes(row, 'message')))).toBe(row.signature);
  });

  test.each(rows('rfc7748-x25519'))('%s', (_, row) => {
    const key = good(importKey(KeyKind.X25519Private, { [Component.Value]: bytes(row, 'private') }));
    expect(toHex(component(key, Component.EcPoint))).toBe(row.public);
    const shared = good(enclave.keyAgree(0, key, bytes(row, 'peer'), EcdhKdf.None, Hash.None, none, 0));
    expect(toHex(component(shared, Component.Value))).toBe(row.shared);
  });

  test.each(rows('rfc6979-ecdsa-verify'))('%s', (_, row) => {
    const parts = { [Component.EcParams]: curves['P-256'], [Component.Value]: bytes(row, 'private') };
    const key = good(importKey(KeyKind.EcPrivate, parts));
    expect(toHex(component(key, Component.EcPoint))).toBe(row.point);
    const how = { scheme: Scheme.Ecdsa, hash: Number(row.hash) as Hash };
    expect(verify(key, how, bytes(row, 'message'), bytes(row, 'signature'))).toBe(0);
  });

  test.each(rows('rfc4231-hmac'))('%s', (_, row) => {
    const how = { scheme: Scheme.Hmac, hash: Number(row.hash) as Hash };
    expect(toHex(sign(secret(bytes(row, 'key')), how, bytes(row, 'data')))).toBe(row.mac);
  });

  test.each([...rows('sp800-38-aes'), ...rows('rfc3394-rfc5649-keywrap')])('%s', (_, row) => {
    const key = secret(bytes(row, 'key'));
    const cipher = Number(row.cipher) as Cipher;
    const parameters = { iv: bytes(row, 'iv'), aad: bytes(row, 'aad'), param: Number(row.param) };
    expect(crypt(key, cipher, true, bytes(row, 'plain'), parameters)).toEqual(bytes(row, 'sealed'));
    expect(crypt(key, cipher, false, bytes(row, 'sealed'), parameters)).toEqual(bytes(row, 'plain'));
  });

  test.each(rows('rfc7914-pbkdf2'))('%s', (_, row) => {
    const pin = bytes(row, 'pin');
    const key = enclave.pinDerivePbkdf2Now(pin, 0, pin.length, bytes(row, 'salt'), Number(row.iterations));
    expect(toHex(component(good(key), Component.Value))).toBe(row.derived);
  });

  test.each(rows('rfc9106-argon2id'))('%s', async (_, row) => {
    const pin = bytes(row, 'pin');
    const job = nextJob();
    const [secret, data] = [bytes(row, 'secret'), bytes(row, 'data')];
    const [memory, passes, lanes] = [Number(row.memoryKib), Number(row.passes), Number(row.lanes)];
    const salt = bytes(row, 'salt');
    good(enclave.pinDeriveArgon2id(job, pin, 0, pin.length, salt, memory, passes, lanes, secret, data));
    await finished(job);
    expect(toHex(component(good(enclave.jobResult(job)), Component.Value))).toBe(row.derived);
  });

  test.each(digests.flatMap(rows))('%s', (_, row) => {
    const out = new Uint8Array(64);
    const message = bytes(row, 'message');
    const size = enclave.digest(Number(row.hash) as Hash, message, 0, message.length, out, 0, 64);
    expect(toHex(out.slice(0, good(size)))).toBe(row.digest);
  });
});
