/** A door's front with a server of gRPC behind it that echoes, and clients that are as good or as bad as a test wants them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import {
  Client,
  type ClientDuplexStream,
  credentials,
  Server,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { Front } from '../../daemon/front/front.ts';
import { serverOptions } from '../../daemon/front/inner.ts';
import { defaultConfig } from '../../module/engine/policy/config.ts';
import type { NetworkConfig } from '../../module/engine/public.ts';
import { Authority, type Identity, type Wish } from '../support/certificates.ts';
import { preface } from './raw.ts';

const bytes = { serialize: (value: Buffer) => value, deserialize: (value: Buffer) => value };

function method(name: string, stream: boolean) {
  return {
    path: `/test.Echo/${name}`,
    requestStream: stream,
    responseStream: stream,
    requestSerialize: bytes.serialize,
    requestDeserialize: bytes.deserialize,
    responseSerialize: bytes.serialize,
    responseDeserialize: bytes.deserialize,
  };
}

const echo: ServiceDefinition = {
  unary: method('Unary', false),
  stream: method('Stream', true),
  never: method('Never', false),
  large: method('Large', true),
};

/** What the front said to its log. */
export class Lines {
  readonly all: string[] = [];
  line(message: string): void {
    this.all.push(message);
  }
  with(text: string): string[] {
    return this.all.filter((line) => line.includes(text));
  }
}

export class Door {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'front-'));
  readonly root = new Authority('clients');
  readonly servers = new Authority('servers');
  readonly log = new Lines();
  /** Who called, by the names of his certificate. */
  readonly callers: string[] = [];
  readonly grpc: Server;
  front: Front;
  config: NetworkConfig;
  readonly #ends: (() => void)[] = [];

  constructor(given: Partial<NetworkConfig> = {}) {
    const server = this.servers.issue({ dns: ['localhost'], ip: ['127.0.0.1'], purposes: ['server'] });
    this.config = {
      ...defaultConfig.network,
      listen: [{ host: '127.0.0.1', port: 0 }],
      certificate: this.put('server.pem', server.certificate),
      key: this.put('server.key', server.key),
      clientCa: this.put('clients.pem', this.root.certificate),
      ...given,
    };
    this.grpc = new Server(serverOptions(this.config));
    this.grpc.addService(echo, {
      unary: (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) => {
        this.callers.push(this.front.connectionOf(call).principal.names.join(' '));
        done(null, call.request);
      },
      stream: (call: ServerDuplexStream<Buffer, Buffer>) => {
        call.on('data', (message: Buffer) => call.write(message));
        call.on('end', () => call.end()).on('error', () => undefined);
      },
      never: () => undefined,
      // Answers a message with as many bytes as its text says.
      large: (call: ServerDuplexStream<Buffer, Buffer>) => {
        call.on('data', (message: Buffer) => call.write(Buffer.alloc(Number(message.toString()))));
        call.on('end', () => call.end()).on('error', () => undefined);
      },
    });
    this.front = new Front(this.config, this.log);
  }

  async open(): Promise<this> {
    await this.front.open(this.grpc);
    return this;
  }

  get port(): number {
    return this.front.addresses[0]?.port ?? 0;
  }

  put(name: string, text: string): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }

  /** A client's certificate. */
  client(wish: Wish = { spiffe: ['spiffe://example/good'] }): Identity {
    return this.root.issue(wish);
  }

  /** Ends with the door. */
  own<T extends { destroy(): void } | { close(): void }>(thing: T): T {
    this.#ends.push(() => ('destroy' in thing ? thing.destroy() : thing.close()));
    return thing;
  }

  good(identity = this.client()): Good {
    return this.own(new Good(this.port, this.servers, identity));
  }

  /** TLS as a client does it; resolves when the handshake is over as far as he can see. */
  async tls(identity: Identity | undefined, options: tls.ConnectionOptions = {}): Promise<tls.TLSSocket> {
    const { promise, resolve, reject } = Promise.withResolvers<tls.TLSSocket>();
    const socket = this.own(
      tls.connect({
        host: '127.0.0.1',
        port: this.port,
        ca: this.servers.certificate,
        ALPNProtocols: ['h2'],
        ...(identity === undefined ? {} : { cert: identity.certificate, key: identity.key }),
        ...options,
      }),
    );
    socket.once('secureConnect', () => resolve(socket)).once('error', reject);
    return await promise;
  }

  /** Whether the door keeps a connection: an answer to HTTP/2 comes, or the end. */
  async letsIn(identity: Identity | undefined, options: tls.ConnectionOptions = {}): Promise<boolean> {
    let socket: tls.TLSSocket;
    try {
      socket = await this.tls(identity, options);
    } catch {
      return false;
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    socket.once('data', () => resolve(true));
    socket.on('error', () => resolve(false)).on('close', () => resolve(false));
    socket.write(preface());
    return await promise.finally(() => socket.destroy());
  }

  async session(
    identity = this.client(),
    options: tls.ConnectionOptions = {},
  ): Promise<http2.ClientHttp2Session> {
    const socket = await this.tls(identity, options);
    const session = http2.connect('https://localhost', { createConnection: () => socket });
    session.on('error', () => undefined);
    await new Promise((done) => session.once('remoteSettings', done).once('close', done));
    return this.own(session);
  }

  async close(): Promise<void> {
    for (const end of this.#ends.splice(0)) end();
    await this.front.close();
    this.grpc.forceShutdown();
    rmSync(this.folder, { recursive: true });
  }
}

/** A client that does as gRPC's own does. */
export class Good {
  readonly #client: Client;
  constructor(port: number, servers: { readonly certificate: string }, { certificate, key }: Identity) {
    const creds = credentials.createSsl(
      Buffer.from(servers.certificate),
      Buffer.from(key),
      Buffer.from(certificate),
    );
    this.#client = new Client(`127.0.0.1:${port}`, creds, {
      'grpc.ssl_target_name_override': 'localhost',
      'grpc.use_local_subchannel_pool': 1,
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 200,
      'grpc.enable_retries': 0,
    });
  }

  async call(message: Buffer = Buffer.from('hello')): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    this.#client.makeUnaryRequest(
      '/test.Echo/Unary',
      bytes.serialize,
      bytes.deserialize,
      message,
      { deadline: Date.now() + 90_000 },
      (error, answer) => (error === null && answer !== undefined ? resolve(answer) : reject(error)),
    );
    return await promise;
  }

  stream(name: 'Stream' | 'Large' = 'Stream'): ClientDuplexStream<Buffer, Buffer> {
    return this.#client.makeBidiStreamRequest(`/test.Echo/${name}`, bytes.serialize, bytes.deserialize);
  }

  close(): void {
    this.#client.close();
  }
}

export async function closed(socket: {
  closed?: boolean;
  once(event: 'close', told: () => void): unknown;
}): Promise<void> {
  if (socket.closed !== true) await new Promise<void>((done) => socket.once('close', done));
}
