/**
 * What makes an engine a service in the foreground, beside its door: it tells whoever looks after it how it stands, reads its files anew on
 * SIGHUP, and on SIGTERM answers what is under way before it leaves. docs/operations.md has the operator's side.
 */
import { getSystemErrorMessage } from 'node:util';
import type { ProcessAddon } from '../../../hardening/process/process.ts';
import { type Enclave, type JobId, KeyKind } from '../../enclave/enclave.ts';
import { type Trouble, troubles } from '../calls/own/health.ts';
import { ConfigError, type EngineConfig, type LoadedConfig, readConfig } from '../policy/config.ts';
import { Kept } from '../policy/quotas.ts';
import type { Level } from '../values/level.ts';
import type { Reload } from '../values/reload.ts';
import { Notifier } from './notifier.ts';
import { Watch } from './watch.ts';

/** The smallest thing that the pool can be asked for: a key of this curve, which nobody gets to see. */
const ED25519 = new Uint8Array([0x06, 0x03, 0x2b, 0x65, 0x70]);

type Host = Parameters<typeof troubles>[0];

/** The engine, as its service needs it. */
export interface ServiceHost extends Host {
  readonly enclave: Enclave;
  readonly config: EngineConfig;
  log(message: string, level?: Level): void;
  /** @throws AuditError when it cannot be recorded; then nothing has changed */
  reconfigure(loaded: LoadedConfig): { readonly changed: string[]; readonly waiting: string[] };
  /** Reads the policy anew; what is wrong with it, when it keeps the one that was. */
  reloadPolicy?(): string | undefined;
  /** How the last reading of the files went, for whoever asks. */
  reload: Reload | undefined;
}

/** The calls under way, as the door knows them. */
export interface ServiceDoorman {
  /** Lets nobody in any more; whoever knocks waits for the next one who serves. */
  shut(): void;
  /** Has the pool do a small job; see Dispatcher. */
  ask(begin: (job: JobId) => number, done: () => void): boolean;
  /** Calls `done` once every call has its answer that waits at this moment. */
  settled(done: () => void): void;
}

export class Service {
  readonly #engine: ServiceHost;
  readonly #doorman: ServiceDoorman;
  readonly #leave: () => void;
  readonly #configPath: string | undefined;
  readonly #notifier: Notifier;
  #watch: Watch | undefined;
  #ending = false;

  /**
   * @param configPath the file that the configuration was read from
   * @param leave closes everything and ends the process
   */
  constructor(
    engine: ServiceHost,
    doorman: ServiceDoorman,
    addon: ProcessAddon,
    configPath: string | undefined,
    leave: () => void,
  ) {
    this.#engine = engine;
    this.#doorman = doorman;
    this.#configPath = configPath;
    this.#leave = leave;
    const socket = process.env.NOTIFY_SOCKET;
    this.#notifier = new Notifier({
      send: (text) => (socket === undefined ? 0 : addon.notify(socket, text)),
      failed: (errno) => {
        const reason = getSystemErrorMessage(-errno);
        engine.log(`whoever started the service cannot be told how it stands: ${reason}`, 'warning');
      },
      status: () => this.#status(),
    });
  }

  /** It serves. */
  begin(): void {
    process.on('SIGHUP', () => this.reload());
    process.on('SIGTERM', () => this.end());
    process.on('SIGINT', () => this.end());
    this.#notifier.ready();
    const microseconds = Number(process.env.WATCHDOG_USEC ?? 0);
    if (microseconds > 0)
      this.#watch = new Watch(
        { ask: (answered) => this.#ask(answered), alive: () => this.#notifier.alive() },
        microseconds / 1000,
      );
    this.#engine.log(`serves: ${this.#status()}`);
  }

  /** Reads configuration and policy anew. What is broken keeps what was, and no call notices. */
  reload(): void {
    if (this.#ending) return;
    const engine = this.#engine;
    this.#notifier.reloading();
    const problems: string[] = [];
    let waiting: readonly string[] = [];
    try {
      const changes = engine.reconfigure(readConfig(this.#configPath));
      waiting = changes.waiting;
      if (changes.changed.length > 0)
        engine.log(`the configuration has changed: ${changes.changed.join(', ')}`);
      if (waiting.length > 0)
        engine.log(`the configuration has changed, for the next start: ${waiting.join(', ')}`, 'warning');
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      if (!(error instanceof ConfigError)) engine.log(String(error), 'error');
    }
    const policy = engine.reloadPolicy?.();
    if (policy !== undefined) problems.push(policy);
    for (const problem of problems) engine.log(`read anew, and what was is kept: ${problem}`, 'error');
    engine.network?.reload();
    engine.reload = { at: Date.now(), problems, waiting };
    engine.log(problems.length === 0 ? 'configuration and policy were read anew' : 'not all was read anew');
    this.#notifier.ready();
  }

  /** Lets nobody in any more, answers what is under way, and leaves; asked again, at once. */
  end(): void {
    if (this.#ending) {
      this.#engine.log('leaves at once');
      this.#leave();
      return;
    }
    this.#ending = true;
    this.#doorman.shut();
    this.#watch?.stop();
    this.#notifier.stopping();
    this.#engine.log('leaves');
    const patience = setTimeout(() => {
      this.#engine.log('leaves although calls are under way: they have taken too long', 'warning');
      this.#leave();
    }, this.#engine.config.service.drainSeconds * 1000);
    const settled = (): void =>
      this.#doorman.settled(() => {
        clearTimeout(patience);
        // Answers are on their way: those who wait for them see them before the door closes.
        setImmediate(this.#leave);
      });
    // Those who come by the network door go by it.
    const { network } = this.#engine;
    if (network === undefined) settled();
    else network.end(settled);
  }

  #ask(answered: () => void): boolean {
    const { enclave } = this.#engine;
    return this.#doorman.ask((job) => enclave.keyGenerateEc(job, KeyKind.Ed25519Private, ED25519), answered);
  }

  #status(): string {
    const { applications, quotas } = this.#engine;
    const sessions = quotas.used[Kept.Sessions] ?? 0;
    const wrong = troubles(this.#engine).filter(({ kind }: Trouble) => kind !== 'limit').length;
    const problems = this.#engine.reload?.problems.length ?? 0;
    return [
      this.#ending ? 'leaves; ' : '',
      `${applications.size} applications, ${sessions} sessions`,
      wrong === 0 ? '' : `; wrong: ${wrong}, see strongroom doctor`,
      problems === 0 ? '' : '; the last reload failed in part',
    ].join('');
  }
}
