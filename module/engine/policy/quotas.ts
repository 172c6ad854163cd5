/**
 * What applications may make the engine keep, each of them and all together. Whoever wants more than his share is refused; what is kept for
 * others does not change by that.
 *
 * Of what all may have together the last tenth is for those who hold little: so an application (or ten of them) that takes all it can
 * get leaves something for the next one that comes with a modest wish.
 *
 * Whoever is on another machine can have as many applications as he likes there. All those of one name count as one, and hold at most as much as
 * they leave to others: so a name that takes all it can get takes half, and the next one half of the rest.
 */
import { getHeapStatistics } from 'node:v8';
import type { Principal } from '../../lane/principal.ts';
import type { EngineConfig } from './config.ts';
import { nameOf } from './rights.ts';

/** The things that are counted. */
export const Kept = {
  Sessions: 0,
  /** Session objects. */
  Objects: 1,
  /** Bytes of their attributes and values. */
  ObjectBytes: 2,
  /** Operations and searches under way. */
  Operations: 3,
  /** Bytes that operations keep of what they were given, and searches of what they have found. */
  OperationBytes: 4,
} as const;
export type Kept = (typeof Kept)[keyof typeof Kept];

export interface Limit {
  readonly perApplication: number;
  readonly total: number;
}

export type Limits = readonly [
  sessions: Limit,
  objects: Limit,
  objectBytes: Limit,
  operations: Limit,
  operationBytes: Limit,
];

/** The part of a total that goes to everybody; the rest is for those who hold little. */
const ORDINARY = 0.9;
/** The part of a total up to which somebody holds little. */
const LITTLE = 0.01;

/** The part of V8's heap from which on nobody gets more objects but who holds few: a full heap ends the engine for everybody. */
const HEAP_FULL = 0.85;
/** After so many new objects the heap is looked at again. */
const HEAP_LOOK = 1024;

/**
 * @param keyMemory bytes that keys may take in all, 0 for no limit: what must be locked and cannot be is no room for anybody, so it is shared
 *   out as well. Attributes make up for what a key takes beside its value, but for the quarter by which places differ.
 */
export function limitsOf(config: EngineConfig, keyMemory = 0): Limits {
  const { sessions, objects, operations } = config;
  const lockable = keyMemory === 0 ? Number.MAX_SAFE_INTEGER : Math.floor(keyMemory * 0.75);
  return [
    { perApplication: sessions.maxPerApplication, total: sessions.maxTotal },
    { perApplication: objects.sessionMaxPerApplication, total: objects.sessionMaxTotal },
    {
      perApplication: objects.sessionBytesPerApplication,
      total: Math.min(objects.sessionBytesTotal, lockable),
    },
    { perApplication: operations.maxPerApplication, total: operations.maxTotal },
    { perApplication: operations.bytesPerApplication, total: operations.bytesTotal },
  ];
}

const UNBOUNDED: Limit = { perApplication: Number.MAX_SAFE_INTEGER, total: Number.MAX_SAFE_INTEGER };

/** What all applications of one name hold, and how many those are. */
interface Share {
  readonly name: string;
  readonly held: number[];
  applications: number;
}

export class Quotas {
  limits: Limits;
  /** By {@link Kept}: what all hold. */
  readonly used: number[] = [0, 0, 0, 0, 0];
  #untilLook = HEAP_LOOK;
  #heapFull = false;
  readonly #shares = new Map<string, Share>();

  constructor(limits: Limits) {
    this.limits = limits;
  }

  /**
   * The account of a new application.
   * @param remote whose it is, where he is on another machine
   */
  account(remote?: Principal): Account {
    return new Account(this, remote === undefined ? undefined : this.#shareOf(nameOf(remote)));
  }

  #shareOf(name: string): Share {
    const share = this.#shares.get(name) ?? { name, held: [0, 0, 0, 0, 0], applications: 0 };
    share.applications++;
    this.#shares.set(name, share);
    return share;
  }

  /** What applications leave behind is held until it is cleared away, so a name may outlive the last of them. */
  forget(share: Share): void {
    const left = share.applications > 0 || share.held.some((amount) => amount !== 0);
    if (!left && this.#shares.get(share.name) === share) this.#shares.delete(share.name);
  }

  /** How many names there are under which something is held. */
  get names(): number {
    return this.#shares.size;
  }

  /** How much more one may take who holds so much, alone and together with others of his name. Below 0 where more is held than may be. */
  spare(kind: Kept, held: number, share: Share | undefined): number {
    const { perApplication, total } = this.limits[kind];
    const free = total - (this.used[kind] as number);
    const little = Math.max(1, Math.floor(total * LITTLE));
    const open = kind === Kept.Objects && this.#heapFull ? 0 : free - total + Math.floor(total * ORDINARY);
    const his = share === undefined ? held : (share.held[kind] as number);
    const spare = Math.min(perApplication - held, free, Math.max(open, little - his));
    return share === undefined ? spare : Math.min(spare, Math.ceil((free - his) / 2));
  }

  /** Whether V8's heap is nearly full; looked up when so many objects have been made since. */
  heapFull(made: number): boolean {
    this.#untilLook -= made;
    if (this.#untilLook > 0) return this.#heapFull;
    this.#untilLook = HEAP_LOOK;
    const { used_heap_size, heap_size_limit } = getHeapStatistics();
    this.#heapFull = used_heap_size > heap_size_limit * HEAP_FULL;
    return this.#heapFull;
  }
}

/** What one application holds. */
export class Account {
  readonly held: number[] = [0, 0, 0, 0, 0];
  readonly #quotas: Quotas;
  readonly #share: Share | undefined;

  /**
   * @param quotas what all may have; without it there are no bounds
   * @param share what counts against others of the same name
   */
  constructor(quotas = new Quotas([UNBOUNDED, UNBOUNDED, UNBOUNDED, UNBOUNDED, UNBOUNDED]), share?: Share) {
    this.#quotas = quotas;
    this.#share = share;
  }

  spare(kind: Kept): number {
    return this.#quotas.spare(kind, this.held[kind] as number, this.#share);
  }

  /** Takes so much, or nothing when that is more than the application may have. */
  take(kind: Kept, amount: number): boolean {
    if (amount > this.spare(kind)) return false;
    this.count(kind, amount);
    return true;
  }

  /** Counts what has been taken already. */
  count(kind: Kept, amount: number): void {
    this.#add(kind, amount);
    if (kind === Kept.Objects) this.#quotas.heapFull(amount);
  }

  /** Whether the engine has room in its heap for objects that stay, of which there are so many more now. */
  heapFull(made: number): boolean {
    return this.#quotas.heapFull(made);
  }

  give(kind: Kept, amount: number): void {
    this.#add(kind, -amount);
    if (this.#share?.applications === 0) this.#quotas.forget(this.#share);
  }

  /** The application has gone. */
  close(): void {
    if (this.#share === undefined) return;
    this.#share.applications--;
    this.#quotas.forget(this.#share);
  }

  #add(kind: Kept, amount: number): void {
    this.held[kind] = (this.held[kind] as number) + amount;
    this.#quotas.used[kind] = (this.#quotas.used[kind] as number) + amount;
    if (this.#share !== undefined) this.#share.held[kind] = (this.#share.held[kind] as number) + amount;
  }
}
