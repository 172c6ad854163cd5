/** What is counted of a key's uses, for people. */
import { type Count, type Counts, percentOf } from '../schema/lifecycle/told.ts';

/** As far as there is something to tell. */
export function countLines({
  operations,
  bytes,
  gcmEncryptions,
  tokenIvOnly,
  ivReuseCheck,
}: Counts): [string, string][] {
  const shown = ({ used, limit }: Count, what: string): string => {
    if (limit === undefined) return `${used} ${what}`;
    return `${used} of ${limit} ${what} (${percentOf({ used, limit })} %)`;
  };
  const isNew = (count: Count) => count.used === 0 && count.limit === undefined;
  const lines: [string, string][] = [];
  if (!isNew(operations) || !isNew(bytes))
    lines.push(['used', `${shown(operations, 'operations')}, ${shown(bytes, 'bytes')}`]);
  if (gcmEncryptions !== undefined && gcmEncryptions.used > 0)
    lines.push(['AES-GCM', shown(gcmEncryptions, 'encryptions')]);
  if (tokenIvOnly === true) lines.push(['vectors', 'of AES-GCM are the token’s only']);
  if (ivReuseCheck === true) lines.push(['vectors', 'of AES-GCM that have come before are refused']);
  return lines;
}
