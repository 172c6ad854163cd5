/** What keys answer about their lives where nothing is stored: every key has these attributes, and can be found by its state. */
import {
  CK_UNAVAILABLE_INFORMATION,
  CKA_STRONGROOM_ACTIVATION_TIME,
  CKA_STRONGROOM_COMPROMISE_TIME,
  CKA_STRONGROOM_DEACTIVATION_TIME,
  CKA_STRONGROOM_PREDECESSOR,
  CKA_STRONGROOM_ROTATION_DUE,
  CKA_STRONGROOM_STATE,
  CKA_STRONGROOM_STATE_REASON,
  CKA_STRONGROOM_STATE_SET,
  CKA_STRONGROOM_STATE_SET_TIME,
  CKA_STRONGROOM_STATE_SETTER,
  CKA_STRONGROOM_STATE_TIME,
  CKA_STRONGROOM_SUCCESSOR,
} from '../../generated/constants.ts';
import { boolValue, ulongValue } from '../attribute-set.ts';
import { type Living, lifeOf, stateAt, stateSince, timeIn, UNLIMITED } from './life.ts';
import { isDue } from './succession.ts';

const EMPTY = new Uint8Array(0);

/** The value of an attribute that is not among the key's; undefined for one that has nothing to do with its life. */
export function lifeAnswer(key: Living, type: number): Uint8Array | undefined {
  if (type === CKA_STRONGROOM_ROTATION_DUE) return boolValue(isDue(key.attributes, key.token.clock.now()));
  if (type < CKA_STRONGROOM_STATE || type > CKA_STRONGROOM_PREDECESSOR) return undefined;
  const { attributes } = key;
  const life = lifeOf(attributes) ?? UNLIMITED;
  const now = key.token.clock.now();
  switch (type) {
    case CKA_STRONGROOM_STATE:
      return ulongValue(stateAt(life, now));
    case CKA_STRONGROOM_STATE_TIME:
      return time(stateSince(life, now, timeIn(attributes, CKA_STRONGROOM_STATE_SET_TIME)));
    case CKA_STRONGROOM_ACTIVATION_TIME:
      return time(life.activation);
    case CKA_STRONGROOM_DEACTIVATION_TIME:
      return time(life.deactivation);
    case CKA_STRONGROOM_COMPROMISE_TIME:
    case CKA_STRONGROOM_STATE_SET:
    case CKA_STRONGROOM_STATE_SETTER:
    case CKA_STRONGROOM_STATE_SET_TIME:
      return time(undefined);
    case CKA_STRONGROOM_STATE_REASON:
    case CKA_STRONGROOM_SUCCESSOR:
    case CKA_STRONGROOM_PREDECESSOR:
      return EMPTY;
    default:
      return undefined;
  }
}

function time(value: number | undefined): Uint8Array {
  return ulongValue(value ?? CK_UNAVAILABLE_INFORMATION);
}
