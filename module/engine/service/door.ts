/** strongroomd: what the engine does otherwise as a service, under a user of its own, for the programs of many users. */
import type { ServiceDoor } from '../../lane/lane.ts';
import { groupNumber, userNumber } from '../policy/accounts.ts';
import { ConfigError, type EngineConfig, type NetworkConfig } from '../policy/config.ts';

/** Where it listens when nothing is said. */
export const DEFAULT_SOCKET = '/run/strongroom/engine.socket';

/**
 * Where the service listens.
 * @param listenFd number of a descriptor that listens there already, if we were given one
 * @throws ConfigError when the group is not there, or the descriptor is no number
 */
export function serviceDoor(
  { socket, service, network }: EngineConfig,
  listenFd: string | undefined,
): ServiceDoor {
  const descriptor = listenFd === undefined ? -1 : Number(listenFd);
  if (!Number.isInteger(descriptor)) throw new ConfigError(`--listen-fd ${listenFd} is no descriptor`);
  const group = service.socketGroup === '' ? -1 : groupNumber(service.socketGroup);
  if (group === undefined)
    throw new ConfigError(`service.socket_group: there is no group ${service.socketGroup} in /etc/group`);
  return {
    path: socket || DEFAULT_SOCKET,
    mode: service.socketMode,
    group,
    descriptor,
    door: doorUser(network),
    leaseMs: network.leaseSeconds * 1000,
  };
}

/** Who may name others for whom he asks; -1 where there is no network door. */
export function doorUser({ listen, user }: NetworkConfig): number {
  if (listen.length === 0) return -1;
  const door = user === '' ? process.geteuid?.() : userNumber(user);
  if (door === undefined) throw new ConfigError(`network.user: there is no user ${user} in /etc/passwd`);
  return door;
}
