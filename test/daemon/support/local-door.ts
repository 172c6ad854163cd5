/** The door's services on a real gRPC server in this process, with the engine beside it, and connections that say who they are. */
import {
  type CallOptions,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type ServiceError,
} from '@grpc/grpc-js';
import type { AnyCall, Connection } from '../../../daemon/front/connection.ts';
import { registerServices } from '../../../daemon/services.ts';
import { BadRequest, ErrorInfo } from '../../../module/wire/generated/google/rpc/error_details.ts';
import { Status } from '../../../module/wire/generated/google/rpc/status.ts';
import { LocalEngine } from './engine.ts';

class FakeConnection implements Connection {
  readonly id: number;
  readonly principal = {
    names: ['spiffe://example.test/client', 'dns:client.example'],
    fingerprint: 'ab'.repeat(32),
    address: '127.0.0.1:1234',
  };
  readonly #told: (() => void)[] = [];
  closed = false;

  constructor(id: number) {
    this.id = id;
  }

  destroy(): void {
    this.closed = true;
    for (const told of this.#told.splice(0)) told();
  }

  /** Those who want to hear of its end. */
  get listeners(): number {
    return this.#told.length;
  }

  onClose(told: () => void): void {
    if (this.closed) told();
    else this.#told.push(told);
  }
}

interface ClientClass<T> {
  new (address: string, who: ReturnType<typeof credentials.createInsecure>, options: object): T;
}

export class LocalDoor {
  readonly engine = new LocalEngine();
  readonly log: string[] = [];
  readonly config = { servingNeedsUnlocked: false };
  /** By the address of the client. */
  readonly connections = new Map<string, FakeConnection>();
  readonly #server = new Server({ 'grpc.max_receive_message_length': 64 << 20 });
  readonly #clients: { close(): void }[] = [];
  #port = 0;

  static async make(): Promise<LocalDoor> {
    const door = new LocalDoor();
    registerServices(door.#server, {
      connectionOf: (call) => door.#connectionOf(call),
      attach: door.engine.attach,
      config: () => door.config,
      log: (message) => door.log.push(message),
    });
    door.#port = await new Promise<number>((resolve, reject) => {
      door.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
        if (error === null) resolve(port);
        else reject(error);
      });
    });
    return door;
  }

  #connectionOf(call: AnyCall): Connection {
    const peer = (call as unknown as { getPeer(): string }).getPeer();
    const connection = this.connections.get(peer) ?? new FakeConnection(this.connections.size + 1);
    this.connections.set(peer, connection);
    return connection;
  }

  /** A client over a connection of its own. */
  client<T extends { close(): void }>(type: ClientClass<T>): T {
    const client = new type(`127.0.0.1:${this.#port}`, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.max_receive_message_length': 64 << 20,
    });
    this.#clients.push(client);
    return client;
  }

  /** What the front does when connections end. */
  disconnect(): void {
    for (const connection of this.connections.values()) connection.destroy();
    this.connections.clear();
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    this.disconnect();
    this.#server.forceShutdown();
    await new Promise((done) => setImmediate(done));
    this.engine.close();
  }
}

type Unary<Q, A> = (
  request: Q,
  metadata: Metadata,
  options: Partial<CallOptions>,
  told: (error: ServiceError | null, answer: A) => void,
) => unknown;

/** A call as a promise. */
export function ask<Q, A>(
  client: object,
  call: Unary<Q, A>,
  request: NoInfer<Q>,
  options: Partial<CallOptions> = {},
): Promise<A> {
  return new Promise((resolve, reject) => {
    call.call(client, request, new Metadata(), options, (error, answer) => {
      if (error === null) resolve(answer);
      else reject(error);
    });
  });
}

/** What an error of the door's says. */
export interface Told {
  readonly code: number;
  readonly reason: string | undefined;
  readonly fields: readonly string[];
  readonly message: string;
}

export function told(error: unknown): Told {
  const { code, metadata, details } = error as { code: number; metadata: Metadata; details: string };
  const [packed] = metadata.get('grpc-status-details-bin');
  if (!(packed instanceof Uint8Array)) return { code, reason: undefined, fields: [], message: details };
  const status = Status.decode(packed);
  const of = (name: string) => status.details.find(({ typeUrl }) => typeUrl.endsWith(`/google.rpc.${name}`));
  const info = of('ErrorInfo');
  const bad = of('BadRequest');
  return {
    code: status.code,
    reason: info === undefined ? undefined : ErrorInfo.decode(info.value).reason,
    fields: bad === undefined ? [] : BadRequest.decode(bad.value).fieldViolations.map(({ field }) => field),
    message: status.message,
  };
}

/** What goes wrong with a call that must. */
export async function refused(call: Promise<unknown>): Promise<Told> {
  try {
    await call;
  } catch (error) {
    return told(error);
  }
  throw new Error('the call went well');
}
