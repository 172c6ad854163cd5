/** How the network door is that a service has started. */
export interface NetworkState {
  readonly serves: boolean;
  /** Where it listens, as it said itself; empty before that. */
  readonly at: string;
  /** Its process, while there is one. */
  readonly pid: number | null;
  /** How often it was started again. */
  readonly restarts: number;
  /** Why the last one ended; empty while none has. */
  readonly ended: string;
}
