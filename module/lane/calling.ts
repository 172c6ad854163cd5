/** What those who call the engine from an event loop have to do with: an application of theirs, its calls, and why there may be none. */

/** What it takes to go on as an application of before. */
export interface Attachment {
  readonly id: number;
  /** 16 bytes. A secret: whoever has it and the principal's certificate has the application. */
  readonly key: Uint8Array;
}

/** A call's result. */
export interface Answer {
  /** CK_RV. */
  readonly rv: number;
  /** What came back, copied out of the lane; empty as a rule where the call failed. */
  readonly reply: Uint8Array;
}

/** The connection has ended or cannot be had: the engine is not there, or does not want us. */
export class LaneError extends Error {
  override readonly name = 'LaneError';
  /** `denied`: the policy does not let the principal in. `gone`: no such application any more. `full`: no more places. `stranger`: we are not its door. */
  readonly why: 'unreachable' | 'denied' | 'gone' | 'full' | 'version' | 'ended' | 'stranger';
  constructor(why: LaneError['why'], message: string) {
    super(message);
    this.why = why;
  }
}

/** One application of the engine's, made for a principal. */
export interface Caller {
  readonly attachment: Attachment;
  /** The engine's epoch: rises with every change of policy, login or object. */
  epoch(): number;
  /**
   * Calls. Never more than LANES_OF_CALLER (caller.ts) at a time; what is more waits for its turn.
   * @param fn the function's number, with FUNCTION_PAIRED or one of the lane's own numbers
   * @param args the argument section
   * @param bulk the bulk argument, if there is one, of which `args` says that it lies at BULK_OFFSET
   * @param room bytes that the answer may take, beyond the usual 1 MiB
   * @throws LaneError when the engine ended or the application was closed before there was an answer
   */
  call(fn: number, args: Uint8Array, bulk?: Uint8Array, room?: number): Promise<Answer>;
  /** The application ends, with its sessions and logins. */
  farewell(): void;
  /** Lets go of it: it lives on for its lease. */
  leave(): void;
  /** Told once when the engine has ended the connection. */
  onGone: (() => void) | undefined;
}

/** For whoever passes many calls on. */
export interface EventCaller extends Caller {
  /** The same, with what comes of it told as soon as it is there: in the same turn of the event loop. */
  start(call: Outgoing): void;
}

/** Where a call's time went, as the engine says it; moments are performance.now()'s. */
export interface CallTimes {
  /** When it was put into its lane. */
  readonly sent: number;
  /** When the engine found it there. */
  readonly found: number;
  /** Milliseconds that the engine had it. */
  readonly served: number;
  /** Of those, what its enclave had. */
  readonly enclave: number;
}

/** A call's answer for whoever waits for it. */
export function callBy(
  start: (call: Outgoing) => void,
  fn: number,
  args: Uint8Array,
  bulk?: Uint8Array,
  room = 0,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const answered = (rv: number, reply: Uint8Array) => resolve({ rv, reply: reply.slice() });
    start({ fn, args, bulk, room, answered, failed: reject });
  });
}

/** A call, and who hears of it. */
export interface Outgoing {
  readonly fn: number;
  readonly args: Uint8Array;
  readonly bulk: Uint8Array | undefined;
  readonly room: number;
  /** @param reply what came back, in the lane: to be copied before this returns */
  answered(rv: number, reply: Uint8Array): void;
  failed(error: LaneError): void;
  /** Whoever has this is told just before `answered`, unless the engine does not say. */
  readonly timed?: ((times: CallTimes) => void) | undefined;
}
