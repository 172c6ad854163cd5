/** What `make bench` measures, what it is compared with and how it is printed. */

/** Where a row is measured: on a token with a few keys, among 1,000 or many objects, or in processes of their own. */
export type Place = 'keys' | 'find' | 'many' | 'join' | 'login' | 'cold';

/** One row of the speed table.
 * `atLeast` is how many times faster than SoftHSM2 it must be (1: not slower); `within` is an absolute allowance in
 * nanoseconds that replaces it; `mostNs` is the longest median of our own, and `mostOfOpenssl` the same in terms of plain OpenSSL's,
 * both at one thread; no bound at all where there is nothing to hold it against. */
export interface Row {
  readonly id: string;
  readonly title: string;
  readonly place: Place;
  readonly threads: readonly (1 | 2)[];
  readonly atLeast?: number;
  /** The promise is about one caller alone (docs/decisions/2026-11-22-digests-in-the-engine.md). */
  readonly byOneCaller?: true;
  readonly withinNs?: number;
  readonly mostNs?: number;
  readonly mostOfOpenssl?: number;
}

/** One measured figure, as the C programs report it. Times in nanoseconds. */
export interface Figure {
  readonly row: string;
  readonly threads: number;
  readonly samples: number;
  readonly medianNs: number;
  readonly p99Ns: number;
  readonly perSecond: number;
}

/** The candidates in the order in which they take turns. */
export const candidates = ['softhsm2', 'openssl', 'ours'] as const;
export type Candidate = (typeof candidates)[number];

/** Figures by `candidate/row/threads`. */
export type Results = ReadonlyMap<string, Figure>;

const both = [1, 2] as const;
const one = [1] as const;

export const rows: readonly Row[] = [
  { id: 'ecdsa-p256-sign', title: 'ECDSA P-256 sign', place: 'keys', threads: both, atLeast: 2.5 },
  { id: 'ecdsa-p256-verify', title: 'ECDSA P-256 verify', place: 'keys', threads: both, atLeast: 1 },
  { id: 'rsa2048-sign', title: 'RSA-2048 sign', place: 'keys', threads: both, atLeast: 2.3 },
  { id: 'rsa2048-verify', title: 'RSA-2048 verify', place: 'keys', threads: both, atLeast: 1 },
  { id: 'ed25519-sign', title: 'Ed25519 sign', place: 'keys', threads: both, atLeast: 4 },
  { id: 'hmac-sha256-1k', title: 'HMAC-SHA256 1 KiB', place: 'keys', threads: both, atLeast: 1 },
  { id: 'aes-gcm-64', title: 'AES-256-GCM 64 B', place: 'keys', threads: both, atLeast: 1 },
  { id: 'aes-gcm-4k', title: 'AES-256-GCM 4 KiB', place: 'keys', threads: both, atLeast: 3 },
  { id: 'aes-gcm-64k', title: 'AES-256-GCM 64 KiB', place: 'keys', threads: both, atLeast: 1 },
  { id: 'aes-gcm-1m', title: 'AES-256-GCM 1 MiB', place: 'keys', threads: both, atLeast: 1 },
  { id: 'aes-cbc-4k', title: 'AES-256-CBC 4 KiB', place: 'keys', threads: both, atLeast: 1 },
  {
    id: 'sha256-4k',
    title: 'SHA-256 4 KiB',
    place: 'keys',
    threads: both,
    atLeast: 1 / 1.3,
    byOneCaller: true,
  },
  { id: 'random-32', title: 'random 32 B', place: 'keys', threads: both, atLeast: 1 / 1.3 },
  { id: 'session-info', title: 'C_GetSessionInfo', place: 'keys', threads: both, withinNs: 2000 },
  {
    id: 'get-attributes',
    title: 'C_GetAttributeValue, 3 attributes',
    place: 'keys',
    threads: both,
    atLeast: 1,
  },
  { id: 'find', title: 'find by label among 1,000 objects', place: 'find', threads: both, atLeast: 500 },
  { id: 'find-many', title: 'find by label among MANY objects', place: 'many', threads: both },
  { id: 'create-object', title: 'create a token data object', place: 'keys', threads: both, atLeast: 1 },
  { id: 'generate-aes', title: 'generate a token AES key', place: 'keys', threads: both, atLeast: 1 },
  {
    id: 'session-aes',
    title: 'generate and destroy a session AES key',
    place: 'keys',
    threads: both,
    mostNs: 12_000,
  },
  {
    id: 'session-p256',
    title: 'generate a session P-256 pair',
    place: 'keys',
    threads: both,
    mostOfOpenssl: 1.3,
  },
  { id: 'token-aes', title: 'generate and destroy a token AES key', place: 'keys', threads: one, atLeast: 1 },
  {
    id: 'token-p256',
    title: 'generate and destroy a token P-256 pair',
    place: 'keys',
    threads: one,
    atLeast: 1,
  },
  { id: 'open-close', title: 'open and close a session', place: 'keys', threads: both, atLeast: 1 },
  {
    id: 'join',
    title: 'load, C_Initialize, C_Finalize (engine running)',
    place: 'join',
    threads: one,
    atLeast: 1,
  },
  { id: 'cold', title: 'load, C_Initialize (no engine running)', place: 'cold', threads: one },
  { id: 'login-first', title: 'C_Login, first after the engine started', place: 'cold', threads: one },
  { id: 'login-again', title: 'C_Login, repeated', place: 'login', threads: one, atLeast: 1 },
];

/** The key under which a figure is kept. */
export function figureKey(candidate: Candidate, row: string, threads: number): string {
  return `${candidate}/${row}/${threads}`;
}

/** A duration in the unit that reads best, three digits. @param ns nanoseconds */
export function duration(ns: number): string {
  const [value, unit] = ns < 1e3 ? [ns, 'ns'] : ns < 1e6 ? [ns / 1e3, 'µs'] : [ns / 1e6, 'ms'];
  return `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)} ${unit}`;
}

function rate(perSecond: number): string {
  return perSecond >= 1e6
    ? `${(perSecond / 1e6).toFixed(2)} M/s`
    : perSecond >= 1e4
      ? `${(perSecond / 1e3).toFixed(1)} k/s`
      : `${perSecond.toFixed(0)} /s`;
}

function ratio(numerator: number | undefined, denominator: number | undefined): string {
  if (numerator === undefined || denominator === undefined || denominator === 0) return '–';
  const value = numerator / denominator;
  return value >= 100 ? `${value.toFixed(0)}×` : `${value.toFixed(2)}×`;
}

const header = [
  'operation',
  'threads',
  'SoftHSM2 median',
  'p99',
  'OpenSSL median',
  'p99',
  'Strongroom median',
  'p99',
  'SoftHSM2 / ours',
  'OpenSSL / ours',
  'SoftHSM2 rate',
  'our rate',
  'our 2-thread scaling',
];

/** The table as rows of cells, the header first. Ratios at one thread compare medians; at two, the total rates.
 * @param many how many objects the "many" store holds */
export function cells(results: Results, chosen: readonly Row[], many: number): string[][] {
  const out: string[][] = [header];
  for (const row of chosen) {
    for (const threads of row.threads) {
      const [soft, plain, ours] = candidates.map((c) => results.get(figureKey(c, row.id, threads)));
      const single = results.get(figureKey('ours', row.id, 1));
      const speedup = (other: Figure | undefined): string =>
        threads === 1 ? ratio(other?.medianNs, ours?.medianNs) : ratio(ours?.perSecond, other?.perSecond);
      out.push([
        row.title.replace('MANY', many.toLocaleString('en-US')),
        String(threads),
        ...[soft, plain, ours].flatMap((f) => (f ? [duration(f.medianNs), duration(f.p99Ns)] : ['–', '–'])),
        speedup(soft),
        speedup(plain),
        soft ? rate(soft.perSecond) : '–',
        ours ? rate(ours.perSecond) : '–',
        threads === 2 ? ratio(ours?.perSecond, single?.perSecond) : '',
      ]);
    }
  }
  return out;
}

/** The table for a terminal: columns padded, figures to the right. */
export function asText(table: readonly string[][]): string {
  const widths = header.map((_, column) => Math.max(...table.map((line) => (line[column] ?? '').length)));
  return table
    .map((line) =>
      line
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The table in Markdown. */
export function asMarkdown(table: readonly string[][]): string {
  const lines = table.map((line) => `| ${line.join(' | ')} |`);
  lines.splice(1, 0, `|${header.map((_, i) => (i === 0 ? '---' : '---:')).join('|')}|`);
  return lines.join('\n');
}

/** What one run of many.ts sees of a token of many objects. */
export interface ManyFigures {
  readonly objects: number;
  readonly kind: string;
  readonly loginMs: number;
  /** What the engine took of a processor meanwhile. */
  readonly engineMs: number;
  /** The first login once more after a logout, with the bystander beside it. */
  readonly againMs: number;
  /** A bystander's signatures meanwhile. */
  readonly bystander: {
    readonly signatures: number;
    readonly medianMs: number;
    readonly p999Ms: number;
    readonly worstMs: number;
  };
  /** The worst without any login, which says what the machine itself does. */
  readonly quietWorstMs: number;
  readonly findUs: number;
  /** Resident memory of the engine for each object: after the login, and after as many searches as there are objects, or more. */
  readonly bytesAfterLogin: number;
  readonly bytesAfterSearches: number;
  readonly logoutMs: number;
}
