/** Days and times as the command line takes them: UTC, where no offset is given. */

export interface Time {
  /** Seconds since 1970; of a day its first. */
  readonly at: number;
  /** The day as it was given, when that was all. */
  readonly day: string | undefined;
}

const form = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?$/i;

/** `2027-01-31`, `2027-01-31T09:30`, or a time of RFC 3339 to the second; undefined for anything else, and for a day that no calendar has. */
export function timeFrom(text: string): Time | undefined {
  const [whole, day = '', minute = '00:00', second = ':00', offset = 'Z'] = form.exec(text) ?? [];
  const local = Date.parse(`${day}T${minute}${second}Z`);
  const at = Date.parse(`${day}T${minute}${second}${offset.toUpperCase()}`) / 1000;
  // Date.parse takes the 30th of February for the 1st or 2nd of March.
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(`${day}T${minute}${second}`))
    return undefined;
  return Number.isNaN(at) || at < 1 ? undefined : { at, day: whole === day ? day : undefined };
}
