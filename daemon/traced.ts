/** Where the time of a followed call goes: at the door, in its lane, in the engine, in the enclave. */
import { type Metadata, status } from '@grpc/grpc-js';
import { type CallTimes, callBy, type EventCaller, type Outgoing } from '../module/lane/calling.ts';
import { type Span, type TraceParent, type Traces, unpackParent } from '../module/traces/trace.ts';
import type { AnyCall } from './front/connection.ts';

const CKR_OK = 0;

/** A call that says by itself what it asks for. */
export type RpcCall = AnyCall & { readonly metadata: Metadata; getPath(): string };

/** A list of vendors and their values may be so long (W3C Trace Context, 3.3.1.5). */
const STATE_MOST = 512;

function parentOf({ metadata }: RpcCall): TraceParent | undefined {
  const [traceparent] = metadata.get('traceparent');
  const state = metadata.get('tracestate').join(',');
  if (typeof traceparent !== 'string') return undefined;
  return { traceparent, tracestate: state === '' || state.length > STATE_MOST ? undefined : state };
}

/** Does what a call of gRPC asks for, followed where that is wished. @param codeOf what an error is answered with */
export async function followRpc<A>(
  traces: Traces,
  call: RpcCall,
  work: () => Promise<A>,
  codeOf: (error: unknown) => status,
): Promise<A> {
  const [, service = '', method = ''] = call.getPath().split('/');
  const facts = { 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': method };
  const span = traces.begin(`${service}/${method}`, 'server', parentOf(call), facts);
  if (span === undefined) return await work();
  try {
    const answer = await traces.within(span, work);
    span.end({ 'rpc.grpc.status_code': status.OK });
    return answer;
  } catch (error) {
    // Its words may be about somebody's keys; its code is about nobody.
    const code = codeOf(error);
    span.end({ 'rpc.grpc.status_code': code }, status[code]);
    throw error;
  }
}

/** A call of Cryptoki's, to be started so that it is followed, if it is. @param trace what the gateway has sent along with it */
export function followCall(traces: Traces, trace: Uint8Array | undefined, call: Outgoing): Outgoing {
  const name = traces.functionName(call.fn);
  const span = traces.begin(
    `strongroom.v1.Cryptoki/${name}`,
    'server',
    trace === undefined ? undefined : unpackParent(trace),
    { 'rpc.system': 'grpc', 'rpc.service': 'strongroom.v1.Cryptoki', 'strongroom.function': name },
  );
  if (span === undefined) return call;
  return followLane(traces, span, {
    ...call,
    answered: (rv, reply) => {
      endWith(traces, span, rv);
      call.answered(rv, reply);
    },
    failed: (error) => {
      span.end({}, error.why);
      call.failed(error);
    },
  });
}

/** Shows the call's way through its lane as a part of the span. */
function followLane(traces: Traces, span: Span, call: Outgoing): Outgoing {
  const name = traces.functionName(call.fn);
  const begun = performance.now();
  const lane = span.begin(name, 'client', { 'strongroom.function': name }, begun);
  return {
    ...call,
    timed: (times) => showEngine(lane, begun, times),
    answered: (rv, reply) => {
      endWith(traces, lane, rv);
      call.answered(rv, reply);
    },
    failed: (error) => {
      lane.end({}, error.why);
      call.failed(error);
    },
  };
}

function endWith(traces: Traces, span: Span, rv: number): void {
  const result = traces.resultName(rv);
  span.end({ 'strongroom.result': result }, rv === CKR_OK ? undefined : result);
}

/** What the engine says is shown, as far as it can be. When in its time the enclave had the call is not said: at its end. */
function showEngine(lane: Span, begun: number, { sent, found, served, enclave }: CallTimes): void {
  const now = performance.now();
  const from = Math.min(Math.max(found, sent), now);
  const to = Math.min(from + served, now);
  lane.begin('queue', 'internal', {}, begun).end({}, undefined, from);
  const engine = lane.begin('engine', 'internal', {}, from);
  if (enclave > 0)
    engine.begin('enclave', 'internal', {}, Math.max(from, to - enclave)).end({}, undefined, to);
  engine.end({}, undefined, to);
}

/** An application whose calls are parts of what is followed when they are made. */
export function traced(caller: EventCaller, traces: Traces): EventCaller {
  const start = (call: Outgoing): void => {
    const span = traces.current();
    caller.start(span === undefined ? call : followLane(traces, span, call));
  };
  return {
    attachment: caller.attachment,
    epoch: () => caller.epoch(),
    start,
    call: (fn, args, bulk, room) => callBy(start, fn, args, bulk, room),
    farewell: () => caller.farewell(),
    leave: () => caller.leave(),
    get onGone() {
      return caller.onGone;
    },
    set onGone(told) {
      caller.onGone = told;
    },
  };
}
