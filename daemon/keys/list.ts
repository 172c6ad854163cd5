/** The keys that an application sees, some at a time. */
import type { ListKeysRequest, ListKeysResponse } from '../../module/wire/generated/strongroom/v1/keys.ts';
import { Refusal } from '../cryptoki-client/answers.ts';
import type { Attribute } from '../cryptoki-client/arguments.ts';
import * as C from '../cryptoki-client/generated/constants.ts';
import { wrong } from '../errors/problem.ts';
import type { KeysApplication } from './application.ts';
import { describe } from './describe.ts';
import type { Listed } from './snapshots.ts';
import { isInitialized, type TokenInfo } from './tokens.ts';
import { number, text } from './values.ts';

const PAGE_USUAL = 100;
const PAGE_MOST = 1000;
/** Keys that are read at a time. */
const TOGETHER = 16;
/** A name of a list, and how far it was told. */
const PAGE_TOKEN = /^([\w-]{16})\.(\d{1,9})$/;

/** What is asked of a token's keys, or of those of all. */
export interface Question {
  /** Tells it from other questions whose pages are kept. */
  readonly name: string;
  readonly token: string;
  /** Only of those that have this label; empty for all. */
  readonly label: string;
  /** CKO_…, in their order. */
  readonly classes: readonly number[];
  readonly pageSize: number;
  /** How many are looked at when nothing is said. */
  readonly usual: number;
  readonly pageToken: string;
}

async function begin(app: KeysApplication, asked: Question): Promise<Listed> {
  const seen = (await app.finder.tokens()).filter(isInitialized);
  const tokens = asked.token === '' ? seen : [await app.finder.token(asked.token)];
  const named: Attribute[] = asked.label === '' ? [] : [{ type: C.CKA_LABEL, value: text(asked.label) }];
  const slots: { slot: number; objects: Float64Array }[] = [];
  for (const { slot } of tokens)
    for (const objectClass of asked.classes) {
      const template = [{ type: C.CKA_CLASS, value: number(objectClass) }, ...named];
      slots.push({ slot, objects: Float64Array.from(await app.finder.search(slot, template)) });
    }
  return { slots, question: asked.name };
}

/** Where each of the objects from a place on is. */
function part({ slots }: Listed, from: number, count: number): { slot: number; object: number }[] {
  const found: { slot: number; object: number }[] = [];
  let before = 0;
  for (const { slot, objects } of slots) {
    const start = Math.max(0, from - before);
    for (const object of objects.subarray(start, start + count - found.length)) found.push({ slot, object });
    before += objects.length;
    if (found.length >= count) break;
  }
  return found;
}

/** Whatever has gone since the list began is left out. */
async function ifThere<T>(told: Promise<T[]>): Promise<T[]> {
  try {
    return await told;
  } catch (error) {
    if (error instanceof Refusal && error.rv === C.CKR_OBJECT_HANDLE_INVALID) return [];
    throw error;
  }
}

/** The next page of a question: `tell` says of each object what is told of it, if anything. */
export async function paged<T>(
  app: KeysApplication,
  asked: Question,
  signal: AbortSignal,
  tell: (token: TokenInfo, object: number) => Promise<T[]>,
): Promise<{ told: T[]; nextPageToken: string }> {
  const count = asked.pageSize === 0 ? asked.usual : Math.min(asked.pageSize, PAGE_MOST);
  const [, name, place] = PAGE_TOKEN.exec(asked.pageToken) ?? [];
  const going = name === undefined ? undefined : app.snapshots.get(app, name);
  if (asked.pageToken !== '' && going?.question !== asked.name)
    throw wrong('page_token', 'it is none of this connection’s for this question, or too old');
  const list = going ?? (await begin(app, asked));
  const from = going === undefined ? 0 : Number(place);
  const wantedParts = part(list, from, count);
  const tokens = new Map((await app.finder.tokens()).map((token) => [token.slot, token]));
  const told: T[] = [];
  for (let at = 0; at < wantedParts.length; at += TOGETHER) {
    signal.throwIfAborted();
    const some = wantedParts.slice(at, at + TOGETHER).map(async ({ slot, object }) => {
      const token = tokens.get(slot);
      return token === undefined ? [] : await ifThere(tell(token, object));
    });
    told.push(...(await Promise.all(some)).flat());
  }
  const end = from + wantedParts.length;
  const all = list.slots.reduce((sum, { objects }) => sum + objects.length, 0);
  if (end >= all) return { told, nextPageToken: '' };
  const kept = going === undefined || name === undefined ? app.snapshots.keep(app, list) : name;
  return { told, nextPageToken: `${kept}.${end}` };
}

export async function listKeys(
  app: KeysApplication,
  request: ListKeysRequest,
  signal: AbortSignal,
): Promise<ListKeysResponse> {
  if (request.label.length > PAGE_MOST) throw wrong('label', 'it is too long');
  const question = {
    ...request,
    name: JSON.stringify([request.token, request.label]),
    classes: [C.CKO_SECRET_KEY, C.CKO_PRIVATE_KEY, C.CKO_PUBLIC_KEY],
    usual: PAGE_USUAL,
  };
  const { told, nextPageToken } = await paged(app, question, signal, async (token, object) => [
    await describe(app.finder, token, object),
  ]);
  return { keys: told, nextPageToken };
}
