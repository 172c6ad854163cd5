import { generateKeyPairSync } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { describe, expect, it } from 'vitest';
import { KeyKind } from '../../../module/enclave/enclave.ts';
import { objectHandlers } from '../../../module/engine/calls/objects.ts';
import * as ck from '../../../module/engine/generated/constants.ts';
import { ulongValue } from '../../../module/engine/objects/attribute-set.ts';
import { completeTemplate } from '../../../module/engine/objects/template.ts';
import { enclave } from '../../store/real-enclave.ts';
import { ask, template, type Value, World } from './world.ts';

const P256 = Uint8Array.of(0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7);
const ED25519 = Uint8Array.of(0x06, 3, 0x2b, 0x65, 0x70);
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

function create(...entries: (readonly [number, Value])[]) {
  const world = new World(enclave);
  const session = world.login('user');
  const answer = world.call(objectHandlers.C_CreateObject, session, { template: template(...entries) });
  const read = (handle: number, type: number): Uint8Array | undefined =>
    world
      .call(objectHandlers.C_GetAttributeValue, session, { object: handle, template: ask(type) })
      .attribute().value;
  return { world, session, answer, read };
}

describe('objects on the real enclave', () => {
  it('make a P-256 key whose public key information is what others compute', () => {
    const secret = new Uint8Array(32).fill(0x11);
    const point = p256.getPublicKey(secret, false);
    const { answer, read } = create(
      [ck.CKA_CLASS, ck.CKO_PRIVATE_KEY],
      [ck.CKA_KEY_TYPE, ck.CKK_EC],
      [ck.CKA_EC_PARAMS, P256],
      [ck.CKA_VALUE, secret],
      [ck.CKA_SENSITIVE, false],
      [ck.CKA_EXTRACTABLE, true],
    );
    const handle = answer.handle();
    const prefix = '3059301306072a8648ce3d020106082a8648ce3d030107034200';
    expect(hex(read(handle, ck.CKA_PUBLIC_KEY_INFO))).toBe(prefix + hex(point));
    expect(hex(read(handle, ck.CKA_VALUE))).toBe(hex(secret));
  });

  it('take compressed and raw points, and keep them whole and wrapped', () => {
    const secret = new Uint8Array(32).fill(0x22);
    const whole = p256.getPublicKey(secret, false);
    for (const given of [whole, p256.getPublicKey(secret, true), Uint8Array.of(4, 65, ...whole)]) {
      const { answer, read } = create(
        [ck.CKA_CLASS, ck.CKO_PUBLIC_KEY],
        [ck.CKA_KEY_TYPE, ck.CKK_EC],
        [ck.CKA_EC_PARAMS, P256],
        [ck.CKA_EC_POINT, given],
      );
      expect(hex(read(answer.handle(), ck.CKA_EC_POINT))).toBe(`0441${hex(whole)}`);
    }
  });

  it('make an Ed25519 key with its RFC 8410 public key information', () => {
    const secret = new Uint8Array(32).fill(0x33);
    const { answer, read } = create(
      [ck.CKA_CLASS, ck.CKO_PRIVATE_KEY],
      [ck.CKA_KEY_TYPE, ck.CKK_EC_EDWARDS],
      [ck.CKA_EC_PARAMS, ED25519],
      [ck.CKA_VALUE, secret],
    );
    const info = read(answer.handle(), ck.CKA_PUBLIC_KEY_INFO);
    expect(hex(info)).toBe(`302a300506032b6570032100${hex(ed25519.getPublicKey(secret))}`);
  });

  it('make RSA keys from all their numbers or from n, e and d, and give out what they have', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const jwk = privateKey.export({ format: 'jwk' });
    const number = (name: 'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi'): Uint8Array =>
      new Uint8Array(Buffer.from(jwk[name] ?? '', 'base64url'));
    const base: (readonly [number, Value])[] = [
      [ck.CKA_CLASS, ck.CKO_PRIVATE_KEY],
      [ck.CKA_KEY_TYPE, ck.CKK_RSA],
      [ck.CKA_SENSITIVE, false],
      [ck.CKA_EXTRACTABLE, true],
      // As Java's BigInteger writes it: with a zero in front.
      [ck.CKA_MODULUS, Uint8Array.of(0, ...number('n'))],
      [ck.CKA_PUBLIC_EXPONENT, number('e')],
      [ck.CKA_PRIVATE_EXPONENT, number('d')],
    ];
    const primes: (readonly [number, Value])[] = [
      [ck.CKA_PRIME_1, number('p')],
      [ck.CKA_PRIME_2, number('q')],
      [ck.CKA_EXPONENT_1, number('dp')],
      [ck.CKA_EXPONENT_2, number('dq')],
      [ck.CKA_COEFFICIENT, number('qi')],
    ];
    for (const more of [primes, []]) {
      const { answer, read } = create(...base, ...more);
      const handle = answer.handle();
      expect(hex(read(handle, ck.CKA_MODULUS))).toBe(hex(number('n')));
      expect(hex(read(handle, ck.CKA_PRIVATE_EXPONENT))).toBe(hex(number('d')));
      if (more.length > 0) expect(hex(read(handle, ck.CKA_PRIME_2))).toBe(hex(number('q')));
      expect(hex(read(handle, ck.CKA_PUBLIC_KEY_INFO))).toBe(
        hex(publicKey.export({ format: 'der', type: 'spki' })),
      );
    }
    const wrong = primes.map(([type, value]): readonly [number, Value] =>
      type === ck.CKA_PRIME_1 ? [type, number('q')] : [type, value],
    );
    expect(create(...base, ...wrong).answer.rv).toBe(ck.CKR_ATTRIBUTE_VALUE_INVALID);
  });

  it('compute the check value of an AES key (FIPS 197, 16 zero bytes under a zero key)', () => {
    const { answer, read } = create(
      [ck.CKA_CLASS, ck.CKO_SECRET_KEY],
      [ck.CKA_KEY_TYPE, ck.CKK_AES],
      [ck.CKA_VALUE, new Uint8Array(16)],
    );
    const handle = answer.handle();
    expect(hex(read(handle, ck.CKA_CHECK_VALUE))).toBe('66e94b');
    expect(hex(read(handle, ck.CKA_VALUE_LEN))).toBe('1000000000000000');
  });

  it('copy, find by value and free their keys', () => {
    const { world, session, answer, read } = create(
      [ck.CKA_CLASS, ck.CKO_SECRET_KEY],
      [ck.CKA_KEY_TYPE, ck.CKK_GENERIC_SECRET],
      [ck.CKA_VALUE, 'readable'],
      [ck.CKA_EXTRACTABLE, true],
    );
    const handle = answer.handle();
    const before = world.enclave.status().keys;
    const copy = world.call(objectHandlers.C_CopyObject, session, { object: handle, template: [] }).handle();
    expect(hex(read(copy, ck.CKA_VALUE))).toBe(hex(new TextEncoder().encode('readable')));
    const found = world.objects.find(session, template([ck.CKA_VALUE, 'readable']));
    expect(found.map((object) => object.handle)).toEqual([handle, copy]);
    expect(world.enclave.status().keys).toBe(before + 1);
    world.call(objectHandlers.C_DestroyObject, session, { object: handle });
    world.call(objectHandlers.C_DestroyObject, session, { object: copy });
    expect(world.enclave.status().keys).toBe(before - 1);
  });

  it('refuse what does not belong together, and keep no key of it', () => {
    const off = p256.getPublicKey(new Uint8Array(32).fill(1), false);
    off[40] = (off[40] ?? 0) ^ 1;
    const { world, answer } = create(
      [ck.CKA_CLASS, ck.CKO_PUBLIC_KEY],
      [ck.CKA_KEY_TYPE, ck.CKK_EC],
      [ck.CKA_EC_PARAMS, P256],
      [ck.CKA_EC_POINT, off],
    );
    expect(answer.rv).toBe(ck.CKR_ATTRIBUTE_VALUE_INVALID);
    const keys = world.enclave.status().keys;
    const session = world.login('user');
    const args = {
      template: template(
        [ck.CKA_CLASS, ck.CKO_SECRET_KEY],
        [ck.CKA_KEY_TYPE, ck.CKK_AES],
        [ck.CKA_VALUE, new Uint8Array(16)],
        [ck.CKA_CHECK_VALUE, 'abc'],
      ),
    };
    expect(world.call(objectHandlers.C_CreateObject, session, args).rv).toBe(ck.CKR_ATTRIBUTE_VALUE_INVALID);
    expect(world.enclave.status().keys).toBe(keys);
  });

  it('give a generated pair its components and history', () => {
    const world = new World(enclave);
    const session = world.login('user');
    const generate = (objectClass: number, key: number, ...more: (readonly [number, Value])[]) => {
      const { attributes } = completeTemplate({
        session,
        origin: 'generate',
        template: template(...more),
        implied: new Map([
          [ck.CKA_CLASS, ulongValue(objectClass)],
          [ck.CKA_KEY_TYPE, ulongValue(ck.CKK_EC)],
        ]),
        mechanism: ck.CKM_EC_KEY_PAIR_GEN,
      });
      return world.objects.add(session, attributes, key).attributes;
    };
    const key = world.enclave.keyGenerateEc(0, KeyKind.EcPrivate, P256);
    const half = world.enclave.keyPublicOf(key);
    const open = generate(ck.CKO_PUBLIC_KEY, half, [ck.CKA_EC_PARAMS, P256]);
    const hidden = generate(ck.CKO_PRIVATE_KEY, key, [ck.CKA_SENSITIVE, true]);
    expect(hex(hidden.bytes(ck.CKA_PUBLIC_KEY_INFO))).toBe(hex(open.bytes(ck.CKA_PUBLIC_KEY_INFO)));
    expect(hex(hidden.bytes(ck.CKA_EC_PARAMS))).toBe(hex(P256));
    expect(open.bytes(ck.CKA_EC_POINT)).toHaveLength(67);
    expect(hidden.bool(ck.CKA_LOCAL)).toBe(true);
    expect(hidden.bool(ck.CKA_ALWAYS_SENSITIVE)).toBe(true);
    expect(hidden.bool(ck.CKA_NEVER_EXTRACTABLE)).toBe(true);
    expect(hidden.ulong(ck.CKA_KEY_GEN_MECHANISM)).toBe(ck.CKM_EC_KEY_PAIR_GEN);
  });
});
