import pkcs11js from 'pkcs11js';

/** A loaded and initialised library together with the slot of the token that bears `label`. */
export interface Opened {
  readonly lib: pkcs11js.PKCS11;
  readonly slot: Buffer;
}

/** Loads the library; another thread of this process may have initialised it already, which is fine. */
export function load(module: string): pkcs11js.PKCS11 {
  const lib = new pkcs11js.PKCS11();
  lib.load(module);
  try {
    lib.C_Initialize();
  } catch (error) {
    if (codeOf(error) !== pkcs11js.CKR_CRYPTOKI_ALREADY_INITIALIZED) throw error;
  }
  return lib;
}

/** Slot of the token with `label`; throws when there is none. */
export function slotOf(lib: pkcs11js.PKCS11, label: string): Buffer {
  const slot = lib.C_GetSlotList(true).find((each) => lib.C_GetTokenInfo(each).label.trim() === label);
  if (slot === undefined) throw new Error(`no token is called ${label}`);
  return slot;
}

/** Opens a read-write session. */
export function open(lib: pkcs11js.PKCS11, slot: Buffer): Buffer {
  return lib.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION | pkcs11js.CKF_RW_SESSION);
}

/** Handles of the objects that have all of the template's attributes. */
export function find(lib: pkcs11js.PKCS11, session: Buffer, template: pkcs11js.Template): Buffer[] {
  lib.C_FindObjectsInit(session, template);
  try {
    return lib.C_FindObjects(session, 100);
  } finally {
    lib.C_FindObjectsFinal(session);
  }
}

/** The value of one attribute as the token gave it. */
export function attribute(lib: pkcs11js.PKCS11, session: Buffer, object: Buffer, type: number): Buffer {
  const value = lib.C_GetAttributeValue(session, object, [{ type }])[0]?.value;
  if (!Buffer.isBuffer(value)) throw new TypeError(`attribute ${type} did not come as bytes`);
  return value;
}

/** The CK_RV that a failed call threw, or undefined for any other error. */
export function codeOf(error: unknown): number | undefined {
  return error instanceof pkcs11js.Pkcs11Error ? error.code : undefined;
}

/** The CK_RV that `call` fails with; throws when it doesn't fail, or fails outside the token. */
export function failure(call: () => unknown): number {
  try {
    call();
  } catch (error) {
    const code = codeOf(error);
    if (code !== undefined) return code;
    throw error;
  }
  throw new Error('the call was expected to fail, and it did not');
}

/** DER of the object identifier of P-256, the value of CKA_EC_PARAMS. */
export const P256 = Buffer.from('06082a8648ce3d030107', 'hex');
