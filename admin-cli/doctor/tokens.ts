/** The tokens and the state of their PINs, through the library: the proof that all of it works together. */
import fs from 'node:fs';
import path from 'node:path';
import { withModule } from '../cryptoki.ts';
import { storeFiles, storeFolder } from '../places.ts';
import { Problem } from '../problem.ts';
import { readSlots, type Token } from '../tokens.ts';
import { type Finding, fine, remarkable, type Section, untouched, wrong } from './finding.ts';
import { storeVisible } from './store.ts';

/** @param broken whether something was found that explains a failure to reach them */
export function checkTokens(broken: boolean): Section {
  return { title: 'Tokens', findings: findings(broken) };
}

function findings(broken: boolean): Finding[] {
  if (!storeVisible())
    return [broken ? untouched('tokens') : fine('tokens', 'none yet; strongroom token init makes one')];
  try {
    const { tokens } = withModule(readSlots);
    if (tokens.length === 0) return [fine('tokens', 'none yet; strongroom token init makes one')];
    return tokens.map(checkToken);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const last = lastWords();
    const mend = broken
      ? 'mend what is wrong above, then look again'
      : 'look into engine.log in the store’s folder';
    if (last !== undefined && !broken)
      return [wrong('library', error.message, `engine.log ends with: ${last}`)];
    return [wrong('library', error.message, mend)];
  }
}

/** The engine's last message in its log, without the time and without the stack that may follow it. */
function lastWords(): string | undefined {
  try {
    const text = fs.readFileSync(path.join(storeFolder().path, storeFiles.engineLog), 'utf8');
    const messages = text.split('\n').filter((line) => /^\d{4}-\S+Z |^\w*Error: /.test(line));
    return messages.at(-1)?.replace(/^\d{4}-\S+Z /, '');
  } catch {
    return undefined;
  }
}

function checkToken({ slot, label, userPin, soPin }: Token): Finding {
  const what = `slot ${slot}`;
  const name = `“${label}”`;
  if (soPin === 'locked') {
    return wrong(
      what,
      `${name}: the SO PIN is locked`,
      'no new user PIN can be set any more: make a new token and move to it while the user PIN is known',
    );
  }
  if (userPin === 'locked') {
    return wrong(what, `${name}: the user PIN is locked`, 'the security officer sets a new one');
  }
  if (userPin === 'not set') {
    return remarkable(what, `${name}: no user PIN yet`, 'the security officer sets one');
  }
  for (const [whose, state] of [
    ['user', userPin],
    ['SO', soPin],
  ] as const) {
    if (state === 'last try') return remarkable(what, `${name}: the next wrong ${whose} PIN locks it`);
    if (state === 'wrong tries') return remarkable(what, `${name}: wrong ${whose} PINs were tried`);
  }
  return fine(what, `${name}: PINs are set`);
}
