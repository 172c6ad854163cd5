/** What the doctor's checks find. */
import { Problem } from '../problem.ts';

/** One thing that was looked at. */
export interface Finding {
  readonly level: 'fine' | 'remark' | 'wrong';
  /** What was looked at, in a word or two. */
  readonly what: string;
  readonly text: string;
  /** How to mend it: commands, or a sentence. */
  readonly mend?: string;
}

/** The findings of one check, under its heading. */
export interface Section {
  readonly title: string;
  readonly findings: Finding[];
}

/** Runs a check; that there is nowhere to look, or that the system refuses, is a finding too. */
export function section(title: string, what: string, check: () => Finding[]): Section {
  try {
    return { title, findings: check() };
  } catch (error) {
    if (error instanceof Problem)
      return { title, findings: [wrong(what, error.message, error.hint ?? 'see above')] };
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    const mend = 'work as the user whom it belongs to, or name another place: $STRONGROOM_HOME';
    return { title, findings: [wrong(what, error.message, mend)] };
  }
}

export function fine(what: string, text: string): Finding {
  return { level: 'fine', what, text };
}

/** Nothing wrong, but worth knowing. */
export function remarkable(what: string, text: string, mend?: string): Finding {
  return mend === undefined ? { level: 'remark', what, text } : { level: 'remark', what, text, mend };
}

/** What is not there for us to see while something else is wrong. */
export function untouched(what: string): Finding {
  return remarkable(what, 'not seen; mend what is wrong above, then look again');
}

export function wrong(what: string, text: string, mend: string): Finding {
  return { level: 'wrong', what, text, mend };
}

/** `12 kB`, `3.4 MB`: powers of ten, as disks are sold. */
export function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A file's mode as `chmod` takes it. */
export function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}
