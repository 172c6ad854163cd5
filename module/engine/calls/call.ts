/**
 * What a handler is given: who calls, with what, and where the answer goes.
 *
 * A handler runs after the call's legality has been checked against its row (session, login, token flags), returns a
 * CK_RV or {@link PENDING}, and may throw {@link CryptokiError}. It writes its results to `call.reply` in the order of the
 * function's output arguments.
 */
import type { Engine } from '../engine.ts';
import type { Application } from '../sessions/application.ts';
import type { Session } from '../sessions/session.ts';
import type { Reply } from './reply.ts';

/** Returned by a handler whose answer comes later, from the continuation given to {@link Call.defer}. */
export const PENDING = -1;

/** Stands for "no mechanism" in {@link Call.audit}: 0 is one. */
export const NO_MECHANISM = -1;

/**
 * Input bytes. `buffer` is the request's private copy, or, for the large data arguments that the schema marks as bulk,
 * memory that the client can rewrite meanwhile: such a span is only ever handed to the enclave, which reads each byte once.
 * Valid until the handler returns; a deferred handler copies what it needs later.
 */
export interface Span {
  readonly buffer: Uint8Array;
  readonly offset: number;
  readonly length: number;
}

/** An output byte argument: `present` false is the size query (NULL pointer); `capacity` is the caller's buffer in bytes. */
export interface Room {
  readonly present: boolean;
  readonly capacity: number;
}

/** One attribute of an input template; `value` null when the caller passed a NULL pointer with length 0. */
export interface TemplateEntry {
  readonly type: number;
  readonly value: Span | null;
  /** Entries of a nested template (CKA_WRAP_TEMPLATE and the like), already decoded; else undefined. */
  readonly nested?: readonly TemplateEntry[];
}

/** One entry of C_GetAttributeValue's template. */
export interface AttributeQuery {
  readonly type: number;
  readonly present: boolean;
  readonly capacity: number;
  /** For attribute arrays: the caller's inner template. */
  readonly nested?: readonly AttributeQuery[];
}

/**
 * A mechanism as it came over the lane. The parameter was flattened by the shim according to the mechanism's shape;
 * `parameter` holds its fields by name, undefined when the caller gave none (NULL, length 0).
 */
export interface MechanismArgument {
  readonly type: number;
  readonly parameter: MechanismParameter | undefined;
}
/** The shapes, by `shape`; spans are private copies. Field names follow the standard's structures without Hungarian prefixes. */
export type MechanismParameter =
  | { readonly shape: 'bytes'; readonly bytes: Span }
  | { readonly shape: 'ulong'; readonly value: number }
  | { readonly shape: 'pss'; readonly hashAlg: number; readonly mgf: number; readonly sLen: number }
  | {
      readonly shape: 'oaep';
      readonly hashAlg: number;
      readonly mgf: number;
      readonly source: number;
      readonly sourceData: Span | null;
    }
  | {
      readonly shape: 'ecdh1';
      readonly kdf: number;
      readonly sharedData: Span | null;
      readonly publicData: Span | null;
    }
  | { readonly shape: 'ctr'; readonly counterBits: number; readonly cb: Span }
  | {
      readonly shape: 'gcm';
      readonly iv: Span | null;
      readonly ivBits: number;
      readonly aad: Span | null;
      readonly tagBits: number;
    }
  | { readonly shape: 'eddsa'; readonly phFlag: boolean; readonly contextData: Span | null };

export interface Call {
  readonly engine: Engine;
  readonly app: Application;
  /** The row's number in the call table (the function). */
  readonly fn: number;
  readonly reply: Reply;
  /** The session named by the call; handlers of functions whose row needs a session use {@link sessionOf}. */
  readonly session: Session | undefined;
  /**
   * Parks the call until the enclave's job ends; then `then` runs with the same call (fresh reply) and returns the CK_RV.
   * The handler returns what defer returns. While parked, the lane's client waits and everybody else is served.
   *
   * When the application goes meanwhile, the job is cancelled: `then` finds -CKR_FUNCTION_CANCELED as its result, soon. With `keep` it runs
   * to its end all the same.
   */
  defer(job: number, then: (call: Call) => number, keep?: 'keep'): number;
  /** The same without a job: parks the call until the returned function is called, once and not from within this handler. */
  park(then: (call: Call) => number): () => void;
  /**
   * Names the key, mechanism and outcome for this call's audit record. The record itself is appended by dispatch, before the
   * call returns, when the function's row says that it is audited.
   * @param fleeting the record tells of session objects alone: they do not survive a power failure, so neither need their records
   */
  audit(mechanism: number, objectId: Uint8Array | undefined, fleeting?: boolean): void;
}

/** The session of a call whose row guarantees one. */
export function sessionOf(call: Call): Session {
  const session = call.session;
  if (session === undefined)
    throw new TypeError('this function has no session: its row in the call table is wrong');
  return session;
}
