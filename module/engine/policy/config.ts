/**
 * The configuration: the defaults, or what `strongroom.toml` says instead, or what the store says of itself, which goes before
 * both. `schema/config/keys.ts` knows every key; here a text is read, held against that list, and turned into what the engine works with.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse, TomlError } from 'smol-toml';
import {
  type ConfigKey,
  configKeys,
  fileKeys,
  reloadKeys,
  type TextKey,
} from '../../../schema/config/keys.ts';
import { pinProfiles } from '../../../schema/config/pin-rules.ts';
import { type ClockSettings, clockIn } from '../values/clock.ts';
import type { Level } from '../values/level.ts';
import { type PinRules, rulesIn } from '../values/pin-rules.ts';
import type { NetworkConfig, RemoteConfig, TracesConfig } from './config-places.ts';
import { type HostAddress, hostsOf, shapes } from './config-texts.ts';
import { distance } from './words.ts';

export type { HostAddress, NetworkConfig, RemoteConfig, TracesConfig };

export interface RotationConfig {
  readonly rotationGraceSeconds: number;
  readonly rotationCheckSeconds: number;
}

/** What the engine is told; `schema/config/keys.ts` says what each value means, in which unit and range. */
export interface EngineConfig {
  /** Where a service listens; empty where nothing is said. */
  readonly socket: string;
  /** Whose engine the library trusts there. */
  readonly socketUser: string;
  /** Where keys are on another machine, and how it is reached. */
  readonly remote: RemoteConfig;
  readonly lingerSeconds: number;
  readonly memory: { readonly requireLock: boolean };
  readonly sessions: { readonly maxPerApplication: number; readonly maxTotal: number };
  readonly objects: {
    readonly sessionMaxPerApplication: number;
    readonly sessionMaxTotal: number;
    readonly sessionBytesPerApplication: number;
    readonly sessionBytesTotal: number;
    readonly tokenMax: number;
    readonly tokenBytes: number;
  };
  readonly operations: {
    readonly maxPerApplication: number;
    readonly maxTotal: number;
    readonly bytesPerApplication: number;
    readonly bytesTotal: number;
  };
  readonly jobs: { readonly maxPerApplication: number };
  readonly pin: PinConfig;
  readonly audit: { readonly syncIntervalMs: number };
  readonly keys: KeyConfig & RotationConfig;
  readonly clock: ClockSettings;
  readonly slots: { readonly freeSlot: boolean; readonly maxTokens: number };
  readonly mechanisms: MechanismConfig;
  readonly service: ServiceConfig;
  readonly network: NetworkConfig;
}

/** What PINs cost, what they may be, and how slow guesses are; a token may ask for more. */
export interface PinConfig {
  readonly kdf: 'argon2id' | 'pbkdf2';
  readonly argon2MemoryKib: number;
  readonly argon2Passes: number;
  readonly argon2Lanes: number;
  readonly iterations: number;
  readonly maxAttempts: number;
  readonly soMaxAttempts: number;
  readonly recoveryMaxAttempts: number;
  /** What gave the keys of the rules that were not given themselves. */
  readonly profile: string;
  readonly rules: PinRules;
}

/** What concerns strongroomd alone. */
export interface ServiceConfig {
  /** Permission bits of the socket. */
  readonly socketMode: number;
  /** By name or number; empty for that of its own user. */
  readonly socketGroup: string;
  /** The file with the rules. */
  readonly policy: string;
  /** What its log leaves out. */
  readonly logLevel: Level;
  /** How long calls under way are waited for at the end. */
  readonly drainSeconds: number;
  /** Where metrics are asked for; empty for nowhere. */
  readonly metrics: string;
}

/** What mechanisms are allowed that is not for everybody. */
export interface MechanismConfig {
  readonly gcmShortTags: boolean;
}

/** How keys may be used that say nothing of it themselves. */
export interface KeyConfig {
  /** Encryptions with AES-GCM. */
  readonly gcmLimit: number;
  readonly tokenIvOnly: boolean;
  readonly refuseRepeatedIvs: boolean;
}

/** Which file was read, and what was in it at that moment. */
export interface ConfigSource {
  readonly path: string;
  /** SHA-256 over the bytes that were read, in hex. */
  readonly sha256: string;
}

export interface LoadedConfig {
  readonly config: EngineConfig;
  /** What the file says, without the defaults. */
  readonly given: Settings;
  /** Undefined where no file was read. */
  readonly source: ConfigSource | undefined;
}

/** A file that can't be used. The message has one line for each problem, each of which names the file and the key. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Name = (typeof configKeys)[number]['name'];
type Kind<N extends Name> = Extract<(typeof configKeys)[number], { name: N }>['type'];
type Value<N extends Name> = Kind<N> extends 'boolean' ? boolean : Kind<N> extends 'text' ? string : number;
type Values = { readonly [N in Name]: Value<N> };
/** Keys that somebody gave a value, by their dotted names; each is known and in its range. */
export type Settings = Partial<Values>;

/** What holds where no file says otherwise. */
export const defaultConfig: EngineConfig = arrange(
  Object.fromEntries(configKeys.map((key) => [key.name, key.default])) as Values,
);

/** The longest text of settings that a store carries, in bytes. */
export const SETTINGS_MAX = 16_384;

/**
 * Reads the file at `path`, or answers with the defaults when there is none to read (undefined or the empty string).
 * Throws {@link ConfigError} when the file can't be read, isn't TOML, or holds a key or a value that we don't know.
 */
export function loadConfig(path: string | undefined): EngineConfig {
  return readConfig(path).config;
}

/** As {@link loadConfig}, and says which contents it was. */
export function readConfig(path: string | undefined): LoadedConfig {
  if (path === undefined || path === '') return { config: defaultConfig, given: {}, source: undefined };
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new ConfigError(`${path}: it can't be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const given = parseSettings(bytes.toString('utf8'), path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { config: withSettings(given), given, source: { path, sha256 } };
}

/**
 * What a TOML text says.
 * @param place where it comes from, for the messages
 * @throws ConfigError when it isn't TOML, or holds a key or a value that we don't know
 */
export function parseSettings(text: string, place: string): Settings {
  const problems: string[] = [];
  const settings: Record<string, boolean | number | string> = {};
  for (const [name, value] of flatten(tableIn(text, place), '')) {
    const key = configKeys.find((candidate) => candidate.name === name);
    const problem = key === undefined ? unknown(name) : mismatch(key, value);
    if (problem !== undefined) problems.push(`${place}: ${problem}`);
    else if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
      settings[name] = value;
  }
  const against = problems.length > 0 ? undefined : contradiction(settings as Settings);
  if (against !== undefined) problems.push(`${place}: ${against}`);
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return settings as Settings;
}

/** The same for the settings that a store brings along: they cannot say where an engine is and whom it serves. */
export function parseStoreSettings(text: string, place: string): Settings {
  const settings = parseSettings(text, place);
  const [astray] = Object.keys(settings).filter((name) => fileKeys.has(name));
  if (astray !== undefined)
    throw new ConfigError(
      `${place}: ${astray} can stand in a file alone, and is nothing that a store brings along`,
    );
  return settings;
}

/** The defaults, and what was said instead; of several the last that gives a key a value has the say. */
export function withSettings(...given: readonly Settings[]): EngineConfig {
  const values = Object.fromEntries(configKeys.map((key) => [key.name, key.default]));
  return arrange(Object.assign(values, ...given.map(withProfile)) as Values);
}

/** With what its profile gives the keys that it does not name. */
function withProfile(given: Settings): Settings {
  const name = given['pin.profile'];
  return name === undefined ? given : { ...pinProfiles[name as keyof typeof pinProfiles], ...given };
}

/** Whether values that are good each by itself contradict each other. */
function contradiction(given: Settings): string | undefined {
  const { maxLength, minLength: lengths } = withSettings(given).pin.rules;
  const [soMinLength, minLength] = lengths;
  const [name, least] =
    soMinLength > minLength ? ['pin.so_min_length', soMinLength] : ['pin.min_length', minLength];
  return maxLength < least
    ? `pin.max_length (${maxLength}) is less than ${name} (${least}), so no PIN could be set`
    : undefined;
}

/**
 * What a file says that was read again while the engine runs: of the keys that can change then what it says now, of the others what it said first.
 * @returns also which keys have another value now, and which will have one at the next start
 */
export function reread(
  first: Settings,
  again: Settings,
): { given: Settings; changed: string[]; waiting: string[] } {
  const given: Record<string, boolean | number | string | undefined> = { ...first };
  const changed: string[] = [];
  const waiting: string[] = [];
  for (const { name, default: fallback } of configKeys) {
    if ((first[name] ?? fallback) === (again[name] ?? fallback)) continue;
    if (!reloadKeys.has(name)) waiting.push(name);
    else {
      changed.push(name);
      given[name] = again[name] ?? fallback;
    }
  }
  return { given: given as Settings, changed, waiting };
}

function arrange(values: Values): EngineConfig {
  return Object.freeze({
    socket: values.socket,
    socketUser: values.socket_user,
    remote: Object.freeze({
      addresses: hostsOf(values.remote),
      ca: values.remote_ca,
      certificate: values.remote_certificate,
      key: values.remote_key,
      name: values.remote_name,
      patienceSeconds: values.remote_patience_seconds,
      traces: Object.freeze({
        collector: values.remote_traces,
        perThousand: values.remote_traces_per_thousand,
      }),
    }),
    lingerSeconds: values.linger_seconds,
    memory: Object.freeze({ requireLock: values['memory.require_lock'] }),
    pin: Object.freeze({
      kdf: values['pin.kdf'] === 'pbkdf2' ? 'pbkdf2' : 'argon2id',
      argon2MemoryKib: values['pin.argon2_memory_kib'],
      argon2Passes: values['pin.argon2_passes'],
      argon2Lanes: values['pin.argon2_lanes'],
      iterations: values['pin.iterations'],
      maxAttempts: values['pin.max_attempts'],
      soMaxAttempts: values['pin.so_max_attempts'],
      profile: values['pin.profile'],
      rules: rulesIn(values),
      recoveryMaxAttempts: values['pin.recovery_max_attempts'],
    }),
    audit: Object.freeze({ syncIntervalMs: values['audit.sync_interval_ms'] }),
    sessions: Object.freeze({
      maxPerApplication: values['sessions.max_per_application'],
      maxTotal: values['sessions.max_total'],
    }),
    objects: Object.freeze({
      sessionMaxPerApplication: values['objects.session_max_per_application'],
      sessionMaxTotal: values['objects.session_max_total'],
      sessionBytesPerApplication: values['objects.session_bytes_per_application'],
      sessionBytesTotal: values['objects.session_bytes_total'],
      tokenMax: values['objects.token_max'],
      tokenBytes: values['objects.token_bytes'],
    }),
    operations: Object.freeze({
      maxPerApplication: values['operations.max_per_application'],
      maxTotal: values['operations.max_total'],
      bytesPerApplication: values['operations.bytes_per_application'],
      bytesTotal: values['operations.bytes_total'],
    }),
    jobs: Object.freeze({ maxPerApplication: values['jobs.max_per_application'] }),
    slots: Object.freeze({ freeSlot: values['slots.free_slot'], maxTokens: values['slots.max_tokens'] }),
    mechanisms: Object.freeze({ gcmShortTags: values['mechanisms.gcm_short_tags'] }),
    clock: clockIn(values),
    keys: Object.freeze({
      gcmLimit: values['keys.gcm_limit'],
      tokenIvOnly: values['keys.token_iv_only'],
      refuseRepeatedIvs: values['keys.refuse_repeated_ivs'],
      rotationGraceSeconds: values['keys.rotation_grace_seconds'],
      rotationCheckSeconds: values['keys.rotation_check_seconds'],
    }),
    service: Object.freeze({
      socketMode: values['service.socket_mode'],
      socketGroup: values['service.socket_group'],
      policy: values['service.policy'],
      logLevel: values['service.log_level'] as Level,
      drainSeconds: values['service.drain_seconds'],
      metrics: values['service.metrics'],
    }),
    network: Object.freeze({
      listen: hostsOf(values['network.listen']),
      certificate: values['network.certificate'],
      key: values['network.key'],
      clientCa: values['network.client_ca'],
      crl: values['network.crl'],
      user: values['network.user'],
      startDoor: values['network.start_door'],
      leaseSeconds: values['network.lease_seconds'],
      maxConnections: values['network.max_connections'],
      maxConnectionsPerIdentity: values['network.max_connections_per_identity'],
      maxStreamsPerConnection: values['network.max_streams_per_connection'],
      maxMessageBytes: values['network.max_message_bytes'],
      servingNeedsUnlocked: values['network.serving_needs_unlocked'],
      metrics: values['network.metrics'],
      traces: Object.freeze({
        collector: values['network.traces'],
        perThousand: values['network.traces_per_thousand'],
      }),
    }),
  });
}

function tableIn(text: string, place: string): object {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason] = error.message.replace(/^Invalid TOML document: /, '').split('\n', 1);
    throw new ConfigError(`${place}: line ${error.line}, column ${error.column}: ${reason}`);
  }
}

/** The leaves of nested tables, each with its dotted name. A table without contents that isn't ours is a leaf too. */
function* flatten(table: object, prefix: string): Generator<[name: string, value: unknown]> {
  for (const [word, value] of Object.entries(table)) {
    const name = prefix + word;
    const ours = configKeys.some((key) => key.name.startsWith(`${name}.`));
    if (isTable(value) && (ours || Object.keys(value).length > 0)) yield* flatten(value, `${name}.`);
    else yield [name, value];
  }
}

function isTable(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function mismatch(key: ConfigKey, value: unknown): string | undefined {
  if (key.type === 'boolean') {
    return typeof value === 'boolean' ? undefined : `${key.name} must be true or false, not ${shown(value)}`;
  }
  if (key.type === 'text') return textMismatch(key, value);
  const range = `${key.least} to ${key.most} (${key.unit})`;
  if (typeof value !== 'number' || !Number.isInteger(value))
    return `${key.name} must be a whole number, ${range}, not ${shown(value)}`;
  return value < key.least || value > key.most ? `${key.name} must be ${range}, not ${value}` : undefined;
}

/** What every text must be, and what its shape asks for. An empty one stands for none where that is the default. */
function textMismatch(key: TextKey, value: unknown): string | undefined {
  if (typeof value !== 'string') return `${key.name} must be a text in quotes, not ${shown(value)}`;
  if (value === '' && key.default === '') return undefined;
  const problem = value === '' ? 'not be empty' : shapes[key.shape](value);
  return problem === undefined ? undefined : `${key.name} must ${problem}`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return isTable(value) ? 'a table' : JSON.stringify(value);
}

function unknown(name: string): string {
  if (configKeys.some((key) => key.name.startsWith(`${name}.`)))
    return `${name} must be a table: write [${name}]`;
  const last = name.slice(name.lastIndexOf('.') + 1);
  // A known key at the wrong place is the commonest slip: after "[pin]" every further line belongs to "pin".
  const meant =
    configKeys.find((key) => key.name.slice(key.name.lastIndexOf('.') + 1) === last) ??
    configKeys.find((key) => distance(key.name, name) <= Math.max(2, name.length / 4));
  const hint =
    meant === undefined ? 'docs/strongroom.toml lists all there are' : `did you mean ${meant.name}?`;
  return `there is no key ${name}; ${hint}`;
}
