/**
 * The service's sign of life. It is given only while both of those that do its work get on: the main thread, on which the timer runs, and the
 * enclave's pool, which has to answer a small question each time. A question that is late delays the sign; one that is never answered ends it,
 * and whoever watches starts the service anew.
 */
export interface WatchParts {
  /** Gives the pool something small to do. False when it could not be given. */
  ask(answered: () => void): boolean;
  alive(): void;
}

export class Watch {
  readonly #parts: WatchParts;
  readonly #timer: NodeJS.Timeout;
  #question: 'refused' | 'asked' | 'answered' = 'refused';
  /** The time for a sign came before the answer. */
  #due = false;

  /** @param milliseconds within which a sign must come; it does twice as often */
  constructor(parts: WatchParts, milliseconds: number) {
    this.#parts = parts;
    this.#timer = setInterval(() => this.#beat(), Math.max(1, milliseconds / 2)).unref();
    this.#ask();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    this.#due = true;
    if (this.#question === 'answered') this.#sign();
    else if (this.#question === 'refused') this.#ask();
  }

  #sign(): void {
    this.#due = false;
    this.#parts.alive();
    this.#ask();
  }

  #ask(): void {
    // The answer never comes within the asking.
    this.#question = this.#parts.ask(() => this.#answered()) ? 'asked' : 'refused';
  }

  #answered(): void {
    this.#question = 'answered';
    if (this.#due) this.#sign();
  }
}
