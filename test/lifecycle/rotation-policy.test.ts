/** Rotation where a policy rules: who may, who may not, and that nobody loses what the rules give him because a key was rotated. */
import { afterEach, describe, expect, it } from 'vitest';
import { allLeave, Visitor } from '../attack/ruled.ts';
import { ANNE, BILL, CARL, Service, type User, whyNoService } from '../support/service.ts';

const ROOT: User = { uid: 0, gid: 0 };
const OK = '0x0';
const VALUE_INVALID = '0x13';
const PROHIBITED = '0x1b';
const CHANGED = '0x65';

const RULES = `
[[rule]]
who = ["uid:0"]
roles = ["user", "so", "operator"]

[[rule]]
who = ["uid:0"]
new_tokens = true

[[rule]]
who = ["uid:${ANNE.uid}"]
tokens = ["web"]
keys = ["label:anne-*"]
functions = ["sign"]

[[rule]]
who = ["uid:${BILL.uid}"]
tokens = ["web"]
keys = ["label:bill-*"]
roles = ["user"]

[[rule]]
who = ["uid:${CARL.uid}"]
tokens = ["web"]
keys = ["label:anne-*"]
functions = ["sign", "modify"]
`;

let service: Service | undefined;

afterEach(async () => {
  await allLeave();
  await service?.close();
  service = undefined;
});

async function served(): Promise<{ root: Visitor; user: (who: User) => Promise<Visitor> }> {
  service = new Service(RULES);
  const at = await service.start();
  const root = new Visitor(at, ROOT);
  expect(
    await root.wishes('start', 'token web', 'open web', 'login user', 'make anne-1', 'make bill-1'),
  ).toEqual(Array(6).fill(OK));
  const user = async (who: User) => {
    const visitor = new Visitor(at, who);
    expect(await visitor.wishes('start', 'open web', 'login user')).toEqual([OK, OK, OK]);
    return visitor;
  };
  return { root, user };
}

describe('rotation under a policy', { timeout: 300_000, skip: whyNoService() !== undefined }, () => {
  it('is for whom the rules let change the old key and make the new one', async () => {
    const { root, user } = await served();
    const anne = await user(ANNE);
    expect(await anne.wishes('key anne-1', 'rotate')).toEqual(['0x0 1', PROHIBITED]);
    const carl = await user(CARL);
    expect(await carl.wishes('key anne-1', 'rotate')).toEqual(['0x0 1', VALUE_INVALID]);
    const bill = await user(BILL);
    const tried = await bill.wishes('key anne-1', 'key bill-1', 'every', 'rotate', 'rotate');
    expect(tried).toEqual([OK, '0x0 1', OK, OK, CHANGED]);
    // The old key is his still, and no way to another's name.
    expect(await bill.wishes('sign', 'rename anne-1', 'copy anne-1', 'rename bill-2', 'sign')).toEqual([
      OK,
      VALUE_INVALID,
      VALUE_INVALID,
      OK,
      OK,
    ]);
    // Two keys of two halves each, and what has come by the one rotation.
    expect(await root.wish('find')).toBe('0x0 6');
  });

  it('leaves everybody what he had: the old key in its time of grace, and the new one by its label', async () => {
    const { root, user } = await served();
    const anne = await user(ANNE);
    expect(await anne.wishes('key anne-1', 'sign')).toEqual(['0x0 1', OK]);
    expect(await root.wishes('key anne-1', 'rotate')).toEqual(['0x0 1', OK]);
    expect(await anne.wish('sign')).toBe(OK);
    expect(await anne.wishes('key anne-1', 'sign')).toEqual(['0x0 1', OK]);
    expect(await anne.wish('find')).toBe('0x0 4');
    const bill = await user(BILL);
    expect(await bill.wish('find')).toBe('0x0 2');
  });
});
