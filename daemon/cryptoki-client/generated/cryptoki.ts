// Generated from schema/cryptoki by scripts/generate.ts. Do not edit.

import type { Caller } from '../../../module/lane/caller.ts';
import { FUNCTION_PAIRED } from '../../../module/lane/lane.ts';
import { Answers, check } from '../answers.ts';
import type { Attribute, Mechanism, Query, QueryAnswer } from '../arguments.ts';
import { CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID, CKR_BUFFER_TOO_SMALL } from './constants.ts';
import { Writer } from '../writer.ts';

/** What C_GetAttributeValue answers although some of the attributes could not be given. */
const PARTLY: readonly number[] = [CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID, CKR_BUFFER_TOO_SMALL];

/**
 * The functions of PKCS#11, as one application calls them. An output of variable length is given the room it may take, in bytes or entries.
 * What an output holds lies in the answer, which is this call's alone. Whatever is not CKR_OK is thrown, as a Refusal.
 */
export class Cryptoki {
  readonly #caller: Pick<Caller, 'call'>;

  constructor(caller: Pick<Caller, 'call'>) {
    this.#caller = caller;
  }

  async #call(name: string, fn: number, w: Writer, secret: boolean, also?: readonly number[]): Promise<Answers> {
    try {
      const { rv, reply } = await this.#caller.call(fn, w.written, w.bulkData, w.room);
      if (also === undefined || !also.includes(rv)) check(rv, name, reply);
      return new Answers(reply);
    } finally {
      if (secret) w.wipe();
    }
  }

  async C_GetInfo(): Promise<{ info: Uint8Array }> {
    const w = new Writer();
    const r = await this.#call('C_GetInfo', 3, w, false);
    return { info: r.content(88) };
  }

  async C_GetSlotList(a: { readonly tokenPresent: number; readonly slots: number }): Promise<{ slots: number[] }> {
    const w = new Writer();
    w.ulong(a.tokenPresent);
    w.entries(a.slots);
    const r = await this.#call('C_GetSlotList', 5, w, false);
    return { slots: r.list(a.slots) };
  }

  async C_GetSlotInfo(a: { readonly slot: number }): Promise<{ info: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.slot);
    const r = await this.#call('C_GetSlotInfo', 6, w, false);
    return { info: r.content(112) };
  }

  async C_GetTokenInfo(a: { readonly slot: number }): Promise<{ info: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.slot);
    const r = await this.#call('C_GetTokenInfo', 7, w, false);
    return { info: r.content(208) };
  }

  async C_GetMechanismList(a: { readonly slot: number; readonly mechanisms: number }): Promise<{ mechanisms: number[] }> {
    const w = new Writer();
    w.ulong(a.slot);
    w.entries(a.mechanisms);
    const r = await this.#call('C_GetMechanismList', 8, w, false);
    return { mechanisms: r.list(a.mechanisms) };
  }

  async C_GetMechanismInfo(a: { readonly slot: number; readonly type: number }): Promise<{ info: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.slot);
    w.ulong(a.type);
    const r = await this.#call('C_GetMechanismInfo', 9, w, false);
    return { info: r.content(24) };
  }

  async C_InitToken(a: { readonly slot: number; readonly pin: Uint8Array | null; readonly label: Uint8Array }): Promise<void> {
    const w = new Writer();
    w.ulong(a.slot);
    w.bytes(a.pin);
    w.text32(a.label);
    await this.#call('C_InitToken', 10, w, true);
  }

  async C_InitPIN(a: { readonly session: number; readonly pin: Uint8Array | null }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.bytes(a.pin);
    await this.#call('C_InitPIN', 11, w, true);
  }

  async C_SetPIN(a: { readonly session: number; readonly oldPin: Uint8Array | null; readonly newPin: Uint8Array | null }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.bytes(a.oldPin);
    w.bytes(a.newPin);
    await this.#call('C_SetPIN', 12, w, true);
  }

  async C_OpenSession(a: { readonly slot: number; readonly flags: number }): Promise<{ session: number }> {
    const w = new Writer();
    w.ulong(a.slot);
    w.ulong(a.flags);
    const r = await this.#call('C_OpenSession', 13, w, false);
    return { session: r.ulong() };
  }

  async C_CloseSession(a: { readonly session: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    await this.#call('C_CloseSession', 14, w, false);
  }

  async C_CloseAllSessions(a: { readonly slot: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.slot);
    await this.#call('C_CloseAllSessions', 15, w, false);
  }

  async C_GetSessionInfo(a: { readonly session: number }): Promise<{ info: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.session);
    const r = await this.#call('C_GetSessionInfo', 16, w, false);
    return { info: r.content(32) };
  }

  async C_GetOperationState(a: { readonly session: number; readonly state: number }): Promise<{ state: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.session);
    w.capacity(a.state);
    const r = await this.#call('C_GetOperationState', 17, w, false);
    return { state: r.room(a.state) };
  }

  async C_SetOperationState(a: { readonly session: number; readonly state: Uint8Array; readonly encryptionKey: number; readonly authenticationKey: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.bytes(a.state);
    w.ulong(a.encryptionKey);
    w.ulong(a.authenticationKey);
    await this.#call('C_SetOperationState', 18, w, true);
  }

  async C_Login(a: { readonly session: number; readonly userType: number; readonly pin: Uint8Array | null }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.ulong(a.userType);
    w.bytes(a.pin);
    await this.#call('C_Login', 19, w, true);
  }

  async C_Logout(a: { readonly session: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    await this.#call('C_Logout', 20, w, false);
  }

  async C_CreateObject(a: { readonly session: number; readonly template: readonly Attribute[] }): Promise<{ object: number }> {
    const w = new Writer();
    w.ulong(a.session);
    w.template(a.template);
    const r = await this.#call('C_CreateObject', 21, w, true);
    return { object: r.ulong() };
  }

  async C_CopyObject(a: { readonly session: number; readonly object: number; readonly template: readonly Attribute[] }): Promise<{ newObject: number }> {
    const w = new Writer();
    w.ulong(a.session);
    w.ulong(a.object);
    w.template(a.template);
    const r = await this.#call('C_CopyObject', 22, w, true);
    return { newObject: r.ulong() };
  }

  async C_DestroyObject(a: { readonly session: number; readonly object: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.ulong(a.object);
    await this.#call('C_DestroyObject', 23, w, false);
  }

  async C_GetObjectSize(a: { readonly session: number; readonly object: number }): Promise<{ size: number }> {
    const w = new Writer();
    w.ulong(a.session);
    w.ulong(a.object);
    const r = await this.#call('C_GetObjectSize', 24, w, false);
    return { size: r.ulong() };
  }

  async C_GetAttributeValue(a: { readonly session: number; readonly object: number; readonly template: readonly Query[] }): Promise<{ values: QueryAnswer[] }> {
    const w = new Writer();
    w.ulong(a.session);
    w.ulong(a.object);
    w.query(a.template);
    const r = await this.#call('C_GetAttributeValue', 25, w, false, PARTLY);
    return { values: r.query(a.template.length) };
  }

  async C_SetAttributeValue(a: { readonly session: number; readonly object: number; readonly template: readonly Attribute[] }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.ulong(a.object);
    w.template(a.template);
    await this.#call('C_SetAttributeValue', 26, w, true);
  }

  async C_FindObjectsInit(a: { readonly session: number; readonly template: readonly Attribute[] }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.template(a.template);
    await this.#call('C_FindObjectsInit', 27, w, true);
  }

  async C_FindObjects(a: { readonly session: number; readonly maxCount: number }): Promise<{ objects: number[] }> {
    const w = new Writer();
    w.ulong(a.session);
    w.most(a.maxCount);
    const r = await this.#call('C_FindObjects', 28, w, false);
    return { objects: r.list(a.maxCount) };
  }

  async C_FindObjectsFinal(a: { readonly session: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    await this.#call('C_FindObjectsFinal', 29, w, false);
  }

  async C_EncryptInit(a: { readonly session: number; readonly mechanism: Mechanism | null; readonly key: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.mechanism(a.mechanism);
    w.ulong(a.key);
    await this.#call('C_EncryptInit', 30, w, false);
  }

  async C_Encrypt(a: { readonly session: number; readonly data: Uint8Array; readonly encrypted: number }, opening?: { readonly mechanism: Mechanism | null; readonly key: number }): Promise<{ encrypted: Uint8Array }> {
    const w = new Writer();
    if (opening !== undefined) {
      w.ulong(30);
      w.ulong(a.session);
      w.mechanism(opening.mechanism);
      w.ulong(opening.key);
    }
    w.ulong(a.session);
    w.bulk(a.data);
    w.capacity(a.encrypted);
    const r = await this.#call('C_Encrypt', opening === undefined ? 31 : 31 | FUNCTION_PAIRED, w, true);
    return { encrypted: r.room(a.encrypted) };
  }

  async C_EncryptUpdate(a: { readonly session: number; readonly part: Uint8Array; readonly encrypted: number }): Promise<{ encrypted: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.session);
    w.bulk(a.part);
    w.capacity(a.encrypted);
    const r = await this.#call('C_EncryptUpdate', 32, w, true);
    return { encrypted: r.room(a.encrypted) };
  }

  async C_EncryptFinal(a: { readonly session: number; readonly encrypted: number }): Promise<{ encrypted: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.session);
    w.capacity(a.encrypted);
    const r = await this.#call('C_EncryptFinal', 33, w, false);
    return { encrypted: r.room(a.encrypted) };
  }

  async C_DecryptInit(a: { readonly session: number; readonly mechanism: Mechanism | null; readonly key: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.mechanism(a.mechanism);
    w.ulong(a.key);
    await this.#call('C_DecryptInit', 34, w, false);
  }

  async C_Decrypt(a: { readonly session: number; readonly encrypted: Uint8Array; readonly data: number }, opening?: { readonly mechanism: Mechanism | null; readonly key: number }): Promise<{ data: Uint8Array }> {
    const w = new Writer();
    if (opening !== undefined) {
      w.ulong(34);
      w.ulong(a.session);
      w.mechanism(opening.mechanism);
      w.ulong(opening.key);
    }
    w.ulong(a.session);
    w.bulk(a.encrypted);
    w.capacity(a.data);
    const r = await this.#call('C_Decrypt', opening === undefined ? 35 : 35 | FUNCTION_PAIRED, w, false);
    return { data: r.room(a.data) };
  }

  async C_DecryptUpdate(a: { readonly session: number; readonly encrypted: Uint8Array; readonly part: number }): Promise<{ part: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.session);
    w.bulk(a.encrypted);
    w.capacity(a.part);
    const r = await this.#call('C_DecryptUpdate', 36, w, false);
    return { part: r.room(a.part) };
  }

  async C_DecryptFinal(a: { readonly session: number; readonly part: number }): Promise<{ part: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.session);
    w.capacity(a.part);
    const r = await this.#call('C_DecryptFinal', 37, w, false);
    return { part: r.room(a.part) };
  }

  async C_DigestInit(a: { readonly session: number; readonly mechanism: Mechanism | null }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.mechanism(a.mechanism);
    await this.#call('C_DigestInit', 38, w, false);
  }

  async C_Digest(a: { readonly session: number; readonly data: Uint8Array; readonly digest: number }, opening?: { readonly mechanism: Mechanism | null }): Promise<{ digest: Uint8Array }> {
    const w = new Writer();
    if (opening !== undefined) {
      w.ulong(38);
      w.ulong(a.session);
      w.mechanism(opening.mechanism);
    }
    w.ulong(a.session);
    w.bulk(a.data);
    w.capacity(a.digest);
    const r = await this.#call('C_Digest', opening === undefined ? 39 : 39 | FUNCTION_PAIRED, w, false);
    return { digest: r.room(a.digest) };
  }

  async C_DigestUpdate(a: { readonly session: number; readonly part: Uint8Array }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.bulk(a.part);
    await this.#call('C_DigestUpdate', 40, w, false);
  }

  async C_DigestKey(a: { readonly session: number; readonly key: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.ulong(a.key);
    await this.#call('C_DigestKey', 41, w, false);
  }

  async C_DigestFinal(a: { readonly session: number; readonly digest: number }): Promise<{ digest: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.session);
    w.capacity(a.digest);
    const r = await this.#call('C_DigestFinal', 42, w, false);
    return { digest: r.room(a.digest) };
  }

  async C_SignInit(a: { readonly session: number; readonly mechanism: Mechanism | null; readonly key: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.mechanism(a.mechanism);
    w.ulong(a.key);
    await this.#call('C_SignInit', 43, w, false);
  }

  async C_Sign(a: { readonly session: number; readonly data: Uint8Array; readonly signature: number }, opening?: { readonly mechanism: Mechanism | null; readonly key: number }): Promise<{ signature: Uint8Array }> {
    const w = new Writer();
    if (opening !== undefined) {
      w.ulong(43);
      w.ulong(a.session);
      w.mechanism(opening.mechanism);
      w.ulong(opening.key);
    }
    w.ulong(a.session);
    w.bulk(a.data);
    w.capacity(a.signature);
    const r = await this.#call('C_Sign', opening === undefined ? 44 : 44 | FUNCTION_PAIRED, w, false);
    return { signature: r.room(a.signature) };
  }

  async C_SignUpdate(a: { readonly session: number; readonly part: Uint8Array }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.bulk(a.part);
    await this.#call('C_SignUpdate', 45, w, false);
  }

  async C_SignFinal(a: { readonly session: number; readonly signature: number }): Promise<{ signature: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.session);
    w.capacity(a.signature);
    const r = await this.#call('C_SignFinal', 46, w, false);
    return { signature: r.room(a.signature) };
  }

  async C_SignRecoverInit(a: { readonly session: number; readonly mechanism: Mechanism | null; readonly key: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.mechanism(a.mechanism);
    w.ulong(a.key);
    await this.#call('C_SignRecoverInit', 47, w, false);
  }

  async C_SignRecover(a: { readonly session: number; readonly data: Uint8Array; readonly signature: number }): Promise<{ signature: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.session);
    w.bulk(a.data);
    w.capacity(a.signature);
    const r = await this.#call('C_SignRecover', 48, w, false);
    return { signature: r.room(a.signature) };
  }

  async C_VerifyInit(a: { readonly session: number; readonly mechanism: Mechanism | null; readonly key: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.mechanism(a.mechanism);
    w.ulong(a.key);
    await this.#call('C_VerifyInit', 49, w, false);
  }

  async C_Verify(a: { readonly session: number; readonly data: Uint8Array; readonly signature: Uint8Array }, opening?: { readonly mechanism: Mechanism | null; readonly key: number }): Promise<void> {
    const w = new Writer();
    if (opening !== undefined) {
      w.ulong(49);
      w.ulong(a.session);
      w.mechanism(opening.mechanism);
      w.ulong(opening.key);
    }
    w.ulong(a.session);
    w.bulk(a.data);
    w.bytes(a.signature);
    await this.#call('C_Verify', opening === undefined ? 50 : 50 | FUNCTION_PAIRED, w, false);
  }

  async C_VerifyUpdate(a: { readonly session: number; readonly part: Uint8Array }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.bulk(a.part);
    await this.#call('C_VerifyUpdate', 51, w, false);
  }

  async C_VerifyFinal(a: { readonly session: number; readonly signature: Uint8Array }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.bytes(a.signature);
    await this.#call('C_VerifyFinal', 52, w, false);
  }

  async C_VerifyRecoverInit(a: { readonly session: number; readonly mechanism: Mechanism | null; readonly key: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.mechanism(a.mechanism);
    w.ulong(a.key);
    await this.#call('C_VerifyRecoverInit', 53, w, false);
  }

  async C_VerifyRecover(a: { readonly session: number; readonly signature: Uint8Array; readonly data: number }): Promise<{ data: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.session);
    w.bytes(a.signature);
    w.capacity(a.data);
    const r = await this.#call('C_VerifyRecover', 54, w, false);
    return { data: r.room(a.data) };
  }

  async C_DigestEncryptUpdate(a: { readonly session: number; readonly part: Uint8Array; readonly encrypted: number }): Promise<{ encrypted: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.session);
    w.bulk(a.part);
    w.capacity(a.encrypted);
    const r = await this.#call('C_DigestEncryptUpdate', 55, w, true);
    return { encrypted: r.room(a.encrypted) };
  }

  async C_DecryptDigestUpdate(a: { readonly session: number; readonly encrypted: Uint8Array; readonly part: number }): Promise<{ part: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.session);
    w.bulk(a.encrypted);
    w.capacity(a.part);
    const r = await this.#call('C_DecryptDigestUpdate', 56, w, false);
    return { part: r.room(a.part) };
  }

  async C_SignEncryptUpdate(a: { readonly session: number; readonly part: Uint8Array; readonly encrypted: number }): Promise<{ encrypted: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.session);
    w.bulk(a.part);
    w.capacity(a.encrypted);
    const r = await this.#call('C_SignEncryptUpdate', 57, w, true);
    return { encrypted: r.room(a.encrypted) };
  }

  async C_DecryptVerifyUpdate(a: { readonly session: number; readonly encrypted: Uint8Array; readonly part: number }): Promise<{ part: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.session);
    w.bulk(a.encrypted);
    w.capacity(a.part);
    const r = await this.#call('C_DecryptVerifyUpdate', 58, w, false);
    return { part: r.room(a.part) };
  }

  async C_GenerateKey(a: { readonly session: number; readonly mechanism: Mechanism; readonly template: readonly Attribute[] }): Promise<{ key: number }> {
    const w = new Writer();
    w.ulong(a.session);
    w.mechanism(a.mechanism);
    w.template(a.template);
    const r = await this.#call('C_GenerateKey', 59, w, false);
    return { key: r.ulong() };
  }

  async C_GenerateKeyPair(a: { readonly session: number; readonly mechanism: Mechanism; readonly publicTemplate: readonly Attribute[]; readonly privateTemplate: readonly Attribute[] }): Promise<{ publicKey: number; privateKey: number }> {
    const w = new Writer();
    w.ulong(a.session);
    w.mechanism(a.mechanism);
    w.template(a.publicTemplate);
    w.template(a.privateTemplate);
    const r = await this.#call('C_GenerateKeyPair', 60, w, false);
    return { publicKey: r.ulong(), privateKey: r.ulong() };
  }

  async C_WrapKey(a: { readonly session: number; readonly mechanism: Mechanism; readonly wrappingKey: number; readonly key: number; readonly wrapped: number }): Promise<{ wrapped: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.session);
    w.mechanism(a.mechanism);
    w.ulong(a.wrappingKey);
    w.ulong(a.key);
    w.capacity(a.wrapped);
    const r = await this.#call('C_WrapKey', 61, w, false);
    return { wrapped: r.room(a.wrapped) };
  }

  async C_UnwrapKey(a: { readonly session: number; readonly mechanism: Mechanism; readonly unwrappingKey: number; readonly wrapped: Uint8Array; readonly template: readonly Attribute[] }): Promise<{ key: number }> {
    const w = new Writer();
    w.ulong(a.session);
    w.mechanism(a.mechanism);
    w.ulong(a.unwrappingKey);
    w.bytes(a.wrapped);
    w.template(a.template);
    const r = await this.#call('C_UnwrapKey', 62, w, false);
    return { key: r.ulong() };
  }

  async C_DeriveKey(a: { readonly session: number; readonly mechanism: Mechanism; readonly baseKey: number; readonly template: readonly Attribute[] }): Promise<{ key: number }> {
    const w = new Writer();
    w.ulong(a.session);
    w.mechanism(a.mechanism);
    w.ulong(a.baseKey);
    w.template(a.template);
    const r = await this.#call('C_DeriveKey', 63, w, false);
    return { key: r.ulong() };
  }

  async C_SeedRandom(a: { readonly session: number; readonly seed: Uint8Array }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.bytes(a.seed);
    await this.#call('C_SeedRandom', 64, w, true);
  }

  async C_GenerateRandom(a: { readonly session: number; readonly length: number }): Promise<{ bytes: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.session);
    w.length(a.length);
    const r = await this.#call('C_GenerateRandom', 65, w, false);
    return { bytes: r.fill(a.length) };
  }

  async C_LoginUser(a: { readonly session: number; readonly userType: number; readonly pin: Uint8Array | null; readonly username: Uint8Array }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.ulong(a.userType);
    w.bytes(a.pin);
    w.bytes(a.username);
    await this.#call('C_LoginUser', 71, w, true);
  }

  async C_SessionCancel(a: { readonly session: number; readonly flags: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.ulong(a.flags);
    await this.#call('C_SessionCancel', 72, w, false);
  }

  async C_MessageEncryptInit(a: { readonly session: number; readonly mechanism: Mechanism | null; readonly key: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.mechanism(a.mechanism);
    w.ulong(a.key);
    await this.#call('C_MessageEncryptInit', 73, w, false);
  }

  async C_MessageEncryptFinal(a: { readonly session: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    await this.#call('C_MessageEncryptFinal', 77, w, false);
  }

  async C_MessageDecryptInit(a: { readonly session: number; readonly mechanism: Mechanism | null; readonly key: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.mechanism(a.mechanism);
    w.ulong(a.key);
    await this.#call('C_MessageDecryptInit', 78, w, false);
  }

  async C_MessageDecryptFinal(a: { readonly session: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    await this.#call('C_MessageDecryptFinal', 82, w, false);
  }

  async C_MessageSignInit(a: { readonly session: number; readonly mechanism: Mechanism | null; readonly key: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.mechanism(a.mechanism);
    w.ulong(a.key);
    await this.#call('C_MessageSignInit', 83, w, false);
  }

  async C_MessageSignFinal(a: { readonly session: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    await this.#call('C_MessageSignFinal', 87, w, false);
  }

  async C_MessageVerifyInit(a: { readonly session: number; readonly mechanism: Mechanism | null; readonly key: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.mechanism(a.mechanism);
    w.ulong(a.key);
    await this.#call('C_MessageVerifyInit', 88, w, false);
  }

  async C_MessageVerifyFinal(a: { readonly session: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    await this.#call('C_MessageVerifyFinal', 92, w, false);
  }

  async C_EncapsulateKey(a: { readonly session: number; readonly mechanism: Mechanism; readonly publicKey: number; readonly template: readonly Attribute[]; readonly ciphertext: number }): Promise<{ ciphertext: Uint8Array; key: number }> {
    const w = new Writer();
    w.ulong(a.session);
    w.mechanism(a.mechanism);
    w.ulong(a.publicKey);
    w.template(a.template);
    w.capacity(a.ciphertext);
    const r = await this.#call('C_EncapsulateKey', 93, w, false);
    return { ciphertext: r.room(a.ciphertext), key: r.ulong() };
  }

  async C_DecapsulateKey(a: { readonly session: number; readonly mechanism: Mechanism; readonly privateKey: number; readonly template: readonly Attribute[]; readonly ciphertext: Uint8Array }): Promise<{ key: number }> {
    const w = new Writer();
    w.ulong(a.session);
    w.mechanism(a.mechanism);
    w.ulong(a.privateKey);
    w.template(a.template);
    w.bytes(a.ciphertext);
    const r = await this.#call('C_DecapsulateKey', 94, w, false);
    return { key: r.ulong() };
  }

  async C_VerifySignatureInit(a: { readonly session: number; readonly mechanism: Mechanism | null; readonly key: number; readonly signature: Uint8Array }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.mechanism(a.mechanism);
    w.ulong(a.key);
    w.bytes(a.signature);
    await this.#call('C_VerifySignatureInit', 95, w, false);
  }

  async C_VerifySignature(a: { readonly session: number; readonly data: Uint8Array }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.bulk(a.data);
    await this.#call('C_VerifySignature', 96, w, false);
  }

  async C_VerifySignatureUpdate(a: { readonly session: number; readonly part: Uint8Array }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.bulk(a.part);
    await this.#call('C_VerifySignatureUpdate', 97, w, false);
  }

  async C_VerifySignatureFinal(a: { readonly session: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    await this.#call('C_VerifySignatureFinal', 98, w, false);
  }

  async C_GetSessionValidationFlags(a: { readonly session: number; readonly type: number }): Promise<{ flags: number }> {
    const w = new Writer();
    w.ulong(a.session);
    w.ulong(a.type);
    const r = await this.#call('C_GetSessionValidationFlags', 99, w, false);
    return { flags: r.ulong() };
  }

  async SR_RenameToken(a: { readonly session: number; readonly label: Uint8Array }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.text32(a.label);
    await this.#call('SR_RenameToken', 105, w, false);
  }

  async SR_GetPinAttempts(a: { readonly slot: number; readonly userType: number }): Promise<{ left: number; most: number }> {
    const w = new Writer();
    w.ulong(a.slot);
    w.ulong(a.userType);
    const r = await this.#call('SR_GetPinAttempts', 106, w, false);
    return { left: r.ulong(), most: r.ulong() };
  }

  async SR_GetEngineStatus(a: { readonly status: number }): Promise<{ status: Uint8Array }> {
    const w = new Writer();
    w.capacity(a.status);
    const r = await this.#call('SR_GetEngineStatus', 107, w, false);
    return { status: r.room(a.status) };
  }

  async SR_StopEngine(a: { readonly force: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.force);
    await this.#call('SR_StopEngine', 108, w, false);
  }

  async SR_GetSettings(a: { readonly settings: number }): Promise<{ settings: Uint8Array }> {
    const w = new Writer();
    w.capacity(a.settings);
    const r = await this.#call('SR_GetSettings', 109, w, false);
    return { settings: r.room(a.settings) };
  }

  async SR_SetSettings(a: { readonly session: number; readonly settings: Uint8Array }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.bytes(a.settings);
    await this.#call('SR_SetSettings', 110, w, false);
  }

  async SR_AcceptStore(a: { readonly slot: number; readonly pin: Uint8Array | null }): Promise<void> {
    const w = new Writer();
    w.ulong(a.slot);
    w.bytes(a.pin);
    await this.#call('SR_AcceptStore', 111, w, true);
  }

  async SR_UnlockToken(a: { readonly slot: number; readonly pin: Uint8Array }): Promise<void> {
    const w = new Writer();
    w.ulong(a.slot);
    w.bytes(a.pin);
    await this.#call('SR_UnlockToken', 112, w, true);
  }

  async SR_LockToken(a: { readonly slot: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.slot);
    await this.#call('SR_LockToken', 113, w, false);
  }

  async SR_ReadAuditLog(a: { readonly file: number; readonly offset: number; readonly data: number }): Promise<{ data: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.file);
    w.ulong(a.offset);
    w.capacity(a.data);
    const r = await this.#call('SR_ReadAuditLog', 114, w, false);
    return { data: r.room(a.data) };
  }

  /** How long what {@link SR_ReadAuditLog} answers is. */
  async SR_ReadAuditLog_length(a: { readonly file: number; readonly offset: number }): Promise<number> {
    const w = new Writer();
    w.ulong(a.file);
    w.ulong(a.offset);
    w.noRoom();
    return (await this.#call('SR_ReadAuditLog', 114, w, false)).ulong();
  }

  async SR_GetMetrics(a: { readonly metrics: number }): Promise<{ metrics: Uint8Array }> {
    const w = new Writer();
    w.capacity(a.metrics);
    const r = await this.#call('SR_GetMetrics', 115, w, false);
    return { metrics: r.room(a.metrics) };
  }

  async SR_SetKeyState(a: { readonly session: number; readonly uniqueId: Uint8Array; readonly state: number; readonly reason: Uint8Array; readonly since: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    w.bytes(a.uniqueId);
    w.ulong(a.state);
    w.bytes(a.reason);
    w.ulong(a.since);
    await this.#call('SR_SetKeyState', 116, w, false);
  }

  async SR_AddRecovery(a: { readonly session: number; readonly count: number; readonly lists: number; readonly words: number }): Promise<{ words: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.session);
    w.ulong(a.count);
    w.ulong(a.lists);
    w.capacity(a.words);
    const r = await this.#call('SR_AddRecovery', 117, w, false);
    return { words: r.room(a.words) };
  }

  async SR_ConfirmRecovery(a: { readonly session: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    await this.#call('SR_ConfirmRecovery', 118, w, false);
  }

  async SR_RemoveRecovery(a: { readonly session: number }): Promise<void> {
    const w = new Writer();
    w.ulong(a.session);
    await this.#call('SR_RemoveRecovery', 119, w, false);
  }

  async SR_Recover(a: { readonly slot: number; readonly words: Uint8Array | null; readonly userType: number; readonly newPin: Uint8Array | null }): Promise<void> {
    const w = new Writer();
    w.ulong(a.slot);
    w.bytes(a.words);
    w.ulong(a.userType);
    w.bytes(a.newPin);
    await this.#call('SR_Recover', 120, w, true);
  }

  async SR_GetTokenAccess(a: { readonly slot: number; readonly access: number }): Promise<{ access: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.slot);
    w.capacity(a.access);
    const r = await this.#call('SR_GetTokenAccess', 121, w, false);
    return { access: r.room(a.access) };
  }

  async SR_GetPinStatus(a: { readonly slot: number; readonly userType: number; readonly status: number }): Promise<{ status: Uint8Array }> {
    const w = new Writer();
    w.ulong(a.slot);
    w.ulong(a.userType);
    w.capacity(a.status);
    const r = await this.#call('SR_GetPinStatus', 122, w, false);
    return { status: r.room(a.status) };
  }

  async SR_RotateKey(a: { readonly session: number; readonly key: number; readonly grace: number; readonly reason: Uint8Array }): Promise<{ successor: number }> {
    const w = new Writer();
    w.ulong(a.session);
    w.ulong(a.key);
    w.ulong(a.grace);
    w.bytes(a.reason);
    const r = await this.#call('SR_RotateKey', 123, w, false);
    return { successor: r.ulong() };
  }
}
