/** What the doctor's checks find. */
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
  readonly findings: readonly Finding[];
}

export function fine(what: string, text: string): Finding {
  return { level: 'fine', what, text };
}

/** Nothing wrong, but worth knowing. */
export function remarkable(what: string, text: string, mend?: string): Finding {
  return mend === undefined ? { level: 'remark', what, text } : { level: 'remark', what, text, mend };
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
