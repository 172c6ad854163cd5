/** What an engine says of its start: what it was told, and what it found when it opened its store. */
import { Kind } from '../../audit/format.ts';
import type { AuditWriter } from '../../audit/writer.ts';
import type { ConfigSource, EngineConfig } from './policy/config.ts';
import type { StoreError } from './store/errors.ts';
import type { Store } from './store/store.ts';

interface Opened {
  readonly store: Pick<Store, 'problem' | 'finding' | 'keepLog' | 'syncedGeneration'>;
  readonly audit: Pick<AuditWriter, 'note'>;
  readonly config: EngineConfig;
  readonly configSource: ConfigSource | undefined;
  readonly ownSettings: string | null;
  readonly tokens: ReadonlyMap<number, { readonly record: { readonly problem: StoreError | null } }>;
  readonly auditFinding: string | undefined;
  readonly clockFinding: string | undefined;
}

/** A path can be longer than a record; its contents' digest tells it apart all the same. */
export function shortened({ path, sha256 }: ConfigSource): ConfigSource {
  return { path: path.slice(0, 1000), sha256 };
}

/** @param report says to both logs what was found */
export function noteStart(engine: Opened, version: string, report: (message: string) => void): void {
  const { store, tokens, auditFinding, clockFinding } = engine;
  engine.audit.note(Kind.EngineStart, {
    version,
    pid: process.pid,
    storeGeneration: store.syncedGeneration,
    tokens: tokens.size,
    // Who starts the engine chooses what it is told; here stands what it was.
    configuration: engine.configSource === undefined ? null : shortened(engine.configSource),
    settings: engine.config,
    ownSettings: engine.ownSettings !== null,
  });
  if (auditFinding !== undefined) report(auditFinding);
  if (clockFinding !== undefined) report(clockFinding);
  const { problem, finding } = store;
  if (problem !== null) report(problem.message);
  if (finding !== '') report(`files of the store were put back or taken away: ${finding}`);
  // Without a token nobody can accept it, and nothing is to be kept from anybody.
  if (finding !== '' && tokens.size === 0) store.keepLog();
  for (const { record } of tokens.values()) if (record.problem !== null) report(record.problem.message);
}
