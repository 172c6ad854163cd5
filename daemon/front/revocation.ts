/** Lists of revoked certificates (RFC 5280, 5). They may be long, so of each entry only the number is read. */
import { DerError, expectTag, hex, leadingIntegers, oidText, only, TAG, timeOf, values } from './der.ts';
import { extensionsIn } from './names.ts';

export interface RevocationList {
  /** The authority’s name as DER, in hex. */
  readonly issuer: string;
  /** Milliseconds since 1970. */
  readonly nextUpdate: number | undefined;
  /** The numbers of the certificates, in hex as they stand there. */
  readonly serials: ReadonlySet<string>;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
  /** How it is signed, as node:crypto wants it; undefined for ways that only OpenSSL looks at. */
  readonly digest: { readonly name: string | null } | undefined;
}

const digests: Readonly<Record<string, string | null>> = {
  // ECDSA and RSA with SHA-2.
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  // Ed25519, Ed448, ML-DSA: what is signed is the text itself.
  '1.3.101.112': null,
  '1.3.101.113': null,
  '2.16.840.1.101.3.4.3.17': null,
  '2.16.840.1.101.3.4.3.18': null,
  '2.16.840.1.101.3.4.3.19': null,
};
const DELTA = '2.5.29.27';

/** @throws DerError, NameError */
export function readList(bytes: Uint8Array): RevocationList {
  const [body, algorithm, signature] = values(only(bytes, TAG.sequence).content);
  const parts = [...values(expectTag(body, TAG.sequence).content)];
  const [, issuer, , ...rest] = parts[0]?.tag === TAG.integer ? parts.slice(1) : parts;
  const hasNext = rest[0]?.tag === TAG.utcTime || rest[0]?.tag === TAG.generalizedTime;
  const entries = rest.find(({ tag }) => tag === TAG.sequence);
  const wrapped = rest.find(({ tag }) => tag === 0xa0);
  // One that only says what has changed is none by itself.
  if (wrapped !== undefined && extensionsIn(wrapped.content).has(DELTA))
    throw new DerError('a list of changes alone');
  const [type] = values(expectTag(algorithm, TAG.sequence).content);
  const name = digests[oidText(expectTag(type, TAG.oid))];
  return {
    issuer: hex(expectTag(issuer, TAG.sequence).whole),
    nextUpdate: hasNext ? timeOf(rest[0] as (typeof rest)[number]) : undefined,
    serials: leadingIntegers(entries?.content ?? new Uint8Array()),
    signed: (body as (typeof rest)[number]).whole,
    // Its first byte says how many bits of the last one are not used.
    signature: expectTag(signature, TAG.bits).content.subarray(1),
    digest: name === undefined ? undefined : { name },
  };
}
