/** The audit log's records in words: who did what with which key, and what became of it. */
import {
  type AuditRecord,
  describeRecord,
  detailOf,
  hex,
  Kind,
  kindName,
  NO_LOGIN,
  none,
  timeText,
} from '../../audit/format.ts';
import { mechanismIds } from '../../schema/cryptoki/constants/mechanisms.ts';
import { results } from '../../schema/cryptoki/constants/results.ts';
import { functions } from '../../schema/cryptoki/functions.ts';

/** A process that used the library, as the record of its coming has it. */
export interface Visitor {
  readonly pid: number;
  readonly uid: number;
  readonly executable: string;
  /** For whom the network door asked, which is that process then: the names of his certificate, SHA-256 over it, and where he came from. */
  readonly remote?: {
    readonly names: readonly string[];
    readonly fingerprint: string;
    readonly address: string;
  };
}

export interface Entry {
  readonly sequence: number;
  /** ISO 8601. */
  readonly time: string;
  /** Undefined for what the engine did by itself. */
  readonly visitor: Visitor | undefined;
  /** `sign`, `login`, `engine start`, … */
  readonly what: string;
  /** Without the `CKM_`. */
  readonly mechanism: string | undefined;
  readonly slot: number | undefined;
  /** Unique ids of the objects concerned: the key, and one that was made by it. */
  readonly objects: readonly string[];
  /** `CKR_OK` and so on; undefined for what cannot fail. */
  readonly result: string | undefined;
  /** Whatever else the record says, in words. */
  readonly detail: string | undefined;
  /** The record as the log's own export has it. */
  readonly record: Readonly<Record<string, unknown>>;
}

const nameIn = (
  rows: readonly { readonly name: string; readonly value: number; readonly alias?: string }[],
) => {
  const names = new Map(rows.filter((row) => row.alias === undefined).map((row) => [row.value, row.name]));
  return (value: number) => names.get(value);
};
const mechanismName = nameIn(mechanismIds);
const resultName = nameIn(results);
const functionName = (number: number) => functions[number - 1]?.name;
const names = { function: functionName, mechanism: mechanismName, result: resultName };

/** Kinds whose records come from a call, and have its result. */
const calls: ReadonlySet<number> = new Set([Kind.Authentication, Kind.Operation, Kind.Administration]);

/** The function of a record that tells of a call, by its name in PKCS#11. */
export function functionOf(record: AuditRecord): string | undefined {
  return calls.has(record.kind) ? functionName(record.function) : undefined;
}

/** The result of a call, by its name; undefined for a record that tells of none. */
export function resultOf(record: AuditRecord): string | undefined {
  if (!calls.has(record.kind)) return undefined;
  return resultName(record.result) ?? `0x${record.result.toString(16)}`;
}

/** Unique ids of the objects that a record names. */
export function objectsOf(record: AuditRecord): string[] {
  return [record.object, record.object2].filter((id) => id.some((byte) => byte !== 0)).map((id) => hex(id));
}

/** `ssh-agent (4711)`, or `ssh-agent (4711, uid 33)` where there are several; `spiffe://example.org/web (192.0.2.7:40112)` from elsewhere. */
export function who(visitor: Visitor | undefined, several: boolean): string {
  if (visitor === undefined) return 'engine';
  const { pid, uid, executable, remote } = visitor;
  if (remote !== undefined) return `${remote.names[0] ?? '?'} (${remote.address})`;
  const program = executable.split('/').at(-1) ?? '';
  return `${program || '?'} (${pid}${several ? `, uid ${uid}` : ''})`;
}

/** Who is behind the numbers of clients: records speak of visitors whom earlier ones introduced. */
export class Visitors {
  readonly #known = new Map<number, Visitor>();

  /** Must see every record, in the order of the log. */
  of(record: AuditRecord): Visitor | undefined {
    // An engine numbers its visitors anew.
    if (record.kind === Kind.EngineStart) this.#known.clear();
    // Who comes again by the network door is introduced a second time, without that process.
    if (record.kind === Kind.Attach)
      this.#known.set(record.client, { ...this.#known.get(record.client), ...(detailOf(record) as Visitor) });
    return this.#known.get(record.client);
  }
}

/** A record that stays good when the log is read further: copies, where a Buffer's `slice` would be a view. */
export function kept(record: AuditRecord): AuditRecord {
  return {
    ...record,
    object: new Uint8Array(record.object),
    object2: new Uint8Array(record.object2),
    previous: new Uint8Array(record.previous),
    detail: new Uint8Array(record.detail),
  };
}

export function tell(record: AuditRecord, visitor: Visitor | undefined): Entry {
  const told = pinStory(record);
  const isCall = calls.has(record.kind) && told === undefined;
  const name = functionOf(record);
  return {
    sequence: record.sequence,
    time: timeText(record.time),
    visitor,
    what: told?.pin ?? (isCall ? words(name ?? `function ${record.function}`) : kindName(record.kind)),
    mechanism:
      record.mechanism === none || !isCall
        ? undefined
        : (mechanismName(record.mechanism) ?? `0x${record.mechanism.toString(16)}`).replace(/^CKM_/, ''),
    slot: record.slot === none ? undefined : record.slot,
    objects: objectsOf(record),
    result: told === undefined ? resultOf(record) : undefined,
    detail: told !== undefined ? told.what : isCall ? flagsInWords(record) : detailInWords(record),
    record: describeRecord(record, names),
  };
}

/** What became of a PIN, beside the calls that brought it (module/engine/tokens/pin-story.ts). */
function pinStory(record: AuditRecord): { readonly pin: string; readonly what: string } | undefined {
  if (record.kind !== Kind.Authentication || record.function !== 0 || record.detail.length === 0)
    return undefined;
  const detail = detailOf(record);
  if (typeof detail !== 'object' || detail === null) return undefined;
  if ('pin' in detail && 'what' in detail) return { pin: String(detail.pin), what: String(detail.what) };
  return 'unlocked' in detail ? { pin: 'unlock token', what: String(detail.unlocked) } : undefined;
}

function flagsInWords({ flags }: AuditRecord): string | undefined {
  return (flags & NO_LOGIN) === 0 ? undefined : 'without a login';
}

/** `C_GenerateKeyPair` is `generate key pair`, `C_InitPIN` is `init PIN`. */
function words(name: string): string {
  return name
    .replace(/^(C|SR)_/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .split(' ')
    .map((word) => (/^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase()))
    .join(' ');
}

function policyStory({ path, sha256, rules }: Readonly<Record<string, unknown>>): string {
  return sha256 === null ? `no ${String(path)}` : `${String(path)}, ${String(rules)} rules`;
}

/** Whose certificate it was, in full; by its first name he is called anyway. */
function certificateStory({ remote, resumed }: Visitor & { readonly resumed?: true }): string | undefined {
  if (remote === undefined) return undefined;
  const [, ...more] = remote.names;
  const also = more.length === 0 ? '' : `, also ${more.join(', ')}`;
  return `${resumed === true ? 'again ' : ''}by the network door, certificate ${remote.fingerprint}${also}`;
}

/** `active → compromised, by the user: “the laptop was stolen”`. */
function lifeStory(about: Readonly<Record<string, unknown>>): string {
  const { refused, from, to, by, reason } = about;
  if (typeof refused === 'string') return `refused: the key is ${refused}`;
  const parts = [`by the ${String(by)}`];
  if (from !== undefined)
    parts.unshift(from === to ? `${String(to)} still` : `${String(from)} → ${String(to)}`);
  for (const [name, words] of [
    ['activation', 'begins'],
    ['deactivation', 'ends'],
    ['compromise', 'known to others since'],
    ['successor', 'succeeded by'],
    ['predecessor', 'succeeds'],
  ] as const)
    if (name in about) parts.push(`${words} ${String(about[name] ?? 'never')}`);
  return parts.join(', ') + (typeof reason === 'string' ? `: “${reason}”` : '');
}

function detailInWords(record: AuditRecord): string | undefined {
  const detail = record.detail.length > 0 ? detailOf(record) : undefined;
  if (typeof detail !== 'object' || detail === null) return undefined;
  if (record.kind === Kind.Attach) return certificateStory(detail as Visitor);
  const about = detail as Readonly<Record<string, unknown>>;
  if (record.kind === Kind.Recovery && typeof about.accepted === 'string')
    return `the security officer accepts: ${about.accepted}`;
  if (record.kind === Kind.Recovery) return String(about.found ?? JSON.stringify(about));
  if (record.kind === Kind.Limit) return String(about.used);
  if (record.kind === Kind.Policy) return policyStory(about);
  if (record.kind === Kind.Life) return lifeStory(about);
  if (record.kind === Kind.EngineStart) return `version ${String(about.version)}, pid ${String(about.pid)}`;
  return undefined;
}
