/** What the configuration wants of a network door, in a service: whether it starts one, and who is one. */
import { userNumber } from '../policy/accounts.ts';
import { ConfigError, type EngineConfig, type NetworkConfig } from '../policy/config.ts';
import type { NetworkSide, NetworkState } from '../values/network.ts';
import { DEFAULT_SOCKET, doorUser } from './door.ts';
import { NetworkDoor, type NetworkParts } from './network.ts';

/** Arguments for the door that the service starts; undefined where it starts none. @throws ConfigError when it cannot start the one that is wanted */
function doorArguments(
  { network, socket }: EngineConfig,
  configFile: string,
  store: string,
): readonly string[] | undefined {
  const { listen, startDoor, user } = network;
  if (listen.length === 0 || !startDoor) return undefined;
  const own = process.geteuid?.();
  const another = user !== '' && userNumber(user) !== own;
  if (another && own !== 0)
    throw new ConfigError(
      `network.user is ${user}, and only root can start the network door as another user: set network.start_door = false, and start strongroom-door.service`,
    );
  return [
    ...(another ? ['--user', user] : []),
    ...[
      '--apart',
      store,
      '--leash',
      '--ready-fd',
      '3',
      '--config',
      configFile,
      '--socket',
      socket || DEFAULT_SOCKET,
    ],
  ];
}

/** The door's user, where that is not ours. */
function strangerOf(network: NetworkConfig): number | undefined {
  const user = doorUser(network);
  return user === -1 || user === process.geteuid?.() ? undefined : user;
}

/**
 * @param configFile undefined where there is none, so that nobody has asked for a door
 * @param store the folder with the keys, which the door has nothing to do with
 * @param mayStart false where something else starts it, whatever the configuration says
 * @param gaps what the system cannot keep a door from
 * @throws ConfigError when there is no such user as is to be the door's
 */
export function networkSide(
  config: EngineConfig,
  configFile: string | undefined,
  store: string,
  mayStart: boolean,
  parts: Omit<NetworkParts, 'args'>,
  gaps: () => readonly string[],
): NetworkSide {
  let door: NetworkDoor | undefined;
  let refused: NetworkState | undefined;
  try {
    const args = mayStart && configFile !== undefined ? doorArguments(config, configFile, store) : undefined;
    if (args !== undefined) door = new NetworkDoor({ ...parts, args });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // Whoever has keys here shall have them all the same.
    refused = { serves: false, at: '', pid: null, restarts: 0, ended: error.message };
    parts.log(`there is no network door: ${error.message}`, 'error');
  }
  const stranger = strangerOf(config.network);
  return {
    gaps: door === undefined ? [] : gaps(),
    get state() {
      return refused ?? door?.state;
    },
    isDoor: ({ pid, uid }) => uid === stranger || door?.owns(pid) === true,
    start: () => door?.start(),
    reload: () => door?.reload(),
    end: (done) => (door === undefined ? done() : door.end(done)),
  };
}
