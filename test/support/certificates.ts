/**
 * Authorities, certificates and lists of revoked ones, made by the test that needs them: at once, without a file or a program. What a
 * proper authority would never write can be made as well.
 */
import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';

/** DER, written: a tag, a length, and what is inside. */
export function der(tag: number, ...inside: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(inside);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const digits = Buffer.from(
    length.toString(16).padStart(2 * Math.ceil(length.toString(16).length / 2), '0'),
    'hex',
  );
  return Buffer.concat([Buffer.of(tag, 0x80 | digits.length), digits, content]);
}

const sequence = (...inside: readonly Uint8Array[]) => der(0x30, ...inside);
const set = (...inside: readonly Uint8Array[]) => der(0x31, ...inside);
const boolean = (value: boolean) => der(0x01, Buffer.of(value ? 0xff : 0));
const octets = (inside: Uint8Array) => der(0x04, inside);
const bits = (inside: Uint8Array, unused = 0) => der(0x03, Buffer.of(unused), inside);
const explicit = (number: number, inside: Uint8Array) => der(0xa0 | number, inside);

function integer(bytes: Uint8Array): Buffer {
  let from = 0;
  while (from < bytes.length - 1 && bytes[from] === 0) from++;
  const digits = bytes.subarray(from);
  return der(0x02, (digits[0] ?? 0) >= 0x80 ? Buffer.of(0) : Buffer.of(), digits);
}

export function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const digits = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      digits.unshift(0x80 | (left % 128));
    return digits;
  });
  return der(0x06, Buffer.from(bytes));
}

/** UTCTime until 2049, GeneralizedTime from then on (RFC 5280, 4.1.2.5). */
function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '');
  return date.getUTCFullYear() < 2050
    ? der(0x17, Buffer.from(digits.slice(2)))
    : der(0x18, Buffer.from(digits));
}

const attributes: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  L: '2.5.4.7',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  DC: '0.9.2342.19200300.100.1.25',
};

/** An attribute of a name: its type by its short name or as numbers, and its value as a text or as DER. */
export type NamePart = readonly [type: string, value: string | Uint8Array];

/** A name: each entry is a part, or several parts that belong together. */
export type Parts = readonly (NamePart | readonly NamePart[])[];

export function name(parts: Parts): Buffer {
  const isPart = (entry: NamePart | readonly NamePart[]): entry is NamePart => typeof entry[0] === 'string';
  return sequence(
    ...parts.map((entry) => {
      const together = (isPart(entry) ? [entry] : entry).map(([type, value]) =>
        sequence(
          oid(attributes[type] ?? type),
          typeof value === 'string' ? der(0x0c, Buffer.from(value)) : value,
        ),
      );
      return set(...together.sort(Buffer.compare));
    }),
  );
}

/** A URI and a DNS name as they stand among a certificate's other names. */
export const uriName = (text: string | Uint8Array) => der(0x86, Buffer.from(text as string));
export const dnsName = (text: string | Uint8Array) => der(0x82, Buffer.from(text as string));

const purposes = { client: '1.3.6.1.5.5.7.3.2', server: '1.3.6.1.5.5.7.3.1', any: '2.5.29.37.0' } as const;

/** What shall stand in a certificate. */
export interface Wish {
  /** Empty for none. */
  readonly subject?: Parts;
  readonly spiffe?: readonly string[];
  readonly dns?: readonly string[];
  /** IPv4 addresses. */
  readonly ip?: readonly string[];
  /** Further names as DER. */
  readonly names?: readonly Uint8Array[];
  /** For clients where nothing is said; without the extension where it is empty. */
  readonly purposes?: readonly (keyof typeof purposes)[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** An authority. */
  readonly ca?: boolean;
  /** Further extensions, as DER. */
  readonly extensions?: readonly Uint8Array[];
}

/** A certificate with its key. */
export interface Identity {
  /** PEM, with the certificates between it and the root behind it. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
  readonly x509: X509Certificate;
}

const DAY_MS = 86_400_000;
/** ecdsa-with-SHA256 */
const algorithm = sequence(oid('1.2.840.10045.4.3.2'));

function pem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function newKeys(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

/** What identifies a key: the beginning of a hash over it. */
function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()
    .subarray(0, 20);
}

export function extension(type: string, critical: boolean, value: Uint8Array): Buffer {
  return sequence(oid(type), ...(critical ? [boolean(true)] : []), octets(value));
}

/** When a list of revoked certificates was made, and until when it is good. */
export interface ListTimes {
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date;
  readonly extensions?: readonly Uint8Array[];
}

export class Authority {
  /** PEM: its own certificate alone. */
  readonly certificate: string;
  readonly x509: X509Certificate;
  readonly #name: Buffer;
  readonly #privateKey: KeyObject;
  readonly #identifier: Buffer;
  /** PEM of those between its certificates and the root. */
  readonly #between: string;
  readonly #revoked: Buffer[] = [];

  /** A root, or one that `above` vouches for. */
  constructor(commonName: string, above?: Authority, wish: Wish = {}) {
    const subject: Parts = [['CN', commonName]];
    const { publicKey, privateKey } = newKeys();
    this.#name = name(subject);
    this.#privateKey = privateKey;
    this.#identifier = keyIdentifier(publicKey);
    const bytes = (above ?? this).#sign(publicKey, { purposes: [], ...wish, subject, ca: true });
    this.x509 = new X509Certificate(bytes);
    this.certificate = pem('CERTIFICATE', bytes);
    this.#between = above === undefined ? '' : this.certificate + above.#between;
  }

  issue(wish: Wish): Identity {
    const { publicKey, privateKey } = newKeys();
    const bytes = this.#sign(publicKey, wish);
    return {
      certificate: pem('CERTIFICATE', bytes) + this.#between,
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      x509: new X509Certificate(bytes),
    };
  }

  /** It stands on the lists made from now on. */
  revoke(certificate: Pick<X509Certificate, 'serialNumber'>): void {
    this.#revoked.push(Buffer.from(certificate.serialNumber, 'hex'));
  }

  /** PEM of the list of those that were revoked. */
  list({ thisUpdate, nextUpdate, extensions = [] }: ListTimes = {}): string {
    const from = thisUpdate ?? new Date(Date.now() - DAY_MS);
    const revoked = Buffer.concat(this.#revoked.map((serial) => sequence(integer(serial), time(from))));
    const body = sequence(
      integer(Buffer.of(1)),
      algorithm,
      this.#name,
      time(from),
      time(nextUpdate ?? new Date(Date.now() + DAY_MS)),
      ...(revoked.length > 0 ? [sequence(revoked)] : []),
      explicit(
        0,
        sequence(
          extension('2.5.29.35', false, sequence(der(0x80, this.#identifier))),
          extension('2.5.29.20', false, integer(Buffer.concat([Buffer.of(1), randomBytes(7)]))),
          ...extensions,
        ),
      ),
    );
    return pem('X509 CRL', this.#signed(body));
  }

  #signed(body: Uint8Array): Buffer {
    return sequence(body, algorithm, bits(sign('sha256', body, this.#privateKey)));
  }

  #sign(publicKey: KeyObject, wish: Wish): Buffer {
    const names = [
      ...(wish.spiffe ?? []).map((text) => uriName(text)),
      ...(wish.dns ?? []).map((text) => dnsName(text)),
      ...(wish.ip ?? []).map((text) => der(0x87, Buffer.from(text.split('.').map(Number)))),
      ...(wish.names ?? []),
    ];
    const { ca = false, purposes: wanted = ['client'] } = wish;
    const subject = name(wish.subject ?? []);
    const extensions = [
      extension('2.5.29.19', true, ca ? sequence(boolean(true)) : sequence()),
      extension('2.5.29.14', false, octets(keyIdentifier(publicKey))),
      extension('2.5.29.35', false, sequence(der(0x80, this.#identifier))),
      // digitalSignature for all, keyCertSign and cRLSign for an authority.
      extension('2.5.29.15', true, ca ? bits(Buffer.of(0x86), 1) : bits(Buffer.of(0x80), 7)),
      ...(wanted.length > 0
        ? [extension('2.5.29.37', false, sequence(...wanted.map((one) => oid(purposes[one]))))]
        : []),
      ...(names.length > 0 ? [extension('2.5.29.17', false, sequence(...names))] : []),
      ...(wish.extensions ?? []),
    ];
    return this.#signed(
      sequence(
        explicit(0, integer(Buffer.of(2))),
        integer(Buffer.concat([Buffer.of(0x01), randomBytes(15)])),
        algorithm,
        this.#name,
        sequence(
          time(wish.notBefore ?? new Date(Date.now() - DAY_MS)),
          time(wish.notAfter ?? new Date(Date.now() + DAY_MS)),
        ),
        subject,
        publicKey.export({ type: 'spki', format: 'der' }),
        explicit(3, sequence(...extensions)),
      ),
    );
  }
}
