/** What a key is like, as answers tell it. */
import {
  type Key,
  KeyAlgorithm,
  KeyClass,
  KeyUsage,
} from '../../module/wire/generated/strongroom/v1/keys.ts';
import { states } from '../../schema/lifecycle/states.ts';
import * as C from '../cryptoki-client/generated/constants.ts';
import type { Finder } from './find.ts';
import { kindLike } from './kinds.ts';
import type { TokenInfo } from './tokens.ts';
import { asFlag, asNumber, asText } from './values.ts';

const classes: ReadonlyMap<number | undefined, KeyClass> = new Map([
  [C.CKO_SECRET_KEY, KeyClass.KEY_CLASS_SECRET],
  [C.CKO_PRIVATE_KEY, KeyClass.KEY_CLASS_PRIVATE],
  [C.CKO_PUBLIC_KEY, KeyClass.KEY_CLASS_PUBLIC],
]);

/** The attributes that say what a key may be used for. */
export const usageAttributes: readonly (readonly [KeyUsage, number])[] = [
  [KeyUsage.KEY_USAGE_SIGN, C.CKA_SIGN],
  [KeyUsage.KEY_USAGE_VERIFY, C.CKA_VERIFY],
  [KeyUsage.KEY_USAGE_ENCRYPT, C.CKA_ENCRYPT],
  [KeyUsage.KEY_USAGE_DECRYPT, C.CKA_DECRYPT],
  [KeyUsage.KEY_USAGE_WRAP, C.CKA_WRAP],
  [KeyUsage.KEY_USAGE_UNWRAP, C.CKA_UNWRAP],
  [KeyUsage.KEY_USAGE_DERIVE, C.CKA_DERIVE],
];

const asked = [
  C.CKA_CLASS,
  C.CKA_KEY_TYPE,
  C.CKA_LABEL,
  C.CKA_ID,
  C.CKA_UNIQUE_ID,
  C.CKA_TOKEN,
  C.CKA_LOCAL,
  C.CKA_SENSITIVE,
  C.CKA_EXTRACTABLE,
  C.CKA_EC_PARAMS,
  C.CKA_MODULUS,
  C.CKA_VALUE_LEN,
  C.CKA_STRONGROOM_STATE,
  ...usageAttributes.map(([, attribute]) => attribute),
];

/** Reads an object. */
export async function describe(finder: Finder, token: TokenInfo, object: number): Promise<Key> {
  const values = await finder.read(token.slot, object, asked);
  const of = (type: number): Uint8Array | undefined => values[asked.indexOf(type)];
  const length = asNumber(of(C.CKA_VALUE_LEN));
  const modulus = of(C.CKA_MODULUS);
  const bits = modulus === undefined ? (length ?? 0) * 8 : modulus.length * 8;
  const kind = kindLike(asNumber(of(C.CKA_KEY_TYPE)) ?? -1, of(C.CKA_EC_PARAMS), bits);
  return {
    token: token.label,
    label: asText(of(C.CKA_LABEL)),
    id: of(C.CKA_ID) ?? new Uint8Array(0),
    uniqueId: asText(of(C.CKA_UNIQUE_ID)),
    keyClass: classes.get(asNumber(of(C.CKA_CLASS))) ?? KeyClass.KEY_CLASS_UNSPECIFIED,
    algorithm: kind?.algorithm ?? KeyAlgorithm.KEY_ALGORITHM_UNSPECIFIED,
    bits,
    usages: usageAttributes.filter(([, type]) => asFlag(of(type))).map(([usage]) => usage),
    extractable: asFlag(of(C.CKA_EXTRACTABLE)),
    sensitive: asFlag(of(C.CKA_SENSITIVE)),
    local: asFlag(of(C.CKA_LOCAL)),
    temporary: !asFlag(of(C.CKA_TOKEN)),
    state: states.find(({ number }) => number === asNumber(of(C.CKA_STRONGROOM_STATE)))?.name ?? '',
  };
}
