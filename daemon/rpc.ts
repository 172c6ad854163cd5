/** Between gRPC's handlers and ours: who calls, whether he still waits, and what an error looks like. */
import type { Readable } from 'node:stream';
import {
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import type { Traces } from '../module/traces/trace.ts';
import { Problem, serviceError, wrong } from './errors/problem.ts';
import type { AnyCall, Connection, ConnectionOf } from './front/connection.ts';
import { followRpc, type RpcCall } from './traced.ts';

/** The log of the door: one line each. */
export type Log = (message: string) => void;

/** One call. */
export interface Context {
  readonly connection: Connection;
  /** Aborted when the caller has gone, has cancelled, or has waited as long as he wanted to. */
  readonly signal: AbortSignal;
}

/** The caller does not wait any more, so nobody hears of this. */
class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

export class Calls {
  readonly #connectionOf: ConnectionOf;
  readonly #log: Log;
  readonly #traces: Traces | undefined;

  constructor(connectionOf: ConnectionOf, log: Log, traces?: Traces) {
    this.#connectionOf = connectionOf;
    this.#log = log;
    this.#traces = traces;
  }

  #followed<A>(call: RpcCall, work: () => Promise<A>): Promise<A> {
    if (this.#traces === undefined) return work();
    // What is to be said of the error is said where it is answered.
    const codeOf = (error: unknown) => this.#error(error, () => undefined).code;
    return followRpc(this.#traces, call, work, codeOf);
  }

  #context(
    call: AnyCall & { on(event: 'cancelled', told: () => void): unknown; cancelled: boolean },
  ): Context {
    const abort = new AbortController();
    const given = () => abort.abort(new GivenUp('the caller does not wait any more'));
    if (call.cancelled) given();
    call.on('cancelled', given);
    return { connection: this.#connectionOf(call), signal: abort.signal };
  }

  #error(error: unknown, log = this.#log): ServiceError {
    if (error instanceof GivenUp)
      return serviceError(new Problem(status.CANCELLED, 'CKR_FUNCTION_CANCELED', error.message), log);
    return serviceError(error, log);
  }

  unary<Q, A>(handler: (request: Q, context: Context) => Promise<A>): handleUnaryCall<Q, A> {
    return (call, callback) => {
      const run = async () => await handler(call.request, this.#context(call));
      this.#followed(call, run).then(
        (answer) => callback(null, answer),
        (error: unknown) => callback(this.#error(error)),
      );
    };
  }

  /** Messages come, one answer goes. */
  collecting<Q, A>(
    handler: (requests: AsyncIterable<Q>, context: Context) => Promise<A>,
  ): handleClientStreamingCall<Q, A> {
    return (call, callback) => {
      const run = async () => {
        const context = this.#context(call);
        return await handler(messages<Q>(call, context.signal), context);
      };
      this.#followed(call, run).then(
        (answer) => callback(null, answer),
        (error: unknown) => {
          callback(this.#error(error));
          // Whatever still comes is not looked at.
          call.resume();
        },
      );
    };
  }

  /** One request comes, messages go. */
  telling<Q, A>(
    handler: (request: Q, context: Context, write: (answer: A) => Promise<void>) => Promise<void>,
  ): handleServerStreamingCall<Q, A> {
    return (call) => {
      const run = async () => {
        const context = this.#context(call);
        await handler(call.request, context, writer(call, context.signal));
      };
      this.#followed(call, run).then(
        () => call.end(),
        (error: unknown) => call.emit('error', this.#error(error)),
      );
    };
  }

  /** Messages come and go. */
  both<Q, A>(
    handler: (
      requests: AsyncIterable<Q>,
      context: Context,
      write: (answer: A) => Promise<void>,
    ) => Promise<void>,
  ): handleBidiStreamingCall<Q, A> {
    return (call) => {
      const run = async () => {
        const context = this.#context(call);
        await handler(messages<Q>(call, context.signal), context, writer(call, context.signal));
      };
      this.#followed(call, run).then(
        () => call.end(),
        (error: unknown) => {
          call.emit('error', this.#error(error));
          call.resume();
        },
      );
    };
  }
}

/** What a stream brings. It ends with the caller's patience. */
async function* messages<Q>(stream: Readable, signal: AbortSignal): AsyncGenerator<Q> {
  signal.throwIfAborted();
  // Whoever cancels ends nothing by that but his patience: the next message would be waited for.
  const given = (): void => {
    stream.destroy();
  };
  signal.addEventListener('abort', given);
  try {
    // What has been read to its end may still be written to, so it is not for the iterator to destroy.
    for await (const message of stream.iterator({ destroyOnReturn: false })) {
      signal.throwIfAborted();
      yield message as Q;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', given);
  }
  // A stream that is torn down ends as well, and only then is said to be cancelled; what came of it is not all there is.
  await new Promise((later) => setImmediate(later));
  signal.throwIfAborted();
}

interface Writes<A> {
  write(answer: A): boolean;
  once(event: 'drain', told: () => void): unknown;
  off(event: 'drain', told: () => void): unknown;
}

/** Writes, and waits until there is room for more. */
function writer<A>(stream: Writes<A>, signal: AbortSignal): (answer: A) => Promise<void> {
  return async (answer) => {
    signal.throwIfAborted();
    if (stream.write(answer)) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const given = () => reject(signal.reason);
    signal.addEventListener('abort', given);
    stream.once('drain', resolve);
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', given);
      stream.off('drain', resolve);
    }
  };
}

/** The first message of a stream, which must be its start, and the parts behind it. */
export async function started<Start, M extends { readonly $case: string; readonly value: unknown }>(
  requests: AsyncIterable<{ message?: M | undefined }>,
): Promise<{ start: Start; parts: AsyncGenerator<Uint8Array> }> {
  const iterator = requests[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true || first.value.message?.$case !== 'start')
    throw wrong('start', 'it must be the first message');
  const parts = async function* (): AsyncGenerator<Uint8Array> {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      const { message } = next.value;
      if (message?.$case !== 'part') throw wrong('part', 'after the start, every message has a part');
      yield message.value as Uint8Array;
    }
  };
  return { start: first.value.message.value as Start, parts: parts() };
}

/** Waits so long, or until nobody waits for it any more. */
export const paused = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', given);
      resolve();
    }, ms);
    function given(): void {
      clearTimeout(timer);
      reject(signal.reason);
    }
    signal.addEventListener('abort', given, { once: true });
  });
