/**
 * Handles that are an application's own.
 *
 * Where the engine serves several users, every application has its own names for all objects that it has come across, from numbers of its own:
 * what others make, and how much of it, shows in no handle. What follows is about the engine of one user.
 *
 * An application's handles to private objects die with its logout, for good (PKCS#11 3.2, 5.6.9, C_Logout). When the last user leaves, the
 * objects themselves go, and come back under other handles. While another application stays logged in they stay, with the handles that it
 * knows; so the application that left gets names of its own for them when it comes back.
 */

import type { Owner } from './host.ts';
import type { TokenObject } from './object.ts';

interface Names {
  readonly handles: WeakMap<TokenObject, number>;
  readonly objects: Map<number, TokenObject>;
  /** With so many of them those that are dead are looked for. */
  sweepAt: number;
}

const FIRST_SWEEP = 64;

function noNames(): Names {
  return { handles: new WeakMap(), objects: new Map(), sweepAt: FIRST_SWEEP };
}

/** The object of that name; one that is dead has none any more. */
function living(names: Names, handle: number): TokenObject | undefined {
  const object = names.objects.get(handle);
  if (object?.dead === true) names.objects.delete(handle);
  return object;
}

/** Forgets the objects that are dead: an application may make and destroy them without end. */
function sweep(names: Names): void {
  for (const [handle, object] of names.objects) if (object.dead) names.objects.delete(handle);
  names.sweepAt = Math.max(FIRST_SWEEP, 2 * names.objects.size);
}

export class PrivateHandles {
  readonly #next: () => number;
  #renamed = new WeakMap<Owner, Names>();
  /** Of applications that have a name for everything. */
  readonly #apart = new WeakMap<Owner, Names>();
  /** Whether any application has names of its own: most never do. */
  #any = false;

  /** @param next gives a handle that was never used */
  constructor(next: () => number) {
    this.#next = next;
  }

  /** The application has logged out, and others have not: what it knows by handle it knows no more. */
  retire(app: Owner): void {
    if (app.nextName !== undefined) {
      const names = this.#namesApart(app);
      for (const [handle, object] of names.objects)
        if (object.isPrivate && object.owner === undefined) {
          names.objects.delete(handle);
          names.handles.delete(object);
        }
      return;
    }
    this.#renamed.set(app, noNames());
    this.#any = true;
  }

  /** The last user has left, and the objects with it. */
  reset(): void {
    if (!this.#any) return;
    this.#renamed = new WeakMap();
    this.#any = false;
  }

  /** The handle that the application gets for the object. */
  handle(app: Owner, object: TokenObject): number {
    const names = this.#namesFor(app, object);
    if (names === undefined) return object.handle;
    let handle = names.handles.get(object);
    if (handle === undefined) {
      handle = app.nextName?.() ?? this.#next();
      names.handles.set(object, handle);
      names.objects.set(handle, object);
      if (names.objects.size >= names.sweepAt) sweep(names);
    }
    return handle;
  }

  /**
   * What the application means by a handle.
   * @param known the object whose first handle this is, if there is one
   */
  object(app: Owner, handle: number, known: TokenObject | undefined): TokenObject | undefined {
    if (app.nextName === undefined && !this.#any) return known;
    if (app.nextName !== undefined) return living(this.#namesApart(app), handle);
    if (known !== undefined) return this.#namesFor(app, known) === undefined ? known : undefined;
    const names = this.#renamed.get(app);
    return names === undefined ? undefined : living(names, handle);
  }

  #namesApart(app: Owner): Names {
    let names = this.#apart.get(app);
    if (names === undefined) {
      names = noNames();
      this.#apart.set(app, names);
    }
    return names;
  }

  #namesFor(app: Owner, object: TokenObject): Names | undefined {
    if (app.nextName !== undefined) return this.#namesApart(app);
    if (!this.#any || !object.isPrivate || object.owner !== undefined) return undefined;
    return this.#renamed.get(app);
  }
}
