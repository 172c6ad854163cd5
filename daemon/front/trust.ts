/**
 * Whom the door lets in: what stands in the files that the configuration names. OpenSSL holds a handshake against it; afterwards a connection is held
 * against it again, here, whenever it may have changed.
 */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { DerError } from '../../module/certificates/der.ts';
import { fromPem } from '../../module/certificates/pem.ts';
import { type RevocationList, readRevocationList } from '../../module/certificates/revocation.ts';
import { isJudged, signedBy } from '../../module/certificates/signatures.ts';
import { type Fields, readFields } from '../../module/certificates/x509.ts';
import type { NetworkConfig } from '../../module/engine/public.ts';
import { NameError } from './names.ts';

/** Files that cannot be used, in words for the log. */
export class TrustError extends Error {
  override readonly name = 'TrustError';
}

export type Files = Pick<NetworkConfig, 'certificate' | 'key' | 'clientCa' | 'crl'>;

interface Anchor {
  readonly x509: X509Certificate;
  readonly link: Link;
}

/** A certificate, as far as it is looked at again. */
interface Link {
  /** Its name in DER, in hex: what lists are found by. */
  readonly issuer: string;
  readonly serial: string;
  readonly from: number;
  readonly to: number;
}

/** How a client’s certificate follows from an authority of ours. */
export interface Path {
  /** From the client’s own to the one below the authority. */
  readonly links: readonly Link[];
  /** The authority’s name and key: another certificate for both is as good. */
  readonly anchor: string;
}

/** Why one does not hold. */
export type Failing = 'untrusted' | 'expired' | 'not_yet_valid' | 'revoked';

/** OpenSSL’s SSL_OP_NO_TICKET: what was checked once must not be taken for checked at the next handshake. */
const NO_TICKET = 0x4000;
const PATH_MOST = 10;

function linkOf(x509: X509Certificate, { issuer, serial }: Fields): Link {
  return { issuer: hex(issuer), serial, from: x509.validFromDate.getTime(), to: x509.validToDate.getTime() };
}

function anchorOf(x509: X509Certificate, { subject }: Fields): string {
  const key = x509.publicKey.export({ type: 'spki', format: 'der' });
  return `${hex(subject)}:${createHash('sha256').update(key).digest('hex')}`;
}

export class Trust {
  /** What node:tls needs. */
  readonly context: SecureContextOptions;
  /** What does not keep the door from working, but somebody should know. */
  readonly warnings: readonly string[];
  /** The roots, and what stands between them and clients. */
  readonly #anchors = new Map<string, Anchor[]>();
  readonly #between: X509Certificate[] = [];
  readonly #bySubject = new Map<string, X509Certificate[]>();
  readonly #revoked = new Map<string, ReadonlySet<string>[]>();

  /** @throws TrustError where a file cannot be used */
  constructor(files: Files) {
    const warnings: string[] = [];
    const chain = certificatesIn(files.certificate, 'network.certificate');
    const key = keyIn(files.key, chain[0] as X509Certificate);
    if (!inTime(chain[0] as X509Certificate))
      warnings.push(
        `network.certificate: ${files.certificate} does not hold at this moment, so clients will refuse it`,
      );
    if ((statSync(files.key).mode & 0o007) !== 0)
      warnings.push(`network.key: ${files.key} can be read by everybody on this machine`);
    const authorities = certificatesIn(files.clientCa, 'network.client_ca');
    for (const x509 of authorities) this.#addAuthority(x509, authorities, files.clientCa, warnings);
    const lists = files.crl === '' ? [] : blocksIn(files.crl, 'X509 CRL', 'network.crl');
    if (files.crl !== '') this.#addLists(lists, files.crl, warnings);
    this.context = {
      cert: chain.map(String).join(''),
      key,
      ca: authorities.map(String),
      ...(lists.length > 0 ? { crl: lists } : {}),
      minVersion: 'TLSv1.3',
      maxVersion: 'TLSv1.3',
      secureOptions: NO_TICKET,
    };
    try {
      createSecureContext(this.context);
    } catch (error) {
      throw new TrustError(
        `network.certificate, network.key, network.client_ca, network.crl: ${wordsOf(error)}`,
      );
    }
    this.warnings = warnings;
  }

  /**
   * How a certificate follows from an authority of ours; undefined where it does not.
   * @param sent what the client sent along
   */
  pathOf(leaf: X509Certificate, sent: readonly X509Certificate[]): Path | undefined {
    const links: Link[] = [];
    const between = [...this.#between, ...sent.filter(({ ca }) => ca)];
    for (let at: X509Certificate | undefined = leaf; at !== undefined && links.length < PATH_MOST; ) {
      const below: X509Certificate = at;
      const fields = readFields(below.raw);
      links.push(linkOf(below, fields));
      for (const [anchor, [one]] of this.#anchors)
        if (one !== undefined && isAbove(one.x509, below)) return { links, anchor };
      at = between.find((one) => isAbove(one, below) && !isAbove(one, one));
    }
    return undefined;
  }

  /** Whether it holds now; undefined when it does. */
  failing({ links, anchor }: Path, now: number): Failing | undefined {
    const anchors = this.#anchors.get(anchor);
    if (anchors === undefined) return 'untrusted';
    if (links.some((link) => this.#isRevoked(link))) return 'revoked';
    if (!anchors.some(({ link }) => !this.#isRevoked(link))) return 'revoked';
    if (links.some(({ to }) => now > to) || !anchors.some(({ link }) => now <= link.to)) return 'expired';
    return links.some(({ from }) => now < from) ? 'not_yet_valid' : undefined;
  }

  /** Until when it holds, if nothing else happens. */
  endOf({ links, anchor }: Path): number {
    const anchors = this.#anchors.get(anchor) ?? [];
    return Math.min(...links.map(({ to }) => to), Math.max(0, ...anchors.map(({ link }) => link.to)));
  }

  #addAuthority(
    x509: X509Certificate,
    all: readonly X509Certificate[],
    file: string,
    warnings: string[],
  ): void {
    if (!x509.ca)
      throw new TrustError(`network.client_ca: in ${file} is a certificate that is no authority’s`);
    if (!inTime(x509))
      warnings.push(`network.client_ca: in ${file} is one that does not hold at this moment`);
    const fields = readable(() => readFields(x509.raw), `network.client_ca: ${file}`);
    push(this.#bySubject, hex(fields.subject), x509);
    if (isAbove(x509, x509))
      push(this.#anchors, anchorOf(x509, fields), { x509, link: linkOf(x509, fields) });
    else if (all.some((one) => isAbove(one, x509))) this.#between.push(x509);
    else
      throw new TrustError(
        `network.client_ca: in ${file} is an authority without the one above it: a root must stand there too`,
      );
  }

  #addLists(blocks: readonly string[], file: string, warnings: string[]): void {
    const issuers = new Set<string>();
    for (const block of blocks) {
      const list = readable(() => readRevocationList(bytesOf(block)), `network.crl: ${file}`);
      if (!this.#isGenuine(list))
        throw new TrustError(`network.crl: in ${file} is a list that its authority has not signed`);
      if (list.nextUpdate !== undefined && list.nextUpdate.getTime() < Date.now())
        warnings.push(
          `network.crl: in ${file} is a list that was good until ${list.nextUpdate.toISOString()}; nobody of its authority gets in before there is a newer one`,
        );
      const issuer = hex(list.issuer);
      issuers.add(issuer);
      push(this.#revoked, issuer, list.revoked);
    }
    for (const [subject, anchors] of this.#bySubject)
      if (!issuers.has(subject) || anchors.some((one) => !issuers.has(hex(readFields(one.raw).issuer))))
        warnings.push(
          `network.crl: in ${file} there is no list of an authority in network.client_ca, or of one above it; nobody of it gets in`,
        );
  }

  /** One of an authority that clients will show us is checked when they do. */
  #isGenuine(list: RevocationList): boolean {
    const signers = this.#bySubject.get(hex(list.issuer));
    if (signers === undefined || !isJudged(list)) return true;
    return signers.some((one) => signedBy(list, one.publicKey));
  }

  #isRevoked({ issuer, serial }: Link): boolean {
    return this.#revoked.get(issuer)?.some((serials) => serials.has(serial)) ?? false;
  }
}

function isAbove(above: X509Certificate, below: X509Certificate): boolean {
  return below.checkIssued(above) && below.verify(above.publicKey);
}

const hex = (bytes: Buffer): string => bytes.toString('hex');

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [value]);
  else there.push(value);
}

function inTime(x509: X509Certificate): boolean {
  const now = Date.now();
  return x509.validFromDate.getTime() <= now && now <= x509.validToDate.getTime();
}

function read(file: string, key: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    throw new TrustError(`${key}: ${file} can't be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** The blocks of PEM with this label; what stands between them is for people. */
function blocksIn(file: string, label: string, key: string): string[] {
  const text = read(file, key);
  const blocks = text.match(new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----`, 'g')) ?? [];
  if (blocks.length === 0 || blocks.length !== text.split(`-----BEGIN ${label}-----`).length - 1)
    throw new TrustError(`${key}: ${file} is no PEM with ${label}, or one of them is broken`);
  return blocks;
}

function bytesOf(block: string): Buffer {
  return fromPem('X509 CRL', block)[0] ?? Buffer.alloc(0);
}

function certificatesIn(file: string, key: string): X509Certificate[] {
  return blocksIn(file, 'CERTIFICATE', key).map((block) =>
    readable(() => new X509Certificate(block), `${key}: ${file}`),
  );
}

function keyIn(file: string, certificate: X509Certificate): string {
  const text = read(file, 'network.key');
  let fits: boolean;
  try {
    fits = certificate.checkPrivateKey(createPrivateKey(text));
  } catch {
    // What OpenSSL says of it is of no use, and nothing of a key goes into a log.
    throw new TrustError(`network.key: ${file} is no private key in PEM without a passphrase`);
  }
  if (!fits) throw new TrustError(`network.key: ${file} is not the key of network.certificate`);
  return text;
}

function wordsOf(error: unknown): string {
  if (error instanceof NameError || error instanceof DerError) return error.message;
  return (error as NodeJS.ErrnoException).code ?? 'OpenSSL does not take them';
}

function readable<T>(get: () => T, place: string): T {
  try {
    return get();
  } catch (error) {
    throw new TrustError(`${place} has something broken in it (${wordsOf(error)})`);
  }
}
