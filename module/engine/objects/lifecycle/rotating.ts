/** The keys in memory of one token that are to be rotated at some time: most tokens have few of them, whatever the number of their keys. */
import { CKA_STRONGROOM_ROTATE_TIME } from '../../generated/constants.ts';
import type { TokenObject } from '../object.ts';
import { isDue } from './succession.ts';

export class Rotating {
  readonly #keys = new Set<TokenObject>();
  readonly #now: () => number;

  /** @param now seconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The object has come, or has other attributes. */
  note(object: TokenObject): void {
    if (object.owner === undefined && object.attributes.has(CKA_STRONGROOM_ROTATE_TIME))
      this.#keys.add(object);
    else this.#keys.delete(object);
  }

  forget(object: TokenObject): void {
    this.#keys.delete(object);
  }

  due(): TokenObject[] {
    const now = this.#now();
    return [...this.#keys].filter((key) => !key.dead && isDue(key.attributes, now));
  }
}
