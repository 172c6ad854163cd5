/** `strongroom`: the commands, and what becomes of their failures. terminal.ts holds the contract of the command line. */
import process from 'node:process';
import { Command, CommanderError, Option } from 'commander';
import { version } from '../schema/product.ts';
import { auditShowCommand } from './commands/audit/show.ts';
import { auditVerifyCommand } from './commands/audit/verify.ts';
import { doctorCommand } from './commands/doctor.ts';
import { engineStatusCommand } from './commands/engine-status.ts';
import { engineStopCommand } from './commands/engine-stop.ts';
import { helpCommand } from './commands/help.ts';
import { keyDatesCommand } from './commands/key/dates.ts';
import { keyDueCommand } from './commands/key/due.ts';
import { keyListCommand } from './commands/key/list.ts';
import { keyRotateCommand } from './commands/key/rotate.ts';
import { keyShowCommand } from './commands/key/show.ts';
import { keyStateCommands } from './commands/key/state.ts';
import { metricsCommand } from './commands/metrics.ts';
import { objectListCommand } from './commands/object-list.ts';
import { pinPolicyCommand } from './commands/pin/policy.ts';
import { pinRecoverCommand } from './commands/pin/recover.ts';
import { pinResetCommand } from './commands/pin/reset.ts';
import { pinSetCommand } from './commands/pin/set.ts';
import { pinStatusCommand } from './commands/pin/status.ts';
import { pkiInitCommand } from './commands/pki/init.ts';
import { pkiIssueCommand } from './commands/pki/issue.ts';
import { pkiListCommand } from './commands/pki/list.ts';
import { pkiPublishCommand } from './commands/pki/publish.ts';
import { pkiRenewCommand } from './commands/pki/renew.ts';
import { pkiRevokeCommand } from './commands/pki/revoke.ts';
import { policyCheckCommand } from './commands/policy-check.ts';
import { settingsClearCommand } from './commands/settings-clear.ts';
import { settingsSetCommand } from './commands/settings-set.ts';
import { settingsShowCommand } from './commands/settings-show.ts';
import { statusCommand } from './commands/status.ts';
import { storeAcceptCommand } from './commands/store-accept.ts';
import { tokenInitCommand } from './commands/token-init.ts';
import { tokenListCommand } from './commands/token-list.ts';
import { tokenRecoveryCommand } from './commands/token-recovery.ts';
import { tokenRenameCommand } from './commands/token-rename.ts';
import { tokenShowCommand } from './commands/token-show.ts';
import { tokenWipeCommand } from './commands/token-wipe.ts';
import { lockCommand, unlockCommand } from './commands/unlock.ts';
import { versionCommand } from './commands/version.ts';
import { exit, Problem } from './problem.ts';
import { complain } from './terminal.ts';

const program = new Command('strongroom')
  .description('Tokens, keys and the audit log of a Strongroom.')
  .version(version, '-v, --version', 'print the version')
  // What it was called before.
  .addOption(new Option('-V').hideHelp())
  .on('option:V', () => program.parse(['--version'], { from: 'user' }))
  .addHelpText(
    'after',
    '\nExit codes: 0 fine; 1 something is wrong or was refused; 2 the command line makes no sense.\n' +
      'The store is found through $STRONGROOM_HOME, else in the user’s data folder.',
  );

/** Commands under one word. */
function group(name: string, description: string, ...commands: readonly Command[]): Command {
  const parent = new Command(name).description(description);
  for (const command of commands) parent.addCommand(command);
  return parent;
}

program.addCommand(
  group(
    'token',
    'make, list, rename and empty tokens',
    tokenInitCommand(),
    tokenListCommand(),
    tokenShowCommand(),
    tokenRecoveryCommand(),
    tokenRenameCommand(),
    tokenWipeCommand(),
  ),
);
program.addCommand(
  group(
    'pin',
    'change PINs, set lost ones anew, see tries left',
    pinSetCommand(),
    pinResetCommand(),
    pinRecoverCommand(),
    pinStatusCommand(),
    pinPolicyCommand(),
  ),
);
program.addCommand(
  group(
    'key',
    'list, show, date and rotate keys, stop them and let them go on',
    keyListCommand(),
    keyShowCommand(),
    keyDatesCommand(),
    keyRotateCommand(),
    keyDueCommand(),
    ...keyStateCommands(),
  ),
);
program.addCommand(group('object', 'list all objects, certificates and data too', objectListCommand()));
program.addCommand(
  group(
    'settings',
    'settings that the store carries, whoever starts the engine',
    settingsShowCommand(),
    settingsSetCommand(),
    settingsClearCommand(),
  ),
);
program.addCommand(
  group(
    'pki',
    'make certificates for a network door and its clients',
    pkiInitCommand(),
    pkiIssueCommand(),
    pkiRenewCommand(),
    pkiRevokeCommand(),
    pkiPublishCommand(),
    pkiListCommand(),
  ),
);
program.addCommand(group('policy', 'see who may what in a service', policyCheckCommand()));
program.addCommand(group('engine', 'see and end the engine', engineStatusCommand(), engineStopCommand()));
program.addCommand(metricsCommand());
program.addCommand(unlockCommand());
program.addCommand(lockCommand());
program.addCommand(group('store', 'accept a store whose files were put back', storeAcceptCommand()));
program.addCommand(group('audit', 'read and check the audit log', auditShowCommand(), auditVerifyCommand()));
program.addCommand(statusCommand());
program.addCommand(doctorCommand());
program.addCommand(helpCommand(program));
program.addCommand(versionCommand());

/** Commander's own messages take the form of ours, and end with exit code 2. */
function settle(command: Command): void {
  command
    .exitOverride()
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .allowExcessArguments(false)
    .configureOutput({
      outputError: (text) => {
        const [message = '', hint] = text
          .replace(/^error: /, '')
          .trimEnd()
          .split('\n');
        complain(
          message,
          hint?.replace(/^\((.*)\)$/, '$1') ?? `${pathOf(command)} --help lists what there is.`,
        );
      },
    });
  for (const child of command.commands) settle(child);
}

/** The words that lead to a command: `strongroom token init`. */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

async function main(): Promise<number> {
  settle(program);
  try {
    await program.parseAsync(process.argv);
    return Number(process.exitCode ?? exit.fine);
  } catch (error) {
    // Help and version are thrown as well, with the exit code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.fine : exit.usage;
    if (error instanceof Problem) {
      complain(error.message, error.hint);
      return error.exitCode;
    }
    // What the system refuses is no mistake of ours, and a stack would help nobody.
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    complain(error.message, 'strongroom doctor looks for the cause.');
    return exit.refused;
  }
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader such as `head` may have had enough; that is no failure of ours. A full disk is one.
  if (error.code === 'EPIPE') process.exit(exit.fine);
  complain(`standard output can't be written: ${error.message}`);
  process.exit(exit.refused);
});
void main().then((code) => {
  process.exitCode = code;
});
