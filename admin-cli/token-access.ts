/** What leads into a token, and what it costs whoever has stolen the store, as the engine tells it. */
import { CryptokiFailure, type Module } from './cryptoki.ts';

/** The engine's own words (module/engine/calls/own/recovery.ts). */
export interface Way {
  readonly way: 'user PIN' | 'SO PIN' | 'recovery words';
  readonly set: boolean;
  readonly left?: number;
  readonly most?: number;
  /** What it needs, all of it. */
  readonly needs?: readonly { readonly factor: string; readonly kdf: string }[];
  readonly iterations?: number;
  readonly argon2?: { readonly memoryKib: number; readonly passes: number; readonly lanes: number };
  /** Of recovery words: how many on each sheet, how many sheets, and when they were made, in milliseconds since the epoch. */
  readonly words?: number;
  readonly lists?: number;
  readonly made?: number;
}

export interface TokenAccess {
  /** Milliseconds since the epoch. */
  readonly created: number | null;
  readonly ways: readonly Way[];
}

export function tokenAccess(module: Module, slot: number): TokenAccess {
  return JSON.parse(Buffer.from(module.tokenAccess(slot)).toString()) as TokenAccess;
}

/** The token's recovery words, if it has any, as far as the engine tells. */
export function recoveryOf(module: Module, slot: number): Way | undefined {
  try {
    return tokenAccess(module, slot).ways.find(({ way, set }) => way === 'recovery words' && set);
  } catch (error) {
    if (error instanceof CryptokiFailure) return undefined;
    throw error;
  }
}
