/**
 * What the authority has done, kept in the token beside its key: each certificate as it was signed, each revocation, and the number of the last list.
 * It is written before anything is handed out. Whoever has no PIN can neither see it nor add to it, and entries of certificates are never taken out.
 */

import { signedBy } from '../../module/certificates/signatures.ts';
import { type Certificate, readCertificate } from '../../module/certificates/x509.ts';
import { type AttributeValues, readIfThere, templateOf } from '../attributes.ts';
import { CryptokiFailure, type Module } from '../cryptoki.ts';
import { type Reason, type Revocation, reasons } from './make.ts';

const DATA = 0;
const application = 'strongroom pki';

/** The kinds of entries, which are their labels. */
const kinds = { issued: 'certificate', revoked: 'revocation', list: 'list' } as const;
type Kind = keyof typeof kinds;

export interface Ledger {
  /** By serial number. */
  readonly issued: ReadonlyMap<string, Certificate>;
  readonly revoked: ReadonlyMap<string, Revocation>;
  /** The lists that were begun, with the objects that say so; the highest number is the last. */
  readonly lists: readonly { readonly object: number; readonly number: number }[];
}

/** Whose ledger, and where. */
export interface Book {
  readonly module: Module;
  readonly session: number;
  readonly authority: Certificate;
}

export function readLedger({ module, session, authority }: Book): Ledger {
  const issued = new Map<string, Certificate>();
  const revoked = new Map<string, Revocation>();
  const lists: { object: number; number: number }[] = [];
  for (const { object, kind, value } of entries(module, session)) {
    if (kind === kinds.issued) {
      const certificate = readCertificate(value);
      if (signedBy(certificate, authority.publicKey)) issued.set(certificate.serial, certificate);
      continue;
    }
    const note = noteOf(value);
    if (note.authority !== authority.serial) continue;
    if (kind === kinds.revoked) revoked.set(note.serial, note);
    if (kind === kinds.list) lists.push({ object, number: note.number });
  }
  return { issued, revoked, lists };
}

function entries(
  module: Module,
  session: number,
): { readonly object: number; readonly kind: string; readonly value: Uint8Array }[] {
  return module.find(session, DATA).flatMap((object) => {
    const about = readIfThere(module, session, object, [
      'CKA_APPLICATION',
      'CKA_LABEL',
      'CKA_PRIVATE',
      'CKA_VALUE',
    ]);
    // A public object could be anybody's.
    if (about?.text('CKA_APPLICATION') !== application || !about.is('CKA_PRIVATE')) return [];
    return [{ object, kind: about.text('CKA_LABEL'), value: about.bytes('CKA_VALUE') ?? new Uint8Array(0) }];
  });
}

interface Note extends Revocation {
  readonly authority: string;
  readonly number: number;
}

function noteOf(value: Uint8Array): Note {
  const { authority, serial, at, reason, number } = JSON.parse(Buffer.from(value).toString()) as Record<
    string,
    unknown
  >;
  return {
    authority: String(authority),
    serial: String(serial),
    at: new Date(String(at)),
    reason: Object.keys(reasons).find((name): name is Reason => name === reason) ?? 'unspecified',
    number: Number(number ?? 0),
  };
}

function write({ module, session }: Book, kind: Kind, value: Uint8Array): number {
  const attributes: AttributeValues = {
    CKA_CLASS: DATA,
    CKA_TOKEN: true,
    CKA_PRIVATE: true,
    CKA_MODIFIABLE: false,
    CKA_DESTROYABLE: kind === 'list',
    CKA_APPLICATION: application,
    CKA_LABEL: kinds[kind],
    CKA_VALUE: value,
  };
  return module.createObject(session, templateOf(attributes));
}

function note(book: Book, more: object): Uint8Array {
  return Buffer.from(JSON.stringify({ authority: book.authority.serial, ...more }));
}

export function enterCertificate(book: Book, der: Uint8Array): void {
  write(book, 'issued', der);
}

export function enterRevocation(book: Book, { serial, at, reason }: Revocation): void {
  write(book, 'revoked', note(book, { serial, at: at.toISOString(), reason }));
}

/** Takes the next number for a list; the object that says so is what is returned. */
export function enterList(book: Book, number: number): number {
  return write(book, 'list', note(book, { number }));
}

/** Of lists, only the last number is worth keeping. */
export function forgetList({ module, session }: Book, object: number): void {
  try {
    module.destroyObject(session, object);
  } catch (error) {
    // Somebody else, at the same time, has.
    if (!(error instanceof CryptokiFailure && error.rvName === 'CKR_OBJECT_HANDLE_INVALID')) throw error;
  }
}
