/**
 * Names of clients on other machines, as their certificates have them (`module/lane/principal.ts`), and patterns for them. A star stands for
 * letters of one label of a DNS name or a trust domain, never for a dot; for any letters of a SPIFFE path; in subjects see subject.ts.
 */
import { matches, type Pattern } from './glob.ts';
import { isSubject, subjectProblem } from './subject.ts';

export const nameKinds = ['spiffe', 'dns', 'subject'] as const;
export type NameKind = (typeof nameKinds)[number];
export type NamePattern = Pattern<NameKind>;

const SPIFFE = /^\/\/([^/]*)(\/.*)$/su;
const DNS_MOST = 253;

/** Only what ASCII has in two cases: other letters that become these must not be taken for them. */
function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** As many labels, and each such a one. */
function isDotted(pattern: string, name: string): boolean {
  const labels = name.split('.');
  const patterns = pattern.split('.');
  return (
    patterns.length === labels.length && patterns.every((each, at) => matches(each, labels[at] as string))
  );
}

const alike: Readonly<Record<NameKind, (pattern: string, name: string) => boolean>> = {
  dns: (pattern, name) => isDotted(pattern, lower(name)),
  subject: isSubject,
  spiffe(pattern, name) {
    const [, domain, path] = SPIFFE.exec(pattern) ?? [];
    const [, itsDomain, itsPath] = SPIFFE.exec(name) ?? [];
    if (domain === undefined || path === undefined || itsDomain === undefined || itsPath === undefined)
      return false;
    return isDotted(domain, itsDomain) && matches(path, itsPath);
  },
};

/** Whether the name, with its kind in front, is such a one. */
export function isName({ kind, pattern }: NamePattern, name: string): boolean {
  return name.startsWith(`${kind}:`) && alike[kind](pattern, name.slice(kind.length + 1));
}

/** What is wrong with a pattern, in words that go on from `"dns:…" `; undefined when nothing is. */
const problems: Readonly<Record<NameKind, (pattern: string) => string | undefined>> = {
  dns(pattern) {
    if (pattern === '*')
      return 'is a name without a dot, since “*” stands for none: whoever has an accepted certificate is "any-remote"';
    if (/[^\p{ASCII}]/u.test(pattern)) return 'must be in its ASCII form, which begins with xn--';
    if (pattern.endsWith('.')) return 'ends with a dot, which certificates leave out';
    if (/^[a-z0-9_*-]{1,63}(?:\.[a-z0-9_*-]{1,63})*$/.test(pattern) && pattern.length <= DNS_MOST)
      return undefined;
    return 'is no DNS name: write one such as "dns:web-1.example.org", without a port';
  },
  spiffe(pattern) {
    if (!pattern.startsWith('//')) return 'is no SPIFFE ID: write "spiffe://DOMAIN/PATH"';
    const [, domain, path = ''] = SPIFFE.exec(pattern) ?? [];
    if (domain === undefined) return `names nobody in its trust domain: add a path, “/*” for everybody in it`;
    if (/[A-Z]/.test(domain))
      return `has capitals in its trust domain: did you mean "spiffe://${lower(domain)}${path}"?`;
    if (!/^[a-z0-9._*-]{1,255}$/.test(domain))
      return 'has no trust domain as SPIFFE knows them: small letters, digits, “.”, “-” and “_”';
    const segments = path.slice(1).split('/');
    if (segments.every((each) => /^[A-Za-z0-9._*-]+$/.test(each) && !/^\.\.?$/.test(each))) return undefined;
    return 'has no path as SPIFFE knows them: letters, digits, “.”, “-” and “_” between single slashes';
  },
  subject(pattern) {
    const problem = subjectProblem(pattern);
    return problem === undefined
      ? undefined
      : `is no subject: ${problem}; write one such as "subject:CN=web,O=Example"`;
  },
};

export function isNameKind(kind: string): kind is NameKind {
  return (nameKinds as readonly string[]).includes(kind);
}

/** The pattern, in the form in which it is compared, or what is wrong with it. */
export function namePattern(kind: NameKind, rest: string): NamePattern | string {
  const pattern = kind === 'dns' ? lower(rest) : rest;
  return problems[kind](pattern) ?? { kind, pattern };
}
