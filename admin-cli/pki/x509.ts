/** Certificates, requests and lists of revoked ones, read from DER as far as we need to know them (RFC 5280, RFC 2986). */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { isIPv4 } from 'node:net';
import {
  bitsOf,
  context,
  contextual,
  DerError,
  dateOf,
  expected,
  inside,
  oidOf,
  parse,
  tag,
  type Value,
} from './der.ts';

export const oids = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  extensionRequest: '1.2.840.113549.1.9.14',
} as const;

/** By whom a certificate may be shown; undefined where it doesn't say. */
export type Purpose = 'server' | 'client';

/** The names that a certificate or a request gives. */
export interface Names {
  readonly commonName: string | undefined;
  readonly dns: readonly string[];
  readonly ip: readonly string[];
  readonly uri: readonly string[];
}

/** What was signed, how, and the signature. */
export interface Signed {
  readonly der: Buffer;
  readonly signed: Buffer;
  readonly algorithm: string;
  readonly signature: Buffer;
}

export interface Certificate extends Signed {
  /** In lower-case hex, without leading zeros. */
  readonly serial: string;
  /** DER. */
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Buffer;
  readonly names: Names;
  readonly authority: boolean;
  readonly purposes: readonly Purpose[] | undefined;
  /** Of its own key, and of its issuer's. */
  readonly keyIdentifier: Buffer | undefined;
  readonly issuerKeyIdentifier: Buffer | undefined;
}

export interface Request extends Signed {
  readonly publicKey: Buffer;
  readonly names: Names;
}

export interface RevocationList extends Signed {
  readonly issuer: Buffer;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  readonly number: bigint | undefined;
  /** Serial numbers, as in {@link Certificate}. */
  readonly revoked: ReadonlySet<string>;
}

export function readCertificate(der: Uint8Array): Certificate {
  const outer = readSigned(der);
  const fields = inside(parse(outer.signed));
  // A version, unless it is the first.
  if (fields[0]?.tag === contextual(0)) fields.shift();
  const [serial, , issuer, validity, subject, publicKey] = fields;
  const [notBefore, notAfter] = inside(validity);
  const extensions = extensionsOf(fields.find((field) => field.tag === contextual(3)));
  const purposes = extensions.get(oids.extendedKeyUsage);
  const basic = extensions.get(oids.basicConstraints);
  const identifier = extensions.get(oids.authorityKeyIdentifier);
  return {
    ...outer,
    serial: hexOf(serial),
    issuer: expected(issuer, tag.sequence).whole,
    subject: expected(subject, tag.sequence).whole,
    notBefore: dateOf(notBefore),
    notAfter: dateOf(notAfter),
    publicKey: expected(publicKey, tag.sequence).whole,
    names: namesOf(expected(subject, tag.sequence), extensions),
    authority:
      basic !== undefined &&
      inside(basic).some((field) => field.contents[0] === 0xff && field.tag === tag.boolean),
    purposes: purposes === undefined ? undefined : inside(purposes).flatMap(purposeOf),
    keyIdentifier: contentsOf(extensions.get(oids.subjectKeyIdentifier)),
    issuerKeyIdentifier: identifier && inside(identifier).find((field) => field.tag === context(0))?.contents,
  };
}

export function readRequest(der: Uint8Array): Request {
  const outer = readSigned(der);
  const [, subject, publicKey, attributes] = inside(parse(outer.signed));
  const asked = inside(attributes, contextual(0)).map((attribute) => inside(attribute));
  const wish = asked.find(([type]) => oidOf(type) === oids.extensionRequest)?.[1];
  return {
    ...outer,
    publicKey: expected(publicKey, tag.sequence).whole,
    names: namesOf(expected(subject, tag.sequence), extensionList(wish && inside(wish, tag.set)[0])),
  };
}

export function readRevocationList(der: Uint8Array): RevocationList {
  const outer = readSigned(der);
  const fields = inside(parse(outer.signed));
  if (fields[0]?.tag === tag.integer) fields.shift();
  const [, issuer, thisUpdate, ...rest] = fields;
  const isTime = (value: Value | undefined) =>
    value?.tag === tag.utcTime || value?.tag === tag.generalizedTime;
  const nextUpdate = isTime(rest[0]) ? rest.shift() : undefined;
  const entries = rest[0]?.tag === tag.sequence ? inside(rest[0]) : [];
  const number = extensionsOf(rest.find((field) => field.tag === contextual(0))).get(oids.crlNumber);
  return {
    ...outer,
    issuer: expected(issuer, tag.sequence).whole,
    thisUpdate: dateOf(thisUpdate),
    nextUpdate: nextUpdate === undefined ? undefined : dateOf(nextUpdate),
    number: number === undefined ? undefined : BigInt(`0x${hexOf(number)}`),
    revoked: new Set(entries.map((entry) => hexOf(inside(entry)[0]))),
  };
}

function readSigned(der: Uint8Array): Signed {
  const [signed, algorithm, signature] = inside(parse(der));
  return {
    der: Buffer.from(der),
    signed: expected(signed, tag.sequence).whole,
    algorithm: oidOf(inside(algorithm)[0]),
    signature: bitsOf(signature),
  };
}

function hexOf(value: Value | undefined): string {
  return expected(value, tag.integer)
    .contents.toString('hex')
    .replace(/^0+(?=.)/, '');
}

function contentsOf(value: Value | undefined): Buffer | undefined {
  return value && expected(value, tag.octets).contents;
}

function extensionsOf(field: Value | undefined): Map<string, Value> {
  return extensionList(field && inside(field, field.tag)[0]);
}

/** Each extension's value by its kind; one that is there twice makes it no certificate (RFC 5280, 4.2). */
function extensionList(list: Value | undefined): Map<string, Value> {
  const found = new Map<string, Value>();
  for (const extension of list === undefined ? [] : inside(list)) {
    const parts = inside(extension);
    const kind = oidOf(parts[0]);
    if (found.has(kind)) throw new DerError('an extension is there twice');
    found.set(kind, parse(expected(parts.at(-1), tag.octets).contents));
  }
  return found;
}

function purposeOf(value: Value): Purpose[] {
  const kind = oidOf(value);
  if (kind === oids.serverAuth) return ['server'];
  return kind === oids.clientAuth ? ['client'] : [];
}

function namesOf(subject: Value, extensions: Map<string, Value>): Names {
  const common = inside(subject)
    .flatMap((part) => inside(part, tag.set))
    .map((part) => inside(part))
    .find(([type]) => oidOf(type) === oids.commonName)?.[1];
  const alternative = extensions.get(oids.subjectAltName);
  const all = alternative === undefined ? [] : inside(alternative);
  const of = (number: number) =>
    all.filter((name) => name.tag === context(number)).map(({ contents }) => contents);
  return {
    commonName: common?.contents.toString('utf8'),
    dns: of(2).map((bytes) => bytes.toString('latin1')),
    ip: of(7).map(addressOf),
    uri: of(6).map((bytes) => bytes.toString('latin1')),
  };
}

function addressOf(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) throw new DerError('an IP address is none');
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(2 * at).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** The bytes of an address, for a name of it. */
export function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const front = head.split(':').filter((group) => group !== '');
  const back = tail?.split(':').filter((group) => group !== '') ?? [];
  const middle = new Array<string>(8 - front.length - back.length).fill('0');
  return Buffer.from([...front, ...middle, ...back].map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** Signature algorithms by which we let ourselves be convinced, with their hashes. */
const hashes: Readonly<Record<string, string | null>> = {
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.3.101.112': null,
  '1.3.101.113': null,
};

/** Whether it was signed with the private key of this public one, by an algorithm that is still worth something. */
export function signedBy({ signed, algorithm, signature }: Signed, publicKey: Uint8Array): boolean {
  const hash = hashes[algorithm];
  if (hash === undefined) return false;
  try {
    return verify(hash, signed, keyOf(publicKey), signature);
  } catch {
    // A key of another kind than the algorithm's.
    return false;
  }
}

/** @throws Error for what is no public key */
export function keyOf(publicKey: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
}

/** A public key's identifier: the first 160 bits of SHA-256 over the key itself (RFC 7093, 2, method 1). */
export function keyIdentifierOf(publicKey: Uint8Array): Buffer {
  const key = bitsOf(inside(parse(publicKey))[1]);
  return createHash('sha256').update(key).digest().subarray(0, 20);
}

export function fingerprintOf(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('hex');
}
