/**
 * The client's end of the lanes for a process that serves many, from an event loop: the network door. The library has its own (module/shim).
 *
 * Whoever calls writes his arguments as the library does (schema/cryptoki/functions.ts has the layout).
 */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { getSystemErrorMessage } from 'node:util';
import {
  type Answer,
  type Attachment,
  type CallTimes,
  callBy,
  type EventCaller,
  LaneError,
  type Outgoing,
} from './calling.ts';
import { BULK_OFFSET } from './lane.ts';
import { type Principal, packPrincipal } from './principal.ts';

export * from './calling.ts';

/** Lanes of one application (SR_LANES_MAX). */
export const LANES_OF_CALLER = 64;
const CAPACITY_DEFAULT = 1 << 20;
/** The longest request or answer (SR_LANE_CAPACITY_MAX). */
export const CAPACITY_MOST = 1 << 29;
/** The longest argument section (SR_LANE_ARGUMENTS_MAX). */
export const ARGUMENTS_MOST = 1 << 24;
/** How long an engine may take to answer a greeting or to give a lane. */
const PATIENCE_MS = 10_000;
/** Lanes that have rested for so long are given back. */
const REST_MS = 5_000;
/** While calls are under way the engine is asked for a sign of life so often; after so many questions without one it counts as stopped. */
const LOOK_MS = 1_000;
const LOOKS_MOST = 8;

const STATUS_OK = 0;
const reasons: Readonly<Record<number, readonly [LaneError['why'], string]>> = {
  1: ['version', 'the engine speaks another version of the lanes'],
  2: ['gone', 'the engine knows no such application'],
  3: ['full', 'the engine has no more room'],
  4: ['unreachable', 'the engine does not understand us'],
  5: ['denied', 'the policy lets nobody in by that name'],
};

function refusal(status: number): LaneError {
  const [why, message] = reasons[status] ?? ['unreachable', `the engine answers ${status}`];
  return new LaneError(why, message);
}

/** Only the network door may name others. */
function stranger(): LaneError {
  return new LaneError(
    'stranger',
    'the engine does not take this process for its network door: network.user must be its user, and network.listen have been there when the engine started',
  );
}

interface Native {
  open(events: {
    welcomed(connection: number, status: number, id: number, key: Uint8Array): void;
    lane(
      connection: number,
      status: number,
      lane: number,
      areas: ArrayBuffer | undefined,
      capacity: number,
    ): void;
    answered(count: number): void;
    gone(connection: number): void;
  }): Uint32Array;
  connect(
    path: string,
    user: number,
    principal: Uint8Array,
    owner: bigint,
    id: number,
    key: Uint8Array,
  ): number;
  lane(connection: number, capacity: number): boolean;
  submit(
    connection: number,
    lane: number,
    fn: number,
    args: number,
    bulk: number,
    wantsTimes: boolean,
  ): boolean;
  times(connection: number, lane: number, out: Float64Array): boolean;
  release(connection: number, lane: number): void;
  epoch(connection: number): number;
  alive(connection: number): boolean;
  close(connection: number, goodbye: boolean): void;
}

const NO_KEY = new Uint8Array(16);
const EMPTY = new Uint8Array(0);
const TIMES = new Float64Array(3);

/** The engine, for whoever makes applications in it for others. */
export class Engine {
  readonly #native: Native;
  readonly #words: Uint32Array;
  readonly #callers = new Map<number, LaneCaller>();
  readonly #path: string;
  readonly #user: number;

  /**
   * One in a process.
   * @param addon the path of caller.node
   * @param path of the engine's socket
   * @param user id of the user whose engine it must be; root's may be taken for it
   */
  constructor(addon: string, path: string, user: number) {
    this.#native = createRequire(import.meta.url)(addon) as Native;
    this.#path = path;
    this.#user = user;
    const of = (connection: number) => this.#callers.get(connection);
    this.#words = this.#native.open({
      welcomed: (connection, status, id, key) => of(connection)?.welcomed(status, id, key),
      lane: (connection, status, lane, areas, capacity) =>
        of(connection)?.gotLane(status, lane, areas, capacity),
      answered: (count) => this.#answered(count),
      gone: (connection) => {
        const caller = of(connection);
        this.#callers.delete(connection);
        caller?.ended(new LaneError('ended', 'the engine has ended the connection'));
      },
    });
  }

  /**
   * Makes an application for the principal, or goes on as one that was made for him.
   * @throws LaneError
   */
  attach(principal: Principal, resumed?: Attachment): Promise<EventCaller> {
    const owner = createHash('sha256').update(JSON.stringify(principal.names)).digest().readBigUInt64LE(0);
    const connection = this.#native.connect(
      this.#path,
      this.#user,
      packPrincipal(principal),
      owner,
      resumed?.id ?? 0,
      resumed?.key ?? NO_KEY,
    );
    if (connection < 0) {
      const reason = getSystemErrorMessage(connection);
      return Promise.reject(
        new LaneError('unreachable', `the engine cannot be reached at ${this.#path}: ${reason}`),
      );
    }
    return new Promise((resolve, give) => {
      const reject = (error: LaneError): void =>
        give(error.why === 'gone' && resumed === undefined ? stranger() : error);
      const caller = new LaneCaller(
        this.#native,
        connection,
        () => this.#callers.delete(connection),
        resolve,
        reject,
      );
      this.#callers.set(connection, caller);
    });
  }

  #answered(count: number): void {
    const words = this.#words;
    // Whoever hears of one may call again; the words are overwritten only after all of them have been read.
    const taken = words.slice(0, 5 * count);
    for (let at = 0; at < taken.length; at += 5) {
      const [connection = 0, lane = 0, low = 0, high = 0, length = 0] = taken.subarray(at, at + 5);
      this.#callers.get(connection)?.answered(lane, high * 0x1_0000_0000 + low, length);
    }
  }
}

interface OpenLane {
  readonly number: number;
  readonly request: Uint8Array;
  readonly reply: Uint8Array;
  readonly capacity: number;
  call: Outgoing | undefined;
  /** When that was put into it, where anybody wants to know. */
  sent: number;
  /** When its last call ended. */
  rested: number;
}

/** rv of a lane that the engine has closed. */
const CLOSED = 2 ** 64;

class LaneCaller implements EventCaller {
  attachment: Attachment = { id: 0, key: NO_KEY };
  onGone: (() => void) | undefined;
  readonly #native: Native;
  readonly #connection: number;
  readonly #forget: () => void;
  #settle: { resolve(caller: EventCaller): void; reject(error: LaneError): void } | undefined;
  readonly #lanes = new Map<number, OpenLane>();
  readonly #idle: OpenLane[] = [];
  readonly #waiting: Outgoing[] = [];
  /** A lane has been asked for, and this is when that is given up. */
  #asking: NodeJS.Timeout | undefined;
  #ended: LaneError | undefined;
  #watch: NodeJS.Timeout | undefined;
  #silent = 0;

  constructor(
    native: Native,
    connection: number,
    forget: () => void,
    resolve: (caller: EventCaller) => void,
    reject: (error: LaneError) => void,
  ) {
    this.#native = native;
    this.#connection = connection;
    this.#forget = forget;
    this.#settle = { resolve, reject };
    this.#asking = this.#patience();
  }

  #patience(): NodeJS.Timeout {
    return setTimeout(
      () => this.#drop(new LaneError('unreachable', 'the engine does not answer')),
      PATIENCE_MS,
    );
  }

  welcomed(status: number, id: number, key: Uint8Array): void {
    clearTimeout(this.#asking);
    this.#asking = undefined;
    if (status !== STATUS_OK) {
      this.#drop(refusal(status));
      return;
    }
    this.attachment = { id, key };
    this.#settle?.resolve(this);
    this.#settle = undefined;
  }

  epoch(): number {
    return this.#native.epoch(this.#connection);
  }

  call(fn: number, args: Uint8Array, bulk?: Uint8Array, room?: number): Promise<Answer> {
    return callBy((call) => this.start(call), fn, args, bulk, room);
  }

  start(call: Outgoing): void {
    if (this.#ended !== undefined) {
      call.failed(this.#ended);
      return;
    }
    const needed = neededFor(call);
    if (call.args.length > ARGUMENTS_MOST || needed > CAPACITY_MOST)
      throw new RangeError(`a call of ${needed} bytes fits into no lane`);
    const lane = this.#take(needed);
    if (lane === undefined) this.#queue(call);
    else this.#send(lane, call);
  }

  #take(needed: number): OpenLane | undefined {
    for (let at = this.#idle.length - 1; at >= 0; at--) {
      const lane = this.#idle[at];
      if (lane === undefined || lane.capacity < needed) continue;
      this.#idle.splice(at, 1);
      return lane;
    }
    return undefined;
  }

  #queue(call: Outgoing): void {
    this.#waiting.push(call);
    this.#ask();
  }

  /** Asks for a lane for the first who waits, if one is to be had. */
  #ask(): void {
    const [first] = this.#waiting;
    if (first === undefined || this.#asking !== undefined || this.#ended !== undefined) return;
    // All are in use, or the idle ones are too small: one of those makes room.
    if (this.#lanes.size >= LANES_OF_CALLER) {
      const small = this.#idle.shift();
      if (small === undefined) return;
      this.#release(small);
    }
    if (this.#native.lane(this.#connection, Math.max(CAPACITY_DEFAULT, neededFor(first))))
      this.#asking = this.#patience();
    else this.#drop(new LaneError('ended', 'the engine has ended the connection'));
  }

  gotLane(status: number, number: number, areas: ArrayBuffer | undefined, capacity: number): void {
    clearTimeout(this.#asking);
    this.#asking = undefined;
    if (areas === undefined || number < 0) {
      // Without any lane nothing goes on; with one, whoever waits has it when it is free.
      if (this.#lanes.size === 0 || neededFor(this.#waiting[0]) > CAPACITY_DEFAULT) {
        this.#waiting.shift()?.failed(refusal(status || 3));
        // Those behind it may need less, or hear the same.
        this.#serveWaiting();
      }
      return;
    }
    const lane: OpenLane = {
      number,
      request: new Uint8Array(areas, 0, capacity),
      reply: new Uint8Array(areas, capacity, capacity),
      capacity,
      call: undefined,
      sent: 0,
      rested: 0,
    };
    this.#lanes.set(number, lane);
    this.#idle.push(lane);
    this.#serveWaiting();
  }

  #serveWaiting(): void {
    while (this.#waiting.length > 0) {
      const lane = this.#take(neededFor(this.#waiting[0]));
      if (lane === undefined) break;
      const call = this.#waiting.shift();
      if (call !== undefined) this.#send(lane, call);
    }
    this.#ask();
  }

  #send(lane: OpenLane, call: Outgoing): void {
    lane.call = call;
    lane.request.set(call.args);
    if (call.bulk !== undefined && call.bulk.length > 0) lane.request.set(call.bulk, BULK_OFFSET);
    this.#watchOver();
    const timed = call.timed !== undefined;
    if (timed) lane.sent = performance.now();
    const bulk = call.bulk?.length ?? 0;
    if (this.#native.submit(this.#connection, lane.number, call.fn, call.args.length, bulk, timed)) return;
    lane.call = undefined;
    this.#forgetLane(lane);
    this.#queue(call);
  }

  answered(number: number, rv: number, length: number): void {
    const lane = this.#lanes.get(number);
    const call = lane?.call;
    if (lane === undefined || call === undefined) return;
    lane.call = undefined;
    this.#silent = 0;
    if (rv >= CLOSED) {
      this.#forgetLane(lane);
      call.failed(new LaneError('ended', 'the engine has closed the lane'));
    } else {
      if (call.timed !== undefined) this.#tellTimes(lane, call.timed);
      const reply = length === 0 ? EMPTY : lane.reply.subarray(0, length);
      call.answered(rv, reply);
      // It may have been a secret, and the engine leaves it to us.
      reply.fill(0);
      lane.rested = performance.now();
      this.#idle.push(lane);
    }
    if (this.#waiting.length > 0) this.#serveWaiting();
  }

  #tellTimes({ number, sent }: OpenLane, timed: (times: CallTimes) => void): void {
    if (!this.#native.times(this.#connection, number, TIMES)) return;
    const [since = 0, served = 0, enclave = 0] = TIMES;
    timed({ sent, found: performance.now() - since, served: served / 1000, enclave: enclave / 1000 });
  }

  #forgetLane(lane: OpenLane): void {
    this.#lanes.delete(lane.number);
    this.#native.release(this.#connection, lane.number);
  }

  #release(lane: OpenLane): void {
    this.#forgetLane(lane);
  }

  /** While there are lanes: gives those back that rest, and asks the engine for signs of life while calls are under way. */
  #watchOver(): void {
    this.#watch ??= setInterval(() => this.#look(), LOOK_MS).unref();
  }

  #look(): void {
    const now = performance.now();
    for (const lane of this.#idle.filter(({ rested }) => now - rested > REST_MS)) {
      this.#idle.splice(this.#idle.indexOf(lane), 1);
      this.#release(lane);
    }
    const busy = [...this.#lanes.values()].some(({ call }) => call !== undefined);
    this.#silent = busy && !this.#native.alive(this.#connection) ? this.#silent + 1 : 0;
    if (this.#silent >= LOOKS_MOST) this.#drop(new LaneError('ended', 'the engine has been stopped'));
    if (this.#lanes.size > 0) return;
    clearInterval(this.#watch);
    this.#watch = undefined;
  }

  farewell(): void {
    this.#close(new LaneError('ended', 'the application has said goodbye'), true);
  }

  leave(): void {
    this.#close(new LaneError('ended', 'the application has been left'), false);
  }

  /** We end it, since it is of no use. */
  #drop(error: LaneError): void {
    this.#close(error, false);
    this.onGone?.();
  }

  #close(error: LaneError, goodbye: boolean): void {
    if (this.#ended !== undefined) return;
    this.#native.close(this.#connection, goodbye);
    this.#forget();
    this.#over(error);
  }

  /** The engine has ended it. */
  ended(error: LaneError): void {
    if (this.#ended !== undefined) return;
    this.#over(error);
    this.onGone?.();
  }

  #over(error: LaneError): void {
    this.#ended = error;
    clearTimeout(this.#asking);
    clearInterval(this.#watch);
    this.#settle?.reject(error);
    this.#settle = undefined;
    const calls = [...this.#lanes.values()].flatMap(({ call }) => call ?? []);
    this.#lanes.clear();
    for (const call of [...calls, ...this.#waiting.splice(0)]) call.failed(error);
  }
}

/** Bytes that each of the lane's two areas must have. */
function neededFor(call: Outgoing | undefined): number {
  if (call === undefined) return CAPACITY_DEFAULT;
  const bulk = call.bulk?.length ?? 0;
  return Math.max(call.args.length, bulk > 0 ? BULK_OFFSET + bulk : 0, call.room);
}
