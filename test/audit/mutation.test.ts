/** Whatever is done to a log is found, and what was not changed raises no alarm. */
import fs from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Kind, none } from '../../audit/format.ts';
import type { AuditWriter } from '../../audit/writer.ts';
import { boundaries, type Log, makeLog, operate } from './support.ts';

interface Entry {
  readonly kind: 'operation' | 'note' | 'checkpoint' | 'restart';
  readonly number: number;
  readonly text: string;
}

const entries = fc.array(
  fc.record({
    kind: fc.constantFrom<Entry['kind']>(
      'operation',
      'operation',
      'operation',
      'note',
      'checkpoint',
      'restart',
    ),
    number: fc.nat(0xffff_ffff),
    text: fc.string({ maxLength: 40 }),
  }),
  { minLength: 1, maxLength: 12 },
);

function write(log: Log, list: readonly Entry[]): void {
  let writer: AuditWriter = log.open({ syncInterval: 60_000 });
  for (const { kind, number, text } of list) {
    if (kind === 'operation')
      writer.append(
        Kind.Operation,
        number,
        1,
        none,
        1,
        number,
        number,
        new Uint8Array(16).fill(number),
        null,
      );
    else if (kind === 'note') writer.note(Kind.Attach, { text, number });
    else if (kind === 'checkpoint') writer.checkpoint();
    else {
      writer.close();
      writer = log.open({ syncInterval: 60_000 });
    }
  }
  writer.close();
}

type Mutate = (bytes: Buffer, records: Buffer[], a: number, b: number) => Buffer;

const mutations: Readonly<Record<string, Mutate>> = {
  'a bit flipped': (bytes, _records, a, b) => {
    const out = Buffer.from(bytes);
    const at = a % out.length;
    out.writeUInt8((bytes[at] ?? 0) ^ (1 << (b % 8)), at);
    return out;
  },
  'a record deleted': (_bytes, records, a) =>
    Buffer.concat(records.filter((_each, index) => index !== a % records.length)),
  'a record repeated': (_bytes, records, a, b) => {
    const copy = records[a % records.length] ?? Buffer.alloc(0);
    return Buffer.concat(records.toSpliced(b % (records.length + 1), 0, copy));
  },
  'two records swapped': (_bytes, records, a, b) => {
    const [i, j] = [a % records.length, b % records.length];
    const other = i === j ? (i + 1) % records.length : j;
    const pick = (index: number) => (index === i ? other : index === other ? i : index);
    return Buffer.concat(records.map((_each, index) => records[pick(index)] ?? Buffer.alloc(0)));
  },
  truncated: (bytes, _records, a) => bytes.subarray(0, a % bytes.length),
  'truncated between two records': (_bytes, records, a) =>
    Buffer.concat(records.slice(0, a % records.length)),
  'its beginning cut off': (_bytes, records, a) => Buffer.concat(records.slice(1 + (a % records.length))),
  'garbage appended': (bytes, _records, a, b) =>
    Buffer.concat([bytes, Buffer.alloc(1 + (a % 600), 1 + (b % 255))]),
};

function split(bytes: Buffer): Buffer[] {
  const offsets = boundaries(bytes);
  return offsets.slice(0, -1).map((from, index) => bytes.subarray(from, offsets[index + 1]));
}

describe('with the public key and the anchor alone', () => {
  test('a log that nobody touched is good', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const log = makeLog();
        write(log, list);
        expect(log.verify()).toMatchObject({ ok: true, uncoveredRecords: 0 });
        expect(log.verify(true)).toMatchObject({ ok: true });
        expect(log.verify().records).toBe(boundaries(fs.readFileSync(log.files.log)).length - 1);
      }),
      { numRuns: 20 },
    );
  });

  test.each(Object.entries(mutations))('found: %s', (_name, mutate) => {
    fc.assert(
      fc.property(
        entries,
        fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 10, maxLength: 30 }),
        (list, choices) => {
          const log = makeLog();
          write(log, list);
          const bytes = fs.readFileSync(log.files.log);
          for (const [a, b] of choices) {
            const mutated = mutate(bytes, split(bytes), a, b);
            fs.writeFileSync(log.files.log, mutated);
            const verdict = log.verify();
            expect(verdict.ok).toBe(false);
            expect(verdict.problem).toBeTruthy();
            // Everything before the first difference is still vouched for, and the finger points there.
            const same = commonPrefix(bytes, mutated);
            const intact = boundaries(bytes).filter((offset) => offset <= same).length - 1;
            expect(verdict.records).toBe(intact);
            if (intact < split(bytes).length || mutated.length > bytes.length)
              expect(verdict.firstBad ?? intact).toBe(intact);
          }
        },
      ),
      { numRuns: 8 },
    );
  });

  test('found: records of another log put in', () => {
    fc.assert(
      fc.property(entries, fc.nat(), (list, at) => {
        const log = makeLog();
        write(log, list);
        const bytes = fs.readFileSync(log.files.log);
        const other = makeLog();
        write(other, list);
        const foreign = split(fs.readFileSync(other.files.log));
        const records = split(bytes);
        const index = at % records.length;
        const spliced = Buffer.concat(records.with(index, foreign[index] ?? Buffer.alloc(0)));
        fs.writeFileSync(log.files.log, spliced);
        expect(log.verify().ok).toBe(false);
        fs.writeFileSync(log.files.log, Buffer.concat(foreign));
        expect(log.verify().ok).toBe(false);
      }),
      { numRuns: 15 },
    );
  });

  test('found: a chain rebuilt by someone without the keys', () => {
    const log = makeLog();
    write(
      log,
      [1, 2, 3, 4].map((number) => ({ kind: 'operation', number, text: '' })),
    );
    const bytes = fs.readFileSync(log.files.log);
    const anchor = fs.readFileSync(log.files.anchor);
    const forger = makeLog();
    fs.copyFileSync(log.files.publicKey, forger.files.publicKey);
    write(
      forger,
      [9, 9, 9, 9].map((number) => ({ kind: 'operation', number, text: '' })),
    );
    fs.copyFileSync(log.files.publicKey, forger.files.publicKey);
    expect(forger.verify()).toMatchObject({ ok: false, problem: expect.stringMatching(/signature/) });
    fs.writeFileSync(forger.files.anchor, anchor);
    expect(forger.verify()).toMatchObject({ ok: false, firstBad: 1 });
    expect(bytes.length).toBe(fs.statSync(forger.files.log).size);
  });
});

describe('behind the last checkpoint, with the audit key', () => {
  test('every flipped bit is found, also by the engine that starts', () => {
    const log = makeLog();
    const writer = log.open({ syncInterval: 60_000 });
    for (let each = 0; each < 4; each++) writer.append(Kind.Operation, 1, 1, 0, 1, 1, 0, null, null);
    // Left as a crash leaves it: four records that no checkpoint covers.
    const bytes = fs.readFileSync(log.files.log);
    const anchor = fs.readFileSync(log.files.anchor);
    const [checkpoint = 0, end = 0] = [boundaries(bytes)[1], boundaries(bytes).at(-1)];
    expect(log.verify(true)).toMatchObject({ ok: true, uncoveredRecords: 4 });
    const flip = (at: number, bit: number) => {
      const mutated = Buffer.from(bytes);
      mutated.writeUInt8((bytes[at] ?? 0) ^ (1 << bit), at);
      fs.writeFileSync(log.files.log, mutated);
      fs.writeFileSync(log.files.anchor, anchor);
      expect(log.verify(true).ok).toBe(false);
      // An engine that starts looks at what stands from the newest checkpoint on.
      const again = log.open();
      if (at >= checkpoint) expect(again.found.problem).not.toBeNull();
      again.close();
    };
    fc.assert(
      fc.property(fc.nat(end - 1), fc.nat(7), (at, bit) => flip(at, bit)),
      { numRuns: 100 },
    );
    // Also in what was set aside for more records, most of all where the next one would stand.
    const behind = fc.oneof(fc.nat(300), fc.nat(bytes.length - end - 1));
    fc.assert(
      fc.property(behind, fc.nat(7), (at, bit) => flip(end + at, bit)),
      { numRuns: 100 },
    );
  });

  test('zeros in the place of any stretch are found', () => {
    const log = makeLog();
    const writer = log.open({ syncInterval: 60_000 });
    operate(writer, 100);
    writer.checkpoint();
    const bytes = fs.readFileSync(log.files.log);
    const [checkpoint = 0, end = 0] = boundaries(bytes).slice(-2);
    fc.assert(
      fc.property(fc.nat(end - 1), fc.integer({ min: 1, max: 20_000 }), (at, length) => {
        const mutated = Buffer.from(bytes);
        mutated.fill(0, at, at + length);
        fc.pre(!mutated.equals(bytes));
        fs.writeFileSync(log.files.log, mutated);
        expect(log.verify().ok).toBe(false);
        const again = log.open();
        if (at + length > checkpoint) expect(again.found.problem).not.toBeNull();
        again.close();
      }),
      { numRuns: 100 },
    );
  });
});

function commonPrefix(a: Buffer, b: Buffer): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
