/** A client of the network door: a TLS connection whose certificate has been accepted. */
import type { AuthContext } from '@grpc/grpc-js/build/src/auth-context.js';
import type { Principal } from '../../module/lane/principal.ts';

export interface Connection {
  /** Rises with each; never used again by this process. */
  readonly id: number;
  readonly principal: Principal;
  /** Ends it at once, with all its streams. */
  destroy(): void;
  /** Told once when it has ended, for whatever reason; at once when it already has. */
  onClose(told: () => void): void;
}

/** Any call, as gRPC gives it to a handler. */
export interface AnyCall {
  getAuthContext(): AuthContext;
}

/** Which connection a call came over. */
export type ConnectionOf = (call: AnyCall) => Connection;
