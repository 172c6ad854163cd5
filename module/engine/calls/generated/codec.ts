// Generated from schema/cryptoki by scripts/generate.ts. Do not edit.

import type { AttributeQuery, MechanismArgument, MessageMechanism, MessageParameter, MechanismParameter, Room, Span, TemplateEntry } from '../../values/arguments.ts';
import type { Call } from '../call.ts';
import { CryptokiError } from '../../values/errors.ts';
import type { Reader } from '../../values/reader.ts';
import * as C from '../../generated/constants.ts';
import { OperationKind } from '../../generated/operations.ts';

const EMPTY: Span = { buffer: new Uint8Array(0), offset: 0, length: 0 };
const FORM_NONE = 0;
const FORM_SHAPE = 1;
const FORM_BYTES = 2;
const FORM_MADE_VECTOR = 4;

function shapeOf(r: Reader, type: number): MechanismParameter | undefined {
  switch (type) {
    case C.CKM_AES_CBC:
    case C.CKM_AES_CBC_PAD:
      return { shape: 'bytes', bytes: r.pointer() ?? EMPTY };
    case C.CKM_AES_KEY_WRAP:
      return { shape: 'bytes', bytes: r.pointer() ?? EMPTY };
    case C.CKM_AES_KEY_WRAP_KWP:
      return { shape: 'bytes', bytes: r.pointer() ?? EMPTY };
    case C.CKM_SHA_1_HMAC_GENERAL:
    case C.CKM_SHA224_HMAC_GENERAL:
    case C.CKM_SHA256_HMAC_GENERAL:
    case C.CKM_SHA384_HMAC_GENERAL:
    case C.CKM_SHA512_HMAC_GENERAL:
    case C.CKM_SHA512_224_HMAC_GENERAL:
    case C.CKM_SHA512_256_HMAC_GENERAL:
    case C.CKM_SHA3_224_HMAC_GENERAL:
    case C.CKM_SHA3_256_HMAC_GENERAL:
    case C.CKM_SHA3_384_HMAC_GENERAL:
    case C.CKM_SHA3_512_HMAC_GENERAL:
      return { shape: 'ulong', value: r.ulong() };
    case C.CKM_RSA_PKCS_PSS:
    case C.CKM_SHA1_RSA_PKCS_PSS:
    case C.CKM_SHA224_RSA_PKCS_PSS:
    case C.CKM_SHA256_RSA_PKCS_PSS:
    case C.CKM_SHA384_RSA_PKCS_PSS:
    case C.CKM_SHA512_RSA_PKCS_PSS:
    case C.CKM_SHA3_224_RSA_PKCS_PSS:
    case C.CKM_SHA3_256_RSA_PKCS_PSS:
    case C.CKM_SHA3_384_RSA_PKCS_PSS:
    case C.CKM_SHA3_512_RSA_PKCS_PSS:
      return { shape: 'pss', hashAlg: r.ulong(), mgf: r.ulong(), sLen: r.ulong() };
    case C.CKM_RSA_PKCS_OAEP:
      return { shape: 'oaep', hashAlg: r.ulong(), mgf: r.ulong(), source: r.ulong(), sourceData: r.pointer() };
    case C.CKM_ECDH1_DERIVE:
    case C.CKM_ECDH1_COFACTOR_DERIVE:
      return { shape: 'ecdh1', kdf: r.ulong(), sharedData: r.pointer(), publicData: r.pointer() };
    case C.CKM_AES_CTR:
      return { shape: 'ctr', counterBits: r.ulong(), cb: r.pointer() ?? EMPTY };
    case C.CKM_AES_GCM:
      return { shape: 'gcm', iv: r.pointer(), ivBits: r.ulong(), aad: r.pointer(), tagBits: r.ulong() };
    case C.CKM_EDDSA:
      return { shape: 'eddsa', phFlag: r.ulong() !== 0, contextData: r.pointer() };
    default:
      return undefined;
  }
}

function mechanism(r: Reader, wraps = false): MechanismArgument | null {
  if (r.ulong() !== 1) return null;
  const type = r.ulong();
  switch (r.ulong()) {
    case FORM_NONE:
      return { type, parameter: undefined };
    case FORM_SHAPE:
    case FORM_BYTES: {
      const parameter = shapeOf(r, type);
      if (parameter !== undefined) return { type, parameter };
      break;
    }
    case FORM_MADE_VECTOR: {
      const message = r.message();
      const aad = r.pointer();
      if (wraps && message !== undefined) return { type, parameter: { shape: 'gcmWrap', message, aad } };
    }
  }
  throw new CryptokiError(C.CKR_MECHANISM_PARAM_INVALID, 'calls.codec', "the parameter does not have the mechanism's layout");
}

const missing = () => new CryptokiError(C.CKR_ARGUMENTS_BAD, 'calls.codec', 'the mechanism is missing');

function requiredMechanism(r: Reader, wraps = false): MechanismArgument {
  const found = mechanism(r, wraps);
  if (found === null) throw missing();
  return found;
}

function messageMechanism(r: Reader): MessageMechanism {
  if (r.ulong() !== 1) throw missing();
  return { type: r.ulong(), parameter: r.message() };
}

/** A handler for each function that travels; the engine has the ones that it supports. */
export interface Handlers {
  C_GetInfo(call: Call, a: {  }): number;
  C_GetSlotList(call: Call, a: { readonly tokenPresent: number; readonly slots: Room }): number;
  C_GetSlotInfo(call: Call, a: { readonly slot: number }): number;
  C_GetTokenInfo(call: Call, a: { readonly slot: number }): number;
  C_GetMechanismList(call: Call, a: { readonly slot: number; readonly mechanisms: Room }): number;
  C_GetMechanismInfo(call: Call, a: { readonly slot: number; readonly type: number }): number;
  C_InitToken(call: Call, a: { readonly slot: number; readonly pin: Span | null; readonly label: Span }): number;
  C_InitPIN(call: Call, a: { readonly pin: Span | null }): number;
  C_SetPIN(call: Call, a: { readonly oldPin: Span | null; readonly newPin: Span | null }): number;
  C_OpenSession(call: Call, a: { readonly slot: number; readonly flags: number }): number;
  C_CloseSession(call: Call, a: {  }): number;
  C_CloseAllSessions(call: Call, a: { readonly slot: number }): number;
  C_GetSessionInfo(call: Call, a: {  }): number;
  C_GetOperationState(call: Call, a: { readonly state: Room }): number;
  C_SetOperationState(call: Call, a: { readonly state: Span; readonly encryptionKey: number; readonly authenticationKey: number }): number;
  C_Login(call: Call, a: { readonly userType: number; readonly pin: Span | null }): number;
  C_Logout(call: Call, a: {  }): number;
  C_CreateObject(call: Call, a: { readonly template: TemplateEntry[] }): number;
  C_CopyObject(call: Call, a: { readonly object: number; readonly template: TemplateEntry[] }): number;
  C_DestroyObject(call: Call, a: { readonly object: number }): number;
  C_GetObjectSize(call: Call, a: { readonly object: number }): number;
  C_GetAttributeValue(call: Call, a: { readonly object: number; readonly template: AttributeQuery[] }): number;
  C_SetAttributeValue(call: Call, a: { readonly object: number; readonly template: TemplateEntry[] }): number;
  C_FindObjectsInit(call: Call, a: { readonly template: TemplateEntry[] }): number;
  C_FindObjects(call: Call, a: { readonly maxCount: number }): number;
  C_FindObjectsFinal(call: Call, a: {  }): number;
  C_EncryptInit(call: Call, a: { readonly mechanism: MechanismArgument | null; readonly key: number }): number;
  C_Encrypt(call: Call, a: { readonly data: Span; readonly encrypted: Room }): number;
  C_EncryptUpdate(call: Call, a: { readonly part: Span; readonly encrypted: Room }): number;
  C_EncryptFinal(call: Call, a: { readonly encrypted: Room }): number;
  C_DecryptInit(call: Call, a: { readonly mechanism: MechanismArgument | null; readonly key: number }): number;
  C_Decrypt(call: Call, a: { readonly encrypted: Span; readonly data: Room }): number;
  C_DecryptUpdate(call: Call, a: { readonly encrypted: Span; readonly part: Room }): number;
  C_DecryptFinal(call: Call, a: { readonly part: Room }): number;
  C_DigestInit(call: Call, a: { readonly mechanism: MechanismArgument | null }): number;
  C_Digest(call: Call, a: { readonly data: Span; readonly digest: Room }): number;
  C_DigestUpdate(call: Call, a: { readonly part: Span }): number;
  C_DigestKey(call: Call, a: { readonly key: number }): number;
  C_DigestFinal(call: Call, a: { readonly digest: Room }): number;
  C_SignInit(call: Call, a: { readonly mechanism: MechanismArgument | null; readonly key: number }): number;
  C_Sign(call: Call, a: { readonly data: Span; readonly signature: Room }): number;
  C_SignUpdate(call: Call, a: { readonly part: Span }): number;
  C_SignFinal(call: Call, a: { readonly signature: Room }): number;
  C_SignRecoverInit(call: Call, a: { readonly mechanism: MechanismArgument | null; readonly key: number }): number;
  C_SignRecover(call: Call, a: { readonly data: Span; readonly signature: Room }): number;
  C_VerifyInit(call: Call, a: { readonly mechanism: MechanismArgument | null; readonly key: number }): number;
  C_Verify(call: Call, a: { readonly data: Span; readonly signature: Span }): number;
  C_VerifyUpdate(call: Call, a: { readonly part: Span }): number;
  C_VerifyFinal(call: Call, a: { readonly signature: Span }): number;
  C_VerifyRecoverInit(call: Call, a: { readonly mechanism: MechanismArgument | null; readonly key: number }): number;
  C_VerifyRecover(call: Call, a: { readonly signature: Span; readonly data: Room }): number;
  C_DigestEncryptUpdate(call: Call, a: { readonly part: Span; readonly encrypted: Room }): number;
  C_DecryptDigestUpdate(call: Call, a: { readonly encrypted: Span; readonly part: Room }): number;
  C_SignEncryptUpdate(call: Call, a: { readonly part: Span; readonly encrypted: Room }): number;
  C_DecryptVerifyUpdate(call: Call, a: { readonly encrypted: Span; readonly part: Room }): number;
  C_GenerateKey(call: Call, a: { readonly mechanism: MechanismArgument; readonly template: TemplateEntry[] }): number;
  C_GenerateKeyPair(call: Call, a: { readonly mechanism: MechanismArgument; readonly publicTemplate: TemplateEntry[]; readonly privateTemplate: TemplateEntry[] }): number;
  C_WrapKey(call: Call, a: { readonly mechanism: MechanismArgument; readonly wrappingKey: number; readonly key: number; readonly wrapped: Room }): number;
  C_UnwrapKey(call: Call, a: { readonly mechanism: MechanismArgument; readonly unwrappingKey: number; readonly wrapped: Span; readonly template: TemplateEntry[] }): number;
  C_DeriveKey(call: Call, a: { readonly mechanism: MechanismArgument; readonly baseKey: number; readonly template: TemplateEntry[] }): number;
  C_SeedRandom(call: Call, a: { readonly seed: Span }): number;
  C_GenerateRandom(call: Call, a: { readonly length: number }): number;
  C_LoginUser(call: Call, a: { readonly userType: number; readonly pin: Span | null; readonly username: Span }): number;
  C_SessionCancel(call: Call, a: { readonly flags: number }): number;
  C_MessageEncryptInit(call: Call, a: { readonly mechanism: MechanismArgument | null; readonly key: number }): number;
  C_EncryptMessage(call: Call, a: { readonly parameter: MessageParameter | undefined; readonly associated: Span; readonly data: Span; readonly encrypted: Room }): number;
  C_EncryptMessageBegin(call: Call, a: { readonly parameter: MessageParameter | undefined; readonly associated: Span }): number;
  C_EncryptMessageNext(call: Call, a: { readonly parameter: MessageParameter | undefined; readonly part: Span; readonly encrypted: Room; readonly flags: number }): number;
  C_MessageEncryptFinal(call: Call, a: {  }): number;
  C_MessageDecryptInit(call: Call, a: { readonly mechanism: MechanismArgument | null; readonly key: number }): number;
  C_DecryptMessage(call: Call, a: { readonly parameter: MessageParameter | undefined; readonly associated: Span; readonly encrypted: Span; readonly data: Room }): number;
  C_DecryptMessageBegin(call: Call, a: { readonly parameter: MessageParameter | undefined; readonly associated: Span }): number;
  C_DecryptMessageNext(call: Call, a: { readonly parameter: MessageParameter | undefined; readonly encrypted: Span; readonly part: Room; readonly flags: number }): number;
  C_MessageDecryptFinal(call: Call, a: {  }): number;
  C_MessageSignInit(call: Call, a: { readonly mechanism: MechanismArgument | null; readonly key: number }): number;
  C_SignMessage(call: Call, a: {  }): number;
  C_SignMessageBegin(call: Call, a: {  }): number;
  C_SignMessageNext(call: Call, a: {  }): number;
  C_MessageSignFinal(call: Call, a: {  }): number;
  C_MessageVerifyInit(call: Call, a: { readonly mechanism: MechanismArgument | null; readonly key: number }): number;
  C_VerifyMessage(call: Call, a: {  }): number;
  C_VerifyMessageBegin(call: Call, a: {  }): number;
  C_VerifyMessageNext(call: Call, a: {  }): number;
  C_MessageVerifyFinal(call: Call, a: {  }): number;
  C_EncapsulateKey(call: Call, a: { readonly mechanism: MechanismArgument; readonly publicKey: number; readonly template: TemplateEntry[]; readonly ciphertext: Room }): number;
  C_DecapsulateKey(call: Call, a: { readonly mechanism: MechanismArgument; readonly privateKey: number; readonly template: TemplateEntry[]; readonly ciphertext: Span }): number;
  C_VerifySignatureInit(call: Call, a: { readonly mechanism: MechanismArgument | null; readonly key: number; readonly signature: Span }): number;
  C_VerifySignature(call: Call, a: { readonly data: Span }): number;
  C_VerifySignatureUpdate(call: Call, a: { readonly part: Span }): number;
  C_VerifySignatureFinal(call: Call, a: {  }): number;
  C_GetSessionValidationFlags(call: Call, a: { readonly type: number }): number;
  C_AsyncComplete(call: Call, a: {  }): number;
  C_AsyncGetID(call: Call, a: {  }): number;
  C_AsyncJoin(call: Call, a: {  }): number;
  C_WrapKeyAuthenticated(call: Call, a: { readonly mechanism: MessageMechanism; readonly wrappingKey: number; readonly key: number; readonly associated: Span; readonly wrapped: Room }): number;
  C_UnwrapKeyAuthenticated(call: Call, a: { readonly mechanism: MessageMechanism; readonly unwrappingKey: number; readonly wrapped: Span; readonly template: TemplateEntry[]; readonly associated: Span }): number;
  SR_RenameToken(call: Call, a: { readonly label: Span }): number;
  SR_GetPinAttempts(call: Call, a: { readonly slot: number; readonly userType: number }): number;
  SR_GetEngineStatus(call: Call, a: { readonly status: Room }): number;
  SR_StopEngine(call: Call, a: { readonly force: number }): number;
  SR_GetSettings(call: Call, a: { readonly settings: Room }): number;
  SR_SetSettings(call: Call, a: { readonly settings: Span }): number;
  SR_AcceptStore(call: Call, a: { readonly slot: number; readonly pin: Span | null }): number;
  SR_UnlockToken(call: Call, a: { readonly slot: number; readonly pin: Span }): number;
  SR_LockToken(call: Call, a: { readonly slot: number }): number;
  SR_ReadAuditLog(call: Call, a: { readonly file: number; readonly offset: number; readonly data: Room }): number;
  SR_GetMetrics(call: Call, a: { readonly metrics: Room }): number;
  SR_SetKeyState(call: Call, a: { readonly uniqueId: Span; readonly state: number; readonly reason: Span; readonly since: number }): number;
  SR_AddRecovery(call: Call, a: { readonly count: number; readonly lists: number; readonly words: Room }): number;
  SR_ConfirmRecovery(call: Call, a: {  }): number;
  SR_RemoveRecovery(call: Call, a: {  }): number;
  SR_Recover(call: Call, a: { readonly slot: number; readonly words: Span | null; readonly userType: number; readonly newPin: Span | null }): number;
  SR_GetTokenAccess(call: Call, a: { readonly slot: number; readonly access: Room }): number;
  SR_GetPinStatus(call: Call, a: { readonly slot: number; readonly userType: number; readonly status: Room }): number;
  SR_RotateKey(call: Call, a: { readonly key: number; readonly grace: number; readonly reason: Span }): number;
}

/** One function's row: which session and login it needs, how it is audited, how its arguments are read. */
export interface CallRow {
  readonly number: number;
  readonly name: string;
  readonly place: 'shim' | 'engine' | 'opaque';
  readonly session: 'none' | 'any' | 'rw';
  readonly hasSession: boolean;
  readonly hasSlot: boolean;
  readonly login: 'any' | 'user' | 'so';
  readonly audit: 'no' | 'operation' | 'admin';
  /** Whether the request carries a secret: it is wiped before the answer goes out. */
  readonly secret: boolean;
  /** Number of the function that may travel in front of this one, or 0. */
  readonly opening: number;
  /** Whether it is such a function itself. */
  readonly opens: boolean;
  /** The operations that a failure of the call ends. */
  readonly errorEnds: readonly OperationKind[];
  /** The operations that go on by the call. */
  readonly goesOn: readonly OperationKind[];
  /** Reads the arguments behind the session handle. */
  readonly decode: (r: Reader) => object;
}

/** The call table: a row for each function, at its number - 1. */
export const callTable: readonly CallRow[] = [
  { number: 1, name: 'C_Initialize', place: 'shim', session: 'none', hasSession: false, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 2, name: 'C_Finalize', place: 'shim', session: 'none', hasSession: false, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 3, name: 'C_GetInfo', place: 'engine', session: 'none', hasSession: false, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 4, name: 'C_GetFunctionList', place: 'shim', session: 'none', hasSession: false, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 5, name: 'C_GetSlotList', place: 'engine', session: 'none', hasSession: false, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ tokenPresent: r.ulong(), slots: r.room() }) },
  { number: 6, name: 'C_GetSlotInfo', place: 'engine', session: 'none', hasSession: false, hasSlot: true, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ slot: r.ulong() }) },
  { number: 7, name: 'C_GetTokenInfo', place: 'engine', session: 'none', hasSession: false, hasSlot: true, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ slot: r.ulong() }) },
  { number: 8, name: 'C_GetMechanismList', place: 'engine', session: 'none', hasSession: false, hasSlot: true, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ slot: r.ulong(), mechanisms: r.room() }) },
  { number: 9, name: 'C_GetMechanismInfo', place: 'engine', session: 'none', hasSession: false, hasSlot: true, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ slot: r.ulong(), type: r.ulong() }) },
  { number: 10, name: 'C_InitToken', place: 'engine', session: 'none', hasSession: false, hasSlot: true, login: 'any', audit: 'admin', secret: true, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ slot: r.ulong(), pin: r.nullableBytes(), label: r.text32() }) },
  { number: 11, name: 'C_InitPIN', place: 'engine', session: 'rw', hasSession: true, hasSlot: false, login: 'so', audit: 'admin', secret: true, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ pin: r.nullableBytes() }) },
  { number: 12, name: 'C_SetPIN', place: 'engine', session: 'rw', hasSession: true, hasSlot: false, login: 'any', audit: 'admin', secret: true, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ oldPin: r.nullableBytes(), newPin: r.nullableBytes() }) },
  { number: 13, name: 'C_OpenSession', place: 'engine', session: 'none', hasSession: false, hasSlot: true, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ slot: r.ulong(), flags: r.ulong() }) },
  { number: 14, name: 'C_CloseSession', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 15, name: 'C_CloseAllSessions', place: 'engine', session: 'none', hasSession: false, hasSlot: true, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ slot: r.ulong() }) },
  { number: 16, name: 'C_GetSessionInfo', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 17, name: 'C_GetOperationState', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ state: r.room() }) },
  { number: 18, name: 'C_SetOperationState', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: true, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ state: r.bytes(), encryptionKey: r.ulong(), authenticationKey: r.ulong() }) },
  { number: 19, name: 'C_Login', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'admin', secret: true, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ userType: r.ulong(), pin: r.nullableBytes() }) },
  { number: 20, name: 'C_Logout', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'admin', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 21, name: 'C_CreateObject', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'admin', secret: true, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ template: r.template() }) },
  { number: 22, name: 'C_CopyObject', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'admin', secret: true, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ object: r.ulong(), template: r.template() }) },
  { number: 23, name: 'C_DestroyObject', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'admin', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ object: r.ulong() }) },
  { number: 24, name: 'C_GetObjectSize', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ object: r.ulong() }) },
  { number: 25, name: 'C_GetAttributeValue', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ object: r.ulong(), template: r.query() }) },
  { number: 26, name: 'C_SetAttributeValue', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'admin', secret: true, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ object: r.ulong(), template: r.template() }) },
  { number: 27, name: 'C_FindObjectsInit', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: true, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ template: r.template() }) },
  { number: 28, name: 'C_FindObjects', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ maxCount: r.ulong() }) },
  { number: 29, name: 'C_FindObjectsFinal', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 30, name: 'C_EncryptInit', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: true, errorEnds: [], goesOn: [], decode: (r) => ({ mechanism: mechanism(r), key: r.ulong() }) },
  { number: 31, name: 'C_Encrypt', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'operation', secret: true, opening: 30, opens: false, errorEnds: [OperationKind.Encrypt], goesOn: [OperationKind.Encrypt], decode: (r) => ({ data: r.bulk(), encrypted: r.room() }) },
  { number: 32, name: 'C_EncryptUpdate', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: true, opening: 0, opens: false, errorEnds: [OperationKind.Encrypt], goesOn: [OperationKind.Encrypt], decode: (r) => ({ part: r.bulk(), encrypted: r.room() }) },
  { number: 33, name: 'C_EncryptFinal', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'operation', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.Encrypt], goesOn: [OperationKind.Encrypt], decode: (r) => ({ encrypted: r.room() }) },
  { number: 34, name: 'C_DecryptInit', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: true, errorEnds: [], goesOn: [], decode: (r) => ({ mechanism: mechanism(r), key: r.ulong() }) },
  { number: 35, name: 'C_Decrypt', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'operation', secret: false, opening: 34, opens: false, errorEnds: [OperationKind.Decrypt], goesOn: [OperationKind.Decrypt], decode: (r) => ({ encrypted: r.bulk(), data: r.room() }) },
  { number: 36, name: 'C_DecryptUpdate', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.Decrypt], goesOn: [OperationKind.Decrypt], decode: (r) => ({ encrypted: r.bulk(), part: r.room() }) },
  { number: 37, name: 'C_DecryptFinal', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'operation', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.Decrypt], goesOn: [OperationKind.Decrypt], decode: (r) => ({ part: r.room() }) },
  { number: 38, name: 'C_DigestInit', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: true, errorEnds: [], goesOn: [], decode: (r) => ({ mechanism: mechanism(r) }) },
  { number: 39, name: 'C_Digest', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 38, opens: false, errorEnds: [OperationKind.Digest], goesOn: [OperationKind.Digest], decode: (r) => ({ data: r.bulk(), digest: r.room() }) },
  { number: 40, name: 'C_DigestUpdate', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.Digest], goesOn: [OperationKind.Digest], decode: (r) => ({ part: r.bulk() }) },
  { number: 41, name: 'C_DigestKey', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'operation', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.Digest], goesOn: [OperationKind.Digest], decode: (r) => ({ key: r.ulong() }) },
  { number: 42, name: 'C_DigestFinal', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.Digest], goesOn: [OperationKind.Digest], decode: (r) => ({ digest: r.room() }) },
  { number: 43, name: 'C_SignInit', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: true, errorEnds: [], goesOn: [], decode: (r) => ({ mechanism: mechanism(r), key: r.ulong() }) },
  { number: 44, name: 'C_Sign', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'operation', secret: false, opening: 43, opens: false, errorEnds: [OperationKind.Sign], goesOn: [OperationKind.Sign], decode: (r) => ({ data: r.bulk(), signature: r.room() }) },
  { number: 45, name: 'C_SignUpdate', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.Sign], goesOn: [OperationKind.Sign], decode: (r) => ({ part: r.bulk() }) },
  { number: 46, name: 'C_SignFinal', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'operation', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.Sign], goesOn: [OperationKind.Sign], decode: (r) => ({ signature: r.room() }) },
  { number: 47, name: 'C_SignRecoverInit', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ mechanism: mechanism(r), key: r.ulong() }) },
  { number: 48, name: 'C_SignRecover', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'operation', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.SignRecover], goesOn: [OperationKind.SignRecover], decode: (r) => ({ data: r.bulk(), signature: r.room() }) },
  { number: 49, name: 'C_VerifyInit', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: true, errorEnds: [], goesOn: [], decode: (r) => ({ mechanism: mechanism(r), key: r.ulong() }) },
  { number: 50, name: 'C_Verify', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'operation', secret: false, opening: 49, opens: false, errorEnds: [OperationKind.Verify], goesOn: [OperationKind.Verify], decode: (r) => ({ data: r.bulk(), signature: r.bytes() }) },
  { number: 51, name: 'C_VerifyUpdate', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.Verify], goesOn: [OperationKind.Verify], decode: (r) => ({ part: r.bulk() }) },
  { number: 52, name: 'C_VerifyFinal', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'operation', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.Verify], goesOn: [OperationKind.Verify], decode: (r) => ({ signature: r.bytes() }) },
  { number: 53, name: 'C_VerifyRecoverInit', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ mechanism: mechanism(r), key: r.ulong() }) },
  { number: 54, name: 'C_VerifyRecover', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'operation', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.VerifyRecover], goesOn: [OperationKind.VerifyRecover], decode: (r) => ({ signature: r.bytes(), data: r.room() }) },
  { number: 55, name: 'C_DigestEncryptUpdate', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: true, opening: 0, opens: false, errorEnds: [OperationKind.Digest,OperationKind.Encrypt], goesOn: [OperationKind.Digest,OperationKind.Encrypt], decode: (r) => ({ part: r.bulk(), encrypted: r.room() }) },
  { number: 56, name: 'C_DecryptDigestUpdate', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.Decrypt,OperationKind.Digest], goesOn: [OperationKind.Decrypt,OperationKind.Digest], decode: (r) => ({ encrypted: r.bulk(), part: r.room() }) },
  { number: 57, name: 'C_SignEncryptUpdate', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: true, opening: 0, opens: false, errorEnds: [OperationKind.Sign,OperationKind.Encrypt], goesOn: [OperationKind.Sign,OperationKind.Encrypt], decode: (r) => ({ part: r.bulk(), encrypted: r.room() }) },
  { number: 58, name: 'C_DecryptVerifyUpdate', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.Decrypt,OperationKind.Verify], goesOn: [OperationKind.Decrypt,OperationKind.Verify], decode: (r) => ({ encrypted: r.bulk(), part: r.room() }) },
  { number: 59, name: 'C_GenerateKey', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'admin', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ mechanism: requiredMechanism(r), template: r.template() }) },
  { number: 60, name: 'C_GenerateKeyPair', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'admin', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ mechanism: requiredMechanism(r), publicTemplate: r.template(), privateTemplate: r.template() }) },
  { number: 61, name: 'C_WrapKey', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'admin', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ mechanism: requiredMechanism(r, true), wrappingKey: r.ulong(), key: r.ulong(), wrapped: r.room() }) },
  { number: 62, name: 'C_UnwrapKey', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'admin', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ mechanism: requiredMechanism(r), unwrappingKey: r.ulong(), wrapped: r.bytes(), template: r.template() }) },
  { number: 63, name: 'C_DeriveKey', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'admin', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ mechanism: requiredMechanism(r), baseKey: r.ulong(), template: r.template() }) },
  { number: 64, name: 'C_SeedRandom', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: true, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ seed: r.bytes() }) },
  { number: 65, name: 'C_GenerateRandom', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ length: r.ulong() }) },
  { number: 66, name: 'C_GetFunctionStatus', place: 'shim', session: 'none', hasSession: false, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 67, name: 'C_CancelFunction', place: 'shim', session: 'none', hasSession: false, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 68, name: 'C_WaitForSlotEvent', place: 'shim', session: 'none', hasSession: false, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 69, name: 'C_GetInterfaceList', place: 'shim', session: 'none', hasSession: false, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 70, name: 'C_GetInterface', place: 'shim', session: 'none', hasSession: false, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 71, name: 'C_LoginUser', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'admin', secret: true, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ userType: r.ulong(), pin: r.nullableBytes(), username: r.bytes() }) },
  { number: 72, name: 'C_SessionCancel', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ flags: r.ulong() }) },
  { number: 73, name: 'C_MessageEncryptInit', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ mechanism: mechanism(r), key: r.ulong() }) },
  { number: 74, name: 'C_EncryptMessage', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'operation', secret: true, opening: 0, opens: false, errorEnds: [], goesOn: [OperationKind.MessageEncrypt], decode: (r) => ({ parameter: r.message(), associated: r.bytes(), data: r.bulk(), encrypted: r.room() }) },
  { number: 75, name: 'C_EncryptMessageBegin', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [OperationKind.MessageEncrypt], decode: (r) => ({ parameter: r.message(), associated: r.bytes() }) },
  { number: 76, name: 'C_EncryptMessageNext', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'operation', secret: true, opening: 0, opens: false, errorEnds: [OperationKind.EncryptedMessage], goesOn: [OperationKind.EncryptedMessage], decode: (r) => ({ parameter: r.message(), part: r.bulk(), encrypted: r.room(), flags: r.ulong() }) },
  { number: 77, name: 'C_MessageEncryptFinal', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 78, name: 'C_MessageDecryptInit', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ mechanism: mechanism(r), key: r.ulong() }) },
  { number: 79, name: 'C_DecryptMessage', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'operation', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [OperationKind.MessageDecrypt], decode: (r) => ({ parameter: r.message(), associated: r.bytes(), encrypted: r.bulk(), data: r.room() }) },
  { number: 80, name: 'C_DecryptMessageBegin', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [OperationKind.MessageDecrypt], decode: (r) => ({ parameter: r.message(), associated: r.bytes() }) },
  { number: 81, name: 'C_DecryptMessageNext', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'operation', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.DecryptedMessage], goesOn: [OperationKind.DecryptedMessage], decode: (r) => ({ parameter: r.message(), encrypted: r.bulk(), part: r.room(), flags: r.ulong() }) },
  { number: 82, name: 'C_MessageDecryptFinal', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 83, name: 'C_MessageSignInit', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ mechanism: mechanism(r), key: r.ulong() }) },
  { number: 84, name: 'C_SignMessage', place: 'opaque', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.MessageSign], goesOn: [OperationKind.MessageSign], decode: () => ({}) },
  { number: 85, name: 'C_SignMessageBegin', place: 'opaque', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.MessageSign], goesOn: [OperationKind.MessageSign], decode: () => ({}) },
  { number: 86, name: 'C_SignMessageNext', place: 'opaque', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.MessageSign], goesOn: [OperationKind.MessageSign], decode: () => ({}) },
  { number: 87, name: 'C_MessageSignFinal', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 88, name: 'C_MessageVerifyInit', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ mechanism: mechanism(r), key: r.ulong() }) },
  { number: 89, name: 'C_VerifyMessage', place: 'opaque', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.MessageVerify], goesOn: [OperationKind.MessageVerify], decode: () => ({}) },
  { number: 90, name: 'C_VerifyMessageBegin', place: 'opaque', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.MessageVerify], goesOn: [OperationKind.MessageVerify], decode: () => ({}) },
  { number: 91, name: 'C_VerifyMessageNext', place: 'opaque', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.MessageVerify], goesOn: [OperationKind.MessageVerify], decode: () => ({}) },
  { number: 92, name: 'C_MessageVerifyFinal', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 93, name: 'C_EncapsulateKey', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'admin', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ mechanism: requiredMechanism(r), publicKey: r.ulong(), template: r.template(), ciphertext: r.room() }) },
  { number: 94, name: 'C_DecapsulateKey', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'admin', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ mechanism: requiredMechanism(r), privateKey: r.ulong(), template: r.template(), ciphertext: r.bytes() }) },
  { number: 95, name: 'C_VerifySignatureInit', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ mechanism: mechanism(r), key: r.ulong(), signature: r.bytes() }) },
  { number: 96, name: 'C_VerifySignature', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'operation', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.VerifySignature], goesOn: [OperationKind.VerifySignature], decode: (r) => ({ data: r.bulk() }) },
  { number: 97, name: 'C_VerifySignatureUpdate', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.VerifySignature], goesOn: [OperationKind.VerifySignature], decode: (r) => ({ part: r.bulk() }) },
  { number: 98, name: 'C_VerifySignatureFinal', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'operation', secret: false, opening: 0, opens: false, errorEnds: [OperationKind.VerifySignature], goesOn: [OperationKind.VerifySignature], decode: () => ({}) },
  { number: 99, name: 'C_GetSessionValidationFlags', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ type: r.ulong() }) },
  { number: 100, name: 'C_AsyncComplete', place: 'opaque', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 101, name: 'C_AsyncGetID', place: 'opaque', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 102, name: 'C_AsyncJoin', place: 'opaque', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 103, name: 'C_WrapKeyAuthenticated', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'admin', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ mechanism: messageMechanism(r), wrappingKey: r.ulong(), key: r.ulong(), associated: r.bytes(), wrapped: r.room() }) },
  { number: 104, name: 'C_UnwrapKeyAuthenticated', place: 'engine', session: 'any', hasSession: true, hasSlot: false, login: 'any', audit: 'admin', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ mechanism: messageMechanism(r), unwrappingKey: r.ulong(), wrapped: r.bulk(), template: r.template(), associated: r.bytes() }) },
  { number: 105, name: 'SR_RenameToken', place: 'engine', session: 'rw', hasSession: true, hasSlot: false, login: 'so', audit: 'admin', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ label: r.text32() }) },
  { number: 106, name: 'SR_GetPinAttempts', place: 'engine', session: 'none', hasSession: false, hasSlot: true, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ slot: r.ulong(), userType: r.ulong() }) },
  { number: 107, name: 'SR_GetEngineStatus', place: 'engine', session: 'none', hasSession: false, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ status: r.room() }) },
  { number: 108, name: 'SR_StopEngine', place: 'engine', session: 'none', hasSession: false, hasSlot: false, login: 'any', audit: 'admin', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ force: r.ulong() }) },
  { number: 109, name: 'SR_GetSettings', place: 'engine', session: 'none', hasSession: false, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ settings: r.room() }) },
  { number: 110, name: 'SR_SetSettings', place: 'engine', session: 'rw', hasSession: true, hasSlot: false, login: 'so', audit: 'admin', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ settings: r.bytes() }) },
  { number: 111, name: 'SR_AcceptStore', place: 'engine', session: 'none', hasSession: false, hasSlot: true, login: 'any', audit: 'admin', secret: true, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ slot: r.ulong(), pin: r.nullableBytes() }) },
  { number: 112, name: 'SR_UnlockToken', place: 'engine', session: 'none', hasSession: false, hasSlot: true, login: 'any', audit: 'admin', secret: true, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ slot: r.ulong(), pin: r.bytes() }) },
  { number: 113, name: 'SR_LockToken', place: 'engine', session: 'none', hasSession: false, hasSlot: true, login: 'any', audit: 'admin', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ slot: r.ulong() }) },
  { number: 114, name: 'SR_ReadAuditLog', place: 'engine', session: 'none', hasSession: false, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ file: r.ulong(), offset: r.ulong(), data: r.room() }) },
  { number: 115, name: 'SR_GetMetrics', place: 'engine', session: 'none', hasSession: false, hasSlot: false, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ metrics: r.room() }) },
  { number: 116, name: 'SR_SetKeyState', place: 'engine', session: 'rw', hasSession: true, hasSlot: false, login: 'any', audit: 'admin', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ uniqueId: r.bytes(), state: r.ulong(), reason: r.bytes(), since: r.ulong() }) },
  { number: 117, name: 'SR_AddRecovery', place: 'engine', session: 'rw', hasSession: true, hasSlot: false, login: 'so', audit: 'admin', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ count: r.ulong(), lists: r.ulong(), words: r.room() }) },
  { number: 118, name: 'SR_ConfirmRecovery', place: 'engine', session: 'rw', hasSession: true, hasSlot: false, login: 'so', audit: 'admin', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 119, name: 'SR_RemoveRecovery', place: 'engine', session: 'rw', hasSession: true, hasSlot: false, login: 'so', audit: 'admin', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: () => ({}) },
  { number: 120, name: 'SR_Recover', place: 'engine', session: 'none', hasSession: false, hasSlot: true, login: 'any', audit: 'admin', secret: true, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ slot: r.ulong(), words: r.nullableBytes(), userType: r.ulong(), newPin: r.nullableBytes() }) },
  { number: 121, name: 'SR_GetTokenAccess', place: 'engine', session: 'none', hasSession: false, hasSlot: true, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ slot: r.ulong(), access: r.room() }) },
  { number: 122, name: 'SR_GetPinStatus', place: 'engine', session: 'none', hasSession: false, hasSlot: true, login: 'any', audit: 'no', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ slot: r.ulong(), userType: r.ulong(), status: r.room() }) },
  { number: 123, name: 'SR_RotateKey', place: 'engine', session: 'rw', hasSession: true, hasSlot: false, login: 'user', audit: 'admin', secret: false, opening: 0, opens: false, errorEnds: [], goesOn: [], decode: (r) => ({ key: r.ulong(), grace: r.ulong(), reason: r.bytes() }) },
];
