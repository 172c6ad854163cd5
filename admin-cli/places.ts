/** Where things are: the installed files beside this one, the store and the configuration as the library finds them. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { Problem } from './problem.ts';
import { plain } from './terminal.ts';

/** out/lib/strongroom, where this program's bundle lies. */
const here = import.meta.dirname;

/** The installed files, found from this program's own place and never through PATH. */
export const installed = {
  folder: here,
  module: path.join(here, '..', 'strongroom-pkcs11.so'),
  runtime: path.join(here, 'node'),
  launcher: path.join(here, 'strongroom-launch'),
  engine: path.join(here, 'engine.cjs'),
  addon: path.join(here, 'cryptoki.node'),
  configChecker: path.join(here, 'check-config.mjs'),
  policyChecker: path.join(here, 'check-policy.mjs'),
} as const;

/** Files of the store's folder; module/engine/store decides on the names. */
export const storeFiles = {
  database: 'store.db',
  storeKey: 'store.key',
  auditLog: 'audit.log',
  auditPublicKey: 'audit.pub',
  auditAnchor: 'audit.anchor',
  lock: 'engine.lock',
  socket: 'engine.socket',
  engineLog: 'engine.log',
} as const;

/** A place, and why it is that one. */
export interface Place {
  readonly path: string;
  readonly because: string;
}

/** A variable of the environment; an empty one counts as unset. */
function variable(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

function home(): string {
  return variable('HOME') ?? os.userInfo().homedir;
}

/** Throws a {@link Problem} for a place that would be another one in each folder that a program is started in; the library refuses it. */
function mustBeAbsolute(name: string, value: string): void {
  if (path.isAbsolute(value)) return;
  throw new Problem(
    `$${name} is “${plain(value)}”, which is not an absolute path: it would mean another place in each folder`,
    `export ${name}=${plain(path.resolve(value))}`,
  );
}

/** Throws a {@link Problem} when the library would refuse what the environment says. */
export function checkPlaces(): void {
  for (const name of ['STRONGROOM_HOME', 'STRONGROOM_CONFIG']) {
    const value = variable(name);
    if (value !== undefined) mustBeAbsolute(name, value);
  }
}

/**
 * The store's folder, found in the order in which the library looks (module/shim/paths.c). Throws a {@link Problem} for one that is not
 * absolute.
 */
export function storeFolder(): Place {
  const named = variable('STRONGROOM_HOME');
  if (named !== undefined) {
    mustBeAbsolute('STRONGROOM_HOME', named);
    return { path: path.resolve(named), because: '$STRONGROOM_HOME' };
  }
  const data = variable('XDG_DATA_HOME');
  if (data?.startsWith('/')) return { path: path.join(data, 'strongroom'), because: '$XDG_DATA_HOME' };
  return { path: path.join(home(), '.local/share/strongroom'), because: 'the user’s data folder' };
}

/** The configuration that the library would use, or undefined when there is none. */
export function configFile(): Place | undefined {
  const named = variable('STRONGROOM_CONFIG');
  if (named !== undefined) return { path: named, because: '$STRONGROOM_CONFIG' };
  const folder = variable('XDG_CONFIG_HOME');
  const users = folder?.startsWith('/') ? folder : path.join(home(), '.config');
  const candidates = [path.join(users, 'strongroom/strongroom.toml'), '/etc/strongroom/strongroom.toml'];
  const found = candidates.find(readable);
  return found === undefined ? undefined : { path: found, because: 'found there' };
}

/**
 * Where the library finds strongroomd, or undefined where it has an engine of its own (module/shim/service.c): the environment says so, or the
 * configuration in front of its first table.
 */
export function serviceSocket(): Place | undefined {
  const named = variable('STRONGROOM_SOCKET');
  if (named !== undefined) return { path: named, because: '$STRONGROOM_SOCKET' };
  // Whoever names a store means an engine of his own for it.
  return variable('STRONGROOM_HOME') === undefined ? configured('socket') : undefined;
}

/** The other machine, where keys are on one: what the configuration says in front of its first table, and where it says so. */
export function remoteAddress(): Place | undefined {
  return serviceSocket() === undefined ? configured('remote') : undefined;
}

/** The text that the configuration gives to a key in front of its first table. */
function configured(key: string): Place | undefined {
  const file = configFile()?.path;
  if (file === undefined) return undefined;
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const [top = ''] = text.split(/^[ \t]*\[/m, 1);
  const line = new RegExp(`^[ \\t]*(?:${key}|"${key}"|'${key}')[ \\t]*=[ \\t]*(["'])(.+?)\\1`, 'm');
  const [, , found = ''] = line.exec(top) ?? [];
  return found === '' ? undefined : { path: found, because: file };
}

function readable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
