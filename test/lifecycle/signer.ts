/**
 * A program that signs by the label of a key, as those do that are given a URI: it looks for the key anew each time. Says in a line a signature how
 * many keys it found and what it signed, until its input ends: `signer.ts MODULE PIN LABEL`.
 */
import pkcs11js from 'pkcs11js';

const [, , module = '', pin = '', label = ''] = process.argv;
const lib = new pkcs11js.PKCS11();
lib.load(module);
lib.C_Initialize();
const [slot] = lib.C_GetSlotList(true);
if (slot === undefined) throw new Error('there is no token');
const session = lib.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION);
lib.C_Login(session, pkcs11js.CKU_USER, pin);

let done = false;
process.stdin.on('end', () => {
  done = true;
});
process.stdin.resume();

const wanted = [
  { type: pkcs11js.CKA_LABEL, value: label },
  { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_PRIVATE_KEY },
];

function once(round: number): string {
  const text = Buffer.from(`${process.pid} ${round}`);
  try {
    lib.C_FindObjectsInit(session, wanted);
    const keys = lib.C_FindObjects(session, 10);
    lib.C_FindObjectsFinal(session);
    const [key] = keys;
    if (key === undefined) return JSON.stringify({ found: 0 });
    lib.C_SignInit(session, { mechanism: pkcs11js.CKM_ECDSA_SHA256 }, key);
    const signature = lib.C_Sign(session, text, Buffer.alloc(64));
    return JSON.stringify({
      found: keys.length,
      text: text.toString('latin1'),
      signature: signature.toString('hex'),
    });
  } catch (error) {
    return JSON.stringify({ error: String(error) });
  }
}

for (let round = 0; !done; round++) {
  process.stdout.write(`${once(round)}\n`);
  // Lets the end of the input be heard.
  await new Promise((resolve) => setImmediate(resolve));
}
lib.C_Logout(session);
lib.C_Finalize();
lib.close();
