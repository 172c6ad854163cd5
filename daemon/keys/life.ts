/** Where a key is in its life, as answers tell it: what `strongroom key show` says. */
import {
  type GetKeyLifeRequest,
  type GetKeyLifeResponse,
  type Key,
  KeyClass,
  type KeyLife,
  KeyUsage,
  StateSetter,
  type UseCount,
} from '../../module/wire/generated/strongroom/v1/keys.ts';
import { attributeIds } from '../../schema/cryptoki/constants/attributes.ts';
import type { StateName } from '../../schema/lifecycle/states.ts';
import {
  type Count,
  countAttributes,
  countsOf,
  type KeyAttributes,
  lifeAttributes,
  lifeOf,
  mayNow,
  scheduleAttributes,
  scheduleOf,
} from '../../schema/lifecycle/told.ts';
import type { KeysApplication } from './application.ts';
import { describe } from './describe.ts';
import type { Finder } from './find.ts';
import type { TokenInfo } from './tokens.ts';
import { asFlag, asNumber, asText } from './values.ts';

const names: readonly string[] = [...lifeAttributes, ...countAttributes, ...scheduleAttributes];
const numbers = names.map((name) => {
  const row = attributeIds.find((each) => each.name === name);
  if (row === undefined) throw new Error(`there is no attribute ${name}`);
  return row.value;
});

/** Reads what tells of a key's life. */
export async function lifeAttributesOf(
  finder: Finder,
  token: TokenInfo,
  object: number,
): Promise<KeyAttributes> {
  const values = await finder.read(token.slot, object, numbers);
  const of = (name: string): Uint8Array | undefined => values[names.indexOf(name)];
  return {
    number: (name) => asNumber(of(name)),
    text: (name) => asText(of(name)),
    is: (name) => asFlag(of(name)),
  };
}

const setters: Readonly<Record<'user' | 'security officer', StateSetter>> = {
  user: StateSetter.STATE_SETTER_USER,
  'security officer': StateSetter.STATE_SETTER_SO,
};

/** Usages as the table of states calls them. */
const uses: ReadonlyMap<KeyUsage, string> = new Map([
  [KeyUsage.KEY_USAGE_SIGN, 'sign'],
  [KeyUsage.KEY_USAGE_VERIFY, 'verify'],
  [KeyUsage.KEY_USAGE_ENCRYPT, 'encrypt'],
  [KeyUsage.KEY_USAGE_DECRYPT, 'decrypt'],
  [KeyUsage.KEY_USAGE_WRAP, 'wrap'],
  [KeyUsage.KEY_USAGE_UNWRAP, 'unwrap'],
  [KeyUsage.KEY_USAGE_DERIVE, 'derive'],
]);

export function usagesNow({ usages, keyClass }: Key, state: StateName): KeyUsage[] {
  const isSecret = keyClass === KeyClass.KEY_CLASS_SECRET;
  return usages.filter((usage) => mayNow(state, uses.get(usage) ?? '', isSecret));
}

const counted = (count: Count | undefined): UseCount | undefined => count && { limit: undefined, ...count };

/** @param key what {@link describe} says of it */
export function lifeIn(attributes: KeyAttributes, key: Key): KeyLife {
  const life = lifeOf(attributes);
  const counts = countsOf(attributes);
  const schedule = scheduleOf(attributes);
  return {
    stateSince: life.since ?? 0,
    stateSetter: life.by === undefined ? StateSetter.STATE_SETTER_UNSPECIFIED : setters[life.by],
    stateReason: life.reason,
    activationTime: life.from ?? 0,
    deactivationTime: life.until ?? 0,
    compromiseTime: life.compromised ?? 0,
    successor: life.successor,
    predecessor: life.predecessor,
    usagesNow: usagesNow(key, life.state),
    uses: counted(counts?.operations),
    bytes: counted(counts?.bytes),
    gcmEncryptions: counted(counts?.gcmEncryptions),
    tokenIvOnly: counts?.tokenIvOnly ?? false,
    ivReuseCheck: counts?.ivReuseCheck ?? false,
    rotateEvery: schedule?.every ?? 0,
    rotateTime: schedule?.next ?? 0,
    rotationDue: schedule?.due ?? false,
  };
}

export async function keyAndLife(
  { finder }: KeysApplication,
  token: TokenInfo,
  object: number,
): Promise<{ key: Key; life: KeyLife }> {
  const key = await describe(finder, token, object);
  return { key, life: lifeIn(await lifeAttributesOf(finder, token, object), key) };
}

export async function getKeyLife(
  app: KeysApplication,
  request: GetKeyLifeRequest,
): Promise<GetKeyLifeResponse> {
  return await app.finder.use(
    () => app.finder.key(request.key, ['private', 'secret', 'public'], 'key', 'itself'),
    ({ token, object }) => keyAndLife(app, token, object),
  );
}
