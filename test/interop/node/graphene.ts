// The same journey through graphene-pk11, which most Node programs use in place of bare pkcs11js.
//
//   node graphene.ts MODULE      (PINs come in SO_PIN and USER_PIN)
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import graphene from 'graphene-pk11';

const [, , path = ''] = process.argv;
const { SO_PIN = '', USER_PIN = '' } = process.env;
const { Module, SessionFlag, UserType, ObjectClass, KeyType, KeyGenMechanism, MechanismEnum } = graphene;
const ok = (name: string) => console.log(`ok ${name}`);

const module = Module.load(path, 'token');
module.initialize();
try {
  const free = module.getSlots(0, false);
  try {
    free.initToken(SO_PIN, 'graphene'.padEnd(32));
  } catch (error) {
    // graphene 2.3 wants a label as pkcs11js's answer, which it doesn't get: by then the token has been made.
    assert.ok(error instanceof TypeError, String(error));
  }
  const slot = [...module.getSlots(true)].find((each) => each.getToken().label.trim() === 'graphene');
  assert.ok(slot);
  const session = slot.open(SessionFlag.SERIAL_SESSION | SessionFlag.RW_SESSION);
  session.login(SO_PIN, UserType.SO);
  session.initPin(USER_PIN);
  session.logout();
  session.login(USER_PIN);
  ok('a token is made and opened');

  const pair = session.generateKeyPair(
    KeyGenMechanism.EC,
    {
      keyType: KeyType.EC,
      token: true,
      verify: true,
      label: 'pair',
      paramsEC: graphene.NamedCurve.getByName('secp256r1').value,
    },
    { keyType: KeyType.EC, token: true, private: true, sensitive: true, sign: true, label: 'pair' },
  );
  const digest = createHash('sha256').update('hello').digest();
  const signature = session.createSign('ECDSA', pair.privateKey).once(digest);
  assert.equal(signature.length, 64);
  assert.equal(session.createVerify('ECDSA', pair.publicKey).once(digest, signature), true);
  signature.writeUInt8(signature.readUInt8(0) ^ 1, 0);
  assert.throws(() => {
    if (!session.createVerify('ECDSA', pair.publicKey).once(digest, signature)) throw new Error('not valid');
  });
  ok('ECDSA signs and verifies');

  const found = session.find({ class: ObjectClass.PRIVATE_KEY, label: 'pair' });
  assert.equal(found.length, 1);
  assert.equal(session.find({ label: 'pair' }).length, 2);
  ok('objects are found');

  const key = session.generateKey(KeyGenMechanism.AES, {
    class: ObjectClass.SECRET_KEY,
    keyType: KeyType.AES,
    valueLen: 32,
    token: false,
    encrypt: true,
    decrypt: true,
    sensitive: false,
    extractable: true,
  });
  const params = new graphene.AesGcm240Params(randomBytes(12), Buffer.from('header'), 128);
  const mechanism = { name: 'AES_GCM', params };
  const plain = randomBytes(500);
  const sealed = session.createCipher(mechanism, key).once(plain, Buffer.alloc(600));
  assert.equal(sealed.length, plain.length + 16);
  assert.deepEqual(session.createDecipher(mechanism, key).once(sealed, Buffer.alloc(600)), plain);
  ok('AES-GCM seals and opens');

  const iv = randomBytes(16);
  const cipher = session.createCipher({ name: 'AES_CBC_PAD', params: iv }, key);
  const parts = [cipher.update(plain.subarray(0, 200)), cipher.update(plain.subarray(200)), cipher.final()];
  const decipher = session.createDecipher({ name: 'AES_CBC_PAD', params: iv }, key);
  const back = Buffer.concat([decipher.update(Buffer.concat(parts)), decipher.final()]);
  assert.deepEqual(back, plain);
  ok('AES-CBC works in several parts');

  const kek = session.generateKey(KeyGenMechanism.AES, {
    class: ObjectClass.SECRET_KEY,
    keyType: KeyType.AES,
    valueLen: 32,
    wrap: true,
    unwrap: true,
  });
  const wrapped = session.wrapKey(MechanismEnum.AES_KEY_WRAP, kek, key);
  const unwrapped = session.unwrapKey(MechanismEnum.AES_KEY_WRAP, kek, wrapped, {
    class: ObjectClass.SECRET_KEY,
    keyType: KeyType.AES,
    decrypt: true,
    sensitive: false,
    extractable: true,
  });
  assert.deepEqual(session.createDecipher(mechanism, unwrapped).once(sealed, Buffer.alloc(600)), plain);
  ok('a key is wrapped and unwrapped');
  session.logout();
  session.close();
} finally {
  module.finalize();
}
