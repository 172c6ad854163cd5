/**
 * All objects of one token: its token objects, public and private, and the session objects that applications made on it.
 *
 * Three kinds of index: public token objects (in memory as long as the token is open), private token objects (there only
 * while somebody is logged in as user), and one per application for its session objects, which no other application sees.
 * A look-up by handle goes through one map. Token objects have one handle for all applications, but for what private-handles.ts says.
 */

import type { KeyHandle } from '../../enclave/enclave.ts';
import {
  CKA_DESTROYABLE,
  CKR_ACTION_PROHIBITED,
  CKR_DEVICE_MEMORY,
  CKR_KEY_HANDLE_INVALID,
  CKR_OBJECT_HANDLE_INVALID,
} from '../generated/constants.ts';
import type { OpenedRows } from '../store/rows.ts';
import type { TemplateEntry } from '../values/arguments.ts';
import { CryptokiError } from '../values/errors.ts';
import type { AttributeSet } from './attribute-set.ts';
import type { Blueprint } from './blueprint.ts';
import { withComputedAttributes } from './computed.ts';
import {
  checkMayWrite,
  type Draft,
  draftLike,
  draftOf,
  draftPairLike,
  type HalfLike,
  type Made,
  type Retired,
  refusal,
} from './draft.ts';
import type { Home, ObjectsHost, Owner, PrivateObjects } from './host.ts';
import { Incoming } from './incoming.ts';
import { ObjectIndex } from './index.ts';
import { Leaving } from './leaving.ts';
import { Rotating } from './lifecycle/rotating.ts';
import { type KeySource, TokenObject, type Viewer } from './object.ts';
import { checkMayBecome, checkMayMake, isPinless, isVisible, type Maker } from './policy/named.ts';
import { PrivateHandles } from './private-handles.ts';
import { Query } from './query.ts';
import { Room } from './room.ts';
import { Changes, withCounts } from './stored/changes.ts';
import { openWithRoom } from './stored/opening.ts';
import { Counting } from './uses/counting.ts';

export class TokenObjects implements KeySource {
  readonly #host: ObjectsHost;
  readonly #token: Home;
  /** All objects but those that came by a load, which their index knows by their handles. */
  readonly #handles = new Map<number, TokenObject>();
  #public = new ObjectIndex();
  #private = new ObjectIndex();
  readonly #sessionObjects = new WeakMap<Owner, ObjectIndex>();
  readonly #privateHandles: PrivateHandles;
  readonly #room: Room;
  readonly #leaving: Leaving;
  readonly rotating: Rotating;
  readonly counting: Counting;
  readonly #changes: Changes;

  constructor(host: ObjectsHost, token: Home) {
    this.#host = host;
    this.#token = token;
    this.#room = new Room(host.config.objects, host.enclave);
    this.#privateHandles = new PrivateHandles(() => host.nextObjectHandle());
    this.#leaving = new Leaving(host.slices);
    this.rotating = new Rotating(() => host.clock.now());
    this.#changes = new Changes(host, token, {
      need: (bytes) => this.#room.need(bytes),
      adopt: (object, attributes) => this.#adopt(object, attributes),
    });
    this.counting = new Counting({
      config: host.config,
      recount: (changes, durability) => this.#changes.recount(changes, durability),
      nearsLimit: (object, what, notice) => host.nearsLimit(token.record.slot, object.id, what, notice),
    });
  }

  #incoming(isPrivate: boolean): Incoming {
    const { enclave } = this.#host;
    return new Incoming(enclave, this.#token, this, isPrivate, () => this.#host.nextObjectHandle());
  }

  /** The token's own objects, private ones while they are in memory. */
  get sizes(): { readonly public: number; readonly private: number } {
    return { public: this.#public.size, private: this.#private.size };
  }

  /** Where the token's own objects are; private ones while they are in memory. */
  get indices(): readonly ObjectIndex[] {
    return [this.#public, this.#private];
  }

  /** All objects in memory, session objects of every application among them. */
  get count(): number {
    let count = this.#public.size + this.#private.size;
    for (const object of this.#handles.values()) if (object.owner !== undefined) count++;
    return count;
  }

  /** Brings the public token objects in, when the token is opened. @throws StoreError when they have been tampered with */
  loadPublic(): void {
    const batches: OpenedRows[] = [];
    this.#host.store.objects.loadPublic(this.#token.record, (rows) => batches.push(rows));
    const incoming = this.#incoming(false);
    incoming.index.reserve(batches.reduce((sum, { count }) => sum + count, 0));
    for (const rows of batches) incoming.take(rows);
    this.#public = incoming.index;
    incoming.noteRotating(this.rotating);
    this.#room.loaded(false, incoming.weight);
  }

  /**
   * Begins to bring the private token objects in, for the first user who logs in. Nobody sees any of them before {@link PrivateObjects.reveal}.
   * @throws StoreError when they have been tampered with
   */
  loadPrivate(master: KeyHandle): PrivateObjects {
    const incoming = this.#incoming(true);
    const { index, awake } = incoming;
    const load = this.#host.store.objects.loadPrivate(this.#token.record, master, (rows) =>
      incoming.take(rows),
    );
    index.reserve(load.expected);
    const reveal = (): void => {
      for (const object of awake) {
        this.#handles.set(object.handle, object);
        index.add(object);
      }
      this.#private = index;
      incoming.noteRotating(this.rotating);
      this.#room.loaded(true, incoming.weight);
    };
    const end = (): void => {
      load.end();
      for (const object of awake) this.#kill(object);
    };
    return { step: () => load.step(), end, unconfirmed: () => load.unconfirmed, reveal };
  }

  /** At the last user's logout: private token objects leave memory, their keys the enclave, and their handles die. */
  dropPrivate(): void {
    this.counting.giveBack(true);
    const leaving = this.#private;
    this.#private = new ObjectIndex();
    this.#room.privateGone();
    this.#privateHandles.reset();
    this.#drop(leaving);
  }

  /** All objects of the index are dead at once; what there was of them goes in slices. */
  #drop(index: ObjectIndex): void {
    index.drop();
    this.#leaving.add(index.made(), (object) => {
      this.#handles.delete(object.handle);
      this.#kill(object);
    });
  }

  /** At one user's logout while others stay: the objects stay too, and only this application's handles to them die. */
  retirePrivateHandles(app: Owner): void {
    this.#privateHandles.retire(app);
  }

  /** At C_InitToken: every object of the token is gone. Nobody has a session then. */
  dropAll(): void {
    const leaving = this.#public;
    this.#public = new ObjectIndex();
    this.#drop(leaving);
    this.dropPrivate();
    this.#room.allGone();
  }

  /** Session objects die with their session, which is closed; what there was of them goes in slices. */
  dropSession(session: Viewer): void {
    this.#leaving.add(session.ownObjects, this.#remove);
  }

  /** Private session objects of an application die at its logout; what there was of them goes in slices. */
  dropPrivateSessionObjects(app: Owner): void {
    const leaving: TokenObject[] = [];
    for (const object of this.#sessionObjects.get(app)?.made() ?? []) {
      if (!object.isPrivate || object.dead) continue;
      object.doom();
      leaving.push(object);
    }
    this.#leaving.add(leaving, this.#remove);
  }

  /** Whether an object is still there and the session's application may see it now. */
  sees(session: Viewer, object: TokenObject): boolean {
    if (object.dead || (object.owner !== undefined && object.owner.app !== session.app)) return false;
    if (object.isPrivate && session.login !== 'user') return isPinless(session, object);
    return !session.rights.limited || isVisible(session.rights, object);
  }

  /** @throws CryptokiError CKR_OBJECT_HANDLE_INVALID when there is no such object for this session's application */
  get(session: Viewer, handle: number): TokenObject {
    const object = this.seen(session, handle);
    if (object === undefined) throw refusal(CKR_OBJECT_HANDLE_INVALID, 'no such object');
    return object;
  }

  /** The same for a key. @throws CryptokiError CKR_KEY_HANDLE_INVALID also for objects that are no keys */
  getKey(session: Viewer, handle: number): TokenObject {
    const object = this.seen(session, handle);
    if (object === undefined || !object.hasKey) throw refusal(CKR_KEY_HANDLE_INVALID, 'no such key');
    return object;
  }

  /** The object of that handle, if the session's application may see it. */
  seen(session: Viewer, handle: number): TokenObject | undefined {
    const object = this.#privateHandles.object(session.app, handle, this.byFirstHandle(handle));
    return object !== undefined && this.sees(session, object) ? object : undefined;
  }

  /** The object that got this handle when it came, if it is still there: for who remembers objects without keeping them. */
  byFirstHandle(handle: number): TokenObject | undefined {
    return this.#handles.get(handle) ?? this.#private.byHandle(handle) ?? this.#public.byHandle(handle);
  }

  /** The CK_OBJECT_HANDLE under which the session's application knows the object. */
  handleFor(session: Viewer, object: TokenObject): number {
    return this.#privateHandles.handle(session.app, object);
  }

  /** All objects that the session may see and that match the template: public, private, then session objects. */
  find(session: Viewer, template: readonly TemplateEntry[]): TokenObject[] {
    const found: TokenObject[] = [];
    const query = new Query(template, this.#host.enclave, this.counting);
    this.#public.collect(query, found);
    query.leaveValueOut();
    const hasPrivate = this.#private.size > 0 && (session.login === 'user' || session.unlocked);
    if (hasPrivate) this.#private.collect(query, found);
    this.#sessionObjects.get(session.app)?.collect(query, found);
    return session.rights.limited ? found.filter((object) => this.sees(session, object)) : found;
  }

  // ---- changing ----------------------------------------------------------------------------------------------------

  /**
   * Makes an object of completed attributes (see template.ts), which get here what only the key's or certificate's value
   * tells. Takes the key over: when this throws, the key has been freed.
   * @param key the enclave's handle to the key or private value, or 0 for objects that have neither
   * @throws CryptokiError as {@link checkMayWrite} and as `withComputedAttributes` of computed.ts; StoreError
   */
  add(session: Viewer, attributes: AttributeSet, key: KeyHandle, maker?: Maker): TokenObject {
    return this.#make(session, [key], maker, () => [this.#draft(session, { attributes, key })])[0];
  }

  /** The same for a copy, whose attributes are complete already. */
  addCopy(session: Viewer, attributes: AttributeSet, key: KeyHandle, maker?: Maker): TokenObject {
    return this.#make(session, [key], maker, () => [draftOf(session, attributes, key)])[0];
  }

  /** The two halves of a key pair: both or none. Takes both keys over, as {@link add} does. */
  addPair(session: Viewer, first: Made, second: Made, maker?: Maker): [TokenObject, TokenObject] {
    return this.#make(session, [first.key, second.key], maker, () => [
      this.#draft(session, first),
      this.#draft(session, second),
    ]);
  }

  /** Makes a secret key like the one that a blueprint was made of. Otherwise as {@link add}. */
  addLike(session: Viewer, like: Blueprint, key: KeyHandle, maker?: Maker): TokenObject {
    return this.#make(session, [key], maker, () => [draftLike(session, this.#host.enclave, like, key)])[0];
  }

  /** Makes a pair on a curve like another one. Otherwise as {@link addPair}. */
  addPairLike(session: Viewer, first: HalfLike, second: HalfLike, maker?: Maker): [TokenObject, TokenObject] {
    return this.#make(session, [first.key, second.key], maker, () =>
      draftPairLike(session, this.#host.enclave, first, second),
    );
  }

  /** A draft with what only the key's value tells. */
  #draft(session: Viewer, { attributes, key }: Made): Draft {
    return draftOf(session, withComputedAttributes(this.#host.enclave, attributes, key), key);
  }

  /** Makes objects, all or none. Takes their keys over: when this throws, they have been freed. */
  #make<T extends readonly Draft[]>(
    session: Viewer,
    keys: readonly KeyHandle[],
    maker: Maker | undefined,
    drafted: () => readonly [...T],
  ): { -readonly [K in keyof T]: TokenObject } {
    try {
      const drafts = drafted();
      this.#admit(session, drafts, maker);
      return drafts.map((draft) => this.#enrol(session, draft)) as { -readonly [K in keyof T]: TokenObject };
    } catch (error) {
      for (const key of keys) if (key !== 0) this.#host.enclave.keyFree(key);
      throw error;
    }
  }

  /**
   * Makes objects that take the places of others, and gives those other attributes, in one step: all of it or nothing. Takes the keys over unless
   * it throws. @throws as {@link add}
   */
  succeed(
    session: Viewer,
    successors: readonly Made[],
    retired: readonly Retired[],
    maker: Maker,
  ): TokenObject[] {
    const drafts = successors.map((made) => this.#draft(session, made));
    for (const { object } of retired) checkMayWrite(session, true, object.isPrivate);
    const settled = retired.map(({ object, attributes }) => ({
      object,
      attributes: withCounts(object, attributes),
    }));
    this.#admit(session, drafts, maker, settled);
    const made = drafts.map((draft) => this.#enrol(session, draft));
    this.#changes.retire(settled);
    return made;
  }

  /** Makes room for objects, all or none, and puts those of the token into the store. @throws as {@link checkMayMake}, {@link Room.admit}, StoreError */
  #admit(
    session: Viewer,
    drafts: readonly Draft[],
    maker: Maker | undefined,
    retired: readonly Retired[] = [],
  ): void {
    const { rights } = session;
    if (rights.limited) for (const { attributes } of drafts) checkMayMake(rights, attributes, maker);
    const count = this.#public.size + this.#private.size;
    // Whoever makes objects takes part in removing those that leave, so that these never become many.
    this.#leaving.removeSome(2 * drafts.length);
    for (;;) {
      try {
        this.#room.admit(session.app.account, drafts, count, () => this.#changes.store(drafts, retired));
        return;
      } catch (error) {
        const isFull = error instanceof CryptokiError && error.rv === CKR_DEVICE_MEMORY;
        if (!isFull || !this.#leaving.removeSome()) throw error;
      }
    }
  }

  #enrol(session: Viewer, { isToken, isPrivate, attributes, key, charged }: Draft): TokenObject {
    const object = new TokenObject(
      this.#host.nextObjectHandle(),
      this.#token,
      isToken ? undefined : session,
      isPrivate,
      attributes,
      key,
      isToken && key !== 0 ? this : undefined,
    );
    // Of values that are no keys there can be many, and who stores one seldom asks for it at once.
    this.#free(object.hasKey ? 0 : object.closeKey());
    this.#handles.set(object.handle, object);
    this.#indexOf(object).add(object);
    object.charged = charged ?? 0;
    this.rotating.note(object);
    this.#room.weigh(object, attributes.packed.length);
    if (!isToken) session.ownObjects.add(object);
    // No call that was possible before is decided otherwise because of an object whose handle is new: the epoch stays.
    return object;
  }

  /** Gives an object other attributes. What may change is modify.ts' to decide. @throws as {@link checkMayWrite}, and the store */
  update(session: Viewer, object: TokenObject, given: AttributeSet): void {
    checkMayWrite(session, object.owner === undefined, object.isPrivate);
    if (session.rights.limited) checkMayBecome(session.rights, given);
    this.settle(object, given);
  }

  /** The same, whoever may see the object. @throws StoreError */
  settle(object: TokenObject, attributes: AttributeSet): void {
    this.#changes.settle(object, attributes);
  }

  /** The object has these attributes now. */
  #adopt(object: TokenObject, attributes: AttributeSet): void {
    this.#room.recharge(object, attributes.packed.length - object.attributes.packed.length);
    object.attributes = attributes;
    this.#indexOf(object).update(object);
    this.rotating.note(object);
  }

  /** @throws CryptokiError as {@link checkMayWrite}, CKR_ACTION_PROHIBITED for objects with CKA_DESTROYABLE false */
  destroy(session: Viewer, object: TokenObject): void {
    checkMayWrite(session, object.owner === undefined, object.isPrivate);
    if (object.attributes.bool(CKA_DESTROYABLE) === false) {
      throw refusal(CKR_ACTION_PROHIBITED, 'not destroyable');
    }
    this.#changes.erase(object);
    this.#removeFromMemory(object);
    this.#host.bumpEpoch();
  }

  /** For objects that leave: of those whose session ends after a logout, one may come by twice. */
  readonly #remove = (object: TokenObject): void => {
    if (object.owner?.ownObjects.has(object) !== false) this.#removeFromMemory(object);
  };

  #removeFromMemory(object: TokenObject): void {
    this.#room.weigh(object, -object.attributes.packed.length);
    this.#indexOf(object).remove(object);
    this.#handles.delete(object.handle);
    object.owner?.ownObjects.delete(object);
    this.#kill(object);
  }

  #kill(object: TokenObject): void {
    this.rotating.forget(object);
    this.counting.forget(object);
    this.#free(object.die());
  }

  #free(key: KeyHandle): void {
    if (key !== 0) this.#host.enclave.keyFree(key);
  }

  #indexOf(object: TokenObject): ObjectIndex {
    if (object.owner === undefined) return object.isPrivate ? this.#private : this.#public;
    const app = object.owner.app;
    let index = this.#sessionObjects.get(app);
    if (index === undefined) {
      index = new ObjectIndex();
      this.#sessionObjects.set(app, index);
    }
    return index;
  }

  /** Called by an object on the first use of its key. */
  openKey(object: TokenObject): KeyHandle {
    return openWithRoom(this.#host, this.#token, object, [this.#public, this.#private]);
  }
}
