/** Checking signatures on the thread pool: the same verdicts as at once, whatever happens to inputs and keys meanwhile. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type KeyHandle, KeyKind } from '../../module/enclave/enclave.ts';
import {
  CKR,
  curves,
  enclave,
  finished,
  generateRsa,
  good,
  Hash,
  type How,
  nextJob,
  Scheme,
  secret,
  sign,
  utf8,
  verify,
} from './support.ts';

interface Case {
  readonly name: string;
  readonly how: How;
  readonly signer: KeyHandle;
  readonly checker: KeyHandle;
  /** Another key of the same kind and size. */
  readonly other: KeyHandle;
}

const HOST_MEMORY = -0x2;
const message = utf8('thirty-two bytes of a digest ....');
const digest = message.slice(0, 32);
const cases: Case[] = [];

beforeAll(async () => {
  const half = (key: KeyHandle) => good(enclave.keyPublicOf(key));
  const add = (name: string, make: () => KeyHandle, hows: readonly How[]) => {
    const signer = make();
    const other = make();
    for (const how of hows)
      cases.push({
        name: `${name}, scheme ${how.scheme}, hash ${how.hash ?? 0}`,
        how,
        signer,
        checker: half(signer),
        other: half(other),
      });
  };
  for (const curve of ['P-256', 'P-384', 'P-521', 'secp256k1'] as const)
    add(curve, () => good(enclave.keyGenerateEc(0, KeyKind.EcPrivate, curves[curve])), [
      { scheme: Scheme.Ecdsa },
      { scheme: Scheme.Ecdsa, hash: Hash.Sha256 },
      { scheme: Scheme.Ecdsa, hash: Hash.Sha256, prehashed: true },
    ]);
  add('Ed25519', () => good(enclave.keyGenerateEc(0, KeyKind.Ed25519Private, curves.Ed25519)), [
    { scheme: Scheme.Ed25519 },
    { scheme: Scheme.Ed25519ctx, extra: utf8('context') },
    { scheme: Scheme.Ed25519ph, extra: utf8('context') },
  ]);
  const pairs = [await generateRsa(1024), await generateRsa(1024)];
  add('RSA', () => pairs.shift() ?? 0, [
    { scheme: Scheme.RsaPkcs1, hash: Hash.Sha256 },
    { scheme: Scheme.RsaPkcs1 },
    { scheme: Scheme.RsaPss, hash: Hash.Sha256, salt: 32 },
    { scheme: Scheme.RsaPss, hash: Hash.Sha256, salt: 20, prehashed: true },
    { scheme: Scheme.RsaRaw },
  ]);
});

/** What the pool says. A refusal at the door leaves no job behind. */
async function later(key: KeyHandle, how: How, data: Uint8Array, signature: Uint8Array): Promise<number> {
  const job = nextJob();
  const result = verify(key, { ...how, job }, data, signature);
  if (result === 0) await finished(job);
  const verdict = enclave.jobResult(job);
  expect(enclave.jobResult(job)).toBe(CKR.OPERATION_NOT_INITIALIZED);
  if (result === 0) return verdict;
  expect(verdict).toBe(CKR.OPERATION_NOT_INITIALIZED);
  return result;
}

const flipped = (bytes: Uint8Array, at: number): Uint8Array => {
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};

test('good, bad, of another key, of a wrong length', async () => {
  expect(cases).toHaveLength(20);
  for (const { name, how, signer, checker, other } of cases) {
    const signature = sign(signer, how, digest);
    expect(await later(checker, how, digest, signature), name).toBe(0);
    expect(await later(signer, how, digest, signature), name).toBe(0);
    const last = signature.length - 1;
    expect(await later(checker, how, digest, flipped(signature, last)), name).toBe(CKR.SIGNATURE_INVALID);
    expect(await later(checker, how, flipped(digest, 0), signature), name).toBe(CKR.SIGNATURE_INVALID);
    expect(await later(other, how, digest, signature), name).toBe(CKR.SIGNATURE_INVALID);
    for (const length of [0, 1, last, last + 2]) {
      const wrong = new Uint8Array(length);
      wrong.set(signature.subarray(0, length));
      expect(await later(checker, how, digest, wrong), name).toBe(CKR.SIGNATURE_LEN_RANGE);
    }
  }
});

test('the verdict at once and the verdict of a job are one', async () => {
  const byte = fc.integer({ min: 0, max: 255 });
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.uint8Array({ maxLength: 200 }),
      fc.option(fc.tuple(fc.nat(), byte), { nil: undefined }),
      fc.integer({ min: -1, max: 1 }),
      fc.integer({ min: 0, max: 3 }),
      async (which, data, change, longer, variant) => {
        const chosen = cases[which % cases.length];
        if (chosen === undefined) throw new Error('there are no cases');
        const { how, signer, checker, other } = chosen;
        const signature = new Uint8Array(sign(signer, how, digest).length + (variant === 3 ? longer : 0));
        signature.set(sign(signer, how, digest).subarray(0, signature.length));
        if (change !== undefined) signature[change[0] % signature.length] = change[1];
        const input = variant === 0 ? data : digest;
        const key = variant === 1 ? other : checker;
        const asked = variant === 2 ? { ...how, hash: Hash.Sha384, salt: 1 + longer } : how;
        expect(await later(key, asked, input, signature)).toBe(verify(key, asked, input, signature));
      },
    ),
    { numRuns: 300 },
  );
});

test('a job reads nothing that was handed in after the call has returned', async () => {
  const large = new Uint8Array(300_000).fill(5);
  for (const { name, how, signer, checker } of cases) {
    const takesAll = how.scheme === Scheme.Ed25519 || how.scheme === Scheme.Ed25519ctx;
    const data = takesAll ? large.slice() : digest.slice();
    const extra = how.extra?.slice();
    const own = extra === undefined ? how : { ...how, extra };
    const signature = sign(signer, own, data);
    const job = nextJob();
    expect(verify(checker, { ...own, job }, data, signature)).toBe(0);
    for (const bytes of [data, signature, extra]) bytes?.fill(0xff);
    await finished(job);
    expect(enclave.jobResult(job), name).toBe(0);
  }
});

test('jobs outlive the key that was freed, and every parsed form', async () => {
  for (const { name, how, signer, checker } of cases) {
    const signature = sign(signer, how, digest);
    const copy = good(enclave.keyDuplicate(checker));
    const jobs = Array.from({ length: 8 }, (_, i) => {
      const job = nextJob();
      expect(verify(copy, { ...how, job }, digest, i % 2 === 0 ? signature : flipped(signature, 9))).toBe(0);
      return job;
    });
    enclave.keyFree(copy);
    enclave.purgeParsed();
    expect(verify(copy, how, digest, signature)).toBe(CKR.KEY_HANDLE_INVALID);
    while (enclave.jobsRunning() > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    for (const [i, job] of jobs.entries())
      expect(enclave.jobResult(job), name).toBe(i % 2 === 0 ? 0 : CKR.SIGNATURE_INVALID);
  }
  expect(enclave.jobTake()).toBe(0);
});

test('this thread and the pool use one key at the same time', async () => {
  for (const { name, how, signer, checker } of cases) {
    const signature = sign(signer, how, digest);
    const bad = flipped(signature, signature.length - 1);
    const jobs: number[] = [];
    for (let i = 0; i < 24; i++) {
      const job = nextJob();
      jobs.push(job);
      expect(verify(checker, { ...how, job }, digest, i % 3 === 0 ? bad : signature)).toBe(0);
      expect(verify(checker, how, digest, signature), name).toBe(0);
      expect(verify(checker, how, digest, bad), name).toBe(CKR.SIGNATURE_INVALID);
    }
    while (enclave.jobsRunning() > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    for (const [i, job] of jobs.entries())
      expect(enclave.jobResult(job), name).toBe(i % 3 === 0 ? CKR.SIGNATURE_INVALID : 0);
  }
});

describe('at the door', () => {
  test('MACs go the way of jobs as well', async () => {
    const key = secret(new Uint8Array(32).fill(3));
    const how = { scheme: Scheme.Hmac, hash: Hash.Sha256 };
    const mac = sign(key, how, message);
    expect(await later(key, how, message, mac)).toBe(0);
    expect(await later(key, how, message, flipped(mac, 31))).toBe(CKR.SIGNATURE_INVALID);
    expect(await later(key, how, message, mac.slice(1))).toBe(CKR.SIGNATURE_LEN_RANGE);
  });

  test('what cannot be checked makes no job', async () => {
    const ed = good(enclave.keyGenerateEc(0, KeyKind.Ed25519Private, curves.Ed25519));
    const signature = sign(ed, { scheme: Scheme.Ed25519 }, message);
    const context = { scheme: Scheme.Ed25519ctx, extra: new Uint8Array(256) };
    expect(verify(ed, context, message, signature)).toBe(CKR.MECHANISM_PARAM_INVALID);
    expect(await later(ed, context, message, signature)).toBe(CKR.MECHANISM_PARAM_INVALID);
    expect(await later(ed, { scheme: Scheme.Ecdsa }, message, signature)).toBe(CKR.KEY_TYPE_INCONSISTENT);
    expect(await later(12_345_678, { scheme: Scheme.Ed25519 }, message, signature)).toBe(
      CKR.KEY_HANDLE_INVALID,
    );
    expect(await later(ed, { scheme: 31 as Scheme }, message, signature)).toBe(CKR.MECHANISM_INVALID);
    expect(enclave.jobsRunning()).toBe(0);
  });

  test('a number that is taken is refused, and the job that has it goes on', async () => {
    const key = good(enclave.keyGenerateEc(0, KeyKind.EcPrivate, curves['P-256']));
    const signature = sign(key, { scheme: Scheme.Ecdsa }, digest);
    const how = { scheme: Scheme.Ecdsa, job: nextJob() };
    expect(verify(key, how, digest, signature)).toBe(0);
    expect(verify(key, how, digest, flipped(signature, 0))).toBe(HOST_MEMORY);
    await finished(how.job);
    expect(enclave.jobResult(how.job)).toBe(0);
  });
});
