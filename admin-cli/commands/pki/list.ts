/** `strongroom pki list`: what the authority has signed, and what has become of it. */
import { Command } from 'commander';
import type { Certificate } from '../../../module/certificates/x509.ts';
import { withOptions } from '../../pins.ts';
import { type AuthorityGiven, authorityOptions, day, withAuthority } from '../../pki/desk.ts';
import { type Ledger, readLedger } from '../../pki/ledger.ts';
import { allNames } from '../../pki/names.ts';
import { standingOf } from '../../pki/standing.ts';
import { count, paint, plain, say, sayJson, table } from '../../terminal.ts';

export function pkiListCommand(): Command {
  return withOptions(new Command('list'), authorityOptions())
    .description('list the certificates that the authority has signed')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nThe ledger is in the token, with the key, and needs its PIN.')
    .action((given: AuthorityGiven & { readonly json?: true }) => {
      withAuthority(given, false, ({ name, authority, ...book }) => {
        const ledger = readLedger({ ...book, authority });
        const rows = [...ledger.issued.values()]
          .sort(
            (one, other) =>
              one.notBefore.getTime() - other.notBefore.getTime() || nameOf(one).localeCompare(nameOf(other)),
          )
          .map((certificate) => described(ledger, certificate));
        const number = Math.max(0, ...ledger.lists.map((list) => list.number));
        if (given.json === true)
          sayJson({
            authority: { name, until: authority.notAfter.toISOString(), list: number },
            certificates: rows,
          });
        else show(name, authority.notAfter, rows);
      });
    });
}

const nameOf = ({ names }: Certificate) => allNames(names).join(' ');

function described(ledger: Ledger, certificate: Certificate) {
  const { serial, names, purposes, notBefore, notAfter } = certificate;
  const revocation = ledger.revoked.get(serial);
  return {
    serial,
    for: purposes?.[0] ?? '-',
    names: allNames(names),
    from: notBefore.toISOString(),
    until: notAfter.toISOString(),
    state: standingOf(ledger, certificate),
    ...(revocation === undefined ? {} : { revoked: revocation.at.toISOString(), reason: revocation.reason }),
  };
}

function show(name: string, end: Date, rows: readonly ReturnType<typeof described>[]): void {
  const many = rows.length === 0 ? 'nothing signed yet' : count(rows.length, 'certificate');
  say(`${paint('bold', plain(name))} (until ${day(end)}): ${many}`);
  if (rows.length === 0) return;
  table(
    ['SERIAL', 'FOR', 'NAMES', 'UNTIL', 'STATE'],
    rows.map((row) => [
      row.serial,
      row.for,
      plain(row.names.join(' ')),
      row.until.slice(0, 10),
      row.reason === undefined ? row.state : `${row.state}: ${row.reason}`,
    ]),
  );
}
