/** The keys that somebody should look after: those that are due to be rotated, near their end, or near a limit. */
import {
  type DueKey,
  DueReason,
  type ListDueKeysRequest,
  type ListDueKeysResponse,
} from '../../module/wire/generated/strongroom/v1/keys.ts';
import { type Due, dueOf, usualAhead, usualPercent } from '../../schema/lifecycle/told.ts';
import * as C from '../cryptoki-client/generated/constants.ts';
import { wrong } from '../errors/problem.ts';
import type { KeysApplication } from './application.ts';
import { describe } from './describe.ts';
import { lifeAttributesOf, lifeIn } from './life.ts';
import { paged } from './list.ts';

/** Of public keys nothing is counted, and what they check is checked after their end as well. */
const CLASSES = [C.CKO_SECRET_KEY, C.CKO_PRIVATE_KEY];

const reasonOf: Readonly<Record<Due, DueReason>> = {
  rotation: DueReason.DUE_REASON_ROTATION,
  end: DueReason.DUE_REASON_END,
  limit: DueReason.DUE_REASON_LIMIT,
};

export async function listDueKeys(
  app: KeysApplication,
  request: ListDueKeysRequest,
  signal: AbortSignal,
): Promise<ListDueKeysResponse> {
  const { withinSeconds: within = usualAhead, limitPercent: percent = usualPercent } = request;
  if (percent < 1 || percent > 100) throw wrong('limit_percent', 'it is 1 to 100');
  const until = Math.floor(Date.now() / 1000) + within;
  const question = {
    ...request,
    label: '',
    classes: CLASSES,
    usual: 1000,
    name: JSON.stringify(['due', request.token, within, percent]),
  };
  const { told, nextPageToken } = await paged(app, question, signal, async (token, object) => {
    const attributes = await lifeAttributesOf(app.finder, token, object);
    const due = dueOf(attributes, until, percent);
    if (due.length === 0) return [];
    const key = await describe(app.finder, token, object);
    return [
      { key, life: lifeIn(attributes, key), reasons: due.map((each) => reasonOf[each]) } satisfies DueKey,
    ];
  });
  return { keys: told, nextPageToken };
}
