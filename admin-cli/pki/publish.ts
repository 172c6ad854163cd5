/**
 * The authority's own files: its certificate, and the list of what it has revoked. A list takes its number in the ledger before it is signed, and
 * what was revoked meanwhile by somebody else is put into another one, so that the file that stays is never behind the ledger.
 */
import path from 'node:path';
import { fromPem, pem } from '../../module/certificates/pem.ts';
import { readRevocationList } from '../../module/certificates/revocation.ts';
import { readCertificate } from '../../module/certificates/x509.ts';
import { Problem } from '../problem.ts';
import { plain } from '../terminal.ts';
import type { Authority } from './authority.ts';
import { validUnder } from './desk.ts';
import { readText, replaceFile } from './files.ts';
import { enterList, forgetList, readLedger } from './ledger.ts';
import { revocationList } from './make.ts';

/** How often others may come between before something must be wrong. */
const MOST_TRIES = 20;

export const authorityFiles = { certificate: 'ca.pem', list: 'crl.pem' } as const;

export interface Published {
  readonly certificate: string;
  readonly list: string;
  readonly number: number;
  readonly revoked: number;
  readonly nextUpdate: Date;
}

/** Whether the files in a folder are this authority's, or not there. @throws Problem when they are another's */
export function mustBeOurs({ authority }: Authority, folder: string): void {
  const [certificate, list] = filesIn(folder);
  const [theirs] = fromPem('CERTIFICATE', readText(certificate) ?? '');
  const [listed] = fromPem('X509 CRL', readText(list) ?? '');
  const foreign =
    theirs !== undefined && !theirs.equals(authority.der)
      ? certificate
      : listed !== undefined && !readRevocationList(listed).issuer.equals(authority.subject)
        ? list
        : undefined;
  if (foreign === undefined) return;
  throw new Problem(
    `${plain(foreign)} is another authority’s; nothing was done`,
    'Each authority needs a folder of its own: --out DIR.',
  );
}

/** Puts the authority's certificate into a folder where it is not yet. */
export function putCertificate(book: Authority, folder: string): void {
  mustBeOurs(book, folder);
  const [certificate] = filesIn(folder);
  if (readText(certificate) === undefined)
    replaceFile(certificate, pem('CERTIFICATE', book.authority.der), 0o644);
}

/** @param days until the next list is due */
export function publish(book: Authority, folder: string, days: number): Published {
  const [certificate, list] = filesIn(folder);
  // Dated back like certificates: a door whose clock is a little behind would take a list from the future for none.
  const { notBefore: thisUpdate, notAfter: nextUpdate } = validUnder(book, days);
  putCertificate(book, folder);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const before = readLedger(book);
    const number = Math.max(0, ...before.lists.map((each) => each.number)) + 1;
    const own = enterList(book, number);
    const revocations = [...before.revoked.values()];
    const der = book.sign(revocationList(book.authority, number, revocations, thisUpdate, nextUpdate));
    replaceFile(list, pem('X509 CRL', der), 0o644);
    const after = readLedger(book);
    const others = after.lists.filter((each) => each.object !== own);
    if (after.revoked.size === revocations.length && others.every((each) => each.number < number)) {
      for (const { object } of others) forgetList(book, object);
      return { certificate, list, number, revoked: revocations.length, nextUpdate };
    }
  }
  throw new Problem(
    'others publish lists all the time; the last one may be theirs',
    'strongroom pki publish --out DIR',
  );
}

export function filesIn(folder: string): [certificate: string, list: string] {
  return [path.join(folder, authorityFiles.certificate), path.join(folder, authorityFiles.list)];
}

/** A certificate that a file holds. @throws Problem when it is none */
export function certificateIn(der: Buffer, file: string): ReturnType<typeof readCertificate> {
  try {
    return readCertificate(der);
  } catch {
    throw new Problem(`${plain(file)} holds no certificate that could be read`);
  }
}
