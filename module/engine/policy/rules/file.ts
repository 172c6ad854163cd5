/** The file with the rules of a service: read at the start, and again when somebody says so. */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import type { Identity, Rights } from '../rights.ts';
import { type Accounts, systemAccounts } from './accounts.ts';
import { PolicyError } from './error.ts';
import { parsePolicy } from './parse.ts';
import { Policy, withoutPolicy } from './policy.ts';

/** Far more than anybody writes by hand. */
const MOST_BYTES = 1_048_576;

/** Which rules hold. */
export interface PolicySource {
  readonly path: string;
  /** SHA-256 over the bytes that were read, in hex; null where there is no file. */
  readonly sha256: string | null;
  readonly rules: number;
}

/**
 * Reads a policy.
 * @param owners whose file it may be, beside root's
 * @returns undefined when there is no such file
 * @throws PolicyError when it cannot be read or understood, or when others could have written it
 */
export function readPolicy(
  path: string,
  owners: readonly number[],
  accounts: Accounts = systemAccounts(),
): { readonly policy: Policy; readonly source: PolicySource } | undefined {
  const bytes = contentsOf(path, owners);
  if (bytes === undefined) return undefined;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new PolicyError(`${path}: it is not UTF-8`);
  }
  const policy = new Policy(parsePolicy(text, path, accounts));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { policy, source: { path, sha256, rules: policy.rules.length } };
}

function contentsOf(path: string, owners: readonly number[]): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const problem = problemWith(fstatSync(file), owners);
    if (problem !== undefined) throw new PolicyError(`${path}: ${problem}`);
    return readFileSync(file);
  } catch (error) {
    if (error instanceof PolicyError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new PolicyError(`${path}: it can't be read (${code})`);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Whoever can write the rules has all rights. */
function problemWith(stat: Stats, owners: readonly number[]): string | undefined {
  if (!stat.isFile()) return 'it is not a file';
  if (stat.uid !== 0 && !owners.includes(stat.uid))
    return `it belongs to uid ${stat.uid}, who could change it`;
  if ((stat.mode & 0o022) !== 0) return 'others can change it: chmod go-w';
  return stat.size > MOST_BYTES ? 'it is too long' : undefined;
}

export class PolicyFile {
  #path: string;
  readonly #ownUid: number;
  readonly #accounts: () => Accounts;
  #policy: Policy | undefined;
  readonly #otherwise: (who: Identity) => Rights;
  #source: PolicySource;
  #trouble: string | undefined;

  /** @throws PolicyError when there is a file that can't be used */
  constructor(path: string, ownUid: number, accounts: () => Accounts = systemAccounts) {
    this.#path = path;
    this.#ownUid = ownUid;
    this.#accounts = accounts;
    this.#otherwise = withoutPolicy(ownUid);
    this.#source = { path, sha256: null, rules: 0 };
    this.#take();
  }

  /** What holds now. */
  get source(): PolicySource {
    return this.#source;
  }

  /** Why the file that is there now does not hold; undefined when it does. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  rightsOf(who: Identity): Rights {
    return this.#policy === undefined ? this.#otherwise(who) : this.#policy.rightsOf(who);
  }

  /** Whether any rule holds at some hours alone. */
  get hasHours(): boolean {
    return this.#policy?.hasHours === true;
  }

  /** By their numbers: the rules whose hour it is. */
  get holding(): readonly number[] {
    return this.#policy?.holding.map(({ number }) => number) ?? [];
  }

  /** From now on the rules hold whose hour it is. @returns whether others do than before */
  tick(): boolean {
    return this.#policy?.tick() === true;
  }

  /** Reads it again, or from now on another one. A file that can't be used, or has gone, leaves the rules as they are; then this says why. */
  reload(path = this.#path): string | undefined {
    this.#path = path;
    try {
      if (!this.#take() && this.#source.sha256 !== null) throw new PolicyError(`${this.#path}: it has gone`);
      this.#trouble = undefined;
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      this.#trouble = error.message;
    }
    return this.#trouble;
  }

  /** False when there is no file. */
  #take(): boolean {
    const found = readPolicy(this.#path, [this.#ownUid], this.#accounts());
    if (found === undefined) return false;
    const { policy, source } = found;
    this.#policy = policy;
    this.#source = source;
    return true;
  }
}
