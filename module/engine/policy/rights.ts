/**
 * What an application may do, as the door asks it. An engine of one user asks nobody: there everything goes (`everything`). strongroomd reads it
 * from its policy (rules/), by who the application is.
 */
import type { Principal } from '../../lane/principal.ts';

/**
 * Who the kernel says is at the other end of the socket; where `remote` is set, that is the network door, and what counts is for whom it asks: then
 * uid, gid and groups are the door's, and say nothing about him.
 */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups. */
  readonly groups: readonly number[];
  /** Path of the executable as /proc gave it at connect, or empty: a hint for the log, which its owner can choose. */
  readonly executable: string;
  readonly remote?: Principal | undefined;
}

/** By what a client on another machine is called, and under which name his limits count. */
export function nameOf({ names, fingerprint }: Principal): string {
  return names[0] ?? fingerprint;
}

/** A token as rules name it. */
export interface NamedToken {
  readonly label: string;
  readonly serial: string;
}

/** An object as rules name it. */
export interface NamedObject {
  readonly label: string;
  /** CKA_ID, in lower-case hex. */
  readonly id: string;
  /** CKA_STRONGROOM_TAG, or empty. */
  readonly tag: string;
  /** Whether it is a session object. */
  readonly session: boolean;
}

/** Stands for a function that takes no mechanism, and for "with whichever". */
export const ANY_MECHANISM = -1;

/** What an identity may do with one object. Functions are named by their numbers in the call table, mechanisms by their CKM_ numbers. */
export interface ObjectRights {
  /** Whether it may know of the object: what it may not use for anything is not there for it. */
  readonly visible: boolean;
  /** Whether there is any use of it that needs no C_Login of it, while the token is unlocked. */
  readonly pinless: boolean;
  mayUse(fn: number, mechanism: number): boolean;
  /** Whether a private object needs no C_Login of it for this use, while the token is unlocked. */
  mayUsePinless(fn: number, mechanism: number): boolean;
}

/** What an identity may do on one token. */
export interface TokenRights {
  /** Whether anything is kept from it at all: where not, nobody needs to ask. */
  readonly limited: boolean;
  /** Whether the token's slot is there for it. */
  readonly visible: boolean;
  /** Whether it may log in as the user, and as the security officer. */
  readonly user: boolean;
  readonly so: boolean;
  /** Whether there are private objects that it may use without a C_Login, while the token is unlocked. */
  readonly pinless: boolean;
  /** Whether there is anything that it may call this function for. */
  mayCall(fn: number): boolean;
  /** Whether there is any object, or data, that it may use in this function with the mechanism. */
  mayUseMechanism(fn: number, mechanism: number): boolean;
  /** Whether there is a function that it may use the mechanism in. */
  knowsMechanism(mechanism: number): boolean;
  /**
   * What it may do with an object.
   * @param attributes stands for the object as long as its name does not change: the answer is kept with it
   */
  over(attributes: object, named: () => NamedObject): ObjectRights;
}

/** What an identity may do. */
export interface Rights {
  /** Whether anything is kept from it at all. */
  readonly limited: boolean;
  /** Whether it is let in at all. */
  readonly enter: boolean;
  /** Whether it may look after the engine: its state, its end, its settings, unlocking. */
  readonly operator: boolean;
  /** Whether it may read the audit log. */
  readonly auditor: boolean;
  /** Whether it may read the figures. */
  readonly metrics: boolean;
  /** Whether it may make new tokens of some label. */
  readonly newTokens: boolean;
  /** Whether it may make a token of that label. */
  mayMakeToken(label: string): boolean;
  /** Whether it may make one more call now; takes it from what its rate leaves. */
  admits(): boolean;
  /** @param token itself stands for the token: the answer is kept with it */
  on(token: NamedToken): TokenRights;
}

const allOfObject: ObjectRights = {
  visible: true,
  pinless: false,
  mayUse: () => true,
  mayUsePinless: () => false,
};

/** Those of whoever owns the engine, on each token. */
export const allOfToken: TokenRights = {
  limited: false,
  visible: true,
  user: true,
  so: true,
  pinless: false,
  mayCall: () => true,
  mayUseMechanism: () => true,
  knowsMechanism: () => true,
  over: () => allOfObject,
};

/** Those of whoever owns the engine. */
export const everything: Rights = {
  limited: false,
  enter: true,
  operator: true,
  auditor: true,
  metrics: true,
  newTokens: true,
  mayMakeToken: () => true,
  admits: () => true,
  on: () => allOfToken,
};
