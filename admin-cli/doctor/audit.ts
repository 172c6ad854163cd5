/** The audit log's verdict, in short. */
import { verifyLogOf } from '../audit/log.ts';
import type { EngineStatus } from '../engine-status.ts';
import { storeFolder } from '../places.ts';
import { Problem } from '../problem.ts';
import { count } from '../terminal.ts';
import { type Finding, fine, type Section, section, untouched, wrong } from './finding.ts';
import { storeVisible } from './store.ts';
import { troublesAbout } from './troubles.ts';

/**
 * @param broken whether something was found that may hide the store from us
 * @param status what the engine says of itself, where it could be asked
 */
export function checkAudit(broken: boolean, status: EngineStatus | undefined): Section {
  return section('Audit', 'log', () => findings(broken, status));
}

function findings(broken: boolean, status: EngineStatus | undefined): Finding[] {
  if (!storeVisible()) return [broken ? untouched('log') : fine('log', 'none yet')];
  try {
    const { verdict, setAside } = verifyLogOf(storeFolder().path);
    const list = verdict.ok
      ? [fine('log', `${count(verdict.records, 'record')}, whole and unchanged`)]
      : [wrong('log', verdict.problem ?? 'it does not verify', 'strongroom audit verify tells more')];
    for (const name of setAside) {
      list.push(
        wrong(
          'set aside',
          `${name} did not verify when an engine started`,
          'find out why, then move it elsewhere',
        ),
      );
    }
    // What was put aside is seen above, in the folder itself, as long as it is there.
    if (setAside.length > 0) return list;
    return [...list, ...troublesAbout(status, 'audit log')];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [wrong('log', error.message, 'strongroom audit verify tells more')];
  }
}
