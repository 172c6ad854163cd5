/** An operation under way outlives the handle of its key, and the key leaves the enclave when the last operation with it ends. */
import { beforeEach, describe, expect, test } from 'vitest';
import * as ck from '../../../module/engine/generated/constants.ts';
import { bytes, Client, enclave, mechanism, room, span } from './client.ts';
import { aes, ecPair, rsaPair, secret } from './keys.ts';

const client = new Client();
const message = span(bytes('a message of some length'));

beforeEach(() => {
  client.session.endAll();
  client.inline = true;
  client.beforeResult = undefined;
  client.app.setLogin(client.token, 'user');
});

/** Destroys the object; returns the enclave's handle to its key, which outlives the object as long as somebody holds it. */
function destroy(handle: number): number {
  const object = client.object(handle);
  const key = object.openHandle;
  client.token.objects.destroy(client.session, object);
  return key;
}

const erased = (key: number) => enclave.keyBits(key) === -ck.CKR_KEY_HANDLE_INVALID;
const begin = (type: number, key: number) =>
  client.call('C_SignInit', { mechanism: mechanism(type), key }).rv;

describe('a destroyed key', () => {
  test('still ends the signature that was begun, and is erased then', () => {
    for (const parts of [true, false]) {
      const { privateKey } = ecPair(client);
      client.ok('C_SignInit', { mechanism: mechanism(ck.CKM_ECDSA_SHA256), key: privateKey });
      if (parts) client.ok('C_SignUpdate', { part: message });
      const key = destroy(privateKey);
      expect(erased(key)).toBe(false);
      expect(begin(ck.CKM_ECDSA_SHA256, privateKey)).toBe(ck.CKR_OPERATION_ACTIVE);
      if (parts) client.ok('C_SignFinal', { signature: room(64) });
      else client.ok('C_Sign', { data: message, signature: room(64) });
      expect(erased(key)).toBe(true);
      expect(begin(ck.CKM_ECDSA_SHA256, privateKey)).toBe(ck.CKR_KEY_HANDLE_INVALID);
    }
  });

  test('still gives the MAC and the ciphertext that it would have given', () => {
    const value = new Uint8Array(32).fill(7);
    const run = (destroyed: boolean) => {
      const mac = secret(client, ck.CKK_GENERIC_SECRET, value);
      const key = aes(client, value);
      client.ok('C_SignInit', { mechanism: mechanism(ck.CKM_SHA256_HMAC), key: mac });
      client.ok('C_EncryptInit', { mechanism: mechanism(ck.CKM_AES_ECB), key });
      const handles = destroyed ? [destroy(mac), destroy(key)] : [];
      client.ok('C_SignUpdate', { part: message });
      const part = client.ok('C_EncryptUpdate', { part: span(value), encrypted: room(32) }).bytes;
      const signature = client.ok('C_SignFinal', { signature: room(32) }).bytes;
      expect(client.ok('C_EncryptFinal', { encrypted: room(32) }).first).toBe(0);
      expect(handles.every(erased)).toBe(true);
      return [...part, ...signature];
    };
    expect(run(true)).toEqual(run(false));
  });

  test('is kept by each of its operations, in whichever session, until the last has ended', () => {
    const mac = secret(client, ck.CKK_GENERIC_SECRET, new Uint8Array(32));
    const first = client.session;
    const second = client.openSession();
    client.ok('C_SignInit', { mechanism: mechanism(ck.CKM_SHA256_HMAC), key: mac });
    client.session = second;
    client.ok('C_VerifyInit', { mechanism: mechanism(ck.CKM_SHA256_HMAC), key: mac });
    client.session = first;
    const key = destroy(mac);
    first.endAll();
    expect(erased(key)).toBe(false);
    second.endAll();
    expect(erased(key)).toBe(true);
  });

  test('is erased at once when nothing uses it', () => {
    const mac = secret(client, ck.CKK_GENERIC_SECRET, new Uint8Array(32));
    client.ok('C_SignInit', { mechanism: mechanism(ck.CKM_SHA256_HMAC), key: mac });
    client.ok('C_Sign', { data: message, signature: room(32) });
    expect(erased(destroy(mac))).toBe(true);
  });

  test('ends a decryption on the thread pool, also one whose answer did not fit', () => {
    client.inline = false;
    const pair = rsaPair(client, 2048, { [ck.CKA_DECRYPT]: true });
    client.ok('C_EncryptInit', { mechanism: mechanism(ck.CKM_RSA_PKCS), key: pair.publicKey });
    const encrypted = span(client.ok('C_Encrypt', { data: message, encrypted: room(256) }).bytes);
    client.ok('C_DecryptInit', { mechanism: mechanism(ck.CKM_RSA_PKCS), key: pair.privateKey });
    let key = 0;
    client.beforeResult = () => {
      key = destroy(pair.privateKey);
    };
    expect(client.call('C_Decrypt', { encrypted, data: room(3) }).rv).toBe(ck.CKR_BUFFER_TOO_SMALL);
    client.beforeResult = undefined;
    expect(erased(key)).toBe(false);
    expect(client.ok('C_Decrypt', { encrypted, data: room(256) }).first).toBe(message.length);
    expect(erased(key)).toBe(true);
  });
});

describe('a logout', () => {
  test('lets go of the private keys of operations at once, and a later login brings nothing back', () => {
    const { privateKey } = ecPair(client, undefined, { [ck.CKA_PRIVATE]: true });
    client.ok('C_SignInit', { mechanism: mechanism(ck.CKM_ECDSA_SHA256), key: privateKey });
    client.ok('C_SignUpdate', { part: message });
    const key = destroy(privateKey);
    client.session.userLeaves();
    expect(erased(key)).toBe(true);
    expect(client.call('C_SignFinal', { signature: room(64) }).rv).toBe(ck.CKR_USER_NOT_LOGGED_IN);
    expect(client.call('C_SignFinal', { signature: room(64) }).rv).toBe(ck.CKR_OPERATION_NOT_INITIALIZED);
  });

  test('does the same to an operation for which the thread pool works', () => {
    client.inline = false;
    const pair = rsaPair(client, 2048, { [ck.CKA_DECRYPT]: true, [ck.CKA_PRIVATE]: true });
    client.ok('C_EncryptInit', { mechanism: mechanism(ck.CKM_RSA_PKCS), key: pair.publicKey });
    const encrypted = span(client.ok('C_Encrypt', { data: message, encrypted: room(256) }).bytes);
    client.ok('C_DecryptInit', { mechanism: mechanism(ck.CKM_RSA_PKCS), key: pair.privateKey });
    let key = 0;
    client.beforeResult = () => {
      client.session.userLeaves();
      key = destroy(pair.privateKey);
    };
    expect(client.call('C_Decrypt', { encrypted, data: room(3) }).rv).toBe(ck.CKR_BUFFER_TOO_SMALL);
    client.beforeResult = undefined;
    expect(erased(key)).toBe(true);
    expect(client.call('C_Decrypt', { encrypted, data: room(256) }).rv).toBe(ck.CKR_USER_NOT_LOGGED_IN);
  });

  test('leaves operations with public keys alone', () => {
    const { publicKey } = ecPair(client);
    client.ok('C_VerifyInit', { mechanism: mechanism(ck.CKM_ECDSA_SHA256), key: publicKey });
    client.session.userLeaves();
    client.app.setLogin(client.token, 'none');
    const signature = span(new Uint8Array(64));
    expect(client.call('C_Verify', { data: message, signature }).rv).toBe(ck.CKR_SIGNATURE_INVALID);
  });
});
