/** Keys that come from outside: what they are, and their attributes. Nothing of them is kept here. */
import { DerError, expected, inside, octets, parse, tag, unsignedOf } from '../../module/certificates/der.ts';
import type { Attribute } from '../cryptoki-client/arguments.ts';
import * as C from '../cryptoki-client/generated/constants.ts';
import { wrong } from '../errors/problem.ts';
import { type Algorithm, readPrivateKey, readPublicKey } from './der.ts';
import { type Kind, kindLike } from './kinds.ts';

export interface Material {
  readonly kind: Kind;
  readonly attributes: readonly Attribute[];
}

const keyTypes = {
  rsa: C.CKK_RSA,
  ec: C.CKK_EC,
  ed25519: C.CKK_EC_EDWARDS,
  x25519: C.CKK_EC_MONTGOMERY,
} as const;

function known(kind: Kind | undefined): Kind {
  if (kind === undefined) throw new DerError('it is on a curve, or of a size, that has no name here');
  return kind;
}

function onCurve({ kind, params }: Algorithm): Kind {
  return known(kindLike(keyTypes[kind], params));
}

const curveOf = (kind: Kind): Attribute => ({ type: C.CKA_EC_PARAMS, value: kind.params ?? null });
const modulusBits = (modulus: Uint8Array): number => modulus.length * 8;

/** RSAPrivateKey's integers behind its version, as PKCS#11 calls them. */
const rsaParts = [
  C.CKA_MODULUS,
  C.CKA_PUBLIC_EXPONENT,
  C.CKA_PRIVATE_EXPONENT,
  C.CKA_PRIME_1,
  C.CKA_PRIME_2,
  C.CKA_EXPONENT_1,
  C.CKA_EXPONENT_2,
  C.CKA_COEFFICIENT,
] as const;

function rsaPrivate(key: Uint8Array): Material {
  const [version, ...parts] = inside(parse(key));
  expected(version, tag.integer);
  const values = rsaParts.map((type, at) => ({ type, value: unsignedOf(parts[at]) }));
  const kind = known(kindLike(C.CKK_RSA, undefined, modulusBits(values[0]?.value ?? new Uint8Array(0))));
  return { kind, attributes: values };
}

function ecPrivate(found: Algorithm, key: Uint8Array): Material {
  const kind = onCurve(found);
  const [version, value] = inside(parse(key));
  expected(version, tag.integer);
  const { contents } = expected(value, tag.octets);
  return { kind, attributes: [curveOf(kind), { type: C.CKA_VALUE, value: contents }] };
}

/** Reads what may not be DER, for the field that it came in. */
function strictly<T>(field: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) throw wrong(field, error.message);
    throw error;
  }
}

/** A pair's private half, as a PrivateKeyInfo. */
export function privateMaterial(bytes: Uint8Array, field: string): Material {
  return strictly(field, () => {
    const found = readPrivateKey(bytes);
    if (found.kind === 'rsa') return rsaPrivate(found.key);
    if (found.kind === 'ec') return ecPrivate(found, found.key);
    const kind = onCurve(found);
    const { contents } = expected(parse(found.key), tag.octets);
    return { kind, attributes: [curveOf(kind), { type: C.CKA_VALUE, value: contents }] };
  });
}

/** A public key, as a SubjectPublicKeyInfo. */
export function publicMaterial(bytes: Uint8Array, field: string): Material {
  return strictly(field, () => {
    const found = readPublicKey(bytes);
    if (found.kind === 'rsa') {
      const parts = inside(parse(found.key));
      const modulus = unsignedOf(parts[0]);
      const exponent = unsignedOf(parts[1]);
      if (parts.length > 2) throw new DerError('something follows behind the exponent');
      const attributes = [
        { type: C.CKA_MODULUS, value: modulus },
        { type: C.CKA_PUBLIC_EXPONENT, value: exponent },
      ];
      return { kind: known(kindLike(C.CKK_RSA, undefined, modulusBits(modulus))), attributes };
    }
    const kind = onCurve(found);
    return {
      kind,
      attributes: [curveOf(kind), { type: C.CKA_EC_POINT, value: octets(found.key) }],
    };
  });
}

/** The point of another's public key, for an agreement. */
export function peerPoint(bytes: Uint8Array, field: string): Uint8Array {
  return strictly(field, () => {
    const found = readPublicKey(bytes);
    if (found.kind === 'rsa' || found.kind === 'ed25519')
      throw new DerError('no key can be agreed on with a key of this kind');
    return found.key;
  });
}
