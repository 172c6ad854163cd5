/**
 * A client of the network door's that speaks strongroom.v1.Cryptoki by hand, well or badly: a connection with a certificate, and streams on it, each of
 * which may say whatever a test wants.
 */
import { createSecureContext } from 'node:tls';
import {
  type ClientDuplexStream,
  credentials,
  type Metadata,
  makeGenericClientConstructor,
  type StatusObject,
  status,
} from '@grpc/grpc-js';
import type { Answer } from '../../module/lane/caller.ts';
import { LANE_VERSION } from '../../module/lane/lane.ts';
import { attachService } from '../../module/wire/attach.ts';
import { answersIn, CallBatch, type WireCall } from '../../module/wire/calls.ts';
import { AttachRequest, AttachResponse } from '../../module/wire/generated/strongroom/v1/cryptoki.ts';
import type { Identity } from './certificates.ts';

type Message = NonNullable<AttachRequest['message']>;
export type Welcome = Extract<NonNullable<AttachResponse['message']>, { $case: 'welcome' }>['value'];
export type Resume = Pick<Welcome, 'id' | 'key'>;

/** Where a door is, and whose certificate it shows. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly authority: { readonly certificate: string };
}

/** The stream has ended. */
export class StreamEnded extends Error {
  override readonly name = 'StreamEnded';
  readonly code: status;
  constructor({ code, details }: Pick<StatusObject, 'code' | 'details'>) {
    super(`the stream ended: ${status[code]}: ${details}`);
    this.code = code;
  }
}

/** Messages as they are, so that a test can send what is none. */
const rawService = {
  attach: {
    ...attachService.attach,
    requestSerialize: (bytes: Buffer) => bytes,
    responseDeserialize: (bytes: Buffer) => bytes,
  },
} as const;
const RawClient = makeGenericClientConstructor(rawService, 'strongroom.v1.Cryptoki');

interface Attaching {
  attach(metadata?: Metadata): ClientDuplexStream<Buffer, Buffer>;
  close(): void;
}

/** One connection, under one certificate. */
export class Visitor {
  readonly #client: Attaching;

  constructor({ host, port, authority }: Place, { certificate, key }: Identity) {
    const secrets = createSecureContext({ ca: authority.certificate, cert: certificate, key });
    this.#client = new RawClient(`dns:${host}:${port}`, credentials.createFromSecureContext(secrets), {
      'grpc.ssl_target_name_override': 'localhost',
      'grpc.default_authority': 'localhost',
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_retries': 0,
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
      'grpc.initial_reconnect_backoff_ms': 50,
      'grpc.max_reconnect_backoff_ms': 200,
    }) as unknown as Attaching;
  }

  stream(metadata?: Metadata): Stream {
    return new Stream(this.#client.attach(metadata));
  }

  /** A stream that has been let in. */
  async attached(resume?: Resume): Promise<Stream> {
    const stream = this.stream();
    await stream.hello(resume);
    return stream;
  }

  close(): void {
    this.#client.close();
  }
}

/** One stream: what Cryptoki (daemon/cryptoki-client) calls through, beside what nobody should say. */
export class Stream {
  /** How it ended. */
  readonly ended: Promise<Pick<StatusObject, 'code' | 'details'>>;
  /** Told of each message's bytes. */
  onBytes: ((bytes: Buffer) => void) | undefined;
  /** Numbers of answers that nobody asked for. */
  readonly strays: number[] = [];
  readonly #stream: ClientDuplexStream<Buffer, Buffer>;
  readonly #calls = new Map<number, PromiseWithResolvers<Answer>>();
  readonly #welcome = Promise.withResolvers<Welcome>();
  #number = 0;
  #over: StreamEnded | undefined;

  constructor(stream: ClientDuplexStream<Buffer, Buffer>) {
    this.#stream = stream;
    const { promise, resolve } = Promise.withResolvers<Pick<StatusObject, 'code' | 'details'>>();
    this.ended = promise;
    this.#welcome.promise.catch(() => undefined);
    stream.on('error', () => undefined);
    stream.on('status', (how: StatusObject) => {
      this.#over = new StreamEnded(how);
      this.#welcome.reject(this.#over);
      for (const { reject } of this.#calls.values()) reject(this.#over);
      this.#calls.clear();
      resolve(how);
    });
    stream.on('data', (bytes: Buffer) => {
      this.onBytes?.(bytes);
      this.#take(AttachResponse.decode(bytes).message);
    });
  }

  #take(message: AttachResponse['message']): void {
    if (message?.$case === 'welcome') this.#welcome.resolve(message.value);
    if (message?.$case !== 'answers') return;
    for (const { number, rv, reply } of answersIn(message.value).answers) {
      const waiting = this.#calls.get(number);
      this.#calls.delete(number);
      if (waiting === undefined) this.strays.push(number);
      waiting?.resolve({ rv, reply: reply.slice() });
    }
  }

  raw(bytes: Uint8Array): void {
    if (this.#over === undefined) this.#stream.write(Buffer.from(bytes));
  }

  say(message: Message): void {
    this.raw(AttachRequest.encode({ message }).finish());
  }

  /** @throws StreamEnded when it is not let in */
  hello(resume?: Resume, laneVersion: number = LANE_VERSION): Promise<Welcome> {
    const { id: resumeId, key: resumeKey } = resume ?? { id: 0, key: new Uint8Array(0) };
    this.say({ $case: 'hello', value: { laneVersion, resumeId, resumeKey, software: 'a test' } });
    return this.#welcome.promise;
  }

  /** Calls in one message, as they are. */
  calls(...calls: readonly WireCall[]): void {
    const batch = new CallBatch();
    for (const call of calls) batch.put(call);
    const { message } = AttachRequest.decode(batch.frame().bytes);
    if (message !== undefined) this.say(message);
  }

  /** @throws StreamEnded */
  call(fn: number, args: Uint8Array, bulk?: Uint8Array, room = 0): Promise<Answer> {
    if (this.#over !== undefined) return Promise.reject(this.#over);
    const number = ++this.#number;
    const waiting = Promise.withResolvers<Answer>();
    this.#calls.set(number, waiting);
    this.calls({ number, fn, args, bulk, room });
    return waiting.promise;
  }

  goodbye(): void {
    this.say({ $case: 'goodbye', value: {} });
  }

  /** Takes no more of what the door says. */
  pause(): void {
    this.#stream.pause();
  }

  /** Says no more; the door ends the stream. */
  end(): void {
    this.#stream.end();
  }

  /** Goes without a word. */
  cut(): void {
    this.#stream.cancel();
  }
}
