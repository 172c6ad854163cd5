// From an empty slot to AES-GCM with pkcs11js, in one Node process. Results are checked with node:crypto,
// whose OpenSSL never sees a key of the token's. Prints one line for each step that held.
//
//   node scenario.ts MODULE COMPLETE      (PINs come in SO_PIN and USER_PIN)
import assert from 'node:assert/strict';
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPublicKey,
  randomBytes,
  verify,
} from 'node:crypto';
import { Worker } from 'node:worker_threads';
import pkcs11js from 'pkcs11js';
import { attribute, failure, find, load, open, P256, slotOf } from './session.ts';

const [, , module = '', complete = ''] = process.argv;
const { SO_PIN = '', USER_PIN = '' } = process.env;
const LABEL = 'node';
const p = pkcs11js;
/** CKS values, which pkcs11js doesn't name. */
const State = { rwPublic: 2, rwUser: 3, rwOfficer: 4 } as const;

const lib = load(module);

async function step(name: string, work: () => void | Promise<void>): Promise<void> {
  await work();
  console.log(`ok ${name}`);
}

await step('a token is made on the free slot', () => {
  const [free] = lib.C_GetSlotList(false);
  assert.ok(free);
  assert.equal(lib.C_GetTokenInfo(free).flags & p.CKF_TOKEN_INITIALIZED, 0);
  // pkcs11js hands the label over as it is, and the standard wants 32 bytes.
  lib.C_InitToken(free, SO_PIN, LABEL.padEnd(32));
  const flags = lib.C_GetTokenInfo(slotOf(lib, LABEL)).flags;
  assert.ok(flags & p.CKF_TOKEN_INITIALIZED);
  assert.equal(flags & p.CKF_USER_PIN_INITIALIZED, 0);
});

const slot = slotOf(lib, LABEL);
const session = open(lib, slot);

await step('the security officer sets the user PIN', () => {
  lib.C_Login(session, p.CKU_SO, SO_PIN);
  assert.equal(lib.C_GetSessionInfo(session).state, State.rwOfficer);
  lib.C_InitPIN(session, USER_PIN);
  lib.C_Logout(session);
  assert.equal(lib.C_GetSessionInfo(session).state, State.rwPublic);
});

await step('a wrong PIN is refused, the right one opens', () => {
  assert.equal(
    failure(() => lib.C_Login(session, p.CKU_USER, '999999')),
    p.CKR_PIN_INCORRECT,
  );
  lib.C_Login(session, p.CKU_USER, USER_PIN);
  assert.equal(lib.C_GetSessionInfo(session).state, State.rwUser);
  assert.equal(
    failure(() => lib.C_Login(session, p.CKU_USER, USER_PIN)),
    p.CKR_USER_ALREADY_LOGGED_IN,
  );
});

const ec = lib.C_GenerateKeyPair(
  session,
  { mechanism: p.CKM_EC_KEY_PAIR_GEN },
  [
    { type: p.CKA_TOKEN, value: true },
    { type: p.CKA_LABEL, value: 'ec' },
    { type: p.CKA_VERIFY, value: true },
    { type: p.CKA_EC_PARAMS, value: P256 },
  ],
  [
    { type: p.CKA_TOKEN, value: true },
    { type: p.CKA_PRIVATE, value: true },
    { type: p.CKA_SENSITIVE, value: true },
    { type: p.CKA_LABEL, value: 'ec' },
    { type: p.CKA_SIGN, value: true },
  ],
);

const point = attribute(lib, session, ec.publicKey, p.CKA_EC_POINT);
const ecPublic = createPublicKey({
  key: {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(3, 35).toString('base64url'),
    y: point.subarray(35, 67).toString('base64url'),
  },
  format: 'jwk',
});
const message = Buffer.from('a message of no importance');
const hash = createHash('sha256').update(message).digest();

await step('ECDSA signs what node:crypto verifies', async () => {
  assert.equal(point.length, 67);
  const key = { key: ecPublic, dsaEncoding: 'ieee-p1363' } as const;
  lib.C_SignInit(session, { mechanism: p.CKM_ECDSA }, ec.privateKey);
  const signature = lib.C_Sign(session, hash, Buffer.alloc(64));
  assert.ok(verify('sha256', message, key, signature));
  lib.C_VerifyInit(session, { mechanism: p.CKM_ECDSA }, ec.publicKey);
  assert.equal(lib.C_Verify(session, hash, signature), true);
  // Four sessions sign on four threads of libuv's at once.
  const signatures = await Promise.all(
    Array.from({ length: 4 }, () => {
      const own = open(lib, slot);
      lib.C_SignInit(own, { mechanism: p.CKM_ECDSA }, ec.privateKey);
      return lib.C_SignAsync(own, hash, Buffer.alloc(64)).finally(() => lib.C_CloseSession(own));
    }),
  );
  assert.ok(signatures.every((each) => verify('sha256', message, key, each)));
});

await step('objects are found by their attributes', () => {
  const both = find(lib, session, [{ type: p.CKA_LABEL, value: 'ec' }]);
  assert.equal(both.length, 2);
  const [own] = find(lib, session, [
    { type: p.CKA_CLASS, value: p.CKO_PRIVATE_KEY },
    { type: p.CKA_LABEL, value: 'ec' },
  ]);
  assert.deepEqual(own, ec.privateKey);
  assert.deepEqual(find(lib, session, [{ type: p.CKA_LABEL, value: 'nobody' }]), []);
});

await step('a sensitive value stays inside', () => {
  assert.equal(
    failure(() => attribute(lib, session, ec.privateKey, p.CKA_VALUE)),
    p.CKR_ATTRIBUTE_SENSITIVE,
  );
});

await step('RSA signs in several parts', () => {
  const rsa = lib.C_GenerateKeyPair(
    session,
    { mechanism: p.CKM_RSA_PKCS_KEY_PAIR_GEN },
    [
      { type: p.CKA_MODULUS_BITS, value: 2048 },
      { type: p.CKA_PUBLIC_EXPONENT, value: Buffer.from([1, 0, 1]) },
      { type: p.CKA_VERIFY, value: true },
    ],
    [
      { type: p.CKA_SIGN, value: true },
      { type: p.CKA_SENSITIVE, value: true },
    ],
  );
  const n = attribute(lib, session, rsa.publicKey, p.CKA_MODULUS).toString('base64url');
  const key = createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' });
  lib.C_SignInit(session, { mechanism: p.CKM_SHA256_RSA_PKCS }, rsa.privateKey);
  for (let at = 0; at < message.length; at += 7) lib.C_SignUpdate(session, message.subarray(at, at + 7));
  const signature = lib.C_SignFinal(session, Buffer.alloc(256));
  assert.ok(verify('sha256', message, key, signature));
});

const secret = randomBytes(32);
const imported = lib.C_CreateObject(session, [
  { type: p.CKA_CLASS, value: p.CKO_SECRET_KEY },
  { type: p.CKA_KEY_TYPE, value: p.CKK_AES },
  { type: p.CKA_VALUE, value: secret },
  { type: p.CKA_ENCRYPT, value: true },
  { type: p.CKA_DECRYPT, value: true },
  { type: p.CKA_SENSITIVE, value: false },
  { type: p.CKA_EXTRACTABLE, value: true },
]);

await step('AES-GCM agrees with node:crypto both ways', () => {
  const iv = randomBytes(12);
  const aad = Buffer.from('header');
  const mechanism = {
    mechanism: p.CKM_AES_GCM,
    parameter: { type: p.CK_PARAMS_AES_GCM_v240, iv, aad, ivBits: 96, tagBits: 128 },
  };
  const plain = randomBytes(1000);
  lib.C_EncryptInit(session, mechanism, imported);
  const sealed = lib.C_Encrypt(session, plain, Buffer.alloc(1100));
  const theirs = createCipheriv('aes-256-gcm', secret, iv).setAAD(aad);
  const body = Buffer.concat([theirs.update(plain), theirs.final()]);
  assert.deepEqual(sealed, Buffer.concat([body, theirs.getAuthTag()]));
  lib.C_DecryptInit(session, mechanism, imported);
  assert.deepEqual(lib.C_Decrypt(session, sealed, Buffer.alloc(1100)), plain);
  sealed.writeUInt8(sealed.readUInt8(5) ^ 1, 5);
  lib.C_DecryptInit(session, mechanism, imported);
  const refused = failure(() => lib.C_Decrypt(session, sealed, Buffer.alloc(1100)));
  const expected = [p.CKR_ENCRYPTED_DATA_INVALID, ...(complete === 'true' ? [] : [p.CKR_GENERAL_ERROR])];
  assert.ok(expected.includes(refused), `CK_RV ${refused}`);
});

await step('AES-CBC works in several parts', () => {
  const iv = randomBytes(16);
  const mechanism = { mechanism: p.CKM_AES_CBC_PAD, parameter: iv };
  const plain = randomBytes(333);
  lib.C_EncryptInit(session, mechanism, imported);
  const parts: Buffer[] = [];
  for (let at = 0; at < plain.length; at += 100) {
    parts.push(lib.C_EncryptUpdate(session, plain.subarray(at, at + 100), Buffer.alloc(128)));
  }
  parts.push(lib.C_EncryptFinal(session, Buffer.alloc(32)));
  const theirs = createDecipheriv('aes-256-cbc', secret, iv);
  assert.deepEqual(Buffer.concat([theirs.update(Buffer.concat(parts)), theirs.final()]), plain);
});

await step('a digest works in several parts', () => {
  lib.C_DigestInit(session, { mechanism: p.CKM_SHA256 });
  lib.C_DigestUpdate(session, message.subarray(0, 5));
  lib.C_DigestUpdate(session, message.subarray(5));
  assert.deepEqual(lib.C_DigestFinal(session, Buffer.alloc(32)), hash);
});

await step('HMAC agrees with node:crypto', () => {
  const key = lib.C_CreateObject(session, [
    { type: p.CKA_CLASS, value: p.CKO_SECRET_KEY },
    { type: p.CKA_KEY_TYPE, value: p.CKK_GENERIC_SECRET },
    { type: p.CKA_VALUE, value: secret },
    { type: p.CKA_SIGN, value: true },
  ]);
  lib.C_SignInit(session, { mechanism: p.CKM_SHA256_HMAC }, key);
  const ours = lib.C_Sign(session, message, Buffer.alloc(32));
  assert.deepEqual(ours, createHmac('sha256', secret).update(message).digest());
});

await step('a key travels wrapped and arrives the same', () => {
  const kek = lib.C_GenerateKey(session, { mechanism: p.CKM_AES_KEY_GEN }, [
    { type: p.CKA_VALUE_LEN, value: 32 },
    { type: p.CKA_WRAP, value: true },
    { type: p.CKA_UNWRAP, value: true },
    { type: p.CKA_SENSITIVE, value: true },
  ]);
  const mechanism = { mechanism: p.CKM_AES_KEY_WRAP };
  const wrapped = lib.C_WrapKey(session, mechanism, kek, imported, Buffer.alloc(64));
  assert.equal(wrapped.length, 40);
  const back = lib.C_UnwrapKey(session, mechanism, kek, wrapped, [
    { type: p.CKA_CLASS, value: p.CKO_SECRET_KEY },
    { type: p.CKA_KEY_TYPE, value: p.CKK_AES },
    { type: p.CKA_SENSITIVE, value: false },
    { type: p.CKA_EXTRACTABLE, value: true },
  ]);
  assert.deepEqual(attribute(lib, session, back, p.CKA_VALUE), secret);
  wrapped.writeUInt8(wrapped.readUInt8(9) ^ 1, 9);
  const template = [
    { type: p.CKA_CLASS, value: p.CKO_SECRET_KEY },
    { type: p.CKA_KEY_TYPE, value: p.CKK_AES },
  ];
  failure(() => lib.C_UnwrapKey(session, mechanism, kek, wrapped, template));
});

await step('worker threads sign at the same time', async () => {
  const workers = Array.from({ length: 3 }, () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: { module, label: LABEL, hash, count: 40 },
    });
    return new Promise<Uint8Array[]>((resolve, reject) => {
      worker.on('message', resolve);
      worker.on('error', reject);
    });
  });
  const signatures = (await Promise.all(workers)).flat();
  assert.equal(signatures.length, 120);
  const key = { key: ecPublic, dsaEncoding: 'ieee-p1363' } as const;
  assert.ok(signatures.every((each) => verify('sha256', message, key, each)));
});

await step('what was stored is there after a new start', () => {
  lib.C_Finalize();
  lib.C_Initialize();
  const again = open(lib, slotOf(lib, LABEL));
  const privateKeys = [{ type: p.CKA_CLASS, value: p.CKO_PRIVATE_KEY }];
  assert.equal(find(lib, again, privateKeys).length, 0);
  lib.C_Login(again, p.CKU_USER, USER_PIN);
  const [key] = find(lib, again, privateKeys);
  assert.ok(key);
  lib.C_SignInit(again, { mechanism: p.CKM_ECDSA }, key);
  const signature = lib.C_Sign(again, hash, Buffer.alloc(64));
  assert.ok(verify('sha256', message, { key: ecPublic, dsaEncoding: 'ieee-p1363' }, signature));
  lib.C_Finalize();
});
lib.close();
