/** `strongroom pki renew`: a certificate with the names and the purpose of one that is there. */
import path from 'node:path';
import { Command } from 'commander';
import { withOptions } from '../../pins.ts';
import { sayAll } from '../../pki/advice.ts';
import { type AuthorityGiven, authorityOptions, daysOption, withAuthority } from '../../pki/desk.ts';
import { folderFor, mustBeFree, readPem } from '../../pki/files.ts';
import { baseIn, filesOf, handOut, saidOf, type Wish } from '../../pki/hand-out.ts';
import { enterRevocation } from '../../pki/ledger.ts';
import { checkedFileName } from '../../pki/names.ts';
import { certificateIn, mustBeOurs, publish } from '../../pki/publish.ts';
import { inGoodStanding, ownCertificate } from '../../pki/standing.ts';
import { Problem } from '../../problem.ts';
import { plain, remark } from '../../terminal.ts';
import { crlDaysOption, sayPublished } from './publish.ts';

type RenewGiven = AuthorityGiven & {
  readonly out?: string;
  readonly as?: string;
  readonly sameKey?: true;
  readonly revoke?: string;
  readonly days: number;
  readonly crlDays: number;
  readonly force?: true;
};

export function pkiRenewCommand(): Command {
  const command = new Command('renew')
    .description('make a certificate anew, with the names of one that is there')
    .argument('<file>', 'the certificate as it is')
    .option('--same-key', 'keep its key; otherwise a new one is made')
    .option('--out <folder>', 'where the files go; where they are, if nothing is said')
    .option('--as <name>', 'the files’ name, without .pem and .key; as it is, if nothing is said')
    .addOption(daysOption(90, 'how long it is good, and never longer than the authority'))
    .option('--force', 'write over files that are there, such as the ones that are renewed')
    .option('--revoke <folder>', 'revoke the old one at once, and write crl.pem there')
    .addOption(crlDaysOption());
  return withOptions(command, authorityOptions())
    .addHelpText(
      'after',
      '\nThe old certificate stays good until its end, so that both can be in use for a while, unless --revoke is given.',
    )
    .action(renew);
}

function renew(file: string, given: RenewGiven): void {
  const old = certificateIn(readPem(file, 'CERTIFICATE'), file);
  const fileName = checkedFileName(given.as ?? path.basename(file).replace(/\.pem$/, ''));
  const lists = given.revoke === undefined ? undefined : folderFor(given.revoke);
  const files = {
    publicKey: given.sameKey === true ? old.publicKey : undefined,
    base: baseIn(folderFor(given.out ?? path.dirname(file)), fileName),
  };
  mustBeFree(filesOf(files), given.force === true);
  withAuthority(given, true, (authority) => {
    const known = ownCertificate(authority, old, file);
    inGoodStanding(authority, known);
    if (lists !== undefined) mustBeOurs(authority, lists);
    const [purpose] = known.purposes ?? [];
    if (purpose === undefined) throw new Problem(`${plain(file)} is neither a server’s nor a client’s`);
    const wish: Wish = {
      ...files,
      names: known.names,
      purpose,
      days: given.days,
      force: given.force === true,
    };
    const handed = handOut(authority, wish);
    sayAll(saidOf(handed));
    if (lists === undefined) {
      remark(`the old one (${known.serial}) stays good until its end`);
      return;
    }
    enterRevocation(authority, { serial: known.serial, at: new Date(), reason: 'superseded' });
    sayPublished(publish(authority, lists, given.crlDays));
  });
}
