/** What whoever looks after the service is told (sd_notify(3)). Where nobody wants to be told, nothing happens. */

/** How often news that could not be sent are tried again, and how often the state in words is looked at. */
const LOOK_MS = 5_000;
/** The words of a state, kept to what a line of a terminal holds. */
const STATUS_LENGTH = 200;

export interface NotifierParts {
  /** Sends one datagram; 0, or the system's number for what failed. */
  send(text: string): number;
  /** Said once: nobody can be told. */
  failed(errno: number): void;
  /** How it stands, in words. */
  status(): string;
}

export class Notifier {
  readonly #parts: NotifierParts;
  #complained = false;
  /** The last change of state, as long as it could not be sent. */
  #unsent = '';
  #status = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: NotifierParts) {
    this.#parts = parts;
  }

  /** It serves; from now on its state in words is told whenever it has changed. */
  ready(): void {
    this.#state('READY=1');
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** It reads its files anew; `ready` ends that. */
  reloading(): void {
    // The time tells whoever asked for it that this reload began after he did.
    const microseconds = process.hrtime.bigint() / 1000n;
    this.#state(`RELOADING=1\nMONOTONIC_USEC=${microseconds}`);
  }

  stopping(): void {
    clearInterval(this.#timer);
    this.#state('STOPPING=1');
  }

  /** It is alive. */
  alive(): void {
    this.#send('WATCHDOG=1');
  }

  #state(assignment: string): void {
    this.#status = this.#words();
    const text = `${assignment}\n${this.#status}`;
    this.#unsent = this.#send(text) ? '' : text;
  }

  #look(): void {
    if (this.#unsent !== '' && this.#send(this.#unsent)) this.#unsent = '';
    const words = this.#words();
    if (words !== this.#status && this.#send(words)) this.#status = words;
  }

  #words(): string {
    return `STATUS=${this.#parts.status().replaceAll('\n', ' ').slice(0, STATUS_LENGTH)}`;
  }

  #send(text: string): boolean {
    const errno = this.#parts.send(text);
    if (errno !== 0 && !this.#complained) {
      this.#complained = true;
      this.#parts.failed(errno);
    }
    return errno === 0;
  }
}
