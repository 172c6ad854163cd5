/** What the log is told of keys that go from state to state, in words that a person can read. */
import type { AttributeSet } from '../../objects/attribute-set.ts';
import { lifeStory } from '../../objects/lifecycle/change.ts';
import type { TokenObject } from '../../objects/object.ts';
import type { Session } from '../../sessions/application.ts';
import type { Call } from '../call.ts';

/**
 * Notes what is about to change in a key's life. Before it changes, since what cannot be recorded does not happen; should the change fail after
 * that, the record of the call says so.
 * @throws AuditError
 */
export function noteLife(
  call: Call,
  session: Session,
  key: TokenObject,
  attributes: AttributeSet,
  now: number,
): void {
  const story = key.hasKey ? lifeStory(key.attributes, attributes, now) : undefined;
  if (story === undefined) return;
  call.engine.audit.life(
    key.id,
    { by: session.login === 'so' ? 'security officer' : 'user', ...story },
    call.app.id,
    session.token.slotId,
  );
}
