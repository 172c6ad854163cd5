/**
 * Admin.SetKeyState: a key goes from one state to another, and with it the other half of its pair (schema/lifecycle/halves.ts), as the command
 * line has them go. The security officer sees no private keys: what he names and does not see goes alone, and is told as he named it.
 */
import { status } from '@grpc/grpc-js';
import type {
  KeyState,
  SetKeyStateRequest,
  SetKeyStateResponse,
} from '../../module/wire/generated/strongroom/v1/admin.ts';
import { Key, KeyClass } from '../../module/wire/generated/strongroom/v1/keys.ts';
import { areHalves, goers, type Half } from '../../schema/lifecycle/halves.ts';
import { type State, states } from '../../schema/lifecycle/states.ts';
import { Refusal } from '../cryptoki-client/answers.ts';
import * as C from '../cryptoki-client/generated/constants.ts';
import type { Cryptoki } from '../cryptoki-client/generated/cryptoki.ts';
import { about, Problem, problemOf, wrong } from '../errors/problem.ts';
import { describe } from '../keys/describe.ts';
import { Finder } from '../keys/find.ts';
import { reasonOf } from '../keys/rotate.ts';
import { Sessions } from '../keys/sessions.ts';
import { listTokens, pickToken, type TokenInfo } from '../keys/tokens.ts';
import { number, text } from '../keys/values.ts';
import { ownerOf, pinOf } from './fields.ts';

/** A state that somebody can take a key to: whoever destroys one uses Keys.DestroyKey. */
function stateOf(state: KeyState): State {
  const found = states.find((each) => each.number === state && each.name !== 'destroyed');
  if (found === undefined)
    throw wrong(
      'state',
      state === 0 ? 'none is given' : 'it is none that a key can be taken to by this call',
    );
  return found;
}

/** Which field the engine means. */
function fieldOf(error: unknown): string {
  if (!(error instanceof Refusal)) return 'state';
  if (error.rv === C.CKR_KEY_HANDLE_INVALID) return 'unique_id';
  return error.rv === C.CKR_TEMPLATE_INCONSISTENT ? 'reason' : 'state';
}

const kinds: ReadonlyMap<KeyClass, Half['kind']> = new Map([
  [KeyClass.KEY_CLASS_SECRET, 'secret'],
  [KeyClass.KEY_CLASS_PRIVATE, 'private'],
  [KeyClass.KEY_CLASS_PUBLIC, 'public'],
]);

function halfOf({ keyClass, algorithm, bits, label, id }: Key): Half | undefined {
  const kind = kinds.get(keyClass);
  return kind && { kind, type: `${algorithm} of ${bits}`, label, id: Buffer.from(id).toString('hex') };
}

/** What rules do not show is not seen, and no error: they may give a key's state to somebody who may not search. */
const unseen: readonly number[] = [C.CKR_FUNCTION_NOT_SUPPORTED, C.CKR_OBJECT_HANDLE_INVALID];

class Seen {
  readonly #finder: Finder;
  readonly #token: TokenInfo;

  constructor(finder: Finder, token: TokenInfo) {
    this.#finder = finder;
    this.#token = token;
  }

  async #find(template: Parameters<Finder['search']>[1]): Promise<{ object: number; key: Key }[]> {
    try {
      const objects = await this.#finder.search(this.#token.slot, template);
      const found = objects.map(async (object) => ({
        object,
        key: await describe(this.#finder, this.#token, object),
      }));
      return await Promise.all(found);
    } catch (error) {
      if (error instanceof Refusal && unseen.includes(error.rv)) return [];
      throw error;
    }
  }

  /** The key of that unique id, and where there is one the other half of its pair. @throws Problem where it could be more than one key */
  async halves(uniqueId: string, alone: boolean): Promise<Key[]> {
    const [named] = await this.#find([{ type: C.CKA_UNIQUE_ID, value: text(uniqueId) }]);
    if (named === undefined) return [];
    const half = halfOf(named.key);
    if (alone || half === undefined || half.kind === 'secret') return [named.key];
    const [keyType] = await this.#finder.read(this.#token.slot, named.object, [C.CKA_KEY_TYPE]);
    const others = await this.#find([
      {
        type: C.CKA_CLASS,
        value: number(half.kind === 'private' ? C.CKO_PUBLIC_KEY : C.CKO_PRIVATE_KEY),
      },
      { type: C.CKA_LABEL, value: text(half.label) },
      { type: C.CKA_ID, value: named.key.id },
      ...(keyType === undefined ? [] : [{ type: C.CKA_KEY_TYPE, value: keyType }]),
    ]);
    const fitting = others.filter(({ key }) => {
      const other = halfOf(key);
      return other !== undefined && areHalves(half, other);
    });
    if (fitting.length > 1)
      throw new Problem(
        status.FAILED_PRECONDITION,
        'CKR_KEY_HANDLE_INVALID',
        'unique_id: more than one key could be the other half; half_only lets them all be',
        'unique_id',
      );
    return [named.key, ...fitting.map(({ key }) => key)];
  }
}

/** A key of which nothing is seen. */
const nameless = ({ label }: TokenInfo, uniqueId: string): Key =>
  Key.fromPartial({ token: label, uniqueId, state: '' });

export async function setKeyState(p11: Cryptoki, request: SetKeyStateRequest): Promise<SetKeyStateResponse> {
  const userType = ownerOf(request.owner);
  const state = stateOf(request.state);
  const reason = reasonOf(request.reason);
  const since = request.compromisedSince === 0 ? -1 : request.compromisedSince;
  const token = pickToken(await listTokens(p11), request.token, 'token');
  const sessions = new Sessions(p11);
  const session = await sessions.home(token.slot);
  await about('pin', p11.C_Login({ session, userType, pin: pinOf(request.pin, 'pin') }));
  const seen = new Seen(new Finder(p11, sessions, () => 0), token);
  const halves = await seen.halves(request.uniqueId, request.halfOnly);
  const going = goers(
    (halves.length > 0 ? halves : [nameless(token, request.uniqueId)]).map((key) => ({
      key,
      kind: kinds.get(key.keyClass),
      state: key.state,
    })),
    state.name,
  );
  const changed: Key[] = [];
  for (const { key } of going) {
    try {
      const uniqueId = text(key.uniqueId);
      await p11.SR_SetKeyState({ session, uniqueId, state: state.number, reason, since });
    } catch (error) {
      throw halfDone(changed, key, problemOf(error, fieldOf(error)) ?? error);
    }
    changed.push({ ...key, state: state.name });
  }
  return { changed };
}

/** An error, and if it came in the middle, what has been done before it. */
function halfDone([done]: readonly Key[], key: Key, error: unknown): unknown {
  if (done === undefined || !(error instanceof Problem)) return error;
  const words = `${error.message}; the private half (${done.uniqueId}) is ${done.state} now, and the public half (${key.uniqueId}) is not`;
  return new Problem(error.code, error.reason, words, error.field);
}
