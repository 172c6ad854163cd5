/** By how much a line of the log matters, the weightiest first. */
export const levels = ['error', 'warning', 'info', 'debug'] as const;
export type Level = (typeof levels)[number];
