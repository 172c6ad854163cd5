/** The engine's public face: what the network door knows of it, beside the lanes. */
export { type Log, serviceLog } from './log.ts';
export { Histograms } from './metrics/histogram.ts';
export { Listener } from './metrics/listener.ts';
export { Page } from './metrics/page.ts';
export { PlaceError } from './metrics/place.ts';
export { userNumber } from './policy/accounts.ts';
export {
  ConfigError,
  type EngineConfig,
  type HostAddress,
  type NetworkConfig,
  readConfig,
} from './policy/config.ts';
export { DEFAULT_SOCKET } from './service/door.ts';
