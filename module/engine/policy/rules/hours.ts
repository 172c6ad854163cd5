/** Hours of the week, as `mon-fri 08:00-18:00`, in UTC or in a time zone that is named behind. */
import { nearest } from '../words.ts';

export interface Hours {
  /** By the number of the day, 0 for Sunday: whether they begin on it. */
  readonly days: readonly boolean[];
  /** Minutes of the day. What ends before it begins ends on the next day; the end itself is outside. */
  readonly from: number;
  readonly to: number;
  /** Undefined for UTC. */
  readonly clock: Intl.DateTimeFormat | undefined;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** What a clock on the wall shows at a time. */
function shown(clock: Intl.DateTimeFormat | undefined, time: number): { day: number; minute: number } {
  if (clock === undefined) {
    const minutes = Math.floor(time / MINUTE_MS);
    // 1970 began on a Thursday.
    const day = (((Math.floor(minutes / DAY_MINUTES) + 4) % 7) + 7) % 7;
    return { day, minute: ((minutes % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES };
  }
  const parts = new Map(clock.formatToParts(time).map(({ type, value }) => [type, value]));
  return {
    day: dayNames.indexOf(parts.get('weekday')?.toLowerCase() ?? ''),
    minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  };
}

/** @param time milliseconds since 1970 */
export function isWithin({ days, from, to, clock }: Hours, time: number): boolean {
  const { day, minute } = shown(clock, time);
  const today = days[day] === true;
  if (from < to) return today && minute >= from && minute < to;
  const yesterday = days[(day + 6) % 7] === true;
  return (today && minute >= from) || (yesterday && minute < to);
}

/** Whether `mon`, or the ends of `mon-fri`, are days; which of them it has. */
function daysOf(words: string): boolean[] | undefined {
  const days = dayNames.map(() => false);
  for (const word of words.split(',')) {
    const [first = '', last = first, more] = word.split('-');
    const end = dayNames.indexOf(last);
    let day = dayNames.indexOf(first);
    if (day < 0 || end < 0 || more !== undefined) return undefined;
    for (days[day] = true; day !== end; days[day] = true) day = (day + 1) % 7;
  }
  return days;
}

const TIMES = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/;

function timesOf(word: string): readonly [from: number, to: number] | undefined {
  const [, ...figures] = TIMES.exec(word) ?? [];
  const [h1 = 99, m1 = 99, h2 = 99, m2 = 99] = figures.map(Number);
  const from = h1 * 60 + m1;
  const to = h2 * 60 + m2;
  return m1 > 59 || m2 > 59 || h1 > 23 || to > DAY_MINUTES || from === to ? undefined : [from, to];
}

function clockOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
    });
  } catch {
    return undefined;
  }
}

/** The hours that a text names, or what is wrong with it. */
export function hoursOf(text: string): Hours | string {
  const words = text.trim().split(/\s+/);
  const about = `hours: "${text}"`;
  const first = words[0]?.toLowerCase() ?? '';
  // A word with a figure in front is about times: days may be left out, and so may times.
  const named = /^\d/.test(first) ? undefined : words.shift();
  const days = named === undefined ? dayNames.map(() => true) : daysOf(first);
  const times = /^\d/.test(words[0] ?? '') ? timesOf(words.shift() ?? '') : ([0, DAY_MINUTES] as const);
  const [zone, ...more] = words;
  if (days === undefined) {
    const meant = nearest(first, dayNames);
    return `${about} names no days: write "mon-fri 08:00-18:00"${meant === undefined ? '' : `; did you mean "${meant}"?`}`;
  }
  if (times === undefined) return `${about} names no times: write them as "08:00-18:00", up to "24:00"`;
  if (more.length > 0) return `${about} is too much: write days, times and a time zone, several in a list`;
  const [from, to] = times;
  if (zone === undefined || zone.toUpperCase() === 'UTC') return { days, from, to, clock: undefined };
  const clock = /^[A-Za-z]/.test(zone) ? clockOf(zone) : undefined;
  if (clock !== undefined) return { days, from, to, clock };
  const meant = nearest(zone, Intl.supportedValuesOf('timeZone'));
  const hint =
    meant === undefined ? 'write one such as "Europe/Berlin", or none for UTC' : `did you mean "${meant}"?`;
  return `${about} has a time zone that nobody knows: ${hint}`;
}
