/** What keys are in DER: SubjectPublicKeyInfo and PrivateKeyInfo (RFC 5280, RFC 5208), as far as they are known here. No cryptography. */
import {
  bitsOf,
  DerError,
  expected,
  inside,
  numberOf,
  parse,
  tag,
  type Value,
} from '../../module/certificates/der.ts';

const octets = (hex: string): Uint8Array => Buffer.from(hex, 'hex');

/** AlgorithmIdentifiers' object identifiers, as contents in hex. */
export const algorithmIds = {
  rsa: '2a864886f70d010101',
  ec: '2a8648ce3d0201',
  x25519: '2b656e',
  ed25519: '2b6570',
} as const;

/** What an AlgorithmIdentifier says: which kind of key, and its parameters as they stand there. */
export interface Algorithm {
  readonly kind: keyof typeof algorithmIds;
  /** For EC: the curve's object identifier with its tag, as CKA_EC_PARAMS has it; for 25519 the same. */
  readonly params: Uint8Array;
}

function algorithm(value: Value | undefined): Algorithm {
  const [id, params] = inside(value);
  const { contents, whole } = expected(id, tag.oid);
  const text = contents.toString('hex');
  const kind = (Object.keys(algorithmIds) as (keyof typeof algorithmIds)[]).find(
    (name) => algorithmIds[name] === text,
  );
  if (kind === undefined) throw new DerError('it is a key of a kind that is not known here');
  if (kind === 'ec') return { kind, params: expected(params, tag.oid).whole };
  // RSA has a NULL there, and the others nothing.
  return { kind, params: whole };
}

/** What a SubjectPublicKeyInfo holds. */
export function readPublicKey(bytes: Uint8Array): Algorithm & { readonly key: Uint8Array } {
  const [about, key, ...more] = inside(parse(bytes));
  const found = algorithm(about);
  if (more.length > 0) throw new DerError('something follows behind the key');
  return { ...found, key: bitsOf(key) };
}

/** What a PrivateKeyInfo holds. */
export function readPrivateKey(bytes: Uint8Array): Algorithm & { readonly key: Uint8Array } {
  // Attributes, and a public key, may stand behind it.
  const [version, about, key] = inside(parse(bytes));
  if (!['0', '1'].includes(numberOf(version))) throw new DerError('it is of another version');
  return { ...algorithm(about), key: expected(key, tag.octets).contents };
}

/** DigestInfo in front of a hash (RFC 8017, 9.2), by the hash's name. */
export const digestInfo: Readonly<Record<'SHA256' | 'SHA384' | 'SHA512', Uint8Array>> = {
  SHA256: octets('3031300d060960864801650304020105000420'),
  SHA384: octets('3041300d060960864801650304020205000430'),
  SHA512: octets('3051300d060960864801650304020305000440'),
};
