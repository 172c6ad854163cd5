/** The keys that an application sees, some at a time. */
import type {
  Key,
  ListKeysRequest,
  ListKeysResponse,
} from '../../module/wire/generated/strongroom/v1/keys.ts';
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

async function begin(app: KeysApplication, request: ListKeysRequest, question: string): Promise<Listed> {
  const seen = (await app.finder.tokens()).filter(isInitialized);
  const tokens = request.token === '' ? seen : [await app.finder.token(request.token)];
  const named: Attribute[] = request.label === '' ? [] : [{ type: C.CKA_LABEL, value: text(request.label) }];
  const slots: { slot: number; objects: Float64Array }[] = [];
  for (const { slot } of tokens)
    for (const objectClass of [C.CKO_SECRET_KEY, C.CKO_PRIVATE_KEY, C.CKO_PUBLIC_KEY]) {
      const template = [{ type: C.CKA_CLASS, value: number(objectClass) }, ...named];
      slots.push({ slot, objects: Float64Array.from(await app.finder.search(slot, template)) });
    }
  return { slots, question };
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

/** A key that has gone since the list began is left out. */
async function read(app: KeysApplication, token: TokenInfo, object: number): Promise<Key[]> {
  try {
    return [await describe(app.finder, token, object)];
  } catch (error) {
    if (error instanceof Refusal && error.rv === C.CKR_OBJECT_HANDLE_INVALID) return [];
    throw error;
  }
}

export async function listKeys(
  app: KeysApplication,
  request: ListKeysRequest,
  signal: AbortSignal,
): Promise<ListKeysResponse> {
  const count = request.pageSize === 0 ? PAGE_USUAL : Math.min(request.pageSize, PAGE_MOST);
  if (request.label.length > PAGE_MOST) throw wrong('label', 'it is too long');
  const question = JSON.stringify([request.token, request.label]);
  const [, name, told] = PAGE_TOKEN.exec(request.pageToken) ?? [];
  const going = name === undefined ? undefined : app.snapshots.get(app, name);
  if (request.pageToken !== '' && going?.question !== question)
    throw wrong('page_token', 'it is none of this connection’s for this question, or too old');
  const list = going ?? (await begin(app, request, question));
  const from = going === undefined ? 0 : Number(told);
  const wantedParts = part(list, from, count);
  const tokens = new Map((await app.finder.tokens()).map((token) => [token.slot, token]));
  const keys: Key[] = [];
  for (let at = 0; at < wantedParts.length; at += TOGETHER) {
    signal.throwIfAborted();
    const some = wantedParts.slice(at, at + TOGETHER).map(async ({ slot, object }) => {
      const token = tokens.get(slot);
      return token === undefined ? [] : await read(app, token, object);
    });
    keys.push(...(await Promise.all(some)).flat());
  }
  const end = from + wantedParts.length;
  const all = list.slots.reduce((sum, { objects }) => sum + objects.length, 0);
  if (end >= all) return { keys, nextPageToken: '' };
  const kept = going === undefined || name === undefined ? app.snapshots.keep(app, list) : name;
  return { keys, nextPageToken: `${kept}.${end}` };
}
