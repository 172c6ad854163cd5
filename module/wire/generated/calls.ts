/** What a gateway knows of functions, by their numbers. Generated from schema/cryptoki: change it there. */

/** May be made once more when their answer got lost. */
export const repeatable: ReadonlySet<number> = new Set([3, 5, 6, 7, 8, 9, 16, 24, 25, 64, 65, 99, 106, 107, 109, 114, 115, 121]);

/** Their first argument is a session, of whose operations they end some when they fail. */
export const endOperations: ReadonlySet<number> = new Set([31, 32, 33, 35, 36, 37, 39, 40, 41, 42, 44, 45, 46, 48, 50, 51, 52, 54, 55, 56, 57, 58, 76, 81, 84, 85, 86, 89, 90, 91, 96, 97, 98]);

/** Those that open an operation, and a function with whose failure it ends. */
export const closedBy: ReadonlyMap<number, number> = new Map([[30, 31], [34, 35], [38, 39], [43, 44], [47, 48], [49, 50], [53, 54], [75, 76], [80, 81], [85, 86], [90, 91], [95, 96]]);

/** Is answered at once, and changes nothing. */
export const GET_INFO = 3;

/** What ends a search, which no failure ends. */
export const SEARCH = { opens: 27, ends: 29 } as const;

/** What ends operations on messages that no failure ends: the function, and its flags by the function that opens them. */
export const CANCEL = {
  fn: 72,
  flags: new Map([[73, 2], [78, 4]]),
} as const;

/** Ends the process that serves whoever asks, which is the gateway itself; its argument is whether others of it are cut off. */
export const STOP_ENGINE = 108;
