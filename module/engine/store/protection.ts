/**
 * What a token's manifest says of the ways in: attempts that were counted, and what protects them. It is kept with the token: a
 * configuration can ask for more, and never for less.
 */
import type { Packer, Unpacker } from './packing.ts';

/** Kinds of keyslot. The PINs have their CK_USER_TYPE; the recovery words are no user of PKCS#11's, and let both in. */
export const KeyslotKind = { So: 0, User: 1, Recovery: 2 } as const;
export type KeyslotKind = (typeof KeyslotKind)[keyof typeof KeyslotKind];

export const keyslotKinds = [KeyslotKind.So, KeyslotKind.User, KeyslotKind.Recovery] as const;

/** One of each kind, at {@link KeyslotKind}'s index. */
export type ByKind<T> = [so: T, user: T, recovery: T];

export function byKind<T>(make: (kind: KeyslotKind) => T): ByKind<T> {
  return [make(KeyslotKind.So), make(KeyslotKind.User), make(KeyslotKind.Recovery)];
}

/** What Argon2id takes. */
export interface Argon2Cost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** What one guess at a PIN takes, by the KDF (0: not used). */
export interface KdfCost {
  /** Of PBKDF2. */
  readonly iterations: number;
  readonly argon2: Argon2Cost;
}

export const noCost: KdfCost = { iterations: 0, argon2: { memoryKib: 0, passes: 0, lanes: 0 } };

/** The greater of each. */
export function mostOf(a: KdfCost, b: KdfCost): KdfCost {
  return {
    iterations: Math.max(a.iterations, b.iterations),
    argon2: {
      memoryKib: Math.max(a.argon2.memoryKib, b.argon2.memoryKib),
      passes: Math.max(a.argon2.passes, b.argon2.passes),
      lanes: Math.max(a.argon2.lanes, b.argon2.lanes),
    },
  };
}

/** Whether `a` is less than `b` asks for. Argon2id outranks any number of iterations; within a KDF each parameter counts. */
export function costsLess(a: KdfCost, b: KdfCost): boolean {
  if (b.argon2.memoryKib === 0) return a.argon2.memoryKib === 0 && a.iterations < b.iterations;
  return (
    a.argon2.memoryKib < b.argon2.memoryKib ||
    a.argon2.passes < b.argon2.passes ||
    a.argon2.lanes < b.argon2.lanes
  );
}

/** What protects a token's ways in (0: nothing was asked for yet). */
export interface Protection {
  /** Fewest attempts that a configuration has allowed. */
  maxAttempts: ByKind<number>;
  /** Whether the way was used up; only a new PIN, or new words, change that. */
  locked: ByKind<boolean>;
  /** The most of each that a PIN was set with. */
  cost: KdfCost;
}

export function noProtection(): Protection {
  return {
    maxAttempts: byKind(() => 0),
    locked: byKind(() => false),
    cost: noCost,
  };
}

export function copyProtection(from: Protection): Protection {
  return {
    ...from,
    maxAttempts: [...from.maxAttempts],
    locked: [...from.locked],
  };
}

/** What a manifest keeps of attempts. */
export interface Counted {
  /** Attempts counted since the last success. */
  failures: ByKind<number>;
  protection: Protection;
}

/** The last part of a manifest. What is added comes at its end. */
export function packAttempts(packer: Packer, { failures, protection }: Counted): Packer {
  packer.u8(keyslotKinds.length);
  for (const kind of keyslotKinds)
    packer
      .u32(failures[kind])
      .u32(protection.maxAttempts[kind])
      .u8(protection.locked[kind] ? 1 : 0);
  const { iterations, argon2 } = protection.cost;
  return packer.u32(iterations).u32(argon2.memoryKib).u32(argon2.passes).u32(argon2.lanes);
}

export function unpackAttempts(from: Unpacker): Counted {
  const counted: Counted = { failures: byKind(() => 0), protection: noProtection() };
  const kinds = from.u8();
  for (const kind of keyslotKinds.slice(0, kinds)) {
    counted.failures[kind] = from.u32();
    counted.protection.maxAttempts[kind] = from.u32();
    counted.protection.locked[kind] = from.u8() === 1;
  }
  counted.protection.cost = {
    iterations: from.u32(),
    argon2: { memoryKib: from.u32(), passes: from.u32(), lanes: from.u32() },
  };
  return counted;
}

/** As it was when there were PINs alone, and before anything protected them. */
export function unpackTwoKinds(from: Unpacker, protects: boolean): Counted {
  const counted: Counted = { failures: [from.u32(), from.u32(), 0], protection: noProtection() };
  if (!protects) return counted;
  counted.protection.maxAttempts = [from.u32(), from.u32(), 0];
  const locked = from.u8();
  counted.protection.locked = byKind((kind) => (locked & (1 << kind)) !== 0);
  counted.protection.cost = { ...noCost, iterations: from.u32() };
  return counted;
}
