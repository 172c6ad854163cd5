/** strongroomd, where programs of this user are told to use it: does it answer, does it let us in, and what does it know to be wrong? */
import { CryptokiFailure, withModule } from '../cryptoki.ts';
import type { Place } from '../places.ts';
import { Problem } from '../problem.ts';
import { duration, plain } from '../terminal.ts';
import { type Finding, fine, remarkable, type Section, section, untouched, wrong } from './finding.ts';
import { look, type Seen } from './library.ts';
import { troublesAbout } from './troubles.ts';

/** Everything that an engine tells of, but for single tokens. */
const subjects = [
  'store',
  'clock',
  'policy',
  'process',
  'applications',
  'metrics',
  'network door',
  'engine.log',
  'audit log',
];

/** What it shows us; with a finding, why it shows nothing. */
export function lookThroughService(place: Place): Seen {
  try {
    return withModule(look);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { finding: refusal(error, place) };
  }
}

function refusal(error: Problem, { path }: Place): Finding {
  const rv = error instanceof CryptokiFailure && error.call === 'C_Initialize' ? error.rvName : '';
  if (rv === 'CKR_FUNCTION_FAILED')
    return wrong(
      'service',
      `it runs at ${plain(path)}, and no rule of its policy lets this user in`,
      'a rule must name the user: strongroom policy check --as …',
    );
  if (rv === 'CKR_DEVICE_ERROR')
    return wrong(
      'service',
      `nobody answers at ${plain(path)} whom socket_user names`,
      'systemctl status strongroomd; and who listens there: ss -xlp',
    );
  return wrong('service', error.message, error.hint ?? 'journalctl -u strongroomd');
}

export function checkService({ path, because }: Place, { status, finding }: Seen): Section {
  return section('Service', 'service', () => {
    const socket = fine('socket', `${plain(path)} (${plain(because)})`);
    if (finding !== undefined) return [socket, finding];
    if (status === undefined)
      return [socket, remarkable('process', 'it runs; its policy lets only operators know more')];
    const facts = [
      `pid ${status.pid}`,
      `uid ${status.uid ?? 'unknown'}`,
      `up ${duration(status.uptimeSeconds)}`,
    ];
    return [
      socket,
      fine('process', facts.join(', ')),
      ...subjects.flatMap((about) => troublesAbout(status, about)),
    ];
  });
}

/** What is seen of its tokens, when it is not there to be seen. */
export function tokensOf(seen: Seen): Seen {
  return seen.finding === undefined ? seen : { finding: untouched('tokens') };
}
