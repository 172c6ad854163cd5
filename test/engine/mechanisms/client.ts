/**
 * A client without a lane: the handlers under test, called with decoded arguments, on the real enclave and the real objects.
 * Only session objects are made, so there is no store behind it.
 */
import path from 'node:path';
import type { Enclave } from '../../../module/enclave/enclave.ts';
import { loadEnclave } from '../../../module/enclave/load.ts';
import type { Call } from '../../../module/engine/calls/call.ts';
import { cancelHandlers } from '../../../module/engine/calls/cancel.ts';
import { decryptHandlers } from '../../../module/engine/calls/decrypt.ts';
import { digestHandlers } from '../../../module/engine/calls/digest.ts';
import { dualHandlers } from '../../../module/engine/calls/dual.ts';
import { encryptHandlers } from '../../../module/engine/calls/encrypt.ts';
import { keyHandlers } from '../../../module/engine/calls/keys.ts';
import { mechanismHandlers } from '../../../module/engine/calls/mechanisms.ts';
import { messageHandlers } from '../../../module/engine/calls/messages/messages.ts';
import { objectHandlers } from '../../../module/engine/calls/objects.ts';
import { randomHandlers } from '../../../module/engine/calls/random.ts';
import { recoverHandlers } from '../../../module/engine/calls/recover.ts';
import { signHandlers } from '../../../module/engine/calls/sign.ts';
import { verifyHandlers } from '../../../module/engine/calls/verify.ts';
import { unwrapHandlers } from '../../../module/engine/calls/wrapping/unwrap.ts';
import { wrapHandlers } from '../../../module/engine/calls/wrapping/wrap.ts';
import type { Engine } from '../../../module/engine/engine.ts';
import { CKR_OK } from '../../../module/engine/generated/constants.ts';
import { ulongValue } from '../../../module/engine/objects/attribute-set.ts';
import type { TokenObject } from '../../../module/engine/objects/object.ts';
import { completeTemplate, NOTHING_IMPLIED } from '../../../module/engine/objects/template.ts';
import type { Notice } from '../../../module/engine/objects/uses/tally.ts';
import type { Account } from '../../../module/engine/policy/quotas.ts';
import { Application, Session } from '../../../module/engine/sessions/application.ts';
import { Token } from '../../../module/engine/tokens/token.ts';
import type {
  MechanismArgument,
  MechanismParameter,
  Span,
  TemplateEntry,
} from '../../../module/engine/values/arguments.ts';
import { Clock } from '../../../module/engine/values/clock.ts';
import { CryptokiError, checked } from '../../../module/engine/values/errors.ts';
import { Reply } from '../../../module/engine/values/reply.ts';
import { Slices } from '../../../module/engine/values/slices.ts';

export const enclave: Enclave = loadEnclave(path.resolve('out/lib/strongroom/enclave.node'));

const handlers = {
  ...signHandlers,
  ...verifyHandlers,
  ...recoverHandlers,
  ...encryptHandlers,
  ...decryptHandlers,
  ...digestHandlers,
  ...dualHandlers,
  ...keyHandlers,
  ...wrapHandlers,
  ...unwrapHandlers,
  ...randomHandlers,
  ...mechanismHandlers,
  ...cancelHandlers,
  ...messageHandlers,
  ...objectHandlers,
};
type Name = keyof typeof handlers;
/** Some handlers leave out an argument that says nothing. */
type Arguments<N extends Name> = Parameters<(typeof handlers)[N]>[1] extends infer A
  ? A extends undefined
    ? Readonly<Record<never, never>>
    : A
  : never;

/** What a call answered. */
export interface Answer {
  readonly rv: number;
  /** The reply's first field: a length, a count or a handle. */
  readonly first: number;
  readonly second: number;
  /** The bytes behind the first field. */
  readonly bytes: Uint8Array;
  /** The whole reply. */
  readonly all: Uint8Array;
}

export const NULL_ROOM = { present: false, capacity: 0 };
export const room = (capacity: number) => ({ present: true, capacity });

export function span(bytes: Uint8Array): Span {
  return { buffer: bytes, offset: 0, length: bytes.length };
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function mechanism(type: number, parameter?: MechanismParameter): MechanismArgument {
  return { type, parameter };
}

/** A template from numbers (CK_ULONG), booleans (CK_BBOOL) and bytes. */
export function template(values: Readonly<Record<number, number | boolean | Uint8Array>>): TemplateEntry[] {
  return Object.entries(values).map(([type, value]) => {
    if (typeof value === 'number') return { type: Number(type), value: span(ulongValue(value)) };
    if (typeof value === 'boolean') return { type: Number(type), value: span(Uint8Array.of(value ? 1 : 0)) };
    return { type: Number(type), value: span(value) };
  });
}

export class Client {
  /** Whether long operations run at once or on the thread pool. */
  inline = true;
  /** Runs between a job's end and its continuation: what other calls may have done meanwhile. */
  beforeResult: (() => void) | undefined;
  readonly audited: { readonly mechanism: number; readonly objectId: Uint8Array | undefined }[] = [];
  readonly app: Application;
  readonly token: Token;
  session: Session;
  readonly #engine: Engine;
  readonly #area = new Uint8Array(32 * 1024 * 1024);
  #handles = 0;
  #jobs = 0;
  #parked: { readonly job: number; readonly then: (call: Call) => number } | undefined;

  /** What the configuration says about mechanisms. */
  readonly mechanisms = { gcmShortTags: false };
  /** What the audit log has heard of limits. */
  readonly notices: string[] = [];
  readonly keys = { gcmLimit: 2 ** 31, tokenIvOnly: false, refuseRepeatedIvs: false };

  /** @param account what the application may have the engine keep; without bounds where there is none */
  constructor(account?: Account) {
    this.app = new Application(1, { pid: 1, uid: 0, gid: 0, groups: [], executable: '' }, account);
    const host = {
      enclave,
      store: { objects: {} },
      config: {
        mechanisms: this.mechanisms,
        keys: this.keys,
        objects: { tokenMax: 1_000_000, tokenBytes: 2 ** 40 },
      },
      slices: new Slices(),
      clock: new Clock(
        () => ({ monotonic: true, offsetSeconds: 0 }),
        0,
        () => undefined,
      ),
      nextObjectHandle: () => ++this.#handles,
      nearsLimit: (_slot: number, _object: Uint8Array, what: string, { percent }: Notice) => {
        this.notices.push(`${percent} % of ${what}`);
      },
      bumpEpoch: () => {},
      placement: {
        job: () => ++this.#jobs,
        place: () => (this.inline ? 0 : ++this.#jobs),
      },
      hasSlot: (slot: number) => slot === 0,
    };
    this.#engine = host as unknown as Engine;
    this.token = new Token(this.#engine, { slot: 0, id: new Uint8Array(16) } as unknown as Token['record']);
    this.app.setLogin(this.token, 'user');
    this.session = this.openSession();
  }

  openSession(): Session {
    return new Session(1, this.app, this.token, true);
  }

  /** Ends the session with its objects and begins another. */
  restart(): void {
    this.session.endAll();
    this.token.objects.dropSession(this.session);
    this.session = this.openSession();
  }

  /** One call. Errors that handlers throw are turned into their CK_RV, as the dispatcher does. */
  call<N extends Name>(name: N, args: Arguments<N>): Answer {
    const reply = new Reply(this.#area);
    const call: Call = {
      engine: this.#engine,
      app: this.app,
      fn: 0,
      reply,
      session: this.session,
      defer: (job, then) => {
        this.#parked = { job, then };
        return -1;
      },
      park: () => {
        throw new Error('nothing here waits for its turn');
      },
      audit: (type, objectId) => {
        this.audited.push({ mechanism: type, objectId });
      },
    };
    const handler = handlers[name] as (call: Call, args: Arguments<N>) => number;
    const rv = this.#finish(call, () => handler(call, args));
    const view = new DataView(this.#area.buffer, 0, 16);
    const first = Number(view.getBigUint64(0, true));
    const written = Math.min(first, Math.max(0, reply.length - 8));
    return {
      rv,
      first,
      second: Number(view.getBigUint64(8, true)),
      bytes: this.#area.slice(8, 8 + written),
      all: this.#area.slice(0, reply.length),
    };
  }

  #finish(call: Call, run: () => number): number {
    try {
      let rv = run();
      while (rv === -1) {
        const parked = this.#parked;
        if (parked === undefined) throw new Error('a call is parked without a job');
        this.#parked = undefined;
        while (enclave.jobTake() !== parked.job)
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
        call.reply.reset();
        this.beforeResult?.();
        rv = parked.then(call);
      }
      return rv;
    } catch (error) {
      if (error instanceof CryptokiError) return error.rv;
      throw error;
    }
  }

  /** A call that must succeed. */
  ok<N extends Name>(name: N, args: Arguments<N>): Answer {
    const answer = this.call(name, args);
    if (answer.rv !== CKR_OK) throw new Error(`${name} answered 0x${answer.rv.toString(16)}`);
    return answer;
  }

  /** The object of a handle. */
  object(handle: number): TokenObject {
    return this.token.objects.get(this.session, handle);
  }

  /** Makes an object of given components, as C_CreateObject does. Returns its handle. */
  create(values: Readonly<Record<number, number | boolean | Uint8Array>>): number {
    const entries = template(values);
    // The enclave wants all components in one buffer, as they lie in a request.
    const whole = new Uint8Array(entries.reduce((size, entry) => size + (entry.value?.length ?? 0), 0));
    let at = 0;
    const packed = entries.map((entry) => {
      const { value } = entry;
      if (value === null) return entry;
      whole.set(value.buffer, at);
      at += value.length;
      return { type: entry.type, value: { buffer: whole, offset: at - value.length, length: value.length } };
    });
    const { attributes, components, keyKind } = completeTemplate({
      session: this.session,
      origin: 'create',
      template: packed,
      implied: NOTHING_IMPLIED,
    });
    if (components === undefined || keyKind === undefined) throw new Error('not a key');
    const key = checked(enclave.keyImport(keyKind, components), 'test');
    return this.token.objects.add(this.session, attributes, key).handle;
  }
}
