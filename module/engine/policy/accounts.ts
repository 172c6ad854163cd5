/** The machine's users and groups, by name or number. */
import { systemAccounts } from './rules/accounts.ts';

/** A number stands for itself, where it can be one of the system's. */
function numberOf(name: string, known: (name: string) => number | undefined): number | undefined {
  if (!/^\d+$/.test(name)) return known(name);
  return Number(name) < 0xffffffff ? Number(name) : undefined;
}

/** Of a user's name or number. */
export function userNumber(name: string): number | undefined {
  return numberOf(name, systemAccounts().user);
}

/** Of a group's name or number. */
export function groupNumber(name: string): number | undefined {
  return numberOf(name, systemAccounts().group);
}
