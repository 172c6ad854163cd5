/** A whole engine on a real store, without lanes: applications are objects here, and their calls wait as those over lanes do. */
import type { KeyHandle } from '../../module/enclave/enclave.ts';
import type { Call } from '../../module/engine/calls/call.ts';
import { findHandlers } from '../../module/engine/calls/find.ts';
import { initToken } from '../../module/engine/calls/init-token.ts';
import { loginHandlers } from '../../module/engine/calls/login.ts';
import { objectHandlers } from '../../module/engine/calls/objects.ts';
import { Engine } from '../../module/engine/engine.ts';
import { CKA_LABEL, CKR_DEVICE_ERROR, CKU_USER } from '../../module/engine/generated/constants.ts';
import { Log } from '../../module/engine/log.ts';
import { readConfig, withSettings } from '../../module/engine/policy/config.ts';
import type { Application, Session } from '../../module/engine/sessions/application.ts';
import { closeSession, endApplication, openSession } from '../../module/engine/sessions/lifecycle.ts';
import { StoreError } from '../../module/engine/store/errors.ts';
import type { Token } from '../../module/engine/tokens/token.ts';
import { CryptokiError } from '../../module/engine/values/errors.ts';
import { Reply } from '../../module/engine/values/reply.ts';
import { Slices } from '../../module/engine/values/slices.ts';
import type { Lanes } from '../../module/lane/lane.ts';
import { enclave } from '../store/real-enclave.ts';
import { fillSoPin, fillUserPin } from '../support/fill.ts';
import { template, type Value } from './objects/world.ts';

/** PINs that are set here are derived in no time. */
const cheap = { 'pin.kdf': 'pbkdf2', 'pin.iterations': 1_000, 'pin.slow_first_ms': 0 } as const;

type Handler<A> = (call: Call, a: A) => number;

const lanes = { busyLanes: () => 1, epoch: () => undefined } as unknown as Lanes;

export function span(text: string) {
  const buffer = Buffer.from(text);
  return { buffer, offset: 0, length: buffer.length };
}

export class Host {
  readonly engine: Engine;
  readonly slices: Slices;
  readonly #jobs = new Map<number, () => void>();
  #session = 1;
  #app = 1;

  /**
   * @param milliseconds how long a slice is; 0 makes one of each step
   * @param config path of the configuration, where there is one
   */
  constructor(folder: string, milliseconds = 0, config?: string) {
    this.slices = new Slices(milliseconds);
    this.engine = new Engine(
      folder,
      enclave,
      lanes,
      config === undefined
        ? { config: withSettings(cheap), given: cheap, source: undefined }
        : readConfig(config),
      new Log(() => true),
      undefined,
      this.slices,
    );
  }

  token(slot = 0): Token {
    const token = this.engine.tokens.get(slot);
    if (token === undefined) throw new Error('no such token');
    return token;
  }

  app(uid = 1000, groups: readonly number[] = []): Application {
    const number = this.#app++;
    this.engine.attach(number, { pid: process.pid, uid, gid: uid, groups });
    const app = this.engine.applications.get(number);
    if (app === undefined) throw new Error('the application is not there');
    return app;
  }

  session(app = this.app(), slot = 0): Session {
    return openSession(this.#session++, app, this.token(slot), true);
  }

  /** The answer to a call, whenever it comes. */
  call<A>(
    handler: Handler<A>,
    session: Session,
    a: A,
    reply = new Reply(new Uint8Array(65536)),
  ): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    const answer = (work: () => number): void => {
      let rv: number;
      try {
        rv = work();
      } catch (error) {
        if (error instanceof StoreError) rv = CKR_DEVICE_ERROR;
        else if (error instanceof CryptokiError) rv = error.rv;
        else throw error;
      }
      if (rv >= 0) resolve(rv);
    };
    const call: Call = {
      engine: this.engine,
      app: session.app,
      session,
      fn: 0,
      reply,
      audit: () => undefined,
      defer: (job, then) => {
        this.#jobs.set(job, () => answer(() => then()));
        return -1;
      },
      park: (then) => () => answer(() => then()),
    };
    answer(() => handler(call, a));
    return promise;
  }

  /** One turn of the event loop: slices, and jobs that have ended. */
  async turn(): Promise<void> {
    await new Promise((done) => setImmediate(done));
    for (let job = enclave.jobTake(); job > 0; job = enclave.jobTake()) {
      this.#jobs.get(job)?.();
      this.#jobs.delete(job);
    }
  }

  /** Turns until the answer has come; each time around, `meanwhile` runs. */
  async answered(answer: Promise<number>, meanwhile: () => void = () => undefined): Promise<number> {
    let rv: number | undefined;
    void answer.then((value) => {
      rv = value;
    });
    for (let turn = 0; rv === undefined; turn++) {
      if (turn > 10_000_000) throw new Error('no answer comes');
      meanwhile();
      await this.turn();
    }
    return rv;
  }

  login(session: Session, pin = fillUserPin, userType = CKU_USER): Promise<number> {
    return this.call(loginHandlers.C_Login, session, { userType, pin: span(pin) });
  }

  logout(session: Session): Promise<number> {
    return this.call(loginHandlers.C_Logout, session, {});
  }

  /** C_InitToken, with an SO PIN that is right. */
  initToken(from: Session, slot = 0): Promise<number> {
    return this.call((call) => initToken(call, slot, span(fillSoPin), span('anew')), from, {});
  }

  close(session: Session): void {
    closeSession(this.engine, session);
  }

  end(app: Application): void {
    app.ended = true;
    endApplication(this.engine, app);
    this.engine.detach(app);
  }

  /** Handles of what a search by label finds; without a label, of all. */
  find(session: Session, label?: string): number[] {
    const entries: (readonly [number, Value])[] = label === undefined ? [] : [[CKA_LABEL, label]];
    return session.token.objects
      .find(session, template(...entries))
      .map((object) => session.token.objects.handleFor(session, object));
  }

  /** The master key of a token by its user PIN, the caller's to free. */
  master(slot = 0): KeyHandle {
    const { record } = this.token(slot);
    const keyslot = record.keyslots.get(1)?.factors[0];
    const pin = Buffer.from(fillUserPin);
    if (keyslot === undefined) throw new Error('no user PIN');
    const kek = enclave.pinDerivePbkdf2Now(pin, 0, pin.length, keyslot.salt, 1_000);
    const master = this.engine.store.unlock(record, 1, kek);
    enclave.keyFree(kek);
    if (master === null) throw new Error('the PIN was refused');
    return master;
  }
}

export { enclave, findHandlers, objectHandlers };
