/** The promises about speed, checked against measured figures. */
import { duration, type Figure, figureKey, type ManyFigures, type Results, type Row } from './table.ts';

function missOfRow(row: Row, threads: number, soft: Figure, ours: Figure): string | undefined {
  const where = `${row.title}, ${threads} thread${threads === 1 ? '' : 's'}`;
  if (row.withinNs !== undefined) {
    const extra = ours.medianNs - soft.medianNs;
    return extra > row.withinNs
      ? `${where}: ${duration(extra)} above SoftHSM2, ${duration(row.withinNs)} allowed`
      : undefined;
  }
  if (row.atLeast === undefined || (row.byOneCaller === true && threads > 1)) return undefined;
  // A promised factor speaks of one call's time; with two threads the row only must not fall behind.
  const needed = threads === 1 ? row.atLeast : Math.min(1, row.atLeast);
  const got = threads === 1 ? soft.medianNs / ours.medianNs : ours.perSecond / soft.perSecond;
  return got < needed
    ? `${where}: ${got.toFixed(2)}× SoftHSM2, at least ${needed.toFixed(2)}× promised`
    : undefined;
}

/** Promises that need no SoftHSM2 beside them. */
function missAlone(row: Row, ours: Figure, openssl: Figure | undefined): string | undefined {
  if (row.mostNs !== undefined && ours.medianNs > row.mostNs)
    return `${row.title}: ${duration(ours.medianNs)}, at most ${duration(row.mostNs)} promised`;
  if (row.mostOfOpenssl === undefined) return undefined;
  if (openssl === undefined) return `${row.title}: plain OpenSSL was not measured`;
  const times = ours.medianNs / openssl.medianNs;
  return times > row.mostOfOpenssl
    ? `${row.title}: ${times.toFixed(2)}× plain OpenSSL's time, at most ${row.mostOfOpenssl.toFixed(2)}× promised`
    : undefined;
}

/** Names every promise that the figures miss, in plain words; an empty list means that all are kept.
 * Rows that were not measured for ours although they were asked for count as missed. */
export function misses(results: Results, chosen: readonly Row[]): string[] {
  const found: string[] = [];
  for (const row of chosen) {
    for (const threads of row.threads) {
      const soft = results.get(figureKey('softhsm2', row.id, threads));
      const ours = results.get(figureKey('ours', row.id, threads));
      if (!ours) {
        found.push(`${row.title}, ${threads} thread(s): not measured`);
        continue;
      }
      const openssl = results.get(figureKey('openssl', row.id, threads));
      const alone = threads === 1 ? missAlone(row, ours, openssl) : undefined;
      if (alone !== undefined) found.push(alone);
      if (soft) {
        const miss = missOfRow(row, threads, soft, ours);
        if (miss) found.push(miss);
      } else if (row.atLeast !== undefined || row.withinNs !== undefined) {
        // A promise relative to SoftHSM2 is not kept just because SoftHSM2 was not there.
        found.push(`${row.title}, ${threads} thread(s): SoftHSM2 was not measured`);
      }
    }
  }
  const few = results.get(figureKey('ours', 'find', 1));
  const many = results.get(figureKey('ours', 'find-many', 1));
  if (few && many && many.medianNs > 1.5 * few.medianNs) {
    found.push(
      `find among many objects: ${(many.medianNs / few.medianNs).toFixed(2)}× the time among 1,000, 1.5× allowed`,
    );
  }
  const alone = results.get(figureKey('ours', 'rsa2048-sign', 1));
  const pair = results.get(figureKey('ours', 'rsa2048-sign', 2));
  if (alone && pair && pair.perSecond < 1.6 * alone.perSecond) {
    found.push(
      `RSA-2048 sign, 2 threads: ${(pair.perSecond / alone.perSecond).toFixed(2)}× the rate of one, 1.6× promised`,
    );
  }
  return found;
}

/** Promises about a token of many objects; the login's is for each object. */
const many = {
  loginUs: (objects: number) => (objects <= 100_000 ? 8 : 10),
  bystanderMs: 5,
  findUs: 10,
  bytes: 1_500,
} as const;

/** Names every promise about many objects that the figures miss. */
export function manyMisses(figures: ManyFigures): string[] {
  const found: string[] = [];
  const most = (what: string, got: number, allowed: number, unit: string): void => {
    if (!(got <= allowed))
      found.push(
        `${figures.objects} objects, ${what}: ${got.toFixed(2)} ${unit}, at most ${allowed} promised`,
      );
  };
  most('first login', figures.loginMs, (many.loginUs(figures.objects) * figures.objects) / 1_000, 'ms');
  most("a bystander's worst signature", figures.bystander.worstMs, many.bystanderMs, 'ms');
  most('find by label', figures.findUs, many.findUs, 'µs');
  most('memory for each after the login', figures.bytesAfterLogin, many.bytes, 'B');
  most('memory for each after searches', figures.bytesAfterSearches, many.bytes, 'B');
  return found;
}
