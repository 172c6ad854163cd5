/**
 * What an application may do, as the door asks it. An engine of one user asks nobody: there everything goes (`everything`). strongroomd reads it
 * from its policy, by who the application is.
 */

/** Who the kernel says is at the other end of the socket. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups. */
  readonly groups: readonly number[];
  /** Path of the executable as /proc gave it at connect, or empty: a hint for the log, which its owner can choose. */
  readonly executable: string;
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
}

/** What an identity may do on one token. */
export interface TokenRights {
  /** Whether the token's slot is there for it at all. */
  readonly visible: boolean;
  /** Whether it may log in as the user, and as the security officer. */
  readonly user: boolean;
  readonly so: boolean;
  /** Whether private keys that it may use need no C_Login of it, while the token is unlocked. */
  readonly pinless: boolean;
  /** Whether there is anything that it may call this function for (its number in the call table). */
  mayCall(fn: number): boolean;
  /** Whether there is any object that it may use in this function with the mechanism (its CKM_ number). */
  mayUseMechanism(fn: number, mechanism: number): boolean;
  /** Whether it may know of the object: what it may not use for anything it does not see. */
  maySee(object: NamedObject): boolean;
  /** Whether it may use the object in this function; `mechanism` -1 where there is none. */
  mayUse(fn: number, mechanism: number, object: NamedObject): boolean;
}

/** What an identity may do. */
export interface Rights {
  /** Whether it is let in at all. */
  readonly enter: boolean;
  /** Whether it may look after the engine: its state, its end, its settings, unlocking. */
  readonly operator: boolean;
  /** Whether it may read the audit log. */
  readonly auditor: boolean;
  /** Whether it may read the figures. */
  readonly metrics: boolean;
  /** Whether it may make new tokens. */
  readonly newTokens: boolean;
  /** How many calls a second it may make in the long run; infinite without a limit. */
  readonly rate: number;
  on(token: NamedToken): TokenRights;
}

const allOfToken: TokenRights = {
  visible: true,
  user: true,
  so: true,
  pinless: false,
  mayCall: () => true,
  mayUseMechanism: () => true,
  maySee: () => true,
  mayUse: () => true,
};

/** Those of whoever owns the engine. */
export const everything: Rights = {
  enter: true,
  operator: true,
  auditor: true,
  metrics: true,
  newTokens: true,
  rate: Number.POSITIVE_INFINITY,
  on: () => allOfToken,
};

const nothingOfToken: TokenRights = {
  visible: false,
  user: false,
  so: false,
  pinless: false,
  mayCall: () => false,
  mayUseMechanism: () => false,
  maySee: () => false,
  mayUse: () => false,
};

/** Those of whom no rule names. */
export const nothing: Rights = {
  enter: false,
  operator: false,
  auditor: false,
  metrics: false,
  newTokens: false,
  rate: 0,
  on: () => nothingOfToken,
};
