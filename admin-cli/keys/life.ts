/** A key's life in words: where it is, since when and why, and what it may do meanwhile. */
import { type StateName, states } from '../../schema/lifecycle/states.ts';
import {
  type Life,
  lifeAttributes,
  lifeOf,
  mayNow,
  type Schedule,
  scheduleAttributes,
  scheduleOf,
} from '../../schema/lifecycle/told.ts';
import { readIfThere } from '../attributes.ts';
import type { Module } from '../cryptoki.ts';
import type { Key } from './keys.ts';

export interface Told {
  readonly life: Life;
  /** Undefined of a key that is not rotated by itself. */
  readonly rotation: Schedule | undefined;
}

/** What is told of a key's life; undefined when somebody else has destroyed it since. */
export function readLife(module: Module, session: number, object: number): Told | undefined {
  const attributes = readIfThere(module, session, object, [...lifeAttributes, ...scheduleAttributes]);
  return attributes && { life: lifeOf(attributes), rotation: scheduleOf(attributes) };
}

/** `2027-03-01 00:00:00 UTC`. */
export function moment(time: number): string {
  return `${new Date(time * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

export function meaningOf(name: StateName): string {
  return states.find((state) => state.name === name)?.meaning ?? '';
}

/** Its uses, parted by whether its state lets it. */
export function usesNow(key: Key, state: StateName): { may: string[]; mayNot: string[] } {
  const isAllowed = (use: string) => mayNow(state, use, key.kind === 'secret');
  return { may: key.uses.filter(isAllowed), mayNot: key.uses.filter((use) => !isAllowed(use)) };
}
