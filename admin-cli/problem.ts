/** What ends a command early: what is wrong, what to do about it, and the exit code (see terminal.ts). */
export class Problem extends Error {
  override readonly name = 'Problem';
  /** A sentence that helps, or undefined when the message says all there is to say. */
  readonly hint: string | undefined;
  readonly exitCode: number;

  constructor(message: string, hint?: string, exitCode: number = exit.refused) {
    super(message);
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

/** The exit codes of every command. */
export const exit = {
  /** Done, and nothing is wrong. */
  fine: 0,
  /** Something is wrong: a check found it, or the operation was refused or failed. */
  refused: 1,
  /** The command line makes no sense as it stands; nothing was done. */
  usage: 2,
  /** What was asked about does not run: `strongroom status` alone, as services' status commands do (LSB). */
  notRunning: 3,
  /** Ctrl-C at a question; nothing was done. */
  interrupted: 130,
} as const;

/** A command line that makes no sense. */
export function usage(message: string, hint?: string): Problem {
  return new Problem(message, hint, exit.usage);
}
