/**
 * What the network door must reach: `door-needs.mjs --config FILE [--apart DIR]` says it in lines, to strongroom-launch, which lays it out as the rules of the
 * door's cage (hardening/cage/door.c). It reads the configuration as the door does, and has ended before there is one.
 */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, type NetworkConfig, readConfig } from '../module/engine/public.ts';

function realOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    // Not there yet, or not for us to see: the door itself says so.
    return file;
  }
}

/** Of a file, its folder and the one where a link leads, so that what is put into its place later is found too. */
function placesOf(file: string, apart: string): string[] {
  return [file, realOf(file)].map((name) => {
    const folder = path.dirname(name);
    const inside = folder === '/' ? '/' : `${realOf(folder)}/`;
    // Of one that has the store in it, or everything, the file alone: it can be read until another takes its place.
    return inside === '/' || `${realOf(apart)}/`.startsWith(inside) ? name : folder;
  });
}

/**
 * Lines for the launcher.
 * @param apart the store, which is none of the door's business
 * @throws ConfigError when the door is to do what its cage keeps it from
 */
export function needsOf(configFile: string, network: NetworkConfig, apart = '/'): string[] {
  const { certificate, key, clientCa, crl, listen, metrics, traces } = network;
  const files = [configFile, certificate, key, clientCa, crl].filter((file) => file !== '');
  const places = new Set(files.flatMap((file) => placesOf(file, apart)));
  const ports = new Set(listen.map(({ port }) => port));
  if (metrics.startsWith('/'))
    throw new ConfigError(
      `network.metrics must be a port of the loopback interface: the network door may make no file, and no socket ${metrics} either`,
    );
  const [, port] = /:(\d+)$/.exec(metrics) ?? [];
  if (port !== undefined) ports.add(Number(port));
  return [
    ...[...places].map((place) => `read ${place}`),
    ...[...ports].map((port) => `listen ${port}`),
    // A socket of the file system is none of the cage's business: its own mode says who comes in.
    ...(traces.collector.startsWith('http:') ? [`connect ${new URL(traces.collector).port || 80}`] : []),
  ];
}

function main(): void {
  const { values } = parseArgs({ options: { config: { type: 'string' }, apart: { type: 'string' } } });
  const file = values.config ?? '';
  try {
    for (const line of needsOf(file, readConfig(file).config.network, values.apart)) console.log(line);
  } catch (error) {
    const words = error instanceof ConfigError ? error.message : String(error);
    console.error(`the network door cannot start: ${words}`);
    process.exitCode = 1;
  }
}

if (import.meta.main) main();
