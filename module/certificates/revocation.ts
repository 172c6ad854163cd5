/** Lists of revoked certificates (RFC 5280, 5). They may be long, so of each entry only the number is read. */
import {
  contextual,
  DerError,
  dateOf,
  expected,
  inside,
  isTime,
  leadingIntegers,
  parse,
  tag,
  unsignedOf,
} from './der.ts';
import { readSigned, type Signed } from './signatures.ts';
import { extensionsOf, oids } from './x509.ts';

export interface RevocationList extends Signed {
  /** The authority’s name, in DER. */
  readonly issuer: Buffer;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  readonly number: bigint | undefined;
  /** Serial numbers, as certificates here have them. */
  readonly revoked: ReadonlySet<string>;
}

/** @throws DerError for what is no list, and for one that only says what has changed */
export function readRevocationList(der: Uint8Array): RevocationList {
  const outer = readSigned(der);
  const fields = inside(parse(outer.signed));
  // A version, unless it is the first.
  if (fields[0]?.tag === tag.integer) fields.shift();
  const [, issuer, thisUpdate, ...rest] = fields;
  const nextUpdate = isTime(rest[0]) ? rest.shift() : undefined;
  const entries = rest[0]?.tag === tag.sequence ? rest.shift() : undefined;
  const extensions = extensionsOf(rest.shift(), contextual(0));
  if (rest.length > 0) throw new DerError('something follows behind the extensions');
  // One that only says what has changed is none by itself.
  if (extensions.has(oids.deltaCrlIndicator)) throw new DerError('it is a list of changes alone');
  const number = extensions.get(oids.crlNumber);
  return {
    ...outer,
    issuer: expected(issuer, tag.sequence).whole,
    thisUpdate: dateOf(thisUpdate),
    nextUpdate: nextUpdate === undefined ? undefined : dateOf(nextUpdate),
    number: number === undefined ? undefined : BigInt(`0x0${unsignedOf(parse(number)).toString('hex')}`),
    revoked: leadingIntegers(entries?.contents ?? Buffer.alloc(0)),
  };
}
