/** `strongroom pin policy`: what a token asks of its PINs. */
import { Command } from 'commander';
import { type PinPolicy, pinStatus, policyWords } from '../../pin/policy.ts';
import { pinNames, type Whose } from '../../pins.ts';
import { withStore } from '../../store.ts';
import { plain, remark, say, sayJson } from '../../terminal.ts';
import { chosenToken, readSlots } from '../../tokens.ts';

interface Row {
  readonly label: string;
  readonly slot: number;
  readonly pin: Whose;
  readonly policy: PinPolicy | undefined;
}

export function pinPolicyCommand(): Command {
  return new Command('policy')
    .description('say what a token asks of new PINs, and how it slows wrong ones')
    .option('--token <label>', 'of this token only')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nNeeds no PIN. What is asked is the strictest of pin.… in the configuration and of what the token was used with before.',
    )
    .action(policy);
}

function policy(options: { readonly token?: string; readonly json?: true }): void {
  const rows = withStore((module) => {
    const { tokens } = readSlots(module);
    const chosen = options.token === undefined ? tokens : [chosenToken(tokens, options.token)];
    return chosen.flatMap(({ label, slot }) =>
      (['user', 'so'] as const).map(
        (pin): Row => ({ label, slot, pin, policy: pinStatus(module, slot, pin)?.policy }),
      ),
    );
  });
  if (options.json === true)
    sayJson(
      rows.map(({ label, slot, pin, policy: asked }) => ({ token: label, slot, pin, policy: asked ?? null })),
    );
  else if (rows.length === 0) remark('there is no token yet; strongroom token init makes one');
  else
    for (const { label, pin, policy: asked } of rows) {
      say(`${pinNames[pin]} of “${plain(label)}”:`);
      for (const line of asked === undefined ? ['not known'] : policyWords(asked, pin)) say(`  ${line}`);
    }
}
