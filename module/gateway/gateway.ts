/**
 * A gateway: what the library starts in the place of an engine where keys are on another machine (`remote`). It serves lanes as an engine does, holds
 * no key and no store, and passes each call on.
 */
import { FUNCTION_DETACH, type LaneEvents, type Lanes, NEXT_IDLE } from '../lane/lane.ts';
import type { Traces } from '../traces/trace.ts';
import { STOP_ENGINE } from '../wire/generated/calls.ts';
import { type GatewayHost, type GatewayLane, RemoteApplication } from './application.ts';
import { FollowedCall } from './follow.ts';
import { type Remote, Upstream } from './upstream.ts';

export { openTraces } from '../traces/open.ts';

/** What the process gives a gateway. */
export interface GatewayProcess {
  readonly lanes: Lanes;
  /** The store's folder, where the socket is. */
  readonly folder: string;
  readonly remote: Remote;
  readonly software: string;
  /** Where calls are followed. */
  readonly traces: Traces | undefined;
  log(message: string, level?: 'error' | 'warning' | 'info' | 'debug'): void;
  /** The last application has gone, or the first has come. */
  onIdle(idle: boolean): void;
  /** An application has asked for our end. */
  onStop(): void;
  /** Something in the folder was removed, renamed or replaced. */
  onFolderChange(): void;
}

const CKR_OK = 0;
const CKR_DEVICE_ERROR = 0x30;
const CKR_SESSION_EXISTS = 0xb6;
/** Requests in a row after which the event loop gets its turn. */
const CALLS_PER_TURN = 256;
/** For so long after an answer what was promised by it holds; then what has changed since is not known. */
const KNOWN_MS = 100;

export class Gateway {
  readonly #process: GatewayProcess;
  readonly #lanes: Lanes;
  readonly #request: Uint32Array;
  readonly #applications = new Map<number, RemoteApplication>();
  readonly #byLane: (
    | { readonly app: RemoteApplication; readonly id: number; readonly lane: GatewayLane }
    | undefined
  )[] = [];
  readonly #host: GatewayHost;
  #draining = false;
  #turnScheduled = false;
  #doubt: NodeJS.Timeout | undefined;

  constructor(process: GatewayProcess) {
    this.#process = process;
    this.#lanes = process.lanes;
    const { remote, software, traces } = process;
    this.#host = {
      upstream: new Upstream(remote, (message, level) => process.log(message, level)),
      patienceMs: remote.patienceSeconds * 1000,
      software,
      reply: (lane, rv, length) => this.#reply(lane, rv, length),
      changed: () => this.#lanes.epoch(),
      follow: (fn) => (traces === undefined ? undefined : FollowedCall.begin(traces, fn)),
      log: (message, level) => process.log(message, level),
    };
    this.#request = this.#lanes.open(process.folder, this.#events()).request;
  }

  #events(): LaneEvents {
    return {
      attached: (application) => {
        if (this.#applications.size === 0) this.#process.onIdle(false);
        this.#applications.set(application, new RemoteApplication(this.#host, application));
        return true;
      },
      resumed: () => false,
      lane: (application, number, areas, capacity) => {
        const app = this.#applications.get(application);
        const request = new Uint8Array(areas, 0, capacity);
        const reply = new Uint8Array(areas, capacity, capacity);
        this.#byLane[number] =
          app === undefined ? undefined : { app, id: application, lane: { number, request, reply } };
      },
      gone: (application) => this.#end(application),
      woken: () => this.drain(),
      changed: () => this.#process.onFolderChange(),
    };
  }

  #reply(lane: GatewayLane, rv: number, length: number): void {
    this.#lanes.reply(lane.number, rv, length, true);
    // What it promises is known for a moment only: another gateway's application may change it.
    this.#doubt ??= setTimeout(() => {
      this.#doubt = undefined;
      this.#lanes.epoch();
    }, KNOWN_MS);
    this.#doubt.refresh();
  }

  /** Takes requests off the lanes until there are none. */
  drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    try {
      this.#takeAll();
    } finally {
      this.#draining = false;
    }
  }

  #takeAll(): void {
    const asked = new Set<RemoteApplication>();
    for (let left = CALLS_PER_TURN; left > 0; left--) {
      const next = this.#lanes.next(-1, 0, 0, false, 0);
      if (next < 0) {
        for (const app of asked) app.flush();
        if (next !== NEXT_IDLE) continue;
        return;
      }
      const app = this.#take(next);
      if (app !== undefined) asked.add(app);
    }
    for (const app of asked) app.flush();
    if (this.#turnScheduled) return;
    this.#turnScheduled = true;
    setImmediate(() => {
      this.#turnScheduled = false;
      this.drain();
    });
  }

  #take(number: number): RemoteApplication | undefined {
    const found = this.#byLane[number];
    const [fn = 0, argsLength = 0, bulkLength = 0] = this.#request;
    if (found === undefined) {
      this.#lanes.reply(number, CKR_DEVICE_ERROR, 0, true);
      return undefined;
    }
    if (fn === FUNCTION_DETACH) {
      this.#lanes.reply(number, CKR_OK, 0, false);
      this.#end(found.id);
      this.#lanes.farewell(found.id);
      return undefined;
    }
    if (fn === STOP_ENGINE) {
      this.#stop(found.lane);
      return undefined;
    }
    found.app.call(found.lane, fn, argsLength, bulkLength);
    return found.app;
  }

  /** Who asks means the process that serves him, and never an engine that serves other machines as well. */
  #stop({ number, request }: GatewayLane): void {
    // A CK_ULONG, in either order of its bytes: CK_FALSE or not.
    const force = request.subarray(0, 8).some((byte) => byte !== 0);
    const refused = !force && this.#applications.size > 1;
    this.#lanes.reply(number, refused ? CKR_SESSION_EXISTS : CKR_OK, 0, true);
    if (!refused) this.#process.onStop();
  }

  #end(application: number): void {
    const app = this.#applications.get(application);
    if (app === undefined) return;
    this.#applications.delete(application);
    app.end();
    for (const [number, lane] of this.#byLane.entries())
      if (lane?.app === app) this.#byLane[number] = undefined;
    if (this.#applications.size === 0) this.#process.onIdle(true);
  }
}
