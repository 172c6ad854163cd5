/** Whether a certificate is the authority's own, and still good. */

import { signedBy } from '../../module/certificates/signatures.ts';
import type { Certificate } from '../../module/certificates/x509.ts';
import { Problem } from '../problem.ts';
import { plain } from '../terminal.ts';
import type { Authority } from './authority.ts';
import { day } from './desk.ts';
import { type Ledger, readLedger } from './ledger.ts';

export type Standing = 'good' | 'expired' | 'revoked' | 'not yet';

export function standingOf(
  { revoked }: Ledger,
  { serial, notBefore, notAfter }: Certificate,
  now = Date.now(),
): Standing {
  if (revoked.has(serial)) return 'revoked';
  if (notAfter.getTime() <= now) return 'expired';
  return notBefore.getTime() > now ? 'not yet' : 'good';
}

/** The certificate as the ledger has it. @throws Problem for one that the authority has not signed, or does not know */
export function ownCertificate(authority: Authority, shown: Certificate, file: string): Certificate {
  if (!signedBy(shown, authority.authority.publicKey))
    throw new Problem(
      `${plain(file)} was not signed by the authority “${plain(authority.name)}”`,
      'strongroom pki list shows what it has signed.',
    );
  const known = readLedger(authority).issued.get(shown.serial);
  if (known?.der.equals(shown.der) === true) return known;
  throw new Problem(
    `${plain(file)} was signed with the authority’s key, and is not in its ledger`,
    'Somebody has used the key for it in another way: strongroom pki revoke FILE, and strongroom audit show says who.',
  );
}

/** @throws Problem for a revoked one */
export function inGoodStanding(authority: Authority, { serial }: Certificate): void {
  const revocation = readLedger(authority).revoked.get(serial);
  if (revocation === undefined) return;
  throw new Problem(
    `that certificate was revoked on ${day(revocation.at)} (${revocation.reason})`,
    'A new one with the same names: strongroom pki issue.',
  );
}
