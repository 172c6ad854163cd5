/**
 * The names that a certificate may give, each held to what it is allowed to be: whoever reads them elsewhere, a rule of the policy or a log, must
 * find exactly one meaning.
 */
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import type { Names } from '../../module/certificates/x509.ts';
import { usage } from '../problem.ts';
import { plain } from '../terminal.ts';

/** RFC 5280's upper bound for a common name. */
const LONGEST_COMMON_NAME = 64;
const MOST_NAMES = 32;

/** A host's name: labels of letters, digits and hyphens (RFC 1123, 2.1), in lower case. */
export function dnsName(given: string): string {
  const name = domainToASCII(given.normalize('NFC')).toLowerCase();
  if (given.includes('*'))
    throw usage(
      `“${plain(given)}” has a wildcard, and would be the name of machines that nobody has thought of yet`,
      'Give each machine a name of its own: --dns NAME, as often as needed.',
    );
  const labels = name.split('.');
  const right = labels.every((label) => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/.test(label)) && name.length <= 253;
  // What a URL would have read otherwise, such as 0x7f.1 or a blank, is no name either.
  const same = /^[\x21-\x7e]+$/.test(given)
    ? given.toLowerCase() === name
    : /^[\p{L}\p{N}\p{M}.-]+$/u.test(given);
  if (!right || !same || isIP(name) !== 0)
    throw usage(
      `“${plain(given)}” is no name of a machine`,
      isIP(given) === 0 ? undefined : `An address: --ip ${given}`,
    );
  return name;
}

export function ipAddress(given: string): string {
  // A zone (%eth0) means something on one machine only.
  if (isIP(given) === 0 || given.includes('%')) throw usage(`“${plain(given)}” is no IP address`);
  return isIP(given) === 4 ? given : new URL(`http://[${given}]`).hostname.slice(1, -1);
}

/** A SPIFFE ID (SPIFFE-ID, 2): one form only, without anything that could be written otherwise. */
export function spiffeId(given: string): string {
  const [, domain, path = ''] = /^spiffe:\/\/([a-z0-9._-]{1,255})((?:\/[A-Za-z0-9._-]+)+)$/.exec(given) ?? [];
  const dots = path.split('/').some((part) => part === '.' || part === '..');
  if (domain === undefined || dots || given.length > 2048)
    throw usage(
      `“${plain(given)}” is no SPIFFE ID`,
      'It is a trust domain in small letters and a path: spiffe://example.org/backup/nightly.',
    );
  return given;
}

export function commonName(given: string): string {
  const name = given.normalize('NFC');
  if (!/^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M} ._@:'()/-]*[\p{L}\p{N}\p{M}).])?$/u.test(name))
    throw usage(
      `“${plain(given)}” is no name that a certificate could give`,
      'Letters, digits, blanks and . _ - @ : / ( ) between them.',
    );
  if ([...name].length > LONGEST_COMMON_NAME)
    throw usage(`a name has at most ${LONGEST_COMMON_NAME} letters, and this one ${[...name].length}`);
  return name;
}

/** What a command line or a request asks for, before anybody has looked at it. */
export interface Asked {
  readonly name?: string | undefined;
  readonly dns?: readonly string[];
  readonly ip?: readonly string[];
  readonly spiffe?: readonly string[];
}

/** @throws Problem for a name that is none */
export function checkedNames({ name, dns = [], ip = [], spiffe = [] }: Asked): Names {
  const once = (names: readonly string[]) => [...new Set(names)];
  const names = {
    commonName: name === undefined ? undefined : commonName(name),
    dns: once(dns.map(dnsName)),
    ip: once(ip.map(ipAddress)),
    uri: once(spiffe.map(spiffeId)),
  };
  if (names.uri.length > 1) throw usage('a certificate has one SPIFFE ID at most');
  if (allNames(names).length > MOST_NAMES) throw usage(`a certificate has at most ${MOST_NAMES} names`);
  return names;
}

/** All of them as the policy writes them, the one first by which a client is called. */
export function allNames({ commonName: name, dns, ip, uri }: Names): string[] {
  return [
    ...uri,
    ...dns.map((each) => `dns:${each}`),
    ...ip.map((each) => `ip:${each}`),
    ...(name === undefined ? [] : [`subject:CN=${name}`]),
  ];
}

/** A name for the files of a certificate: of what is in no doubt in a file's name, and never of a folder. */
export function fileNameFor({ commonName: name, dns, ip, uri }: Names): string {
  const first = dns[0] ?? uri[0]?.replace(/^spiffe:\/\//, '') ?? name ?? ip[0] ?? '';
  return first
    .replace(/[^A-Za-z0-9.-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 100);
}

/** Names of files that are the authority's own. */
const taken = ['ca', 'crl'];

/** @throws Problem for one that could lead elsewhere */
export function checkedFileName(given: string): string {
  if (!/^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/.test(given))
    throw usage(
      `“${plain(given)}” can’t be the name of files`,
      'Letters, digits and . _ - and no folder: --as NAME.',
    );
  if (taken.includes(given.toLowerCase()))
    throw usage(`${given}.pem is a file of the authority’s own`, 'Give its files another name: --as NAME.');
  return given;
}
