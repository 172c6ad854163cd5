/** Where lists stopped: the objects that were there when a list began, so that its next part goes on behind the last, whatever comes and goes. */
import { randomBytes } from 'node:crypto';

/** Lists of one application that can go on. The oldest gives way. */
const LISTS_MOST = 4;

export interface Listed {
  readonly slots: readonly { readonly slot: number; readonly objects: Float64Array }[];
  /** What was asked for: another question cannot go on with it. */
  readonly question: string;
}

export class Snapshots {
  readonly #lists = new Map<string, Listed>();

  /** A name for the list that tells nothing of it. */
  keep(list: Listed): string {
    const [oldest] = this.#lists.keys();
    if (this.#lists.size >= LISTS_MOST && oldest !== undefined) this.#lists.delete(oldest);
    const name = randomBytes(12).toString('base64url');
    this.#lists.set(name, list);
    return name;
  }

  get(name: string): Listed | undefined {
    return this.#lists.get(name);
  }
}
