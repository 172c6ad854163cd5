/** The call object of one lane, used again for each call that comes over it. */

import * as C from '../generated/constants.ts';
import { functionGroups } from '../generated/functions.ts';
import type { Application, Session } from '../sessions/application.ts';
import { Reply } from '../values/reply.ts';
import { PENDING } from '../values/waiting.ts';
import { type Call, NO_MECHANISM } from './call.ts';
import type { CallRow } from './generated/codec.ts';
import type { Host } from './host.ts';

/** A call that waits: for a job of the enclave's, or for its turn. */
export interface Parked {
  readonly lane: LaneCall;
  readonly then: () => number;
  /** Whether its job runs to its end even when nobody waits for it any more. */
  readonly keep: boolean;
}

/** Where parked calls wait: the dispatcher. */
export interface WaitingRoom {
  park(job: number, parked: Parked): void;
  resume(parked: Parked): void;
}

/** Whoever counts what was called, if anybody does. */
export interface CallCounts {
  /** A call was answered, so long after it had been found. `fn` 0 stands for what is no function's. */
  served(fn: number, mechanism: number, rv: number, microseconds: number): void;
  /** An opening came in front of its call; its caller was told that it went well before it travelled. */
  opened(fn: number): void;
}

/** Nobody wants to know what the enclave has of the call's time. */
export const NOT_WATCHED = -1;

/**
 * What can be called by whom is logged in with a PIN that must be changed: nothing but C_SetPIN (PKCS#11 3.2, 3.2: CKF_USER_PIN_TO_BE_CHANGED), and
 * what no login is needed for anywhere.
 */
const beforePinChange: ReadonlySet<number> = new Set(
  functionGroups
    .filter(({ comes, name }) => comes === 'sight' || ['login', 'digest', 'random'].includes(name))
    .flatMap(({ functions }) => functions),
);

export class LaneCall implements Call {
  readonly engine: Host;
  readonly app: Application;
  readonly lane: number;
  readonly reply: Reply;
  /** The client's request area. */
  readonly area: Uint8Array;
  fn = 0;
  row: CallRow | undefined;
  session: Session | undefined;
  mechanism = NO_MECHANISM;
  objectId: Uint8Array | undefined;
  /** True when the handler named what is to be audited. */
  named = false;
  /** True when the record is about session objects alone, and need not wait for the disk. */
  fleeting = false;
  /** True when a private key is used that nobody has logged in for. */
  pinless = false;
  /** Microseconds that the enclave has had, where anybody wants to know. */
  enclaveTime = NOT_WATCHED;
  readonly #waiting: WaitingRoom;

  constructor(
    engine: Host,
    app: Application,
    lane: number,
    areas: ArrayBuffer,
    capacity: number,
    waiting: WaitingRoom,
  ) {
    this.engine = engine;
    this.app = app;
    this.lane = lane;
    this.area = new Uint8Array(areas, 0, capacity);
    this.reply = new Reply(new Uint8Array(areas, capacity, capacity));
    this.#waiting = waiting;
  }

  /** Ready for the next call. */
  begin(fn: number, row: CallRow): void {
    this.beginWithoutRow(fn);
    this.row = row;
  }

  /** The same for what has no row of its own. */
  beginWithoutRow(fn: number): void {
    this.fn = fn;
    this.row = undefined;
    this.session = undefined;
    this.mechanism = NO_MECHANISM;
    this.objectId = undefined;
    this.named = false;
    this.pinless = false;
    this.fleeting = false;
    this.enclaveTime = NOT_WATCHED;
    this.reply.reset();
  }

  /** Whether the row allows it in its session's state. */
  legality(row: CallRow): number {
    const { session } = this;
    if (session === undefined) return C.CKR_SESSION_HANDLE_INVALID;
    if (session.app.mustChangePin(session.token) && !beforePinChange.has(row.number))
      return C.CKR_PIN_EXPIRED;
    if (row.session === 'rw' && !session.readWrite) return C.CKR_SESSION_READ_ONLY;
    if (row.login === 'any') return C.CKR_OK;
    return session.app.loginOf(session.token) === row.login ? C.CKR_OK : C.CKR_USER_NOT_LOGGED_IN;
  }

  /**
   * Does a part of the call, and has the next answer tell what the enclave has had of the whole until then.
   * @param times {@link OpenLanes.served}
   */
  watched(times: Uint32Array, part: () => number): number {
    const { enclave } = this.engine;
    enclave.watch(true);
    const rv = part();
    this.enclaveTime = Math.max(this.enclaveTime, 0) + enclave.watch(false);
    times[1] = this.enclaveTime;
    return rv;
  }

  defer(job: number, then: () => number, keep?: 'keep'): number {
    this.#waiting.park(job, { lane: this, then, keep: keep !== undefined });
    return PENDING;
  }

  park(then: () => number): () => void {
    const parked = { lane: this, then, keep: false };
    return () => this.#waiting.resume(parked);
  }

  audit(mechanism: number, objectId: Uint8Array | undefined, fleeting = false): void {
    this.mechanism = mechanism;
    this.objectId = objectId;
    this.named = true;
    this.fleeting = fleeting;
  }
}
