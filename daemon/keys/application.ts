/** The engine's application of one connection: what it logs in to is its alone, and ends with it. */
import type { Caller } from '../../module/lane/caller.ts';
import type { Principal } from '../../module/lane/principal.ts';
import { Cryptoki } from '../cryptoki-client/generated/cryptoki.ts';
import type { Connection } from '../front/connection.ts';
import { Finder } from './find.ts';
import { Sessions } from './sessions.ts';
import { Snapshots } from './snapshots.ts';

export type Attach = (principal: Principal) => Promise<Caller>;

export class KeysApplication {
  readonly p11: Cryptoki;
  readonly sessions: Sessions;
  readonly finder: Finder;
  readonly snapshots = new Snapshots();
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
    this.p11 = new Cryptoki(caller);
    this.sessions = new Sessions(this.p11);
    this.finder = new Finder(this.p11, this.sessions, () => caller.epoch());
  }

  end(): void {
    this.#caller.farewell();
  }
}

/** One for each connection that has called; made at its first call. */
export class Applications {
  readonly #attach: Attach;
  readonly #of = new Map<number, Promise<KeysApplication>>();

  constructor(attach: Attach) {
    this.#attach = attach;
  }

  of(connection: Connection): Promise<KeysApplication> {
    const found = this.#of.get(connection.id);
    if (found !== undefined) return found;
    const made = this.#make(connection);
    this.#of.set(connection.id, made);
    // Whoever asks next tries again.
    made.catch(() => this.#forget(connection.id, made));
    connection.onClose(() => {
      this.#forget(connection.id, made);
      made.then(
        (application) => application.end(),
        () => undefined,
      );
    });
    return made;
  }

  async #make(connection: Connection): Promise<KeysApplication> {
    const caller = await this.#attach(connection.principal);
    caller.onGone = () => this.#of.delete(connection.id);
    return new KeysApplication(caller);
  }

  #forget(id: number, which: Promise<KeysApplication>): void {
    if (this.#of.get(id) === which) this.#of.delete(id);
  }
}
