/**
 * The door inside the engine: takes requests off the lanes, checks each call's legality against its row, runs its handler, has the
 * result audited, and answers. This is the one place where an error becomes a CK_RV.
 */
import { Kind, NO_LOGIN, none, syncedKinds } from '../../../audit/format.ts';
import { packNews } from '../../../audit/news.ts';
import type { JobId } from '../../enclave/enclave.ts';
import {
  FUNCTION_DETACH,
  FUNCTION_FAILED,
  FUNCTION_OPEN_GRANTED,
  FUNCTION_PAIRED,
  type LaneEvents,
  type Lanes,
  NEXT_BELL,
  type OpenLanes,
  type ServiceDoor,
} from '../../lane/lane.ts';
import { unpackPrincipal } from '../../lane/principal.ts';
import * as C from '../generated/constants.ts';
import type { Session } from '../sessions/application.ts';
import { endApplication } from '../sessions/lifecycle.ts';
import { Reader } from '../values/reader.ts';
import { SLICE_MILLISECONDS } from '../values/slices.ts';
import { PENDING } from '../values/waiting.ts';
import { type CallRow, callTable } from './generated/codec.ts';
import { handlerTable } from './handlers.ts';
import type { Host } from './host.ts';
import { type CallCounts, LaneCall, NOT_WATCHED, type Parked, type WaitingRoom } from './lane-call.ts';
import { auditKinds, resultOf } from './outcome.ts';
import { permission } from './policy/permission.ts';
import { openGranted } from './sessions.ts';

/** How long the engine looks for the next request before it goes to sleep. */
const SPIN_MICROSECONDS = 60;
/** The same while jobs keep every processor busy: they need this one more. */
const SPIN_WHILE_CROWDED = 4;
/** While a job runs and a processor is free: its caller, or the other one, is about to call. */
const SPIN_WHILE_WORKING = 150;
/** Calls in a row after which the event loop gets its turn. */
const CALLS_PER_TURN = 256;

/** What the library asks for in words of its own. */
const OPEN_SESSION = callTable.findIndex(({ name }) => name === 'C_OpenSession') + 1;
const FINALIZE = callTable.findIndex(({ name }) => name === 'C_Finalize') + 1;

/** What those hear who have as much as they may, or for whom there is no more. */
const limits: ReadonlySet<number> = new Set([C.CKR_SESSION_COUNT, C.CKR_HOST_MEMORY, C.CKR_DEVICE_MEMORY]);

/** A wrong guess is on the disk in both places before its answer; one that was right may cost a power failure's second. */
const wrongPin: ReadonlySet<number> = new Set([C.CKR_PIN_INCORRECT, C.CKR_PIN_LOCKED]);

/**
 * What C_Sign and its like may answer for the opening that came with them: what stands on their own lists (5.8 to 5.15). An opening that is refused
 * for another reason, since the world has changed since it was promised, has begun no operation.
 */
const answersLate: ReadonlySet<number> = new Set([
  C.CKR_USER_NOT_LOGGED_IN,
  C.CKR_SESSION_HANDLE_INVALID,
  C.CKR_HOST_MEMORY,
  C.CKR_DEVICE_MEMORY,
  C.CKR_DEVICE_ERROR,
  C.CKR_GENERAL_ERROR,
  C.CKR_FUNCTION_REJECTED,
  C.CKR_KEY_FUNCTION_NOT_PERMITTED, // A key's end may have come between the promise and the call.
]);

export class Dispatcher {
  /** Told of each call that has been answered; nobody is, as a rule. */
  counts: CallCounts | undefined;
  readonly #engine: Host;
  readonly #lanes: Lanes;
  readonly #open: OpenLanes;
  readonly #reader: Reader;
  readonly #calls: (LaneCall | undefined)[] = [];
  readonly #parked = new Map<number, Parked>();
  /** Calls that are not answered yet, since they wait for something. */
  readonly #waitingCalls = new Set<LaneCall>();
  /** Jobs of the engine's own. */
  readonly #questions = new Map<number, (job: JobId) => void>();
  #settling: { readonly calls: Set<LaneCall>; readonly done: () => void } | undefined;
  #draining = false;
  #turnScheduled = false;

  constructor(engine: Host, lanes: Lanes, folder: string, service?: ServiceDoor) {
    this.#engine = engine;
    this.#lanes = lanes;
    this.#open = lanes.open(folder, this.#events(), service);
    this.#reader = new Reader(this.#open.scratch);
    engine.enclave.setJobBell(this.#open.bell);
    engine.upgrades.askPool = (begin, done) => this.ask(begin, done);
  }

  #events(): LaneEvents {
    return {
      attached: (application, pid, uid, gid, groups, principal) => {
        if (principal === undefined) return this.#engine.attach(application, { pid, uid, gid, groups });
        const remote = unpackPrincipal(principal);
        return remote !== undefined && this.#engine.attach(application, { pid, uid, gid, groups, remote });
      },
      resumed: (application, principal) => {
        const remote = unpackPrincipal(principal);
        return remote !== undefined && this.#engine.resume(application, remote);
      },
      lane: (application, lane, areas, capacity) => {
        const app = this.#engine.applications.get(application);
        if (app === undefined) return;
        this.#calls[lane] = new LaneCall(this.#engine, app, lane, areas, capacity, this.#waiting);
      },
      gone: (application) => this.#end(application),
      woken: () => this.drain(),
      changed: () => this.#engine.onFolderChange?.(),
    };
  }

  readonly #waiting: WaitingRoom = {
    park: (job, parked) => {
      parked.lane.app.jobs++;
      this.#parked.set(job, parked);
    },
    resume: (parked) => this.#finish(parked),
  };

  /** Serves requests until none comes for a while. */
  drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    try {
      this.#serveAll();
    } finally {
      this.#draining = false;
    }
  }

  /** Lets nobody in any more. Who is in goes on. */
  shut(): void {
    this.#lanes.shut();
  }

  /**
   * Has the pool do a small job of the engine's own.
   * @param begin hands it over, as a job of that number; 0 when it was taken
   * @param done called when it has ended; what it made and nobody took goes then
   * @returns false when it was not taken
   */
  ask(begin: (job: JobId) => number, done: (job: JobId) => void): boolean {
    const job = this.#engine.placement.job({ id: 0, jobs: 0 });
    if (begin(job) !== 0) return false;
    this.#questions.set(job, done);
    return true;
  }

  /** Calls `done` once every call that waits at this moment has its answer. Others are served meanwhile. */
  settled(done: () => void): void {
    this.#settling = { calls: new Set(this.#waitingCalls), done };
    this.#answered();
  }

  /** A call that has waited has its answer. */
  #answered(call?: LaneCall): void {
    const settling = this.#settling;
    if (call !== undefined) {
      this.#waitingCalls.delete(call);
      settling?.calls.delete(call);
    }
    if (settling === undefined || settling.calls.size > 0) return;
    this.#settling = undefined;
    settling.done();
  }

  #spin(): number {
    if (this.#parked.size === 0) return SPIN_MICROSECONDS;
    return this.#engine.placement.poolIsFull ? SPIN_WHILE_CROWDED : SPIN_WHILE_WORKING;
  }

  #serveAll(): void {
    const lanes = this.#lanes;
    let left = CALLS_PER_TURN;
    // While long work waits for its next slice, calls have as much time as it has, so that neither goes without.
    const { slices } = this.#engine;
    const end = slices.waiting ? performance.now() + SLICE_MILLISECONDS : Number.POSITIVE_INFINITY;
    let next = lanes.next(-1, 0, 0, false, 0);
    for (;;) {
      if (next >= 0) {
        const call = this.#calls[next];
        const rv = call === undefined ? C.CKR_DEVICE_ERROR : this.#serveAsAsked(call);
        // What nobody is there for any more is not told apart.
        const secret = call === undefined || call.row?.secret === true;
        if (--left <= 0 || (slices.waiting && performance.now() > end)) {
          if (rv !== PENDING) {
            lanes.reply(next, rv, call?.reply.length ?? 0, secret);
            this.#count(call, rv);
          } else if (secret) lanes.wipe(next);
          this.#scheduleTurn();
          return;
        }
        if (rv === PENDING) {
          if (secret) lanes.wipe(next);
          next = lanes.next(-1, 0, 0, false, this.#spin());
        } else {
          next = lanes.next(next, rv, call?.reply.length ?? 0, secret, this.#spin());
          this.#count(call, rv);
        }
      } else if (next === NEXT_BELL) {
        this.#finishJobs();
        next = lanes.next(-1, 0, 0, false, this.#spin());
      } else {
        return;
      }
    }
  }

  /** Lets sockets, timers and the like have their turn, and goes on serving right after. */
  #scheduleTurn(): void {
    if (this.#turnScheduled) return;
    this.#turnScheduled = true;
    setImmediate(() => {
      this.#turnScheduled = false;
      // While requests never cease the bell is not looked at.
      this.#finishJobs();
      this.drain();
    });
  }

  #finishJobs(): void {
    const { enclave } = this.#engine;
    for (let job = enclave.jobTake(); job > 0; job = enclave.jobTake()) {
      const parked = this.#parked.get(job);
      if (parked === undefined) {
        if (this.#engine.ownJobs.ended(job)) continue;
        const done = this.#questions.get(job);
        this.#questions.delete(job);
        done?.(job);
        // Nobody waits for it any more; what it made goes with it.
        enclave.jobDrop(job);
        continue;
      }
      this.#parked.delete(job);
      parked.lane.app.jobs--;
      this.#finish(parked);
    }
  }

  /** Goes on with a call that has waited, and answers it unless it has to wait again. */
  #finish(parked: Parked): void {
    const { lane } = parked;
    const goOn = (): number => this.#goOn(parked);
    let rv = lane.enclaveTime === NOT_WATCHED ? goOn() : lane.watched(this.#open.served, goOn);
    if (rv === PENDING) return;
    if (lane.app.ended) {
      // A thread may still wait in it: C_Finalize has overtaken its call.
      lane.reply.reset();
      rv = C.CKR_CRYPTOKI_NOT_INITIALIZED;
    }
    this.#lanes.reply(lane.lane, rv, lane.reply.length, false);
    this.#answered(lane);
    this.#count(lane, rv);
  }

  #goOn({ lane, then }: Parked): number {
    lane.reply.reset();
    let rv: number;
    try {
      rv = then();
    } catch (error) {
      rv = this.#failed(error, lane);
    }
    return rv === PENDING ? rv : this.#audited(lane, rv);
  }

  /** The call whose answer has just gone: how long it took is known by then, for nothing. */
  #count(call: LaneCall | undefined, rv: number): void {
    if (this.counts === undefined || call === undefined) return;
    this.counts.served(call.fn, call.mechanism, rv, this.#open.served[0] ?? 0);
  }

  /** Calls that wait for a job. */
  get parked(): number {
    return this.#parked.size;
  }

  #failed(error: unknown, call: LaneCall): number {
    call.reply.reset();
    return resultOf(this.#engine, error, call.row);
  }

  /** One call; its client may want to know what the enclave has of its time. */
  #serveAsAsked(call: LaneCall): number {
    if (this.#open.request[3] !== 1) return this.#serve(call);
    return call.watched(this.#open.served, () => this.#serve(call));
  }

  /** One call, from its legality to its audit record. */
  #serve(call: LaneCall): number {
    const named = this.#open.request[0] ?? 0;
    if (named === FUNCTION_DETACH) return this.#detach(call);
    if (named === FUNCTION_OPEN_GRANTED) return this.#openGranted(call);
    if (named === FUNCTION_FAILED) return this.#refusedBefore(call);
    const fn = named & ~FUNCTION_PAIRED;
    const row = callTable[fn - 1];
    const handler = handlerTable[fn];
    if (row === undefined || handler === undefined) {
      call.beginWithoutRow(row?.number ?? 0);
      return C.CKR_FUNCTION_NOT_SUPPORTED;
    }
    call.begin(fn, row);
    let rv: number = C.CKR_OK;
    try {
      const reader = this.#reader;
      reader.begin(this.#open.request[1] ?? 0, call.area);
      if (named !== fn) rv = this.#serveOpening(call, row);
      if (rv === C.CKR_OK) rv = this.#run(call, row, handler);
      // The library keeps openings apart by slot, so that one slot's sessions can be closed without a word about others'.
      if (row.opens && rv === C.CKR_OK) call.reply.ulong(call.session?.token.slotId ?? 0);
    } catch (error) {
      rv = this.#failed(error, call);
    }
    if (rv > C.CKR_OK && rv !== C.CKR_BUFFER_TOO_SMALL) {
      endOperations(call.session, row);
      if (limits.has(rv)) this.#engine.refused(call.app, row.name);
    }
    if (rv === PENDING) this.#waitingCalls.add(call);
    return rv === PENDING || row.audit === 'no' ? rv : this.#audited(call, rv);
  }

  #run(call: LaneCall, row: CallRow, handler: (call: LaneCall, args: object) => number): number {
    const reader = this.#reader;
    if (row.hasSession) {
      call.session = call.app.sessions.get(reader.ulong());
      const rv = call.legality(row);
      if (rv !== C.CKR_OK) return rv;
    }
    const args = row.decode(reader);
    if (call.app.rights.limited) {
      const rv = permission(call, row, args);
      if (rv !== C.CKR_OK) return rv;
    }
    return handler(call, args);
  }

  /** The opening of the operation, which came along in front of the call that needs it. */
  #serveOpening(call: LaneCall, row: CallRow): number {
    const opening = this.#reader.ulong();
    const openingRow = callTable[opening - 1];
    const handler = handlerTable[opening];
    if (openingRow === undefined || handler === undefined || opening !== row.opening)
      return C.CKR_ARGUMENTS_BAD;
    this.counts?.opened(opening);
    const rv = this.#run(call, openingRow, handler);
    return rv === C.CKR_OK || answersLate.has(rv) ? rv : C.CKR_OPERATION_NOT_INITIALIZED;
  }

  /** A call that the library refused before it travelled. */
  #refusedBefore(call: LaneCall): number {
    call.beginWithoutRow(0);
    try {
      const reader = this.#reader;
      reader.begin(this.#open.request[1] ?? 0, call.area);
      const session = call.app.sessions.get(reader.ulong());
      const row = callTable[reader.ulong() - 1];
      if (row !== undefined) endOperations(session, row);
      return C.CKR_OK;
    } catch (error) {
      return this.#failed(error, call);
    }
  }

  /** Appends the call's record, if its row asks for one. What cannot be recorded is not answered. */
  #audited(call: LaneCall, rv: number): number {
    const kind = auditKinds[call.fn - 1] ?? 0;
    // Asking for a length does nothing with a key, so there is nothing to record.
    if (
      kind === 0 ||
      rv === C.CKR_BUFFER_TOO_SMALL ||
      (rv === C.CKR_OK && !call.named && kind === Kind.Operation)
    )
      return rv;
    const { session } = call;
    const { audit, store } = this.#engine;
    try {
      // What has become of the store stands in the log before anybody has an answer: neither can be put back without the other.
      const news = kind === Kind.Operation ? null : store.news();
      audit.append(
        kind,
        call.app.id,
        session?.handle ?? 0,
        session?.token.slotId ?? none,
        call.fn,
        call.mechanism === -1 ? none : call.mechanism,
        rv,
        call.objectId ?? null,
        null,
        call.pinless ? NO_LOGIN : 0,
        news === null ? undefined : packNews(news),
        wrongPin.has(rv) || (!call.fleeting && syncedKinds.has(kind)),
      );
      if (news !== null) store.told();
    } catch (error) {
      return this.#failed(error, call);
    }
    return rv;
  }

  #openGranted(call: LaneCall): number {
    call.beginWithoutRow(OPEN_SESSION);
    try {
      const reader = this.#reader;
      reader.begin(this.#open.request[1] ?? 0, call.area);
      return openGranted(call, reader.ulong(), reader.ulong(), reader.ulong());
    } catch (error) {
      return this.#failed(error, call);
    }
  }

  #detach(call: LaneCall): number {
    call.beginWithoutRow(FINALIZE);
    call.reply.reset();
    this.#lanes.reply(call.lane, C.CKR_OK, 0, false);
    const { id } = call.app;
    this.#end(id);
    this.#lanes.farewell(id);
    // Answered above, before the lanes were released; a second answer finds no request to answer.
    return C.CKR_OK;
  }

  #end(application: number): void {
    const app = this.#engine.applications.get(application);
    if (app === undefined) return;
    app.ended = true;
    // Nobody waits for their answers.
    for (const call of this.#waitingCalls) if (call.app === app) this.#answered(call);
    for (const [job, parked] of this.#parked)
      if (parked.lane.app === app && !parked.keep) this.#engine.enclave.jobCancel(job);
    try {
      endApplication(this.#engine, app);
    } catch (error) {
      this.#engine.log(`the end of application ${application}: ${String(error)}`, 'error');
    }
    for (let lane = 0; lane < this.#calls.length; lane++)
      if (this.#calls[lane]?.app === app) this.#calls[lane] = undefined;
    this.#engine.detach(app);
    // Those that waited for their turn have failed now, and their lanes can go.
    this.#finishJobs();
  }
}

/** Ends what a failure of the call ends. */
function endOperations(session: Session | undefined, row: CallRow): void {
  if (session !== undefined) for (const kind of row.errorEnds) session.end(kind);
}
