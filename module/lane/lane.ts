/** The engine's end of the lanes, as the addon gives it. See lane.h for the protocol and host.h, door.h for the C side. */
import { createRequire } from 'node:module';

/** What the door reports. Called from the event loop; they may not throw. */
export interface LaneEvents {
  /**
   * A process has connected, as whom the kernel says; `application` is its number in the engine's life, `groups` are its supplementary ones.
   * `principal` is for whom it asks, where that is the network door (principal.ts has its form, which is not checked yet). False to turn it away.
   */
  attached(
    application: number,
    pid: number,
    uid: number,
    gid: number,
    groups: readonly number[],
    principal: Uint8Array | undefined,
  ): boolean;
  /** An application that was made for a principal goes on over another connection, for this one. False when he is another. */
  resumed(application: number, principal: Uint8Array): boolean;
  /** An application has a new lane; `areas` holds the request area and behind it the reply area, `capacity` bytes each. */
  lane(application: number, lane: number, areas: ArrayBuffer, capacity: number): void;
  /** The application's process ended, or its connection did where the kernel cannot tell. Its lanes are released already. */
  gone(application: number): void;
  /** A client or a job rang: look at the lanes. */
  woken(): void;
  /** Something in the store's folder was removed, renamed or replaced. */
  changed(): void;
}

/** A door that others than our own user may come to: whom the socket's mode lets through, and then `attached`. */
export interface ServiceDoor {
  /** The socket's absolute path. */
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  /** Group id of the socket; -1 for our own. */
  readonly group: number;
  /** Descriptor of a socket that listens there already, given to us by whoever started us; -1 for none. */
  readonly descriptor: number;
  /** User id of the processes that may name others for whom they ask; -1 for nobody. */
  readonly door: number;
  /** How long an application that was made for a principal lives without a connection. */
  readonly leaseMs: number;
}

export interface OpenLanes {
  /** The private copy of the argument section of the request that `next` returned. */
  readonly scratch: Uint8Array;
  /** [function number, argument bytes, bulk bytes as the client says, 1 where he wants to know where the time goes] of that request. */
  readonly request: Uint32Array;
  /**
   * Microseconds that have begun from when the request that was answered last was found until its answer had gone; and what the next answer is to
   * tell of the enclave's, where its client wants to know, which is 0 again after it.
   */
  readonly served: Uint32Array;
  /** External of a `struct sr_bell`, for the enclave's thread pool. */
  readonly bell: unknown;
}

/** `next` found that a job has ended. */
export const NEXT_BELL = -1;
/** `next` found nothing and the engine is armed: return to the event loop, `woken` will come. */
export const NEXT_IDLE = -2;
/** Function number of C_Finalize's farewell (SR_FUNCTION_DETACH). */
export const FUNCTION_DETACH = 0xffff0001;

/** Function number of a session that the shim opened under a granted handle (SR_FUNCTION_OPEN_GRANTED). */
export const FUNCTION_OPEN_GRANTED = 0xffff0002;
/** Function number of a call that the shim refused before it travelled (SR_FUNCTION_FAILED). */
export const FUNCTION_FAILED = 0xffff0003;
/** Version of the protocol (SR_LANE_VERSION). */
export const LANE_VERSION = 4;
/** Where a bulk argument lies in the request area (SR_LANE_BULK_OFFSET). */
export const BULK_OFFSET = 65_536;
/** How many lanes there can be (SR_HOST_LANES_MAX). */
export const LANES_MOST = 4096;
/** How many applications there can be (SR_HOST_APPLICATIONS_MAX). */
export const APPLICATIONS_MOST = 1024;
/** How many handles each C_OpenSession grants beyond its own (SR_SESSIONS_GRANTED). */
export const SESSIONS_GRANTED = 64;
/** Set in a function's number when its operation's opening comes first in the request (SR_FUNCTION_PAIRED). */
export const FUNCTION_PAIRED = 0x40000000;

export interface Lanes {
  /**
   * Takes the store's exclusive lock (<folder>/engine.lock); false when another engine holds it. Asked again, it takes the lock of the file that
   * stands there now, if that is another one.
   */
  lock(folder: string): boolean;
  /** Opens the door at <folder>/engine.socket, or as a service where one is described. */
  open(folder: string, events: LaneEvents, service?: ServiceDoor): OpenLanes;
  /**
   * Answers `lane` (unless negative) with a CK_RV and `length` bytes of its reply area, then looks for the next request, spinning up to
   * `spin` microseconds. Returns a lane's index, {@link NEXT_BELL} or {@link NEXT_IDLE}. `wipe`: zero the request that is answered.
   */
  next(lane: number, rv: number, length: number, wipe: boolean, spin: number): number;
  /** Answers without looking for more. */
  reply(lane: number, rv: number, length: number, wipe: boolean): void;
  /** Zeroes the request of a lane whose reply comes later. */
  wipe(lane: number): void;
  /** Raises the epoch that clients see in the status page. */
  epoch(): void;
  busyLanes(): number;
  /** How many lanes there are, of {@link LANES_MOST}. */
  lanes(): number;
  /** The application has said goodbye: forgets it and releases its lanes. */
  farewell(application: number): void;
  /** Makes the socket again when it is not in its place any more; false when that cannot be done. */
  mend(): boolean;
  /** Lets nobody in any more; whoever knocks waits for the next engine. */
  shut(): void;
  close(): void;
}

/** Loads the addon. */
export function loadLanes(path: string): Lanes {
  return createRequire(import.meta.url)(path) as Lanes;
}
