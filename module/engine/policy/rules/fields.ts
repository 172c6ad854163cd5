/** The values of a rule's fields: each is taken apart here, and what is wrong with it is said to whoever reads the rule. */
import { functionGroups, functionNames } from '../../generated/functions.ts';
import { mechanisms } from '../../generated/mechanisms.ts';
import { nearest } from '../words.ts';
import type { Accounts } from './accounts.ts';
import { type Hours, hoursOf } from './hours.ts';
import { isNameKind, nameKinds, namePattern } from './names.ts';
import { groupOf, type ObjectPattern, type TokenPattern, type Who } from './rule.ts';

/** Takes a problem down, in words that go on from "rule 3: ". */
export type Complain = (problem: string) => void;

const MOST_ID = 0xffff_fffe;

function hint(word: string, words: Iterable<string>): string {
  const meant = nearest(word, words);
  return meant === undefined ? '' : `; did you mean "${meant}"?`;
}

/** The two parts of "kind:rest"; one that has no colon is all kind. */
function parted(word: string): readonly [kind: string, rest: string | undefined] {
  const colon = word.indexOf(':');
  return colon < 0 ? [word, undefined] : [word.slice(0, colon), word.slice(colon + 1)];
}

export function whoOf(words: readonly string[], accounts: Accounts, complain: Complain): Who[] {
  return words.flatMap((word): Who[] => {
    const [kind, rest] = parted(word);
    if (word === 'any') return [{}];
    if (word === 'any-remote') return [{ remote: 'any' }];
    if (kind === 'uid' || kind === 'gid') {
      if (rest !== undefined && /^\d{1,10}$/.test(rest) && Number(rest) <= MOST_ID)
        return [{ [kind]: Number(rest) }];
      complain(`who: "${word}" has no number of the system’s`);
    } else if (kind === 'user' && rest !== undefined) {
      const uid = accounts.user(rest);
      if (uid !== undefined) return [{ uid }];
      complain(`who: /etc/passwd has no user "${rest}"${hint(rest, accounts.users)}`);
    } else if (kind === 'group' && rest !== undefined) {
      const gid = accounts.group(rest);
      if (gid !== undefined) return [{ gid }];
      complain(`who: /etc/group has no group "${rest}"${hint(rest, accounts.groups)}`);
    } else if (isNameKind(kind) && rest !== undefined) {
      const remote = namePattern(kind, rest);
      if (typeof remote !== 'string') return [{ remote }];
      complain(`who: "${word}" ${remote}`);
    } else {
      const meant = hint(kind.toLowerCase(), [
        'uid',
        'user',
        'gid',
        'group',
        'any',
        'any-remote',
        ...nameKinds,
      ]);
      complain(
        `who: "${word}" is nobody: write "user:…", "uid:…", "group:…", "gid:…" or "any"; of other machines "spiffe://…", "dns:…", ` +
          `"subject:…" or "any-remote"${meant}`,
      );
    }
    return [];
  });
}

export function tokensOf(words: readonly string[], complain: Complain): TokenPattern[] {
  return words.flatMap((word): TokenPattern[] => {
    const [kind, rest] = parted(word);
    if (kind === 'serial' && rest !== undefined && rest !== '') return [{ kind, pattern: rest }];
    if (kind === 'label' && rest !== undefined) return [{ kind, pattern: rest }];
    if (word !== '' && kind !== 'serial') return [{ kind: 'label', pattern: word }];
    complain('tokens: an empty text names no token');
    return [];
  });
}

export function keysOf(words: readonly string[], complain: Complain): ObjectPattern[] {
  return words.flatMap((word): ObjectPattern[] => {
    const [kind, rest] = parted(word);
    if (word === 'session') return [{ kind: 'session', pattern: '' }];
    if ((kind === 'label' || kind === 'tag') && rest !== undefined) return [{ kind, pattern: rest }];
    if (kind === 'id' && rest !== undefined) {
      if (/^[0-9a-fA-F*]*$/.test(rest)) return [{ kind, pattern: rest.toLowerCase() }];
      complain(`keys: "${word}" is not hexadecimal`);
      return [];
    }
    const meant = hint(kind, ['label', 'id', 'tag', 'session']);
    complain(`keys: "${word}" names no object: write "label:…", "id:…", "tag:…" or "session"${meant}`);
    return [];
  });
}

export function hoursIn(texts: readonly string[], complain: Complain): Hours[] {
  return texts.flatMap((text) => {
    const hours = hoursOf(text);
    if (typeof hours !== 'string') return [hours];
    complain(hours);
    return [];
  });
}

const byGroup = new Map(functionGroups.map((group) => [group.name, group]));

/** The numbers of functions, with groups taken apart. */
export function functionsOf(words: readonly string[], complain: Complain): Set<number> {
  const numbers = new Set<number>();
  for (const word of words) {
    const number = functionNames.indexOf(word) + 1;
    const group = byGroup.get(word) ?? groupOf[number];
    if (group === undefined) {
      const named = functionGroups.filter(({ comes }) => comes === 'named').map(({ name }) => name);
      complain(
        `functions: there is no group and no function "${word}"${hint(word, [...named, ...functionNames])}`,
      );
    } else if (group.comes === 'sight')
      complain(`functions: "${word}" comes with every right on a token, and is not given by itself`);
    else if (group.comes !== 'named')
      complain(`functions: "${word}" comes with the role "${group.comes}", and is not given by itself`);
    else for (const fn of number > 0 ? [number] : group.functions) numbers.add(fn);
  }
  return numbers;
}

export function mechanismsOf(words: readonly string[], complain: Complain): Set<number> {
  const types = new Set<number>();
  const byName = new Map([...mechanisms.values()].map(({ name, type }) => [name, type]));
  for (const word of words) {
    const type = byName.get(word);
    if (type === undefined)
      complain(`mechanisms: there is no mechanism "${word}" here${hint(word, byName.keys())}`);
    else types.add(type);
  }
  return types;
}
