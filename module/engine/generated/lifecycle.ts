/**
 * The states of a key's life, and what it may do in each. Generated from schema/lifecycle: change it there.
 */

/** What a key is used for, as a bit. */
export const LifeUse = {
  Sign: 0x1,
  Verify: 0x2,
  Encrypt: 0x4,
  Decrypt: 0x8,
  MAC: 0x10,
  Wrap: 0x20,
  Unwrap: 0x40,
  Derive: 0x80,
  Encapsulate: 0x100,
  Decapsulate: 0x200,
  Export: 0x400,
} as const;
export type LifeUse = (typeof LifeUse)[keyof typeof LifeUse];

/** The bits of what a key may do, by the number of its state. */
export const permitted: ReadonlyMap<number, number> = new Map([
  [1, 0x400],
  [2, 0x7ff],
  [3, 0x24a],
  [4, 0x64a],
  [5, 0xa],
  [6, 0x0],
]);

/** A way from one state to another. */
export interface Transition {
  readonly from: number;
  readonly to: number;
  /** Whether whoever may change the key may take it. */
  readonly user: boolean;
  readonly so: boolean;
  /** Whether it needs a reason. */
  readonly reason: boolean;
  /** Whether time alone takes it. */
  readonly time: boolean;
  /** Whether the user may not undo by it what the security officer did. */
  readonly undoes: boolean;
}

export const transitions: readonly Transition[] = [
  { from: 1, to: 2, user: true, so: true, reason: false, time: true, undoes: false },
  { from: 1, to: 5, user: true, so: true, reason: true, time: false, undoes: false },
  { from: 1, to: 4, user: false, so: false, reason: false, time: true, undoes: false },
  { from: 1, to: 6, user: true, so: false, reason: false, time: false, undoes: false },
  { from: 2, to: 3, user: true, so: true, reason: true, time: false, undoes: false },
  { from: 2, to: 4, user: true, so: true, reason: true, time: true, undoes: false },
  { from: 2, to: 5, user: true, so: true, reason: true, time: false, undoes: false },
  { from: 2, to: 6, user: true, so: false, reason: false, time: false, undoes: false },
  { from: 3, to: 2, user: true, so: true, reason: true, time: false, undoes: true },
  { from: 3, to: 4, user: true, so: true, reason: true, time: true, undoes: false },
  { from: 3, to: 5, user: true, so: true, reason: true, time: false, undoes: false },
  { from: 3, to: 6, user: true, so: false, reason: false, time: false, undoes: false },
  { from: 4, to: 5, user: true, so: true, reason: true, time: false, undoes: false },
  { from: 4, to: 6, user: true, so: false, reason: false, time: false, undoes: false },
  { from: 5, to: 6, user: true, so: false, reason: false, time: false, undoes: false },
];

export const stateNames: ReadonlyMap<number, string> = new Map([
  [1, 'pre-activation'],
  [2, 'active'],
  [3, 'suspended'],
  [4, 'deactivated'],
  [5, 'compromised'],
  [6, 'destroyed'],
]);
