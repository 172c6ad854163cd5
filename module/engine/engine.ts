/** The engine: one store, its tokens, and the applications that use them. It ties the rooms together and decides nothing itself. */
import { Kind } from '../../audit/format.ts';
import type { AuditWriter } from '../../audit/writer.ts';
import type { Enclave, JobId, KeyHandle } from '../enclave/enclave.ts';
import type { Lanes } from '../lane/lane.ts';
import type { Principal } from '../lane/principal.ts';
import { openAudit } from './audit.ts';
import { Lives } from './lives.ts';
import type { Log } from './log.ts';
import type { TokenObject } from './objects/object.ts';
import type { Notice } from './objects/uses/tally.ts';
import {
  type ConfigSource,
  type EngineConfig,
  type LoadedConfig,
  type PinConfig,
  parseStoreSettings,
  reread,
  type Settings,
  withSettings,
} from './policy/config.ts';
import { Placement } from './policy/placement.ts';
import { limitsOf, Quotas } from './policy/quotas.ts';
import type { Identity, Rights } from './policy/rights.ts';
import type { PolicySource } from './policy/rules/file.ts';
import { ownersOnly } from './policy/rules/policy.ts';
import { Ruling } from './ruling.ts';
import { Application } from './sessions/application.ts';
import { comingOf, described, executableOf, inShort, isSame, type Peer } from './sessions/peer.ts';
import { noteStart, shortened } from './start.ts';
import type { StoreError } from './store/errors.ts';
import type { KdfPolicy } from './store/factors/factor.ts';
import { files } from './store/folder.ts';
import { Pins } from './store/keyslot.ts';
import { Store, settingsOf } from './store/store.ts';
import type { Token as TokenRecord } from './store/token.ts';
import { Token } from './tokens/token.ts';
import { PinTurns } from './tokens/turns.ts';
import { PinUpgrades } from './tokens/upgrade.ts';
import { type Clock, clockTrouble } from './values/clock.ts';
import { checked } from './values/errors.ts';
import type { Level } from './values/level.ts';
import type { NetworkSide } from './values/network.ts';
import type { Reload } from './values/reload.ts';
import { Slices } from './values/slices.ts';
import { OwnJobs } from './values/waiting.ts';

/** How long an application that has ended the engine may take to leave; its answer is lost when the lanes are closed before it looked. */
const STOP_PATIENCE_MS = 2000;

function kdfPolicy(pin: PinConfig): KdfPolicy {
  const { kdf, iterations, argon2MemoryKib: memoryKib, argon2Passes: passes, argon2Lanes: lanes } = pin;
  return { kdf, iterations, argon2: { memoryKib, passes, lanes } };
}

export class Engine {
  readonly enclave: Enclave;
  readonly store: Store;
  readonly pins: Pins;
  readonly pinTurns = new PinTurns();
  readonly upgrades: PinUpgrades;
  readonly audit: AuditWriter;
  /** The time that keys go by. */
  readonly clock: Clock;
  readonly ownJobs = new OwnJobs();
  /** By slot id. */
  readonly tokens = new Map<number, Token>();
  /** By number. */
  readonly applications = new Map<number, Application>();
  /** Called when the last application has gone, and when the first comes. */
  onIdle: ((idle: boolean) => void) | undefined;
  /** Called when the engine is to end, because somebody who may has asked for it. */
  onStop: (() => void) | undefined;
  /** Called when something in the store's folder was removed, renamed or replaced. */
  onFolderChange: (() => void) | undefined;
  /** The settings that the store brought when it was opened; null when it has none of its own. */
  readonly ownSettings: string | null;
  /** Which thread computes what. */
  readonly placement: Placement;
  /** The page of metrics, where they are counted. */
  metricsPage: (() => string) | undefined;
  /** Whether users are served who must not learn of each other. */
  shared = false;
  /** What somebody may do: everything, in an engine that serves its own user alone. */
  rightsOf: (who: Identity) => Rights = ownersOnly(() => true);
  #ruling: Ruling | undefined;
  /** What applications may make us keep. */
  readonly quotas: Quotas;
  /** Long work on this thread. */
  readonly slices: Slices;
  /** How the files were read the last time while the engine ran, if it came to that. */
  reload: Reload | undefined;
  #config: EngineConfig;
  #configSource: ConfigSource | undefined;
  /** What the file says, of keys that cannot change while the engine runs as it said at the start. */
  #given: Settings;
  readonly #lanes: Lanes;
  readonly #log: Log;
  #stopAsker: Application | undefined;
  #lockNoted = false;
  readonly #lives: Lives;
  /** The network door, in a service. */
  network: NetworkSide | undefined;
  /** What was wrong with the log that was found at the start. */
  readonly auditFinding: string | undefined;
  /** What is wrong with the system's clock. */
  readonly clockFinding: string | undefined;
  /** Why nobody can ask for metrics although the configuration says where. */
  metricsFinding: string | undefined;
  /** What the process could not have of the system. */
  readonly warnings: string[] = [];
  /** Calls that met a limit, or found no room. */
  readonly refusals = { count: 0, last: '' };
  #objectHandle = 0;

  /**
   * @param lockMemory called when memory for keys must be locked from now on, which the store may ask for as well
   * @throws StoreError, AuditError, ConfigError when the folder's contents cannot be used, and what `lockMemory` throws
   */
  constructor(
    folder: string,
    enclave: Enclave,
    lanes: Lanes,
    loaded: LoadedConfig,
    log: Log,
    lockMemory: () => void = () => undefined,
    slices = new Slices(),
  ) {
    this.enclave = enclave;
    this.slices = slices;
    this.#log = log;
    this.#lanes = lanes;
    this.#configSource = loaded.source;
    this.#given = loaded.given;
    this.store = Store.open(folder, enclave);
    this.ownSettings = settingsOf(this.store);
    const config = this.#settingsWith(loaded.given);
    this.#config = config;
    log.least = config.service.logLevel;
    if (config.memory.requireLock) lockMemory();
    this.quotas = new Quotas(limitsOf(config, enclave.status().keyMemory));
    this.placement = new Placement(lanes, enclave, config.jobs.maxPerApplication);
    this.pins = new Pins(this.store, enclave, {
      kdf: kdfPolicy(config.pin),
      maxAttempts: [config.pin.soMaxAttempts, config.pin.maxAttempts, config.pin.recoveryMaxAttempts],
      rules: config.pin.rules,
    });
    this.upgrades = new PinUpgrades(enclave, this.pins, (message) => this.log(message, 'warning'));
    const { audit, finding, newest } = openAudit(folder, enclave, this.store, config.audit.syncIntervalMs);
    this.audit = audit;
    this.auditFinding = finding;
    const made = this.store.tokens().map(({ info }) => info?.created ?? 0);
    const known = Math.max(newest, ...made);
    this.clockFinding = clockTrouble(Date.now(), known);
    this.#lives = new Lives(this, (message) => this.#report(message));
    this.clock = this.#lives.clock(known);
    this.store.keepWatchOn(files.auditLog);
    this.store.onLeftover = (error) =>
      this.log(`old rows could not be erased, and will be at the next change: ${error.message}`);
    this.store.onLost = () => this.onFolderChange?.();
    for (const record of this.store.tokens()) this.addToken(record);
  }

  lifeRefused(key: TokenObject, state: number): void {
    this.#lives.refused(key, state);
  }

  /** What holds: the defaults, what the file says instead, and before both what the store says of itself. */
  get config(): EngineConfig {
    return this.#config;
  }

  /** The file that the configuration came from. */
  get configSource(): ConfigSource | undefined {
    return this.#configSource;
  }

  #settingsWith(given: Settings): EngineConfig {
    return withSettings(given, parseStoreSettings(this.ownSettings ?? '', 'the store’s own settings'));
  }

  /**
   * The file says something else now: what can change while the engine runs changes. Applications that hold more than they may from now on keep it.
   * @returns keys with another value now, and those whose value waits for the next start
   * @throws AuditError when it cannot be recorded; then everything stays as it was
   */
  reconfigure(loaded: LoadedConfig): { changed: string[]; waiting: string[] } {
    const { given, changed, waiting } = reread(this.#given, loaded.given);
    const config = this.#settingsWith(given);
    const { source } = loaded;
    this.audit.note(Kind.Reload, {
      configuration: source === undefined ? null : shortened(source),
      settings: config,
    });
    this.#given = given;
    this.#config = config;
    this.#configSource = source;
    this.#log.least = config.service.logLevel;
    this.quotas.limits = limitsOf(config, this.enclave.status().keyMemory);
    return { changed, waiting };
  }

  /** Says to the log what this engine found when it opened the store. */
  started(version: string): void {
    noteStart(this, version, (message) => this.#report(message));
  }

  #report(message: string): void {
    this.log(message, 'warning');
    this.audit.note(Kind.Recovery, { found: message });
  }

  /** A token that the store has made or loaded gets its place. */
  addToken(record: TokenRecord): void {
    const token = new Token(this, record);
    this.tokens.set(record.slot, token);
    if (record.problem !== null) return;
    try {
      token.objects.loadPublic();
    } catch (error) {
      // The store has marked the token; it stays visible, and every use of it answers CKR_DEVICE_ERROR.
      this.log(error instanceof Error ? error.message : 'a token could not be loaded', 'error');
    }
  }

  /** Why a token is out of use, or null. */
  problemOf(token: Token): StoreError | null {
    return this.store.problem ?? token.record.problem;
  }

  /** The token's security officer accepts what was found; without a record of that nothing is accepted. */
  accept(token: Token, client: number): void {
    this.audit.note(Kind.Recovery, { accepted: this.store.finding }, client, token.slotId);
    this.store.accept(token.record);
    token.objects.loadPublic();
    this.bumpEpoch();
  }

  /** What C_GetSlotList shows: a slot for each token; the free one only where there is no token yet, or the configuration asks. */
  slotIds(): number[] {
    const ids = [...this.tokens.keys()];
    if (ids.length === 0 || this.config.slots.freeSlot) ids.push(this.store.nextSlot);
    return ids;
  }

  hasSlot(slot: number): boolean {
    if (this.tokens.has(slot)) return true;
    return (this.tokens.size === 0 || this.config.slots.freeSlot) && slot === this.store.nextSlot;
  }

  /** Whether any application has a session on the token. */
  hasSessions(token: Token): boolean {
    for (const app of this.applications.values()) for (const _session of app.sessionsOn(token)) return true;
    return false;
  }

  attach(number: number, who: Omit<Peer, 'executable'>): boolean {
    const peer = { ...who, executable: executableOf(who.pid) };
    if (who.remote === undefined && this.network?.isDoor(who) === true) {
      this.log(`refused: the network door (${described(peer)}) asks for itself`, 'warning');
      return false;
    }
    // Hours may have ended while the machine slept.
    this.#ruling?.tick();
    const rights = this.rightsOf(peer);
    if (!rights.enter) {
      this.log(`refused: ${described(peer)}: no rule of the policy lets it in`);
      return false;
    }
    const firstHandle = this.#randomHandle();
    const app = new Application(number, peer, this.quotas.account(peer.remote), {
      rights,
      apart: this.shared,
      firstHandle,
    });
    if (this.applications.size === 0) this.onIdle?.(false);
    this.applications.set(number, app);
    this.noteLock();
    this.log(`application ${number} comes: ${described(peer)}`, 'debug');
    this.note(Kind.Attach, comingOf(peer), number);
    return true;
  }

  /**
   * An application that was made for somebody on another machine goes on for this one. False when he is another, or nobody lets him in any more.
   * His certificate may be a newer one, and he may come from elsewhere.
   */
  resume(number: number, remote: Principal): boolean {
    const app = this.applications.get(number);
    const before = app?.peer.remote;
    if (app === undefined || before === undefined) return false;
    const peer = { ...app.peer, remote };
    if (!isSame(before, remote)) {
      this.log(`refused: ${inShort(peer)} shows the key of another's application`, 'warning');
      return false;
    }
    this.#ruling?.tick();
    if (!app.rights.enter) {
      this.log(`refused: ${described(peer)}: no rule of the policy lets it in any more`);
      return false;
    }
    app.peer = peer;
    // By which process he comes now is not known here.
    this.note(Kind.Attach, { remote, resumed: true }, number);
    return true;
  }

  #randomHandle(): number {
    const bytes = new Uint8Array(4);
    checked(this.enclave.random(bytes, 0, 4), 'engine');
    return 1 + (new DataView(bytes.buffer).getUint32(0) >>> 2);
  }

  detach(app: Application): void {
    this.applications.delete(app.id);
    app.account.close();
    this.log(`application ${app.id} has gone`, 'debug');
    this.noteLock();
    this.note(Kind.Detach, {}, app.id);
    if (this.applications.size === 0) this.onIdle?.(true);
    if (app === this.#stopAsker) this.onStop?.();
  }

  /** Says to the log, once, that not all memory for keys is locked: it may come to that only when there are many. */
  noteLock(): void {
    if (this.#lockNoted || this.enclave.status().memoryLocked) return;
    this.#lockNoted = true;
    this.warn('memory for keys could not all be locked: RLIMIT_MEMLOCK (ulimit -l) is too low');
  }

  /** From now on the rules of that file say who may what. @throws PolicyError when there is a file that can't be used */
  usePolicy(path: string): void {
    const ruling = new Ruling(this, path);
    this.#ruling = ruling;
    this.rightsOf = (who) => ruling.rightsOf(who);
  }

  /** Reads the rules again, and lets them hold for everybody who is here. Says why not when they stay as they were. */
  reloadPolicy(path = this.config.service.policy): string | undefined {
    return this.#ruling?.reload(path);
  }

  get policySource(): PolicySource | undefined {
    return this.#ruling?.source;
  }

  /** Why the policy that is in its file now does not hold; undefined when it does. */
  get policyTrouble(): string | undefined {
    return this.#ruling?.trouble;
  }

  /** Ends the engine once `asker` has heard so, which it shows by leaving. */
  stop(asker: Application): void {
    this.#stopAsker = asker;
    setTimeout(() => this.onStop?.(), STOP_PATIENCE_MS).unref();
  }

  /** A record about coming and going; a full disk must not keep anybody from leaving. */
  note(kind: Kind, detail: Readonly<Record<string, unknown>>, client = 0): void {
    try {
      this.audit.note(kind, detail, client);
    } catch (error) {
      this.log(error instanceof Error ? error.message : 'the audit log cannot be written', 'error');
    }
  }

  nextObjectHandle(): number {
    return ++this.#objectHandle;
  }

  /** The handle that a finished job made. @throws CryptokiError with what the enclave refused it with */
  jobHandle(job: JobId): KeyHandle {
    return checked(this.enclave.jobResult(job), 'engine.job');
  }

  nearsLimit(slot: number, object: Uint8Array, what: string, notice: Notice): void {
    this.#lives.nearsLimit(slot, object, what, notice);
  }

  bumpEpoch(): void {
    this.#lanes.epoch();
  }

  /** Something that the system refuses, and that goes on without; said once. */
  warn(message: string): void {
    this.warnings.push(message);
    this.log(message, 'warning');
  }

  /** A call was refused because its application had all that it may have, or there was no more. */
  refused(app: Application, fn: string): void {
    this.refusals.count++;
    const when = new Date().toISOString().slice(0, 19).replace('T', ' ');
    this.refusals.last = `${fn} of ${inShort(app.peer)} at ${when} UTC`;
  }

  /** Lines of engine.log that could not be written, until one is again. */
  get lostLines(): number {
    return this.#log.lost;
  }

  /** A line for engine.log. Never key material, PINs or attribute values. */
  log(message: string, level: Level = 'info'): void {
    this.#log.line(message, level);
  }

  /** Signs the audit log up to its newest record, if there is one that is not signed yet. */
  sign(): void {
    try {
      if (this.audit.unsigned > 0) this.audit.checkpoint();
    } catch (error) {
      this.log(error instanceof Error ? error.message : 'the audit log cannot be signed', 'error');
    }
  }

  /**
   * The end of an engine whose files have been taken away: nothing is written by name, since another engine's files may stand there by now.
   * @param reason for the log, if somebody still has it
   */
  abandon(reason: string): void {
    this.log(`leaves: ${reason}`);
    try {
      this.audit.note(Kind.EngineStop, { reason });
    } catch {
      // Its file may be what is gone.
    }
    this.pins.close();
    this.store.close();
  }

  /** Everything is written and closed. */
  close(): void {
    for (const token of this.tokens.values())
      for (const isPrivate of [true, false]) token.objects.counting.giveBack(isPrivate);
    this.slices.stop();
    this.#ruling?.close();
    // A clock that went back while no key was asked for its state is noticed now.
    this.clock.now();
    try {
      this.audit.note(Kind.EngineStop, {});
      this.audit.close();
    } finally {
      this.pins.close();
      this.store.close();
    }
  }
}
