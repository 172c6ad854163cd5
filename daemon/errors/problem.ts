/** Errors as clients of the door see them: a gRPC status whose details say which CK_RV it was, and which field of the request was to blame. */
import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { LaneError } from '../../module/lane/caller.ts';
import { BadRequest, ErrorInfo } from '../../module/wire/generated/google/rpc/error_details.ts';
import { Status } from '../../module/wire/generated/google/rpc/status.ts';
import { BadAnswer, Refusal } from '../cryptoki-client/answers.ts';
import { ckrName } from '../cryptoki-client/generated/results.ts';
import { TooLong } from '../cryptoki-client/writer.ts';
import { fieldOf, statusOf } from './results.ts';

export const DOMAIN = 'strongroom';
const DETAILS = 'grpc-status-details-bin';

/** One error, in the words of the door's services. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: status;
  /** The name of a CK_RV. */
  readonly reason: string;
  /** The field that is to blame, as its proto calls it. */
  readonly field: string | undefined;

  constructor(code: status, reason: string, message: string, field?: string) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.field = field;
  }
}

/** A field that cannot be what it is. */
export function wrong(field: string, description: string): Problem {
  return new Problem(status.INVALID_ARGUMENT, 'CKR_ARGUMENTS_BAD', `${field}: ${description}`, field);
}

/** For whom it is not there. */
export function missing(field: string, reason: string, description: string): Problem {
  return new Problem(status.NOT_FOUND, reason, `${field}: ${description}`, field);
}

export function notYet(what: string): Problem {
  return new Problem(status.UNIMPLEMENTED, 'CKR_FUNCTION_NOT_SUPPORTED', `${what} are not there yet`);
}

/** Words for those to whom the name alone says little. */
const hints: Readonly<Record<string, string>> = {
  CKR_USER_NOT_LOGGED_IN: 'this connection has not logged in to the token (Login)',
  CKR_PIN_INCORRECT: 'the PIN is not right',
  CKR_PIN_LOCKED: 'the PIN is locked, after too many wrong ones',
  CKR_FUNCTION_REJECTED: 'the policy does not give this to the client',
  CKR_KEY_FUNCTION_NOT_PERMITTED:
    'the key is not for that, not in a state for it, or the policy does not give it to the client',
  CKR_ACTION_PROHIBITED: 'the object does not let that be done to it, or the policy does not',
  CKR_KEY_TYPE_INCONSISTENT: 'the key is of another kind than the algorithm needs',
  CKR_KEY_UNEXTRACTABLE: 'the key may not be taken out',
  CKR_MECHANISM_INVALID: 'the engine, or its policy, does not have this algorithm for the key',
  CKR_SESSION_COUNT: 'the client has as many sessions as it may',
};

const laneStatus: Readonly<Record<LaneError['why'], readonly [status, string]>> = {
  unreachable: [status.UNAVAILABLE, 'CKR_DEVICE_REMOVED'],
  ended: [status.UNAVAILABLE, 'CKR_DEVICE_REMOVED'],
  gone: [status.UNAVAILABLE, 'CKR_CRYPTOKI_NOT_INITIALIZED'],
  stranger: [status.UNAVAILABLE, 'CKR_DEVICE_REMOVED'],
  version: [status.UNAVAILABLE, 'CKR_LIBRARY_LOAD_FAILED'],
  full: [status.RESOURCE_EXHAUSTED, 'CKR_HOST_MEMORY'],
  denied: [status.PERMISSION_DENIED, 'CKR_FUNCTION_REJECTED'],
};

/** Whatever was thrown, as a problem; undefined for what is nobody's but ours. */
export function problemOf(error: unknown, field?: string): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof Refusal) {
    const reason = ckrName(error.rv);
    const hint = hints[reason];
    const message = hint === undefined ? error.message : `${error.message}: ${hint}`;
    return new Problem(statusOf(error.rv), reason, message, field ?? fieldOf(error.rv));
  }
  if (error instanceof LaneError) {
    const [code, reason] = laneStatus[error.why];
    return new Problem(code, reason, `the engine: ${error.message}`);
  }
  if (error instanceof TooLong)
    return new Problem(status.INVALID_ARGUMENT, 'CKR_DATA_LEN_RANGE', error.message, field);
  return undefined;
}

/** The name of a result in the engine's answer, or undefined for what was none. */
export const resultIn = (error: unknown): number | undefined =>
  error instanceof Refusal ? error.rv : undefined;

/** Runs what asks the engine about one field: what goes wrong is laid to that. */
export async function about<T>(field: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Refusal ? (problemOf(error, field) ?? error) : error;
  }
}

/** What gRPC sends. */
export function serviceError(error: unknown, log: (message: string) => void): ServiceError {
  let problem = problemOf(error);
  if (problem === undefined) {
    // What we did not expect may hold anything, so the client hears nothing of it.
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log(error instanceof BadAnswer ? `the engine: ${error.message}` : `a call failed: ${message}`);
    problem = new Problem(
      status.INTERNAL,
      'CKR_GENERAL_ERROR',
      'something is broken; the door’s log says what',
    );
  }
  const { code, message, reason, field } = problem;
  const details = [
    {
      typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo',
      value: ErrorInfo.encode({ reason, domain: DOMAIN, metadata: {} }).finish(),
    },
  ];
  if (field !== undefined)
    details.push({
      typeUrl: 'type.googleapis.com/google.rpc.BadRequest',
      value: BadRequest.encode({ fieldViolations: [{ field, description: message }] }).finish(),
    });
  const metadata = new Metadata();
  metadata.set(DETAILS, Buffer.from(Status.encode({ code, message, details }).finish()));
  return Object.assign(new Error(message), { code, details: message, metadata });
}
