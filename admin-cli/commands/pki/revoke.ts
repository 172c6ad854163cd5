/** `strongroom pki revoke`: take a certificate back before its end. */
import { Command, Option } from 'commander';
import { signedBy } from '../../../module/certificates/signatures.ts';
import type { Certificate } from '../../../module/certificates/x509.ts';
import { withOptions } from '../../pins.ts';
import type { Authority } from '../../pki/authority.ts';
import { type AuthorityGiven, authorityOptions, day, withAuthority } from '../../pki/desk.ts';
import { folderFor, readPem } from '../../pki/files.ts';
import { enterRevocation, readLedger } from '../../pki/ledger.ts';
import { type Reason, reasons } from '../../pki/make.ts';
import { allNames } from '../../pki/names.ts';
import { certificateIn, mustBeOurs, publish } from '../../pki/publish.ts';
import { Problem, usage } from '../../problem.ts';
import { plain, remark, say } from '../../terminal.ts';
import { crlDaysOption, sayPublished } from './publish.ts';

type RevokeGiven = AuthorityGiven & {
  readonly serial?: string;
  readonly reason: Reason;
  readonly out: string;
  readonly crlDays: number;
};

export function pkiRevokeCommand(): Command {
  const command = new Command('revoke')
    .description('take a certificate back, and write the list that says so')
    .argument('[file]', 'the certificate')
    .option('--serial <number>', 'or its serial number, in hex, as pki list shows it')
    .addOption(new Option('--reason <word>', 'why').choices(Object.keys(reasons)).default('unspecified'))
    .requiredOption('--out <folder>', 'where crl.pem goes')
    .addOption(crlDaysOption());
  return withOptions(command, authorityOptions())
    .addHelpText(
      'after',
      '\nThere is no way back. The new list takes the place of the old one at once and whole. One that is revoked already\n' +
        'is left as it is, and the list is written all the same.',
    )
    .action(revoke);
}

function revoke(file: string | undefined, given: RevokeGiven): void {
  if ((file === undefined) === (given.serial === undefined))
    throw usage('which certificate?', 'Give its file, or --serial NUMBER.');
  const serial = given.serial === undefined ? undefined : serialFrom(given.serial);
  const shown = file === undefined ? undefined : certificateIn(readPem(file, 'CERTIFICATE'), file);
  const folder = folderFor(given.out);
  withAuthority(given, true, (authority) => {
    mustBeOurs(authority, folder);
    const meant =
      shown === undefined ? bySerial(authority, serial ?? '') : signedHere(authority, shown, file ?? '');
    const name = plain(allNames(meant.names).join(', ')) || 'without a name';
    const before = readLedger(authority).revoked.get(meant.serial);
    if (before === undefined) {
      enterRevocation(authority, { serial: meant.serial, at: new Date(), reason: given.reason });
      say(`Revoked: ${meant.serial} (${name})`);
    } else say(`Revoked since ${day(before.at)} (${before.reason}): ${meant.serial} (${name})`);
    sayPublished(publish(authority, folder, given.crlDays));
  });
}

function serialFrom(text: string): string {
  const digits = text
    .replaceAll(':', '')
    .toLowerCase()
    .replace(/^0+(?=.)/, '');
  if (/^[0-9a-f]{1,40}$/.test(digits)) return digits;
  throw usage(`“${plain(text)}” is no serial number`, 'It is in hex: strongroom pki list shows it.');
}

function bySerial(authority: Authority, serial: string): Certificate {
  const found = readLedger(authority).issued.get(serial);
  if (found !== undefined) return found;
  throw new Problem(
    `the authority “${plain(authority.name)}” has no certificate ${serial}`,
    'strongroom pki list shows those there are. One that is in no list is revoked by its file.',
  );
}

/** One that was signed past the ledger can be revoked as well, and must be. */
function signedHere(authority: Authority, shown: Certificate, file: string): Certificate {
  if (!signedBy(shown, authority.authority.publicKey))
    throw new Problem(
      `${plain(file)} was not signed by the authority “${plain(authority.name)}”; nothing was done`,
    );
  if (shown.der.equals(authority.authority.der))
    throw new Problem(
      'that is the authority’s own certificate, which no list can take back',
      'Take it out of client_ca and remote_ca wherever it stands.',
    );
  if (!readLedger(authority).issued.has(shown.serial))
    remark(
      'it was not in the ledger: somebody has used the key in another way; strongroom audit show says who',
    );
  return shown;
}
