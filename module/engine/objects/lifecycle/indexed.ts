/** The keys of an index that are not active whatever the time: who counts them need not look at all the others. */
import type { AttributeSet } from '../attribute-set.ts';
import { type Life, lifeOf } from './life.ts';

export class IndexedLives {
  readonly #bySlot = new Map<number, Life>();

  /** Of an object whose attributes say something of a life. */
  set(slot: number, attributes: AttributeSet): void {
    const life = lifeOf(attributes);
    if (life !== undefined) this.#bySlot.set(slot, life);
  }

  delete(slot: number): void {
    this.#bySlot.delete(slot);
  }

  /** @param others objects that have no slot yet */
  *all(others: readonly { readonly attributes: AttributeSet }[]): Generator<Life> {
    yield* this.#bySlot.values();
    for (const { attributes } of others) {
      const life = lifeOf(attributes);
      if (life !== undefined) yield life;
    }
  }
}
