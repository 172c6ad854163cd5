/**
 * Subjects of certificates in the form of RFC 4514, such as `CN=web,O=Example`, and patterns for them. They are compared part by part and as what
 * they mean, not as texts: whoever gets himself a name with a comma in it must not become `O=Example` by that.
 */
import { follows, matches } from './glob.ts';

/** `CN=web`: the type in upper case, and the value without its escapes. */
interface Assertion {
  readonly type: string;
  /** `=` in front of a text, `#` in front of hexadecimal, so that none is taken for the other. */
  readonly value: string;
}

/** One part between commas; mostly it has one assertion. */
type Part = readonly Assertion[];

/** In a pattern: any parts, also none. */
const ANY: Part = [];

/** In a pattern: any value, also one that is no text. */
const ALL = '=*';

const LETTER = /\\.|./gsu;
const TYPE = /^(?:[A-Z][A-Z0-9-]*|\d+(?:\.\d+)*)$/;

/** The text taken apart at a letter, but not where a backslash stands before it. */
function apart(text: string, separator: ',' | '+'): string[] {
  const parts = [''];
  for (const [letter] of text.matchAll(LETTER))
    if (letter === separator) parts.push('');
    else parts.push(`${parts.pop()}${letter}`);
  return parts;
}

/** Without the spaces around it, which some write behind commas; an escaped one stays. */
function trimmed(text: string): string {
  const letters = (text.match(LETTER) ?? []).map(String);
  while (letters[0] === ' ') letters.shift();
  while (letters.at(-1) === ' ') letters.pop();
  return letters.join('');
}

function unescaped(text: string): string {
  return text.replace(/(?:\\[0-9a-fA-F]{2})+|\\(.)/gsu, (escaped, letter: string | undefined) =>
    letter === undefined ? Buffer.from(escaped.replaceAll('\\', ''), 'hex').toString('utf8') : letter,
  );
}

function assertionOf(text: string): Assertion {
  const equals = text.indexOf('=');
  const type = (equals < 0 ? '' : trimmed(text.slice(0, equals))).toUpperCase();
  const value = trimmed(text.slice(equals + 1));
  return { type, value: value.startsWith('#') ? value.toLowerCase() : `=${unescaped(value)}` };
}

function partOf(text: string): Part {
  const order = ({ type, value }: Assertion): string => `${type}${value}`;
  return apart(text, '+')
    .map(assertionOf)
    .sort((one, other) => (order(one) < order(other) ? -1 : 1));
}

function isPart(pattern: Part, part: Part): boolean {
  return (
    pattern.length === part.length &&
    pattern.every(({ type, value }, at) => {
      const its = part[at];
      return its !== undefined && type === its.type && (value === ALL || matches(value, its.value));
    })
  );
}

/** Whether the subject is such a one: a star stands for any letters of a value, and alone between commas for any parts, also none. */
export function isSubject(pattern: string, subject: string): boolean {
  const parts = apart(pattern, ',').map((part) => (trimmed(part) === '*' ? ANY : partOf(part)));
  return follows(parts, apart(subject, ',').map(partOf), ANY, isPart);
}

/** What is wrong with a pattern for subjects, if anything. */
export function subjectProblem(pattern: string): string | undefined {
  for (const part of apart(pattern, ',')) {
    if (trimmed(part) === '*') continue;
    for (const assertion of apart(part, '+')) {
      const { type, value } = assertionOf(assertion);
      if (!TYPE.test(type)) return `"${trimmed(assertion)}" is not TYPE=value`;
      if (value === '=') return `${type} has no value`;
      if (/(?:^|[^\\])(?:\\\\)*(?:\\\*|\\2[aA])/.test(assertion))
        return '“*” stands for any letters, and for itself in no way';
      if (/^(?:\\.|[^\\"<>;])*$/su.test(assertion)) continue;
      return `“"”, “<”, “>”, “;” and “\\” stand behind a “\\” (RFC 4514)`;
    }
  }
  return undefined;
}
