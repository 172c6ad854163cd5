/** Operations under way, of which a session has one of each kind (PKCS#11 3.2, 5.8 and on). */
export { OperationKind, operationKinds } from '../generated/operations.ts';

/** An operation under way. What a mechanism keeps in it is the mechanism's own. */
export interface Operation {
  readonly mechanism: number;
  /** The key's unique id, for the audit record; undefined for digests and searches. */
  readonly objectId: Uint8Array | undefined;
  /** Set by a login with CKU_CONTEXT_SPECIFIC; meaningful only when the key says CKA_ALWAYS_AUTHENTICATE. */
  needsAuthentication: boolean;
  /** Frees enclave contexts, copies of secrets and the key; called when the operation ends for whatever reason, perhaps twice. */
  release(): void;
  /** The application's user logs out: what is done with a private key lets go of it and is refused from now on. */
  userLeaves?(): void;
}
