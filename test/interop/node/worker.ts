// One thread of the scenario: opens a session of its own in the process's one login and signs `count` times.
import { parentPort, workerData } from 'node:worker_threads';
import pkcs11js from 'pkcs11js';
import { find, load, open, slotOf } from './session.ts';

const { module, label, hash, count } = workerData as {
  module: string;
  label: string;
  hash: Uint8Array;
  count: number;
};
const lib = load(module);
const session = open(lib, slotOf(lib, label));
const [key] = find(lib, session, [
  { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_PRIVATE_KEY },
  { type: pkcs11js.CKA_LABEL, value: 'ec' },
]);
if (key === undefined) throw new Error('the key is not to be found from a worker thread');
const signatures = Array.from({ length: count }, () => {
  lib.C_SignInit(session, { mechanism: pkcs11js.CKM_ECDSA }, key);
  return lib.C_Sign(session, Buffer.from(hash), Buffer.alloc(64));
});
lib.C_CloseSession(session);
parentPort?.postMessage(signatures);
