/**
 * The service Cryptoki: PKCS#11 for gateways. A stream is an application of the engine's; what it carries are calls as they lie in lanes, which
 * are passed on without being looked at.
 */
import {
  type handleBidiStreamingCall,
  type ServerDuplexStream,
  type StatusObject,
  status,
} from '@grpc/grpc-js';
import {
  ARGUMENTS_MOST,
  type Attachment,
  type EventCaller,
  LANES_OF_CALLER,
  LaneError,
  type Outgoing,
} from '../../module/lane/caller.ts';
import { LANE_VERSION } from '../../module/lane/lane.ts';
import type { Principal } from '../../module/lane/principal.ts';
import type { Traces } from '../../module/traces/trace.ts';
import {
  type AttachRequest,
  type AttachResponse,
  attachService,
  type Outbound,
} from '../../module/wire/attach.ts';
import { AnswerBatch, callsIn, type WireCall, WireError } from '../../module/wire/calls.ts';
import { CKR_HOST_MEMORY } from '../cryptoki-client/generated/constants.ts';
import type { Connection, ConnectionOf } from '../front/connection.ts';
import { followCall } from '../traced.ts';

/** What the service needs of the door. */
export interface CryptokiHost {
  readonly connectionOf: ConnectionOf;
  readonly leaseSeconds: number;
  readonly maxMessageBytes: number;
  /** Where calls are followed. */
  readonly traces: Traces | undefined;
  /** @throws LaneError */
  attach(principal: Principal, resumed?: Attachment): Promise<EventCaller>;
  log(message: string, level?: 'error' | 'warning' | 'info' | 'debug'): void;
}

type Stream = ServerDuplexStream<AttachRequest, Outbound<AttachResponse>>;
type Hello = Extract<AttachRequest['message'], { $case: 'hello' }>['value'];

/** Calls under way above which nothing more is read from a stream until some have been answered: no more would be served, and each may be a large answer. */
const CALLS_MOST = LANES_OF_CALLER;
/** Bytes of answers that wait for a client to take those before, above which no more calls are started. */
const ANSWERS_MOST = 1 << 20;
/** What a message carries beside its calls. */
const OVERHEAD = 64;
const NOTHING = new Uint8Array(0);

const codes: Readonly<Record<LaneError['why'], status>> = {
  unreachable: status.UNAVAILABLE,
  ended: status.UNAVAILABLE,
  denied: status.PERMISSION_DENIED,
  gone: status.NOT_FOUND,
  stranger: status.FAILED_PRECONDITION,
  full: status.RESOURCE_EXHAUSTED,
  version: status.FAILED_PRECONDITION,
};

/** As gRPC tells it. */
function statusOf(error: unknown): Partial<StatusObject> {
  if (error instanceof LaneError) return { code: codes[error.why], details: error.message };
  if (error instanceof WireError) return { code: status.INVALID_ARGUMENT, details: error.message };
  return { code: status.INTERNAL, details: 'the door has met a bug of its own; its log says which' };
}

/** One stream. */
class Attached {
  readonly #stream: Stream;
  readonly #host: CryptokiHost;
  readonly #connection: Connection;
  readonly #answers = new AnswerBatch();
  #caller: EventCaller | undefined;
  /** The calls of a message that have not been started, since enough are under way. */
  #rest: Iterator<WireCall> | undefined;
  /** The greeting is with the engine. */
  #greeting = false;
  #over = false;
  #flushing = false;
  #blocked = false;
  #calls = 0;
  #bytes = 0;

  constructor(stream: Stream, host: CryptokiHost) {
    this.#stream = stream;
    this.#host = host;
    this.#connection = host.connectionOf(stream);
    stream.on('data', (request: AttachRequest) => this.#guarded(() => this.#take(request)));
    stream.on('end', () => this.#end());
    // A client that goes without a word may come back. This is told as well where the whole connection has ended.
    stream.on('cancelled', () => this.#leave());
    stream.on('error', () => this.#leave());
    stream.on('drain', () => {
      this.#blocked = false;
      this.#flush();
      this.#pace();
    });
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #take({ message }: AttachRequest): void {
    if (this.#over) return;
    if (message?.$case === 'hello') this.#greet(message.value);
    else if (message?.$case === 'calls') this.#call(message.value);
    else if (message?.$case === 'goodbye') this.#goodbye();
    else throw new WireError('a message is none of those that there are');
  }

  #greet(hello: Hello): void {
    if (this.#greeting || this.#caller !== undefined) throw new WireError('a second greeting');
    if (hello.laneVersion !== LANE_VERSION)
      throw new LaneError(
        'version',
        `the door speaks version ${LANE_VERSION} of the lanes, not ${hello.laneVersion}`,
      );
    const resumed = hello.resumeId === 0 ? undefined : { id: hello.resumeId, key: hello.resumeKey };
    if (resumed !== undefined && resumed.key.length !== 16)
      throw new WireError('an application’s key has 16 bytes');
    this.#greeting = true;
    // Nothing that comes behind it means anything yet.
    this.#stream.pause();
    this.#host
      .attach(this.#connection.principal, resumed)
      .then((caller) => this.#welcome(caller, resumed !== undefined))
      .catch((error: unknown) => this.#fail(error));
  }

  #welcome(caller: EventCaller, resumed: boolean): void {
    this.#greeting = false;
    if (this.#over) {
      // Whoever has gone meanwhile may still come back to what there was; of what is new he knows nothing.
      if (resumed) caller.leave();
      else caller.farewell();
      return;
    }
    this.#caller = caller;
    caller.onGone = () => this.#fail(new LaneError('ended', 'the engine has ended the connection'));
    const { leaseSeconds, maxMessageBytes } = this.#host;
    const { id, key } = caller.attachment;
    const follows = this.#host.traces !== undefined;
    const value = { id, key, epoch: caller.epoch(), leaseSeconds, maxMessageBytes, resumed, follows };
    this.#stream.write({ message: { $case: 'welcome', value } });
    this.#pace();
  }

  #call(calls: Uint8Array): void {
    if (this.#caller === undefined) throw new WireError('a call before the greeting');
    this.#rest = callsIn(calls);
    this.#startCalls();
    this.#pace();
  }

  /** As much is under way as may be. */
  get #full(): boolean {
    return (
      this.#calls >= CALLS_MOST ||
      this.#bytes >= 2 * this.#host.maxMessageBytes ||
      this.#answers.length > ANSWERS_MOST
    );
  }

  /** Starts those that wait, as many as may be under way. */
  #startCalls(): void {
    const caller = this.#caller;
    while (caller !== undefined && this.#rest !== undefined && !this.#over && !this.#full) {
      const next = this.#rest.next();
      if (next.done === true) this.#rest = undefined;
      else this.#start(caller, next.value);
    }
  }

  #start(caller: EventCaller, { number, fn, args, bulk, room, trace }: WireCall): void {
    const bytes = args.length + (bulk?.length ?? 0) + room;
    if (room > this.#host.maxMessageBytes) throw new WireError('a call wants more room than a message has');
    if (args.length > ARGUMENTS_MOST) throw new WireError('a call has more arguments than a lane takes');
    this.#calls++;
    this.#bytes += bytes;
    const over = (): void => {
      this.#calls--;
      this.#bytes -= bytes;
    };
    const call: Outgoing = {
      fn,
      args,
      bulk,
      room,
      answered: (rv, reply) => {
        over();
        args.fill(0);
        this.#answer(number, rv, reply);
        this.#guarded(() => this.#startCalls());
      },
      failed: (error) => {
        over();
        this.#fail(error);
      },
    };
    const { traces } = this.#host;
    caller.start(traces === undefined ? call : followCall(traces, trace, call));
  }

  #answer(number: number, rv: number, reply: Uint8Array): void {
    const answers = this.#answers;
    if (reply.length + OVERHEAD > this.#host.maxMessageBytes) {
      this.#answer(number, CKR_HOST_MEMORY, NOTHING);
      return;
    }
    if (answers.length > 0 && answers.length + reply.length + OVERHEAD > this.#host.maxMessageBytes)
      this.#flush();
    answers.put(number, rv, reply);
    if (this.#flushing) return;
    this.#flushing = true;
    // Those that came at the same time go together.
    queueMicrotask(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    const caller = this.#caller;
    if (this.#over || this.#blocked || caller === undefined || this.#answers.length === 0) return;
    const frame = this.#answers.frame(caller.epoch());
    this.#blocked = !this.#stream.write(frame, () => frame.done());
    this.#guarded(() => this.#startCalls());
    this.#pace();
  }

  /** Reads on, or does not: a client that does not take its answers is not read from either. */
  #pace(): void {
    if (this.#over || this.#greeting) return;
    const full = this.#rest !== undefined || this.#full;
    if (full || (this.#blocked && this.#answers.length > 0)) this.#stream.pause();
    else this.#stream.resume();
  }

  #goodbye(): void {
    this.#over = true;
    this.#caller?.farewell();
    this.#stream.end();
  }

  /** The client has said all that it has to say. */
  #end(): void {
    this.#leave();
    this.#stream.end();
  }

  #leave(): void {
    if (this.#over) return;
    this.#over = true;
    this.#caller?.leave();
  }

  #fail(error: unknown): void {
    if (this.#over) return;
    this.#leave();
    if (!(error instanceof LaneError || error instanceof WireError))
      this.#host.log(
        `a bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        'error',
      );
    this.#stream.emit('error', statusOf(error));
  }
}

export function cryptokiService(host: CryptokiHost): {
  readonly definition: typeof attachService;
  readonly handlers: { readonly attach: handleBidiStreamingCall<AttachRequest, Outbound<AttachResponse>> };
} {
  return {
    definition: attachService,
    handlers: {
      attach: (stream) => {
        new Attached(stream, host);
      },
    },
  };
}
