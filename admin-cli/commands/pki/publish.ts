/** `strongroom pki publish`: the authority's certificate and a fresh list of revoked ones. */
import { Command, Option } from 'commander';
import { withOptions } from '../../pins.ts';
import { howTheDoorLearns } from '../../pki/advice.ts';
import { type AuthorityGiven, authorityOptions, day, daysFrom, withAuthority } from '../../pki/desk.ts';
import { folderFor } from '../../pki/files.ts';
import { type Published, publish } from '../../pki/publish.ts';
import { count, plain, say } from '../../terminal.ts';

export function crlDaysOption(): Option {
  return new Option(
    '--crl-days <number>',
    'how long the list of revoked ones is good; the next is due before',
  )
    .argParser((text) => daysFrom('--crl-days', text))
    .default(30);
}

export function pkiPublishCommand(): Command {
  const command = new Command('publish')
    .description('write the authority’s certificate, and a fresh list of revoked ones')
    .requiredOption('--out <folder>', 'where ca.pem and crl.pem go')
    .addOption(crlDaysOption());
  return withOptions(command, authorityOptions())
    .addHelpText(
      'after',
      '\nA list is good for some days only, so that nobody can go on showing an old one: publish another before it\n' +
        'ends, even if nothing was revoked. strongroom doctor says when that is.',
    )
    .action((given: AuthorityGiven & { readonly out: string; readonly crlDays: number }) => {
      const folder = folderFor(given.out);
      withAuthority(given, true, (authority) => sayPublished(publish(authority, folder, given.crlDays)));
    });
}

export function sayPublished({ list, number, revoked, nextUpdate }: Published): void {
  const many = revoked === 0 ? 'none' : count(revoked, 'certificate');
  say(
    `Revoked certificates: ${plain(list)}, number ${number}, ${many}; the next list is due before ${day(nextUpdate)}.`,
  );
  say(howTheDoorLearns);
}
