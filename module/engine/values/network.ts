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

/** The network door, as a service has it: one that it starts itself, or something else does. */
export interface NetworkSide {
  /** How the one is that the service starts; undefined where it starts none. */
  readonly state: NetworkState | undefined;
  /** What the system cannot keep it from, in words. */
  readonly gaps: readonly string[];
  /** Whether somebody is a door, who may ask for others only. */
  isDoor(who: { readonly pid: number; readonly uid: number }): boolean;
  start(): void;
  /** Has it read its files anew. */
  reload(): void;
  /** Ends it, and calls `done` when it has gone. */
  end(done: () => void): void;
}
