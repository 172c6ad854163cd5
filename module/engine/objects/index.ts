/**
 * Finds objects by attribute in a time that does not grow with their number.
 *
 * For each indexed attribute of each object there is a posting in the list of that value's hash (its term). A search takes
 * the shortest list that its template names and checks the rest of the template on each candidate, so hashes may collide.
 * Terms and postings are rows of Int32Arrays and not JavaScript objects: 50,000 objects cost some megabytes and
 * no work for the garbage collector. Lists keep the order in which objects came.
 */
import { randomFillSync } from 'node:crypto';
import {
  CKA_AC_ISSUER,
  CKA_APPLICATION,
  CKA_CERTIFICATE_TYPE,
  CKA_CHECK_VALUE,
  CKA_CLASS,
  CKA_EC_POINT,
  CKA_HASH_OF_ISSUER_PUBLIC_KEY,
  CKA_HASH_OF_SUBJECT_PUBLIC_KEY,
  CKA_ID,
  CKA_ISSUER,
  CKA_KEY_TYPE,
  CKA_LABEL,
  CKA_MODULUS,
  CKA_OBJECT_ID,
  CKA_OWNER,
  CKA_PUBLIC_KEY_INFO,
  CKA_SERIAL_NUMBER,
  CKA_SUBJECT,
  CKA_UNIQUE_ID,
  CKA_VALUE,
} from '../generated/constants.ts';
import type { AttributeSet } from './attribute-set.ts';
import type { TokenObject } from './object.ts';

/** Attributes whose values are indexed. Empty values are not: they select nothing, and most objects have several. */
const INDEXED_TYPES = [
  CKA_CLASS,
  CKA_LABEL,
  CKA_ID,
  CKA_UNIQUE_ID,
  CKA_KEY_TYPE,
  CKA_CERTIFICATE_TYPE,
  CKA_SUBJECT,
  CKA_ISSUER,
  CKA_SERIAL_NUMBER,
  CKA_MODULUS,
  CKA_EC_POINT,
  CKA_PUBLIC_KEY_INFO,
  CKA_VALUE,
  CKA_APPLICATION,
  CKA_OBJECT_ID,
  CKA_CHECK_VALUE,
  CKA_OWNER,
  CKA_AC_ISSUER,
  CKA_HASH_OF_SUBJECT_PUBLIC_KEY,
  CKA_HASH_OF_ISSUER_PUBLIC_KEY,
];
/** By type, 1 when indexed: a look here is cheaper than a comparison with each, above all before the code is compiled. */
const INDEXED = new Uint8Array(Math.max(...INDEXED_TYPES) + 1);
for (const type of INDEXED_TYPES) INDEXED[type] = 1;

/** True when objects can be found by this value of this attribute. */
export function isIndexed(type: number, length: number): boolean {
  return length !== 0 && INDEXED[type] === 1;
}

/** Long values are told apart by their ends and length; a modulus or certificate has its entropy in both. */
const HEAD_BYTES = 32;
const TAIL_BYTES = 32;

/** Unpredictable, so that nobody can choose values that all fall in one list. */
const SEED = randomFillSync(new Int32Array(1))[0] as number;

/** 32-bit hash of an attribute and its value. */
export function hashValue(type: number, buffer: Uint8Array, offset: number, length: number): number {
  const start = SEED ^ Math.imul(type + 1, 0x9e3779b1) ^ Math.imul(length, 0x85ebca6b);
  const end = offset + length;
  const hash =
    length <= HEAD_BYTES + TAIL_BYTES
      ? mix(start, buffer, offset, end)
      : mix(mix(start, buffer, offset, offset + HEAD_BYTES), buffer, end - TAIL_BYTES, end);
  return hash ^ (hash >>> 13);
}

/** Takes bytes into a hash, four at a time. */
function mix(from: number, buffer: Uint8Array, start: number, end: number): number {
  let hash = from;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const word =
      (buffer[at] as number) |
      ((buffer[at + 1] as number) << 8) |
      ((buffer[at + 2] as number) << 16) |
      ((buffer[at + 3] as number) << 24);
    hash = Math.imul(hash ^ word, 0x2c1b3c6d);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ (buffer[at] as number), 0x01000193);
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
}

/** The hash of a class and a key or certificate type together: both alone leave long lists. */
export function hashPair(classHash: number, typeHash: number): number {
  const hash = Math.imul(classHash ^ Math.imul(typeHash, 0x9e3779b1), 0x2c1b3c6d);
  return hash ^ (hash >>> 15);
}

/** What a search brings: see query.ts. */
export interface Criteria {
  /** Hashes that a matching object must have among its own, from {@link hashValue} and {@link hashPair}. */
  readonly hashes: readonly number[];
  matches(object: TokenObject): boolean;
}

const NONE = -1;
/** The term of every object: a search without an indexed attribute walks it. */
const ALL = 0;

function grown(column: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(column.length * 2);
  larger.set(column);
  return larger;
}

export class ObjectIndex {
  readonly #objects: (TokenObject | undefined)[] = [];
  readonly #freeSlots: number[] = [];
  #size = 0;
  /** By slot: the object's first posting. */
  #first = new Int32Array(8);

  // Postings. Previous and next run along a term's list, sibling along an object's own postings.
  #postSlot = new Int32Array(32);
  #postTerm = new Int32Array(32);
  #postPrevious = new Int32Array(32);
  #postNext = new Int32Array(32);
  #postSibling = new Int32Array(32);
  #postUsed = 0;
  #postFree = NONE;

  // Terms. Chain runs along a bucket of the hash table, and along the free terms.
  #termHash = new Int32Array(16);
  #termChain = new Int32Array(16);
  #termHead = new Int32Array(16);
  #termTail = new Int32Array(16);
  #termCount = new Int32Array(16);
  #termUsed = 1;
  #termFree = NONE;
  #terms = 0;
  #buckets = new Int32Array(16).fill(NONE);

  constructor() {
    this.#termHead[ALL] = NONE;
    this.#termTail[ALL] = NONE;
  }

  /** How many objects there are. */
  get size(): number {
    return this.#size;
  }

  /** Every object, in no particular order. The index must not be changed meanwhile. */
  forEach(visit: (object: TokenObject) => void): void {
    for (const object of this.#objects) if (object !== undefined) visit(object);
  }

  add(object: TokenObject): void {
    const slot = this.#freeSlots.pop() ?? this.#objects.length;
    if (slot >= this.#first.length) this.#first = grown(this.#first);
    this.#objects[slot] = object;
    this.#first[slot] = NONE;
    object.slot = slot;
    this.#size++;
    this.#post(slot, ALL);
    this.#postAttributes(slot, object.attributes);
  }

  remove(object: TokenObject): void {
    const slot = object.slot;
    this.#unpost(slot);
    this.#objects[slot] = undefined;
    this.#freeSlots.push(slot);
    object.slot = NONE;
    this.#size--;
  }

  /** To be called after an object's attributes have been replaced. */
  update(object: TokenObject): void {
    const slot = object.slot;
    this.#unpost(slot);
    this.#post(slot, ALL);
    this.#postAttributes(slot, object.attributes);
  }

  /** Appends the handles of all matching objects to `handles`. */
  collect(criteria: Criteria, handles: number[]): void {
    let best = ALL;
    let bestCount = this.#termCount[ALL] as number;
    if (bestCount === 0) return;
    const hashes = criteria.hashes;
    for (let i = 0; i < hashes.length; i++) {
      const term = this.#find(hashes[i] as number);
      if (term === NONE) return;
      const count = this.#termCount[term] as number;
      if (count < bestCount) {
        best = term;
        bestCount = count;
      }
    }
    for (let post = this.#termHead[best] as number; post !== NONE; post = this.#postNext[post] as number) {
      const object = this.#objects[this.#postSlot[post] as number] as TokenObject;
      if (criteria.matches(object)) handles.push(object.handle);
    }
  }

  #postAttributes(slot: number, attributes: AttributeSet): void {
    const packed = attributes.packed;
    const { count } = attributes;
    let classHash = 0;
    let start = attributes.startAt(0);
    for (let place = 0; place < count; place++) {
      const type = attributes.typeAt(place);
      const end = attributes.endAt(place);
      const length = end - start;
      const from = start;
      start = end;
      if (!isIndexed(type, length)) continue;
      const hash = hashValue(type, packed, from, length);
      this.#post(slot, this.#termOf(hash));
      // CKA_CLASS is the lowest type there is, so it has been seen when either of the others comes.
      if (type === CKA_CLASS) classHash = hash;
      else if (type === CKA_KEY_TYPE || type === CKA_CERTIFICATE_TYPE) {
        this.#post(slot, this.#termOf(hashPair(classHash, hash)));
      }
    }
  }

  /** Puts an object at the end of a term's list. */
  #post(slot: number, term: number): void {
    let post = this.#postFree;
    if (post !== NONE) {
      this.#postFree = this.#postNext[post] as number;
    } else {
      post = this.#postUsed++;
      if (post >= this.#postSlot.length) {
        this.#postSlot = grown(this.#postSlot);
        this.#postTerm = grown(this.#postTerm);
        this.#postPrevious = grown(this.#postPrevious);
        this.#postNext = grown(this.#postNext);
        this.#postSibling = grown(this.#postSibling);
      }
    }
    const tail = this.#termTail[term] as number;
    this.#postSlot[post] = slot;
    this.#postTerm[post] = term;
    this.#postPrevious[post] = tail;
    this.#postNext[post] = NONE;
    this.#postSibling[post] = this.#first[slot] as number;
    this.#first[slot] = post;
    if (tail === NONE) this.#termHead[term] = post;
    else this.#postNext[tail] = post;
    this.#termTail[term] = post;
    this.#termCount[term] = (this.#termCount[term] as number) + 1;
  }

  /** Takes an object out of every list. */
  #unpost(slot: number): void {
    let post = this.#first[slot] as number;
    while (post !== NONE) {
      const term = this.#postTerm[post] as number;
      const previous = this.#postPrevious[post] as number;
      const next = this.#postNext[post] as number;
      if (previous === NONE) this.#termHead[term] = next;
      else this.#postNext[previous] = next;
      if (next === NONE) this.#termTail[term] = previous;
      else this.#postPrevious[next] = previous;
      const count = (this.#termCount[term] as number) - 1;
      this.#termCount[term] = count;
      if (count === 0 && term !== ALL) this.#forget(term);
      this.#postNext[post] = this.#postFree;
      this.#postFree = post;
      post = this.#postSibling[post] as number;
    }
    this.#first[slot] = NONE;
  }

  #find(hash: number): number {
    let term = this.#buckets[hash & (this.#buckets.length - 1)] as number;
    while (term !== NONE && this.#termHash[term] !== hash) term = this.#termChain[term] as number;
    return term;
  }

  /** The term of a hash, made if it is new. */
  #termOf(hash: number): number {
    const known = this.#find(hash);
    if (known !== NONE) return known;
    if (this.#terms >= this.#buckets.length) this.#rehash();
    let term = this.#termFree;
    if (term !== NONE) {
      this.#termFree = this.#termChain[term] as number;
    } else {
      term = this.#termUsed++;
      if (term >= this.#termHash.length) {
        this.#termHash = grown(this.#termHash);
        this.#termChain = grown(this.#termChain);
        this.#termHead = grown(this.#termHead);
        this.#termTail = grown(this.#termTail);
        this.#termCount = grown(this.#termCount);
      }
    }
    const bucket = hash & (this.#buckets.length - 1);
    this.#termHash[term] = hash;
    this.#termHead[term] = NONE;
    this.#termTail[term] = NONE;
    this.#termCount[term] = 0;
    this.#termChain[term] = this.#buckets[bucket] as number;
    this.#buckets[bucket] = term;
    this.#terms++;
    return term;
  }

  /** Takes a term that has no postings left out of the hash table. */
  #forget(term: number): void {
    const bucket = (this.#termHash[term] as number) & (this.#buckets.length - 1);
    let at = this.#buckets[bucket] as number;
    if (at === term) {
      this.#buckets[bucket] = this.#termChain[term] as number;
    } else {
      while (this.#termChain[at] !== term) at = this.#termChain[at] as number;
      this.#termChain[at] = this.#termChain[term] as number;
    }
    this.#termChain[term] = this.#termFree;
    this.#termFree = term;
    this.#terms--;
  }

  #rehash(): void {
    const before = this.#buckets;
    const after = new Int32Array(before.length * 2).fill(NONE);
    for (const head of before) {
      let term = head;
      while (term !== NONE) {
        const next = this.#termChain[term] as number;
        const bucket = (this.#termHash[term] as number) & (after.length - 1);
        this.#termChain[term] = after[bucket] as number;
        after[bucket] = term;
        term = next;
      }
    }
    this.#buckets = after;
  }
}
