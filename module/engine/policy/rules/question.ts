/** Questions about a policy as people write them on a command line. */
import { type RoleName, roles } from '../../../../schema/policy/roles.ts';
import { functionGroups, functionNames } from '../../generated/functions.ts';
import { mechanisms } from '../../generated/mechanisms.ts';
import { ANY_MECHANISM, type Identity, type NamedObject, type NamedToken } from '../rights.ts';
import { nearest } from '../words.ts';
import type { Accounts } from './accounts.ts';
import type { Question } from './explain.ts';
import { keysOf, whoOf } from './fields.ts';
import { isNameKind } from './names.ts';

/** As it stands on the command line. */
export interface Asked {
  /** One user, or the names of one certificate. */
  readonly as: readonly string[];
  readonly groups?: string | undefined;
  readonly what: string;
  readonly key?: string | undefined;
  readonly token?: string | undefined;
  readonly mechanism?: string | undefined;
  /** A time with its zone; now otherwise. */
  readonly at?: string | undefined;
}

/** A question that makes no sense. */
export class QuestionError extends Error {
  override readonly name = 'QuestionError';
}

function fail(problem: string): never {
  throw new QuestionError(problem);
}

/** The questions that the words stand for: a group of functions is one for each of them. @throws QuestionError */
export function questionsOf(asked: Asked, accounts: Accounts): Question[] {
  const who = identityOf(asked.as, asked.groups, accounts);
  const object = objectOf(asked.key);
  const token = tokenOf(asked.token);
  const mechanism = asked.mechanism === undefined ? ANY_MECHANISM : mechanismOf(asked.mechanism);
  const at = asked.at === undefined ? Date.now() : timeOf(asked.at);
  return whatOf(asked.what).map((what) => ({ who, what, object, token, mechanism, at }));
}

function timeOf(at: string): number {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/.test(at)
    ? Date.parse(at)
    : Number.NaN;
  return Number.isNaN(time) ? fail(`--at "${at}" is no time: write it as 2026-11-28T09:00Z`) : time;
}

function identityOf(as: readonly string[], groups: string | undefined, accounts: Accounts): Identity {
  const isRemote = (word: string): boolean => isNameKind(word.slice(0, word.indexOf(':')));
  const [first = '', ...more] = as;
  if (as.some(isRemote)) {
    const local = as.find((word) => !isRemote(word));
    if (local !== undefined) fail(`--as "${local}" is no name of a certificate, as the others are`);
    if (groups !== undefined) fail('--groups says nothing about a client of another machine');
    return remoteOf(as, accounts);
  }
  if (more.length > 0) fail('--as names one user; only a certificate has several names');
  return localOf(first, groups, accounts);
}

/** Somebody whose certificate has these names; of the door that he comes through nothing counts. */
function remoteOf(names: readonly string[], accounts: Accounts): Identity {
  for (const name of names) {
    if (name.includes('*')) fail(`--as "${name}" is a pattern: write the name of somebody`);
    whoOf([name], accounts, (problem) => fail(problem.replace(/^who: /, '--as ')));
  }
  const remote = { names, fingerprint: '', address: '' };
  return { uid: -1, gid: -1, groups: [], executable: '', remote };
}

function localOf(as: string, groups: string | undefined, accounts: Accounts): Identity {
  if (!/^(uid|user):/.test(as))
    fail(
      `--as "${as}" is no user: write "uid:33" or "user:www-data", or a name such as "spiffe://example.org/web"`,
    );
  const [who] = whoOf([as], accounts, (problem) => fail(problem.replace(/^who: /, '--as ')));
  const uid = who?.uid ?? fail(`--as "${as}" is no user`);
  const known = accounts.who(uid);
  if (groups === undefined) {
    if (known === undefined) fail(`/etc/passwd has no uid ${uid}, so its groups are not known: add --groups`);
    return { uid, gid: known.gid, groups: known.groups, executable: '' };
  }
  const gids = groups
    .split(',')
    .filter((word) => word !== '')
    .map((word) => {
      const [group] = whoOf(
        [/^\d+$/.test(word) ? `gid:${word}` : word.includes(':') ? word : `group:${word}`],
        accounts,
        (problem) => fail(problem.replace(/^who: /, '--groups ')),
      );
      return group?.gid ?? fail(`--groups "${word}" is no group`);
    });
  return { uid, gid: gids[0] ?? known?.gid ?? -1, groups: gids, executable: '' };
}

function objectOf(key: string | undefined): NamedObject | undefined {
  if (key === undefined) return undefined;
  const named = { label: '', id: '', tag: '', session: false };
  const patterns = keysOf(key.split(','), (problem) => fail(problem.replace(/^keys: /, 'the key ')));
  for (const { kind, pattern } of patterns) {
    if (kind === 'session') named.session = true;
    else named[kind] = pattern;
  }
  return named;
}

function tokenOf(token: string | undefined): NamedToken | undefined {
  if (token === undefined) return undefined;
  return token.startsWith('serial:') ? { label: '', serial: token.slice(7) } : { label: token, serial: '' };
}

function mechanismOf(name: string): number {
  const byName = new Map([...mechanisms.values()].map((row) => [row.name, row.type]));
  return byName.get(name) ?? fail(`there is no mechanism "${name}" here${hint(name, byName.keys())}`);
}

/** Functions by number, or a role. */
function whatOf(word: string): (number | RoleName)[] {
  const role = roles.find(({ name }) => name === word);
  if (role !== undefined) return [role.name];
  const group = functionGroups.find(({ name }) => name === word);
  if (group !== undefined) return [...group.functions];
  const number = functionNames.indexOf(word) + 1;
  if (number > 0) return [number];
  const words = [
    ...roles.map(({ name }) => name),
    ...functionGroups.map(({ name }) => name),
    ...functionNames,
  ];
  return fail(`there is no function, no group and no role "${word}"${hint(word, words)}`);
}

function hint(word: string, words: Iterable<string>): string {
  const meant = nearest(word, words);
  return meant === undefined ? '' : `; did you mean "${meant}"?`;
}
