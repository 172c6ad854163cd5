/**
 * The attributes of an object, for making more like it: the same template, checked once, becomes the same attributes each time, but for
 * what is each object's own. That is its CKA_UNIQUE_ID and what its key's value tells: CKA_CHECK_VALUE, CKA_EC_POINT and
 * CKA_PUBLIC_KEY_INFO. Their lengths do not change with the key, so each new object's are written over a copy.
 */
import { Component, type Enclave, type KeyHandle } from '../../enclave/enclave.ts';
import {
  CKA_CHECK_VALUE,
  CKA_EC_POINT,
  CKA_KEY_TYPE,
  CKA_PRIVATE,
  CKA_PUBLIC_KEY_INFO,
  CKA_TOKEN,
  CKA_UNIQUE_ID,
  CKK_AES,
} from '../generated/constants.ts';
import { checked } from '../values/errors.ts';
import type { AttributeSet } from './attribute-set.ts';
import { octetStringContent } from './der.ts';
import { sameBytes } from './key-material.ts';
import { UNIQUE_ID_DIGITS, writeUniqueId } from './unique-id.ts';

/** Says that an attribute does not change from object to object, or is not there. */
const NOWHERE = -1;

/** Of how many bytes a value is, 0 when it is absent. */
function lengthOf(attributes: AttributeSet, type: number): number {
  return attributes.bytes(type)?.length ?? 0;
}

export class Blueprint {
  readonly isToken: boolean;
  readonly isPrivate: boolean;
  /** Those of the first object. What is each object's own in them is not to be used. */
  readonly attributes: AttributeSet;
  readonly #uniqueIdAt: number;
  readonly #checkValueAt: number;
  readonly #isAes: boolean;
  /** The raw point at the end of CKA_EC_POINT and of CKA_PUBLIC_KEY_INFO. */
  readonly #pointAt: number;
  readonly #infoPointAt: number;
  readonly #pointLength: number;

  private constructor(attributes: AttributeSet, pointLength: number) {
    this.attributes = attributes;
    this.isToken = attributes.bool(CKA_TOKEN) === true;
    this.isPrivate = attributes.bool(CKA_PRIVATE) === true;
    this.#uniqueIdAt = attributes.startAt(attributes.locate(CKA_UNIQUE_ID));
    this.#isAes = attributes.ulong(CKA_KEY_TYPE) === CKK_AES;
    const checkValue = attributes.locate(CKA_CHECK_VALUE);
    const isChecked = checkValue >= 0 && lengthOf(attributes, CKA_CHECK_VALUE) > 0;
    this.#checkValueAt = isChecked ? attributes.startAt(checkValue) : NOWHERE;
    this.#pointLength = pointLength;
    const tailOf = (type: number): number => {
      const place = pointLength === 0 ? NOWHERE : attributes.locate(type);
      return place < 0 ? NOWHERE : attributes.endAt(place) - pointLength;
    };
    this.#pointAt = tailOf(CKA_EC_POINT);
    this.#infoPointAt = tailOf(CKA_PUBLIC_KEY_INFO);
  }

  /** For more like a secret key that was generated; undefined when it has not what this relies on. */
  static ofSecret(attributes: AttributeSet): Blueprint | undefined {
    return lengthOf(attributes, CKA_UNIQUE_ID) === UNIQUE_ID_DIGITS
      ? new Blueprint(attributes, 0)
      : undefined;
  }

  /** For more like a pair on a curve that was generated. */
  static ofPair(ofPublic: AttributeSet, ofPrivate: AttributeSet): readonly Blueprint[] | undefined {
    const wrapped = ofPublic.bytes(CKA_EC_POINT);
    const start = wrapped === undefined ? -1 : octetStringContent(wrapped, 0, wrapped.length);
    if (wrapped === undefined || start < 0) return undefined;
    const point = wrapped.subarray(start);
    for (const half of [ofPublic, ofPrivate]) {
      const info = half.bytes(CKA_PUBLIC_KEY_INFO);
      if (info === undefined || !sameBytes(info.subarray(-point.length), point)) return undefined;
      if (lengthOf(half, CKA_UNIQUE_ID) !== UNIQUE_ID_DIGITS || half.has(CKA_CHECK_VALUE)) return undefined;
    }
    return [new Blueprint(ofPublic, point.length), new Blueprint(ofPrivate, point.length)];
  }

  /** The attributes of another secret key. */
  forSecret(enclave: Enclave, id: Uint8Array, key: KeyHandle): AttributeSet {
    return this.attributes.rewritten((packed) => {
      writeUniqueId(id, packed, this.#uniqueIdAt);
      if (this.#checkValueAt !== NOWHERE)
        checked(enclave.keyCheckValue(key, this.#isAes, packed, this.#checkValueAt), 'objects.key');
    });
  }

  /** The attributes of another public key. */
  forPublic(enclave: Enclave, id: Uint8Array, key: KeyHandle): AttributeSet {
    const at = this.#pointAt;
    const length = this.#pointLength;
    return this.attributes.rewritten((packed) => {
      writeUniqueId(id, packed, this.#uniqueIdAt);
      checked(enclave.keyComponent(key, Component.EcPoint, packed, at, length), 'objects.key');
      packed.copyWithin(this.#infoPointAt, at, at + length);
    });
  }

  /**
   * The attributes of another private key.
   * @param half where the point of its public key stands already
   */
  forPrivate(id: Uint8Array, half: AttributeSet): AttributeSet {
    const end = half.endAt(half.locate(CKA_EC_POINT));
    return this.attributes.rewritten((packed) => {
      writeUniqueId(id, packed, this.#uniqueIdAt);
      packed.set(half.buffer.subarray(end - this.#pointLength, end), this.#infoPointAt);
    });
  }
}
