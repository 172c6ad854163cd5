/**
 * Rotates keys that are due (CKA_STRONGROOM_ROTATE_EVERY), of tokens that are open: a user is logged in, or the token is unlocked. Of others the
 * keys stay due until somebody comes. One key at a time, and each at its own time: none is tried again before the next look.
 */
import type { AuditWriter } from '../../../../audit/writer.ts';
import type { Enclave, JobId } from '../../../enclave/enclave.ts';
import * as C from '../../generated/constants.ts';
import type { TokenObject } from '../../objects/object.ts';
import type { RotationConfig } from '../../policy/config.ts';
import type { Placement } from '../../policy/placement.ts';
import { functionNumber } from '../../policy/rules/rule.ts';
import { Application, Session } from '../../sessions/application.ts';
import type { Peer } from '../../sessions/peer.ts';
import type { Token } from '../../tokens/token.ts';
import { CryptokiError } from '../../values/errors.ts';
import type { Level } from '../../values/level.ts';
import { Reply } from '../../values/reply.ts';
import { type OwnJobs, PENDING } from '../../values/waiting.ts';
import { type RotationCall, rotateKey } from './rotation.ts';

/** What is needed of the engine. */
export interface ScheduleHost {
  readonly enclave: Enclave;
  readonly placement: Placement;
  readonly audit: AuditWriter;
  readonly config: { readonly keys: RotationConfig };
  readonly tokens: ReadonlyMap<number, Token>;
  readonly ownJobs: OwnJobs;
  log(message: string, level?: Level): void;
}

/** A call that the engine makes itself. */
class OwnCall implements RotationCall {
  readonly fn = functionNumber('SR_RotateKey');
  readonly engine: ScheduleHost;
  readonly app: Application;
  readonly session: Session;
  readonly reply = new Reply(new Uint8Array(64));
  readonly #done: (rv: number) => void;

  constructor(engine: ScheduleHost, token: Token, done: (rv: number) => void) {
    this.engine = engine;
    const peer: Peer = {
      uid: process.getuid?.() ?? 0,
      gid: 0,
      groups: [],
      pid: process.pid,
      executable: '',
      remote: undefined,
    };
    this.app = new Application(0, peer);
    this.app.setLogin(token, 'user');
    this.session = new Session(0, this.app, token, true);
    this.#done = done;
  }

  /** Says what a step has come to, unless there is more to wait for. */
  settle(step: () => number): void {
    let rv: number;
    try {
      rv = step();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.engine.log(`a key that is due cannot be rotated: ${error.message}`, 'warning');
      rv = error instanceof CryptokiError ? error.rv : C.CKR_GENERAL_ERROR;
    }
    if (rv !== PENDING) this.#done(rv);
  }

  defer(job: JobId, then: () => number): number {
    this.engine.ownJobs.add(job, () => this.settle(then));
    return PENDING;
  }

  park(then: () => number): () => void {
    return () => this.settle(then);
  }

  audit(): void {
    // There is no call to record: what becomes of the key is recorded by itself.
  }
}

export class RotationSchedule {
  readonly #engine: ScheduleHost;
  readonly #timer: NodeJS.Timeout;
  #busy = false;

  constructor(engine: ScheduleHost) {
    this.#engine = engine;
    this.#timer = setInterval(() => this.look(), 1000 * engine.config.keys.rotationCheckSeconds).unref();
  }

  /** Begins with all that are due now. */
  look(): void {
    if (this.#busy) return;
    const due: TokenObject[] = [];
    for (const token of this.#engine.tokens.values())
      if (token.users.size > 0 && token.opening === undefined) due.push(...token.objects.rotating.due());
    this.#next(due);
  }

  #next(due: TokenObject[]): void {
    const key = due.pop();
    this.#busy = key !== undefined;
    if (key === undefined) return;
    const token = [...this.#engine.tokens.values()].find((each) => each === key.token);
    // Others may have logged out, or been faster.
    if (key.dead || token === undefined || token.users.size === 0) {
      this.#next(due);
      return;
    }
    const { config } = this.#engine;
    const call = new OwnCall(this.#engine, token, () => setImmediate(() => this.#next(due)));
    const wish = { grace: config.keys.rotationGraceSeconds, reason: 'it was due', by: 'schedule' };
    call.settle(() => rotateKey(call, call.session, key, wish, () => C.CKR_OK));
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
