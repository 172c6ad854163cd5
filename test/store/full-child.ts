/**
 * Run by crash.test.ts with a small file system on /mnt: fills it with objects, is refused, makes room, goes on, and says
 * what it saw as JSON.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { StoreError } from '../../module/engine/store/errors.ts';
import { Store } from '../../module/engine/store/store.ts';
import { enclave, loadPrivate, loadPublic } from './real-enclave.ts';

const folder = '/mnt/store';
const pin = new TextEncoder().encode('so-pin-1234');
const factor = {
  factor: 'pin',
  kdf: 'PBKDF2-HMAC-SHA256',
  parameters: '{"iterations":1000}',
  salt: Uint8Array.from(randomBytes(32)),
};
const kek = enclave.pinDerivePbkdf2Now(pin, 0, pin.length, factor.salt, 1000);
const choice = [factor];
const first = Store.open(folder, enclave);
const token = first.createToken({ label: 'full', serial: '1', flags: 0, created: 0 }, { choice, kek });
const master = first.unlock(token, 0, kek) ?? 0;

let stored = 0;
function fill(limit: number): string {
  try {
    for (let count = 0; count < limit; count++, stored++) {
      const id = Uint8Array.from(randomBytes(16));
      first.objects.put(
        token,
        { id, private: stored % 2 === 0, attributes: new Uint8Array(500), value: null },
        master,
      );
    }
  } catch (error) {
    if (error instanceof StoreError) return error.kind;
    throw error;
  }
  return 'not at all';
}

/** Whether exactly what was stored is there. */
function complete(store: Store): boolean {
  const [each] = store.tokens();
  if (each === undefined) return false;
  const opened = store.unlock(each, 0, kek) ?? 0;
  return loadPublic(store, each).length + loadPrivate(store, each, opened).objects.length === stored;
}

fs.writeFileSync('/mnt/ballast', Buffer.alloc(5_000_000));
const refused = fill(100_000);
const completeWhenFull = complete(first);
const refusedAgain = fill(100_000);
fs.rmSync('/mnt/ballast');
const afterwards = fill(200);
const completeAfterwards = complete(first);
first.close();
const second = Store.open(folder, enclave);
const problem = second.problem?.message ?? null;
const completeReopened = complete(second);
fs.writeSync(
  1,
  JSON.stringify({
    refused,
    completeWhenFull,
    refusedAgain,
    afterwards,
    completeAfterwards,
    problem,
    completeReopened,
  }),
);
