/** `strongroom audit verify`: is the log whole, unchanged and signed for? */
import process from 'node:process';
import { Command } from 'commander';
import { type LogReport, verifyLogOf, withAuditLog } from '../../audit/log.ts';
import { exit } from '../../problem.ts';
import { count, paint, plain, say, sayJson } from '../../terminal.ts';

interface Options {
  readonly publicKey?: string;
  readonly json?: true;
}

export function auditVerifyCommand(): Command {
  return new Command('verify')
    .description('verify that no record was changed, removed, added or moved')
    .option('--public-key <file>', 'a copy of audit.pub that was kept elsewhere')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nReads the files only, and needs neither the engine nor a PIN; of a service it asks for them, which takes an auditor. Whoever can replace the log and\n' +
        'audit.pub together can make both anew: keep a copy of audit.pub elsewhere, or note its fingerprint.',
    )
    .action(verify);
}

function verify(options: Options): void {
  const report = withAuditLog((folder) =>
    verifyLogOf(folder, options.publicKey === undefined ? {} : { publicKeyFile: options.publicKey }),
  );
  const fine = report.verdict.ok && report.setAside.length === 0;
  if (options.json === true) sayJson({ ok: fine, ...report });
  else show(report);
  process.exitCode = fine ? exit.fine : exit.refused;
}

/** Records are numbered from 0, and a checkpoint is one of them. */
function signed({ sequence, time }: { sequence: number; time: string }): string {
  const shortTime = `${time.slice(0, 19).replace('T', ' ')} UTC`;
  return `the first ${count(sequence + 1, 'record')}, at ${shortTime}`;
}

function show({ log, verdict, keyFingerprint, setAside, engineRunning }: LogReport): void {
  const { ok, records, lastCheckpoint, uncoveredRecords, problem } = verdict;
  say(
    ok ? paint('green', 'The audit log is whole.') : paint('red', 'The audit log is not as it was written.'),
  );
  if (problem !== undefined) say(`  wrong       ${plain(problem)}`);
  say(`  log         ${plain(log)}`);
  if (ok || records > 0) {
    say(`  records     ${ok ? '' : 'good up to a point: '}${records.toLocaleString('en-US')}`);
    say(`  signed      ${lastCheckpoint === undefined ? 'none yet' : signed(lastCheckpoint)}`);
  }
  if (ok && uncoveredRecords > 0) {
    const soon = engineRunning
      ? '; the engine signs within 30 seconds'
      : '; the next engine checks them and signs';
    say(`  not signed  ${count(uncoveredRecords, 'record')} since, chained only${soon}`);
  }
  say(`  public key  ${keyFingerprint.slice(0, 16)}… (SHA-256)`);
  if (verdict.after !== undefined && !setAside.includes(verdict.after))
    say(
      `  begun       after another log of this store, which an engine had put aside as ${plain(verdict.after)}`,
    );
  for (const name of setAside)
    say(`  set aside   ${plain(name)}: an engine found it wrong and began a new log`);
  if (setAside.length > 0)
    say('  Find out what happened to what was set aside, then move it out of the folder.');
}
