import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildPkcs11js } from '../support/pkcs11js.ts';
import { NODE } from '../support/profile.ts';
import { run } from '../support/programs.ts';
import { makeStore, type Store } from '../support/store.ts';
import { PIN, SO_PIN } from './setup.ts';

let store: Store | undefined;

/** Runs one of the Node programs on an empty store and returns the steps that held. */
async function steps(script: string): Promise<string[]> {
  if (store === undefined) throw new Error('the store is made by a hook');
  const args = [join(import.meta.dirname, 'node', script), store.module, String(store.profile.complete)];
  const env = { ...store.env, SO_PIN, USER_PIN: PIN };
  const { stdout } = await run(NODE, args, { env, cwd: store.folder });
  return stdout.trim().split('\n');
}

describe('a Node process', () => {
  beforeAll(buildPkcs11js, 120_000);
  beforeEach(() => {
    store = makeStore();
  });
  afterEach(async () => {
    await store?.close();
  });

  it('goes from an empty slot to AES-GCM with pkcs11js', async () => {
    expect(await steps('scenario.ts')).toEqual([
      'ok a token is made on the free slot',
      'ok the security officer sets the user PIN',
      'ok a wrong PIN is refused, the right one opens',
      'ok ECDSA signs what node:crypto verifies',
      'ok objects are found by their attributes',
      'ok a sensitive value stays inside',
      'ok RSA signs in several parts',
      'ok AES-GCM agrees with node:crypto both ways',
      'ok AES-CBC works in several parts',
      'ok a digest works in several parts',
      'ok HMAC agrees with node:crypto',
      'ok a key travels wrapped and arrives the same',
      'ok worker threads sign at the same time',
      'ok what was stored is there after a new start',
    ]);
  });

  it('does the same with graphene-pk11', async () => {
    expect(await steps('graphene.ts')).toEqual([
      'ok a token is made and opened',
      'ok ECDSA signs and verifies',
      'ok objects are found',
      'ok AES-GCM seals and opens',
      'ok AES-CBC works in several parts',
      'ok a key is wrapped and unwrapped',
    ]);
  });
});
