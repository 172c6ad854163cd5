/**
 * Health checks (grpc.health.v1). Nobody but the engine knows how it is, and the door has no rights of its own there: it asks in the name of whoever checks.
 * SERVING: the engine is reached, and none of the tokens that he sees is broken. For one whom the policy gives nothing: the engine is reached.
 */
import { status } from '@grpc/grpc-js';
import { LaneError } from '../../module/lane/caller.ts';
import type { Principal } from '../../module/lane/principal.ts';
import {
  type HealthServer,
  HealthCheckResponse_ServingStatus as Serving,
} from '../../module/wire/generated/grpc/health/v1/health.ts';
import * as C from '../cryptoki-client/generated/constants.ts';
import { Cryptoki } from '../cryptoki-client/generated/cryptoki.ts';
import { Problem } from '../errors/problem.ts';
import type { Attach } from '../keys/application.ts';
import { isInitialized, listTokens } from '../keys/tokens.ts';
import { type Calls, paused } from '../rpc.ts';

/** An answer is as good as new for so long, so that whoever checks all the time does not occupy the engine. */
const FRESH_MS = 1000;
/** Answers that are kept. */
const KEPT_MOST = 256;
/** How often whoever watches is looked after. */
const WATCH_MS = 2000;

export class Health {
  readonly #attach: Attach;
  readonly #needsUnlocked: () => boolean;
  readonly #answers = new Map<string, { readonly at: number; readonly serving: Promise<boolean> }>();

  constructor(attach: Attach, needsUnlocked: () => boolean) {
    this.#attach = attach;
    this.#needsUnlocked = needsUnlocked;
  }

  /** Whether whoever checks is served. */
  serves(principal: Principal): Promise<boolean> {
    const who = JSON.stringify(principal.names);
    const now = performance.now();
    const known = this.#answers.get(who);
    if (known !== undefined && now - known.at < FRESH_MS) return known.serving;
    const serving = this.#look(principal);
    if (this.#answers.size >= KEPT_MOST) this.#answers.clear();
    this.#answers.set(who, { at: now, serving });
    return serving;
  }

  async #look(principal: Principal): Promise<boolean> {
    try {
      const caller = await this.#attach(principal);
      try {
        return await this.#asked(new Cryptoki(caller));
      } finally {
        caller.farewell();
      }
    } catch (error) {
      // Whom the policy does not let in has heard that from the engine.
      if (error instanceof LaneError) return error.why === 'denied';
      return false;
    }
  }

  async #asked(p11: Cryptoki): Promise<boolean> {
    const tokens = (await listTokens(p11)).filter(isInitialized);
    if (tokens.some(({ flags }) => (flags & C.CKF_ERROR_STATE) !== 0)) return false;
    // A token that whoever checks may use without a login asks him for one as long as it is locked.
    return !(this.#needsUnlocked() && tokens.some(({ flags }) => (flags & C.CKF_LOGIN_REQUIRED) !== 0));
  }
}

/** @param services the names that may be asked about, beside the empty one for all */
export function healthService(calls: Calls, health: Health, services: readonly string[]): HealthServer {
  const knows = (service: string): boolean => service === '' || services.includes(service);
  const answer = (serving: boolean) => ({ status: serving ? Serving.SERVING : Serving.NOT_SERVING });
  return {
    check: calls.unary(async ({ service }, { connection }) => {
      if (!knows(service))
        throw new Problem(status.NOT_FOUND, 'CKR_ARGUMENTS_BAD', 'there is no such service', 'service');
      return answer(await health.serves(connection.principal));
    }),
    watch: calls.telling(async ({ service }, { connection, signal }, write) => {
      let told: number | undefined;
      for (;;) {
        const now = knows(service)
          ? answer(await health.serves(connection.principal))
          : { status: Serving.SERVICE_UNKNOWN };
        if (now.status !== told) await write(now);
        told = now.status;
        await paused(WATCH_MS, signal);
      }
    }),
  };
}
