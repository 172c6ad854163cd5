/**
 * An engine on a real store in this process, and callers for the network door's services: what lanes carry otherwise is handed over in memory.
 * The encoding is the real one, on both ends.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Dispatcher } from '../../../module/engine/calls/dispatch.ts';
import { Engine } from '../../../module/engine/engine.ts';
import { Log } from '../../../module/engine/log.ts';
import { withSettings } from '../../../module/engine/policy/config.ts';
import { everything } from '../../../module/engine/policy/rights.ts';
import { type Answer, type Caller, LaneError } from '../../../module/lane/caller.ts';
import {
  FUNCTION_DETACH,
  type LaneEvents,
  type Lanes,
  loadLanes,
  NEXT_BELL,
  NEXT_IDLE,
  type OpenLanes,
} from '../../../module/lane/lane.ts';
import { type Principal, packPrincipal } from '../../../module/lane/principal.ts';
import { enclave } from '../../store/real-enclave.ts';

/** PINs that are set here are derived in no time, and wrong ones answered at once. */
const quick = { 'pin.kdf': 'pbkdf2', 'pin.iterations': 1_000, 'pin.slow_first_ms': 0 } as const;

const library = path.resolve(import.meta.dirname, '../../../out/lib/strongroom');
const BULK_OFFSET = 65_536;
const USUAL = 1 << 20;

interface Request {
  readonly lane: number;
  readonly fn: number;
  readonly args: Uint8Array;
}

class Memory implements Lanes {
  readonly #real = loadLanes(path.join(library, 'lane.node'));
  readonly #queue: Request[] = [];
  readonly #waiting = new Map<number, (answer: { rv: number; length: number }) => void>();
  events: LaneEvents | undefined;
  #opened: OpenLanes | undefined;
  #bell = false;
  epochNow = 1;
  /** Called when there is something to look at. */
  turn: () => void = () => undefined;

  lock(): boolean {
    return true;
  }

  open(home: string, events: LaneEvents): OpenLanes {
    this.events = events;
    this.#opened = this.#real.open(home, events);
    return this.#opened;
  }

  ask(request: Request): Promise<{ rv: number; length: number }> {
    const { promise, resolve } = Promise.withResolvers<{ rv: number; length: number }>();
    this.#waiting.set(request.lane, resolve);
    this.#queue.push(request);
    this.#look();
    return promise;
  }

  #look(): void {
    setImmediate(() => {
      this.turn();
      if (this.#waiting.size > 0) this.#look();
    });
  }

  next(lane: number, rv: number, length: number): number {
    if (lane >= 0) this.reply(lane, rv, length);
    const first = this.#queue.shift();
    if (first === undefined) {
      this.#bell = !this.#bell;
      return this.#bell ? NEXT_BELL : NEXT_IDLE;
    }
    if (this.#opened === undefined) throw new Error('the lanes are not open');
    this.#opened.scratch.set(first.args);
    this.#opened.request[0] = first.fn;
    this.#opened.request[1] = first.args.length;
    return first.lane;
  }

  reply(lane: number, rv: number, length: number): void {
    const told = this.#waiting.get(lane);
    this.#waiting.delete(lane);
    told?.({ rv, length });
  }

  wipe(): void {}
  epoch(): void {
    this.epochNow++;
  }
  busyLanes(): number {
    return 1;
  }
  lanes(): number {
    return 1;
  }
  farewell(): void {}
  mend(): boolean {
    return true;
  }
  shut(): void {}
  close(): void {
    this.#real.close();
  }
}

interface Lane {
  readonly number: number;
  readonly areas: ArrayBuffer;
  readonly capacity: number;
}

/** One application of the engine's. */
class MemoryCaller implements Caller {
  readonly attachment;
  onGone: (() => void) | undefined;
  /** Calls so far, by function number. */
  readonly calls: number[] = [];
  readonly #host: LocalEngine;
  readonly #free: Lane[] = [];
  #ended = false;

  constructor(host: LocalEngine, id: number) {
    this.#host = host;
    this.attachment = { id, key: new Uint8Array(16) };
  }

  epoch(): number {
    return this.#host.lanes.epochNow;
  }

  #lane(capacity: number): Lane {
    const at = this.#free.findIndex((lane) => lane.capacity >= capacity);
    const [found] = at < 0 ? [] : this.#free.splice(at, 1);
    return found ?? this.#host.newLane(this.attachment.id, Math.max(capacity, USUAL));
  }

  async call(fn: number, args: Uint8Array, bulk?: Uint8Array, room = 0): Promise<Answer> {
    if (this.#ended || this.#host.down) throw new LaneError('ended', 'the engine has gone');
    this.calls.push(fn);
    const lane = this.#lane(Math.max(room, BULK_OFFSET + (bulk?.length ?? 0)));
    if (bulk !== undefined) new Uint8Array(lane.areas).set(bulk, BULK_OFFSET);
    const { rv, length } = await this.#host.lanes.ask({ lane: lane.number, fn, args: args.slice() });
    const reply = new Uint8Array(lane.areas.slice(lane.capacity, lane.capacity + length));
    this.#free.push(lane);
    if (this.#host.down) throw new LaneError('ended', 'the engine has gone');
    return { rv, reply };
  }

  farewell(): void {
    if (this.#ended) return;
    this.#ended = true;
    const { number } = this.#lane(0);
    void this.#host.lanes.ask({ lane: number, fn: FUNCTION_DETACH, args: new Uint8Array(0) });
  }

  leave(): void {
    this.farewell();
  }
}

export class LocalEngine {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'strongroom-door-'));
  readonly lanes = new Memory();
  readonly engine: Engine;
  /** Set to have the engine be gone. */
  down = false;
  readonly callers: MemoryCaller[] = [];
  #applications = 0;
  #lanes = 0;

  constructor() {
    const home = path.join(this.folder, 'store');
    mkdirSync(home, { mode: 0o700 });
    this.engine = new Engine(
      home,
      enclave,
      this.lanes,
      { config: withSettings(quick), given: quick, source: undefined },
      new Log(() => true),
    );
    // Whoever the door names may do everything: what rules say is no matter of these tests.
    this.engine.rightsOf = () => everything;
    const dispatcher = new Dispatcher(this.engine, this.lanes, home);
    this.lanes.turn = () => dispatcher.drain();
  }

  newLane(application: number, capacity: number): Lane {
    const number = this.#lanes++;
    const areas = new ArrayBuffer(2 * capacity);
    this.lanes.events?.lane(application, number, areas, capacity);
    return { number, areas, capacity };
  }

  /** What the door calls to have an application. */
  readonly attach = async (principal: Principal): Promise<Caller> => {
    if (this.down) throw new LaneError('unreachable', 'no engine is there');
    const id = ++this.#applications;
    const uid = process.getuid?.() ?? 0;
    const entered = this.lanes.events?.attached(id, process.pid, uid, uid, [], packPrincipal(principal));
    if (entered !== true) throw new LaneError('denied', 'no rule of the policy lets it in');
    const caller = new MemoryCaller(this, id);
    this.callers.push(caller);
    return caller;
  };

  /** Applications that are there now, and their sessions. */
  get left(): { applications: number; sessions: number } {
    const all = [...this.engine.applications.values()];
    return { applications: all.length, sessions: all.reduce((sum, { sessions }) => sum + sessions.size, 0) };
  }

  close(): void {
    this.engine.close();
    this.lanes.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
