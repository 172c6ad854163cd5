/** Users and groups by name, as /etc/passwd and /etc/group have them. */
import { readFileSync } from 'node:fs';

export interface Accounts {
  /** The uid of that name. */
  user(name: string): number | undefined;
  /** The gid of that name. */
  group(name: string): number | undefined;
  /** Names that there are, for suggestions. */
  readonly users: readonly string[];
  readonly groups: readonly string[];
  /** Whom a user is: his name, his own group, and those that list him. Undefined for a uid that nobody has. */
  who(
    uid: number,
  ): { readonly name: string; readonly gid: number; readonly groups: readonly number[] } | undefined;
}

/** @param passwd,group the contents of the two files */
export function accountsIn(passwd: string, group: string): Accounts {
  const users = new Map<string, { readonly uid: number; readonly gid: number }>();
  for (const [name, , uid, gid] of rows(passwd))
    if (isNumber(uid) && isNumber(gid) && !users.has(name))
      users.set(name, { uid: Number(uid), gid: Number(gid) });
  const groups = new Map<string, { readonly gid: number; readonly members: readonly string[] }>();
  for (const [name, , gid, members] of rows(group))
    if (isNumber(gid) && !groups.has(name))
      groups.set(name, { gid: Number(gid), members: members?.split(',') ?? [] });
  return {
    user: (name) => users.get(name)?.uid,
    group: (name) => groups.get(name)?.gid,
    users: [...users.keys()],
    groups: [...groups.keys()],
    who: (uid) => {
      const [name, user] = [...users].find(([, { uid: its }]) => its === uid) ?? [];
      if (name === undefined || user === undefined) return undefined;
      const lists = [...groups.values()].filter(({ members }) => members.includes(name));
      return { name, gid: user.gid, groups: lists.map(({ gid }) => gid) };
    },
  };
}

/** Those of this machine's files. A file that is not there names nobody. */
export function systemAccounts(): Accounts {
  return accountsIn(contents('/etc/passwd'), contents('/etc/group'));
}

function contents(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function* rows(text: string): Generator<readonly [string, ...(string | undefined)[]]> {
  for (const line of text.split('\n')) {
    const [name = '', ...rest] = line.split(':');
    if (name !== '' && !name.startsWith('#')) yield [name, ...rest];
  }
}

function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,10}$/.test(text);
}
