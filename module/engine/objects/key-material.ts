/**
 * Between attributes and the enclave: which attribute is which component of a key, what of a key may be read, and how keys
 * come in from a template or from stored attributes.
 */
import {
  Component,
  type ComponentRanges,
  type Enclave,
  type KeyHandle,
  KeyKind,
} from '../../enclave/enclave.ts';
import {
  CKA_CLASS,
  CKA_COEFFICIENT,
  CKA_EC_PARAMS,
  CKA_EC_POINT,
  CKA_EXPONENT_1,
  CKA_EXPONENT_2,
  CKA_EXTRACTABLE,
  CKA_KEY_TYPE,
  CKA_MODULUS,
  CKA_PRIME_1,
  CKA_PRIME_2,
  CKA_PRIVATE_EXPONENT,
  CKA_PUBLIC_EXPONENT,
  CKA_SENSITIVE,
  CKA_VALUE,
  CKA_VALUE_LEN,
  CKK_EC,
  CKK_EC_EDWARDS,
  CKK_EC_MONTGOMERY,
  CKK_RSA,
  CKO_PRIVATE_KEY,
  CKO_PUBLIC_KEY,
  CKO_SECRET_KEY,
  CKR_ATTRIBUTE_TYPE_INVALID,
  CKR_FUNCTION_FAILED,
} from '../generated/constants.ts';
import { LifeUse } from '../generated/lifecycle.ts';
import type { Span, TemplateEntry } from '../values/arguments.ts';
import { CryptokiError, checked } from '../values/errors.ts';
import type { AttributeSet } from './attribute-set.ts';
import { octetStringContent } from './der.ts';
import { type Living, mayNow } from './lifecycle/life.ts';
import type { TokenObject } from './object.ts';
import { isKeyClass } from './private-value.ts';

const NOTHING = new Uint8Array(0);

/** The component that a secret or private key's attribute stands for (footnote 7 of the standard's tables), or 0. */
function secretComponent(objectClass: number, keyType: number, type: number): Component | 0 {
  switch (type) {
    case CKA_VALUE:
      // Of an object that is no key: see private-value.ts.
      if (objectClass === CKO_SECRET_KEY || !isKeyClass(objectClass)) return Component.Value;
      return objectClass === CKO_PRIVATE_KEY && keyType !== CKK_RSA ? Component.Value : 0;
    case CKA_PRIVATE_EXPONENT:
    case CKA_PRIME_1:
    case CKA_PRIME_2:
    case CKA_EXPONENT_1:
    case CKA_EXPONENT_2:
    case CKA_COEFFICIENT:
      return objectClass === CKO_PRIVATE_KEY && keyType === CKK_RSA ? rsaComponent(type) : 0;
    default:
      return 0;
  }
}

function rsaComponent(type: number): Component {
  switch (type) {
    case CKA_PRIVATE_EXPONENT:
      return Component.PrivateExponent;
    case CKA_PRIME_1:
      return Component.Prime1;
    case CKA_PRIME_2:
      return Component.Prime2;
    case CKA_EXPONENT_1:
      return Component.Exponent1;
    case CKA_EXPONENT_2:
      return Component.Exponent2;
    default:
      return Component.Coefficient;
  }
}

/** {@link secretComponent} for an object's attributes. */
export function secretComponentOf(attributes: AttributeSet, type: number): Component | 0 {
  return secretComponent(attributes.ulong(CKA_CLASS) ?? -1, attributes.ulong(CKA_KEY_TYPE) ?? -1, type);
}

/**
 * Whether the secret parts of an object may leave: those of a key only when it is neither sensitive nor unextractable, and the state that it is
 * in lets it be exported. A key that does not say so is not.
 */
export function isReadable(object: Living): boolean {
  const { attributes } = object;
  if (!isKeyClass(attributes.ulong(CKA_CLASS))) return true;
  if (attributes.bool(CKA_SENSITIVE) !== false || attributes.bool(CKA_EXTRACTABLE) !== true) return false;
  return mayNow(object, LifeUse.Export);
}

/** True when an object's secret part may be read and is byte for byte the given one (a search by CKA_VALUE). */
export function componentEquals(enclave: Enclave, object: TokenObject, type: number, span: Span): boolean {
  const component = secretComponentOf(object.attributes, type);
  if (component === 0 || !object.hasValue || !isReadable(object) || span.length === 0) return false;
  // Most keys are ruled out by their length, before they are opened.
  const length = object.attributes.ulong(CKA_VALUE_LEN);
  if (length !== undefined && length !== span.length) return false;
  const wasOpen = object.openHandle !== 0;
  const equal = enclave.keyComponentEquals(object.key(), component, span.buffer, span.offset, span.length);
  // A search may go through all values that there are.
  const closed = wasOpen ? 0 : object.closeKey();
  if (closed !== 0) enclave.keyFree(closed);
  // An RSA key that was imported without its primes has none to compare.
  return equal !== -CKR_ATTRIBUTE_TYPE_INVALID && checked(equal, 'objects.find') === 1;
}

/** The kind of key that an object of this class and type holds; 0 when the engine has no such keys. */
export function keyKindOf(objectClass: number, keyType: number): KeyKind | 0 {
  if (objectClass === CKO_SECRET_KEY) return KeyKind.Secret;
  const isPrivate = objectClass === CKO_PRIVATE_KEY;
  if (!isPrivate && objectClass !== CKO_PUBLIC_KEY) return 0;
  switch (keyType) {
    case CKK_RSA:
      return isPrivate ? KeyKind.RsaPrivate : KeyKind.RsaPublic;
    case CKK_EC:
      return isPrivate ? KeyKind.EcPrivate : KeyKind.EcPublic;
    case CKK_EC_EDWARDS:
      return isPrivate ? KeyKind.Ed25519Private : KeyKind.Ed25519Public;
    case CKK_EC_MONTGOMERY:
      return isPrivate ? KeyKind.X25519Private : KeyKind.X25519Public;
    default:
      return 0;
  }
}

/** Lengths of points on curves in use: 32, 56 and 57 bytes of RFC 7748 and 8032; 1 + n and 1 + 2n of fields of n bytes (SEC 1). */
function isPointLength(keyType: number, length: number): boolean {
  if (keyType !== CKK_EC) return length === 32 || length === 56 || length === 57;
  const field = length - 1;
  const sizes = [24, 28, 32, 40, 48, 64, 66];
  return sizes.includes(field) || sizes.includes(field / 2);
}

/**
 * Where in a CKA_EC_POINT value the raw point begins. The standard wraps it in an OCTET STRING, many applications do not;
 * no raw point of a known length reads as the DER of another, so the two can be told apart.
 */
function pointStart(keyType: number, buffer: Uint8Array, offset: number, length: number): number {
  const content = octetStringContent(buffer, offset, length);
  return content >= 0 && isPointLength(keyType, offset + length - content) ? content : offset;
}

/** The attributes from which C_CreateObject makes a key, in the order of preference of the enclave. */
const RSA_PUBLIC = [CKA_MODULUS, CKA_PUBLIC_EXPONENT] as const;
const RSA_PRIVATE = [...RSA_PUBLIC, CKA_PRIVATE_EXPONENT] as const;
const RSA_CRT = [CKA_PRIME_1, CKA_PRIME_2, CKA_EXPONENT_1, CKA_EXPONENT_2, CKA_COEFFICIENT] as const;
const CURVE_PUBLIC = [CKA_EC_PARAMS, CKA_EC_POINT] as const;
const CURVE_PRIVATE = [CKA_EC_PARAMS, CKA_VALUE] as const;
const SECRET = [CKA_VALUE] as const;

/**
 * A key's components as they lie in a C_CreateObject template, for the enclave to read there. RSA's five CRT numbers go
 * only together (PKCS#11 3.2, 6.1: a token may throw away what it does not use).
 */
export function componentRanges(
  kind: KeyKind,
  keyType: number,
  template: ReadonlyMap<number, TemplateEntry>,
): ComponentRanges {
  const wanted: number[] = [...attributesOf(kind)];
  if (kind === KeyKind.RsaPrivate && RSA_CRT.every((type) => (template.get(type)?.value?.length ?? 0) > 0)) {
    wanted.push(...RSA_CRT);
  }
  const ids: Component[] = [];
  const offsets: number[] = [];
  const lengths: number[] = [];
  let buffer: Uint8Array | undefined;
  for (const type of wanted) {
    const span = template.get(type)?.value;
    if (span === undefined || span === null) continue;
    if (buffer !== undefined && buffer !== span.buffer) throw new TypeError('a template lies in one buffer');
    buffer = span.buffer;
    const start = componentStart(keyType, type, span);
    ids.push(componentOf(type));
    offsets.push(start);
    lengths.push(span.offset + span.length - start);
  }
  return { ids, buffer: buffer ?? NOTHING, offsets, lengths };
}

function attributesOf(kind: KeyKind): readonly number[] {
  switch (kind) {
    case KeyKind.Secret:
      return SECRET;
    case KeyKind.RsaPublic:
      return RSA_PUBLIC;
    case KeyKind.RsaPrivate:
      return RSA_PRIVATE;
    case KeyKind.EcPublic:
    case KeyKind.Ed25519Public:
    case KeyKind.X25519Public:
      return CURVE_PUBLIC;
    default:
      return CURVE_PRIVATE;
  }
}

function componentOf(type: number): Component {
  switch (type) {
    case CKA_VALUE:
      return Component.Value;
    case CKA_MODULUS:
      return Component.Modulus;
    case CKA_PUBLIC_EXPONENT:
      return Component.PublicExponent;
    case CKA_EC_PARAMS:
      return Component.EcParams;
    case CKA_EC_POINT:
      return Component.EcPoint;
    default:
      return rsaComponent(type);
  }
}

/** Behind the wrapping of a point and the leading zeros of an integer. */
function componentStart(keyType: number, type: number, span: Span): number {
  if (type === CKA_EC_POINT) return pointStart(keyType, span.buffer, span.offset, span.length);
  let at = span.offset;
  if (keyType === CKK_RSA) {
    const last = span.offset + span.length - 1;
    while (at < last && span.buffer[at] === 0) at++;
  }
  return at;
}

/** Opens a stored public key: everything the enclave needs stands among its completed attributes. */
export function importPublicKey(enclave: Enclave, attributes: AttributeSet): KeyHandle {
  const kind = keyKindOf(attributes.ulong(CKA_CLASS) ?? -1, attributes.ulong(CKA_KEY_TYPE) ?? -1);
  const isRsa = kind === KeyKind.RsaPublic;
  const first = attributes.locate(isRsa ? CKA_MODULUS : CKA_EC_PARAMS);
  const second = attributes.locate(isRsa ? CKA_PUBLIC_EXPONENT : CKA_EC_POINT);
  if (kind === 0 || first < 0 || second < 0) {
    throw new CryptokiError(CKR_FUNCTION_FAILED, 'objects.key', 'a stored public key is incomplete');
  }
  const firstAt = attributes.startAt(first);
  let secondAt = attributes.startAt(second);
  const secondEnd = attributes.endAt(second);
  if (!isRsa) secondAt = octetStringContent(attributes.buffer, secondAt, secondEnd - secondAt);
  return checked(
    enclave.keyImport(kind, {
      ids: isRsa ? [Component.Modulus, Component.PublicExponent] : [Component.EcParams, Component.EcPoint],
      buffer: attributes.buffer,
      offsets: [firstAt, secondAt],
      lengths: [attributes.endAt(first) - firstAt, secondEnd - secondAt],
    }),
    'objects.key',
  );
}

/** True for the same bytes (public matter: not in constant time). */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
