/** What is counted of a key's uses, and how far they may go. */
import type { Attributes } from './attributes.ts';

export interface Count {
  readonly used: number;
  /** Undefined where there is none. */
  readonly limit?: number;
}

export interface Counts {
  readonly operations: Count;
  readonly bytes: Count;
  /** Of a key that AES-GCM works with. */
  readonly gcmEncryptions?: Count;
  /** Whether AES-GCM takes no vector but the token's. */
  readonly tokenIvOnly?: boolean;
}

const kinds = [
  ['operations', 'CKA_STRONGROOM_USES', 'CKA_STRONGROOM_USE_LIMIT'],
  ['bytes', 'CKA_STRONGROOM_BYTES', 'CKA_STRONGROOM_BYTE_LIMIT'],
  ['gcmEncryptions', 'CKA_STRONGROOM_GCM_INVOCATIONS', 'CKA_STRONGROOM_GCM_LIMIT'],
] as const;

/** The attributes that tell of it. */
export const countAttributes: readonly string[] = [
  ...kinds.flatMap(([, counter, limit]) => [counter, limit]),
  'CKA_STRONGROOM_TOKEN_IV_ONLY',
];

/** Undefined of a key whose uses nobody counts: a public one. */
export function countsOf(attributes: Attributes): Counts | undefined {
  const counts = new Map<string, Count>();
  for (const [name, counter, limit] of kinds) {
    const used = attributes.number(counter);
    const most = attributes.number(limit);
    // All ones stand for no limit.
    if (used !== undefined)
      counts.set(name, most !== undefined && Number.isSafeInteger(most) ? { used, limit: most } : { used });
  }
  const operations = counts.get('operations');
  const bytes = counts.get('bytes');
  if (operations === undefined || bytes === undefined) return undefined;
  const gcmEncryptions = counts.get('gcmEncryptions');
  if (gcmEncryptions === undefined) return { operations, bytes };
  return { operations, bytes, gcmEncryptions, tokenIvOnly: attributes.is('CKA_STRONGROOM_TOKEN_IV_ONLY') };
}

/** The same for people, as far as there is something to tell. */
export function countLines({ operations, bytes, gcmEncryptions, tokenIvOnly }: Counts): [string, string][] {
  const shown = ({ used, limit }: Count, what: string): string => {
    if (limit === undefined) return `${used} ${what}`;
    const percent = limit === 0 ? 100 : Math.floor((100 * used) / limit);
    return `${used} of ${limit} ${what} (${percent} %)`;
  };
  const isNew = (count: Count) => count.used === 0 && count.limit === undefined;
  const lines: [string, string][] = [];
  if (!isNew(operations) || !isNew(bytes))
    lines.push(['used', `${shown(operations, 'operations')}, ${shown(bytes, 'bytes')}`]);
  if (gcmEncryptions !== undefined && gcmEncryptions.used > 0)
    lines.push(['AES-GCM', shown(gcmEncryptions, 'encryptions')]);
  if (tokenIvOnly === true) lines.push(['vectors', 'of AES-GCM are the token’s only']);
  return lines;
}
