/** A call that is followed: what it does here, and when it is with the other machine. */
import { packParent, type Span, type Traces } from '../traces/trace.ts';

const CKR_OK = 0;

export class FollowedCall {
  readonly #traces: Traces;
  readonly #span: Span;
  #network: Span | undefined;

  private constructor(traces: Traces, span: Span) {
    this.#traces = traces;
    this.#span = span;
  }

  /** Undefined where this one is not followed. */
  static begin(traces: Traces, fn: number): FollowedCall | undefined {
    const name = traces.functionName(fn);
    const span = traces.begin(name, 'server', undefined, { 'strongroom.function': name });
    return span === undefined ? undefined : new FollowedCall(traces, span);
  }

  /** It is sent. @returns what the other side is to go on from */
  sent(): Uint8Array {
    this.#network = this.#span.begin('network', 'client', { 'rpc.service': 'strongroom.v1.Cryptoki' });
    return packParent(this.#network.parent);
  }

  /** The connection ended before the answer came; it may be sent again. */
  lost(): void {
    this.#network?.end({}, 'lost');
    this.#network = undefined;
  }

  answered(rv: number): void {
    const result = this.#traces.resultName(rv);
    this.#network?.end();
    this.#span.end({ 'strongroom.result': result }, rv === CKR_OK ? undefined : result);
  }
}
