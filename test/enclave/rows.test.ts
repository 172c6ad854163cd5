/** Rows by the batch: what one call does is what the calls for one row do, and nothing that is packed wrong is read past its end. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CKR, enclave, good, Hash, secret, utf8 } from './support.ts';

const root = secret(new Uint8Array(32).fill(5));
const label = utf8('private objects');
const token = Uint8Array.from(randomBytes(16));

interface Row {
  readonly id: Uint8Array;
  readonly version: number;
  readonly unconfirmed: boolean;
  readonly attributes: Uint8Array;
  readonly value: Uint8Array | null;
}

function contextOf(id: Uint8Array, version: number): Uint8Array {
  const tail = Buffer.alloc(26);
  tail.set(id);
  tail.writeBigUInt64BE(BigInt(version), 16);
  tail[24] = 1;
  return Buffer.concat([utf8('an object'), token, tail]);
}

function packed({ id, version, unconfirmed, attributes, value }: Row): Uint8Array {
  const sealed = enclave.seal(root, contextOf(id, version), attributes) as Uint8Array;
  const head = `${version} ${sealed.length} ${value?.length ?? ''} ${unconfirmed ? 1 : 0} `;
  return Buffer.concat([utf8(head), id, sealed, value ?? new Uint8Array(0)]);
}

function load(rows: Uint8Array, out: Uint8Array | null, confirmedOnly = false) {
  const sum = new Uint8Array(32);
  const last = new Uint8Array(16);
  const counts = new Uint8Array(8);
  const context = contextOf(new Uint8Array(16), 0);
  const result = enclave.loadRows(
    root,
    label,
    context,
    token,
    true,
    confirmedOnly,
    rows,
    sum,
    out,
    last,
    counts,
  );
  const view = new DataView(counts.buffer);
  return { result, sum, last, rows: view.getUint32(0, true), added: view.getUint32(4, true) };
}

/** The same by the calls for one row each. */
function sumOf(rows: readonly Row[], sealed: readonly Uint8Array[]): Uint8Array {
  const sum = new Uint8Array(32);
  for (const [i, { id, version, unconfirmed, value }] of rows.entries()) {
    const blob = sealed[i] ?? new Uint8Array(0);
    const lengths = Buffer.alloc(8);
    lengths.writeUInt32BE(blob.length);
    lengths.writeUInt32BE(value?.length ?? 0xffffffff, 4);
    const text = Buffer.concat([lengths, blob, value ?? new Uint8Array(0)]);
    const digest = new Uint8Array(32);
    good(enclave.digest(Hash.Sha256, text, 0, text.length, digest, 0, 32));
    const numbers = Buffer.alloc(8);
    numbers.writeBigUInt64BE(BigInt(version));
    const member = Buffer.concat([Uint8Array.of(unconfirmed ? 1 : 0, 1), token, id, numbers, digest]);
    expect(enclave.setHashUpdate(root, label, member, sum, true)).toBe(0);
  }
  return sum;
}

const row: fc.Arbitrary<Row> = fc.record({
  id: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  version: fc.nat({ max: 2 ** 31 - 1 }),
  unconfirmed: fc.boolean(),
  attributes: fc.uint8Array({ maxLength: 80 }),
  value: fc.option(fc.uint8Array({ maxLength: 80 })),
});

test('a batch gives what its rows give one by one', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), (rows) => {
      const pieces = rows.map(packed);
      const all = Buffer.concat(pieces);
      const out = new Uint8Array(all.length + 32 * rows.length);
      const done = load(all, out);
      const sealedOf = (piece: Uint8Array, { value, attributes }: Row): Uint8Array => {
        const end = piece.length - (value?.length ?? 0);
        return piece.slice(end - attributes.length - 29, end);
      };
      const sealed = pieces.map((piece, i) => sealedOf(piece, rows[i] as Row));
      expect([done.rows, done.added]).toEqual([rows.length, rows.length]);
      expect(done.last).toEqual(Uint8Array.from(rows.at(-1)?.id ?? []));
      expect(done.sum).toEqual(sumOf(rows, sealed));
      let at = 0;
      for (const { id, version, unconfirmed, attributes, value } of rows) {
        const head = new DataView(out.buffer, at, 32);
        expect(out.slice(at, at + 16)).toEqual(Uint8Array.from(id));
        expect(Number(head.getBigUint64(16, true))).toBe(version);
        expect(head.getUint32(24, true)).toBe(attributes.length);
        expect(head.getUint32(28, true)).toBe((value === null ? 0 : 1) | (unconfirmed ? 2 : 0));
        expect(out.slice(at + 32, at + 32 + attributes.length)).toEqual(Uint8Array.from(attributes));
        at += 32 + attributes.length;
      }
      expect(done.result).toBe(at);
      const confirmed = rows.filter(({ unconfirmed }) => !unconfirmed);
      const only = load(all, null, true);
      expect([only.result, only.rows, only.added]).toEqual([0, rows.length, confirmed.length]);
      expect(only.sum).toEqual(
        sumOf(
          confirmed,
          sealed.filter((_, i) => rows[i]?.unconfirmed === false),
        ),
      );
    }),
  );
});

test('a broken seal is named by its row', () => {
  const rows = [1, 2, 3].map((number) => ({
    id: new Uint8Array(16).fill(number),
    version: 1,
    unconfirmed: false,
    attributes: new Uint8Array(9),
    value: null,
  }));
  const all = Buffer.concat(rows.map(packed));
  const place = all.indexOf(Buffer.alloc(16, 2)) + 16 + 20;
  all[place] = (all[place] ?? 0) ^ 1;
  const { result, last } = load(all, new Uint8Array(1_000));
  expect(result).toBe(CKR.ENCRYPTED_DATA_INVALID);
  expect(last).toEqual(new Uint8Array(16).fill(2));
});

test('what is packed otherwise, or has no room, is refused', () => {
  const whole = Buffer.from(
    packed({ id: token, version: 3, unconfirmed: false, attributes: utf8('some'), value: utf8('value') }),
  );
  const room = new Uint8Array(whole.length + 32);
  expect(load(whole, room).result).toBe(36);
  for (let length = 1; length < whole.length; length++)
    expect(load(whole.subarray(0, length), room).result).toBe(CKR.DATA_INVALID);
  for (let size = 1; size < 36; size++) expect(load(whole, new Uint8Array(size)).result).toBeLessThan(0);
  for (const head of [
    '',
    ' 1 1 0 ',
    '1  1 0 ',
    '1 1 1 2 ',
    '1 1 1  ',
    '-1 1 1 0 ',
    '1 99999999999999999 1 0 ',
    '1 9999999999999999 1 0 ',
    '1 1 9999999999999999 0 ',
  ])
    expect(load(Buffer.concat([utf8(head), new Uint8Array(64)]), room).result).toBe(CKR.DATA_INVALID);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      if (bytes.length > 0) expect(load(bytes, room).result).toBeLessThanOrEqual(0);
    }),
  );
});
