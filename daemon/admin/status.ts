/** How the engine says it is. Its words are only ever added to, so what is not known here is passed on as it stands. */
import { BadAnswer, Refusal } from '../cryptoki-client/answers.ts';
import type { Cryptoki } from '../cryptoki-client/generated/cryptoki.ts';

export interface EngineStatus {
  readonly version: string;
  readonly uptimeSeconds: number;
  /** Where the policy comes from; empty where there is none. */
  readonly policy: string;
  readonly troubles: { readonly about: string; readonly kind: string; readonly text: string }[];
  readonly tokens: number;
  readonly unlocked: number[];
  readonly applications: number;
  readonly json: string;
}

const ROOM = 1 << 18;

async function statusText(p11: Cryptoki): Promise<string> {
  const text = async (room: number): Promise<string> =>
    Buffer.from((await p11.SR_GetEngineStatus({ status: room })).status).toString('utf8');
  try {
    return await text(ROOM);
  } catch (error) {
    // It may have grown again meanwhile.
    if (error instanceof Refusal && error.needed !== undefined) return await text(2 * error.needed);
    throw error;
  }
}

type Words = Record<string, unknown>;

const isWords = (value: unknown): value is Words => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** @throws Refusal for whoever is no operator */
export async function engineStatus(p11: Cryptoki): Promise<EngineStatus> {
  const json = await statusText(p11);
  const words: unknown = JSON.parse(json);
  if (!isWords(words)) throw new BadAnswer('its state is no object');
  return {
    version: textOf(words.version),
    uptimeSeconds: numberOf(words.uptimeSeconds),
    policy: isWords(words.policy) ? textOf(words.policy.path) : textOf(words.policy),
    troubles: listOf(words.troubles)
      .filter(isWords)
      .map(({ about, kind, text }) => ({ about: textOf(about), kind: textOf(kind), text: textOf(text) })),
    tokens: numberOf(words.tokens),
    unlocked: listOf(words.unlocked).map(numberOf),
    applications: listOf(words.applications).length,
    json,
  };
}
