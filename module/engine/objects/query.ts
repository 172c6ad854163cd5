/**
 * A search template made ready for the index (PKCS#11 3.2, C_FindObjectsInit): a match is byte for byte and in all attributes.
 * What can never match (an unknown attribute, a value of the wrong size) finds nothing and is no error.
 */
import type { Enclave } from '../../enclave/enclave.ts';
import { attributeType } from '../generated/attributes.ts';
import {
  CKA_CERTIFICATE_TYPE,
  CKA_CLASS,
  CKA_KEY_TYPE,
  CKA_VALUE,
  CKA_VENDOR_DEFINED,
  CKO_CERTIFICATE,
  CKO_DATA,
} from '../generated/constants.ts';
import type { Span, TemplateEntry } from '../values/arguments.ts';
import { AttributeSet, readUlong } from './attribute-set.ts';
import { type Criteria, NO_ENTRY } from './index.ts';
import { isIndexed } from './indexed.ts';
import { componentEquals, sameBytes } from './key-material.ts';
import { lifeAnswer } from './lifecycle/answers.ts';
import type { TokenObject } from './object.ts';
import type { Counting } from './uses/counting.ts';
import { tellsOfUses } from './uses/key-uses.ts';
import { hashPair, hashValue } from './value-hash.ts';

const EMPTY = new Uint8Array(0);
/** In place of a place among the attributes. */
const ELSEWHERE = -1;
/** Templates up to here are taken as they come; of longer ones what repeats is dropped, or they could keep everybody waiting. */
const SHORT = 8;

export class Query implements Criteria {
  readonly entries: readonly TemplateEntry[];
  readonly hashes: number[] = [];
  readonly hashed: number[] = [];
  readonly #enclave: Enclave;
  readonly #counting: Pick<Counting, 'answer'>;
  /** How many hashes are of something else than CKA_VALUE. */
  readonly #withoutValue: number;

  /** @param entries valid as long as the request is: a query lives for one C_FindObjectsInit */
  constructor(entries: readonly TemplateEntry[], enclave: Enclave, counting: Pick<Counting, 'answer'>) {
    this.entries = entries.length <= SHORT ? entries : withoutRepeats(entries);
    this.#enclave = enclave;
    this.#counting = counting;
    let classHash = 0;
    let typeHash = 0;
    let ordinaryValue = false;
    for (let i = 0; i < this.entries.length; i++) {
      const entry = this.entries[i] as TemplateEntry;
      const span = entry.value;
      const buffer = span === null ? EMPTY : span.buffer;
      const offset = span === null ? 0 : span.offset;
      const length = span === null ? 0 : span.length;
      // A key's CKA_VALUE is not among its attributes but in the enclave, where no index reaches.
      if (entry.type === CKA_VALUE || !isIndexed(entry.type, length)) continue;
      const hash = hashValue(entry.type, buffer, offset, length);
      this.hashes.push(hash);
      this.hashed.push(i);
      if (entry.type === CKA_CLASS) {
        classHash = hash;
        const value = length === 8 ? readUlong(buffer, offset) : -1;
        ordinaryValue = value === CKO_DATA || value === CKO_CERTIFICATE;
      } else if (entry.type === CKA_KEY_TYPE || entry.type === CKA_CERTIFICATE_TYPE) {
        typeHash = hash;
      }
    }
    if (classHash !== 0 && typeHash !== 0) {
      this.hashes.push(hashPair(classHash, typeHash));
      this.hashed.push(NO_ENTRY);
    }
    this.#withoutValue = this.hashes.length;
    if (ordinaryValue) this.#useValue();
  }

  /** Among objects whose values may lie in the enclave no index knows them: from here on the search goes by the others. */
  leaveValueOut(): void {
    this.hashes.length = this.#withoutValue;
    this.hashed.length = this.#withoutValue;
  }

  #useValue(): void {
    for (const [i, { type, value: span }] of this.entries.entries()) {
      if (type === CKA_VALUE && span !== null && span.length !== 0) {
        this.hashes.push(hashValue(CKA_VALUE, span.buffer, span.offset, span.length));
        this.hashed.push(i);
      }
    }
  }

  matches(object: TokenObject, settled: number): boolean {
    const entries = this.entries;
    if (object.dead) return false;
    let elsewhere = false;
    for (let i = 0; i < entries.length; i++) {
      // What is settled is not read: among many objects their attributes are in no cache.
      if (i === settled) continue;
      const attributes = object.attributes;
      const packed = attributes.buffer;
      const entry = entries[i] as TemplateEntry;
      const place = tellsOfUses(entry.type) ? ELSEWHERE : attributes.locate(entry.type);
      const span = entry.value;
      if (place < 0) {
        // It is not stored, or not as it is told. The object's value may have to be opened: only if all the rest matches.
        if (span === null) return false;
        elsewhere = true;
        continue;
      }
      const start = attributes.startAt(place);
      const length = attributes.endAt(place) - start;
      if (entry.nested !== undefined) {
        if (!sameTemplate(packed.subarray(start, start + length), entry.nested)) return false;
        continue;
      }
      if (span === null) {
        if (length !== 0) return false;
        continue;
      }
      if (span.length !== length) return false;
      const buffer = span.buffer;
      const offset = span.offset;
      for (let at = 0; at < length; at++) {
        if (packed[start + at] !== buffer[offset + at]) return false;
      }
    }
    return !elsewhere || this.#matchesElsewhere(object);
  }

  #matchesElsewhere(object: TokenObject): boolean {
    return this.entries.every(({ type, value }) => {
      if (value === null) return object.attributes.has(type);
      if (tellsOfUses(type)) return isTold(this.#counting.answer(object, type), value);
      return (
        object.attributes.has(type) ||
        componentEquals(this.#enclave, object, type, value) ||
        isTold(object.hasKey ? lifeAnswer(object, type) : undefined, value)
      );
    });
  }
}

/** Whether that is what a key tells of its life, or of its uses, at this moment. */
function isTold(told: Uint8Array | undefined, { buffer, offset, length }: Span): boolean {
  return told !== undefined && sameBytes(told, buffer.subarray(offset, offset + length));
}

/**
 * The same search with each attribute once. One that is asked for with two values matches nothing, which the entry of an
 * unknown attribute says as well.
 */
function withoutRepeats(entries: readonly TemplateEntry[]): readonly TemplateEntry[] {
  const kept = new Map<number, TemplateEntry>();
  for (const entry of entries) {
    const known = kept.get(entry.type);
    if (attributeType(entry.type) === undefined || (known !== undefined && !isSameEntry(known, entry))) {
      return [{ type: CKA_VENDOR_DEFINED, value: null }];
    }
    kept.set(entry.type, entry);
  }
  return [...kept.values()];
}

function isSameEntry(a: TemplateEntry, b: TemplateEntry): boolean {
  if (a.nested !== undefined || b.nested !== undefined) return false;
  return Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
}

function bytesOf({ value }: TemplateEntry): Uint8Array {
  return value === null ? EMPTY : value.buffer.subarray(value.offset, value.offset + value.length);
}

/** True when a stored attribute array holds exactly these entries. */
function sameTemplate(stored: Uint8Array, entries: readonly TemplateEntry[]): boolean {
  if (entries.length === 0) return stored.length === 0;
  const values = new Map<number, Uint8Array>();
  for (const entry of entries) {
    const { type } = entry;
    if (entry.nested !== undefined || values.has(type) || attributeType(type) === undefined) return false;
    values.set(type, bytesOf(entry));
  }
  return Buffer.compare(AttributeSet.from(values).packed, stored) === 0;
}
