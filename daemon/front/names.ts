/**
 * Who a certificate says that its holder is, in the words of rules: `spiffe://…`, `dns:…`, `subject:…`.
 *
 * They are read from the bytes and not from any text that was made of them: in a text, a name with a comma or a line break in it can pass for two. A
 * certificate that has anything in a name that could be taken for something else is refused as a whole.
 */
import { context, inside, oidOf, parse, tag, type Value } from '../../module/certificates/der.ts';
import { type Fields, oids } from '../../module/certificates/x509.ts';

/** Why a certificate names nobody, in words for the log, which tell nothing of the name itself. */
export class NameError extends Error {
  override readonly name = 'NameError';
}

const DNS = context(2);
const URI = context(6);

/**
 * The names, the one first by which the client is called.
 * @throws DerError, NameError
 */
export function namesOf({ subject, extensions }: Pick<Fields, 'subject' | 'extensions'>): readonly string[] {
  const uris: string[] = [];
  const dns = new Set<string>();
  const others = extensions.get(oids.subjectAltName);
  if (others !== undefined)
    for (const { tag: kind, contents } of inside(parse(others))) {
      if (kind === URI) uris.push(visible(contents, 'a URI'));
      else if (kind === DNS) dns.add(dnsName(visible(contents, 'a DNS name')));
    }
  const names = [...spiffeOf(uris), ...Array.from(dns, (name) => `dns:${name}`), ...subjectOf(subject)];
  if (names.length === 0) throw new NameError('there is no name in it');
  return names;
}

/** Both kinds of names have nothing but visible characters of ASCII. */
function visible(bytes: Uint8Array, what: string): string {
  if (bytes.length === 0 || bytes.some((byte) => byte < 0x21 || byte > 0x7e))
    throw new NameError(`${what} has characters that do not belong there`);
  return Buffer.from(bytes).toString('latin1');
}

/** A SPIFFE ID in its only form: lower case where case does not matter, and no part that means another place. */
const SPIFFE = /^spiffe:\/\/[a-z0-9._-]{1,255}(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+)+$/;

/** Whoever has a SPIFFE ID has one, and no other URI (X.509-SVID, 2). URIs of other kinds are no names for rules. */
function spiffeOf(uris: readonly string[]): readonly string[] {
  if (new Set(uris).size < uris.length) throw new NameError('a URI stands there twice');
  const ids = uris.filter((uri) => /^spiffe:/i.test(uri));
  const [id] = ids;
  if (id === undefined) return [];
  if (uris.length > 1) throw new NameError('there are other URIs beside a SPIFFE ID');
  if (!SPIFFE.test(id)) throw new NameError('the SPIFFE ID is not in the form of one');
  return [id];
}

/** Letters, digits, hyphens, and the underscores that some have; a name for many hosts is nobody’s. */
function dnsName(text: string): string {
  const name = text.toLowerCase();
  const good = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
  if (name.length > 253 || !good.test(name)) throw new NameError('a DNS name is not in the form of one');
  return name;
}

/** The short names of RFC 4514, and those of others that OpenSSL writes the same way as LDAP. */
const types: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.42': 'GN',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
};

/** @param subject a name in DER */
export function subjectText(subject: Uint8Array): string {
  return (
    inside(parse(subject))
      .reverse()
      // What belongs together stands in OpenSSL's order too, so that people can copy what it says.
      .map((part) => inside(part, tag.set).reverse().map(attribute).join('+'))
      .join(',')
  );
}

function subjectOf(subject: Uint8Array): readonly string[] {
  const text = subjectText(subject);
  return text === '' ? [] : [`subject:${text}`];
}

function attribute(bytes: Value): string {
  const [type, value, ...more] = inside(bytes);
  if (value === undefined || more.length > 0) throw new NameError('the subject is not in the form of one');
  const numbers = oidOf(type);
  const short = types[numbers];
  const text = short === undefined ? undefined : textOf(value);
  // What has no text, or no short name, stands there as its bytes: RFC 4514, 2.4.
  return text === undefined
    ? `${short ?? numbers}=#${value.whole.toString('hex')}`
    : `${short}=${escaped(text)}`;
}

function textOf({ tag: kind, contents }: Value): string | undefined {
  try {
    switch (kind) {
      case tag.utf8:
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(contents);
      case tag.bmp:
        return new TextDecoder('utf-16be', { fatal: true, ignoreBOM: true }).decode(contents);
      case tag.numeric:
      case tag.printable:
      case tag.ia5:
        if (contents.some((byte) => byte > 0x7f))
          throw new NameError('the subject has bytes that are no text');
        return contents.toString('latin1');
      default:
        return undefined;
    }
  } catch (error) {
    if (error instanceof NameError) throw error;
    throw new NameError('the subject has bytes that are no text');
  }
}

function escaped(text: string): string {
  if (/\p{Cc}/u.test(text)) throw new NameError('the subject has control characters');
  return (
    text
      .replace(/["+,;<>\\]/g, '\\$&')
      .replace(/^[ #]| $/g, '\\$&')
      // What cannot be seen, or turns the direction of what follows, is written out.
      .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (at) => Buffer.from(at).toString('hex').replace(/../g, '\\$&'))
  );
}
