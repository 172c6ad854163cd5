/** The engine, as its door needs it: one store, its tokens, and the applications that use them. */
import type { AuditWriter } from '../../../audit/writer.ts';
import type { Enclave } from '../../enclave/enclave.ts';
import type { Principal } from '../../lane/principal.ts';
import type { TokenObject } from '../objects/object.ts';
import type { ConfigSource, EngineConfig } from '../policy/config.ts';
import type { Quotas } from '../policy/quotas.ts';
import type { PolicySource } from '../policy/rules/file.ts';
import type { Application } from '../sessions/application.ts';
import type { LoginHost } from '../sessions/login.ts';
import type { Peer } from '../sessions/peer.ts';
import type { StoreError } from '../store/errors.ts';
import type { Store } from '../store/store.ts';
import type { Token as TokenRecord } from '../store/token.ts';
import type { PinHost } from '../tokens/pins.ts';
import type { Token } from '../tokens/token.ts';
import type { Clock } from '../values/clock.ts';
import type { Level } from '../values/level.ts';
import type { NetworkSide } from '../values/network.ts';
import type { Reload } from '../values/reload.ts';
import type { OwnJobs } from '../values/waiting.ts';

export interface Host extends PinHost, LoginHost {
  readonly enclave: Enclave;
  readonly config: EngineConfig;
  readonly store: Store;
  readonly audit: AuditWriter;
  /** By slot id. */
  readonly tokens: ReadonlyMap<number, Token>;
  /** By number. */
  readonly applications: ReadonlyMap<number, Application>;
  readonly quotas: Quotas;
  /** The page of metrics, where they are counted. */
  readonly metricsPage: (() => string) | undefined;
  /** Whether users are served who must not learn of each other. */
  readonly shared: boolean;
  /** How the files were read the last time while the engine ran, if it came to that. */
  readonly reload: Reload | undefined;
  /** What the engine was started with: the file that the configuration came from, and the settings that the store brought. */
  readonly configSource: ConfigSource | undefined;
  readonly ownSettings: string | null;
  /** What the engine found or met, for those who look after it; see health.ts. */
  readonly auditFinding: string | undefined;
  readonly clockFinding: string | undefined;
  /** The rules that hold in a service, and why those that are in the file now do not. */
  readonly policySource: PolicySource | undefined;
  readonly policyTrouble: string | undefined;
  readonly warnings: readonly string[];
  /** Why nobody can ask for metrics although the configuration says where. */
  readonly metricsFinding: string | undefined;
  /** The network door, in a service. */
  readonly network: NetworkSide | undefined;
  readonly refusals: { readonly count: number; readonly last: string };
  readonly lostLines: number;
  readonly clock: Clock;
  readonly ownJobs: OwnJobs;
  /** Called when something in the store's folder was removed, renamed or replaced. */
  readonly onFolderChange: (() => void) | undefined;

  /** Somebody has connected. False when the policy does not let him in. */
  attach(application: number, peer: Omit<Peer, 'executable'>): boolean;
  /** An application that was made for somebody on another machine goes on for this one. False when he is another. */
  resume(application: number, remote: Principal): boolean;
  detach(app: Application): void;
  /** A key was to be used as the state that it is in does not let it. */
  lifeRefused(key: TokenObject, state: number): void;
  /** A call was refused because its application had all that it may have, or there was no more. */
  refused(app: Application, fn: string): void;
  /** Ends the engine once `asker` has heard so, which it shows by leaving. */
  stop(asker: Application): void;
  /** A line for engine.log. Never key material, PINs or attribute values. */
  log(message: string, level?: Level): void;

  /** What C_GetSlotList shows. */
  slotIds(): number[];
  hasSlot(slot: number): boolean;
  /** A token that the store has made or loaded gets its place. */
  addToken(record: TokenRecord): void;
  /** Why a token is out of use, or null. */
  problemOf(token: Token): StoreError | null;
  /** The token's security officer accepts what was found. */
  accept(token: Token, client: number): void;
  /** Whether any application has a session on the token. */
  hasSessions(token: Token): boolean;
}
