/** What the running engine knows to be wrong, and how each is mended. */
import type { EngineStatus, EngineTrouble } from '../engine-status.ts';
import { plain } from '../terminal.ts';
import { type Finding, remarkable, wrong } from './finding.ts';

const wholeFolder = 'end the engine and put the whole folder back from one backup';

/** What to do about each; what may harm nobody is a remark. */
const mends: Readonly<Record<string, string>> = {
  'store rollback': 'find out who put files back or took them away; if it was meant: strongroom store accept',
  'audit log set aside': 'find out why, then move it elsewhere; strongroom audit verify tells more',
  'audit log not written': 'make room on the disk; it goes on by itself',
  'clock wrong': 'set the clock, then: strongroom engine stop',
  'policy stale': 'strongroom policy check says more; mend it, then: systemctl reload strongroomd',
  'process limit': 'raise the limit for the programs that start engines (ulimit, or the systemd unit)',
  'applications limit': 'docs/strongroom.toml has the limits; or see what that program does',
  'metrics not served': 'see service.metrics in the configuration, then: strongroom engine stop',
  'network door closed':
    'mend what it says; it is started again by itself, and at once by: systemctl reload strongroomd',
  'network door limit': 'a newer kernel keeps more from it; docs/operations.md says what it can do',
  'engine.log lost': 'make room on the disk',
};

/** @param about what the section is about, in the engine's word */
export function troublesAbout(status: EngineStatus | undefined, about: string): Finding[] {
  const known = status?.troubles?.filter((trouble) => trouble.about === about) ?? [];
  return known.map((trouble) => {
    const text = plain(trouble.text);
    if (trouble.kind === 'limit') return remarkable('limits', text, mendOf(trouble));
    return wrong(words[trouble.kind] ?? about, text, mendOf(trouble));
  });
}

const words: Readonly<Record<string, string>> = {
  rollback: 'files',
  wrong: 'clock',
  stale: 'policy',
  lost: 'log',
  'set aside': 'set aside',
  'not written': 'log',
  'not served': 'metrics',
  closed: 'network',
};

function mendOf({ about, kind }: EngineTrouble): string {
  return mends[`${about} ${kind}`] ?? wholeFolder;
}

/** Why a token is out of use, or undefined. */
export function troubleOfToken(
  status: EngineStatus | undefined,
  slot: number,
  label: string,
): Finding | undefined {
  const trouble = status?.troubles?.find((each) => each.about === 'token' && each.slot === slot);
  if (trouble === undefined) return undefined;
  const name = plain(label);
  if (trouble.kind === 'rollback')
    return wrong(
      `slot ${slot}`,
      `“${name}”: not used, since files of the store were put back or taken away`,
      `look above; if that was meant: strongroom store accept --token '${name}'`,
    );
  // What to do stands behind a semicolon, and below.
  const [text = ''] = plain(trouble.text).split('; ');
  return wrong(
    `slot ${slot}`,
    `“${name}”: ${text}`,
    `${wholeFolder}, or give its keys up: strongroom token wipe --token '${name}'`,
  );
}
