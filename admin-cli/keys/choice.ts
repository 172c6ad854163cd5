/** Which key is meant by a word on the command line: a label, an id in hex, or a unique id. */
import { areHalves } from '../../schema/lifecycle/halves.ts';
import type { Module } from '../cryptoki.ts';
import { Problem } from '../problem.ts';
import { plain } from '../terminal.ts';
import { classOf, type Key, readKeys } from './keys.ts';

/** The keys of that name that the session sees: one key, or the two halves of a pair. @throws Problem when there is none, or more than that */
export function keysNamed(module: Module, session: number, name: string): Key[] {
  const all = readKeys(module, session);
  const [exact] = all.filter(({ uniqueId }) => uniqueId === name);
  const found =
    exact === undefined
      ? all.filter(({ label, id }) => label === name || (id !== '' && id === name.toLowerCase()))
      : all.filter((key) => key === exact || areHalves(key, exact));
  if (found.length === 0) {
    throw new Problem(
      `there is no key “${plain(name)}”, as far as can be seen`,
      'strongroom key list shows what there is; private keys show to whoever gives the user’s PIN.',
    );
  }
  const [first, second] = found;
  const isOne = found.length === 1 || (found.length === 2 && first && second && areHalves(first, second));
  if (!isOne) {
    throw new Problem(
      `several keys are called “${plain(name)}”`,
      `Name one by its unique id: ${found.map(({ kind, uniqueId }) => `${uniqueId} (${kind})`).join(', ')}.`,
    );
  }
  return found;
}

/** CKA_UNIQUE_ID. */
const UNIQUE_ID = 4;

/** The key's handle, or undefined when somebody has destroyed it since. */
export function handleOf(module: Module, session: number, { kind, uniqueId }: Key): number | undefined {
  return module.find(session, classOf(kind)).find((object) => {
    const [value] = module.attributes(session, object, [UNIQUE_ID]);
    return Buffer.from(value ?? []).toString() === uniqueId;
  });
}
