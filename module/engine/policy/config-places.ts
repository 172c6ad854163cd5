/** What a configuration says of other machines. */
import type { HostAddress } from './config-texts.ts';

/** What a gateway needs; paths are empty where nothing is said. */
export interface RemoteConfig {
  /** In the order in which they are tried; empty where keys are here. */
  readonly addresses: readonly HostAddress[];
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
  /** Of the other machine's certificate; empty for the host. */
  readonly name: string;
  readonly patienceSeconds: number;
  readonly traces: TracesConfig;
}

/** To whom it is said where the time of calls goes. */
export interface TracesConfig {
  /** A URL, or the path of a socket; empty for nobody. */
  readonly collector: string;
  readonly perThousand: number;
}

/** What the network door needs. */
export interface NetworkConfig {
  readonly listen: readonly HostAddress[];
  readonly certificate: string;
  readonly key: string;
  readonly clientCa: string;
  readonly crl: string;
  readonly user: string;
  readonly startDoor: boolean;
  readonly leaseSeconds: number;
  readonly maxConnections: number;
  readonly maxConnectionsPerIdentity: number;
  readonly maxStreamsPerConnection: number;
  readonly maxMessageBytes: number;
  readonly servingNeedsUnlocked: boolean;
  readonly metrics: string;
  readonly traces: TracesConfig;
}
