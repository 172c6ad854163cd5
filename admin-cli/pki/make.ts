/** What the authority signs, in DER: its own certificate, others' certificates, and its list of revoked ones (RFC 5280). */
import { randomBytes } from 'node:crypto';
import {
  bitString,
  context,
  contextual,
  integer,
  numberFrom,
  octets,
  oid,
  sequence,
  set,
  tag,
  time,
  tlv,
  utf8,
  yes,
} from '../../module/certificates/der.ts';
import { ecdsaWithSha256, keyIdentifierOf } from '../../module/certificates/signatures.ts';
import { addressBytes, type Names, oids, type Purpose } from '../../module/certificates/x509.ts';

const algorithm = sequence(oid(ecdsaWithSha256));

/** Puts a signature to what was signed. */
export function withSignature(signed: Uint8Array, signature: Uint8Array): Buffer {
  return sequence(signed, algorithm, bitString(signature));
}

/** Nobody is called anything but by a common name; without one the subject is empty, and the other names are critical. */
export function subjectOf(commonName: string | undefined): Buffer {
  if (commonName === undefined) return sequence();
  return sequence(set(sequence(oid(oids.commonName), utf8(commonName))));
}

/** 128 bits of which 126 are random: always positive, and always as long. */
export function newSerial(): Buffer {
  const serial = randomBytes(16);
  serial.writeUInt8((serial.readUInt8(0) & 0x7f) | 0x40, 0);
  return serial;
}

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

interface Subject extends Validity {
  readonly serial: Uint8Array;
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly publicKey: Uint8Array;
}

function certificate(about: Subject, extensions: readonly Uint8Array[]): Buffer {
  return sequence(
    tlv(contextual(0), integer(2)),
    integer(about.serial),
    algorithm,
    about.issuer,
    sequence(time(about.notBefore), time(about.notAfter)),
    about.subject,
    about.publicKey,
    tlv(contextual(3), sequence(...extensions)),
  );
}

function extension(kind: string, critical: boolean, value: Uint8Array): Buffer {
  return sequence(oid(kind), ...(critical ? [yes] : []), octets(value));
}

const keyIdentifier = (publicKey: Uint8Array) =>
  extension(oids.subjectKeyIdentifier, false, octets(keyIdentifierOf(publicKey)));

const issuerIdentifier = (identifier: Uint8Array) =>
  extension(oids.authorityKeyIdentifier, false, sequence(tlv(context(0), identifier)));

/** An authority's own certificate, under which there is no other authority. */
export function rootCertificate(name: string, publicKey: Uint8Array, validity: Validity): Buffer {
  const subject = subjectOf(name);
  return certificate({ ...validity, serial: newSerial(), issuer: subject, subject, publicKey }, [
    extension(oids.basicConstraints, true, sequence(yes, integer(0))),
    // keyCertSign and cRLSign.
    extension(oids.keyUsage, true, bitString(Buffer.of(0x06), 1)),
    keyIdentifier(publicKey),
  ]);
}

export interface Wish {
  readonly names: Names;
  readonly purpose: Purpose;
  readonly publicKey: Uint8Array;
}

/** The certificate of a server or a client. */
export function leafCertificate(
  { names, purpose, publicKey }: Wish,
  issuer: { readonly subject: Uint8Array; readonly keyIdentifier: Uint8Array },
  validity: Validity,
): Buffer {
  const others = [
    ...names.dns.map((name) => tlv(context(2), Buffer.from(name, 'latin1'))),
    ...names.uri.map((name) => tlv(context(6), Buffer.from(name, 'latin1'))),
    ...names.ip.map((address) => tlv(context(7), addressBytes(address))),
  ];
  const subject = subjectOf(names.commonName);
  return certificate({ ...validity, serial: newSerial(), issuer: issuer.subject, subject, publicKey }, [
    extension(oids.basicConstraints, true, sequence()),
    // digitalSignature.
    extension(oids.keyUsage, true, bitString(Buffer.of(0x80), 7)),
    extension(
      oids.extendedKeyUsage,
      false,
      sequence(oid(purpose === 'server' ? oids.serverAuth : oids.clientAuth)),
    ),
    ...(others.length === 0
      ? []
      : [extension(oids.subjectAltName, names.commonName === undefined, sequence(...others))]),
    keyIdentifier(publicKey),
    issuerIdentifier(issuer.keyIdentifier),
  ]);
}

/** Why a certificate is no longer good, with the numbers of RFC 5280, 5.3.1. */
export const reasons = {
  unspecified: 0,
  'key-compromise': 1,
  'affiliation-changed': 3,
  superseded: 4,
  'cessation-of-operation': 5,
  'privilege-withdrawn': 9,
} as const;
export type Reason = keyof typeof reasons;

export interface Revocation {
  readonly serial: string;
  readonly at: Date;
  readonly reason: Reason;
}

export function revocationList(
  issuer: { readonly subject: Uint8Array; readonly keyIdentifier: Uint8Array },
  number: number,
  revoked: readonly Revocation[],
  thisUpdate: Date,
  nextUpdate: Date,
): Buffer {
  const entries = revoked.map(({ serial, at, reason }) =>
    sequence(
      numberFrom(serial),
      time(at),
      // A reason that says nothing is left out.
      ...(reason === 'unspecified'
        ? []
        : [sequence(extension(oids.reasonCode, false, integer(reasons[reason], tag.enumerated)))]),
    ),
  );
  return sequence(
    integer(1),
    algorithm,
    issuer.subject,
    time(thisUpdate),
    time(nextUpdate),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
    tlv(
      contextual(0),
      sequence(issuerIdentifier(issuer.keyIdentifier), extension(oids.crlNumber, false, integer(number))),
    ),
  );
}
