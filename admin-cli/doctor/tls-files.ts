/** Files of mutual TLS: certificates, keys, authorities and lists of revoked ones, each looked at for what would make a connection fail. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import { fromPem } from '../../module/certificates/pem.ts';
import { type RevocationList, readRevocationList } from '../../module/certificates/revocation.ts';
import { signedBy } from '../../module/certificates/signatures.ts';
import { type Certificate, type Purpose, readCertificate } from '../../module/certificates/x509.ts';
import { allNames } from '../pki/names.ts';
import { count, plain } from '../terminal.ts';
import { type Finding, fine, octal, remarkable, wrong } from './finding.ts';

const DAY_MS = 86_400_000;
/** How long before its end a certificate is spoken of. */
const SOON_DAYS = 14;
/** A list is due more often, and made in no time. */
const LIST_SOON_DAYS = 3;
const LONGEST = 1 << 20;

/** What was found, and what could be read for those who go on with it. */
export interface Read<T> {
  readonly findings: Finding[];
  readonly value?: T;
}

/** What a key of the configuration names, and what to call it. */
export interface Named {
  /** The key of the configuration. */
  readonly key: string;
  readonly file: string;
  /** What it is, in a word or two, for the list. */
  readonly what: string;
}

/** What stands in the file, or why nothing can be had. */
function bytesOf({ key, file, what }: Named, makeIt: string): Read<Buffer> {
  if (file === '') return { findings: [wrong(what, `${key} is not set`, makeIt)] };
  try {
    const stat = fs.statSync(file);
    if (!stat.isFile() || stat.size > LONGEST)
      return { findings: [wrong(what, `${file} (${key}) is no such file`, makeIt)] };
    return { findings: [], value: fs.readFileSync(file) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return { findings: [wrong(what, `${file} (${key}) is not there`, makeIt)] };
    if (code === 'EACCES')
      return {
        findings: [
          remarkable(
            what,
            `${file} (${key}) can’t be read by you, and is not looked at`,
            'look again as the user who uses it, or as root',
          ),
        ],
      };
    return { findings: [wrong(what, `${file} (${key}) can’t be read (${code})`, makeIt)] };
  }
}

function textOf(named: Named, makeIt: string): Read<string> {
  const { findings, value } = bytesOf(named, makeIt);
  return value === undefined ? { findings } : { findings, value: value.toString('latin1') };
}

/** A certificate of our own. */
export function checkOwn(named: Named, purpose: Purpose, makeIt: string): Read<Certificate> {
  const text = textOf(named, makeIt);
  if (text.value === undefined) return { findings: text.findings };
  const { file, what } = named;
  const [certificate, ...between] = certificatesIn(text.value);
  if (certificate === undefined)
    return { findings: [wrong(what, `${file} holds no certificate in PEM`, makeIt)] };
  const findings = [
    ...checkTime(what, file, certificate, makeIt),
    ...between.flatMap((each) => checkTime(what, `${subjectOf(each)} in ${file}`, each, makeIt)),
  ];
  if (certificate.purposes !== undefined && !certificate.purposes.includes(purpose)) {
    const other = purpose === 'client' ? 'server' : 'client';
    const text = certificate.purposes.includes(other)
      ? `${file} is a ${other}’s certificate, and is used as a ${purpose}’s`
      : `${file} is not made for a ${purpose}`;
    findings.push(wrong(what, text, `strongroom pki issue --${purpose} … makes one that is`));
  }
  if (findings.some(({ level }) => level === 'wrong')) return { findings, value: certificate };
  const names = plain(allNames(certificate.names).join(' ')) || 'without a name';
  return {
    findings: [fine(what, `${file}: ${names}, until ${day(certificate.notAfter)}`), ...findings],
    value: certificate,
  };
}

/** The first certificates of a text; what is none in between ends it. */
function certificatesIn(text: string): Certificate[] {
  try {
    return fromPem('CERTIFICATE', text).map(readCertificate);
  } catch {
    return [];
  }
}

function checkTime(
  what: string,
  whose: string,
  { notBefore, notAfter }: Certificate,
  makeIt: string,
): Finding[] {
  const now = Date.now();
  if (notAfter.getTime() <= now)
    return [wrong(what, `${whose} ended on ${day(notAfter)}, and here it is ${moment()}`, makeIt)];
  if (notBefore.getTime() > now)
    return [
      wrong(
        what,
        `${whose} begins on ${moment(notBefore)}, and here it is ${moment()}`,
        'is the clock of this machine right? If so, wait, or have another made',
      ),
    ];
  const days = Math.floor((notAfter.getTime() - now) / DAY_MS);
  return days >= SOON_DAYS
    ? []
    : [remarkable(what, `${whose} ends in ${count(days, 'day')}, on ${day(notAfter)}`, makeIt)];
}

export const renewal = (file: string) =>
  `strongroom pki renew ${file} --force, where its authority is; then put both files in place`;

/** @param open the bits of the mode that nobody else may have; the value says whether it is the certificate's */
export function checkKey(named: Named, certificate: Certificate | undefined, open: number): Read<true> {
  const makeIt = 'put the key there that was made with the certificate; strongroom pki issue makes both';
  const { findings, value: bytes } = bytesOf(named, makeIt);
  if (bytes === undefined) return { findings };
  try {
    return judgeKey(named, bytes, certificate, open, makeIt);
  } finally {
    bytes.fill(0);
  }
}

function judgeKey(
  { file, what }: Named,
  bytes: Buffer,
  certificate: Certificate | undefined,
  open: number,
  makeIt: string,
): Read<true> {
  const { mode } = fs.statSync(file);
  const findings: Finding[] = [];
  if ((mode & open) !== 0) {
    const text = `${file} is open to others (mode ${octal(mode)}): they can pass for us`;
    findings.push(wrong(what, text, `chmod 600 ${file}`));
  }
  const key = keyIn(bytes);
  if (key === undefined) {
    const locked = bytes.includes('ENCRYPTED');
    const problem = locked
      ? `${file} is encrypted, and nobody is there to type its passphrase`
      : `${file} holds no private key in PEM`;
    const mend = locked ? `keep it open, with mode 0600: openssl pkey -in ${file} -out NEW` : makeIt;
    return { findings: [...findings, wrong(what, problem, mend)] };
  }
  if (certificate === undefined) return { findings };
  if (!new X509Certificate(certificate.der).checkPrivateKey(key))
    return { findings: [...findings, wrong(what, `${file} is not the key of the certificate`, makeIt)] };
  if (findings.length === 0) findings.push(fine(what, `${file} (mode ${octal(mode)}), the certificate’s`));
  return { findings, value: true };
}

function keyIn(bytes: Buffer): KeyObject | undefined {
  try {
    return createPrivateKey(bytes);
  } catch {
    return undefined;
  }
}

/** Certificates of authorities. */
export function checkAuthorities(named: Named): Read<Certificate[]> {
  const makeIt = 'put the authority’s certificate there: strongroom pki publish --out DIR writes ca.pem';
  const text = textOf(named, makeIt);
  if (text.value === undefined) return { findings: text.findings };
  const { file, what } = named;
  const all = certificatesIn(text.value);
  if (all.length === 0) return { findings: [wrong(what, `${file} holds no certificate in PEM`, makeIt)] };
  const findings = all.flatMap((each) => [
    ...(each.authority
      ? []
      : [wrong(what, `${subjectOf(each)} in ${file} is no authority’s certificate`, makeIt)]),
    ...checkTime(what, `${subjectOf(each)} in ${file}`, each, makeIt),
  ]);
  const names = all.map(subjectOf).join(', ');
  const ok = fine(what, `${file}: ${names}`);
  return {
    findings: findings.some(({ level }) => level === 'wrong') ? findings : [ok, ...findings],
    value: all,
  };
}

/** Lists of revoked certificates, one for each authority. */
export function checkLists(named: Named, authorities: readonly Certificate[]): Finding[] {
  const { file, what } = named;
  if (file === '')
    return [
      remarkable(
        what,
        `${named.key} is not set: whose key was stolen comes in until his certificate ends`,
        'strongroom pki publish --out DIR writes crl.pem; name it there',
      ),
    ];
  const makeIt = `strongroom pki publish --out DIR writes a fresh one; put it there, then: systemctl reload strongroomd`;
  const text = textOf(named, makeIt);
  if (text.value === undefined) return text.findings;
  let lists: RevocationList[];
  try {
    lists = fromPem('X509 CRL', text.value).map(readRevocationList);
  } catch {
    lists = [];
  }
  if (lists.length === 0)
    return [wrong(what, `${file} holds no list of revoked certificates in PEM`, makeIt)];
  return [
    ...authorities.flatMap((authority) => checkListOf(authority, lists, named, makeIt)),
    ...lists
      .filter((list) => !authorities.some(({ subject }) => subject.equals(list.issuer)))
      .map(() =>
        remarkable(what, `${file} holds a list of an authority that network.client_ca does not name`),
      ),
  ];
}

function checkListOf(
  authority: Certificate,
  lists: readonly RevocationList[],
  { file, what }: Named,
  makeIt: string,
): Finding[] {
  const name = subjectOf(authority);
  const own = lists.filter(({ issuer }) => issuer.equals(authority.subject));
  if (own.length === 0)
    return [wrong(what, `${file} has no list of ${name}: nobody with a certificate of his comes in`, makeIt)];
  const list = own.find((each) => signedBy(each, authority.publicKey));
  if (list === undefined)
    return [wrong(what, `the list of ${name} in ${file} is not signed by that authority`, makeIt)];
  const now = Date.now();
  const { thisUpdate, nextUpdate, number, revoked } = list;
  if (thisUpdate.getTime() > now)
    return [
      wrong(
        what,
        `the list of ${name} is of ${moment(thisUpdate)}, and here it is ${moment()}`,
        'is the clock of this machine right?',
      ),
    ];
  if (nextUpdate !== undefined && nextUpdate.getTime() <= now)
    return [
      wrong(
        what,
        `the list of ${name} was good until ${day(nextUpdate)}: nobody with a certificate of his comes in`,
        makeIt,
      ),
    ];
  const facts = `${file}: ${name}, number ${number ?? 'unknown'}, ${revoked.size} revoked`;
  if (nextUpdate === undefined) return [fine(what, facts)];
  const days = Math.floor((nextUpdate.getTime() - now) / DAY_MS);
  const good = fine(what, `${facts}, the next due before ${day(nextUpdate)}`);
  return days >= LIST_SOON_DAYS
    ? [good]
    : [
        good,
        remarkable(
          what,
          `the list of ${name} ends in ${count(days, 'day')}, and with it all who come by it`,
          makeIt,
        ),
      ];
}

/** Its subject, as people read it. */
export function subjectOf({ der, names }: Certificate): string {
  // An empty subject is undefined here, whatever the types say.
  const subject: string | undefined = new X509Certificate(der).subject;
  const name = names.commonName ?? subject?.replaceAll('\n', ', ') ?? allNames(names)[0];
  return name === undefined ? 'one without a name' : `“${plain(name)}”`;
}

export function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** `2026-11-28 10:31 UTC`. */
export function moment(date = new Date()): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
