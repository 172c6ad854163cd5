/** Whether the system's clock can be right, as far as a log can tell. */

/** A clock may be set back by so much, as leap seconds and time servers do it. */
const SLACK_MS = 60_000;
const YEAR_MS = 31_557_600_000;
/** Longer than most stores rest. */
const MANY_YEARS = 3;
/** No release is older. */
const FIRST_RELEASE = Date.UTC(2026, 0, 1);

/** Whether the system's clock can be right, by when the store was last used; in words, or undefined. */
export function clockTrouble(now: number, lastUse: number): string | undefined {
  const when = (time: number): string => `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  if (now < lastUse - SLACK_MS)
    return `the clock says ${when(now)}, and the store was used at ${when(lastUse)}`;
  if (now < FIRST_RELEASE) return `the clock says ${when(now)}, when there was no Strongroom yet`;
  if (lastUse > 0 && now - lastUse > MANY_YEARS * YEAR_MS)
    return `the clock says ${when(now)}, years after the store was last used (${when(lastUse)})`;
  return undefined;
}
