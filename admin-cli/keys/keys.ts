/** Keys as people speak of them, made from a few attributes. */
import { keyTypes } from '../../schema/cryptoki/constants/objects.ts';
import type { StateName } from '../../schema/lifecycle/states.ts';
import { type Counts, countAttributes, countsOf, stateOf } from '../../schema/lifecycle/told.ts';
import { type Attributes, readAttributes, readIfThere } from '../attributes.ts';
import type { Module } from '../cryptoki.ts';
import { ownerOf, type Rights, rightsAttributes, rightsOf, type Who } from './rights.ts';

export type KeyKind = 'private' | 'public' | 'secret';

/** CKO_PUBLIC_KEY, CKO_PRIVATE_KEY, CKO_SECRET_KEY. */
const classes: readonly (readonly [KeyKind, number])[] = [
  ['private', 3],
  ['public', 2],
  ['secret', 4],
];

export interface Key extends Rights {
  readonly kind: KeyKind;
  /** `RSA 2048`, `EC P-256`, `AES 256`. */
  readonly type: string;
  readonly label: string;
  /** CKA_ID in hex. */
  readonly id: string;
  /** CKA_UNIQUE_ID: how the audit log names it. */
  readonly uniqueId: string;
  readonly uses: readonly string[];
  /** Who may do the things under `uses`. */
  readonly usedBy: Who;
  /** Whether each use asks for the user's PIN again. */
  readonly asksEachTime: boolean;
  /** Whether it may leave encrypted by another key; undefined for a public key, which is no secret. */
  readonly wrappable?: boolean;
  /** How often it has been used, and may be; undefined for a public key. */
  readonly counts?: Counts;
  /** False for a session object, which goes with the session that made it. */
  readonly stored: boolean;
  /** Where it is in its life: `active`, `suspended`, … */
  readonly state: StateName;
}

const uses = ['sign', 'verify', 'encrypt', 'decrypt', 'wrap', 'unwrap', 'derive'] as const;

/** CKA_CLASS of a kind of key. */
export function classOf(kind: KeyKind): number {
  return classes.find(([each]) => each === kind)?.[1] ?? 0;
}

/** The attributes that are read of every key. */
const wanted = [
  'CKA_LABEL',
  'CKA_ID',
  'CKA_UNIQUE_ID',
  'CKA_KEY_TYPE',
  'CKA_TOKEN',
  'CKA_ALWAYS_AUTHENTICATE',
  'CKA_MODULUS',
  'CKA_EC_PARAMS',
  'CKA_VALUE_LEN',
  'CKA_STRONGROOM_STATE',
  ...rightsAttributes,
  ...countAttributes,
  ...uses.map(attributeOf),
];

function attributeOf(use: (typeof uses)[number]): string {
  return `CKA_${use.toUpperCase()}`;
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
      .map((object) => describe(kind, readAttributes(module, session, object, wanted)))
      .sort((one, other) => one.label.localeCompare(other.label) || one.id.localeCompare(other.id)),
  );
}

/** A key, and under which handle this session knows it. */
export interface HeldKey {
  readonly object: number;
  readonly key: Key;
  readonly attributes: Attributes;
}

/** The keys that protect something themselves, private and secret ones, with more attributes than {@link readKeys} asks for. */
export function heldKeys(module: Module, session: number, more: readonly string[]): HeldKey[] {
  return classes
    .filter(([kind]) => kind !== 'public')
    .flatMap(([kind, objectClass]) =>
      module.find(session, objectClass).flatMap((object) => {
        const attributes = readIfThere(module, session, object, [...wanted, ...more]);
        return attributes === undefined ? [] : [{ object, key: describe(kind, attributes), attributes }];
      }),
    );
}

function describe(kind: KeyKind, attributes: Attributes): Key {
  const can = uses.filter((use) => attributes.is(attributeOf(use)));
  const counts = countsOf(attributes);
  return {
    kind,
    type: typeName(attributes),
    label: attributes.text('CKA_LABEL'),
    id: attributes.hex('CKA_ID'),
    uniqueId: attributes.text('CKA_UNIQUE_ID'),
    uses: can,
    usedBy: can.length === 0 ? 'nobody' : ownerOf(attributes),
    asksEachTime: attributes.is('CKA_ALWAYS_AUTHENTICATE'),
    ...rightsOf(attributes, kind !== 'public'),
    ...(kind === 'public' ? {} : { wrappable: attributes.is('CKA_EXTRACTABLE') }),
    ...(counts === undefined ? {} : { counts }),
    stored: attributes.is('CKA_TOKEN'),
    state: stateOf(attributes),
  };
}

function typeName(attributes: Attributes): string {
  const type = attributes.number('CKA_KEY_TYPE');
  const modulus = attributes.bytes('CKA_MODULUS');
  const params = attributes.bytes('CKA_EC_PARAMS');
  const bytes = attributes.number('CKA_VALUE_LEN');
  const name = keyTypes.find((row) => row.value === type && row.alias === undefined)?.name ?? 'unknown';
  const short = name.replace(/^CKK_/, '').replaceAll('_', ' ');
  if (modulus !== undefined) return `${short} ${bitsOf(modulus)}`;
  if (params !== undefined) return curves[Buffer.from(params).toString('hex')] ?? `${short} on another curve`;
  const words = short === 'GENERIC SECRET' ? 'generic' : short.replace(/^SHA(\d+) HMAC$/, 'HMAC-SHA-$1');
  return bytes === undefined ? words : `${words} ${bytes * 8}`;
}

function bitsOf(big: Uint8Array): number {
  const first = big.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (big.length - first) * 8 - (Math.clz32(big[first] ?? 0) - 24);
}
