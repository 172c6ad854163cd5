/**
 * A search template made ready for the index (PKCS#11 3.2, C_FindObjectsInit): a match is byte for byte and in all attributes.
 * What can never match (an unknown attribute, a value of the wrong size) finds nothing and is no error.
 */
import type { Enclave } from '../../enclave/enclave.ts';
import type { TemplateEntry } from '../calls/call.ts';
import {
  CKA_CERTIFICATE_TYPE,
  CKA_CLASS,
  CKA_KEY_TYPE,
  CKA_VALUE,
  CKO_CERTIFICATE,
  CKO_DATA,
} from '../generated/constants.ts';
import { AttributeSet, readUlong } from './attribute-set.ts';
import { type Criteria, hashPair, hashValue, isIndexed } from './index.ts';
import { componentEquals } from './key-material.ts';
import type { TokenObject } from './object.ts';

const EMPTY = new Uint8Array(0);

export class Query implements Criteria {
  readonly hashes: number[] = [];
  readonly #entries: readonly TemplateEntry[];
  readonly #enclave: Enclave;

  /** @param entries valid as long as the request is: a query lives for one C_FindObjectsInit */
  constructor(entries: readonly TemplateEntry[], enclave: Enclave) {
    this.#entries = entries;
    this.#enclave = enclave;
    let classHash = 0;
    let typeHash = 0;
    let ordinaryValue = false;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i] as TemplateEntry;
      const span = entry.value;
      const buffer = span === null ? EMPTY : span.buffer;
      const offset = span === null ? 0 : span.offset;
      const length = span === null ? 0 : span.length;
      // A key's CKA_VALUE is not among its attributes but in the enclave, where no index reaches.
      if (entry.type === CKA_VALUE || !isIndexed(entry.type, length)) continue;
      const hash = hashValue(entry.type, buffer, offset, length);
      this.hashes.push(hash);
      if (entry.type === CKA_CLASS) {
        classHash = hash;
        const value = length === 8 ? readUlong(buffer, offset) : -1;
        ordinaryValue = value === CKO_DATA || value === CKO_CERTIFICATE;
      } else if (entry.type === CKA_KEY_TYPE || entry.type === CKA_CERTIFICATE_TYPE) {
        typeHash = hash;
      }
    }
    if (classHash !== 0 && typeHash !== 0) this.hashes.push(hashPair(classHash, typeHash));
    if (ordinaryValue) this.#useValue();
  }

  #useValue(): void {
    for (const entry of this.#entries) {
      const span = entry.value;
      if (entry.type === CKA_VALUE && span !== null && span.length !== 0) {
        this.hashes.push(hashValue(CKA_VALUE, span.buffer, span.offset, span.length));
      }
    }
  }

  matches(object: TokenObject): boolean {
    const attributes = object.attributes;
    const packed = attributes.packed;
    const entries = this.#entries;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i] as TemplateEntry;
      const place = attributes.locate(entry.type);
      const span = entry.value;
      if (place < 0) {
        if (span === null || !componentEquals(this.#enclave, object, entry.type, span)) return false;
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
    return true;
  }
}

/** True when a stored attribute array holds exactly these entries. */
function sameTemplate(stored: Uint8Array, entries: readonly TemplateEntry[]): boolean {
  const values = new Map<number, Uint8Array>();
  for (const { type, value, nested } of entries) {
    if (nested !== undefined || values.has(type) || !(type >= 0 && type < 0x80000000)) return false;
    values.set(
      type,
      value === null ? EMPTY : value.buffer.subarray(value.offset, value.offset + value.length),
    );
  }
  return Buffer.compare(AttributeSet.from(values).packed, stored) === 0;
}
