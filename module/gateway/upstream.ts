/**
 * The way to the other machine: one connection for all applications, to the first of the addresses that answers. Whoever loses it says so, and asks
 * again.
 */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import {
  checkServerIdentity,
  connect,
  createSecureContext,
  type SecureContext,
  type SecureContextOptions,
} from 'node:tls';
import {
  type ChannelOptions,
  type ClientDuplexStream,
  credentials,
  makeGenericClientConstructor,
} from '@grpc/grpc-js';
import { type AttachRequest, type AttachResponse, attachService, type Outbound } from '../wire/attach.ts';

/** Where keys are, and how one gets there; as the configuration says it. */
export interface Remote {
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
  readonly name: string;
  readonly patienceSeconds: number;
}

export type AttachStream = ClientDuplexStream<Outbound<AttachRequest>, AttachResponse>;

export interface Link {
  attach(): AttachStream;
}

interface AttachClient {
  attach(): AttachStream;
  waitForReady(deadline: Date, done: (error?: Error) => void): void;
  close(): void;
}

/** How long one address may take to answer. */
const ADDRESS_MS = 3000;
/** Between attempts, doubled each time, and varied so that not all gateways come at once. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1600;
/** A connection that was lost sooner has been of no use. */
const USEFUL_MS = 1000;

/** TLS knows no server by an address alone (RFC 6066, 3): one that is called by its address is asked for by this. */
const NAMELESS = 'strongroom.invalid';

const AttachClientOf = makeGenericClientConstructor(attachService, 'strongroom.v1.Cryptoki');

export class Upstream {
  readonly #remote: Remote;
  readonly #log: (message: string, level: 'warning' | 'info') => void;
  #client: AttachClient | undefined;
  #connecting: Promise<Link> | undefined;
  #since = 0;
  #failures = 0;
  /** Of each place what was said last. */
  readonly #said = new Map<string, string>();
  /** When there was last a connection; also before the first, when somebody began to want one. */
  #lastGood = performance.now();

  constructor(remote: Remote, log: (message: string, level: 'warning' | 'info') => void) {
    this.#remote = remote;
    this.#log = log;
  }

  /** For how long nobody could be reached, in milliseconds; 0 while there is a connection. */
  get away(): number {
    return this.#client === undefined ? performance.now() - this.#lastGood : 0;
  }

  /** Somebody begins to want a connection after a time when nobody did. */
  wanted(): void {
    if (this.#client === undefined && this.#connecting === undefined) this.#lastGood = performance.now();
  }

  /** A connection; tried for until there is one. */
  link(): Promise<Link> {
    if (this.#client !== undefined) return Promise.resolve(this.#client);
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  /** The connection is of no use any more. */
  lost(link: Link): void {
    if (link !== this.#client) return;
    this.#client.close();
    this.#client = undefined;
    this.#lastGood = performance.now();
    this.#failures = performance.now() - this.#since < USEFUL_MS ? this.#failures + 1 : 0;
  }

  async #connect(): Promise<Link> {
    for (;;) {
      if (this.#failures > 0) await this.#pause();
      for (const address of this.#remote.addresses) {
        const client = await this.#tryAddress(address);
        if (client === undefined) continue;
        this.#client = client;
        this.#since = performance.now();
        const place = `${address.host}:${address.port}`;
        this.#say(place, `keys are at ${place}`, 'info');
        return client;
      }
      this.#failures++;
    }
  }

  #pause(): Promise<void> {
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#failures - 1));
    return new Promise((resolve) => setTimeout(resolve, longest * (0.5 + Math.random() / 2)));
  }

  async #tryAddress({ host, port }: Remote['addresses'][number]): Promise<AttachClient | undefined> {
    const place = `${host}:${port}`;
    let secrets: SecureContextOptions;
    let context: SecureContext;
    try {
      secrets = this.#secrets();
      context = createSecureContext(secrets);
    } catch (error) {
      this.#say(place, `${place} cannot be asked: ${messageOf(error)}`, 'warning');
      return undefined;
    }
    const name = this.#remote.name || host;
    const target = host.includes(':') ? `ipv6:[${host}]:${port}` : `dns:${place}`;
    const options: ChannelOptions = {
      // What is said in the clear; what is checked is the name.
      'grpc.default_authority': isIP(name) === 0 ? name : NAMELESS,
      'grpc.ssl_target_name_override': isIP(name) === 0 ? name : NAMELESS,
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_channelz': 0,
      'grpc.enable_retries': 0,
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
      'grpc.keepalive_time_ms': 10_000,
      'grpc.keepalive_timeout_ms': 5_000,
      'grpc-node.flow_control_window': 8 << 20,
    };
    const secure = credentials.createFromSecureContext(context, {
      checkServerIdentity: (_said, certificate) => checkServerIdentity(name, certificate),
    });
    const client = new AttachClientOf(target, secure, options) as unknown as AttachClient;
    const ready = await new Promise<boolean>((resolve) =>
      client.waitForReady(new Date(Date.now() + ADDRESS_MS), (error) => resolve(error === undefined)),
    );
    if (ready) return client;
    client.close();
    // To find out why may take as long again, and the next address may answer.
    const before = this.#said.get(place);
    void whyNot(host, port, name, secrets).then((reason) => {
      if (this.#said.get(place) === before)
        this.#say(place, `${place} cannot be reached: ${reason}`, 'warning');
    });
    return undefined;
  }

  /** Read anew for each connection: certificates are renewed. */
  #secrets(): SecureContextOptions {
    const { ca, certificate, key } = this.#remote;
    return {
      ca: readFileSync(ca),
      cert: readFileSync(certificate),
      key: readFileSync(key),
      minVersion: 'TLSv1.3',
      maxVersion: 'TLSv1.3',
    };
  }

  /** Says it once, until there is something else to say of the place. */
  #say(place: string, message: string, level: 'warning' | 'info'): void {
    if (message !== this.#said.get(place)) this.#log(message, level);
    this.#said.set(place, message);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What the library for gRPC does not tell: why a TLS connection does not come about. */
function whyNot(
  host: string,
  port: number,
  servername: string,
  secrets: SecureContextOptions,
): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      servername: isIP(servername) === 0 ? servername : NAMELESS,
      checkServerIdentity: (_said, certificate) => checkServerIdentity(servername, certificate),
      ...secrets,
      ALPNProtocols: ['h2'],
      timeout: ADDRESS_MS,
    });
    const done = (reason: string): void => {
      socket.destroy();
      resolve(reason);
    };
    socket.once('error', (error) => done(error.message));
    socket.once('timeout', () => done('it does not answer'));
    // In TLS 1.3 the other side says no to our certificate only after that.
    socket.once('secureConnect', () => {
      socket.once('close', () =>
        done('it does not take our certificate, or has no room for us: its log says which'),
      );
      setTimeout(() => done('it speaks TLS, and nothing that we know'), 500);
    });
  });
}
