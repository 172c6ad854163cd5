/** What engine and enclave call things by that come and go; what stays has numbers, in generated/numbers.ts. */

/** An opaque handle to a key inside the enclave. Positive; reused never within a process. */
export type KeyHandle = number;
/** An opaque handle to a multi-part operation's state inside the enclave. Positive. */
export type ContextHandle = number;
/** Identifies work given to the enclave's thread pool; chosen by the caller, positive, unique while it runs. */
export type JobId = number;
