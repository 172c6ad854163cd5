/** Certificates and requests for them, read from DER as far as we need to know them (RFC 5280, RFC 2986). */
import { createHash } from 'node:crypto';
import { isIPv4 } from 'node:net';
import {
  context,
  contextual,
  DerError,
  dateOf,
  expected,
  inside,
  numberOf,
  oidOf,
  parse,
  tag,
  type Value,
} from './der.ts';
import { readSigned, type Signed } from './signatures.ts';

export const oids = {
  commonName: '2.5.4.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  deltaCrlIndicator: '2.5.29.27',
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

/** What every reader of a certificate wants to know. */
export interface Fields {
  /** In lower-case hex, without leading zeros. */
  readonly serial: string;
  /** DER. */
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly extensions: Extensions;
}

/** Each extension's value in DER by its kind. */
export type Extensions = ReadonlyMap<string, Buffer>;

export interface Certificate extends Signed, Omit<Fields, 'extensions'> {
  readonly der: Buffer;
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

/** A certificate's fields behind its version, as they follow each other. */
function bodyOf(signed: Buffer): readonly Value[] {
  const fields = inside(parse(signed));
  // A version, unless it is the first.
  return fields[0]?.tag === contextual(0) ? fields.slice(1) : fields;
}

function fieldsIn([serial, , issuer, , subject, , ...rest]: readonly Value[]): Fields {
  return {
    serial: numberOf(serial),
    issuer: expected(issuer, tag.sequence).whole,
    subject: expected(subject, tag.sequence).whole,
    // Behind the key may come two numbers that nobody uses, and the extensions.
    extensions: extensionsOf(
      rest.find((field) => field.tag === contextual(3)),
      contextual(3),
    ),
  };
}

/** @throws DerError */
export function readFields(certificate: Uint8Array): Fields {
  return fieldsIn(bodyOf(readSigned(certificate).signed));
}

/** @throws DerError */
export function readCertificate(der: Uint8Array): Certificate {
  const outer = readSigned(der);
  const body = bodyOf(outer.signed);
  const { serial, issuer, subject, extensions } = fieldsIn(body);
  const [, , , validity, , publicKey] = body;
  const [notBefore, notAfter] = inside(validity);
  const known = (kind: string) => {
    const value = extensions.get(kind);
    return value === undefined ? undefined : parse(value);
  };
  const purposes = known(oids.extendedKeyUsage);
  const basic = known(oids.basicConstraints);
  const identifier = known(oids.authorityKeyIdentifier);
  return {
    ...outer,
    der: Buffer.from(der),
    serial,
    issuer,
    subject,
    notBefore: dateOf(notBefore),
    notAfter: dateOf(notAfter),
    publicKey: expected(publicKey, tag.sequence).whole,
    names: namesOf(subject, extensions),
    authority:
      basic !== undefined &&
      inside(basic).some((field) => field.contents[0] === 0xff && field.tag === tag.boolean),
    purposes: purposes === undefined ? undefined : inside(purposes).flatMap(purposeOf),
    keyIdentifier: contentsOf(known(oids.subjectKeyIdentifier)),
    issuerKeyIdentifier: identifier && inside(identifier).find((field) => field.tag === context(0))?.contents,
  };
}

/** @throws DerError */
export function readRequest(der: Uint8Array): Request {
  const outer = readSigned(der);
  const [, subject, publicKey, attributes] = inside(parse(outer.signed));
  const asked = inside(attributes, contextual(0)).map((attribute) => inside(attribute));
  const wish = asked.find(([type]) => oidOf(type) === oids.extensionRequest)?.[1];
  return {
    ...outer,
    publicKey: expected(publicKey, tag.sequence).whole,
    names: namesOf(expected(subject, tag.sequence).whole, extensionsOf(wish, tag.set)),
  };
}

function contentsOf(value: Value | undefined): Buffer | undefined {
  return value && expected(value, tag.octets).contents;
}

/**
 * The extensions that are wrapped in a value of this kind; one that is there twice makes it no certificate (RFC 5280, 4.2). What is in one is for
 * him to read who knows it: some that others have thought of hold plain text.
 */
export function extensionsOf(wrapping: Value | undefined, kind: number): Extensions {
  const found = new Map<string, Buffer>();
  if (wrapping === undefined) return found;
  const [list, ...more] = inside(wrapping, kind);
  if (more.length > 0) throw new DerError('something follows behind the extensions');
  for (const extension of inside(list)) {
    const parts = inside(extension);
    const name = oidOf(parts[0]);
    if (found.has(name)) throw new DerError('an extension stands there twice');
    found.set(name, expected(parts.at(-1), tag.octets).contents);
  }
  return found;
}

function purposeOf(value: Value): Purpose[] {
  const kind = oidOf(value);
  if (kind === oids.serverAuth) return ['server'];
  return kind === oids.clientAuth ? ['client'] : [];
}

function namesOf(subject: Buffer, extensions: Extensions): Names {
  const common = inside(parse(subject))
    .flatMap((part) => inside(part, tag.set))
    .map((part) => inside(part))
    .find(([type]) => oidOf(type) === oids.commonName)?.[1];
  const alternative = extensions.get(oids.subjectAltName);
  const all = alternative === undefined ? [] : inside(parse(alternative));
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

export function fingerprintOf(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('hex');
}
