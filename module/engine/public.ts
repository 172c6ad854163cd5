/** The engine's public face: what the network door knows of it, beside the lanes. */
export {
  ConfigError,
  type EngineConfig,
  type HostAddress,
  type NetworkConfig,
  readConfig,
} from './policy/config.ts';
export { type Log, serviceLog } from './log.ts';
