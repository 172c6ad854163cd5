/** A key's life in words: where it is, since when and why, and what it may do meanwhile. */
import {
  type OperationName,
  type Row,
  type StateName,
  states,
  table,
} from '../../schema/lifecycle/states.ts';
import { type Attributes, readIfThere } from '../attributes.ts';
import type { Module } from '../cryptoki.ts';
import { type Key, stateOf } from './keys.ts';

export interface Life {
  readonly state: StateName;
  /** Why it is in that state, as whoever took it there said; empty when it came there by time. */
  readonly reason: string;
  /** As whom he was logged in. */
  readonly by: 'user' | 'security officer' | undefined;
  /** Seconds since 1970. */
  readonly since: number | undefined;
  readonly from: number | undefined;
  readonly until: number | undefined;
  readonly compromised: number | undefined;
  /** CKA_UNIQUE_ID; empty for none. */
  readonly successor: string;
  readonly predecessor: string;
}

const wanted = [
  'CKA_STRONGROOM_STATE',
  'CKA_STRONGROOM_STATE_REASON',
  'CKA_STRONGROOM_STATE_TIME',
  'CKA_STRONGROOM_STATE_SET',
  'CKA_STRONGROOM_STATE_SETTER',
  'CKA_STRONGROOM_ACTIVATION_TIME',
  'CKA_STRONGROOM_DEACTIVATION_TIME',
  'CKA_STRONGROOM_COMPROMISE_TIME',
  'CKA_STRONGROOM_SUCCESSOR',
  'CKA_STRONGROOM_PREDECESSOR',
];

/** CK_UNAVAILABLE_INFORMATION is more than any time. */
function timeOf(attributes: Attributes, name: string): number | undefined {
  const time = attributes.number(name);
  return time === undefined || time > 253_402_300_800 ? undefined : time;
}

export function readLife(module: Module, session: number, object: number): Life | undefined {
  const attributes = readIfThere(module, session, object, wanted);
  if (attributes === undefined) return undefined;
  const state = stateOf(attributes);
  const isSet =
    attributes.number('CKA_STRONGROOM_STATE_SET') === attributes.number('CKA_STRONGROOM_STATE') &&
    attributes.number('CKA_STRONGROOM_STATE') !== undefined;
  const setter = attributes.number('CKA_STRONGROOM_STATE_SETTER');
  return {
    state,
    reason: isSet ? attributes.text('CKA_STRONGROOM_STATE_REASON') : '',
    by: !isSet ? undefined : setter === 0 ? 'security officer' : setter === 1 ? 'user' : undefined,
    since: timeOf(attributes, 'CKA_STRONGROOM_STATE_TIME'),
    from: timeOf(attributes, 'CKA_STRONGROOM_ACTIVATION_TIME'),
    until: timeOf(attributes, 'CKA_STRONGROOM_DEACTIVATION_TIME'),
    compromised: timeOf(attributes, 'CKA_STRONGROOM_COMPROMISE_TIME'),
    successor: attributes.text('CKA_STRONGROOM_SUCCESSOR'),
    predecessor: attributes.text('CKA_STRONGROOM_PREDECESSOR'),
  };
}

/** `2027-03-01 00:00:00 UTC`. */
export function moment(time: number): string {
  return `${new Date(time * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

export function meaningOf(name: StateName): string {
  return states.find((state) => state.name === name)?.meaning ?? '';
}

/** What a key's uses are called in the table of states. */
function operationOf(use: string, { kind }: Key): OperationName {
  return use === 'sign' && kind === 'secret' ? 'MAC' : (use as OperationName);
}

/** Its uses, parted by whether its state lets it. */
export function usesNow(key: Key, state: StateName): { may: string[]; mayNot: string[] } {
  const row = (table as readonly Row[]).find((each) => each.state === state);
  const isAllowed = (use: string) => row?.may.includes(operationOf(use, key)) ?? false;
  return { may: key.uses.filter(isAllowed), mayNot: key.uses.filter((use) => !isAllowed(use)) };
}
