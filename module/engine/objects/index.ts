/**
 * Finds objects by attribute in a time that does not grow with their number.
 *
 * For each indexed attribute of each object there is a posting in the list of that value (its term). A search takes the
 * shortest list that its template names and checks the rest of the template on each candidate. A term holds its value's
 * first bytes: short values are told apart by the term itself, so that whoever is in its list need not be asked again; of
 * long ones several with one hash can share a list, and every candidate is checked.
 *
 * Terms and postings are rows of Int32Arrays and not JavaScript objects: 50,000 objects cost some megabytes and no work for
 * the garbage collector. Among so many, time goes into memory that is in no cache, so what a search needs of a term is all
 * in one row, the first of its objects too. Lists keep the order in which objects came.
 *
 * The newest objects wait outside of the lists until a search comes or there are too many of them: a session key is mostly made, used by
 * its handle and destroyed before anybody searches.
 */

import { CKA_CERTIFICATE_TYPE, CKA_CLASS, CKA_KEY_TYPE, CKA_UNIQUE_ID } from '../generated/constants.ts';
import { OpenedRow } from '../store/rows.ts';
import type { Span, TemplateEntry } from '../values/arguments.ts';
import { AttributeSet } from './attribute-set.ts';
import { isIndexed } from './indexed.ts';
import { IndexedLives } from './lifecycle/indexed.ts';
import { isOfLife, type Life } from './lifecycle/life.ts';
import type { TokenObject } from './object.ts';
import { Slots, type Wake } from './slots.ts';
import { idOfUniqueId, UNIQUE_ID_DIGITS } from './unique-id.ts';
import { beginsWith, hashPair, hashValue, keep } from './value-hash.ts';

/** What a search brings: see query.ts. */
export interface Criteria {
  readonly entries: readonly TemplateEntry[];
  /** Hashes that a matching object must have among its own, from value-hash.ts. */
  readonly hashes: readonly number[];
  /** For each hash the number of the entry that it is of; {@link NO_ENTRY} for a pair's. */
  readonly hashed: readonly number[];
  /** @param settled the number of an entry that the object is known to match, or {@link NO_ENTRY} */
  matches(object: TokenObject, settled: number): boolean;
}

export const NO_ENTRY = -1;

/** Rows are known by the place of their first word in their table; this is no posting, and no slot. */
const NONE = -1;
/** The term of every object: a search without an indexed attribute walks it. */
const ALL = 0;
/** No term: the one of every object is in no bucket. A table that is new is full of these. */
const NO_TERM = 0;
/** In place of a type: the term of a pair, which has a hash and no value. */
const PAIR = -1;
const EMPTY = new Uint8Array(0);

// A term's row. CHAIN runs along a bucket of the hash table, and along the free terms. HEAD and TAIL are postings.
const HASH = 0;
const CHAIN = 1;
const HEAD = 2;
const TAIL = 3;
const COUNT = 4;
/** The slot of the first posting: of most terms it is the only one. */
const HEAD_SLOT = 5;
const TYPE = 6;
const LENGTH = 7;
/** The value's first bytes, the last word filled up with zeros. */
const VALUE = 8;
const TERM_WORDS = 16;
/** Values up to here stand in their term whole: labels and ids mostly do, and unique ids (32 hexadecimal digits). */
const KEPT_BYTES = (TERM_WORDS - VALUE) * 4;

// A posting's row. PREVIOUS and NEXT run along a term's list, SIBLING along an object's own postings; NEXT along the free ones.
const SLOT = 0;
const NEXT = 1;
const PREVIOUS = 2;
const TERM = 3;
const SIBLING = 4;
const POSTING_WORDS = 5;

/** So many objects wait for a search at the most, so that none has much to catch up on. */
const WAITING = 16;

function grown(table: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  return sized(table, table.length * 2);
}

function sized(table: Int32Array<ArrayBuffer>, words: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(words);
  larger.set(table);
  return larger;
}

/** Rows to make room for, for each object to come: objects with more of either are rare, and room that is not used costs no memory. */
const TERMS_EACH = 5;
const POSTINGS_EACH = 10;
/** Buckets are used all over, and do cost memory: enough for four values that no other object has. */
const BUCKETS_EACH = 8;

/** No object rests in the index of session objects. */
function nobodyRests(): never {
  throw new TypeError('no object was loaded');
}

export class ObjectIndex {
  readonly #objects: Slots;
  #dropped = false;
  readonly #freeSlots: number[] = [];
  #size = 0;
  readonly #lives = new IndexedLives();
  /** Objects that are in no list yet, in the order in which they came. Their slot is NONE. */
  readonly #waiting: TokenObject[] = [];
  /** By slot: the object's first posting. */
  #first = new Int32Array(8);

  #postings = new Int32Array(32 * POSTING_WORDS);
  #postingsEnd = 0;
  #freePosting = NONE;

  #terms = new Int32Array(16 * TERM_WORDS);
  #termsEnd = TERM_WORDS;
  #freeTerm = NO_TERM;
  #termCount = 0;
  #buckets = new Int32Array(32);

  /** @param wake makes objects of what {@link load} brought */
  constructor(wake: Wake = nobodyRests) {
    this.#objects = new Slots((bytes, at, handle) => {
      const object = wake(bytes, at, handle);
      object.index = this;
      return object;
    });
    this.#terms[ALL + HEAD] = NONE;
    this.#terms[ALL + TAIL] = NONE;
  }

  /** How many objects there are. */
  get size(): number {
    return this.#size + this.#waiting.length;
  }

  /** Every object but those that rest, in no particular order. */
  *made(): Generator<TokenObject> {
    yield* this.#objects.made();
    yield* this.#waiting;
  }

  /** The lives of its keys, of those that have one. */
  lives(): Iterable<Life> {
    return this.#lives.all(this.#waiting);
  }

  /** True when every object in it is dead. */
  get dropped(): boolean {
    return this.#dropped;
  }

  /** All its objects are dead from now on. Nothing is looked for in it any more. */
  drop(): void {
    this.#dropped = true;
  }

  /** Makes room for so many objects at once: to grow by and by among so many would take long each time. */
  reserve(count: number): void {
    this.#objects.reserve(count);
    this.#first = sized(this.#first, this.#first.length + count);
    this.#postings = sized(this.#postings, this.#postings.length + count * POSTINGS_EACH * POSTING_WORDS);
    this.#terms = sized(this.#terms, this.#terms.length + count * TERMS_EACH * TERM_WORDS);
    let times = 1;
    while (this.#buckets.length * times < count * BUCKETS_EACH) times *= 2;
    if (times > 1) this.#rehash(times);
  }

  /** An object from the store, which rests until somebody asks for it. @throws CryptokiError when its attributes are malformed */
  load(bytes: Uint8Array, at: number, handle: number): void {
    const attributes = AttributeSet.unpackAt(bytes, OpenedRow.attributesAt(at), OpenedRow.end(bytes, at));
    this.#enlist(this.#objects.rest(bytes, at, handle), attributes);
  }

  /** An object that came by {@link load}. */
  byHandle(handle: number): TokenObject | undefined {
    return this.#objects.byHandle(handle);
  }

  add(object: TokenObject): void {
    if (this.#waiting.length === WAITING) this.#enter(WAITING / 2);
    object.index = this;
    object.slot = NONE;
    this.#waiting.push(object);
  }

  /** Puts the first `count` of those that wait into the lists. */
  #enter(count: number): void {
    for (const object of this.#waiting.splice(0, count)) this.#list(object);
  }

  #list(object: TokenObject): void {
    object.slot = this.#objects.put(object, this.#freeSlots.pop());
    this.#enlist(object.slot, object.attributes);
  }

  #enlist(slot: number, attributes: AttributeSet): void {
    if (slot >= this.#first.length) this.#first = grown(this.#first);
    this.#first[slot] = NONE;
    this.#size++;
    this.#postAttributes(slot, attributes);
  }

  remove(object: TokenObject): void {
    const slot = object.slot;
    if (slot === NONE) {
      const place = this.#waiting.lastIndexOf(object);
      if (place === this.#waiting.length - 1) this.#waiting.pop();
      else if (place >= 0) this.#waiting.splice(place, 1);
      return;
    }
    this.#unpost(slot);
    this.#lives.delete(slot);
    this.#objects.put(undefined, slot);
    // What was loaded is in the order of its ids, and nothing else comes in between.
    if (slot >= this.#objects.rested) this.#freeSlots.push(slot);
    object.slot = NONE;
    this.#size--;
  }

  /** To be called after an object's attributes have been replaced. */
  update(object: TokenObject): void {
    const slot = object.slot;
    if (slot === NONE) return;
    this.#unpost(slot);
    this.#lives.delete(slot);
    this.#postAttributes(slot, object.attributes);
  }

  /** Appends all matching objects to `found`. */
  collect(criteria: Criteria, found: TokenObject[]): void {
    if (this.#waiting.length > 0) this.#enter(this.#waiting.length);
    const terms = this.#terms;
    let best = ALL;
    let bestCount = 0;
    let settled = NO_ENTRY;
    const { hashes, hashed, entries } = criteria;
    for (let i = 0; i < hashes.length; i++) {
      const number = hashed[i] as number;
      const entry = entries[number];
      const value = entry?.value;
      if (entry?.type === CKA_UNIQUE_ID && value && this.#collectLoaded(value, criteria, found)) return;
      const term = value
        ? this.#find(hashes[i] as number, entry.type, value.buffer, value.offset, value.length)
        : this.#find(hashes[i] as number, PAIR, EMPTY, 0, 0);
      if (term === NO_TERM) return;
      const count = terms[term + COUNT] as number;
      if (count < bestCount || best === ALL) {
        best = term;
        bestCount = count;
        settled = value && value.length <= KEPT_BYTES ? number : NO_ENTRY;
      }
    }
    if (best === ALL) this.#collectAllLoaded(criteria, found);
    if (terms[best + COUNT] === 0) return;
    let object = this.#objects.at(terms[best + HEAD_SLOT] as number) as TokenObject;
    if (criteria.matches(object, settled)) found.push(object);
    if (bestCount === 1) return;
    const postings = this.#postings;
    let posting = postings[(terms[best + HEAD] as number) + NEXT] as number;
    while (posting !== NONE) {
      object = this.#objects.at(postings[posting + SLOT] as number) as TokenObject;
      if (criteria.matches(object, settled)) found.push(object);
      posting = postings[posting + NEXT] as number;
    }
  }

  /** What was loaded is in no list of its unique id, but in the order of them. True when there is such an object. */
  #collectLoaded(uniqueId: Span, criteria: Criteria, found: TokenObject[]): boolean {
    if (this.#objects.rested === 0 || uniqueId.length !== UNIQUE_ID_DIGITS) return false;
    const { buffer, offset, length } = uniqueId;
    const object = this.#objects.byId(idOfUniqueId(buffer.subarray(offset, offset + length)));
    if (object === undefined) return false;
    // The digits that are asked for may be none: so they are compared like any other value.
    if (criteria.matches(object, NO_ENTRY)) found.push(object);
    return true;
  }

  /** What was loaded is not in the list of all. */
  #collectAllLoaded(criteria: Criteria, found: TokenObject[]): void {
    for (let slot = 0; slot < this.#objects.rested; slot++) {
      const object = this.#objects.at(slot);
      if (object !== undefined && criteria.matches(object, NO_ENTRY)) found.push(object);
    }
  }

  #postAttributes(slot: number, attributes: AttributeSet): void {
    const isLoaded = slot < this.#objects.rested;
    if (!isLoaded) this.#post(slot, ALL);
    const packed = attributes.buffer;
    const { count } = attributes;
    let classHash = 0;
    let hasLife = false;
    let start = attributes.startAt(0);
    for (let place = 0; place < count; place++) {
      const type = attributes.typeAt(place);
      const end = attributes.endAt(place);
      const length = end - start;
      const from = start;
      start = end;
      if (length !== 0 && isOfLife(type)) hasLife = true;
      if (!isIndexed(type, length) || (isLoaded && type === CKA_UNIQUE_ID)) continue;
      const hash = hashValue(type, packed, from, length);
      this.#post(slot, this.#termOf(hash, type, packed, from, length));
      // CKA_CLASS is the lowest type there is, so it has been seen when either of the others comes.
      if (type === CKA_CLASS) classHash = hash;
      else if (type === CKA_KEY_TYPE || type === CKA_CERTIFICATE_TYPE) {
        this.#post(slot, this.#termOf(hashPair(classHash, hash), PAIR, EMPTY, 0, 0));
      }
    }
    if (hasLife) this.#lives.set(slot, attributes);
  }

  /** Puts an object at the end of a term's list. */
  #post(slot: number, term: number): void {
    let posting = this.#freePosting;
    if (posting !== NONE) {
      this.#freePosting = this.#postings[posting + NEXT] as number;
    } else {
      posting = this.#postingsEnd;
      this.#postingsEnd += POSTING_WORDS;
      if (this.#postingsEnd > this.#postings.length) this.#postings = grown(this.#postings);
    }
    const postings = this.#postings;
    const terms = this.#terms;
    const tail = terms[term + TAIL] as number;
    postings[posting + SLOT] = slot;
    postings[posting + TERM] = term;
    postings[posting + PREVIOUS] = tail;
    postings[posting + NEXT] = NONE;
    postings[posting + SIBLING] = this.#first[slot] as number;
    this.#first[slot] = posting;
    if (tail === NONE) {
      terms[term + HEAD] = posting;
      terms[term + HEAD_SLOT] = slot;
    } else {
      postings[tail + NEXT] = posting;
    }
    terms[term + TAIL] = posting;
    terms[term + COUNT] = (terms[term + COUNT] as number) + 1;
  }

  /** Takes an object out of every list. */
  #unpost(slot: number): void {
    const postings = this.#postings;
    const terms = this.#terms;
    let posting = this.#first[slot] as number;
    while (posting !== NONE) {
      const term = postings[posting + TERM] as number;
      const previous = postings[posting + PREVIOUS] as number;
      const next = postings[posting + NEXT] as number;
      if (previous !== NONE) {
        postings[previous + NEXT] = next;
      } else {
        terms[term + HEAD] = next;
        if (next !== NONE) terms[term + HEAD_SLOT] = postings[next + SLOT] as number;
      }
      if (next === NONE) terms[term + TAIL] = previous;
      else postings[next + PREVIOUS] = previous;
      const count = (terms[term + COUNT] as number) - 1;
      terms[term + COUNT] = count;
      if (count === 0 && term !== ALL) this.#forget(term);
      postings[posting + NEXT] = this.#freePosting;
      this.#freePosting = posting;
      posting = postings[posting + SIBLING] as number;
    }
    this.#first[slot] = NONE;
  }

  #find(hash: number, type: number, buffer: Uint8Array, offset: number, length: number): number {
    const terms = this.#terms;
    let term = this.#buckets[hash & (this.#buckets.length - 1)] as number;
    while (term !== NO_TERM) {
      if (
        terms[term + HASH] === hash &&
        terms[term + TYPE] === type &&
        terms[term + LENGTH] === length &&
        beginsWith(terms, term + VALUE, KEPT_BYTES, buffer, offset, length)
      ) {
        break;
      }
      term = terms[term + CHAIN] as number;
    }
    return term;
  }

  /** The term of a value, made if it is new. */
  #termOf(hash: number, type: number, buffer: Uint8Array, offset: number, length: number): number {
    const known = this.#find(hash, type, buffer, offset, length);
    if (known !== NO_TERM) return known;
    if (this.#termCount * 2 >= this.#buckets.length) this.#rehash(2);
    let term = this.#freeTerm;
    if (term !== NO_TERM) {
      this.#freeTerm = this.#terms[term + CHAIN] as number;
    } else {
      term = this.#termsEnd;
      this.#termsEnd += TERM_WORDS;
      if (this.#termsEnd > this.#terms.length) this.#terms = grown(this.#terms);
    }
    const terms = this.#terms;
    const bucket = hash & (this.#buckets.length - 1);
    terms[term + HASH] = hash;
    terms[term + CHAIN] = this.#buckets[bucket] as number;
    terms[term + HEAD] = NONE;
    terms[term + TAIL] = NONE;
    terms[term + COUNT] = 0;
    terms[term + TYPE] = type;
    terms[term + LENGTH] = length;
    keep(terms, term + VALUE, KEPT_BYTES, buffer, offset, length);
    this.#buckets[bucket] = term;
    this.#termCount++;
    return term;
  }

  /** Takes a term that has no postings left out of the hash table. */
  #forget(term: number): void {
    const terms = this.#terms;
    const bucket = (terms[term + HASH] as number) & (this.#buckets.length - 1);
    let at = this.#buckets[bucket] as number;
    if (at === term) {
      this.#buckets[bucket] = terms[term + CHAIN] as number;
    } else {
      while (terms[at + CHAIN] !== term) at = terms[at + CHAIN] as number;
      terms[at + CHAIN] = terms[term + CHAIN] as number;
    }
    terms.fill(0, term + VALUE, term + TERM_WORDS);
    terms[term + CHAIN] = this.#freeTerm;
    this.#freeTerm = term;
    this.#termCount--;
  }

  /** The table is kept half empty at least: most searches find their term at the first look. */
  #rehash(times: number): void {
    const terms = this.#terms;
    const before = this.#buckets;
    const after = new Int32Array(before.length * times);
    for (const head of before) {
      let term = head;
      while (term !== NO_TERM) {
        const next = terms[term + CHAIN] as number;
        const bucket = (terms[term + HASH] as number) & (after.length - 1);
        terms[term + CHAIN] = after[bucket] as number;
        after[bucket] = term;
        term = next;
      }
    }
    this.#buckets = after;
  }
}
