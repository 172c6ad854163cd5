/** What the command line makes of a key's counts. */
import { expect, test } from 'vitest';
import { Attributes } from '../../admin-cli/attributes.ts';
import { countLines } from '../../admin-cli/counts.ts';
import { ulongValue } from '../../module/engine/objects/attribute-set.ts';
import { countsOf } from '../../schema/lifecycle/told.ts';

const attributes = (values: Readonly<Record<string, number | boolean>>) =>
  new Attributes(
    new Map(
      Object.entries(values).map(([name, value]) => [
        `CKA_STRONGROOM_${name}`,
        typeof value === 'number' ? ulongValue(value) : Uint8Array.of(value ? 1 : 0),
      ]),
    ),
  );

test('counts and limits are told, and none where there is none', () => {
  const hmac = countsOf(attributes({ USES: 3, USE_LIMIT: -1, BYTES: 500, BYTE_LIMIT: 1000 }));
  expect(hmac).toEqual({ operations: { used: 3 }, bytes: { used: 500, limit: 1000 } });
  const aes = countsOf(
    attributes({ USES: 0, BYTES: 0, GCM_INVOCATIONS: 7, GCM_LIMIT: 0, TOKEN_IV_ONLY: true, USE_LIMIT: 9 }),
  );
  expect(aes && countLines(aes)).toEqual([
    ['used', '0 of 9 operations (0 %), 0 bytes'],
    ['AES-GCM', '7 of 0 encryptions (100 %)'],
    ['vectors', 'of AES-GCM are the token’s only'],
  ]);
  const fresh = countsOf(attributes({ USES: 0, BYTES: 0, GCM_INVOCATIONS: 0, GCM_LIMIT: 5 }));
  expect(fresh && countLines(fresh)).toEqual([]);
  expect(countsOf(attributes({}))).toBeUndefined();
});
