/**
 * The library's server, as far as we need more of it than it shows: which connections and streams there are, and the bounds of its HTTP/2. It lets
 * through few of them by its options, so its own are reached into, in this file alone; it is pinned, and a test fails when there is something else.
 */
import type { ServerOptions as Http2Options, Http2Server, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { type Server, ServerCredentials, type ServerOptions } from '@grpc/grpc-js';
import type { NetworkConfig } from '../../module/engine/public.ts';

/** All headers of a call together; ours have some hundred bytes. */
const HEADERS_MOST_BYTES = 16_384;
const HEADERS_MOST = 64;
/** How much of a stream may be under way to us before we have read it, so that large messages come at the network's speed. */
export const WINDOW_BYTES = 1 << 20;

/** What gRPC's server must be made with. */
export function serverOptions(config: NetworkConfig): ServerOptions {
  return {
    'grpc.max_receive_message_length': config.maxMessageBytes,
    'grpc.max_send_message_length': config.maxMessageBytes,
    'grpc.max_concurrent_streams': config.maxStreamsPerConnection,
    // Each connection, each stream and each message would be noted down for somebody who never asks.
    'grpc.enable_channelz': 0,
  };
}

/** What HTTP/2 is told beside. */
function http2Options(config: NetworkConfig): Http2Options {
  return {
    maxHeaderListPairs: HEADERS_MOST,
    maxSettings: 16,
    maxSessionInvalidFrames: 32,
    maxSessionRejectedStreams: 64,
    // Behind our own bounds, which come first (client.ts).
    streamResetBurst: 512,
    streamResetRate: 128,
    settings: {
      maxConcurrentStreams: config.maxStreamsPerConnection,
      maxHeaderListSize: HEADERS_MOST_BYTES,
      initialWindowSize: WINDOW_BYTES,
      enablePush: false,
    },
  };
}

/** A way into the library's server for connections that others have accepted. */
export interface Inner {
  readonly http2: Http2Server;
  inject(socket: Socket): void;
  /** Says goodbye to all, and ends after a while those who stay. */
  drain(graceMs: number): void;
}

export function innerOf(grpc: Server, config: NetworkConfig): Inner {
  const common: unknown = Reflect.get(grpc, 'commonServerOptions');
  const servers: unknown = Reflect.get(grpc, 'http2Servers');
  if (typeof common !== 'object' || common === null || !(servers instanceof Map))
    throw new Error('a bug: this is not the server of gRPC that we know');
  const before = new Set<unknown>(servers.keys());
  Object.assign(common, http2Options(config));
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const [http2] = [...servers.keys()].filter((server) => !before.has(server));
  return {
    http2,
    inject: (socket) => injector.injectConnection(socket),
    drain: (graceMs) => injector.drain(graceMs),
  };
}

/**
 * Keeps a late message from undoing the end of a stream. The library ends one by itself, where a message can't be read or is too long, and its handler,
 * who hears of that later, may still answer. Node holds such an answer against the stream: it never comes to its end, and the client never hears of it.
 */
export function keepEnd(stream: ServerHttp2Stream): void {
  const write: unknown = Reflect.get(stream, 'write');
  if (typeof write !== 'function') throw new Error('a bug: this is not the stream of HTTP/2 that we know');
  const guarded = (...all: unknown[]): boolean => {
    if (!stream.writableEnded) return Reflect.apply(write, stream, all) as boolean;
    const told = all.at(-1);
    if (typeof told === 'function') process.nextTick(told, new Error('the stream has ended'));
    return false;
  };
  Object.defineProperty(stream, 'write', { value: guarded });
}
