/** An application that walks the ways of module/README.md: argument 1 is the library. */
import { createRequire } from 'node:module';

const pkcs11js = createRequire(import.meta.url)('pkcs11js');
const [library] = process.argv.slice(2);
const module = new pkcs11js.PKCS11();
module.load(library);
module.C_Initialize();
const [slot] = module.C_GetSlotList(true);
module.C_InitToken(slot, '12345678', 'walks');
const flags = pkcs11js.CKF_SERIAL_SESSION | pkcs11js.CKF_RW_SESSION;
const session = module.C_OpenSession(slot, flags);
module.C_Login(session, pkcs11js.CKU_SO, '12345678');
module.C_InitPIN(session, '1234');
module.C_Logout(session);
module.C_Login(session, pkcs11js.CKU_USER, '1234');
const { privateKey } = module.C_GenerateKeyPair(
  session,
  { mechanism: pkcs11js.CKM_EC_KEY_PAIR_GEN },
  [{ type: pkcs11js.CKA_EC_PARAMS, value: Buffer.from('06082a8648ce3d030107', 'hex') }],
  [{ type: pkcs11js.CKA_SIGN, value: true }],
);
for (let i = 0; i < 3; i++) {
  module.C_SignInit(session, { mechanism: pkcs11js.CKM_ECDSA }, privateKey);
  module.C_Sign(session, Buffer.alloc(32, i), Buffer.alloc(64));
}
module.C_CreateObject(session, [
  { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_DATA },
  { type: pkcs11js.CKA_TOKEN, value: true },
  { type: pkcs11js.CKA_LABEL, value: 'a note' },
  { type: pkcs11js.CKA_VALUE, value: Buffer.from('what it says') },
]);
module.C_Finalize();
module.close();
