/** `strongroom token init`: a new token, with its security officer's PIN and its user's. */
import { Command } from 'commander';
import { type Module, withModule } from '../cryptoki.ts';
import { type PinSource, pinSource } from '../pin-source.ts';
import { exit, Problem, usage } from '../problem.ts';
import { secretCopy } from '../secret.ts';
import { plain, say } from '../terminal.ts';
import { readSlots, type Slots } from '../tokens.ts';

const longestLabel = 32;
const securityOfficer = 0;

interface Options {
  readonly label: string;
  readonly soPin?: string;
  readonly soPinFile?: string;
  readonly soPinFd?: string;
  readonly pin?: string;
  readonly pinFile?: string;
  readonly pinFd?: string;
}

export function tokenInitCommand(): Command {
  return new Command('init')
    .description('make a new token')
    .requiredOption('--label <label>', 'what the token is called (at most 32 bytes of UTF-8)')
    .option('--so-pin-file <file>', 'the security officer’s PIN: the first line of a file')
    .option('--so-pin-fd <number>', '… the next line of an open descriptor')
    .option('--so-pin <env:NAME>', '… a variable of the environment')
    .option('--pin-file <file>', 'the user’s PIN: the first line of a file')
    .option('--pin-fd <number>', '… the next line of an open descriptor')
    .option('--pin <env:NAME>', '… a variable of the environment')
    .addHelpText(
      'after',
      '\nWhat is not given is asked for on the terminal. The security officer can set a new user PIN\n' +
        'when it is lost or locked; the user works with the keys.',
    )
    .action(init);
}

function init(options: Options): void {
  const label = Buffer.from(options.label.normalize('NFC'));
  if (label.length === 0) throw usage('--label is empty: a token needs a name');
  if (label.length > longestLabel) {
    throw usage(`the label has ${label.length} bytes in UTF-8, and a token’s label at most ${longestLabel}`);
  }
  if (plain(options.label) !== options.label || options.label.trim() !== options.label) {
    throw usage('the label holds control characters, or blanks at an end, which no program would show');
  }
  const soSource = pinSource({
    option: 'so-pin',
    value: options.soPin,
    file: options.soPinFile,
    fd: options.soPinFd,
  });
  const userSource = pinSource({
    option: 'pin',
    value: options.pin,
    file: options.pinFile,
    fd: options.pinFd,
  });
  withModule((module) => {
    const slots = readSlots(module);
    const taken = slots.tokens.find((token) => token.label === label.toString());
    if (taken !== undefined) {
      throw new Problem(
        `there is a token “${plain(taken.label)}” already, in slot ${taken.slot}`,
        'Programs find tokens by their labels: choose another one.',
      );
    }
    const pins: Uint8Array[] = [];
    try {
      const soPin = fetch(soSource, 'New SO PIN', slots);
      pins.push(soPin);
      const userPin = fetch(userSource, 'New user PIN', slots);
      pins.push(userPin);
      const slot = slots.blank ?? slots.next;
      make(module, slot, label, soPin, userPin);
      say(`Token “${label.toString()}” is ready in slot ${slot}.`);
    } finally {
      for (const pin of pins) pin.fill(0);
    }
  });
}

function fetch(source: PinSource, question: string, { minPin, maxPin }: Slots): Uint8Array {
  const range = minPin > 0 && maxPin > 0 ? ` (${minPin} to ${maxPin} bytes)` : '';
  const pin = source.read(`${question}${range}`, true);
  const fits = (minPin < 0 || pin.length >= minPin) && (maxPin <= 0 || pin.length <= maxPin);
  if (fits) return pin;
  pin.fill(0);
  throw new Problem(`a PIN has ${minPin} to ${maxPin} bytes; nothing was done`);
}

/** Everything that can be known beforehand has been checked: from here on there is a token. */
function make(module: Module, slot: number, label: Uint8Array, soPin: Uint8Array, userPin: Uint8Array): void {
  // The addon overwrites what it is given, and the SO's PIN is needed twice.
  module.initToken(slot, secretCopy(soPin), label);
  try {
    const session = module.openSession(slot, true);
    module.login(session, securityOfficer, soPin);
    module.initPin(session, userPin);
    module.logout(session);
    module.closeSession(session);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(
      `the token was made in slot ${slot}, but its user PIN could not be set: ${error.message}`,
      'The security officer can set it: pkcs11-tool --login --login-type so --init-pin.',
      exit.refused,
    );
  }
}
