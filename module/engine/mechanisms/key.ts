/**
 * Whether a key may be used by a mechanism for a function: class, type, usage, allowed mechanisms, size, and the state that it is in.
 *
 * All that the answer needs is read from the key's attributes once and kept beside them. Sets of attributes never change
 * (a change makes another set), so nothing has to be invalidated. The time alone goes on: a key with a life is asked for its state each time.
 */
import type { Enclave } from '../../enclave/enclave.ts';
import * as ck from '../generated/constants.ts';
import { LifeUse } from '../generated/lifecycle.ts';
import type { AttributeSet } from '../objects/attribute-set.ts';
import { type Life, lifeOf } from '../objects/lifecycle/life.ts';
import { checkLife, type LifeWatch } from '../objects/lifecycle/refusal.ts';
import type { TokenObject } from '../objects/object.ts';
import type { MechanismConfig } from '../policy/config.ts';
import type { Session } from '../sessions/application.ts';
import { CryptokiError, checked } from '../values/errors.ts';
import type { Mechanism } from './mechanism.ts';
import type { UsableKey } from './usable-key.ts';

/** What a key is used for: the mechanism's flag, the key's attribute, and the answers when it does not fit. */
export interface Use {
  /** A bit of its attribute's own, for {@link UsableKey}'s set of permitted uses. */
  readonly bit: number;
  readonly flag: number;
  readonly attribute: number;
  /** What it is in the table of states. */
  readonly life: LifeUse;
  /** Which half of a key pair; secret keys serve both. */
  readonly half: 'public' | 'private';
  readonly handleInvalid: number;
  readonly typeInconsistent: number;
  readonly sizeRange: number;
}

const ordinary = {
  handleInvalid: ck.CKR_KEY_HANDLE_INVALID,
  typeInconsistent: ck.CKR_KEY_TYPE_INCONSISTENT,
  sizeRange: ck.CKR_KEY_SIZE_RANGE,
} as const;

export const Use = {
  Encrypt: {
    bit: 1,
    flag: ck.CKF_ENCRYPT,
    attribute: ck.CKA_ENCRYPT,
    life: LifeUse.Encrypt,
    half: 'public',
    ...ordinary,
  },
  Decrypt: {
    bit: 2,
    flag: ck.CKF_DECRYPT,
    attribute: ck.CKA_DECRYPT,
    life: LifeUse.Decrypt,
    half: 'private',
    ...ordinary,
  },
  MessageEncrypt: {
    bit: 1,
    flag: ck.CKF_MESSAGE_ENCRYPT,
    attribute: ck.CKA_ENCRYPT,
    life: LifeUse.Encrypt,
    half: 'public',
    ...ordinary,
  },
  MessageDecrypt: {
    bit: 2,
    flag: ck.CKF_MESSAGE_DECRYPT,
    attribute: ck.CKA_DECRYPT,
    life: LifeUse.Decrypt,
    half: 'private',
    ...ordinary,
  },
  Sign: {
    bit: 4,
    flag: ck.CKF_SIGN,
    attribute: ck.CKA_SIGN,
    life: LifeUse.Sign,
    half: 'private',
    ...ordinary,
  },
  Verify: {
    bit: 8,
    flag: ck.CKF_VERIFY,
    attribute: ck.CKA_VERIFY,
    life: LifeUse.Verify,
    half: 'public',
    ...ordinary,
  },
  SignRecover: {
    bit: 16,
    flag: ck.CKF_SIGN_RECOVER,
    attribute: ck.CKA_SIGN_RECOVER,
    life: LifeUse.Sign,
    half: 'private',
    ...ordinary,
  },
  VerifyRecover: {
    bit: 32,
    flag: ck.CKF_VERIFY_RECOVER,
    attribute: ck.CKA_VERIFY_RECOVER,
    life: LifeUse.Verify,
    half: 'public',
    ...ordinary,
  },
  Wrap: {
    bit: 64,
    flag: ck.CKF_WRAP,
    attribute: ck.CKA_WRAP,
    life: LifeUse.Wrap,
    half: 'public',
    handleInvalid: ck.CKR_WRAPPING_KEY_HANDLE_INVALID,
    typeInconsistent: ck.CKR_WRAPPING_KEY_TYPE_INCONSISTENT,
    sizeRange: ck.CKR_WRAPPING_KEY_SIZE_RANGE,
  },
  Unwrap: {
    bit: 128,
    flag: ck.CKF_UNWRAP,
    attribute: ck.CKA_UNWRAP,
    life: LifeUse.Unwrap,
    half: 'private',
    handleInvalid: ck.CKR_UNWRAPPING_KEY_HANDLE_INVALID,
    typeInconsistent: ck.CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT,
    sizeRange: ck.CKR_UNWRAPPING_KEY_SIZE_RANGE,
  },
  Derive: {
    bit: 256,
    flag: ck.CKF_DERIVE,
    attribute: ck.CKA_DERIVE,
    life: LifeUse.Derive,
    half: 'private',
    ...ordinary,
  },
} as const satisfies Record<string, Use>;

const uses: readonly Use[] = Object.values(Use);

/** What a key's attributes say about its use. */
class Profile {
  readonly keyClass: number;
  readonly keyType: number;
  /** The {@link Use.bit}s of the uses that the key's attributes permit. */
  readonly permitted: number;
  readonly allowed: ReadonlySet<number> | undefined;
  readonly alwaysAuthenticate: boolean;
  /** Undefined for a key that is active whatever the time. */
  readonly life: Life | undefined;
  /** Size in bits, or 0 until the enclave has been asked. */
  bits = 0;
  /** What mechanisms are given, once a use has been found to fit. */
  usable: UsableKey | undefined;
  /** The mechanism and use that were last found to fit, so that a row of equal operations asks once. */
  fitMechanism: Mechanism | undefined;
  fitBits = 0;

  constructor(attributes: AttributeSet) {
    this.keyClass = attributes.ulong(ck.CKA_CLASS) ?? -1;
    this.keyType = attributes.ulong(ck.CKA_KEY_TYPE) ?? -1;
    let permitted = 0;
    for (const use of uses) if (attributes.bool(use.attribute) === true) permitted |= use.bit;
    this.permitted = permitted;
    const allowed = attributes.ulongs(ck.CKA_ALLOWED_MECHANISMS);
    this.allowed = allowed === undefined || allowed.length === 0 ? undefined : new Set(allowed);
    this.alwaysAuthenticate = attributes.bool(ck.CKA_ALWAYS_AUTHENTICATE) === true;
    this.life = lifeOf(attributes);
  }
}

const profiles = new WeakMap<AttributeSet, Profile>();

function profileOf(attributes: AttributeSet): Profile {
  let profile = profiles.get(attributes);
  if (profile === undefined) {
    profile = new Profile(attributes);
    profiles.set(attributes, profile);
  }
  return profile;
}

/** Where keys are used: the engine. */
export interface Workplace extends LifeWatch {
  readonly enclave: Enclave;
  readonly config: { readonly mechanisms: MechanismConfig };
}

/**
 * The key of that handle, if this session may use it so with this mechanism (PKCS#11 3.2, 5.8 to 5.18, C_*Init).
 * @throws CryptokiError the use's handleInvalid, typeInconsistent or sizeRange; CKR_KEY_FUNCTION_NOT_PERMITTED, also for a key in another
 *   state; and CKR_MECHANISM_INVALID when CKA_ALLOWED_MECHANISMS leaves the mechanism out
 */
export function keyFor(
  session: Session,
  workplace: Workplace,
  mechanism: Mechanism,
  handle: number,
  use: Use,
): UsableKey {
  const { enclave, config } = workplace;
  const object = lookUp(session, handle, use);
  const profile = profileOf(object.attributes);
  if (profile.fitMechanism !== mechanism || (profile.fitBits & use.bit) === 0) {
    check(object, enclave, profile, mechanism, use);
    if (profile.fitMechanism !== mechanism) {
      profile.fitMechanism = mechanism;
      profile.fitBits = 0;
    }
    profile.fitBits |= use.bit;
  }
  if (profile.life !== undefined) checkLife(workplace, object, use.life);
  const known = profile.usable;
  if (known !== undefined && known.object === object) return known;
  const { keyType, bits, alwaysAuthenticate, life } = profile;
  const uses = session.token.objects.counting.of(object);
  profile.usable = {
    object,
    uses,
    enclave,
    config: config.mechanisms,
    keyType,
    bits,
    alwaysAuthenticate,
    life,
  };
  return profile.usable;
}

function lookUp(session: Session, handle: number, use: Use): TokenObject {
  try {
    return session.token.objects.getKey(session, handle);
  } catch (error) {
    if (error instanceof CryptokiError && error.rv === ck.CKR_KEY_HANDLE_INVALID) {
      throw new CryptokiError(use.handleInvalid, 'mechanisms.key', 'no such key');
    }
    throw error;
  }
}

function check(
  object: TokenObject,
  enclave: Enclave,
  profile: Profile,
  mechanism: Mechanism,
  use: Use,
): void {
  const fitting = use.half === 'public' ? ck.CKO_PUBLIC_KEY : ck.CKO_PRIVATE_KEY;
  if (profile.keyClass !== fitting && profile.keyClass !== ck.CKO_SECRET_KEY) {
    throw new CryptokiError(use.typeInconsistent, 'mechanisms.key', 'the key is of the wrong class');
  }
  if (!mechanism.row.keyTypes.includes(profile.keyType)) {
    throw new CryptokiError(use.typeInconsistent, 'mechanisms.key', 'the key is of the wrong type');
  }
  if ((profile.permitted & use.bit) === 0) {
    throw new CryptokiError(
      ck.CKR_KEY_FUNCTION_NOT_PERMITTED,
      'mechanisms.key',
      'the key may not be used for this',
    );
  }
  if (profile.allowed !== undefined && !profile.allowed.has(mechanism.type)) {
    throw new CryptokiError(
      ck.CKR_MECHANISM_INVALID,
      'mechanisms.key',
      'the key does not allow this mechanism',
    );
  }
  if (profile.bits === 0) profile.bits = checked(enclave.keyBits(object.key()), 'mechanisms.key');
  const size = mechanism.sizeOf(profile.bits);
  if (size < mechanism.row.min || size > mechanism.row.max) {
    throw new CryptokiError(
      use.sizeRange,
      'mechanisms.key',
      'the key is too short or too long for the mechanism',
    );
  }
}
