/** What to do with new files, in the words of the files that it goes into. */
import fs from 'node:fs';
import path from 'node:path';
import { say } from '../terminal.ts';
import type { HandedOut } from './hand-out.ts';
import { allNames } from './names.ts';
import { authorityFiles } from './publish.ts';

const toml = (text: string) => JSON.stringify(text);
const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`);

/** Lines about a new certificate of a server or a client. */
export function adviceFor({ certificate, file, key }: HandedOut): string[] {
  const folder = path.dirname(file);
  const authority = toml(path.join(folder, authorityFiles.certificate));
  const list = path.join(folder, authorityFiles.list);
  const own = key === undefined ? toml('the key that the request was made with') : toml(key);
  if (certificate.purposes?.includes('server') === true)
    return [
      'In the strongroom.toml of the service, whose door alone may read the key; then systemctl reload strongroomd:',
      ...indented([
        '[network]',
        'listen = "0.0.0.0:5696"',
        `certificate = ${toml(file)}`,
        `key = ${own}`,
        `client_ca = ${authority}`,
        ...(fs.existsSync(list) ? [`crl = ${toml(list)}`] : []),
      ]),
    ];
  const [called = ''] = allNames(certificate.names);
  return [
    'In the client’s strongroom.toml, above its first table, with the paths that these files have there:',
    ...indented([
      'remote = "HOST:5696"',
      `remote_ca = ${authority}`,
      `remote_certificate = ${toml(file)}`,
      `remote_key = ${own}`,
    ]),
    'In the policy of the service, a rule with what it may do:',
    ...indented(['[[rule]]', `who = [${toml(called)}]`]),
  ];
}

/** How the door hears of a new list of revoked certificates. */
export const howTheDoorLearns =
  'The door reads it on SIGHUP (systemctl reload strongroomd) and puts out who is on it; network.crl names the file.';

export function sayAll(lines: readonly string[]): void {
  for (const line of lines) say(line);
}
