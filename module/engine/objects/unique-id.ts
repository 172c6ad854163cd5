/** The 16 random bytes that name an object for good, and their form as CKA_UNIQUE_ID: 32 lower-case hex digits. */
import { randomFillSync } from 'node:crypto';

const ID_BYTES = 16;
const POOL_BYTES = 4096;
const pool = new Uint8Array(POOL_BYTES);
let used = POOL_BYTES;

/** A fresh id. Not a secret: it names, and protects nothing. */
export function newObjectId(): Uint8Array {
  if (used === POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const id = pool.slice(used, used + ID_BYTES);
  used += ID_BYTES;
  return id;
}

/** How long a CKA_UNIQUE_ID is. */
export const UNIQUE_ID_DIGITS = 2 * ID_BYTES;

/** CKA_UNIQUE_ID's value for an id. */
export function uniqueIdValue(id: Uint8Array): Uint8Array {
  const text = new Uint8Array(id.length * 2);
  writeUniqueId(id, text, 0);
  return text;
}

/** Writes CKA_UNIQUE_ID's value for an id into `out`. */
export function writeUniqueId(id: Uint8Array, out: Uint8Array, at: number): void {
  for (let i = 0; i < id.length; i++) {
    const byte = id[i] as number;
    out[at + 2 * i] = digit(byte >> 4);
    out[at + 2 * i + 1] = digit(byte & 15);
  }
}

function digit(value: number): number {
  return value < 10 ? 0x30 + value : 0x57 + value;
}

/** The id of a CKA_UNIQUE_ID value that {@link uniqueIdValue} made. */
export function idOfUniqueId(text: Uint8Array): Uint8Array {
  const id = new Uint8Array(text.length >> 1);
  for (let i = 0; i < id.length; i++) {
    id[i] = (valueOfDigit(text[2 * i] as number) << 4) | valueOfDigit(text[2 * i + 1] as number);
  }
  return id;
}

function valueOfDigit(digit: number): number {
  return digit < 0x3a ? digit - 0x30 : digit - 0x57;
}
