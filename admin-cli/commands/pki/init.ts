/** `strongroom pki init`: a certificate authority whose key is in a token. */
import { Command } from 'commander';
import { withOptions } from '../../pins.ts';
import { type Authority, authoritiesIn, makeAuthority } from '../../pki/authority.ts';
import { day, daysOption, type TokenGiven, tokenOptions, validFor, withToken } from '../../pki/desk.ts';
import { folderFor, mustBeFree } from '../../pki/files.ts';
import { commonName } from '../../pki/names.ts';
import { filesIn, type Published, publish } from '../../pki/publish.ts';
import { Problem } from '../../problem.ts';
import { plain, say } from '../../terminal.ts';
import { crlDaysOption } from './publish.ts';

type InitGiven = TokenGiven & {
  readonly out: string;
  readonly name: string;
  readonly days: number;
  readonly crlDays: number;
  readonly another?: true;
};

export function pkiInitCommand(): Command {
  const command = new Command('init')
    .description('make a certificate authority, whose key is in a token')
    .requiredOption(
      '--out <folder>',
      'where its certificate (ca.pem) and its list of revoked ones (crl.pem) go',
    )
    .option('--name <name>', 'what it is called', 'Strongroom')
    .addOption(daysOption(3650, 'how long it is good'))
    .addOption(crlDaysOption())
    .option('--another', 'also where the token has an authority already');
  return withOptions(command, tokenOptions())
    .addHelpText(
      'after',
      '\nThe key is made in the token (P-256), and never leaves it. What it signs is recorded in the token as well.\n' +
        'A token of its own is the best place: whoever has its PIN can make himself a certificate with any name.',
    )
    .action(init);
}

function init(given: InitGiven): void {
  const name = commonName(given.name);
  const folder = folderFor(given.out);
  mustBeFree(filesIn(folder), false);
  withToken(given, true, (place) => {
    const there = authoritiesIn(place);
    const label = plain(place.token.label);
    if (there.some((each) => each.name === name))
      throw new Problem(
        `there is an authority “${plain(name)}” in the token “${label}” already; nothing was done`,
        'Its files: strongroom pki publish --out DIR. A second one needs another name: --name NAME --another.',
      );
    if (there.length > 0 && given.another !== true)
      throw new Problem(
        `there is an authority “${plain(there[0]?.name ?? '')}” in the token “${label}” already; nothing was done`,
        'If there shall be a second one: --another.',
      );
    const authority = makeAuthority(place, name, validFor(given.days));
    const { certificate, list } = written(authority, folder, given.crlDays);
    say(
      `Certificate authority “${plain(name)}”, until ${day(authority.authority.notAfter)}; its key is in the token “${label}”.`,
    );
    say(`Certificate: ${plain(certificate)}`);
    say(`Revoked certificates: ${plain(list)}, none yet`);
    say('Next: strongroom pki issue --server --dns NAME --out DIR, and --client for each client.');
  });
}

/** From here on there is an authority, whatever becomes of its files. */
function written(authority: Authority, folder: string, days: number): Published {
  try {
    return publish(authority, folder, days);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Problem(
      `the authority was made, and its files could not be written: ${plain(error.message)}`,
      `Once they can: strongroom pki publish --out ${plain(folder)}`,
    );
  }
}
