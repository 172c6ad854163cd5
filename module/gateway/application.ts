/**
 * One application of this machine, whose calls are answered on another. It has a stream to there, which may break and come again: the application goes
 * on with its sessions where the other side still has them.
 *
 * A call is made at most once: one that was on its way when the stream broke is answered CKR_DEVICE_ERROR, and its operation ended, unless its function
 * changes nothing.
 */
import { status } from '@grpc/grpc-js';
import { BULK_OFFSET, FUNCTION_FAILED, FUNCTION_PAIRED, LANE_VERSION } from '../lane/lane.ts';
import type { AttachResponse } from '../wire/attach.ts';
import { answersIn, CallBatch, type WireCall, WireError } from '../wire/calls.ts';
import { CANCEL, closedBy, endOperations, GET_INFO, repeatable, SEARCH } from '../wire/generated/calls.ts';
import type { FollowedCall } from './follow.ts';
import { Silence } from './silence.ts';
import type { AttachStream, Link, Upstream } from './upstream.ts';

const CKR_HOST_MEMORY = 0x02;
const CKR_FUNCTION_FAILED = 0x06;
const CKR_DEVICE_ERROR = 0x30;
const CKR_CRYPTOKI_NOT_INITIALIZED = 0x190;

/** A lane of the application's. */
export interface GatewayLane {
  readonly number: number;
  readonly request: Uint8Array;
  readonly reply: Uint8Array;
}

/** A call that has no answer yet; its arguments lie in its lane. */
interface Pending {
  readonly number: number;
  readonly lane: GatewayLane;
  readonly fn: number;
  readonly argsLength: number;
  readonly bulkLength: number;
  /** Handed to a stream. */
  sent: boolean;
  readonly followed: FollowedCall | undefined;
}

/** What an application needs of the process that serves it. */
export interface GatewayHost {
  readonly upstream: Upstream;
  readonly patienceMs: number;
  readonly software: string;
  /** Answers a call over its lane. */
  reply(lane: GatewayLane, rv: number, length: number): void;
  /** The world has changed: nothing that was promised holds any more. */
  changed(): void;
  /** Begins to follow a call, if it is followed. */
  follow(fn: number): FollowedCall | undefined;
  log(message: string, level: 'warning' | 'info' | 'debug'): void;
}

/** Bytes of calls that go in one message, unless one alone is longer. */
const BATCH_BYTES = 1 << 18;
/** What a message has beside its calls. */
const OVERHEAD = 96;
const NUMBER_MOST = 0xffff_ffff;
/** A refusal is not asked about again before this. */
const REFUSED_MS = 2000;

type Welcome = Extract<AttachResponse['message'], { $case: 'welcome' }>['value'];

export class RemoteApplication {
  readonly #host: GatewayHost;
  readonly #id: number;
  readonly #pending = new Map<number, Pending>();
  readonly #unsent: Pending[] = [];
  /** What the other side is to hear of calls whose fate is not known. */
  readonly #amends: Omit<WireCall, 'number'>[] = [];
  /** Of that, what it has been told and has not answered: calls are served beside each other, so others wait for it. */
  readonly #amending = new Map<number, Omit<WireCall, 'number'>>();
  readonly #batch = new CallBatch();
  #number = 0;
  #stream: AttachStream | undefined;
  #welcome: Welcome | undefined;
  #attachment: { readonly id: number; readonly key: Uint8Array } | undefined;
  #epoch = -1;
  #blocked = false;
  #opening = false;
  #over = false;
  /** What calls are answered until then: the other side does not want us. */
  #refusal: { readonly rv: number; readonly until: number } | undefined;
  #patience: NodeJS.Timeout | undefined;
  #silence: Silence | undefined;

  constructor(host: GatewayHost, id: number) {
    this.#host = host;
    this.#id = id;
  }

  /** A call is in its lane. It goes with {@link flush}, at the latest. */
  call(lane: GatewayLane, fn: number, argsLength: number, bulkLength: number): void {
    const number = this.#nextNumber();
    const followed = this.#host.follow(fn);
    const pending: Pending = { number, lane, fn, argsLength, bulkLength, sent: false, followed };
    this.#pending.set(number, pending);
    this.#unsent.push(pending);
    if (this.#stream === undefined) this.#open();
    else if (this.#welcome === undefined) this.#wait();
  }

  #nextNumber(): number {
    this.#number = this.#number >= NUMBER_MOST ? 1 : this.#number + 1;
    return this.#number;
  }

  /** Sends what waits, if it can go. */
  flush(): void {
    const stream = this.#stream;
    const welcome = this.#welcome;
    if (stream === undefined || welcome === undefined || this.#blocked) return;
    const batch = this.#batch;
    for (const amends of this.#amends.splice(0)) {
      const number = this.#nextNumber();
      this.#amending.set(number, amends);
      batch.put({ number, ...amends });
    }
    if (this.#amending.size > 0) {
      if (batch.length > 0) this.#write(stream);
      return;
    }
    while (this.#unsent.length > 0 && !this.#blocked) {
      const pending = this.#unsent.shift();
      if (pending === undefined || !this.#pending.has(pending.number)) continue;
      const bytes = pending.argsLength + pending.bulkLength + OVERHEAD;
      if (bytes > welcome.maxMessageBytes) {
        this.#giveUp(pending, CKR_HOST_MEMORY);
        continue;
      }
      if (batch.length > 0 && batch.length + bytes > Math.min(BATCH_BYTES, welcome.maxMessageBytes))
        this.#write(stream);
      pending.sent = true;
      this.#put(pending, welcome);
    }
    if (batch.length > 0) this.#write(stream);
  }

  #put({ number, lane, fn, argsLength, bulkLength, followed }: Pending, welcome: Welcome): void {
    const { request } = lane;
    const usual = 1 << 20;
    // As much as the library has room for, and no more than a message carries.
    const room = Math.min(lane.reply.length, welcome.maxMessageBytes - OVERHEAD);
    const bulk = bulkLength === 0 ? undefined : request.subarray(BULK_OFFSET, BULK_OFFSET + bulkLength);
    const trace = followed?.sent();
    this.#batch.put({
      number,
      fn,
      args: request.subarray(0, argsLength),
      bulk,
      room: room > usual ? room : 0,
      trace: welcome.follows ? trace : undefined,
    });
  }

  #write(stream: AttachStream): void {
    const frame = this.#batch.frame();
    this.#blocked = !stream.write(frame, () => frame.done());
  }

  /** Looks for a stream, until there is one or nobody wants it any more. */
  #open(): void {
    if (this.#over) return;
    const { upstream } = this.#host;
    if (this.#refusal !== undefined) {
      if (performance.now() < this.#refusal.until) {
        this.#failAll(this.#refusal.rv);
        return;
      }
      this.#refusal = undefined;
    }
    upstream.wanted();
    this.#wait();
    if (this.#opening) return;
    this.#opening = true;
    upstream.link().then(
      (link) => {
        this.#opening = false;
        if (!this.#over) this.#attach(link);
      },
      () => {
        this.#opening = false;
      },
    );
  }

  /** Calls that wait do so for a while only. Whoever has waited in vain already has not waited for himself alone. */
  #wait(): void {
    const { upstream, patienceMs } = this.#host;
    this.#patience ??= setTimeout(
      () => {
        this.#patience = undefined;
        this.#failAll(CKR_DEVICE_ERROR);
      },
      Math.max(0, patienceMs - upstream.away),
    );
  }

  #attach(link: Link): void {
    const stream = link.attach();
    this.#stream = stream;
    this.#blocked = false;
    this.#welcome = undefined;
    const silence = this.#listen(stream, link);
    stream.on('data', (response: AttachResponse) => {
      silence.heard();
      this.#guarded(stream, () => this.#take(response));
    });
    stream.on('error', (error: Error & { code?: status }) =>
      this.#broken(stream, link, error.code, error.message),
    );
    stream.on('end', () =>
      this.#broken(stream, link, status.UNAVAILABLE, 'the other side has ended the stream'),
    );
    stream.on('drain', () => {
      this.#blocked = false;
      this.flush();
    });
    const { id: resumeId, key: resumeKey } = this.#attachment ?? { id: 0, key: new Uint8Array(0) };
    const value = { laneVersion: LANE_VERSION, resumeId, resumeKey, software: this.#host.software };
    stream.write({ message: { $case: 'hello', value } });
  }

  #listen(stream: AttachStream, link: Link): Silence {
    this.#silence?.end();
    const silence = new Silence({
      waits: () => this.#welcome === undefined || this.#pending.size > 0 || this.#amending.size > 0,
      ask: () => {
        if (this.#welcome === undefined || this.#blocked) return;
        const args = new Uint8Array(0);
        this.#batch.put({ number: this.#nextNumber(), fn: GET_INFO, args, bulk: undefined, room: 0 });
        this.#write(stream);
      },
      silent: () => {
        this.#host.log(`application ${this.#id}: the other side has gone silent`, 'warning');
        this.#broken(stream, link, status.UNAVAILABLE, 'it has gone silent');
        stream.cancel();
      },
    });
    this.#silence = silence;
    return silence;
  }

  #guarded(stream: AttachStream, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#host.log(`the other side does not keep to the protocol: ${error.message}`, 'warning');
      stream.cancel();
    }
  }

  #take({ message }: AttachResponse): void {
    if (message?.$case === 'answers') this.#answers(message.value);
    else if (message?.$case === 'epoch') this.#noteEpoch(message.value);
    else if (message?.$case === 'welcome') this.#welcomed(message.value);
  }

  #welcomed(welcome: Welcome): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.#refusal = undefined;
    this.#welcome = welcome;
    this.#attachment = { id: welcome.id, key: welcome.key };
    if (!welcome.resumed) this.#amends.splice(0);
    // What happened meanwhile nobody has told us.
    this.#epoch = welcome.epoch;
    this.#host.changed();
    this.flush();
  }

  #noteEpoch(epoch: number): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#host.changed();
  }

  #answers(message: Uint8Array): void {
    const { epoch, answers } = answersIn(message);
    this.#noteEpoch(epoch);
    for (const { number, rv, reply } of answers) {
      const pending = this.#pending.get(number);
      if (pending === undefined) {
        if (this.#amending.delete(number) && this.#amending.size === 0) queueMicrotask(() => this.flush());
        continue;
      }
      this.#pending.delete(number);
      pending.followed?.answered(rv);
      const { lane } = pending;
      if (reply.length > lane.reply.length) {
        this.#host.reply(lane, CKR_DEVICE_ERROR, 0);
        continue;
      }
      lane.reply.set(reply);
      this.#host.reply(lane, rv, reply.length);
    }
    // They may have been secrets.
    message.fill(0);
  }

  /** The stream has ended. */
  #broken(stream: AttachStream, link: Link, code: status | undefined, why: string): void {
    if (this.#stream !== stream) return;
    this.#stream = undefined;
    this.#silence?.end();
    const greeted = this.#welcome !== undefined;
    this.#welcome = undefined;
    if (this.#over) return;
    if (code === status.NOT_FOUND && !greeted && this.#attachment !== undefined) {
      // Its sessions are gone: the lease was over, or the engine is another.
      this.#host.log(`application ${this.#id}: its sessions are gone`, 'info');
      this.#attachment = undefined;
      this.#amends.splice(0);
      this.#attach(link);
      return;
    }
    this.#host.log(`application ${this.#id}: the way to its keys is broken: ${why}`, 'debug');
    this.#host.changed();
    // Whether it has heard of that is not known either.
    this.#amends.unshift(...this.#amending.values());
    this.#amending.clear();
    this.#sortOut();
    if (
      code === status.PERMISSION_DENIED ||
      code === status.FAILED_PRECONDITION ||
      code === status.RESOURCE_EXHAUSTED
    ) {
      this.#host.log(`the other side refuses: ${why}`, 'warning');
      const rv = code === status.RESOURCE_EXHAUSTED ? CKR_HOST_MEMORY : CKR_FUNCTION_FAILED;
      this.#refusal = { rv, until: performance.now() + REFUSED_MS };
      this.#failAll(rv);
      return;
    }
    if (code === status.UNAVAILABLE || code === status.UNAUTHENTICATED || code === status.INTERNAL)
      this.#host.upstream.lost(link);
    // Also where nobody calls: the other side keeps sessions for those who come back in time.
    this.#open();
  }

  /** Calls that were on their way: those that may be made once more wait, the others have failed. */
  #sortOut(): void {
    for (const pending of [...this.#pending.values()]) {
      if (!pending.sent) continue;
      if (repeatable.has(pending.fn)) {
        pending.sent = false;
        pending.followed?.lost();
        this.#unsent.push(pending);
      } else {
        this.#giveUp(pending, CKR_DEVICE_ERROR);
      }
    }
  }

  /** The call is answered here, and the other side hears that it has failed, since it may have the call's operation. */
  #giveUp(pending: Pending, rv: number): void {
    this.#pending.delete(pending.number);
    pending.followed?.answered(rv);
    const fn = pending.fn & ~FUNCTION_PAIRED;
    const at = pending.fn === fn ? 0 : 8;
    // An opening that has not left has opened nothing.
    if (pending.argsLength >= at + 8 && (pending.sent || endOperations.has(fn) || fn === SEARCH.ends))
      this.#undo(fn, pending.lane.request.slice(at, at + 8));
    this.#host.reply(pending.lane, rv, 0);
  }

  /** What the call may have left behind on the other side is to be taken back there: an operation that it has opened, or had to end. */
  #undo(fn: number, session: Uint8Array): void {
    const failed = closedBy.get(fn) ?? fn;
    const cancelled = CANCEL.flags.get(fn);
    if (endOperations.has(failed)) this.#amends.push(failureOf(session, failed));
    else if (cancelled !== undefined) this.#amends.push(cancelling(session, cancelled));
    else if (fn === SEARCH.opens || fn === SEARCH.ends)
      this.#amends.push({ fn: SEARCH.ends, args: session, bulk: undefined, room: 0 });
  }

  #failAll(rv: number): void {
    for (const pending of [...this.#pending.values()]) this.#giveUp(pending, rv);
    this.#unsent.splice(0);
  }

  /** The application has gone, or has said goodbye. */
  end(): void {
    this.#over = true;
    clearTimeout(this.#patience);
    this.#silence?.end();
    for (const { lane } of this.#pending.values()) this.#host.reply(lane, CKR_CRYPTOKI_NOT_INITIALIZED, 0);
    this.#pending.clear();
    const stream = this.#stream;
    if (stream === undefined) return;
    stream.write({ message: { $case: 'goodbye', value: {} } });
    stream.end();
  }
}

/** The operations that the flags name are ended in the session. */
function cancelling(session: Uint8Array, flags: number): Omit<WireCall, 'number'> {
  const args = new Uint8Array(16);
  args.set(session);
  args[8] = flags;
  return { fn: CANCEL.fn, args, bulk: undefined, room: 0 };
}

/** Tells the other side that a call failed before it could travel, as the library does. */
function failureOf(session: Uint8Array, fn: number): Omit<WireCall, 'number'> {
  const args = new Uint8Array(16);
  args.set(session);
  new DataView(args.buffer).setUint32(8, fn, true);
  return { fn: FUNCTION_FAILED, args, bulk: undefined, room: 0 };
}
