/**
 * The network door of a service that starts it itself: a process of its own (hardening/cage/door.c), started again when it ends. Whatever becomes
 * of it, the engine goes on. docs/decisions/2026-11-28-a-door-in-a-cage.md says who is whose child, and why.
 */
import { Socket } from 'node:net';
import { getSystemErrorMessage } from 'node:util';
import type { Level } from '../values/level.ts';
import type { NetworkState } from '../values/network.ts';

/** How long it is waited before the door is started again, in milliseconds; twice as long each time, up to the most. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
/** A door that has served for so long is started again as if it were for the first time. */
const WELL_MS = 10_000;
/** What a door may say in a second, in bytes; more waits in its pipe, and then is lost. */
const WORDS_PER_SECOND = 65_536;
const LONGEST_LINE = 4096;

/** The levels of syslog(3), as a journal reads them in front of a line. */
const levelOf: Readonly<Record<string, Level>> = { '4': 'warning', '5': 'info', '6': 'info', '7': 'debug' };

export interface NetworkParts {
  /** Has a door started; see ProcessAddon. */
  startDoor(args: string): readonly [log: number, leash: number] | number;
  /** Arguments behind `strongroom-launch --door`. */
  readonly args: readonly string[];
  log(message: string, level?: Level): void;
}

/** Calls `told` with each line, and with none that has no end in sight. */
function lines(told: (line: string) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const all = (rest + text).split('\n');
    rest = (all.pop() ?? '').slice(0, LONGEST_LINE);
    for (const line of all) told(line.slice(0, LONGEST_LINE));
  };
}

/** How a process ended, as waitpid tells it. */
function endOf(status: number): string {
  const signal = status & 0x7f;
  return signal === 0 ? `with exit code ${status >> 8}` : `by signal ${signal}`;
}

export class NetworkDoor {
  readonly #parts: NetworkParts;
  #leash: Socket | undefined;
  #pause = FIRST_PAUSE_MS;
  #timer: NodeJS.Timeout | undefined;
  #ending = false;
  #ended: (() => void) | undefined;
  /** The processes of this door and of the one before it. */
  #pids: number[] = [];
  #serving = false;
  #since = 0;
  #starts = 0;
  #places = '';
  /** Why the last one ended, or does not start. */
  #reason = '';
  /** The last error that it spoke of. */
  #error = '';
  /** Files were changed while it was starting: it may have read the old ones. */
  #reread = false;

  constructor(parts: NetworkParts) {
    this.#parts = parts;
  }

  /** Whether that process is, or was, the door. Once a door can ask for anything, its process is known here. */
  owns(pid: number): boolean {
    return this.#pids.includes(pid);
  }

  get state(): NetworkState {
    const { length } = this.#pids;
    return {
      serves: this.#serving,
      at: this.#places,
      pid: this.#leash === undefined ? null : (this.#pids[length - 1] ?? null),
      restarts: Math.max(0, this.#starts - 1),
      ended: this.#reason,
    };
  }

  start(): void {
    if (this.#ending || this.#leash !== undefined) return;
    clearTimeout(this.#timer);
    this.#starts++;
    this.#error = '';
    const ends = this.#parts.startDoor(this.#parts.args.map((arg) => `${arg}\0`).join(''));
    if (typeof ends === 'number') {
      this.#failed(`it cannot be started: ${getSystemErrorMessage(-ends)}`);
      return;
    }
    const [log, leash] = ends;
    // Its last words may come behind the news of its end.
    const words = this.#listen(new Socket({ fd: log, readable: true, writable: false }));
    const end = this.#hold(new Socket({ fd: leash, readable: true, writable: true }));
    void Promise.all([end, words]).then(([status]) => this.#gone(status));
  }

  /** Has it read its files anew; one that does not run is started at once. */
  reload(): void {
    if (this.#leash === undefined) this.start();
    else if (this.#serving) this.#signal();
    else this.#reread = true;
  }

  /** Ends it for good; `done` is called when it has gone. */
  end(done: () => void): void {
    this.#ending = true;
    clearTimeout(this.#timer);
    if (this.#leash === undefined) {
      done();
      return;
    }
    this.#ended = done;
    // That our end closes tells the process that attends the door to end it. What it says meanwhile is still heard.
    this.#leash.end();
  }

  #signal(): void {
    const pid = this.#pids[this.#pids.length - 1];
    try {
      if (pid !== undefined) process.kill(pid, 'SIGHUP');
    } catch (error) {
      this.#parts.log(`the network door cannot be told to read its files anew: ${String(error)}`, 'error');
    }
  }

  /** Its words, with their level, in our log, up to their end. */
  #listen(stream: Socket): Promise<void> {
    const { log } = this.#parts;
    let heard = 0;
    const take = lines((line) => {
      const [, digit, words = line] = /^<(\d)>(.*)$/.exec(line) ?? [];
      // What has no level comes from what fails before there is a door, or from a crash.
      const level = levelOf[digit ?? ''] ?? 'error';
      if (level === 'error') this.#error = words.trim();
      if (words !== '') log(`network door: ${words}`, level);
    });
    const again = setInterval(() => {
      heard = 0;
      stream.resume();
    }, 1000).unref();
    stream.setEncoding('utf8').on('data', (text: string) => {
      take(text);
      heard += text.length;
      if (heard > WORDS_PER_SECOND) stream.pause();
    });
    stream.on('error', () => undefined);
    return new Promise((resolve) =>
      stream.on('close', () => {
        clearInterval(again);
        resolve();
      }),
    );
  }

  /** How it has ended, when it has. */
  #hold(leash: Socket): Promise<number | undefined> {
    this.#leash = leash;
    let introduced = false;
    let status: number | undefined;
    const take = lines((line) => {
      const number = Number(line.slice(1));
      if (line.startsWith('P') && !introduced) {
        introduced = true;
        this.#pids = [...this.#pids.slice(-1), number];
        leash.write('G');
      } else if (line.startsWith('R') && !this.#serving) this.#serves(line.slice(1));
      else if (line.startsWith('X')) status = number;
    });
    leash.setEncoding('latin1').on('data', take);
    leash.on('error', () => undefined);
    return new Promise((resolve) => leash.on('close', () => resolve(status)));
  }

  #serves(places: string): void {
    this.#serving = true;
    this.#since = performance.now();
    this.#places = places.replace(/[^\x21-\x7e]/g, '?');
    if (this.#reread) this.#signal();
    this.#reread = false;
  }

  #gone(status: number | undefined): void {
    if (this.#serving && performance.now() - this.#since >= WELL_MS) this.#pause = FIRST_PAUSE_MS;
    this.#leash = undefined;
    this.#serving = false;
    this.#reread = false;
    if (this.#ending) {
      this.#ended?.();
      return;
    }
    const end = status === undefined ? 'it did not start, or was killed' : `it ended ${endOf(status)}`;
    this.#failed(this.#error === '' ? end : `${end}: ${this.#error}`);
  }

  #failed(reason: string): void {
    // One that fails again and again for one reason fills no log with it.
    const level = reason === this.#reason ? 'debug' : 'error';
    this.#reason = reason;
    this.#parts.log(`the network door does not serve: ${reason}; it is started again`, level);
    this.#timer = setTimeout(() => this.start(), this.#pause);
    this.#pause = Math.min(LONGEST_PAUSE_MS, 2 * this.#pause);
  }
}
