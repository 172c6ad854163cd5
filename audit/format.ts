/**
 * The layout of the audit log: framed binary records, one behind the other, and zeros behind the last one while an engine is at
 * work or when it was killed; nothing else in the file.
 *
 * A record is its body and its seal. The body is {@link headerLength} bytes of fixed fields, then the detail: UTF-8 JSON
 * in the rare records that need more (who attached, why an engine recovered, a checkpoint's signature), nothing in
 * the others. The seal is `hash(32) ‖ mac(32)` with hash = SHA-256(hash of the record before ‖ body) and
 * mac = HMAC-SHA256(audit key, hash). Each body repeats the seal of the record before it, so that one bit changed in
 * a MAC shows without the key, and so that a missing record and a changed one can be told apart.
 *
 * | at | size | field |
 * |---|---|---|
 * | 0 | 4 | length of the body |
 * | 4 | 1 | version of the layout |
 * | 5 | 1 | kind |
 * | 6 | 2 | flags |
 * | 8 | 8 | sequence number, from 0 |
 * | 16 | 8 | time, nanoseconds since the epoch |
 * | 24 | 4 | client: the number that its attach record introduced since the last engine start, 0 for the engine itself |
 * | 28 | 4 | session |
 * | 32 | 4 | slot of the token, 0xffffffff for none |
 * | 36 | 4 | function number |
 * | 40 | 4 | mechanism, 0xffffffff for none |
 * | 44 | 4 | result (CK_RV) |
 * | 48 | 16 | unique id of the object, zeros for none |
 * | 64 | 16 | unique id of a second object (the key that was wrapped, made or derived), zeros for none |
 * | 80 | 64 | seal of the record before |
 *
 * All numbers are big-endian.
 */

export const formatVersion = 1;
export const headerLength = 144;
export const sealLength = 64;
export const hashLength = 32;
export const maxDetail = 16_384;
export const maxRecord = headerLength + maxDetail + sealLength;

/** Where each field begins. */
export const at = {
  length: 0,
  version: 4,
  kind: 5,
  flags: 6,
  sequence: 8,
  time: 16,
  client: 24,
  session: 28,
  slot: 32,
  function: 36,
  mechanism: 40,
  result: 44,
  object: 48,
  object2: 64,
  previous: 80,
} as const;

/** What a record is about; the numbers are part of the format. */
export const Kind = {
  /** The first record of a log file: which store it belongs to, and what went before. */
  Begin: 1,
  EngineStart: 2,
  EngineStop: 3,
  /** A client came: uid, pid, start time and executable, or a certificate. Its later records carry its number. */
  Attach: 4,
  Detach: 5,
  /** Login, logout and every attempt. */
  Authentication: 6,
  /** An operation with a key. */
  Operation: 7,
  /** Tokens, PINs and objects made, changed or destroyed. */
  Administration: 8,
  Checkpoint: 9,
  /** Something was found and dealt with: a torn record after a crash, unconfirmed changes, an old database. */
  Recovery: 10,
  /** The engine reads its configuration anew. */
  Reload: 11,
  /** The rules of the service were read: which file, and what was in it. */
  Policy: 12,
  /** A key goes from one state to another, or was refused because of the one that it is in. */
  Life: 13,
  /** A key comes near to a limit of its uses. */
  Limit: 15,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** Kinds that are on the disk before their call returns, unless the writer is told otherwise of a record. */
export const syncedKinds: ReadonlySet<number> = new Set([
  Kind.Begin,
  Kind.EngineStart,
  Kind.EngineStop,
  Kind.Administration,
  Kind.Checkpoint,
  Kind.Recovery,
  Kind.Reload,
  Kind.Policy,
  Kind.Life,
  Kind.Limit,
]);

/** A flag of a record: a private key was used that nobody had logged in for, because a rule of the policy says that it needs no login. */
export const NO_LOGIN = 1;

/** Stands for "no mechanism" and "no slot". */
export const none = 0xffff_ffff;

/** A record as read back. */
export interface AuditRecord {
  readonly kind: number;
  readonly flags: number;
  readonly sequence: number;
  /** Nanoseconds since the epoch. */
  readonly time: bigint;
  readonly client: number;
  readonly session: number;
  readonly slot: number;
  readonly function: number;
  readonly mechanism: number;
  readonly result: number;
  readonly object: Uint8Array;
  readonly object2: Uint8Array;
  readonly previous: Uint8Array;
  readonly detail: Uint8Array;
}

/** Writes a u64 below 2^53 without a BigInt. */
export function putU64(view: DataView, offset: number, value: number): void {
  const high = Math.floor(value / 0x1_0000_0000);
  view.setUint32(offset, high);
  view.setUint32(offset + 4, value - high * 0x1_0000_0000);
}

export function getU64(view: DataView, offset: number): number {
  return view.getUint32(offset) * 0x1_0000_0000 + view.getUint32(offset + 4);
}

/** What is wrong with a body's length field, or null. */
export function lengthProblem(bodyLength: number): string | null {
  if (bodyLength < headerLength) return `its length field says ${bodyLength}, less than any record has`;
  if (bodyLength > headerLength + maxDetail)
    return `its length field says ${bodyLength}, more than any record has`;
  return null;
}

/** Reads a body whose length has been checked; the parts are views of `body`. */
export function parseBody(body: Uint8Array): AuditRecord {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  return {
    kind: view.getUint8(at.kind),
    flags: view.getUint16(at.flags),
    sequence: getU64(view, at.sequence),
    time: view.getBigUint64(at.time),
    client: view.getUint32(at.client),
    session: view.getUint32(at.session),
    slot: view.getUint32(at.slot),
    function: view.getUint32(at.function),
    mechanism: view.getUint32(at.mechanism),
    result: view.getUint32(at.result),
    object: body.subarray(at.object, at.object + 16),
    object2: body.subarray(at.object2, at.object2 + 16),
    previous: body.subarray(at.previous, at.previous + sealLength),
    detail: body.subarray(headerLength),
  };
}

const kindNames: Readonly<Record<number, string>> = {
  [Kind.Begin]: 'begin',
  [Kind.EngineStart]: 'engine start',
  [Kind.EngineStop]: 'engine stop',
  [Kind.Attach]: 'attach',
  [Kind.Detach]: 'detach',
  [Kind.Authentication]: 'authentication',
  [Kind.Operation]: 'operation',
  [Kind.Administration]: 'administration',
  [Kind.Checkpoint]: 'checkpoint',
  [Kind.Recovery]: 'recovery',
  [Kind.Reload]: 'reload',
  [Kind.Policy]: 'policy',
  [Kind.Life]: 'key state',
  [Kind.Limit]: 'limit',
};

export function kindName(kind: number): string {
  return kindNames[kind] ?? `kind ${kind}`;
}

/** Names for numbers, when the caller has them; a number without a name stays a number. */
export interface Names {
  readonly function?: (value: number) => string | undefined;
  readonly mechanism?: (value: number) => string | undefined;
  readonly result?: (value: number) => string | undefined;
}

/** A record as one flat JSON value for export: what does not apply is left out. */
export function describeRecord(record: AuditRecord, names: Names = {}): Record<string, unknown> {
  const named = (name: ((value: number) => string | undefined) | undefined, value: number) =>
    name?.(value) ?? value;
  const out: Record<string, unknown> = {
    sequence: record.sequence,
    time: timeText(record.time),
    kind: kindName(record.kind),
  };
  if (record.client !== 0) out.client = record.client;
  if (record.session !== 0) out.session = record.session;
  if (record.slot !== none) out.slot = record.slot;
  if (record.function !== 0) out.function = named(names.function, record.function);
  if (record.mechanism !== none) out.mechanism = named(names.mechanism, record.mechanism);
  out.result = named(names.result, record.result);
  if (record.object.some((byte) => byte !== 0)) out.object = hex(record.object);
  if (record.object2.some((byte) => byte !== 0)) out.object2 = hex(record.object2);
  if (record.flags !== 0) out.flags = record.flags;
  if (record.detail.length > 0) out.detail = detailOf(record);
  return out;
}

/** The detail as parsed JSON, or as text when it is not JSON; a checkpoint's signature in hex, and the store's generation. */
export function detailOf(record: AuditRecord): unknown {
  if (record.kind === Kind.Checkpoint) {
    const { detail } = record;
    const signature = { signature: hex(detail.subarray(0, 64)) };
    if (detail.length < 72) return signature;
    const view = new DataView(detail.buffer, detail.byteOffset, detail.byteLength);
    return { ...signature, storeGeneration: getU64(view, 64) };
  }
  const text = new TextDecoder().decode(record.detail);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** ISO 8601 in UTC with nanoseconds. */
export function timeText(time: bigint): string {
  const seconds = Number(time / 1_000_000_000n);
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return time.toString();
  return `${date.toISOString().slice(0, 19)}.${(time % 1_000_000_000n).toString().padStart(9, '0')}Z`;
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
