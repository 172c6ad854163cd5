/** The keys that somebody should look after: those that are due to be rotated, near their end, or near a limit. */
import {
  type DueKey,
  DueReason,
  type ListDueKeysRequest,
  type ListDueKeysResponse,
} from '../../module/wire/generated/strongroom/v1/keys.ts';
import { countsOf, type KeyAttributes, lifeOf, percentOf, scheduleOf } from '../../schema/lifecycle/told.ts';
import * as C from '../cryptoki-client/generated/constants.ts';
import { wrong } from '../errors/problem.ts';
import type { KeysApplication } from './application.ts';
import { describe } from './describe.ts';
import { lifeAttributesOf, lifeIn } from './life.ts';
import { paged } from './list.ts';

const WITHIN_USUAL = 30 * 86_400;
/** Where the engine's metrics and its log begin. */
const PERCENT_USUAL = 50;
/** Of public keys nothing is counted, and what they check is checked after their end as well. */
const CLASSES = [C.CKO_SECRET_KEY, C.CKO_PRIVATE_KEY];

/** What is due of a key by a time, in seconds since 1970. One that has a successor has been looked after. */
export function dueReasons(attributes: KeyAttributes, until: number, percent: number): DueReason[] {
  const { state, until: end, successor } = lifeOf(attributes);
  if (successor !== '') return [];
  const schedule = scheduleOf(attributes);
  const counts = countsOf(attributes);
  const limited = [counts?.operations, counts?.bytes, counts?.gcmEncryptions];
  const found: DueReason[] = [];
  if (schedule !== undefined && (schedule.due || schedule.next <= until))
    found.push(DueReason.DUE_REASON_ROTATION);
  const goesOn = state !== 'deactivated' && state !== 'compromised';
  if (goesOn && end !== undefined && end <= until) found.push(DueReason.DUE_REASON_END);
  const isNear = limited.some((count) => count?.limit !== undefined && percentOf(count) >= percent);
  if (goesOn && isNear) found.push(DueReason.DUE_REASON_LIMIT);
  return found;
}

export async function listDueKeys(
  app: KeysApplication,
  request: ListDueKeysRequest,
  signal: AbortSignal,
): Promise<ListDueKeysResponse> {
  const { withinSeconds: within = WITHIN_USUAL, limitPercent: percent = PERCENT_USUAL } = request;
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
    const reasons = dueReasons(attributes, until, percent);
    if (reasons.length === 0) return [];
    const key = await describe(app.finder, token, object);
    return [{ key, life: lifeIn(attributes, key), reasons } satisfies DueKey];
  });
  return { keys: told, nextPageToken };
}
