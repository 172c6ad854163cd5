/** `strongroom policy check`: is a policy whole, and which of its rules decides a question? */
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { Command } from 'commander';
import { configFile, installed } from '../places.ts';
import { exit, Problem, usage } from '../problem.ts';
import { plain, say } from '../terminal.ts';

interface Options {
  readonly as?: readonly string[];
  readonly groups?: string;
  readonly token?: string;
  readonly mechanism?: string;
  readonly at?: string;
  readonly file?: string;
}

export function policyCheckCommand(): Command {
  return new Command('check')
    .description('check a policy, or say which of its rules decides a question')
    .argument('[function]', 'what somebody wants to do: a function, a group of them, or a role')
    .argument('[key]', 'with which key: label:…, id:…, tag:… or session, several with commas between')
    .option(
      '--as <who>',
      'who wants it: user:… or uid:…; or spiffe://…, dns:… or subject:…, once for each name of a certificate',
      (word: string, before: readonly string[] = []) => [...before, word],
    )
    .option('--groups <list>', 'his groups, his own first; those of /etc/group otherwise')
    .option('--token <label>', 'on which token; or serial:…')
    .option('--mechanism <name>', 'with which mechanism: CKM_…')
    .option('--at <time>', 'when, such as 2026-11-28T09:00Z; now otherwise')
    .option('--file <policy>', 'this file; that of the configuration otherwise')
    .addHelpText(
      'after',
      '\nExit codes: 0 allowed, or nothing wrong; 1 denied; 2 the policy is broken, or the question is.\n' +
        'Reads files only: a service works with what it read last, see strongroom engine status.',
    )
    .action(check);
}

function check(what: string | undefined, key: string | undefined, options: Options): void {
  if (what === undefined && options.as !== undefined)
    throw usage('what does he want to do?', 'Name a function, a group of functions or a role.');
  if (what !== undefined && options.as === undefined)
    throw usage('who wants it?', 'Say so with --as user:…, uid:…, spiffe://…, dns:… or subject:…');
  const wanted = { ...options, what, key, config: configFile()?.path };
  const result = spawnSync(process.execPath, [installed.policyChecker, JSON.stringify(wanted)], {
    env: {},
    encoding: 'utf8',
  });
  const [word, ...lines] = result.stdout.trimEnd().split('\n').map(plain);
  switch (word) {
    case 'fine':
    case 'allowed':
    case 'denied':
      for (const line of lines) say(line);
      process.exitCode = word === 'denied' ? exit.refused : exit.fine;
      return;
    case 'broken':
    case 'senseless':
      throw usage(
        lines.join('\n'),
        word === 'broken' ? 'docs/policy.md tells what a policy can say.' : undefined,
      );
    default:
      throw new Problem('the checker of policies failed', 'strongroom doctor looks at the installation.');
  }
}
