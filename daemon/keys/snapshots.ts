/** Where lists stopped: the objects that were there when a list began, so that its next part goes on behind the last, whatever comes and goes. */
import { randomBytes } from 'node:crypto';

/** Lists of one application that can go on. The oldest gives way. */
const LISTS_MOST = 4;
/** Objects in all lists of the door together: 64 MiB. The oldest gives way, whosever it is. */
const OBJECTS_MOST = 8 << 20;

export interface Listed {
  readonly slots: readonly { readonly slot: number; readonly objects: Float64Array }[];
  /** What was asked for: another question cannot go on with it. */
  readonly question: string;
}

interface Kept {
  readonly owner: object;
  readonly list: Listed;
  readonly objects: number;
}

/** Those of all connections. */
export class Snapshots {
  /** The oldest first. */
  readonly #lists = new Map<string, Kept>();
  readonly #objectsMost: number;
  #objects = 0;

  constructor(objectsMost = OBJECTS_MOST) {
    this.#objectsMost = objectsMost;
  }

  get size(): number {
    return this.#lists.size;
  }

  /** A name for the list that tells nothing of it. @param owner whose it is: nobody else goes on with it */
  keep(owner: object, list: Listed): string {
    const mine = [...this.#lists].filter(([, kept]) => kept.owner === owner);
    for (const [name] of mine.slice(0, Math.max(0, mine.length + 1 - LISTS_MOST))) this.#drop(name);
    const objects = list.slots.reduce((sum, { objects: { length } }) => sum + length, 0);
    for (const name of this.#lists.keys()) {
      if (this.#objects + objects <= this.#objectsMost) break;
      this.#drop(name);
    }
    const name = randomBytes(12).toString('base64url');
    this.#lists.set(name, { owner, list, objects });
    this.#objects += objects;
    return name;
  }

  get(owner: object, name: string): Listed | undefined {
    const kept = this.#lists.get(name);
    return kept?.owner === owner ? kept.list : undefined;
  }

  /** Its owner has gone. */
  forget(owner: object): void {
    for (const [name, kept] of this.#lists) if (kept.owner === owner) this.#drop(name);
  }

  #drop(name: string): void {
    this.#objects -= this.#lists.get(name)?.objects ?? 0;
    this.#lists.delete(name);
  }
}
