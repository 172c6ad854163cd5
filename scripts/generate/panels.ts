/** What the dashboard shows: rows of panels, each with its questions in PromQL. */
import { metrics as m } from '../../schema/metrics.ts';

export interface Panel {
  readonly title: string;
  readonly type: 'timeseries' | 'stat' | 'bargauge';
  /** Grafana's name for the unit. */
  readonly unit: string;
  readonly about: string;
  /** Expression and legend of each line. */
  readonly lines: readonly (readonly [expr: string, legend: string])[];
  /** From where on it is red, if there is such a place. */
  readonly red?: number;
}

/** The engines that were chosen above. */
const chosen = 'instance=~"$instance"';
const RANGE = '[$__rate_interval]';

/** A metric of the chosen engines. */
function of({ name }: { readonly name: string }, more = '', suffix = ''): string {
  return `${name}${suffix}{${chosen}${more === '' ? '' : `,${more}`}}`;
}

function rate(metric: { readonly name: string }, more = '', suffix = ''): string {
  return `rate(${of(metric, more, suffix)}${RANGE})`;
}

function quantile(part: number, metric: { readonly name: string }, by: readonly string[], more = ''): string {
  return `histogram_quantile(${part}, sum by (${['le', ...by].join(', ')}) (${rate(metric, more, '_bucket')}))`;
}

const failed = 'result!~"CKR_OK|CKR_BUFFER_TOO_SMALL"';

export const rows: readonly (readonly [title: string, panels: readonly Panel[]])[] = [
  [
    'Is it well',
    [
      {
        title: 'Engines',
        type: 'stat',
        unit: 'none',
        about: 'What runs.',
        lines: [[of(m.buildInfo), '{{version}} (Node {{node}}, OpenSSL {{openssl}})']],
      },
      {
        title: 'Up for',
        type: 'stat',
        unit: 's',
        about: 'Since the engine started. One that serves a user leaves when nobody needs it.',
        lines: [[`time() - ${of(m.started)}`, '{{instance}}']],
      },
      {
        title: 'Troubles',
        type: 'stat',
        unit: 'none',
        about: 'What the engine knows to be wrong; “strongroom doctor” says it in words, and how to mend it.',
        lines: [[`sum(${of(m.troubles)}) or vector(0)`, 'troubles']],
        red: 1,
      },
      {
        title: 'Troubles by what they are about',
        type: 'timeseries',
        unit: 'none',
        about: 'Nothing is shown while there are none.',
        lines: [[of(m.troubles), '{{about}}']],
      },
      {
        title: 'Locked PINs',
        type: 'stat',
        unit: 'none',
        about:
          'After too many wrong guesses: a security officer sets a new user PIN; nobody unlocks a security officer’s.',
        lines: [[of(m.lockedPins), '{{role}}']],
        red: 1,
      },
      {
        title: 'Wrong PINs',
        type: 'timeseries',
        unit: 'cps',
        about: 'Guesses, or a program with an old PIN.',
        lines: [
          [
            `sum by (function, result) (${rate(m.calls, 'result=~"CKR_PIN_INCORRECT|CKR_PIN_LOCKED"')})`,
            '{{function}} {{result}}',
          ],
        ],
      },
    ],
  ],
  [
    'Calls',
    [
      {
        title: 'Calls by function',
        type: 'timeseries',
        unit: 'cps',
        about: 'What reached the engine.',
        lines: [[`sum by (function) (${rate(m.calls)})`, '{{function}}']],
      },
      {
        title: 'Failures by function and result',
        type: 'timeseries',
        unit: 'cps',
        about: 'Without CKR_BUFFER_TOO_SMALL, which is a question and its answer.',
        lines: [[`sum by (function, result) (${rate(m.calls, failed)})`, '{{function}} {{result}}']],
      },
      {
        title: 'Share of calls that fail',
        type: 'timeseries',
        unit: 'percentunit',
        about: 'The same, beside all calls.',
        lines: [[`sum(${rate(m.calls, failed)}) / sum(${rate(m.calls)})`, 'failed']],
      },
      {
        title: 'Refused at a limit',
        type: 'timeseries',
        unit: 'cps',
        about: 'Calls of applications that had as much as they may have, or for which there was no room.',
        lines: [[rate(m.refusals), '{{instance}}']],
      },
    ],
  ],
  [
    'How long calls take',
    [
      {
        title: 'Half of the calls by function',
        type: 'timeseries',
        unit: 's',
        about: 'The median, from when the engine found the request until the answer was out.',
        lines: [[quantile(0.5, m.callDuration, ['function']), '{{function}}']],
      },
      {
        title: '99 of 100 calls by function',
        type: 'timeseries',
        unit: 's',
        about: 'The slowest of a hundred takes longer.',
        lines: [[quantile(0.99, m.callDuration, ['function']), '{{function}}']],
      },
      {
        title: '99 of 100 operations with keys, by mechanism',
        type: 'timeseries',
        unit: 's',
        about: 'Signatures, ciphers, wrapping, derivation and new keys.',
        lines: [
          [
            quantile(0.99, m.callDuration, ['function', 'mechanism'], 'mechanism!=""'),
            '{{function}} {{mechanism}}',
          ],
        ],
      },
      {
        title: 'Operations with keys, by mechanism',
        type: 'timeseries',
        unit: 'ops',
        about: 'How many there are of each.',
        lines: [
          [
            `sum by (function, mechanism) (${rate(m.callDuration, 'mechanism!=""', '_count')})`,
            '{{function}} {{mechanism}}',
          ],
        ],
      },
      {
        title: 'Engine’s time by function',
        type: 'timeseries',
        unit: 'none',
        about: 'Seconds that calls were under way, each second: how many are under way at a time.',
        lines: [[`sum by (function) (${rate(m.callDuration, '', '_sum')})`, '{{function}}']],
      },
      {
        title: 'Lateness of the event loop',
        type: 'timeseries',
        unit: 's',
        about: 'How much later than asked for a timer runs: long when the engine’s thread has much to do.',
        lines: [
          [quantile(0.5, m.loopDelay, []), 'half'],
          [quantile(0.99, m.loopDelay, []), '99 of 100'],
        ],
      },
    ],
  ],
  [
    'Who is there',
    [
      {
        title: 'Applications, sessions and logins',
        type: 'timeseries',
        unit: 'none',
        about: 'Logins are applications that are logged in to a token.',
        lines: [
          [of(m.applications), '{{from}} applications'],
          [of(m.sessions), '{{from}} sessions'],
          [of(m.logins), 'logins as {{role}}'],
        ],
      },
      {
        title: 'Lanes',
        type: 'timeseries',
        unit: 'none',
        about: 'One for each thread that calls.',
        lines: [
          [of(m.lanes), 'lanes'],
          [of(m.busyLanes), 'busy'],
        ],
      },
      {
        title: 'Pool',
        type: 'timeseries',
        unit: 'none',
        about: 'Long work: keys, large signatures, PINs. What waits and is not at work stands in the queue.',
        lines: [
          [of(m.parked), 'calls that wait'],
          [of(m.jobs), 'jobs at work'],
          [of(m.poolThreads), 'threads'],
        ],
      },
      {
        title: 'Tokens and their objects',
        type: 'timeseries',
        unit: 'none',
        about: 'Private objects count while somebody is logged in.',
        lines: [
          [of(m.tokens), 'tokens: {{state}}'],
          [of(m.tokenObjects), 'slot {{slot}}, {{access}} objects'],
        ],
      },
      {
        title: 'Keys that begin, end or were stopped',
        type: 'timeseries',
        unit: 'none',
        about: 'Private ones count while somebody is logged in.',
        lines: [
          [of(m.keyStates), '{{state}}'],
          [of(m.keysEnding), 'end within {{days}} days'],
          [of(m.keysBeginning), 'begin within {{days}} days'],
          [of(m.rotationsDue), 'due to be rotated'],
        ],
      },
    ],
  ],
  [
    'Limits',
    [
      {
        title: 'Keys near a limit of their uses',
        type: 'timeseries',
        unit: 'none',
        about:
          'Half or more of a limit is used up; the audit log says of which key. Behind its limit a key does nothing any more: make its successor in time.',
        lines: [[of(m.keysNearLimit), 'keys']],
      },
      {
        title: 'How much of each limit is used',
        type: 'bargauge',
        unit: 'percentunit',
        about: 'What is nearest to its end; docs/strongroom.toml has the limits.',
        lines: [[of(m.limitRatio), '{{limit}}']],
        red: 0.9,
      },
      {
        title: 'Kept for all applications',
        type: 'timeseries',
        unit: 'percentunit',
        about: 'Each kind beside what it may be.',
        lines: [[`${of(m.quotaUsed)} / ${of(m.quotaLimit)}`, '{{kind}}']],
      },
      {
        title: 'Kept for the application that has most',
        type: 'timeseries',
        unit: 'percentunit',
        about: 'Each kind beside what one application may have.',
        lines: [[`${of(m.quotaLargest)} / ${of(m.quotaApplication)}`, '{{kind}}']],
      },
    ],
  ],
  [
    'Audit log',
    [
      {
        title: 'Records',
        type: 'timeseries',
        unit: 'cps',
        about: 'What is written to the audit log.',
        lines: [[rate(m.auditRecords), '{{instance}}']],
      },
      {
        title: 'Not on the disk, not signed',
        type: 'timeseries',
        unit: 'none',
        about: 'Records of everyday operations follow within audit.sync_interval_ms.',
        lines: [
          [of(m.auditUnsynced), 'not on the disk'],
          [of(m.auditUnsigned), 'not signed'],
        ],
      },
      {
        title: 'Log can be written',
        type: 'stat',
        unit: 'bool_yes_no',
        about: 'While it cannot, no key is used.',
        lines: [[of(m.auditWritable), '{{instance}}']],
      },
      {
        title: 'Lost lines of engine.log',
        type: 'stat',
        unit: 'none',
        about: 'Lines that could not be written.',
        lines: [[of(m.lostLines), '{{instance}}']],
        red: 1,
      },
    ],
  ],
  [
    'Process',
    [
      {
        title: 'Processor',
        type: 'timeseries',
        unit: 'percentunit',
        about: 'Of one processor. A little of it goes into looking for the next request.',
        lines: [[rate(m.cpu), '{{instance}}']],
      },
      {
        title: 'Memory',
        type: 'timeseries',
        unit: 'bytes',
        about: 'Guarded memory is where keys and PINs are.',
        lines: [
          [of(m.resident), 'resident'],
          [of(m.heap), 'heap'],
          [of(m.heapLimit), 'most of the heap'],
          [of(m.guarded), 'guarded'],
          [of(m.locked), 'locked in RAM'],
        ],
      },
      {
        title: 'Keys in the enclave',
        type: 'timeseries',
        unit: 'none',
        about: 'Keys that are open.',
        lines: [[of(m.keys), '{{instance}}']],
      },
      {
        title: 'Key memory is locked in RAM',
        type: 'stat',
        unit: 'bool_yes_no',
        about: 'Where it is not, keys could be written to swap.',
        lines: [[of(m.memoryLocked), '{{instance}}']],
      },
    ],
  ],
];
