import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const guard = fileURLToPath(new URL('../../out/lib/strongroom/libstrongroom-guard.so', import.meta.url));
const probe = fileURLToPath(new URL('./memory-probe.ts', import.meta.url));
const WINDOW = 12;

interface Range {
  readonly start: bigint;
  readonly end: bigint;
  readonly name: string;
}

/** Readable memory of a process without the ranges given. */
function ordinary(pid: number, guarded: readonly Range[]): Range[] {
  const ranges: Range[] = [];
  for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
    const found = /^([0-9a-f]+)-([0-9a-f]+) r.\S+ \S+ \S+ \S+\s*(.*)$/.exec(line);
    if (found === null || found[3] === '[vvar]' || found[3] === '[vsyscall]') continue;
    let start = BigInt(`0x${found[1]}`);
    const end = BigInt(`0x${found[2]}`);
    const inside = guarded
      .filter((range) => range.start < end && range.end > start)
      .sort((a, b) => (a.start < b.start ? -1 : 1));
    for (const range of inside) {
      if (range.start > start) ranges.push({ start, end: range.start, name: found[3] ?? '' });
      start = range.end;
    }
    if (start < end) ranges.push({ start, end, name: found[3] ?? '' });
  }
  return ranges;
}

/** Names of the needles that lie in these ranges, with the place. */
function search(pid: number, ranges: readonly Range[], needles: ReadonlyMap<string, Buffer>): string[] {
  const found: string[] = [];
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const chunk = Buffer.alloc((4 << 20) + WINDOW);
  for (const range of ranges)
    for (let at = range.start; at < range.end; at += 4n << 20n) {
      const wanted = range.end - at < BigInt(chunk.length) ? Number(range.end - at) : chunk.length;
      let size = 0;
      try {
        size = readSync(memory, chunk, 0, wanted, at);
      } catch {
        continue; // a mapping of a device, or one that has gone
      }
      const view = chunk.subarray(0, size);
      for (const [name, needle] of needles) {
        const place = view.indexOf(needle);
        if (place >= 0) found.push(`${name} at ${(at + BigInt(place)).toString(16)} ${range.name}`);
      }
    }
  closeSync(memory);
  return found;
}

/** Windows of a secret from its beginning, middle and end, in both byte orders. */
function addNeedles(needles: Map<string, Buffer>, name: string, bytes: Uint8Array): void {
  for (const [order, form] of [
    ['big-endian', Buffer.from(bytes)],
    ['little-endian', Buffer.from(bytes).reverse()],
  ] as const)
    for (const at of [0, (form.length - WINDOW) >> 1, form.length - WINDOW])
      needles.set(`${name}, ${order}, from ${at}`, form.subarray(at, at + WINDOW));
}

let folder = '';
let child: ChildProcessByStdio<Writable, Readable, null>;
const needles = new Map<string, Buffer>();
const controls = new Map<string, Buffer>();
let hooked = false;
let regions: Range[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-memory-'));
  const planted = randomBytes(232);
  planted[80] = 0x1f; // the P-256 scalar stays below the order
  writeFileSync(join(folder, 'planted'), planted);
  child = spawn(process.execPath, [probe, join(folder, 'planted'), join(folder, 'generated')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, LD_PRELOAD: guard },
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const report = JSON.parse(line) as { hooked: boolean; regions: [string, string][] };
  hooked = report.hooked;
  regions = report.regions.map(([start, end]) => ({
    start: BigInt(`0x${start}`),
    end: BigInt(`0x${end}`),
    name: '',
  }));
  let offset = 0;
  for (const [name, size] of [
    ['AES key', 32],
    ['HMAC key', 48],
    ['P-256 scalar', 32],
    ['Ed25519 key', 32],
    ['X25519 key', 32],
    ['PIN', 24],
  ] as const) {
    const bytes = planted.subarray(offset, offset + size);
    offset += size;
    addNeedles(needles, name, bytes);
    if (name === 'HMAC key' || name === 'PIN') {
      addNeedles(
        needles,
        `${name} with the inner pad`,
        bytes.map((byte) => byte ^ 0x36),
      );
      addNeedles(
        needles,
        `${name} with the outer pad`,
        bytes.map((byte) => byte ^ 0x5c),
      );
    }
  }
  addNeedles(controls, 'control', planted.subarray(offset));
  const generated = readFileSync(join(folder, 'generated'));
  for (let at = 0, i = 0; at < generated.length; i++) {
    const size = generated.readUInt16BE(at);
    addNeedles(
      needles,
      `RSA ${['d', 'p', 'q', 'dP', 'dQ', 'qInv'][i]}`,
      generated.subarray(at + 2, at + 2 + size),
    );
    at += 2 + size;
  }
});

afterAll(async () => {
  child.stdin.end();
  await once(child, 'exit');
  rmSync(folder, { recursive: true });
});

test('the search finds what lies in ordinary memory, and keys where they belong', () => {
  expect(hooked).toBe(true);
  const pid = child.pid ?? 0;
  expect(search(pid, ordinary(pid, regions), controls)).not.toEqual([]);
  const inside = search(pid, regions, needles).join('\n');
  for (const name of ['AES key', 'HMAC key', 'P-256 scalar', 'Ed25519 key', 'X25519 key', 'RSA p', 'RSA d'])
    expect(inside).toContain(`${name}, big-endian`);
});

test('no byte of a used key lies outside of guarded memory', () => {
  const pid = child.pid ?? 0;
  expect(search(pid, ordinary(pid, regions), needles)).toEqual([]);
});
