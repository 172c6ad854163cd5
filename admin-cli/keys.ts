/** Keys as people speak of them, made from a few attributes. */
import { attributeIds } from '../schema/cryptoki/constants/attributes.ts';
import { keyTypes } from '../schema/cryptoki/constants/objects.ts';
import type { Module } from './cryptoki.ts';

export type KeyKind = 'private' | 'public' | 'secret';

/** CKO_PUBLIC_KEY, CKO_PRIVATE_KEY, CKO_SECRET_KEY. */
const classes: readonly (readonly [KeyKind, number])[] = [
  ['private', 3],
  ['public', 2],
  ['secret', 4],
];

/** What a key's value may do: never leave, leave wrapped by another key, or be read by whoever is logged in. */
export type Protection = 'sealed' | 'extractable' | 'readable' | 'public';

export interface Key {
  readonly kind: KeyKind;
  /** `RSA 2048`, `EC P-256`, `AES 256`. */
  readonly type: string;
  readonly label: string;
  /** CKA_ID in hex. */
  readonly id: string;
  readonly uses: readonly string[];
  readonly protection: Protection;
  /** False for a session object, which goes with the session that made it. */
  readonly stored: boolean;
}

const uses = ['sign', 'verify', 'encrypt', 'decrypt', 'wrap', 'unwrap', 'derive'] as const;

/** The attributes that are read of every key, in the order in which {@link describe} takes them. */
const wanted = [
  'CKA_LABEL',
  'CKA_ID',
  'CKA_KEY_TYPE',
  'CKA_TOKEN',
  'CKA_SENSITIVE',
  'CKA_EXTRACTABLE',
  'CKA_MODULUS',
  'CKA_EC_PARAMS',
  'CKA_VALUE_LEN',
  ...uses.map((use) => `CKA_${use.toUpperCase()}`),
].map(number);

function number(name: string): number {
  const row = attributeIds.find((candidate) => candidate.name === name);
  if (row === undefined) throw new RangeError(`the schema has no ${name}`);
  return row.value;
}

/** DER of CKA_EC_PARAMS in hex (SEC 1 and SEC 2, RFC 5480, RFC 8410; the curve's name in PKCS#11 3.2, 6.3.3). */
const curves: Readonly<Record<string, string>> = {
  '06052b81040021': 'EC P-224',
  '06082a8648ce3d030107': 'EC P-256',
  '06052b81040022': 'EC P-384',
  '06052b81040023': 'EC P-521',
  '06052b8104000a': 'EC secp256k1',
  '06032b6570': 'Ed25519',
  '130c656477617264733235353139': 'Ed25519',
  '06032b656e': 'X25519',
  '130a63757276653235353139': 'X25519',
};

/** All keys that the session may see: private ones first, then public, then secret, each by label and id. */
export function readKeys(module: Module, session: number): Key[] {
  return classes.flatMap(([kind, objectClass]) =>
    module
      .find(session, objectClass)
      .map((object) => describe(kind, module.attributes(session, object, wanted)))
      .sort((one, other) => one.label.localeCompare(other.label) || one.id.localeCompare(other.id)),
  );
}

function describe(kind: KeyKind, values: readonly (Uint8Array | null)[]): Key {
  const [label, id, type, token, sensitive, extractable, modulus, params, length, ...used] = values;
  return {
    kind,
    type: typeName(ulong(type), modulus, params, ulong(length)),
    label: Buffer.from(label ?? []).toString(),
    id: Buffer.from(id ?? []).toString('hex'),
    uses: uses.filter((_, at) => yes(used[at])),
    protection: kind === 'public' ? 'public' : protection(yes(sensitive), yes(extractable)),
    stored: yes(token),
  };
}

function protection(sensitive: boolean, extractable: boolean): Protection {
  if (!extractable) return 'sealed';
  return sensitive ? 'extractable' : 'readable';
}

function yes(value: Uint8Array | null | undefined): boolean {
  return value?.[0] === 1;
}

/** A CK_ULONG in the machine's byte order, which on all our machines is little-endian. */
function ulong(value: Uint8Array | null | undefined): number | undefined {
  if (value?.length !== 8) return undefined;
  return Number(Buffer.from(value.buffer, value.byteOffset, 8).readBigUInt64LE());
}

function typeName(
  type: number | undefined,
  modulus: Uint8Array | null | undefined,
  params: Uint8Array | null | undefined,
  bytes: number | undefined,
): string {
  const name = keyTypes.find((row) => row.value === type && row.alias === undefined)?.name ?? 'unknown';
  const short = name.replace(/^CKK_/, '').replaceAll('_', ' ');
  if (modulus) return `${short} ${bitsOf(modulus)}`;
  if (params) return curves[Buffer.from(params).toString('hex')] ?? `${short} on another curve`;
  const words = short === 'GENERIC SECRET' ? 'generic' : short.replace(/^SHA(\d+) HMAC$/, 'HMAC-SHA-$1');
  return bytes === undefined ? words : `${words} ${bytes * 8}`;
}

function bitsOf(big: Uint8Array): number {
  const first = big.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (big.length - first) * 8 - (Math.clz32(big[first] ?? 0) - 24);
}
