/** Writes what a gateway knows of functions: module/wire/generated/calls.ts. */
import { constants } from '../../schema/cryptoki/constants.ts';
import { functions } from '../../schema/cryptoki/functions.ts';
import { repeatable } from '../../schema/cryptoki/repeatable.ts';

const names: readonly string[] = repeatable;

/** Path (from the project's root) → content. */
export function generateWire(): Map<string, string> {
  const unknown = names.filter((name) => !functions.some((row) => row.name === name));
  if (unknown.length > 0) throw new Error(`repeatable: there is no ${unknown.join(', ')}`);
  const numbers = (which: (row: (typeof functions)[number]) => boolean): string =>
    functions.flatMap((row, at) => (which(row) ? [at + 1] : [])).join(', ');
  const number = (name: string): number => functions.findIndex((row) => row.name === name) + 1;
  const flagsOf = (name: string, flag: string): string =>
    `[${number(name)}, ${constants.find((row) => row.name === flag)?.value}]`;
  const closers = functions.flatMap(({ name, errorEnds }, at) => {
    // Of a message in parts, its beginning opens it.
    const opening = number(name.endsWith('Next') ? name.replace(/Next$/, 'Begin') : `${name}Init`);
    return opening > 0 && errorEnds.length > 0 ? [`[${opening}, ${at + 1}]`] : [];
  });
  const text = `/** What a gateway knows of functions, by their numbers. Generated from schema/cryptoki: change it there. */

/** May be made once more when their answer got lost. */
export const repeatable: ReadonlySet<number> = new Set([${numbers(({ name }) => names.includes(name))}]);

/** Their first argument is a session, of whose operations they end some when they fail. */
export const endOperations: ReadonlySet<number> = new Set([${numbers(({ errorEnds }) => errorEnds.length > 0)}]);

/** Those that open an operation, and a function with whose failure it ends. */
export const closedBy: ReadonlyMap<number, number> = new Map([${closers.join(', ')}]);

/** Is answered at once, and changes nothing. */
export const GET_INFO = ${number('C_GetInfo')};

/** What ends a search, which no failure ends. */
export const SEARCH = { opens: ${number('C_FindObjectsInit')}, ends: ${number('C_FindObjectsFinal')} } as const;

/** What ends operations on messages that no failure ends: the function, and its flags by the function that opens them. */
export const CANCEL = {
  fn: ${number('C_SessionCancel')},
  flags: new Map([${flagsOf('C_MessageEncryptInit', 'CKF_MESSAGE_ENCRYPT')}, ${flagsOf('C_MessageDecryptInit', 'CKF_MESSAGE_DECRYPT')}]),
} as const;

/** Ends the process that serves whoever asks, which is the gateway itself; its argument is whether others of it are cut off. */
export const STOP_ENGINE = ${number('SR_StopEngine')};
`;
  return new Map([['module/wire/generated/calls.ts', text]]);
}
