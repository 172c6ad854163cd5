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
  /** The door's: where lists of all applications stopped. */
  readonly snapshots: Snapshots;
  readonly #caller: Caller;

  constructor(caller: Caller, snapshots: Snapshots) {
    this.#caller = caller;
    this.snapshots = snapshots;
    this.p11 = new Cryptoki(caller);
    this.sessions = new Sessions(this.p11);
    this.finder = new Finder(this.p11, this.sessions, () => caller.epoch());
  }

  end(): void {
    this.snapshots.forget(this);
    this.#caller.farewell();
  }
}

/** One for each connection that has called; made at its first call. */
export class Applications {
  readonly #attach: Attach;
  readonly #snapshots = new Snapshots();
  readonly #of = new Map<number, Promise<KeysApplication>>();
  /** Connections whose end we shall hear of. */
  readonly #heard = new Set<number>();

  constructor(attach: Attach) {
    this.#attach = attach;
  }

  of(connection: Connection): Promise<KeysApplication> {
    const { id } = connection;
    const found = this.#of.get(id);
    if (found !== undefined) return found;
    const made = this.#make(connection);
    this.#of.set(id, made);
    made.catch(() => {
      // Whoever asks next tries again.
      if (this.#of.get(id) === made) this.#of.delete(id);
    });
    if (!this.#heard.has(id)) {
      this.#heard.add(id);
      connection.onClose(() => this.#end(id));
    }
    return made;
  }

  async #make({ id, principal }: Connection): Promise<KeysApplication> {
    const caller = await this.#attach(principal);
    const application = new KeysApplication(caller, this.#snapshots);
    caller.onGone = () => {
      this.#of.delete(id);
      application.end();
    };
    return application;
  }

  #end(id: number): void {
    const made = this.#of.get(id);
    this.#of.delete(id);
    this.#heard.delete(id);
    // Also one that is still being made.
    made?.then(
      (application) => application.end(),
      () => undefined,
    );
  }
}
