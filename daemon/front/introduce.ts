/** A handshake is over: who is it, and may he come in? */
import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { DerError } from '../../module/certificates/der.ts';
import { oids, readFields } from '../../module/certificates/x509.ts';
import { type Principal, packPrincipal, unpackPrincipal } from '../../module/lane/principal.ts';
import { NameError, namesOf } from './names.ts';
import type { Refusal } from './refusals.ts';
import type { Path, Trust } from './trust.ts';

/** More than anybody sends between his certificate and its authority. */
const SENT_MOST = 10;

export interface Known {
  readonly principal: Principal;
  readonly path: Path;
}

/** Why somebody does not come in. */
export interface Unknown {
  readonly reason: Refusal;
  readonly words: string;
  readonly fingerprint?: string;
}

/** What OpenSSL calls the reasons for which it does not take a certificate; any other is that it does not follow from an authority. */
const codes: Readonly<Record<string, readonly [reason: Refusal, words: string]>> = {
  CERT_HAS_EXPIRED: ['expired', 'its certificate, or one above it, has expired'],
  CERT_NOT_YET_VALID: ['not_yet_valid', 'its certificate, or one above it, is not valid yet'],
  CERT_REVOKED: ['revoked', 'its certificate, or one above it, is revoked'],
  UNABLE_TO_GET_CRL: ['no_list', 'network.crl has no list of its authority, or of one above it'],
  CRL_HAS_EXPIRED: ['no_list', 'the list of its authority in network.crl is out of date'],
  CRL_NOT_YET_VALID: ['no_list', 'the list of its authority in network.crl is not valid yet'],
  INVALID_PURPOSE: ['purpose', 'its certificate is not for clients'],
};

const failings: Readonly<Record<string, string>> = {
  untrusted: 'its certificate is from no authority in network.client_ca',
  expired: codes.CERT_HAS_EXPIRED?.[1] ?? '',
  not_yet_valid: codes.CERT_NOT_YET_VALID?.[1] ?? '',
  revoked: codes.CERT_REVOKED?.[1] ?? '',
};

/** In words for the log. */
export function failingWords(failing: string): string {
  return failings[failing] ?? failing;
}

export function introduce(socket: TLSSocket, trust: Trust, address: string): Known | Unknown {
  const leaf = socket.getPeerX509Certificate();
  if (leaf === undefined) return { reason: 'no_certificate', words: 'it showed no certificate' };
  const fingerprint = fingerprintOf(leaf);
  const not = (reason: Refusal, words: string): Unknown => ({ reason, words, fingerprint });
  if (!socket.authorized) {
    const code = String(socket.authorizationError);
    const [reason, words] = codes[code] ?? ['untrusted', `its certificate does not hold (${code})`];
    return not(reason, words);
  }
  // Without the extension a certificate is for every purpose (RFC 5280, 4.2.1.12).
  if (leaf.keyUsage !== undefined && !leaf.keyUsage.includes(oids.clientAuth))
    return not('purpose', 'its certificate is not for clients');
  if (leaf.ca) return not('purpose', 'its certificate is an authority’s');
  if (socket.alpnProtocol !== 'h2') return not('protocol', 'it did not ask for HTTP/2 (ALPN)');
  try {
    // Files may have been read since the handshake began.
    const path = trust.pathOf(leaf, sentBy(leaf));
    const failing = path === undefined ? 'untrusted' : trust.failing(path, Date.now());
    if (path === undefined || failing !== undefined)
      return not(failing ?? 'untrusted', failingWords(failing ?? 'untrusted'));
    const principal = { names: namesOf(readFields(leaf.raw)), fingerprint, address };
    if (unpackPrincipal(packPrincipal(principal)) === undefined)
      return not('name', 'the names in its certificate are too many or too long');
    return { principal, path };
  } catch (error) {
    if (!(error instanceof NameError || error instanceof DerError)) throw error;
    return not('name', `its certificate names nobody: ${error.message}`);
  }
}

function fingerprintOf({ fingerprint256 }: X509Certificate): string {
  return fingerprint256.replaceAll(':', '').toLowerCase();
}

function sentBy(leaf: X509Certificate): X509Certificate[] {
  const sent: X509Certificate[] = [];
  for (
    let at = leaf.issuerCertificate;
    at !== undefined && sent.length < SENT_MOST;
    at = at.issuerCertificate
  )
    sent.push(at);
  return sent;
}
