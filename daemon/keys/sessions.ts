/** Sessions of one application: one a token that stays, since a login ends with the last of them, and others that are lent to one call at a time. */
import * as C from '../cryptoki-client/generated/constants.ts';
import type { Cryptoki } from '../cryptoki-client/generated/cryptoki.ts';

/** So many are kept for the next call, of each token. */
const IDLE_MOST = 16;

export class Sessions {
  readonly #p11: Cryptoki;
  readonly #home = new Map<number, Promise<number>>();
  readonly #idle = new Map<number, number[]>();

  constructor(p11: Cryptoki) {
    this.#p11 = p11;
  }

  async #open(slot: number): Promise<number> {
    const flags = C.CKF_SERIAL_SESSION | C.CKF_RW_SESSION;
    const { session } = await this.#p11.C_OpenSession({ slot, flags });
    return session;
  }

  /** The engine knows them no more: whoever comes next has new ones. */
  forget(): void {
    this.#home.clear();
    this.#idle.clear();
  }

  /** The session that stays: what is temporary belongs to it. No operation is ever begun in it. */
  async home(slot: number): Promise<number> {
    const found = this.#home.get(slot);
    if (found !== undefined) return await found;
    const opened = this.#open(slot);
    this.#home.set(slot, opened);
    try {
      return await opened;
    } catch (error) {
      this.#home.delete(slot);
      throw error;
    }
  }

  /** Lends a session to `work`. Whatever is still under way in it when that fails is given up. */
  async lend<T>(slot: number, work: (session: number) => Promise<T>): Promise<T> {
    await this.home(slot);
    const idle = this.#idle.get(slot) ?? [];
    this.#idle.set(slot, idle);
    const session = idle.pop() ?? (await this.#open(slot));
    let kept = false;
    try {
      const result = await work(session);
      kept = idle.length < IDLE_MOST && this.#idle.get(slot) === idle;
      if (kept) idle.push(session);
      return result;
    } finally {
      // A session that is not there any more, or an engine, has no operation either.
      if (!kept) await this.#p11.C_CloseSession({ session }).catch(() => undefined);
    }
  }
}
