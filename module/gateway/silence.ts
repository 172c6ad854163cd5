/**
 * Whether the other side of a stream still answers. A call may take minutes, and a connection that is alive says nothing of the stream in it: so whoever waits, and
 * has heard nothing for a while, asks something that is answered at once; and when nothing comes of that either, the stream is none.
 */

/** How often that is looked at. */
const LOOK_MS = 10_000;

export interface Listener {
  /** Whether anything is waited for. */
  waits(): boolean;
  ask(): void;
  /** Nothing was heard, not even when asked. */
  silent(): void;
}

export class Silence {
  readonly #listener: Listener;
  readonly #timer: NodeJS.Timeout;
  #heard = true;
  #asked = false;

  constructor(listener: Listener) {
    this.#listener = listener;
    this.#timer = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** Something has come. */
  heard(): void {
    this.#heard = true;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const heard = this.#heard || !this.#listener.waits();
    this.#heard = false;
    if (heard) this.#asked = false;
    else if (this.#asked) this.#listener.silent();
    else {
      this.#asked = true;
      this.#listener.ask();
    }
  }
}
