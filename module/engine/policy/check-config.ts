/**
 * `check-config.mjs FILE`: reads a configuration as the engine would, and says on standard output what is wrong with it,
 * one problem a line. Exit code 0 when there is nothing to say, 1 otherwise.
 */
import { ConfigError, loadConfig } from './config.ts';

try {
  loadConfig(process.argv[2]);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stdout.write(`${error.message}\n`);
  process.exitCode = 1;
}
