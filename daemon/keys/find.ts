/** From names to objects. Handles stay here: clients know names and unique ids alone. */
import { status } from '@grpc/grpc-js';
import type { KeyName } from '../../module/wire/generated/strongroom/v1/keys.ts';
import { Refusal } from '../cryptoki-client/answers.ts';
import type { Attribute } from '../cryptoki-client/arguments.ts';
import * as C from '../cryptoki-client/generated/constants.ts';
import type { Cryptoki } from '../cryptoki-client/generated/cryptoki.ts';
import { missing, Problem, wrong } from '../errors/problem.ts';
import type { Sessions } from './sessions.ts';
import { listTokens, pickToken, type TokenInfo } from './tokens.ts';
import { type KeyUri, parseKeyUri, UriError } from './uri.ts';
import { number, text } from './values.ts';

/** What a name is looked up as. */
export type KeyRole = 'secret' | 'private' | 'public';

/** An object, for as long as the engine's epoch does not rise. */
export interface Found {
  readonly token: TokenInfo;
  readonly object: number;
  readonly role: KeyRole;
  /** The bytes of r and of s, once they have been asked for. */
  order?: number | undefined;
}

const classOf: Readonly<Record<KeyRole, number>> = {
  secret: C.CKO_SECRET_KEY,
  private: C.CKO_PRIVATE_KEY,
  public: C.CKO_PUBLIC_KEY,
};
const typeOf: Readonly<Record<KeyRole, NonNullable<KeyUri['type']>>> = {
  secret: 'secret-key',
  private: 'private',
  public: 'public',
};

/** Names that are kept, of one application. */
const KEPT_MOST = 1024;
const NAME_MOST = 1024;
const FOUND_AT_ONCE = 8192;

/** Sees to it that a name is one, before anybody is asked. */
function parts(name: KeyName | undefined, field: string): KeyUri & { uniqueId?: string } {
  if (name === undefined) throw wrong(field, 'it is missing');
  const { token, label, id, uniqueId, uri } = name;
  for (const [part, value] of [
    ['token', token],
    ['label', label],
    ['id', id],
    ['unique_id', uniqueId],
    ['uri', uri],
  ] as const)
    if (value.length > NAME_MOST * (part === 'uri' ? 8 : 1))
      throw wrong(`${field}.${part}`, 'it is too long');
  if (uri !== '') {
    if (token !== '' || label !== '' || id.length > 0 || uniqueId !== '')
      throw wrong(`${field}.uri`, 'it stands alone, or not at all');
    try {
      const found = parseKeyUri(uri);
      if (found.object === undefined && found.id === undefined)
        throw wrong(`${field}.uri`, 'it names no key, by object or id');
      return found;
    } catch (error) {
      if (error instanceof UriError) throw wrong(`${field}.uri`, error.message);
      throw error;
    }
  }
  if (label === '' && id.length === 0 && uniqueId === '')
    throw wrong(field, 'it names no key, by label, id, unique_id or uri');
  return {
    token,
    ...(label === '' ? {} : { object: label }),
    ...(id.length === 0 ? {} : { id }),
    ...(uniqueId === '' ? {} : { uniqueId }),
  };
}

export class Finder {
  readonly #p11: Cryptoki;
  readonly #sessions: Sessions;
  readonly #epoch: () => number;
  #seen = -1;
  #tokens: readonly TokenInfo[] | undefined;
  readonly #kept = new Map<string, Found>();

  constructor(p11: Cryptoki, sessions: Sessions, epoch: () => number) {
    this.#p11 = p11;
    this.#sessions = sessions;
    this.#epoch = epoch;
  }

  /** What is known from before is forgotten. */
  forget(): void {
    this.#tokens = undefined;
    this.#kept.clear();
  }

  #lookAtEpoch(): number {
    const now = this.#epoch();
    if (now !== this.#seen) this.forget();
    this.#seen = now;
    return now;
  }

  async tokens(): Promise<readonly TokenInfo[]> {
    const epoch = this.#lookAtEpoch();
    if (this.#tokens !== undefined) return this.#tokens;
    const tokens = await listTokens(this.#p11);
    if (epoch === this.#epoch()) this.#tokens = tokens;
    return tokens;
  }

  /** The token of that label. */
  async token(label: string, field = 'token', serial?: string): Promise<TokenInfo> {
    if (label.length > NAME_MOST) throw wrong(field, 'it is too long');
    return pickToken(await this.tokens(), label, field, serial);
  }

  /** Handles of all objects that fit, in the order in which the engine tells them; `most` ends it early. */
  async search(
    slot: number,
    template: readonly Attribute[],
    most = Number.POSITIVE_INFINITY,
  ): Promise<number[]> {
    return await this.#sessions.lend(slot, async (session) => {
      await this.#p11.C_FindObjectsInit({ session, template });
      const all: number[] = [];
      for (;;) {
        const { objects } = await this.#p11.C_FindObjects({
          session,
          maxCount: Math.min(FOUND_AT_ONCE, most - all.length),
        });
        for (const object of objects) all.push(object);
        if (objects.length === 0 || all.length >= most) break;
      }
      await this.#p11.C_FindObjectsFinal({ session });
      return all;
    });
  }

  /**
   * The one key that a name names, in the first of the roles in which there is one.
   * @param means whether the unique id of one half names the other as well
   */
  async key(
    name: KeyName | undefined,
    roles: readonly KeyRole[],
    field = 'key',
    means: 'pair' | 'itself' = 'pair',
  ): Promise<Found> {
    const wanted = parts(name, field);
    const epoch = this.#lookAtEpoch();
    const id = wanted.id === undefined ? null : Buffer.from(wanted.id).toString('hex');
    const word = JSON.stringify([{ ...wanted, id }, roles, means]);
    const kept = this.#kept.get(word);
    if (kept !== undefined) return kept;
    const token = await this.token(
      wanted.token ?? '',
      wanted.token === undefined ? field : `${field}.token`,
      wanted.serial,
    );
    for (const role of roles) {
      if (wanted.type !== undefined && wanted.type !== typeOf[role]) continue;
      const found = await this.#find(token, wanted, role, field, means);
      if (found === undefined) continue;
      if (this.#kept.size >= KEPT_MOST) this.#kept.clear();
      if (epoch === this.#epoch()) this.#kept.set(word, found);
      return found;
    }
    throw missing(
      field,
      'CKR_KEY_HANDLE_INVALID',
      `no such ${roles.join(' or ')} key is seen; most are, only after Login`,
    );
  }

  async #find(
    token: TokenInfo,
    { object: label, id, uniqueId }: KeyUri & { uniqueId?: string },
    role: KeyRole,
    field: string,
    means: 'pair' | 'itself',
  ): Promise<Found | undefined> {
    const template: Attribute[] = [{ type: C.CKA_CLASS, value: number(classOf[role]) }];
    if (label !== undefined) template.push({ type: C.CKA_LABEL, value: text(label) });
    if (id !== undefined) template.push({ type: C.CKA_ID, value: id });
    const named: Attribute[] =
      uniqueId === undefined ? [] : [{ type: C.CKA_UNIQUE_ID, value: text(uniqueId) }];
    let objects = await this.search(token.slot, [...template, ...named], 2);
    if (objects.length === 0 && uniqueId !== undefined && role !== 'secret' && means === 'pair')
      objects = await this.#otherHalf(token, role, named, template);
    const [object, second] = objects;
    if (object === undefined) return undefined;
    if (second !== undefined)
      throw new Problem(
        status.FAILED_PRECONDITION,
        'CKR_KEY_HANDLE_INVALID',
        `${field}: more than one ${role} key has this name; id or unique_id tells them apart`,
        field,
      );
    return { token, object, role };
  }

  /** The half of a pair whose other half a unique id names: it has the same id. */
  async #otherHalf(
    token: TokenInfo,
    role: KeyRole,
    named: readonly Attribute[],
    template: readonly Attribute[],
  ): Promise<number[]> {
    const other = role === 'public' ? 'private' : 'public';
    const half = { type: C.CKA_CLASS, value: number(classOf[other]) };
    const [object] = await this.search(token.slot, [half, ...named], 1);
    if (object === undefined) return [];
    const [id] = await this.read(token.slot, object, [C.CKA_ID]);
    if (id === undefined || id.length === 0) return [];
    return await this.search(token.slot, [...template, { type: C.CKA_ID, value: id }], 2);
  }

  /** Values of attributes, each undefined where there is none or it is not told. */
  async read(slot: number, object: number, types: readonly number[]): Promise<(Uint8Array | undefined)[]> {
    const session = await this.#sessions.home(slot);
    const ask = (capacity: readonly number[]) =>
      this.#p11.C_GetAttributeValue({
        session,
        object,
        template: types.map((type, at) => ({ type, capacity: capacity[at] ?? 0 })),
      });
    const { values } = await ask(types.map(() => 1024));
    if (!values.some(({ value, length }) => value === undefined && (length ?? 0) > 1024))
      return values.map(({ value }) => value);
    const again = await ask(values.map(({ length }) => length ?? 0));
    return again.values.map(({ value }) => value);
  }

  /** Runs `work` with a key; once more when the handle was one of before. */
  async use<T>(find: () => Promise<Found>, work: (found: Found) => Promise<T>): Promise<T> {
    const found = await find();
    try {
      return await work(found);
    } catch (error) {
      const stale =
        error instanceof Refusal &&
        (error.rv === C.CKR_KEY_HANDLE_INVALID || error.rv === C.CKR_OBJECT_HANDLE_INVALID);
      if (!stale) throw error;
      this.forget();
      return await work(await find());
    }
  }
}
