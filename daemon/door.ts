/** The network door: puts its rooms together. In front those who come over the network, behind it the engine, over lanes. */
import path from 'node:path';
import { Server } from '@grpc/grpc-js';
import {
  ConfigError,
  DEFAULT_SOCKET,
  type EngineConfig,
  type HostAddress,
  type Log,
  userNumber,
} from '../module/engine/public.ts';
import { type Attachment, Engine, type EventCaller, LaneError } from '../module/lane/caller.ts';
import type { Principal } from '../module/lane/principal.ts';
import type { Traces } from '../module/traces/trace.ts';
import { cryptokiService } from './cryptoki/cryptoki.ts';
import { Front } from './front/front.ts';
import { serverOptions } from './front/inner.ts';
import { DoorMetrics } from './front/metrics.ts';
import { registerServices } from './services.ts';
import { traced } from './traced.ts';

/** How long calls under way have when the door ends. Their applications live on for their lease in any case. */
const GRACE_MS = 1000;

/** What keeps door and engine apart is said so often. */
const SAY_MS = 60_000;

export class Door {
  readonly #front: Front;
  readonly #engine: Engine;
  readonly #server: Server;
  readonly #log: Log;
  #metrics: DoorMetrics | undefined;
  #config: EngineConfig;
  #saidAt = Number.NEGATIVE_INFINITY;

  /**
   * @param folder where the addons lie
   * @param socket the engine's, where that is another than the configuration says
   * @param traces where calls are followed
   * @throws ConfigError, TrustError where it cannot be opened as the configuration says
   */
  constructor(config: EngineConfig, folder: string, socket: string | undefined, log: Log, traces?: Traces) {
    const { network } = config;
    if (network.listen.length === 0)
      throw new ConfigError('network.listen is missing: there is nowhere to listen');
    const user = userNumber(config.socketUser);
    if (user === undefined)
      throw new ConfigError(`socket_user: there is no user ${config.socketUser} in /etc/passwd`);
    this.#config = config;
    this.#log = log;
    const at = socket ?? (config.socket === '' ? DEFAULT_SOCKET : config.socket);
    this.#engine = new Engine(path.join(folder, 'caller.node'), at, user);
    this.#front = new Front(network, log);
    this.#server = new Server(serverOptions(network));
    const { definition, handlers } = cryptokiService({
      connectionOf: (call) => this.#front.connectionOf(call),
      leaseSeconds: network.leaseSeconds,
      maxMessageBytes: network.maxMessageBytes,
      attach: (principal, resumed) => this.#attach(principal, resumed),
      traces,
      log: (message, level) => log.line(message, level),
    });
    this.#server.addService(definition, handlers);
    registerServices(this.#server, {
      connectionOf: (call) => this.#front.connectionOf(call),
      attach: async (principal) => {
        const caller = await this.#attach(principal);
        return traces === undefined ? caller : traced(caller, traces);
      },
      traces,
      config: () => this.#config.network,
      log: (message) => log.line(message, 'error'),
    });
  }

  /** What is wrong between door and engine, and not with a client, stands in the log, once a minute. */
  async #attach(principal: Principal, resumed?: Attachment): Promise<EventCaller> {
    try {
      return await this.#engine.attach(principal, resumed);
    } catch (error) {
      const ours = error instanceof LaneError && ['stranger', 'version', 'unreachable'].includes(error.why);
      if (ours && performance.now() - this.#saidAt > SAY_MS) {
        this.#saidAt = performance.now();
        this.#log.line(error.message, 'error');
      }
      throw error;
    }
  }

  /** Begins to let clients in. @returns where @throws ListenError */
  async open(): Promise<readonly HostAddress[]> {
    await this.#front.open(this.#server);
    const { network, service } = this.#config;
    if (network.metrics !== '') {
      const log = (message: string) => this.#log.line(message, 'warning');
      this.#metrics = new DoorMetrics(network.metrics, this.#front.counts, log);
      const problem = await this.#metrics.serve(service.socketGroup);
      if (problem !== undefined) log(`network.metrics: ${network.metrics}: ${problem}`);
    }
    return this.#front.addresses;
  }

  /** Certificates and limits are what the files say now; what is broken leaves all as it was. @throws TrustError */
  reload(config: EngineConfig): void {
    this.#log.least = config.service.logLevel;
    this.#front.reload(config.network);
    this.#config = config;
  }

  get config(): EngineConfig {
    return this.#config;
  }

  async close(): Promise<void> {
    await this.#front.close(GRACE_MS);
    this.#metrics?.close();
    this.#server.forceShutdown();
  }
}
