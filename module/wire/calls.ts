/**
 * Calls and answers as they travel between a gateway and the network door: those of one application, several in a message. Numbers are
 * little-endian.
 *
 * A call: u32 its number, u32 function, u32 bytes of arguments, u32 bytes of the bulk argument, u32 room for the answer beyond the usual, u32 bytes of
 * the trace that it belongs to, 24 or none; the arguments, as they lie in a lane, filled up to a multiple of 8; the bulk argument, likewise; the trace,
 * where the door's welcome has said that it reads it.
 *
 * Answers begin with u64 the engine's epoch. An answer: u32 the call's number, u32 bytes, u64 CK_RV; what lies in the lane, likewise.
 *
 * Neither side trusts the other: what does not add up is a {@link WireError}.
 */

/** Somebody speaks another language. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

const CALL = 24;
const TRACE = 24;
const ANSWER = 16;
const EPOCH = 8;
/** A CK_RV is an unsigned long; none that is defined is longer than 32 bits, which also tells CKR_VENDOR_DEFINED. */
const HIGH = 0x1_0000_0000;

const padded = (length: number): number => (length + 7) & ~7;

export interface WireCall {
  readonly number: number;
  readonly fn: number;
  readonly args: Uint8Array;
  readonly bulk: Uint8Array | undefined;
  readonly room: number;
  /** The numbers of the trace and the span that it belongs to (module/traces/trace.ts), where it is followed. */
  readonly trace?: Uint8Array | undefined;
}

export interface WireAnswer {
  readonly number: number;
  readonly rv: number;
  readonly reply: Uint8Array;
}

/** A field of bytes, as protobuf has it: tag, length, contents. Both messages have theirs as their second. */
const TAG = (2 << 3) | 2;
/** As much room is kept in front for the tag and the length. */
const FRONT = 8;
/** Memory that is used again, so that large messages are not made anew each time: so much, and so often, is kept. */
const KEPT_BYTES = 4 << 20;
const KEPT_MOST = 4;
const FIRST_BYTES = 4096;

/** A message of the stream with nothing but calls, or nothing but answers, as it is on the wire. */
export class Framed {
  readonly bytes: Buffer;
  readonly #done: () => void;

  constructor(bytes: Buffer, done: () => void) {
    this.bytes = bytes;
    this.#done = done;
  }

  /** It has been written; its memory is used for the next. */
  done(): void {
    this.#done();
  }
}

/** Bytes that are written one part behind the other, into memory that grows. */
class Batch {
  readonly #spare: Buffer[] = [];
  #bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #end = FRONT;

  get length(): number {
    return this.#end - FRONT;
  }

  /** Where `size` more bytes may be written, at their offset in {@link bytes}. */
  take(size: number): number {
    const at = this.#end;
    this.#end += size;
    if (this.#end > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, this.#end));
      this.#bytes.copy(larger, 0, 0, at);
      this.#bytes.fill(0, 0, at);
      this.#bytes = larger;
    }
    return at;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Writes them, and zeros up to a multiple of 8. */
  put(part: Uint8Array): void {
    const at = this.take(padded(part.length));
    this.#bytes.set(part, at);
    this.#bytes.fill(0, at + part.length, this.#end);
  }

  /** What was written, with what protobuf wants in front. The next part begins anew, in memory of its own. */
  frame(): Framed {
    const bytes = this.#bytes;
    const end = this.#end;
    let header = 2;
    for (let left = end - FRONT; left >= 0x80; left >>>= 7) header++;
    let at = FRONT - header;
    bytes[at++] = TAG;
    let left = end - FRONT;
    for (; left >= 0x80; left >>>= 7) bytes[at++] = (left & 0x7f) | 0x80;
    bytes[at] = left;
    this.#bytes = this.#spare.pop() ?? Buffer.allocUnsafeSlow(FIRST_BYTES);
    this.#end = FRONT;
    return new Framed(bytes.subarray(FRONT - header, end), () => {
      // What was there may have been a secret.
      bytes.fill(0, 0, end);
      if (bytes.length <= KEPT_BYTES && this.#spare.length < KEPT_MOST) this.#spare.push(bytes);
    });
  }
}

/** Calls on their way to one message. */
export class CallBatch {
  readonly #batch = new Batch();

  get length(): number {
    return this.#batch.length;
  }

  put({ number, fn, args, bulk, room, trace }: WireCall): void {
    const batch = this.#batch;
    const at = batch.take(CALL);
    const { bytes } = batch;
    bytes.writeUInt32LE(number, at);
    bytes.writeUInt32LE(fn, at + 4);
    bytes.writeUInt32LE(args.length, at + 8);
    bytes.writeUInt32LE(bulk?.length ?? 0, at + 12);
    bytes.writeUInt32LE(room, at + 16);
    bytes.writeUInt32LE(trace?.length ?? 0, at + 20);
    batch.put(args);
    if (bulk !== undefined) batch.put(bulk);
    if (trace !== undefined) batch.put(trace);
  }

  frame(): Framed {
    return this.#batch.frame();
  }
}

/** Answers on their way to one message. */
export class AnswerBatch {
  readonly #batch = new Batch();

  get length(): number {
    return this.#batch.length;
  }

  put(number: number, rv: number, reply: Uint8Array): void {
    const batch = this.#batch;
    if (batch.length === 0) batch.take(EPOCH);
    const at = batch.take(ANSWER);
    const { bytes } = batch;
    bytes.writeUInt32LE(number, at);
    bytes.writeUInt32LE(reply.length, at + 4);
    bytes.writeUInt32LE(rv % HIGH, at + 8);
    bytes.writeUInt32LE(Math.floor(rv / HIGH), at + 12);
    batch.put(reply);
  }

  /** @param epoch as it is now, when every change that the answers tell of has been counted */
  frame(epoch: number): Framed {
    writeU64(this.#batch.bytes, FRONT, epoch);
    return this.#batch.frame();
  }
}

function writeU64(bytes: Buffer, at: number, value: number): void {
  bytes.writeUInt32LE(value % HIGH, at);
  bytes.writeUInt32LE(Math.floor(value / HIGH), at + 4);
}

function readU64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at + 4) * HIGH + bytes.readUInt32LE(at);
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Where a part of that length ends, which begins there. @throws WireError when that is beyond the message */
function endOf(bytes: Uint8Array, at: number, length: number): number {
  const end = at + padded(length);
  if (length > bytes.length || end > bytes.length) throw new WireError('a part is longer than its message');
  return end;
}

/** @throws WireError when it is no sequence of calls; those before are given all the same */
export function* callsIn(message: Uint8Array): Generator<WireCall> {
  const bytes = bufferOf(message);
  for (let at = 0; at < bytes.length; ) {
    const args = endOf(bytes, at, CALL);
    const length = bytes.readUInt32LE(at + 8);
    const bulkLength = bytes.readUInt32LE(at + 12);
    const bulk = endOf(bytes, args, length);
    const trace = endOf(bytes, bulk, bulkLength);
    const traceLength = bytes.readUInt32LE(at + 20);
    if (traceLength !== 0 && traceLength !== TRACE) throw new WireError('a trace is not as long as they are');
    const end = endOf(bytes, trace, traceLength);
    yield {
      number: bytes.readUInt32LE(at),
      fn: bytes.readUInt32LE(at + 4),
      args: bytes.subarray(args, args + length),
      bulk: bulkLength === 0 ? undefined : bytes.subarray(bulk, bulk + bulkLength),
      room: bytes.readUInt32LE(at + 16),
      trace: traceLength === 0 ? undefined : bytes.subarray(trace, end),
    };
    at = end;
  }
}

/** The epoch, and then the answers. @throws WireError likewise */
export function answersIn(message: Uint8Array): { epoch: number; answers: Generator<WireAnswer> } {
  const bytes = bufferOf(message);
  const start = endOf(bytes, 0, EPOCH);
  return { epoch: readU64(bytes, 0), answers: readAnswers(bytes, start) };
}

function* readAnswers(bytes: Buffer, start: number): Generator<WireAnswer> {
  for (let at = start; at < bytes.length; ) {
    const reply = endOf(bytes, at, ANSWER);
    const length = bytes.readUInt32LE(at + 4);
    const end = endOf(bytes, reply, length);
    yield {
      number: bytes.readUInt32LE(at),
      rv: readU64(bytes, at + 8),
      reply: bytes.subarray(reply, reply + length),
    };
    at = end;
  }
}
