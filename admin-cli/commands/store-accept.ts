/** `strongroom store accept`: the security officer lets a token be used again although files of the store were put back. */
import { Command } from 'commander';
import { engineStatus } from '../engine-status.ts';
import { type Given, pinFrom, pinGiven, pinOptions, readPin, withOptions, withPin } from '../pins.ts';
import { Problem, usage } from '../problem.ts';
import { confirmed } from '../prompt.ts';
import { withStore } from '../store.ts';
import { plain, say } from '../terminal.ts';
import { readSlots, type Token, tokenNamed } from '../tokens.ts';

export function storeAcceptCommand(): Command {
  const command = new Command('accept')
    .description('let tokens be used again although files of the store were put back; needs the SO PIN')
    .option('--token <label>', 'this token only')
    .option('--yes', 'do not ask whether it is meant');
  return withOptions(command, pinOptions('so-pin', 'the security officer’s PIN'))
    .addHelpText(
      'after',
      '\nWhen a file of the store is older than the others, or was taken away, no token is used until its security\n' +
        'officer accepts that. Says what was found, asks for the SO PIN of each token, and records it in the audit log.\n' +
        'If it was no mistake of yours, put the whole folder back from one backup instead, and look who was there.',
    )
    .action(accept);
}

function accept(given: Given & { readonly token?: string; readonly yes?: true }): void {
  const source = pinFrom(given, 'so-pin');
  withStore((module) => {
    const { troubles = [] } = engineStatus(module);
    const { tokens } = readSlots(module);
    const waits = ({ slot }: Token) =>
      troubles.some((trouble) => trouble.slot === slot && trouble.kind === 'rollback');
    const chosen = given.token === undefined ? tokens : [tokenNamed(tokens, given.token)];
    const waiting = chosen.filter(waits);
    if (waiting.length === 0) {
      const other = troubles.find(({ about }) => about === 'store' || about === 'token');
      if (other === undefined) return say('Nothing waits to be accepted.');
      throw new Problem(
        `what is wrong cannot be accepted: ${plain(other.text)}`,
        'strongroom doctor says how to mend it.',
      );
    }
    if (waiting.length > 1 && pinGiven(given, 'so-pin'))
      throw usage(
        'several tokens wait, and each has its own SO PIN',
        `Name one: --token LABEL. ${names(waiting)}`,
      );
    for (const { about, kind, text } of troubles)
      if (about === 'store' && kind === 'rollback') say(`Found: ${plain(text)}.`);
    if (
      given.yes !== true &&
      !confirmed('Shall it be used as it is? What is missing stays missing.', '--yes')
    )
      throw new Problem('nothing was done');
    for (const token of waiting) {
      const pin = readPin(source, token, 'so');
      withPin(module, token, 'so', () => module.acceptStore(token.slot, pin));
      say(`Token “${plain(token.label)}” is used again; the audit log says so.`);
    }
  });
}

function names(tokens: readonly Token[]): string {
  return `There wait ${tokens.map(({ label }) => `“${plain(label)}”`).join(', ')}.`;
}
