/** Whether there is a store at all: what only looks must not make one where a path was mistyped. */
import fs from 'node:fs';
import path from 'node:path';
import { type Module, withModule } from './cryptoki.ts';
import { remoteAddress, serviceSocket, storeFiles, storeFolder } from './places.ts';
import { Problem } from './problem.ts';
import { plain } from './terminal.ts';

/** A store whose database was taken away is one still, and the engine says what is wrong with it. */
export function storeExists(): boolean {
  const { path: folder } = storeFolder();
  return [storeFiles.database, storeFiles.auditLog].some((name) => isThere(path.join(folder, name)));
}

/** What the system refuses to look at is thrown, since nobody knows whether it is there. */
function isThere(file: string): boolean {
  try {
    return fs.statSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return false;
    throw error;
  }
}

/** @throws Problem when there is no store */
export function requireStore(): void {
  // A service has its own, and another machine has, which is for them to look at.
  if (serviceSocket() !== undefined || remoteAddress() !== undefined || storeExists()) return;
  const { path: folder, because } = storeFolder();
  throw new Problem(
    `there is no store in ${plain(folder)} (${because})`,
    because.startsWith('$')
      ? `Is ${because} right? If so: strongroom token init makes the store and its first token.`
      : 'strongroom token init makes it, with its first token.',
  );
}

/** For commands about what this user's programs share, an engine or a gateway. @throws Problem where his programs use strongroomd, whose engine is another's */
export function requireOwnEngine(instead: string): void {
  const service = serviceSocket();
  if (service === undefined) {
    requireStore();
    return;
  }
  throw new Problem(
    `this user’s programs use strongroomd, at ${plain(service.path)} (${service.because})`,
    instead,
  );
}

/** As {@link withModule}, for commands that need what is there already: they make no store and start no engine for a wrong path. */
export function withStore<T>(use: (module: Module) => T): T {
  requireStore();
  return withModule(use);
}
