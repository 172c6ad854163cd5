/** Data in parts, and callers who go away: the answer is the same as for all at once, and nothing is left behind. */
import { createHmac, createPublicKey, verify as verifyWith } from 'node:crypto';
import { type ClientDuplexStream, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type DecryptStreamRequest,
  CipherAlgorithm as E,
  type EncryptStreamRequest,
  type EncryptStreamResponse,
  KeyAlgorithm as K,
  KeysClient,
  MacAlgorithm as M,
  SignatureAlgorithm as S,
  SignRequest,
  type SignStreamRequest,
  type SignStreamResponse,
} from '../../module/wire/generated/strongroom/v1/keys.ts';
import { eventually } from '../support/programs.ts';
import { ask, refused } from './support/local-door.ts';
import { bytes, named, nothing, World } from './support/world.ts';

let world: World;
let ecPublic: Uint8Array;
beforeAll(async () => {
  world = await World.make();
  ecPublic = (await world.generate('ec', K.KEY_ALGORITHM_EC_P256)).publicKey;
  await world.generate('rsa', K.KEY_ALGORITHM_RSA_2048);
  await world.generate('aes', K.KEY_ALGORITHM_AES_256);
});
afterAll(async () => {
  expect(world.door.log).toEqual([]);
  await world.close();
});

const whole = new Uint8Array(1_000_000).map((_byte, at) => at % 251);
/** Parts of all lengths, empty ones among them. */
const lengths = [0, 1, 15, 16, 17, 0, 4096, 4097, 65_536, 900_000, 0];
const ends = lengths.map((_length, at) => lengths.slice(0, at + 1).reduce((sum, one) => sum + one, 0));
const parts = ends.map((end, at) => whole.slice(end - (lengths[at] ?? 0), end));
const rest = whole.slice(ends.at(-1));
const inParts = [...parts, rest].map((value) => ({ message: { $case: 'part', value } }) as const);

/** Sends all, and waits for the one answer. */
function collect<Q, A>(
  open: (told: (error: ServiceError | null, answer: A) => void) => { write(q: Q): unknown; end(): unknown },
  messages: readonly Q[],
): Promise<A> {
  return new Promise((resolve, reject) => {
    const stream = open((error, answer) => (error === null ? resolve(answer) : reject(error)));
    for (const message of messages) stream.write(message);
    stream.end();
  });
}

/** Sends all, and gathers what comes. */
function exchange<Q, A>(stream: ClientDuplexStream<Q, A>, messages: readonly Q[]): Promise<A[]> {
  return new Promise((resolve, reject) => {
    const all: A[] = [];
    stream.on('data', (answer: A) => all.push(answer));
    stream.on('end', () => resolve(all));
    stream.on('error', reject);
    for (const message of messages) stream.write(message);
    stream.end();
  });
}

const signStart = (algorithm: S, key = 'ec') =>
  ({ message: { $case: 'start', value: { key: named(key), algorithm, format: 0 } } }) as const;
const signing = (messages: readonly SignStreamRequest[]) =>
  collect<SignStreamRequest, SignStreamResponse>((told) => world.keys.signStream(told), messages);
const ecdsa = S.SIGNATURE_ALGORITHM_ECDSA_SHA256;

describe('in parts', () => {
  it('a signature is made and checked', async () => {
    const { signature } = await signing([signStart(ecdsa), ...inParts]);
    const key = createPublicKey({ key: Buffer.from(ecPublic), format: 'der', type: 'spki' });
    expect(verifyWith('sha256', whole, key, signature)).toBe(true);
    const start = (value: Uint8Array) =>
      ({
        message: {
          $case: 'start',
          value: { key: named('ec'), algorithm: ecdsa, format: 0, signature: value },
        },
      }) as const;
    const verify = (...messages: readonly Parameters<ReturnType<KeysClient['verifyStream']>['write']>[0][]) =>
      collect((told) => world.keys.verifyStream(told), messages);
    expect(await verify(start(signature), ...inParts)).toEqual({ valid: true });
    expect(await verify(start(signature), ...inParts.slice(1))).toEqual({ valid: true });
    expect(await verify(start(signature), ...inParts.slice(0, -1))).toEqual({ valid: false });
    for (const none of [bytes('no signature'), new Uint8Array(50_000), signature.slice(1)])
      expect(await verify(start(none), ...inParts)).toEqual({ valid: false });
  });

  it('RSA and MACs as well', async () => {
    const { signature } = await signing([signStart(S.SIGNATURE_ALGORITHM_RSA_PSS_SHA512, 'rsa'), ...inParts]);
    expect(signature.length).toBe(256);
    const secret = bytes('secret of a MAC');
    const spec = {
      token: '',
      label: 'mac',
      id: nothing,
      algorithm: K.KEY_ALGORITHM_GENERIC_SECRET,
      bits: 0,
      usages: [],
      extractable: false,
      temporary: true,
    };
    await ask(world.keys, world.keys.importKey, {
      spec,
      material: { $case: 'secret', value: secret.slice() },
      idempotencyKey: '',
    });
    const start = {
      message: { $case: 'start', value: { key: named('mac'), algorithm: M.MAC_ALGORITHM_HMAC_SHA256 } },
    } as const;
    const { mac } = await collect(
      (told: (error: ServiceError | null, answer: { mac: Uint8Array }) => void) =>
        world.keys.computeMacStream(told),
      [start, ...inParts],
    );
    expect(Buffer.from(mac)).toEqual(createHmac('sha256', secret).update(whole).digest());
  });

  it.each(['AES_GCM', 'AES_CBC_PAD', 'AES_CTR'] as const)('%s goes there and back', async (name) => {
    const algorithm = E[`CIPHER_ALGORITHM_${name}`];
    const aad = name === 'AES_GCM' ? bytes('aad') : nothing;
    const start = (iv: Uint8Array) =>
      ({ message: { $case: 'start', value: { key: named('aes'), algorithm, iv, aad } } }) as const;
    const made = await exchange<EncryptStreamRequest, EncryptStreamResponse>(world.keys.encryptStream(), [
      start(nothing),
      ...inParts,
    ]);
    const [first, ...answers] = made.map(({ message }) => message);
    if (first?.$case !== 'started') throw new Error('there is no start');
    const ciphertext = Buffer.concat(
      answers.map((answer) => (answer?.$case === 'part' ? answer.value : nothing)),
    );
    const single = { key: named('aes'), algorithm, iv: first.value.iv, aad };
    const { plaintext } = await ask(world.keys, world.keys.decrypt, { ...single, ciphertext });
    expect(Buffer.from(plaintext).equals(whole)).toBe(true);
    const pieces = [ciphertext.subarray(0, 7), ciphertext.subarray(7, 500_000), ciphertext.subarray(500_000)];
    const messages = pieces.map((value) => ({ message: { $case: 'part', value } }) as const);
    const back = await exchange<DecryptStreamRequest, { part: Uint8Array }>(world.keys.decryptStream(), [
      start(first.value.iv),
      ...messages,
    ]);
    expect(Buffer.concat(back.map(({ part }) => part)).equals(whole)).toBe(true);
    if (name !== 'AES_GCM') return;
    const changed = [start(first.value.iv), ...messages.slice(1)];
    expect(await refused(exchange(world.keys.decryptStream(), changed))).toMatchObject({
      code: status.INVALID_ARGUMENT,
      reason: 'CKR_ENCRYPTED_DATA_INVALID',
      fields: ['ciphertext'],
    });
  });

  it.each<[string, string, readonly SignStreamRequest[]]>([
    ['nothing at all', 'start', []],
    ['a part first', 'start', [inParts[3] ?? signStart(ecdsa)]],
    ['an empty message', 'start', [{ message: undefined }]],
    ['two starts', 'part', [signStart(ecdsa), signStart(ecdsa)]],
    ['an empty message later', 'part', [signStart(ecdsa), { message: undefined }]],
    ['EdDSA', 'start.algorithm', [signStart(S.SIGNATURE_ALGORITHM_EDDSA)]],
    ['no algorithm', 'start.algorithm', [signStart(0)]],
    ['no such key', 'start.key', [signStart(ecdsa, 'none')]],
    ['a key of another kind', 'algorithm', [signStart(S.SIGNATURE_ALGORITHM_RSA_PSS_SHA256)]],
  ])('%s is refused', async (_what, field, messages) => {
    expect((await refused(signing(messages))).fields).toEqual([field]);
  });
});

describe('a caller who goes', () => {
  const sessions = () => world.door.engine.left.sessions;

  it('leaves no session with something under way', async () => {
    await signing([signStart(ecdsa), ...inParts]);
    const before = sessions();
    const streams = Array.from({ length: 20 }, () => {
      const stream = world.keys.encryptStream();
      stream.on('error', () => undefined);
      stream.write({
        message: {
          $case: 'start',
          value: { key: named('aes'), algorithm: E.CIPHER_ALGORITHM_AES_CTR, iv: nothing, aad: nothing },
        },
      });
      return { stream, begun: new Promise((done) => stream.once('data', done)) };
    });
    await Promise.all(streams.map(({ begun }) => begun));
    expect(sessions()).toBeGreaterThan(before + 10);
    for (const { stream } of streams) stream.cancel();
    expect(await eventually(() => sessions() <= before, 60_000)).toBe(true);
    // Whoever comes next has a session in which nothing is under way.
    await signing([signStart(ecdsa), ...inParts]);
  });

  it('because his patience is at an end is told so', async () => {
    const before = sessions();
    const stream = world.keys.signStream(new Metadata(), { deadline: Date.now() + 200 }, () => undefined);
    const error = new Promise<ServiceError>((done) => stream.on('error', done as never));
    const over = new Promise<{ code: number }>((done) => stream.on('status', done));
    stream.write(signStart(ecdsa));
    expect((await Promise.race([over, error])).code).toBe(status.DEADLINE_EXCEEDED);
    expect(await eventually(() => sessions() <= before, 60_000)).toBe(true);
  });

  it('with his connection leaves nothing of his: sessions, logins, temporary keys', async () => {
    const other = world.door.client(KeysClient);
    const { applications } = world.door.engine.left;
    await ask(other, other.generateRandom, { token: '', length: 1 });
    expect(world.door.engine.left.applications).toBe(applications + 1);
    world.door.disconnect();
    expect(await eventually(() => world.door.engine.left.applications === 0, 60_000)).toBe(true);
    expect(world.door.engine.left.sessions).toBe(0);
    // The same client, on a connection that the door has not seen before, has to log in again.
    const sign = SignRequest.fromPartial({
      key: named('ec'),
      algorithm: ecdsa,
      input: { $case: 'data', value: bytes('x') },
    });
    expect(await refused(ask(world.keys, world.keys.sign, sign))).toMatchObject({ code: status.NOT_FOUND });
  });
});
