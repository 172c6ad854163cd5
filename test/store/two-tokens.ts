/** A store that something is about to be done to. */
import { newToken, openStore, type Put, putObject, temporaryFolder } from './support.ts';

interface Prepared {
  readonly folder: string;
  readonly publics: Put[];
  readonly privates: Put[];
}

/** A closed store with two tokens, the first with three public and three private objects, the second with one each. */
export function prepare(): Prepared {
  const folder = temporaryFolder();
  const opened = openStore(folder);
  const { token, master } = newToken(opened, 'first');
  const publics = [1, 2, 3].map(() => putObject(opened.store, token, false, master));
  const privates = [1, 2, 3].map(() => putObject(opened.store, token, true, master));
  const other = newToken(opened, 'second');
  putObject(opened.store, other.token, false, other.master);
  putObject(opened.store, other.token, true, other.master);
  opened.store.close();
  return { folder, publics, privates };
}
