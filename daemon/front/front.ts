/**
 * What stands between the network and gRPC: a listener of our own. It accepts, has TLS done, asks whether whoever comes may come in, and hands his
 * connection to the library's server. The library knows neither lists of revoked certificates nor bounds for those who have not shown who they are.
 */
import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { createServer, type Server as NetServer, Socket } from 'node:net';
import { createServer as createTlsServer, type PeerCertificate, type Server, type TLSSocket } from 'node:tls';
import type { Server as GrpcServer } from '@grpc/grpc-js';
import type { HostAddress, NetworkConfig } from '../../module/engine/public.ts';
import { Client } from './client.ts';
import type { AnyCall, Connection } from './connection.ts';
import { Counts } from './counts.ts';
import { Gate, hostOf } from './gate.ts';
import { Inbound } from './inbound.ts';
import { type Inner, innerOf, keepEnd } from './inner.ts';
import { failingWords, introduce } from './introduce.ts';
import { type FrontLog, type Refusal, Refusals, type Who } from './refusals.ts';
import { Room } from './room.ts';
import { Trust } from './trust.ts';

/** How often all connections are looked at. */
const LOOK_MS = 250;
/** Connections that the kernel keeps for us until we take them. */
const BACKLOG = 1024;
/** The kernel asks a silent client so often whether he is there: one that went without a word is found out, and costs us nothing meanwhile. */
const ALIVE_MS = 60_000;

/** An address that cannot be had, in words for the log. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

export class Front {
  readonly counts: Counts;
  readonly #log: FrontLog;
  readonly #refusals: Refusals;
  readonly #listeners: NetServer[] = [];
  readonly #gate: Gate;
  readonly #room: Room;
  readonly #inbound: Inbound;
  readonly #clients = new WeakMap<object, Client>();
  readonly #visitors = new WeakMap<Socket, Who>();
  #config: NetworkConfig;
  #trust: Trust;
  #tls: Server;
  #inner: Inner | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ids = 0;

  /** @throws TrustError where the files cannot be used */
  constructor(config: NetworkConfig, log: FrontLog) {
    this.#config = config;
    this.#log = log;
    this.#refusals = new Refusals(log);
    this.#room = new Room();
    this.#inbound = new Inbound(config.maxMessageBytes);
    this.#gate = new Gate({
      start: (socket) => this.#tls.emit('connection', socket),
      refused: (reason, socket, words) => this.#refuse(reason, socket, words),
    });
    this.counts = new Counts(this.#refusals, this.#room, this.#gate);
    this.#trust = this.#read(config);
    this.#tls = this.#newTls(this.#trust);
  }

  /**
   * Begins to let clients in.
   * @param grpc made with `serverOptions`
   * @throws ListenError
   */
  async open(grpc: GrpcServer): Promise<void> {
    const inner = innerOf(grpc, this.#config);
    this.#inner = inner;
    inner.http2.prependListener('session', (session) => this.#spoken(session));
    inner.http2.prependListener('stream', (stream: ServerHttp2Stream) => this.#called(stream));
    for (const address of this.#config.listen) await this.#listen(address);
    this.#timer = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** Where it listens, with the ports that were given to it. */
  get addresses(): readonly HostAddress[] {
    return this.#listeners.flatMap((listener) => {
      const at = listener.address();
      return at === null || typeof at === 'string' ? [] : [{ host: at.address, port: at.port }];
    });
  }

  connectionOf(call: AnyCall): Connection {
    const key = call.getAuthContext().sslPeerCertificate;
    const client = key === undefined ? undefined : this.#clients.get(key);
    if (client === undefined) throw new Error('a bug: a call without a connection');
    return client;
  }

  /**
   * Reads the files anew, and holds everybody who is in against them. Where they cannot be used all stays as it was.
   * @param config where it listens and what the library was given stays as it was
   * @throws TrustError
   */
  reload(config: NetworkConfig): void {
    this.#trust = this.#read(config);
    this.#config = config;
    this.#tls = this.#newTls(this.#trust);
    const now = Date.now();
    for (const client of this.#room.clients) {
      const failing = this.#trust.failing(client.path, now);
      if (failing !== undefined) client.cut(failing, failingWords(failing));
      else client.endsAt = this.#trust.endOf(client.path);
    }
  }

  /** Lets nobody in any more, says goodbye to those who are in, and ends after a while those who stay. */
  async close(graceMs = 0): Promise<void> {
    const closed = this.#listeners.splice(0).map(
      (listener) =>
        new Promise<void>((resolve) => {
          listener.close(() => resolve());
        }),
    );
    this.#gate.close();
    if (graceMs > 0) {
      this.#inner?.drain(graceMs);
      await this.#room.empty(graceMs);
    }
    for (const client of this.#room.clients) client.destroy();
    await Promise.all(closed);
    clearInterval(this.#timer);
  }

  #read(config: NetworkConfig): Trust {
    const trust = new Trust(config);
    for (const warning of trust.warnings) this.#log.line(warning, 'warning');
    return trust;
  }

  async #listen({ host, port }: HostAddress): Promise<void> {
    const listener = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: ALIVE_MS });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    listener.once('error', reject).once('listening', resolve);
    listener.listen({ host, port, backlog: BACKLOG });
    try {
      await promise;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new ListenError(`network.listen: ${host}:${port} cannot be had (${code})`);
    }
    listener.off('error', reject).on('error', ({ message }) => {
      this.#log.line(`network: ${host}:${port}: ${message}`, 'error');
    });
    listener.on('connection', (socket) => {
      const from = hostOf(socket);
      const shown = from.includes(':') ? `[${from}]` : from;
      this.#visitors.set(socket, { host: from, address: `${shown}:${socket.remotePort}` });
      this.#gate.enter(socket);
    });
    this.#listeners.push(listener);
  }

  /** One for each reading of the files: handshakes that are under way end with what they began with, and are asked anew in the end. */
  #newTls(trust: Trust): Server {
    const tls = createTlsServer({
      ...trust.context,
      requestCert: true,
      // Node would end it before it could be said whose certificate it was: `introduce` asks, and asks more.
      rejectUnauthorized: false,
      ALPNProtocols: ['h2'],
    });
    tls.on('secureConnection', (socket) => this.#secured(socket));
    tls.on('tlsClientError', (error, socket) => {
      const raw = rawOf(socket);
      // Whoever was refused at the gate has been told of, and whoever hangs up says nothing.
      if (!this.#gate.has(raw)) return;
      const { code = 'no TLS' } = error as NodeJS.ErrnoException;
      this.#refuse('handshake', raw, `the handshake failed (${code})`);
      raw.destroy();
    });
    return tls;
  }

  #refuse(reason: Refusal, socket: Socket, words: string, fingerprint?: string): void {
    const who = this.#visitors.get(socket) ?? { host: 'unknown', address: 'unknown' };
    this.#refusals.refuse(reason, { ...who, fingerprint }, words);
    this.#gate.penalise(who.host);
  }

  #secured(socket: TLSSocket): void {
    const raw = rawOf(socket);
    this.#gate.leave(raw);
    // What goes wrong with it from now on ends it, and its end is what is listened to.
    socket.on('error', () => undefined);
    const who = this.#visitors.get(raw);
    if (who === undefined || this.#inner === undefined || socket.destroyed) return void socket.destroy();
    const known = introduce(socket, this.#trust, who.address);
    if ('reason' in known) {
      this.#refuse(known.reason, raw, known.words, known.fingerprint);
      socket.destroy();
      return;
    }
    const { principal, path } = known;
    const full = this.#room.lacks(principal, who.host, this.#config);
    if (full !== undefined) {
      this.#refuse(full.reason, raw, full.words, principal.fingerprint);
      socket.destroy();
      return;
    }
    // The library asks the socket for the certificate with every call: this object is all that it gets, and it leads back to the client.
    const key = { raw: Buffer.from(principal.fingerprint, 'hex') } as PeerCertificate;
    Object.defineProperty(socket, 'getPeerCertificate', { value: () => key });
    const client = new Client(
      ++this.#ids,
      socket,
      principal,
      who.host,
      path,
      this.#trust.endOf(path),
      this.#inbound,
      {
        cut: (one, reason, words) => {
          this.#refusals.putOut(reason, one, words);
          this.#room.isOut(one, reason);
        },
        closed: (one) => {
          this.#room.leave(one);
          this.counts.add(one);
        },
      },
    );
    this.#clients.set(key, client);
    this.#room.enter(client);
    this.#inner.inject(socket);
  }

  #spoken(session: ServerHttp2Session): void {
    const socket = session.socket as TLSSocket;
    this.#clients.get(socket.getPeerCertificate())?.speaks(session);
  }

  #called(stream: ServerHttp2Stream): void {
    keepEnd(stream);
    const socket = stream.session?.socket as TLSSocket | undefined;
    if (socket !== undefined) this.#clients.get(socket.getPeerCertificate())?.streamOpened(stream);
  }

  #look(): void {
    const now = performance.now();
    this.#refusals.sweep(now);
    this.#gate.sweep(now);
    for (const client of this.#room.clients) client.look(now);
    this.#room.relieve(this.#config, now);
  }
}

/** The connection below TLS. */
function rawOf(socket: TLSSocket): Socket {
  const raw: unknown = Reflect.get(socket, '_parent');
  if (!(raw instanceof Socket)) throw new Error('a bug: TLS over something that is no connection');
  return raw;
}
