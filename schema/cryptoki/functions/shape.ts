/** What a function's row says, and the words that rows are written with. */
import type { OperationName } from '../operations.ts';

/** How one argument travels. `params` are the C parameters that it takes up, in order. */
export type Argument =
  | { readonly kind: 'session'; readonly params: readonly [string] }
  | { readonly kind: 'ulong'; readonly name: string; readonly params: readonly [string] }
  /** Input bytes. `bulk`: may stay in shared memory. `nullable`: NULL is told from empty. */
  | {
      readonly kind: 'bytes';
      readonly name: string;
      readonly params: readonly [string, string];
      readonly bulk?: true;
      readonly nullable?: true;
    }
  /** 32 bytes without a length (C_InitToken's label). */
  | { readonly kind: 'text32'; readonly name: string; readonly params: readonly [string] }
  | {
      readonly kind: 'mechanism';
      readonly name: string;
      readonly params: readonly [string];
      readonly nullable?: true;
      /** Its parameter does not travel: each message brings its own. */
      readonly bare?: true;
      /** It works on keys, and may come with a CK_GCM_WRAP_PARAMS, of which parts may be answers. */
      readonly wraps?: 'encrypt' | 'decrypt';
    }
  /** A mechanism whose parameter is that of one message. */
  | {
      readonly kind: 'messageMechanism';
      readonly name: string;
      readonly params: readonly [string];
      readonly use: 'encrypt' | 'decrypt';
    }
  /**
   * The parameter of one message, of which parts may be answers: the vector, and the tag. `vector`: the answer to the call is the vector, where
   * the token makes it.
   */
  | {
      readonly kind: 'message';
      readonly name: string;
      readonly params: readonly [string, string];
      readonly use: 'encrypt' | 'decrypt';
      readonly vector?: true;
    }
  /** Bulk bytes with the tag of the message's parameter behind them; `last`: only when the flags say that the message ends. */
  | {
      readonly kind: 'sealed';
      readonly name: string;
      readonly params: readonly [string, string];
      readonly last?: true;
    }
  /** Output by the standard's convention; vector and tag come along with it. */
  | { readonly kind: 'sealedRoom'; readonly name: string; readonly params: readonly [string, string] }
  | { readonly kind: 'template'; readonly name: string; readonly params: readonly [string, string] }
  | { readonly kind: 'query'; readonly name: string; readonly params: readonly [string, string] }
  /** Output of variable length by the standard's convention (5.2). `vector`: behind it comes the vector, if the mechanism left that to the token. */
  | {
      readonly kind: 'room';
      readonly name: string;
      readonly params: readonly [string, string];
      readonly vector?: true;
    }
  /** Output of a length that the caller fixes. */
  | { readonly kind: 'fill'; readonly name: string; readonly params: readonly [string, string] }
  /** A list of CK_ULONGs by the same convention, counted in entries. */
  | { readonly kind: 'list'; readonly name: string; readonly params: readonly [string, string] }
  /** C_FindObjects' handles: array, maximum, count. */
  | { readonly kind: 'found'; readonly name: string; readonly params: readonly [string, string, string] }
  | { readonly kind: 'ulongOut'; readonly name: string; readonly params: readonly [string] }
  | {
      readonly kind: 'struct';
      readonly name: string;
      readonly type: string;
      readonly params: readonly [string];
    }
  /** A parameter that does not travel (pApplication, Notify). */
  | { readonly kind: 'ignored'; readonly params: readonly [string] };

export interface CryptokiFunction {
  readonly name: string;
  readonly since: '2.40' | '3.0' | '3.2' | 'strongroom';
  /** 'shim': answered in the application's process. 'engine': travels. 'opaque': travels by name only, until the engine supports it. */
  readonly place: 'shim' | 'engine' | 'opaque';
  readonly args: readonly Argument[];
  /** Which session the call needs: none, any open one, or a read/write one (else CKR_SESSION_READ_ONLY). */
  readonly session: 'none' | 'any' | 'rw';
  /** Which login the call needs (else CKR_USER_NOT_LOGGED_IN). */
  readonly login: 'any' | 'user' | 'so';
  /** 'admin' records are synced at once, 'operation' records at the configured interval (DESIGN, 6). */
  readonly audit: 'no' | 'operation' | 'admin';
  /**
   * What of the call is wiped out of the lane, and of the engine's copy of the request, as soon as it has been used: a request that
   * carries a PIN, a value or a plaintext, an answer that is one. What is signed or digested is not taken for a secret.
   */
  readonly secret: 'none' | 'request' | 'reply';
  /**
   * What the call does to the number of sessions, or whether that number matters to it: sessions are opened in advance (shim/advance.c), and
   * the engine must hear of them before a call that counts them.
   */
  readonly sessions?: 'opens' | 'closes' | 'counts';
  /**
   * 'opens': begins an operation, and travels together with the call that follows where its result is known beforehand (DESIGN, 4). No
   * other function may begin such an operation.
   * 'ends': a single-part function that such an opening travels with, and that ends the operation.
   */
  readonly pairing?: { readonly role: 'opens' | 'ends'; readonly with: string };
  /**
   * Which kept openings (shim/pairing.c) the engine must have heard of before the call: none of them, its own session's, or all, where it
   * can change what an opening in any session would be answered. 'closed': it closes the sessions of its slot, and their openings with them.
   */
  readonly openings: 'none' | 'session' | 'all' | 'closed';
  /**
   * The operations of its session that the call ends with every answer but CKR_OK and CKR_BUFFER_TOO_SMALL, also with one that is found
   * before the call travels (PKCS#11 3.2, 5.8 to 5.19: it "always terminates the active operation").
   */
  readonly errorEnds: readonly OperationName[];
  /** The operations of its session that go on by the call, where it is not those that its failure ends. */
  readonly goesOn?: readonly OperationName[];
}

type Rules = Partial<
  Pick<
    CryptokiFunction,
    | 'session'
    | 'login'
    | 'audit'
    | 'secret'
    | 'place'
    | 'pairing'
    | 'sessions'
    | 'openings'
    | 'errorEnds'
    | 'goesOn'
  >
>;

export const S: Argument = { kind: 'session', params: ['hSession'] };
export const ulong = (name: string, param: string): Argument => ({ kind: 'ulong', name, params: [param] });
export const bytes = (name: string, p: string, n: string): Argument => ({
  kind: 'bytes',
  name,
  params: [p, n],
});
export const nullableBytes = (name: string, p: string, n: string): Argument => ({
  kind: 'bytes',
  name,
  params: [p, n],
  nullable: true,
});
export const bulk = (name: string, p: string, n: string): Argument => ({
  kind: 'bytes',
  name,
  params: [p, n],
  bulk: true,
});
export const room = (name: string, p: string, n: string): Argument => ({
  kind: 'room',
  name,
  params: [p, n],
});
export const vectorRoom = (name: string, p: string, n: string): Argument => ({
  kind: 'room',
  name,
  params: [p, n],
  vector: true,
});
export const template = (name: string, p: string, n: string): Argument => ({
  kind: 'template',
  name,
  params: [p, n],
});
export const out = (name: string, param: string): Argument => ({ kind: 'ulongOut', name, params: [param] });
export const struct = (name: string, type: string, param: string): Argument => ({
  kind: 'struct',
  name,
  type,
  params: [param],
});
export const M: Argument = { kind: 'mechanism', name: 'mechanism', params: ['pMechanism'] };
/** Of functions that wrap and unwrap keys. */
export const wrapsBy = (use: 'encrypt' | 'decrypt'): Argument => ({
  kind: 'mechanism',
  name: 'mechanism',
  params: ['pMechanism'],
  wraps: use,
});
export const messageMechanism = (use: 'encrypt' | 'decrypt'): Argument => ({
  kind: 'messageMechanism',
  name: 'mechanism',
  params: ['pMechanism'],
  use,
});
/** NULL cancels the active operation (3.0 and later, 5.8 and on). */
export const M0: Argument = { kind: 'mechanism', name: 'mechanism', params: ['pMechanism'], nullable: true };
/** The same for operations on messages. */
export const M0bare: Argument = { ...M0, bare: true } as Argument;
const PARAMETER = ['pParameter', 'ulParameterLen'] as const;
export const message = (use: 'encrypt' | 'decrypt', ...vector: readonly 'vector'[]): Argument => ({
  kind: 'message',
  name: 'parameter',
  params: PARAMETER,
  use,
  ...(vector.length > 0 ? { vector: true } : {}),
});
export const sealed = (name: string, p: string, n: string, ...last: readonly 'last'[]): Argument => ({
  kind: 'sealed',
  name,
  params: [p, n],
  ...(last.length > 0 ? { last: true } : {}),
});
export const sealedRoom = (name: string, p: string, n: string): Argument => ({
  kind: 'sealedRoom',
  name,
  params: [p, n],
});
export const key = (param = 'hKey'): Argument => ulong('key', param);
export const ignored = (param: string): Argument => ({ kind: 'ignored', params: [param] });

export function row(
  since: CryptokiFunction['since'],
  name: string,
  args: readonly Argument[],
  rules: Rules = {},
): CryptokiFunction {
  const inSession = args[0]?.kind === 'session';
  return {
    name,
    since,
    args,
    place: 'engine',
    session: inSession ? 'any' : 'none',
    login: 'any',
    audit: 'no',
    secret: 'none',
    openings: inSession ? 'session' : 'none',
    errorEnds: [],
    ...rules,
  };
}
export const shim = (
  since: CryptokiFunction['since'],
  name: string,
  params: readonly string[],
): CryptokiFunction => row(since, name, params.map(ignored), { place: 'shim', session: 'none' });
export const opaque = (
  since: CryptokiFunction['since'],
  name: string,
  params: readonly string[],
  rules: Rules = {},
): CryptokiFunction => row(since, name, [S, ...params.map(ignored)], { place: 'opaque', ...rules });

export const operation: Rules = { audit: 'operation' };
/** The request carries a secret; the answer is one. */
export const carriesSecret: Rules = { secret: 'request' };
export const answersSecret: Rules = { secret: 'reply' };
export const opens = (name: string): Rules => ({ pairing: { role: 'opens', with: name } });
export const ends = (name: string): Rules => ({ pairing: { role: 'ends', with: name } });
/** Neither asks about operations nor touches what they depend on. */
export const apart: Rules = { openings: 'none' };
export const goesOn = (...kinds: readonly OperationName[]): Rules => ({ goesOn: kinds });
export const spoils = (...kinds: readonly OperationName[]): Rules => ({ errorEnds: kinds });
