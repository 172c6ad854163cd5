/** What an engine knows to be wrong, for `strongroom doctor`: whoever asks gets all of it, in words. */
import type { Host } from '../host.ts';

export interface Trouble {
  readonly about:
    | 'store'
    | 'token'
    | 'audit log'
    | 'clock'
    | 'policy'
    | 'process'
    | 'applications'
    | 'engine.log'
    | 'metrics'
    | 'network door';
  /** Of the token. */
  readonly slot?: number;
  /** StoreErrorKind for stores and tokens; otherwise a word. */
  readonly kind: string;
  readonly text: string;
}

export function troubles(engine: Host): Trouble[] {
  const list: Trouble[] = [];
  const { problem, finding } = engine.store;
  if (problem !== null) list.push({ about: 'store', kind: problem.kind, text: problem.message });
  if (finding !== '') list.push({ about: 'store', kind: 'rollback', text: finding });
  for (const { slotId, record } of engine.tokens.values()) {
    if (record.problem === null) continue;
    const { kind, message } = record.problem;
    list.push({ about: 'token', slot: slotId, kind, text: message });
  }
  if (engine.auditFinding !== undefined)
    list.push({ about: 'audit log', kind: 'set aside', text: engine.auditFinding });
  const { trouble } = engine.audit;
  if (trouble !== null) list.push({ about: 'audit log', kind: 'not written', text: trouble });
  if (engine.clockFinding !== undefined)
    list.push({ about: 'clock', kind: 'wrong', text: engine.clockFinding });
  for (const text of engine.clock.findings()) list.push({ about: 'clock', kind: 'apart', text });
  if (engine.policyTrouble !== undefined)
    list.push({ about: 'policy', kind: 'stale', text: engine.policyTrouble });
  for (const text of engine.warnings) list.push({ about: 'process', kind: 'limit', text });
  const { refusals } = engine;
  if (refusals.count > 0)
    list.push({
      about: 'applications',
      kind: 'limit',
      text: `refused at a limit or for want of room: ${refusals.count}, the last one ${refusals.last}`,
    });
  if (engine.metricsFinding !== undefined)
    list.push({ about: 'metrics', kind: 'not served', text: engine.metricsFinding });
  for (const text of engine.network?.gaps ?? []) list.push({ about: 'network door', kind: 'limit', text });
  const door = engine.network?.state;
  if (door?.serves === false && door.ended !== '')
    list.push({
      about: 'network door',
      kind: 'closed',
      text: `the network door does not serve: ${door.ended}`,
    });
  if (engine.lostLines > 0)
    list.push({
      about: 'engine.log',
      kind: 'lost',
      text: `${engine.lostLines} lines cannot be written at this moment`,
    });
  return list;
}
