/**
 * C_GetAttributeValue's answer (PKCS#11 3.2, 5.7.5): every entry is answered, whatever became of the others, and the value
 * goes from the packed attributes, or from the enclave, straight into the reply. This is the hottest call after signing:
 * no views and no temporary objects here.
 */
import type { Enclave } from '../../enclave/enclave.ts';
import { attributeType } from '../generated/attributes.ts';
import {
  CKF_ARRAY_ATTRIBUTE,
  CKR_ATTRIBUTE_SENSITIVE,
  CKR_ATTRIBUTE_TYPE_INVALID,
  CKR_BUFFER_TOO_SMALL,
  CKR_DEVICE_MEMORY,
  CKR_OK,
} from '../generated/constants.ts';
import type { AttributeQuery } from '../values/arguments.ts';
import { checked } from '../values/errors.ts';
import type { Reply } from '../values/reply.ts';
import type { AttributeSet } from './attribute-set.ts';
import { isReadable, secretComponentOf } from './key-material.ts';
import { lifeAnswer } from './lifecycle/answers.ts';
import type { TokenObject } from './object.ts';
import type { Counting } from './uses/counting.ts';
import { tellsOfUses } from './uses/key-uses.ts';

const NOTHING = new Uint8Array(0);
/** u64 length and u64 present before each value. */
const ENTRY_BYTES = 16;
/** sizeof(CK_ATTRIBUTE): the length of an attribute array is counted in these. */
const CK_ATTRIBUTE_BYTES = 24;
/** Up to here a loop is faster than making a view for TypedArray.set. */
const LOOP_BYTES = 96;

/** What became of one entry; of several the highest decides the call's result. */
const OK = 0;
const SMALL = 1;
const INVALID = 2;
const SENSITIVE = 3;
const NO_SPACE = 4;
const RESULTS = [
  CKR_OK,
  CKR_BUFFER_TOO_SMALL,
  CKR_ATTRIBUTE_TYPE_INVALID,
  CKR_ATTRIBUTE_SENSITIVE,
  CKR_DEVICE_MEMORY,
] as const;

/**
 * Writes the answer to every query.
 * @returns CKR_OK, or the first that applies of CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID, CKR_BUFFER_TOO_SMALL;
 *   CKR_DEVICE_MEMORY when the reply area cannot hold the answer
 */
export function readAttributes(
  enclave: Enclave,
  object: TokenObject,
  counting: Counting,
  queries: readonly AttributeQuery[],
  reply: Reply,
): number {
  const attributes = object.attributes;
  let worst = OK;
  for (let i = 0; i < queries.length; i++) {
    const query = queries[i] as AttributeQuery;
    const place = attributes.locate(query.type);
    let outcome: number;
    if (tellsOfUses(query.type)) outcome = answerBytes(counting.answer(object, query.type), query, reply);
    else if (place < 0) outcome = answerComponent(enclave, object, query, reply);
    else if ((query.type & CKF_ARRAY_ATTRIBUTE) !== 0 && attributeType(query.type) === 'attributes') {
      outcome = answerArray(attributes, query, reply);
    } else outcome = answer(attributes, place, query, reply);
    if (outcome > worst) worst = outcome;
    if (outcome === NO_SPACE) break;
  }
  return RESULTS[worst] as number;
}

function unavailable(reply: Reply, outcome: number): number {
  if (reply.space < ENTRY_BYTES) return NO_SPACE;
  reply.ulong(-1);
  reply.ulong(0);
  return outcome;
}

/** The length, and whether the value is to follow: true when it is, an outcome when the entry is done with. */
function head(query: AttributeQuery, length: number, reply: Reply): number {
  if (query.present && query.capacity < length) return unavailable(reply, SMALL);
  const follows = query.present;
  if (reply.space < ENTRY_BYTES + (follows ? (length + 7) & ~7 : 0)) return NO_SPACE;
  reply.ulong(length);
  reply.ulong(follows ? 1 : 0);
  return follows ? VALUE_FOLLOWS : OK;
}
const VALUE_FOLLOWS = -1;

function answer(attributes: AttributeSet, place: number, query: AttributeQuery, reply: Reply): number {
  const start = attributes.startAt(place);
  const length = attributes.endAt(place) - start;
  const outcome = head(query, length, reply);
  if (outcome !== VALUE_FOLLOWS) return outcome;
  const packed = attributes.buffer;
  const buffer = reply.buffer;
  const at = reply.length;
  if (length <= LOOP_BYTES) {
    for (let i = 0; i < length; i++) buffer[at + i] = packed[start + i] as number;
  } else {
    buffer.set(packed.subarray(start, start + length), at);
  }
  reply.skip(length);
  return OK;
}

/** A part of the object that is not among the attributes: of a key refused while sensitive, otherwise written by the enclave. */
function answerComponent(enclave: Enclave, object: TokenObject, query: AttributeQuery, reply: Reply): number {
  const component = secretComponentOf(object.attributes, query.type);
  if (component === 0 || !object.hasValue) return answerLife(object, query, reply);
  if (!isReadable(object)) return unavailable(reply, SENSITIVE);
  const key = object.key();
  const length = enclave.keyComponent(key, component, NOTHING, 0, 0);
  // An RSA key that was imported without its primes has none to give.
  if (length === -CKR_ATTRIBUTE_TYPE_INVALID) return unavailable(reply, INVALID);
  const outcome = head(query, checked(length, 'objects.read'), reply);
  if (outcome !== VALUE_FOLLOWS) return outcome;
  checked(enclave.keyComponent(key, component, reply.buffer, reply.length, length), 'objects.read');
  reply.skip(length);
  return OK;
}

/** What a key tells of its life by the time that it is. */
function answerLife(object: TokenObject, query: AttributeQuery, reply: Reply): number {
  return answerBytes(object.hasKey ? lifeAnswer(object, query.type) : undefined, query, reply);
}

function answerBytes(value: Uint8Array | undefined, query: AttributeQuery, reply: Reply): number {
  if (value === undefined) return unavailable(reply, INVALID);
  const outcome = head(query, value.length, reply);
  if (outcome !== VALUE_FOLLOWS) return outcome;
  reply.buffer.set(value, reply.length);
  reply.skip(value.length);
  return OK;
}

/** An attribute array: its entries follow in the order in which they are kept, each with its type before the usual answer. */
function answerArray(attributes: AttributeSet, query: AttributeQuery, reply: Reply): number {
  const inner = attributes.nested(query.type);
  const count = inner === undefined ? 0 : inner.count;
  const outcome = head(query, count * CK_ATTRIBUTE_BYTES, reply);
  if (outcome !== VALUE_FOLLOWS || inner === undefined) return outcome === VALUE_FOLLOWS ? OK : outcome;
  const room = query.nested ?? [];
  let worst = OK;
  for (let place = 0; place < count; place++) {
    const type = inner.typeAt(place);
    const given = room[place];
    const each =
      given === undefined
        ? { type, present: false, capacity: 0 }
        : { type, present: given.present, capacity: given.capacity };
    if (reply.space < 8) return NO_SPACE;
    reply.ulong(type);
    const one = answer(inner, place, each, reply);
    if (one > worst) worst = one;
    if (one === NO_SPACE) break;
  }
  return worst;
}
