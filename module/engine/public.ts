/** The engine's public face: what the network door knows of it, beside the lanes. */
export { Histograms } from './metrics/histogram.ts';
export { Listener } from './metrics/listener.ts';
export { Page } from './metrics/page.ts';
export { PlaceError } from './metrics/place.ts';
export {
  ConfigError,
  type EngineConfig,
  type HostAddress,
  type NetworkConfig,
  readConfig,
} from './policy/config.ts';
