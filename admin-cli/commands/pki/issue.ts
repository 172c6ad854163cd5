/** `strongroom pki issue`: a certificate for a server or a client, with a new key or for somebody's request. */
import { Command, Option } from 'commander';
import type { Names, Purpose } from '../../../module/certificates/x509.ts';
import { withOptions } from '../../pins.ts';
import { adviceFor, sayAll } from '../../pki/advice.ts';
import { type AuthorityGiven, authorityOptions, daysOption, withAuthority } from '../../pki/desk.ts';
import { folderFor, mustBeFree } from '../../pki/files.ts';
import { baseIn, filesOf, handOut, saidOf, type Wish } from '../../pki/hand-out.ts';
import { allNames, checkedFileName, checkedNames, fileNameFor } from '../../pki/names.ts';
import { mustBeOurs, putCertificate } from '../../pki/publish.ts';
import { namesFor, readRequestFile } from '../../pki/request.ts';
import { usage } from '../../problem.ts';

type IssueGiven = AuthorityGiven & {
  readonly server?: true;
  readonly client?: true;
  readonly dns?: readonly string[];
  readonly ip?: readonly string[];
  readonly spiffe?: string;
  readonly name?: string;
  readonly csr?: string;
  readonly acceptNames?: true;
  readonly out: string;
  readonly as?: string;
  readonly days: number;
  readonly force?: true;
};

const several = (text: string, before: readonly string[] = []) => [...before, text];

export function pkiIssueCommand(): Command {
  const command = new Command('issue')
    .description('make a certificate for a server or a client, and its key')
    .option('--server', 'for the door of a service')
    .option('--client', 'for a program or a machine that comes to it')
    .addOption(new Option('--dns <name>', 'the name of a machine; as often as needed').argParser(several))
    .addOption(new Option('--ip <address>', 'the address of a server; as often as needed').argParser(several))
    .option('--spiffe <id>', 'a SPIFFE ID of a client: spiffe://example.org/backup')
    .option('--name <name>', 'the common name')
    .option('--csr <file>', 'sign this request instead of making a key')
    .option('--accept-names', 'with --csr, give it the names that it asks for')
    .requiredOption('--out <folder>', 'where the files go')
    .option('--as <name>', 'the files’ name, without .pem and .key')
    .addOption(daysOption(90, 'how long it is good, and never longer than the authority'))
    .option('--force', 'write over files that are there');
  return withOptions(command, authorityOptions())
    .addHelpText(
      'after',
      '\nThe key is made here (P-256) and written to a file of mode 0600, since TLS wants it there. With --csr it stays\n' +
        'with whoever asks, whose signature is checked, and who gets the names that you give him.',
    )
    .action(issue);
}

function issue(given: IssueGiven): void {
  const purpose = purposeOf(given);
  const { name, dns, ip, spiffe } = given;
  const own = checkedNames({
    name,
    dns: dns ?? [],
    ip: ip ?? [],
    spiffe: spiffe === undefined ? [] : [spiffe],
  });
  if (given.acceptNames === true && given.csr === undefined)
    throw usage('--accept-names is for a request: --csr FILE');
  const request = given.csr === undefined ? undefined : readRequestFile(given.csr);
  const names = fitting(
    request === undefined ? own : namesFor(request, own, given.acceptNames === true),
    purpose,
  );
  const fileName = checkedFileName(given.as ?? fileNameFor(names));
  const folder = folderFor(given.out);
  const wish: Wish = {
    names,
    purpose,
    days: given.days,
    publicKey: request?.publicKey,
    base: baseIn(folder, fileName),
    force: given.force === true,
  };
  mustBeFree(filesOf(wish), wish.force);
  withAuthority(given, true, (authority) => {
    mustBeOurs(authority, folder);
    const handed = handOut(authority, wish);
    putCertificate(authority, folder);
    sayAll([...saidOf(handed), '', ...adviceFor(handed)]);
  });
}

function purposeOf({ server, client }: IssueGiven): Purpose {
  if (server === client)
    throw usage('a certificate is either for a server or for a client', 'Give --server or --client.');
  return server === true ? 'server' : 'client';
}

/** Names that do for this purpose; a server that gives none gets its first machine's name as its common name. */
function fitting(names: Names, purpose: Purpose): Names {
  if (purpose === 'client') {
    if (names.ip.length > 0)
      throw usage('a client is not known by its address', 'Give --spiffe, --dns or --name.');
    if (allNames(names).length === 0) throw usage('a client needs a name', 'Give --spiffe, --dns or --name.');
    return names;
  }
  if (names.uri.length > 0) throw usage('a SPIFFE ID is a client’s', 'A server has --dns or --ip.');
  if (names.dns.length + names.ip.length === 0)
    throw usage('a server needs the name or the address that its clients use', 'Give --dns or --ip.');
  const [first] = names.dns;
  return names.commonName === undefined && first !== undefined && first.length <= 64
    ? { ...names, commonName: first }
    : names;
}
