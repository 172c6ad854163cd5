/** The audit log's verdict, in short. */
import { verifyLogOf } from '../audit-log.ts';
import { storeFolder } from '../places.ts';
import { Problem } from '../problem.ts';
import { count } from '../terminal.ts';
import { type Finding, fine, type Section, section, untouched, wrong } from './finding.ts';
import { storeVisible } from './store.ts';

/** @param broken whether something was found that may hide the store from us */
export function checkAudit(broken: boolean): Section {
  return section('Audit', 'log', () => findings(broken));
}

function findings(broken: boolean): Finding[] {
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
    return list;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [wrong('log', error.message, 'strongroom audit verify tells more')];
  }
}
