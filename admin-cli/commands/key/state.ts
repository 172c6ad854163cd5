/** `strongroom key activate`, `suspend`, `resume`, `deactivate` and `compromise`: a key goes from one state to another. */
import { Command } from 'commander';
import { goers } from '../../../schema/lifecycle/halves.ts';
import { type StateName, states } from '../../../schema/lifecycle/states.ts';
import { CryptokiFailure, type Module } from '../../cryptoki.ts';
import { keysNamed } from '../../keys/choice.ts';
import type { Key } from '../../keys/keys.ts';
import { timeFrom } from '../../keys/times.ts';
import {
  type Given,
  logIn,
  pinFrom,
  pinGiven,
  pinOptions,
  readPin,
  type Whose,
  withOptions,
  withSession,
} from '../../pins.ts';
import { Problem, usage } from '../../problem.ts';
import { withStore } from '../../store.ts';
import { plain, remark, say } from '../../terminal.ts';
import { chosenToken, readSlots } from '../../tokens.ts';

interface Order {
  readonly name: string;
  readonly to: StateName;
  readonly description: string;
  readonly more: string;
  readonly reason: boolean;
  readonly done: string;
}

const orders: readonly Order[] = [
  {
    name: 'activate',
    to: 'active',
    description: 'let a key be used that was made to wait',
    more: 'It may be used from now on, whatever date it was to begin at.',
    reason: false,
    done: 'is active',
  },
  {
    name: 'suspend',
    to: 'suspended',
    description: 'stop a key for a while',
    more: 'It protects nothing meanwhile; what it protected can still be read and checked. strongroom key resume lets it go on.',
    reason: true,
    done: 'is suspended',
  },
  {
    name: 'resume',
    to: 'active',
    description: 'let a suspended key go on',
    more: 'What the security officer suspended, he alone lets go on.',
    reason: true,
    done: 'is active again',
  },
  {
    name: 'deactivate',
    to: 'deactivated',
    description: 'end a key for good; what it protected can still be read and checked',
    more: 'There is no way back.',
    reason: true,
    done: 'is deactivated',
  },
  {
    name: 'compromise',
    to: 'compromised',
    description: 'say that others may know a key, which ends it at once',
    more:
      'There is no way back. What it signed and encrypted can still be checked and read by those who know what happened; operations under way fail, ' +
      'and no other key comes in by it or leaves with it.',
    reason: true,
    done: 'is compromised',
  },
];

type Options = Given & { readonly token?: string; readonly reason?: string; readonly since?: string };

export function keyStateCommands(): Command[] {
  return orders.map((order) => {
    const command = new Command(order.name)
      .description(order.description)
      .argument('<key>', 'its label, its id in hex, or its unique id')
      .option('--token <label>', 'of this token; needed when there are several');
    if (order.reason)
      command.requiredOption('--reason <text>', 'why, in words: it stays with the key and in the audit log');
    if (order.to === 'compromised')
      command.option(
        '--since <time>',
        'since when others may know it (UTC): 2026-11-28 or 2026-11-28T09:30:00; else now',
      );
    return withOptions(
      command,
      pinOptions('pin', 'the user’s PIN'),
      pinOptions('so-pin', 'the security officer’s PIN, in place of the user’s'),
    )
      .addHelpText(
        'after',
        `\n${order.more}\nBoth halves of a pair go together. The security officer does not see private keys: he names one by its unique id, which the\n` +
          'audit log has, and of a pair the other half too.',
      )
      .action((name: string, options: Options) => take(order, name, options));
  });
}

function sinceOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const time = timeFrom(text);
  if (time === undefined)
    throw usage(`--since takes a time such as 2026-11-28 or 2026-11-28T09:30:00, not “${plain(text)}”`);
  if (time.at * 1000 > Date.now()) throw usage(`--since ${plain(text)} is still to come`);
  return time.at;
}

function take(order: Order, name: string, options: Options): void {
  const whose: Whose = pinGiven(options, 'so-pin') ? 'so' : 'user';
  if (whose === 'so' && pinGiven(options, 'pin'))
    throw usage('one PIN is enough: the user’s or the security officer’s');
  const source = pinFrom(options, whose === 'so' ? 'so-pin' : 'pin');
  if (options.reason?.trim() === '') throw usage('--reason says nothing');
  const since = sinceOf(options.since);
  const reason = Buffer.from(options.reason ?? '');
  const state = states.find((each) => each.name === order.to)?.number ?? 0;
  withStore((module) => {
    const token = chosenToken(readSlots(module).tokens, options.token);
    const pin = readPin(source, token, whose);
    withSession(module, token, true, (session) => {
      logIn(module, token, session, whose, pin);
      const keys = whose === 'so' ? seenByOfficer(module, session, name) : keysNamed(module, session, name);
      for (const { uniqueId, kind } of goers(keys, order.to)) {
        module.setKeyState(session, Buffer.from(uniqueId), state, reason, since);
        say(`The ${kind === undefined ? '' : `${kind} `}key “${plain(name)}” ${order.done}.`);
      }
      if (whose === 'so' && keys.length === 1 && keys[0]?.kind === 'public')
        remark('its private half does not show to the security officer: name it by its unique id as well');
      module.logout(session);
    });
  });
}

interface Named {
  readonly uniqueId: string;
  readonly kind: Key['kind'] | undefined;
  readonly state: StateName | undefined;
}

/** A unique id may be one of a private key, which the engine alone can tell. */
function seenByOfficer(module: Module, session: number, name: string): readonly Named[] {
  try {
    return keysNamed(module, session, name);
  } catch (error) {
    if (!(error instanceof Problem) || error instanceof CryptokiFailure || !/^[0-9a-f]{32}$/.test(name))
      throw error;
    return [{ uniqueId: name, kind: undefined, state: undefined }];
  }
}
