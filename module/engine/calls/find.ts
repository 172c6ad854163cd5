/** Searches (PKCS#11 3.2, 5.7.7 to 5.7.9). What a search will give is settled when it begins. */

import {
  CKR_DEVICE_MEMORY,
  CKR_OK,
  CKR_OPERATION_ACTIVE,
  CKR_OPERATION_NOT_INITIALIZED,
} from '../generated/constants.ts';
import type { TokenObject } from '../objects/object.ts';
import { type Account, Kept } from '../policy/quotas.ts';
import { type Session, sessionOf } from '../sessions/application.ts';
import { type Operation, OperationKind } from '../sessions/operation.ts';
import { CryptokiError } from '../values/errors.ts';
import type { Handlers } from './generated/codec.ts';

/** Bytes that a search needs for each object that it has found. */
const HANDLE_BYTES = 8;

/** A search under way. It holds no secret, and is no use of a key. */
class Search implements Operation {
  readonly mechanism = 0;
  readonly objectId = undefined;
  needsAuthentication = false;
  /** Their first handles: a search that kept the objects themselves would keep what has been destroyed since in memory. */
  handles: readonly number[];
  next = 0;
  readonly #account: Account;

  /** @throws CryptokiError CKR_DEVICE_MEMORY when the application's operations would keep too much */
  constructor(objects: readonly TokenObject[], account: Account) {
    if (!account.take(Kept.OperationBytes, objects.length * HANDLE_BYTES))
      throw new CryptokiError(
        CKR_DEVICE_MEMORY,
        'calls.find',
        'the searches of the application keep too much',
      );
    this.handles = objects.map((object) => object.handle);
    this.#account = account;
  }

  release(): void {
    this.#account.give(Kept.OperationBytes, this.handles.length * HANDLE_BYTES);
    this.handles = [];
  }
}

function searchOf(session: Session): Search {
  const operation = session.operation(OperationKind.Find);
  if (operation instanceof Search) return operation;
  throw new CryptokiError(CKR_OPERATION_NOT_INITIALIZED, 'calls.find', 'no search has been begun');
}

export const findHandlers = {
  C_FindObjectsInit(call, { template }) {
    const session = sessionOf(call);
    if (session.operation(OperationKind.Find) !== undefined) return CKR_OPERATION_ACTIVE;
    session.begin(
      OperationKind.Find,
      new Search(session.token.objects.find(session, template), session.app.account),
    );
    return CKR_OK;
  },

  /** What has been destroyed, or hidden by a logout, since the search began is left out. */
  C_FindObjects(call, { maxCount }) {
    const session = sessionOf(call);
    const search = searchOf(session);
    const { reply } = call;
    // All ones arrive as -1: an array so large takes whatever the reply holds.
    const most = maxCount < 0 ? Number.MAX_SAFE_INTEGER : maxCount;
    const room = Math.min(most, Math.floor(reply.space / 8) - 1);
    if (room < 0) return CKR_DEVICE_MEMORY;
    const { handles } = search;
    const all = session.token.objects;
    const found: number[] = [];
    while (found.length < room && search.next < handles.length) {
      const object = all.byFirstHandle(handles[search.next++] as number);
      if (object !== undefined && all.sees(session, object)) found.push(all.handleFor(session, object));
    }
    reply.ulong(found.length);
    for (let i = 0; i < found.length; i++) reply.ulong(found[i] as number);
    return CKR_OK;
  },

  C_FindObjectsFinal(call) {
    const session = sessionOf(call);
    searchOf(session);
    session.end(OperationKind.Find);
    return CKR_OK;
  },
} satisfies Partial<Handlers>;
