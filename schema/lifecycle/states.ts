/**
 * The states of a key's life (NIST SP 800-57 part 1 rev. 5, section 7), and what a key may do in each. This table is the only place that
 * says so: the engine's form and the tables of docs/lifecycle.md are made from it.
 */

export const stateNames = [
  'pre-activation',
  'active',
  'suspended',
  'deactivated',
  'compromised',
  'destroyed',
] as const;
export type StateName = (typeof stateNames)[number];

export interface State {
  readonly name: StateName;
  /** The value of CKA_STRONGROOM_STATE. */
  readonly number: number;
  readonly constant: `CK_STRONGROOM_STATE_${string}`;
  /** For somebody who has never seen the word; goes on from “The key is NAME: ”. */
  readonly meaning: string;
}

/** The numbers are those of KeyState in `schema/proto/strongroom/v1/admin.proto`. */
export const states = [
  {
    name: 'pre-activation',
    number: 1,
    constant: 'CK_STRONGROOM_STATE_PRE_ACTIVATION',
    meaning: 'it has been made, and is not in use yet',
  },
  { name: 'active', number: 2, constant: 'CK_STRONGROOM_STATE_ACTIVE', meaning: 'it is in use' },
  {
    name: 'suspended',
    number: 3,
    constant: 'CK_STRONGROOM_STATE_SUSPENDED',
    meaning: 'somebody has stopped it for a while; it can come back',
  },
  {
    name: 'deactivated',
    number: 4,
    constant: 'CK_STRONGROOM_STATE_DEACTIVATED',
    meaning:
      'its time is over; it still serves to read and check what it protected, and never protects anything again',
  },
  {
    name: 'compromised',
    number: 5,
    constant: 'CK_STRONGROOM_STATE_COMPROMISED',
    meaning: 'others may know it; what it protects is protected no more',
  },
  {
    name: 'destroyed',
    number: 6,
    constant: 'CK_STRONGROOM_STATE_DESTROYED',
    meaning: 'it is gone; the audit log alone knows of it',
  },
] as const satisfies readonly State[];

export const operationNames = [
  'sign',
  'verify',
  'encrypt',
  'decrypt',
  'MAC',
  'wrap',
  'unwrap',
  'derive',
  'encapsulate',
  'decapsulate',
  'export',
] as const;
export type OperationName = (typeof operationNames)[number];

export interface Operation {
  readonly name: OperationName;
  readonly meaning: string;
}

export const operations = [
  { name: 'sign', meaning: 'Sign with a private key, with recovery or without.' },
  { name: 'verify', meaning: 'Check a signature or a MAC.' },
  { name: 'encrypt', meaning: 'Encrypt.' },
  { name: 'decrypt', meaning: 'Decrypt.' },
  { name: 'MAC', meaning: 'Make a MAC with a secret key.' },
  { name: 'wrap', meaning: 'Encrypt another key that leaves.' },
  { name: 'unwrap', meaning: 'Decrypt another key that comes in.' },
  { name: 'derive', meaning: 'Make another key from it, or agree on one; C_DigestKey too.' },
  { name: 'encapsulate', meaning: 'Make a shared key for whoever has the private half.' },
  { name: 'decapsulate', meaning: 'Get at a shared key that somebody made for this one.' },
  {
    name: 'export',
    meaning:
      'Leave the token: be wrapped by another key, or be read where its attributes let anybody read it.',
  },
] as const satisfies readonly Operation[];

export interface Row {
  readonly state: StateName;
  readonly may: readonly OperationName[];
  /** Why, by the text of SP 800-57 or our reading of it. */
  readonly because: string;
}

/** State × operation: what is not named is refused. */
export const table = [
  {
    state: 'pre-activation',
    may: ['export'],
    because:
      '7.1: a key neither protects nor processes anything before it is active; that it is handed out to those who will use it is part of the time before (8.1). ' +
      'The proof of possession that 7.1 allows cannot be told from any other signature, and is refused.',
  },
  { state: 'active', may: operationNames, because: '7.2: it protects and processes, as its attributes say.' },
  {
    state: 'suspended',
    may: ['verify', 'decrypt', 'unwrap', 'decapsulate'],
    because:
      '7.3: it protects nothing; what was protected before can be processed by whoever accepts the risk.',
  },
  {
    state: 'deactivated',
    may: ['verify', 'decrypt', 'unwrap', 'decapsulate', 'export'],
    because:
      '7.4: it protects nothing, and processes what it protected. It may go into an archive. What is derived anew would protect, so nothing is derived.',
  },
  {
    state: 'compromised',
    may: ['verify', 'decrypt'],
    because:
      '7.5: it protects nothing; checking and reading what is old is for those who know what happened. Keys that come in under it are known to others ' +
      'as well, and would begin as active ones: none comes in, and it does not spread.',
  },
  { state: 'destroyed', may: [], because: '7.6: there is no key any more.' },
] as const satisfies readonly Row[];

export type Who = 'user' | 'so';

export interface Transition {
  readonly from: StateName;
  readonly to: StateName;
  /** By whom: `user` is who may change the object, `so` the token's security officer. */
  readonly who: readonly Who[];
  /** Whether it needs a reason in words. */
  readonly reason: boolean;
  /** Whether it comes about by time alone, when a date is reached. */
  readonly time: boolean;
  /** Whether the user may not undo by it what the security officer did. */
  readonly undoes: boolean;
}

const both = ['user', 'so'] as const;

/** Every way from one state to another; there is no other. Whatever leads to `destroyed` is C_DestroyObject. */
export const transitions = [
  { from: 'pre-activation', to: 'active', who: both, reason: false, time: true, undoes: false },
  { from: 'pre-activation', to: 'compromised', who: both, reason: true, time: false, undoes: false },
  { from: 'pre-activation', to: 'deactivated', who: [], reason: false, time: true, undoes: false },
  { from: 'pre-activation', to: 'destroyed', who: ['user'], reason: false, time: false, undoes: false },
  { from: 'active', to: 'suspended', who: both, reason: true, time: false, undoes: false },
  { from: 'active', to: 'deactivated', who: both, reason: true, time: true, undoes: false },
  { from: 'active', to: 'compromised', who: both, reason: true, time: false, undoes: false },
  { from: 'active', to: 'destroyed', who: ['user'], reason: false, time: false, undoes: false },
  { from: 'suspended', to: 'active', who: both, reason: true, time: false, undoes: true },
  { from: 'suspended', to: 'deactivated', who: both, reason: true, time: true, undoes: false },
  { from: 'suspended', to: 'compromised', who: both, reason: true, time: false, undoes: false },
  { from: 'suspended', to: 'destroyed', who: ['user'], reason: false, time: false, undoes: false },
  { from: 'deactivated', to: 'compromised', who: both, reason: true, time: false, undoes: false },
  { from: 'deactivated', to: 'destroyed', who: ['user'], reason: false, time: false, undoes: false },
  { from: 'compromised', to: 'destroyed', who: ['user'], reason: false, time: false, undoes: false },
] as const satisfies readonly Transition[];
