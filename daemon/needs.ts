/**
 * What the network door must reach: `door-needs.mjs --config FILE` says it in lines, to strongroom-launch, which lays it out as the rules of the
 * door's cage (hardening/process/door.c). It reads the configuration as the door does, and has ended before there is one.
 */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, type NetworkConfig, readConfig } from '../module/engine/public.ts';

/** The folder of a file, and the one where a link leads: a file that is put into its place later is found there too. */
function foldersOf(file: string): string[] {
  const folders = [path.dirname(file)];
  try {
    folders.push(path.dirname(realpathSync(file)));
  } catch {
    // Not there yet, or not for us to see: the door itself says so.
  }
  return folders;
}

/** Lines for the launcher. */
export function needsOf(configFile: string, network: NetworkConfig): string[] {
  const { certificate, key, clientCa, crl, listen, metrics, traces } = network;
  const files = [configFile, certificate, key, clientCa, crl].filter((file) => file !== '');
  const folders = new Set(files.flatMap(foldersOf));
  const ports = new Set(listen.map(({ port }) => port));
  const [, port] = /^[^/].*:(\d+)$/.exec(metrics) ?? [];
  if (port !== undefined) ports.add(Number(port));
  return [
    // Of a file that lies in the root folder itself, not everything.
    ...[...folders].filter((folder) => folder !== '/').map((folder) => `read ${folder}`),
    ...[...ports].map((port) => `listen ${port}`),
    // A socket of the file system is none of the cage's business: its own mode says who comes in.
    ...(traces.collector.startsWith('http:') ? [`connect ${new URL(traces.collector).port || 80}`] : []),
  ];
}

function main(): void {
  const { values } = parseArgs({ options: { config: { type: 'string' } } });
  const file = values.config ?? '';
  try {
    for (const line of needsOf(file, readConfig(file).config.network)) console.log(line);
  } catch (error) {
    const words = error instanceof ConfigError ? error.message : String(error);
    console.error(`the network door cannot start: ${words}`);
    process.exitCode = 1;
  }
}

if (import.meta.main) main();
