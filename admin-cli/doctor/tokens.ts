/** The tokens and the state of their PINs. */
import type { EngineStatus } from '../engine-status.ts';
import type { Token } from '../tokens.ts';
import { type Finding, fine, remarkable, type Section, wrong } from './finding.ts';
import type { Seen } from './library.ts';
import { troubleOfToken } from './troubles.ts';

export function checkTokens({ tokens, status, finding }: Seen): Section {
  if (finding !== undefined) return { title: 'Tokens', findings: [finding] };
  if (tokens === undefined || tokens.length === 0)
    return { title: 'Tokens', findings: [fine('tokens', 'none yet; strongroom token init makes one')] };
  return { title: 'Tokens', findings: tokens.map((token) => checkToken(token, status)) };
}

function checkToken({ slot, label, userPin, soPin }: Token, status: EngineStatus | undefined): Finding {
  const trouble = troubleOfToken(status, slot, label);
  if (trouble !== undefined) return trouble;
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
    return wrong(
      what,
      `${name}: the user PIN is locked`,
      `the security officer sets a new one: strongroom pin reset --token '${label}'`,
    );
  }
  if (userPin === 'not set') {
    return remarkable(
      what,
      `${name}: no user PIN yet`,
      `the security officer sets one: strongroom pin reset --token '${label}'`,
    );
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
