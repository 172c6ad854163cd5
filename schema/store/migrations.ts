/**
 * The store's migrations in order. The database's `user_version` is the number of those that have been applied;
 * a database with a greater number was written by a newer release and is refused.
 *
 * They are TypeScript strings, not .sql files, so that the sources run as they are and a bundle carries them along.
 */
import { initial } from './001_initial.ts';
import { factors } from './002_factors.ts';

export const migrations: readonly string[] = [initial, factors];
