/** `strongroom audit show`: the newest records of the audit log in words. */
import process from 'node:process';
import { Command } from 'commander';
import type { AuditRecord } from '../../../audit/format.ts';
import { verifyLogOf, withAuditLog } from '../../audit/log.ts';
import {
  type Entry,
  functionOf,
  kept,
  objectsOf,
  resultOf,
  tell,
  type Visitor,
  Visitors,
  who,
} from '../../audit/story.ts';
import { type ListOptions, listObjects, listOptions, logsIn } from '../../listing.ts';
import { readObjects } from '../../objects.ts';
import { withOptions } from '../../pins.ts';
import { exit, usage } from '../../problem.ts';
import { complain, plain, remark, sayJson, table } from '../../terminal.ts';

type Options = ListOptions & {
  readonly count: string;
  readonly key?: string;
  readonly function?: string;
  readonly result?: string;
  readonly json?: true;
};

export function auditShowCommand(): Command {
  const command = new Command('show')
    .description('show the newest records of the audit log in words')
    .option('-n, --count <number>', 'so many at most', '20')
    .option(
      '--key <name>',
      'only what was done with this object: its unique id, or the beginning of it, or its label',
    )
    .option('--function <name>', 'only this function: sign, C_Sign, login, …')
    .option('--result <name>', 'only with this result: ok, failed, or CKR_PIN_INCORRECT and the like');
  return withOptions(command, listOptions())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nReads the files only, as audit verify does, unless a token or a PIN is named: then objects go by their labels, private\n' +
        'ones with the PIN. Otherwise they go by their unique ids, which key list --json and object list --json show too.',
    )
    .action(show);
}

function show(options: Options): void {
  const most = Number(options.count);
  if (!/^\d+$/.test(options.count) || most < 1 || most > 1_000_000) {
    throw usage(`-n takes a number of records, 1 to 1000000, not “${plain(options.count)}”`);
  }
  const known = lookUp(options);
  const wanted = filterOf(options, known);
  const { verdict, entries, engineRunning } = collect(most, wanted);
  const torn = verdict.problem?.startsWith('the log ends in the middle') === true && engineRunning;
  const ok = verdict.ok || torn;
  if (options.json === true) {
    sayJson({
      ok,
      ...(verdict.problem === undefined || torn ? {} : { problem: verdict.problem }),
      records: entries.map(({ record, visitor }) => ({
        ...record,
        ...(visitor === undefined ? {} : { visitor }),
      })),
    });
  } else if (entries.length > 0) {
    draw(entries, known.labels);
  } else {
    remark('no record is like that');
  }
  if (ok) return;
  complain(
    `the log is not as it was written: ${plain(verdict.problem ?? '')}`,
    'What is shown stands before that. strongroom audit verify tells more.',
  );
  process.exitCode = exit.refused;
}

/** What the token itself can tell about what the log only has numbers for. */
interface Known {
  readonly slot: number | undefined;
  /** By unique id. */
  readonly labels: ReadonlyMap<string, string>;
}

function lookUp(options: Options): Known {
  if (!logsIn(options) && options.token === undefined) return { slot: undefined, labels: new Map() };
  const { listings } = listObjects(options, readObjects);
  return {
    slot: options.token === undefined ? undefined : listings[0]?.token.slot,
    labels: new Map(
      listings.flatMap(({ found }) =>
        found.map(({ uniqueId, label }): [string, string] => [uniqueId, label]),
      ),
    ),
  };
}

/** Reads the log from its beginning, checks it on the way, and keeps the newest records that are wanted. */
function collect(most: number, wanted: (record: AuditRecord) => boolean) {
  let newest: { record: AuditRecord; visitor: Visitor | undefined }[] = [];
  const reader = () => {
    newest = [];
    const visitors = new Visitors();
    return (record: AuditRecord): void => {
      const visitor = visitors.of(record);
      if (!wanted(record)) return;
      newest.push({ record: kept(record), visitor });
      // Not one by one: dropping the first of many moves all the others.
      if (newest.length >= 2 * most) newest = newest.slice(-most);
    };
  };
  const report = withAuditLog((folder) => verifyLogOf(folder, { reader }));
  return { ...report, entries: newest.slice(-most).map(({ record, visitor }) => tell(record, visitor)) };
}

function filterOf(options: Options, { slot, labels }: Known): (record: AuditRecord) => boolean {
  const key = options.key?.toLowerCase();
  const isKey = (id: string) =>
    key === undefined || labels.get(id) === options.key || (key !== '' && id.startsWith(key));
  const name = options.function?.toLowerCase().replace(/^(c|sr)_|[\s_-]/g, '');
  const result = options.result?.toUpperCase().replace(/^CKR_/, '');
  return (record) => {
    if (slot !== undefined && record.slot !== slot) return false;
    if (key !== undefined && !objectsOf(record).some(isKey)) return false;
    if (
      name !== undefined &&
      functionOf(record)
        ?.toLowerCase()
        .replace(/^(c|sr)_/, '') !== name
    )
      return false;
    if (result === undefined) return true;
    const ended = resultOf(record);
    if (ended === undefined) return false;
    return result === 'FAILED' ? ended !== 'CKR_OK' : ended === `CKR_${result}`;
  };
}

function draw(entries: readonly Entry[], labels: ReadonlyMap<string, string>): void {
  const nameOf = (id: string) => {
    const label = labels.get(id);
    return label === undefined || label === '' ? `${id.slice(0, 8)}…` : plain(label);
  };
  const users = new Set(
    entries.flatMap(({ visitor }) =>
      visitor === undefined || visitor.remote !== undefined ? [] : [visitor.uid],
    ),
  );
  table(
    ['RECORD', 'TIME (UTC)', 'WHO', 'WHAT', 'OBJECT', 'RESULT'],
    entries.map((entry) => [
      String(entry.sequence),
      entry.time.slice(0, 19).replace('T', ' '),
      plain(who(entry.visitor, users.size > 1)),
      [entry.what, entry.mechanism === undefined ? '' : `(${entry.mechanism})`].join(' ').trimEnd(),
      entry.objects.map(nameOf).join(', ') || (entry.slot === undefined ? '-' : `slot ${entry.slot}`),
      [entry.result?.replace(/^CKR_OK$/, 'ok'), entry.detail]
        .filter((word) => word !== undefined)
        .map(plain)
        .join(', ') || '-',
    ]),
  );
}
