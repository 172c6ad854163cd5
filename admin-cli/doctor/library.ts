/** What the library shows: the proof that all the parts work together. */
import fs from 'node:fs';
import path from 'node:path';
import { CryptokiFailure, type Module, withModule } from '../cryptoki.ts';
import { engineState } from '../engine-state.ts';
import { beyondReach, type EngineStatus, engineStatus } from '../engine-status.ts';
import { type PinStatus, pinStatus } from '../pin/policy.ts';
import { storeFiles, storeFolder } from '../places.ts';
import { Problem } from '../problem.ts';
import { plain } from '../terminal.ts';
import { recoveryOf } from '../token-access.ts';
import { readSlots, type Token } from '../tokens.ts';
import { type Finding, untouched, wrong } from './finding.ts';
import { storeVisible } from './store.ts';

/** What can be known of a token's PINs without any. */
export interface PinFacts {
  readonly user: PinStatus | undefined;
  readonly so: PinStatus | undefined;
  /** Whether recovery words set both anew. */
  readonly hasRecovery: boolean;
}

export interface Seen {
  /** Undefined when they could not be read; then there is a `finding`, or no store at all. */
  readonly tokens?: readonly Token[];
  /** By slot. */
  readonly pins?: ReadonlyMap<number, PinFacts>;
  /** What the engine says of itself; undefined when it says nothing. */
  readonly status?: EngineStatus | undefined;
  readonly finding?: Finding;
}

/** All that it shows. */
export function look(module: Module): Seen {
  const { tokens } = readSlots(module);
  const facts = tokens.map(({ slot }): [number, PinFacts] => [
    slot,
    {
      user: pinStatus(module, slot, 'user'),
      so: pinStatus(module, slot, 'so'),
      hasRecovery: recoveryOf(module, slot) !== undefined,
    },
  ]);
  return { tokens, pins: new Map(facts), status: statusOf(module) };
}

/** @param broken whether something was found that explains a failure to reach them */
export function lookThroughLibrary(broken: boolean): Seen {
  if (!storeVisible()) return broken ? { finding: untouched('tokens') } : {};
  if (beyondReach(engineState(storeFolder().path)) !== undefined) return { finding: untouched('tokens') };
  try {
    return withModule(look);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const last = lastWords();
    if (broken) return failed(error.message, 'mend what is wrong above, then look again');
    if (last !== undefined) return failed(`no engine starts: ${last.problem}`, last.mend);
    return failed(error.message, 'look into engine.log in the store’s folder');
  }
}

/** The same where the library passes calls on to another machine, which was found to answer. */
export function lookThroughGateway(): Seen {
  try {
    return withModule(look);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error instanceof CryptokiFailure && error.rvName === 'CKR_FUNCTION_FAILED')
      return failed(
        `the machine answers, and no rule of its policy lets us in (${error.call}: ${error.rvName})`,
        'there, a rule must name one of the names of our certificate: strongroom policy check --as …',
      );
    const log = path.join(storeFolder().path, storeFiles.engineLog);
    return failed(
      error.message,
      `${log} says what the gateway has met; the log of the service there, what it has seen of it`,
    );
  }
}

function failed(message: string, mend: string): Seen {
  return { finding: wrong('library', message, mend) };
}

/** An engine of an older release cannot tell, and a service does not tell everybody. */
export function statusOf(module: Module): EngineStatus | undefined {
  try {
    return engineStatus(module);
  } catch (error) {
    if (error instanceof CryptokiFailure) return undefined;
    throw error;
  }
}

/** Why the last engine did not start, by its last message in its log: what is wrong, and behind a semicolon how to mend it. */
function lastWords(): { problem: string; mend: string } | undefined {
  let text: string;
  try {
    text = fs.readFileSync(path.join(storeFolder().path, storeFiles.engineLog), 'utf8');
  } catch {
    return undefined;
  }
  const messages = text.split('\n').filter((line) => /^\d{4}-\S+Z |^\w*Error: /.test(line));
  const last = messages.at(-1)?.replace(/^\d{4}-\S+Z /, '');
  if (last === undefined) return undefined;
  // A code of the system's at the very end belongs to what is wrong.
  const [, sentence = '', code = ''] = /^(.*?)( \([A-Z_]+\))?$/.exec(plain(last)) ?? [];
  const [problem = '', ...mend] = sentence.replace(/^cannot start: /, '').split('; ');
  const look = 'look into engine.log in the store’s folder';
  return { problem: problem + code, mend: mend.length === 0 ? look : mend.join('; ') };
}
