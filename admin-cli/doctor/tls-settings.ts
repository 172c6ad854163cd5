/** The keys about other machines, out of the configuration that would be used; what is wrong with the file itself, `configuration.ts` says. */
import fs from 'node:fs';
import { parse } from 'smol-toml';
import { networkKeys, remoteKeys } from '../../schema/config/network.ts';
import { configFile } from '../places.ts';
import type { Address } from './tls-probe.ts';

type Name = (typeof remoteKeys)[number]['name'] | (typeof networkKeys)[number]['name'];

/** What a text key says: in the file, or else its default. */
export type Settings = (name: Name) => string;

/** Undefined when there is no configuration that could be read. */
export function readSettings(): Settings | undefined {
  const file = configFile()?.path;
  if (file === undefined) return undefined;
  let table: Record<string, unknown>;
  try {
    table = parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
  return (name) => {
    const said = name.split('.').reduce<unknown>((at, part) => (isTable(at) ? at[part] : undefined), table);
    if (typeof said === 'string') return said;
    const key = [...remoteKeys, ...networkKeys].find((each) => each.name === name);
    return typeof key?.default === 'string' ? key.default : '';
  };
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `hsm.example:5696, [::1]:5696`. */
export function addressesIn(text: string): Address[] {
  return text.split(',').flatMap((one) => {
    const [, v6, name, port] = /^\s*(?:\[([^\]]+)\]|([^\s:]+)):(\d+)\s*$/.exec(one) ?? [];
    const host = v6 ?? name;
    return host === undefined ? [] : [{ host, port: Number(port) }];
  });
}

export function shownAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
