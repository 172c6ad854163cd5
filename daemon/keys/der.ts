/** The little DER that keys and signatures need (X.690): read strictly, written shortest. No cryptography. */

export const SEQUENCE = 0x30;
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const OID = 0x06;

/** Bytes that are no DER of the kind that was wanted. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

/** Reads one value after the other. */
export class DerReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The tag of what comes next, or -1. */
  get next(): number {
    return this.#bytes[this.#at] ?? -1;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new DerError('it ends too early');
    return byte;
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count < 1 || count > 3) throw new DerError('a length is of no form that DER has');
    let length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + this.#byte();
    if (length < 0x80 || length < 2 ** (8 * (count - 1)))
      throw new DerError('a length is not written shortest');
    return length;
  }

  /** The contents of the next value, which must have the tag. */
  value(tag: number): Uint8Array {
    if (this.next !== tag) throw new DerError('a value is of another kind');
    this.#at++;
    const length = this.#length();
    const start = this.#at;
    if (length > this.#bytes.length - start) throw new DerError('it ends too early');
    this.#at = start + length;
    return this.#bytes.subarray(start, start + length);
  }

  /** The next value with its tag and length. */
  whole(tag: number): Uint8Array {
    const start = this.#at;
    this.value(tag);
    return this.#bytes.subarray(start, this.#at);
  }

  into(tag: number): DerReader {
    return new DerReader(this.value(tag));
  }

  /** An unsigned integer, without the zero in front that its sign takes. */
  unsigned(): Uint8Array {
    const bytes = this.value(INTEGER);
    const [first = 0x80, second = 0x80] = bytes;
    if (first >= 0x80) throw new DerError('an integer is negative or empty');
    if (first !== 0) return bytes;
    if (bytes.length > 1 && second < 0x80) throw new DerError('an integer is not written shortest');
    return bytes.subarray(1);
  }

  /** A bit string of whole bytes. */
  bits(): Uint8Array {
    const bytes = this.value(BIT_STRING);
    if (bytes[0] !== 0) throw new DerError('a bit string is not of whole bytes');
    return bytes.subarray(1);
  }

  end(): void {
    if (!this.atEnd) throw new DerError('there is more behind its end');
  }
}

/** One value of contents that may come in pieces. */
export function der(tag: number, ...pieces: readonly Uint8Array[]): Uint8Array {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const header = [tag];
  if (length < 0x80) header.push(length);
  else if (length < 0x100) header.push(0x81, length);
  else if (length < 0x10000) header.push(0x82, length >> 8, length & 0xff);
  else header.push(0x83, length >> 16, (length >> 8) & 0xff, length & 0xff);
  return Buffer.concat([Uint8Array.from(header), ...pieces]);
}

function integer(bytes: Uint8Array): Uint8Array {
  let from = 0;
  while (from < bytes.length - 1 && bytes[from] === 0) from++;
  const short = bytes.subarray(from);
  return (short[0] ?? 0) >= 0x80 ? der(INTEGER, Uint8Array.of(0), short) : der(INTEGER, short);
}

/** r and s of full length, as an ECDSA-Sig-Value. */
export function ecdsaToDer(signature: Uint8Array): Uint8Array {
  const half = signature.length / 2;
  return der(SEQUENCE, integer(signature.subarray(0, half)), integer(signature.subarray(half)));
}

/** An ECDSA-Sig-Value as r and s of so many bytes each; undefined for what no such signature can be. */
export function ecdsaFromDer(signature: Uint8Array, order: number): Uint8Array | undefined {
  try {
    const outer = new DerReader(signature);
    const inner = outer.into(SEQUENCE);
    const parts = [inner.unsigned(), inner.unsigned()];
    inner.end();
    outer.end();
    const raw = new Uint8Array(2 * order);
    for (const [at, part] of parts.entries()) {
      if (part.length > order) return undefined;
      raw.set(part, (at + 1) * order - part.length);
    }
    return raw;
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

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

function algorithm(reader: DerReader): Algorithm {
  const inner = reader.into(SEQUENCE);
  const id = inner.whole(OID);
  const text = Buffer.from(id.subarray(2)).toString('hex');
  const kind = (Object.keys(algorithmIds) as (keyof typeof algorithmIds)[]).find(
    (name) => algorithmIds[name] === text,
  );
  if (kind === undefined) throw new DerError('it is a key of a kind that is not known here');
  if (kind === 'ec') return { kind, params: inner.whole(OID) };
  // RSA has a NULL there, and the others nothing.
  return { kind, params: id };
}

/** What a SubjectPublicKeyInfo holds. */
export function readPublicKey(bytes: Uint8Array): Algorithm & { readonly key: Uint8Array } {
  const outer = new DerReader(bytes);
  const inner = outer.into(SEQUENCE);
  outer.end();
  const found = algorithm(inner);
  const key = inner.bits();
  inner.end();
  return { ...found, key };
}

/** What a PrivateKeyInfo holds. */
export function readPrivateKey(bytes: Uint8Array): Algorithm & { readonly key: Uint8Array } {
  const outer = new DerReader(bytes);
  const inner = outer.into(SEQUENCE);
  outer.end();
  const version = inner.value(INTEGER);
  if (version.length !== 1 || (version[0] ?? 9) > 1) throw new DerError('it is of another version');
  const found = algorithm(inner);
  // Attributes, and a public key, may stand behind it.
  return { ...found, key: inner.value(OCTET_STRING) };
}

/** DigestInfo in front of a hash (RFC 8017, 9.2), by the hash's name. */
export const digestInfo: Readonly<Record<'SHA256' | 'SHA384' | 'SHA512', Uint8Array>> = {
  SHA256: octets('3031300d060960864801650304020105000420'),
  SHA384: octets('3041300d060960864801650304020205000430'),
  SHA512: octets('3051300d060960864801650304020305000440'),
};
