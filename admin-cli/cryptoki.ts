/**
 * The library through the same door as every application: a PKCS#11 module, loaded by the addon in native/. PINs are
 * Uint8Arrays, never strings, and the addon overwrites their bytes before each of the calls that take one returns.
 */
import { createRequire } from 'node:module';
import { results } from '../schema/cryptoki/constants/results.ts';
import { explain } from './explain.ts';
import { checkPlaces, installed } from './places.ts';
import { Problem } from './problem.ts';

export interface SlotInfo {
  readonly description: string;
  /** CKF_ slot flags. */
  readonly flags: number;
}

/** How often a PIN may still be wrong before it locks, and how often in a row at most. */
export interface PinAttempts {
  readonly left: number;
  readonly most: number;
}

export interface TokenInfo {
  readonly label: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly serial: string;
  /** CKF_ token flags. */
  readonly flags: number;
  /** Shortest and longest PIN, in bytes; -1 when the token doesn't say. */
  readonly minPin: number;
  readonly maxPin: number;
}

/** The addon's functions. Each throws an Error with `rv` and `call` when the module refuses. */
interface Cryptoki {
  load(path: string): void;
  initialize(): void;
  finalize(): void;
  /** All slot ids, with and without a token. */
  slots(): number[];
  slotInfo(slot: number): SlotInfo;
  tokenInfo(slot: number): TokenInfo;
  /** The label is UTF-8 of at most 32 bytes, not padded. */
  initToken(slot: number, soPin: Uint8Array, label: Uint8Array): void;
  openSession(slot: number, readWrite: boolean): number;
  closeSession(session: number): void;
  login(session: number, user: number, pin: Uint8Array): void;
  logout(session: number): void;
  initPin(session: number, pin: Uint8Array): void;
  setPin(session: number, oldPin: Uint8Array, newPin: Uint8Array): void;
  /** The handles of all objects of a class (CKO_). */
  find(session: number, objectClass: number): number[];
  /** The values of at most 32 attributes (CKA_), in their order; null for one that is empty or can't be had. */
  attributes(session: number, object: number, types: readonly number[]): (Uint8Array | null)[];
  /** Attributes as pairs of type (CKA_) and value; at most 32. Returns the new object's handle. */
  createObject(session: number, template: readonly (readonly [number, Uint8Array])[]): number;
  setAttributes(session: number, object: number, template: readonly (readonly [number, Uint8Array])[]): void;
  destroyObject(session: number, object: number): void;
  /** Returns the handles of the public and the private key. */
  generateKeyPair(
    session: number,
    mechanism: number,
    publicTemplate: readonly (readonly [number, Uint8Array])[],
    privateTemplate: readonly (readonly [number, Uint8Array])[],
  ): [number, number];
  /** Signs in one go, by a mechanism (CKM_) that takes no parameter. */
  sign(session: number, key: number, mechanism: number, data: Uint8Array): Uint8Array;
  /** From here on: Strongroom's own interface. The label is as in {@link initToken}; needs the SO's login. */
  renameToken(session: number, label: Uint8Array): void;
  pinAttempts(slot: number, user: number): PinAttempts;
  /** JSON; see pin/policy.ts. Of the slot where the next token comes, too. */
  pinStatus(slot: number, user: number): Uint8Array;
  /** JSON; see engine-status.ts. */
  engineStatus(): Uint8Array;
  /** CKR_SESSION_EXISTS when others use the engine, unless `force`. */
  stopEngine(force: boolean): void;
  /** The settings that the store carries; empty when it has none. */
  settings(): Uint8Array;
  /** Puts others in their place, or none. Needs the SO's login on every token. */
  setSettings(session: number, settings: Uint8Array): void;
  /** The security officer accepts, for the token in the slot, that files of the store were put back. */
  acceptStore(slot: number, soPin: Uint8Array): void;
  /** Lets those use the token in the slot without a login whose rules say so. */
  unlockToken(slot: number, userPin: Uint8Array): void;
  lockToken(slot: number): void;
  /**
   * A successor takes the place of a private or secret key, which goes on as before for so many seconds (-1: as the engine was told).
   * Returns the successor's handle.
   */
  rotateKey(session: number, key: number, grace: number, reason: Uint8Array): number;
  /** A part of the audit log (0), its public key (1) or its anchor (2) from an offset on; empty at the end. */
  readAuditLog(file: number, offset: number): Uint8Array;
  /** The engine's figures, as Prometheus reads them. */
  metrics(): Uint8Array;
  /**
   * Makes so many lists of so many recovery words, puts them into the bytes given, a line each, and answers their length; they open nothing
   * before {@link confirmRecovery}.
   */
  addRecovery(session: number, words: number, lists: number, into: Uint8Array): number;
  confirmRecovery(session: number): void;
  removeRecovery(session: number): void;
  /** Sets the PIN of a user (CKU_) by the recovery words, of all the lists that there are; both are overwritten. */
  recover(slot: number, words: Uint8Array, user: number, newPin: Uint8Array): void;
  /** JSON; see token-access.ts. */
  tokenAccess(slot: number): Uint8Array;
  /**
   * Takes the key of a CKA_UNIQUE_ID to another state, as whoever has logged in.
   * @param since of a compromise: seconds since 1970; 0 where nothing is said
   */
  setKeyState(session: number, uniqueId: Uint8Array, state: number, reason: Uint8Array, since: number): void;
}

/** The calls on a module that has been initialised. */
export type Module = Omit<Cryptoki, 'load' | 'initialize' | 'finalize'>;

/** The module refused a call. */
export class CryptokiFailure extends Problem {
  /** The CK_RV, as a number and as the standard names it. */
  readonly rv: number;
  readonly rvName: string;
  /** The function that was refused. */
  readonly call: string;

  constructor(call: string, rv: number) {
    const rvName =
      results.find((row) => row.value === rv && row.alias === undefined)?.name ?? `0x${rv.toString(16)}`;
    const { message, hint } = explain(rvName, call);
    super(message === undefined ? `${call} answered ${rvName}` : `${message} (${call}: ${rvName})`, hint);
    this.rv = rv;
    this.rvName = rvName;
    this.call = call;
  }
}

/** Loads the library, initialises it, gives it to `use`, and finalises it whatever happens. */
export function withModule<T>(use: (module: Module) => T): T {
  checkPlaces();
  const raw = createRequire(import.meta.url)(installed.addon) as Cryptoki;
  const module = translated(raw);
  try {
    module.load(installed.module);
  } catch (error) {
    throw new Problem(
      `the library can't be loaded: ${error instanceof Error ? error.message : String(error)}`,
      'strongroom doctor says what is missing.',
    );
  }
  module.initialize();
  try {
    return use(module);
  } finally {
    module.finalize();
  }
}

/** The same functions, whose failures speak in words. */
function translated(raw: Cryptoki): Cryptoki {
  return new Proxy(raw, {
    get(target, name) {
      const call: unknown = Reflect.get(target, name);
      if (typeof call !== 'function') return call;
      return (...args: unknown[]) => {
        try {
          return call.apply(target, args);
        } catch (error) {
          if (!(error instanceof Error && 'rv' in error && 'call' in error)) throw error;
          throw new CryptokiFailure(String(error.call), Number(error.rv));
        }
      };
    },
  });
}
