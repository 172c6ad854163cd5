/**
 * What the log knows of the store beside it: how far the store's changes had come at a record, and how many PINs had been tried. A store
 * that knows less than its log was put back. Checkpoints carry the generation behind their signature; the records that follow a
 * change carry it, and the attempts that it counted, in their detail.
 */
import { checkpointGeneration } from './checkpoint.ts';
import { type AuditRecord, Kind } from './format.ts';

/**
 * Attempts at a token's PINs and recovery words since the last right one, and which are locked (bit 0: the security officer's, bit 1: the user's,
 * bit 2: the words). Logs from before there were words, and tokens at whose words nobody has tried, have three numbers.
 */
export type Attempts = readonly [so: number, user: number, locked: number, recovery?: number];

export interface News {
  /** The newest change that is on the disk. */
  readonly storeGeneration: number;
  /** Of the tokens where they have changed, by token id in hex. */
  readonly attempts?: Readonly<Record<string, Attempts>>;
}

const utf8 = new TextEncoder();

export function packNews(news: News): Uint8Array {
  return utf8.encode(JSON.stringify(news));
}

const nothing: News = { storeGeneration: 0 };
const couldBe = Buffer.from('"storeGeneration":');

/** What a record says of the store; generation 0 when it says nothing. */
export function newsIn({ kind, detail }: Pick<AuditRecord, 'kind' | 'detail'>): News {
  if (kind === Kind.Checkpoint) return { storeGeneration: checkpointGeneration(detail) };
  if (detail.length === 0 || !Buffer.from(detail.buffer, detail.byteOffset, detail.length).includes(couldBe))
    return nothing;
  try {
    const found: unknown = JSON.parse(new TextDecoder().decode(detail));
    return isNews(found) ? found : nothing;
  } catch {
    return nothing;
  }
}

function isNews(found: unknown): found is News {
  if (typeof found !== 'object' || found === null || !('storeGeneration' in found)) return false;
  return Number.isSafeInteger(found.storeGeneration);
}

/** The newest word on each token's attempts, by token id in hex. */
export class AttemptsHeard {
  readonly tokens = new Map<string, Attempts>();

  hear(record: AuditRecord): void {
    for (const [id, attempts] of Object.entries(newsIn(record).attempts ?? {})) this.tokens.set(id, attempts);
  }
}
