/** The settings that a store carries itself: read by whoever owns it, changed by the security officers of all its tokens. */
import type { Module } from './cryptoki.ts';
import { type Given, logIn, pinFrom, readPin } from './pins.ts';
import { Problem } from './problem.ts';
import { remark } from './terminal.ts';
import { readSlots, type Token } from './tokens.ts';

/** TOML as it was given; empty when the store has none. */
export function ownSettings(module: Module): string {
  return Buffer.from(module.settings()).toString('utf8');
}

/**
 * Logs in as the security officer of every token, one after the other, puts the settings in the place of those that were there (none, when
 * the text is empty), and logs out.
 */
export function changeSettings(module: Module, given: Given, text: Uint8Array): void {
  const source = pinFrom(given, 'so-pin');
  const { tokens } = readSlots(module);
  if (tokens.length === 0)
    throw new Problem(
      'there is no token yet, and so no security officer who could decide',
      'strongroom token init makes one.',
    );
  const sessions: number[] = [];
  const enter = (token: Token): number => {
    const session = module.openSession(token.slot, true);
    sessions.push(session);
    logIn(module, token, session, 'so', readPin(source, token, 'so'));
    return session;
  };
  try {
    let last = 0;
    for (const token of tokens) last = enter(token);
    module.setSettings(last, text);
  } finally {
    // The login of a token ends with its last session.
    for (const session of sessions) module.closeSession(session);
  }
}

/** What people must do for a change to hold. */
export function sayWhenItHolds(): void {
  remark('an engine that runs keeps to what it found when it started: strongroom engine stop');
}
