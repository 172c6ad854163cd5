/** A token with its objects, applications and sessions, on a store in memory: what tests of objects start from. */
import type { Enclave, KeyHandle } from '../../../module/enclave/enclave.ts';
import type { Call } from '../../../module/engine/calls/call.ts';
import { CKR_OK } from '../../../module/engine/generated/constants.ts';
import { boolValue, ulongValue } from '../../../module/engine/objects/attribute-set.ts';
import type { ObjectStore } from '../../../module/engine/objects/host.ts';
import { TokenObjects } from '../../../module/engine/objects/token-objects.ts';
import type { Notice } from '../../../module/engine/objects/uses/tally.ts';
import { Application, Session } from '../../../module/engine/sessions/application.ts';
import type { NewObject, ObjectRef } from '../../../module/engine/store/objects.ts';
import type { OpenedRows } from '../../../module/engine/store/rows.ts';
import type { Token } from '../../../module/engine/tokens/token.ts';
import type { AttributeQuery, TemplateEntry } from '../../../module/engine/values/arguments.ts';
import { Clock } from '../../../module/engine/values/clock.ts';
import { CryptokiError } from '../../../module/engine/values/errors.ts';
import { Reply } from '../../../module/engine/values/reply.ts';
import { Slices } from '../../../module/engine/values/slices.ts';
import { FakeEnclave } from './enclave.ts';

/** A row as the enclave opens it. */
export function openedRow(
  id: Uint8Array,
  version: number,
  attributes: Uint8Array,
  hasValue: boolean,
): Uint8Array {
  const bytes = new Uint8Array(32 + attributes.length);
  const view = new DataView(bytes.buffer);
  bytes.set(id);
  view.setBigUint64(16, BigInt(version), true);
  view.setUint32(24, attributes.length, true);
  view.setUint32(28, hasValue ? 1 : 0, true);
  bytes.set(attributes, 32);
  return bytes;
}

/** Rows in a Map, keys as duplicates in the enclave. */
export class MemoryStore implements ObjectStore {
  readonly rows = new Map<string, { object: NewObject; version: number; value: KeyHandle | null }>();
  readonly #enclave: Enclave;
  /** Changes that told of uses. */
  recounts = 0;
  /** When set, every change fails with it and changes nothing. */
  failure: Error | undefined;

  constructor(enclave: Enclave) {
    this.#enclave = enclave;
  }

  #row(ref: ObjectRef): { object: NewObject; version: number; value: KeyHandle | null } {
    const row = this.rows.get(Buffer.from(ref.id).toString('hex'));
    if (row?.version !== ref.version) throw new Error('the row is gone or another version');
    return row;
  }

  putAll(_token: unknown, objects: readonly NewObject[]): void {
    if (this.failure) throw this.failure;
    for (const object of objects) {
      const value = object.value === null ? null : this.#enclave.keyDuplicate(object.value);
      this.rows.set(Buffer.from(object.id).toString('hex'), { object, version: 1, value });
    }
  }

  replace(
    _token: unknown,
    ref: ObjectRef,
    attributes: Uint8Array,
    value: KeyHandle | null | 'keep' = 'keep',
  ): number {
    if (this.failure) throw this.failure;
    const row = this.#row(ref);
    row.object = { ...row.object, attributes };
    if (value !== 'keep') row.value = value === null ? null : this.#enclave.keyDuplicate(value);
    return ++row.version;
  }

  replaceAttributes(
    _token: unknown,
    changes: readonly { readonly ref: ObjectRef; readonly attributes: Uint8Array }[],
  ): void {
    if (this.failure) throw this.failure;
    this.recounts++;
    for (const { ref, attributes } of changes) this.replace(_token, ref, attributes);
  }

  delete(_token: unknown, ref: ObjectRef): void {
    if (this.failure) throw this.failure;
    this.#row(ref);
    this.rows.delete(Buffer.from(ref.id).toString('hex'));
  }

  #load(isPrivate: boolean, take: (rows: OpenedRows) => void): void {
    // In the order of their ids, as they come from the database.
    for (const name of [...this.rows.keys()].sort()) {
      const row = this.rows.get(name);
      if (row?.object.private !== isPrivate) continue;
      const { object, version, value } = row;
      const bytes = openedRow(object.id, version, object.attributes, value !== null);
      take({ bytes, from: 0, to: bytes.length, count: 1 });
    }
  }

  loadPublic(_token: unknown, take: (rows: OpenedRows) => void): void {
    this.#load(false, take);
  }

  loadPrivate(_token: unknown, _master: unknown, take: (rows: OpenedRows) => void) {
    const step = (): boolean => {
      this.#load(true, take);
      return true;
    };
    return { step, end: () => undefined, expected: this.rows.size, unconfirmed: 0 };
  }

  openValue(_token: unknown, ref: ObjectRef): KeyHandle {
    const { value } = this.#row(ref);
    if (value === null) throw new Error('no value');
    return this.#enclave.keyDuplicate(value);
  }
}

/** A token in a real store, opened with its master key. */
export interface Stored {
  readonly shelf: ObjectStore;
  readonly record: Token['record'];
  readonly master: KeyHandle;
}

const PEER = { pid: 1, uid: 1000, gid: 1000, groups: [], executable: '/usr/bin/test' };

export class World {
  readonly enclave: Enclave;
  readonly store: MemoryStore;
  readonly token: Token;
  /** What the configuration says of keys, and what the audit log has heard of their limits. */
  readonly keys = { gcmLimit: 2 ** 31, tokenIvOnly: false, refuseRepeatedIvs: false };
  readonly notices: string[] = [];
  epoch = 0;
  readonly clock = new Clock(
    () => ({ monotonic: true, offsetSeconds: 0 }),
    0,
    () => undefined,
  );
  /** Each step a slice of its own. */
  readonly slices = new Slices(0);
  #nextObject = 1;
  #nextSession = 1;
  #nextApp = 1;

  /** @param stored a real store's shelf and the token's row in it, in place of the store in memory */
  constructor(enclave: Enclave = new FakeEnclave().face, stored?: Stored) {
    this.enclave = enclave;
    this.store = new MemoryStore(enclave);
    const token = {
      id: new Uint8Array(16),
      slotId: 0,
      clock: this.clock,
      master: stored?.master ?? 0,
      record: stored?.record ?? { slot: 0 },
    } as unknown as Token;
    const host = {
      enclave,
      store: { objects: stored?.shelf ?? this.store },
      config: { objects: { tokenMax: 1_000_000, tokenBytes: 2 ** 40 }, keys: this.keys },
      slices: this.slices,
      clock: this.clock,
      nextObjectHandle: () => this.#nextObject++,
      nearsLimit: (_slot: number, _object: Uint8Array, what: string, { percent }: Notice) => {
        this.notices.push(`${percent} % of ${what}`);
      },
      bumpEpoch: () => {
        this.epoch++;
      },
    };
    this.token = Object.assign(token, { objects: new TokenObjects(host, token) });
  }

  /** What a login does: brings the private objects in. Returns how many public ones had been changed without one. */
  openPrivate(master: KeyHandle = this.token.master): number {
    const objects = this.objects.loadPrivate(master);
    while (!objects.step());
    objects.reveal();
    return objects.unconfirmed();
  }

  get objects(): TokenObjects {
    return this.token.objects;
  }

  app(login: 'none' | 'user' | 'so' = 'none'): Application {
    const app = new Application(this.#nextApp++, PEER);
    app.setLogin(this.token, login);
    return app;
  }

  session(app: Application, readWrite = true): Session {
    const session = new Session(this.#nextSession++, app, this.token, readWrite);
    app.sessions.set(session.handle, session);
    return session;
  }

  /** A session of a fresh application with that login. */
  login(login: 'none' | 'user' | 'so', readWrite = true): Session {
    return this.session(this.app(login), readWrite);
  }

  /** Runs a handler as dispatch would; the answer's fields can be read from the result. */
  call<A>(handler: (call: Call, a: A) => number, session: Session, args: A, space = 65536): Answer {
    const reply = new Reply(new Uint8Array(space));
    const call = { engine: this, app: session.app, session, reply, audit: () => {} } as unknown as Call;
    try {
      return new Answer(handler(call, args), reply);
    } catch (error) {
      if (error instanceof CryptokiError) return new Answer(error.rv, reply);
      throw error;
    }
  }
}

/** A call's result and the fields of its reply, read in order. */
export class Answer {
  readonly rv: number;
  readonly #reply: Reply;
  #at = 0;

  constructor(rv: number, reply: Reply) {
    this.rv = rv;
    this.#reply = reply;
  }

  ulong(): number {
    const view = new DataView(this.#reply.buffer.buffer, this.#at);
    this.#at += 8;
    const value = view.getBigUint64(0, true);
    return value === 0xffff_ffff_ffff_ffffn ? -1 : Number(value);
  }

  bytes(length: number): Uint8Array {
    const value = this.#reply.buffer.slice(this.#at, this.#at + length);
    this.#at += (length + 7) & ~7;
    return value;
  }

  /** One answered attribute: its length, and the value if one follows. */
  attribute(): { length: number; value: Uint8Array | undefined } {
    const length = this.ulong();
    return this.ulong() === 1 ? { length, value: this.bytes(length) } : { length, value: undefined };
  }

  /** The first field of a call that succeeded. */
  handle(): number {
    if (this.rv !== CKR_OK) throw new Error(`0x${this.rv.toString(16)}`);
    return this.ulong();
  }
}

export type Value = Uint8Array | number | boolean | string | null | readonly (readonly [number, Value])[];

function stored(value: Uint8Array | number | boolean | string): Uint8Array {
  if (typeof value === 'number') return ulongValue(value);
  if (typeof value === 'boolean') return boolValue(value);
  return typeof value === 'string' ? new TextEncoder().encode(value) : value;
}

/** A template as the codec delivers it: all values in one buffer; null for a NULL pointer; arrays nest. */
export function template(...entries: readonly (readonly [type: number, value: Value])[]): TemplateEntry[] {
  let size = 0;
  const measure = (list: readonly (readonly [number, Value])[]): void => {
    for (const [, value] of list) {
      if (Array.isArray(value)) measure(value);
      else if (value !== null) size += stored(value as Uint8Array | number | boolean | string).length;
    }
  };
  measure(entries);
  const buffer = new Uint8Array(size);
  let at = 0;
  const build = (list: readonly (readonly [number, Value])[]): TemplateEntry[] =>
    list.map(([type, value]) => {
      if (value === null) return { type, value: null };
      if (Array.isArray(value)) return { type, value: null, nested: build(value) };
      const bytes = stored(value as Uint8Array | number | boolean | string);
      buffer.set(bytes, at);
      at += bytes.length;
      return { type, value: { buffer, offset: at - bytes.length, length: bytes.length } };
    });
  return build(entries);
}

/** Queries with plenty of room. */
export function ask(...types: number[]): AttributeQuery[] {
  return types.map((type) => ({ type, present: true, capacity: 4096 }));
}
