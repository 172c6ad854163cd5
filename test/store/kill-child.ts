/**
 * Run by crash.test.ts: opens the store in the folder given, makes, changes and destroys objects without end, and says on
 * stdout what has returned, so that the parent knows what must be there after a SIGKILL.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { Store } from '../../module/engine/store/store.ts';
import { enclave, loadPrivate, loadPublic } from './real-enclave.ts';

const [, , folder = ''] = process.argv;
const store = Store.open(folder, enclave);
if (store.problem !== null) throw store.problem;
const [token] = store.tokens();
if (token === undefined) throw new Error('no token');
const keyslot = token.keyslots.get(0)?.factors[0];
if (keyslot === undefined) throw new Error('no PIN');
const pin = new TextEncoder().encode('so-pin-1234');
const kek = enclave.pinDerivePbkdf2Now(pin, 0, pin.length, keyslot.salt, 1000);
const master = store.unlock(token, 0, kek);
if (master === null) throw new Error('the PIN was refused');
loadPublic(store, token);
loadPrivate(store, token, master);

const say = (line: string) => fs.writeSync(1, `${line}\n`);
say('ready');
for (let count = 0; ; count++) {
  const isPrivate = count % 2 === 0;
  // Public objects are changed as a session without login would.
  const key = isPrivate ? master : null;
  const id = Uint8Array.from(randomBytes(16));
  const name = Buffer.from(id).toString('hex');
  store.objects.put(token, { id, private: isPrivate, attributes: id, value: null }, key);
  say(`made ${name}`);
  if (count % 3 === 0) store.objects.replace(token, { id, private: isPrivate, version: 1 }, id, 'keep', key);
  if (count % 5 === 0) {
    say(`destroying ${name}`);
    store.objects.delete(token, { id, private: isPrivate, version: count % 3 === 0 ? 2 : 1 }, key);
    say(`destroyed ${name}`);
  }
  if (count % 4 === 0) store.clearFailures(token, 0);
  else store.countAttempt(token, 0, 10);
}
