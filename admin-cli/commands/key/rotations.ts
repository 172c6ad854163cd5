/** Rotations of keys as people speak of them: which key is meant, how often, and what became of it. */
import {
  lifeAttributes,
  type Schedule,
  scheduleAttributes,
  scheduleOf,
} from '../../../schema/lifecycle/told.ts';
import { readAttributes, templateOf } from '../../attributes.ts';
import type { Module } from '../../cryptoki.ts';
import { type HeldKey, heldKeys } from '../../keys/keys.ts';
import { Problem, usage } from '../../problem.ts';
import { plain } from '../../terminal.ts';

const CERTIFICATE = 1;
const UNITS: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400, w: 604_800 };

const wanted = [...lifeAttributes, ...scheduleAttributes];

export interface RotatableKey extends HeldKey {
  /** Undefined for one that nobody has given one. */
  readonly schedule: Schedule | undefined;
}

/** The keys of the token that have no successor, in the order of their labels. */
export function rotatableKeys(module: Module, session: number): RotatableKey[] {
  return heldKeys(module, session, wanted)
    .filter(({ key, attributes }) => key.stored && attributes.text('CKA_STRONGROOM_SUCCESSOR') === '')
    .map((held) => ({ ...held, schedule: scheduleOf(held.attributes) }))
    .sort(
      (one, other) => one.key.label.localeCompare(other.key.label) || one.key.id.localeCompare(other.key.id),
    );
}

/** The key that is meant, by its label or its unique id. */
export function chosenKey(keys: readonly RotatableKey[], name: string): RotatableKey {
  const [found, another] = keys.filter(({ key }) => key.label === name || key.uniqueId === name);
  if (found === undefined)
    throw new Problem(
      `there is no key “${plain(name)}” that could be rotated`,
      'Private and secret keys can that have no successor yet: strongroom key list --login shows them.',
    );
  if (another !== undefined)
    throw usage(
      `several keys are called “${plain(name)}”`,
      'Name the one by its unique id: strongroom key list --login --json.',
    );
  return found;
}

/** `90d` in seconds; -1 for `never`. */
export function everyFrom(text: string): number {
  if (text === 'never') return -1;
  const [, number = '', unit = ''] = /^([1-9]\d{0,5})([mhdw])$/.exec(text) ?? [];
  const seconds = Number(number) * (UNITS[unit] ?? 0);
  if (seconds >= 600 && seconds <= 36_525 * 86_400) return seconds;
  throw usage(
    `--every takes a time of ten minutes to a hundred years, not “${plain(text)}”`,
    'As 90d, 12h or 4w; never ends it.',
  );
}

export function everyText(seconds: number): string {
  const [unit, size] = Object.entries(UNITS)
    .reverse()
    .find(([, each]) => seconds % each === 0) ?? ['s', 1];
  return `${seconds / size}${unit}`;
}

export function setSchedule(module: Module, session: number, { object }: HeldKey, every: number): void {
  const value = every < 0 ? Buffer.alloc(8, 0xff) : every;
  module.setAttributes(session, object, templateOf({ CKA_STRONGROOM_ROTATE_EVERY: value }));
}

/** What a rotation has made of a key. */
export interface Rotated {
  readonly label: string;
  readonly type: string;
  readonly old: {
    readonly uniqueId: string;
    readonly id: string;
    readonly label: string;
    readonly until: Date | undefined;
  };
  readonly successor: { readonly uniqueId: string; readonly id: string };
  /** Whether the old key has a certificate in the token, which the new one has not. */
  readonly certificate: boolean;
}

export function rotate(
  module: Module,
  session: number,
  { object, key }: HeldKey,
  grace: number,
  reason: string,
): Rotated {
  const made = module.rotateKey(session, object, grace, Buffer.from(reason));
  const successor = readAttributes(module, session, made, ['CKA_UNIQUE_ID', 'CKA_ID']);
  const old = readAttributes(module, session, object, ['CKA_LABEL', 'CKA_STRONGROOM_DEACTIVATION_TIME']);
  const until = old.number('CKA_STRONGROOM_DEACTIVATION_TIME');
  return {
    label: key.label,
    type: key.type,
    old: {
      uniqueId: key.uniqueId,
      id: key.id,
      label: old.text('CKA_LABEL'),
      until: until === undefined || until > Number.MAX_SAFE_INTEGER ? undefined : new Date(until * 1000),
    },
    successor: { uniqueId: successor.text('CKA_UNIQUE_ID'), id: successor.hex('CKA_ID') },
    certificate: key.id !== '' && hasCertificate(module, session, key.id),
  };
}

function hasCertificate(module: Module, session: number, id: string): boolean {
  return module
    .find(session, CERTIFICATE)
    .some((object) => readAttributes(module, session, object, ['CKA_ID']).hex('CKA_ID') === id);
}
