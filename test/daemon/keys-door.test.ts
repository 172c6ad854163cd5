/** The services behind a real door, with certificates, lanes and a policy: who may what, and what restarts cost. Needs root. */
import { credentials, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  HealthClient,
  HealthCheckResponse_ServingStatus as Serving,
} from '../../module/wire/generated/grpc/health/v1/health.ts';
import { AdminClient } from '../../module/wire/generated/strongroom/v1/admin.ts';
import {
  CipherAlgorithm,
  DueReason,
  EncryptRequest,
  GenerateKeyRequest,
  GetKeyLifeRequest,
  KeyAlgorithm as K,
  KeysClient,
  ListDueKeysRequest,
  RotateKeyRequest,
  ScheduleRotationRequest,
  SignatureAlgorithm,
  SignRequest,
} from '../../module/wire/generated/strongroom/v1/keys.ts';
import { DoorService } from '../support/door.ts';
import { eventually } from '../support/programs.ts';
import { whyNoService } from '../support/service.ts';
import { ask, refused } from './support/local-door.ts';
import { bytes, named, soPin, userPin } from './support/world.ts';

const POLICY = `
[[rule]]
who = ["spiffe://example.test/boss"]
roles = ["user", "so", "operator", "auditor"]
new_tokens = true

[[rule]]
who = ["spiffe://example.test/sealer"]
keys = ["label:box"]
functions = ["encrypt"]
roles = []
pinless = true

[[rule]]
who = ["spiffe://example.test/keeper"]
functions = ["find", "read"]
roles = []
pinless = true
`;

const name = (who: string) => ({ spiffe: [`spiffe://example.test/${who}`] });

interface Client {
  close(): void;
}

describe.skipIf(whyNoService() !== undefined)('behind a real door', () => {
  let door: DoorService;
  let admin: AdminClient;
  let keys: KeysClient;
  const open: Client[] = [];

  function client<T extends Client>(
    type: new (address: string, channel: ReturnType<typeof credentials.createSsl>, options: object) => T,
    who: string,
  ): T {
    const { certificate, key } = door.authority.issue(name(who));
    const [ca, own, chain] = [door.authority.certificate, key, certificate].map((pem) => Buffer.from(pem));
    const made = new type(`localhost:${door.port}`, credentials.createSsl(ca, own, chain), {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 500,
    });
    open.push(made);
    return made;
  }

  const generate = (label: string, algorithm: K, idempotencyKey = '') =>
    ask(
      keys,
      keys.generateKey,
      GenerateKeyRequest.fromPartial({ spec: { label, algorithm }, idempotencyKey }),
    );
  const login = () => ask(keys, keys.login, { token: 'web', pin: bytes(userPin) });
  const sign = (from: KeysClient, label = 'tls') =>
    ask(
      from,
      from.sign,
      SignRequest.fromPartial({
        key: named(label),
        algorithm: SignatureAlgorithm.SIGNATURE_ALGORITHM_ECDSA_SHA256,
        input: { $case: 'data', value: bytes('data') },
      }),
      { deadline: Date.now() + 60_000 },
    );
  const applications = async () => (await ask(admin, admin.getEngineStatus, {})).applications;

  beforeAll(async () => {
    door = await DoorService.make(POLICY);
    admin = client(AdminClient, 'boss');
    keys = client(KeysClient, 'boss');
    const { tokens } = await ask(admin, admin.listTokens, {});
    const slot = tokens.find(({ initialized }) => !initialized)?.slot ?? -1;
    await ask(admin, admin.initToken, { slot, soPin: bytes(soPin), label: 'web' });
    await ask(admin, admin.resetPin, { token: 'web', soPin: bytes(soPin), newPin: bytes(userPin) });
    await login();
    await generate('tls', K.KEY_ALGORITHM_EC_P256);
    await generate('box', K.KEY_ALGORITHM_AES_256);
  });
  afterAll(async () => {
    for (const one of open) one.close();
    await door?.close();
  });

  it('many sign at once on one connection', async () => {
    const all = await Promise.all(Array.from({ length: 300 }, () => sign(keys)));
    expect(all.every(({ signature }) => signature.length > 60)).toBe(true);
  });

  it('the policy says who may what, by the names of certificates', async () => {
    const sealer = client(KeysClient, 'sealer');
    const encrypt = (label: string) =>
      ask(
        sealer,
        sealer.encrypt,
        EncryptRequest.fromPartial({
          key: named(label),
          algorithm: CipherAlgorithm.CIPHER_ALGORITHM_AES_GCM,
          plaintext: new Uint8Array(200_000),
        }),
      );
    // Its key needs no login of it, as long as the token is unlocked; who encrypts may not do anything else.
    expect((await refused(encrypt('box'))).code).toBe(status.NOT_FOUND);
    await ask(admin, admin.unlockToken, { token: 'web', pin: bytes(userPin) });
    const { ciphertext, iv } = await encrypt('box');
    expect([ciphertext.length, iv.length]).toEqual([200_016, 12]);
    expect((await refused(sign(sealer))).code).toBe(status.NOT_FOUND);
    expect((await refused(ask(sealer, sealer.login, { token: 'web', pin: bytes(userPin) }))).code).toBe(
      status.UNIMPLEMENTED,
    );
    const theirs = client(AdminClient, 'sealer');
    expect((await ask(theirs, theirs.whoAmI, {})).names).toEqual(['spiffe://example.test/sealer']);
    expect((await refused(ask(theirs, theirs.getEngineStatus, {}))).code).toBe(status.PERMISSION_DENIED);
    await ask(admin, admin.lockToken, { token: 'web' });
    expect((await refused(encrypt('box'))).code).toBe(status.NOT_FOUND);
  });

  it('whoever may read attributes hears of keys’ lives without a PIN, and changes none', async () => {
    const keeper = client(KeysClient, 'keeper');
    const lifeOf = (from: KeysClient, label = 'box') =>
      ask(from, from.getKeyLife, GetKeyLifeRequest.fromPartial({ key: named(label) }));
    const due = () =>
      ask(
        keeper,
        keeper.listDueKeys,
        ListDueKeysRequest.fromPartial({ token: 'web', withinSeconds: 91 * 86_400 }),
      );
    expect((await refused(lifeOf(keeper))).code).toBe(status.NOT_FOUND);
    expect((await due()).keys).toEqual([]);
    const schedule = ScheduleRotationRequest.fromPartial({ key: named('box'), everySeconds: 90 * 86_400 });
    await ask(keys, keys.scheduleRotation, schedule);
    await ask(admin, admin.unlockToken, { token: 'web', pin: bytes(userPin) });
    expect((await lifeOf(keeper)).life).toMatchObject({ rotateEvery: 90 * 86_400, rotationDue: false });
    expect((await due()).keys).toMatchObject([
      { key: { label: 'box' }, reasons: [DueReason.DUE_REASON_ROTATION] },
    ]);
    // Whoever may use a key may know of it, and of no other.
    const sealer = client(KeysClient, 'sealer');
    expect((await lifeOf(sealer)).key?.label).toBe('box');
    expect((await refused(lifeOf(sealer, 'tls'))).code).toBe(status.NOT_FOUND);
    const rotation = RotateKeyRequest.fromPartial({ key: named('box') });
    expect((await refused(ask(keeper, keeper.rotateKey, rotation))).reason).toBe('CKR_USER_NOT_LOGGED_IN');
    expect((await refused(ask(keeper, keeper.scheduleRotation, schedule))).code).toBe(
      status.PERMISSION_DENIED,
    );
    await ask(admin, admin.lockToken, { token: 'web' });
    const { key, oldKey } = await ask(keys, keys.rotateKey, rotation);
    expect((await lifeOf(keys)).life).toMatchObject({ predecessor: oldKey?.uniqueId, successor: '' });
    expect((await lifeOf(keys)).key).toEqual(key);
  });

  it('whom no rule names is let in nowhere, and hears that the door serves', async () => {
    const stranger = client(KeysClient, 'stranger');
    expect(
      await refused(ask(stranger, stranger.listKeys, { token: '', label: '', pageSize: 0, pageToken: '' })),
    ).toMatchObject({
      code: status.PERMISSION_DENIED,
      reason: 'CKR_FUNCTION_REJECTED',
    });
    const health = client(HealthClient, 'stranger');
    expect(await ask(health, health.check, { service: '' })).toEqual({ status: Serving.SERVING });
  });

  it('a connection takes its application, its login and its temporary keys with it', async () => {
    const other = client(KeysClient, 'boss');
    const before = await applications();
    await ask(other, other.login, { token: 'web', pin: bytes(userPin) });
    const spec = { label: 'gone', algorithm: K.KEY_ALGORITHM_AES_128, temporary: true };
    await ask(other, other.generateKey, GenerateKeyRequest.fromPartial({ spec }));
    expect(await applications()).toBe(before + 1);
    other.close();
    expect(await eventually(async () => (await applications()) === before, 60_000)).toBe(true);
  });

  it('the door’s end costs logins, and the engine’s as well; then all goes on', async () => {
    const made = await generate('repeated', K.KEY_ALGORITHM_AES_128, 'key');
    expect((await generate('repeated', K.KEY_ALGORITHM_AES_128, 'key')).key).toEqual(made.key);
    await door.stopDoor('SIGKILL');
    await door.startDoor();
    const back = async () => {
      try {
        await sign(keys);
        return 'signed';
      } catch (error) {
        return (error as { code: number }).code;
      }
    };
    // Until its connection is there again a client hears that; then, that it has to log in.
    expect(await eventually(async () => (await back()) === status.NOT_FOUND, 60_000)).toBe(true);
    await login();
    await sign(keys);
    // Idempotency keys are the door's memory, and go with it.
    expect((await generate('repeated', K.KEY_ALGORITHM_AES_128, 'key')).key?.uniqueId).not.toBe(
      made.key?.uniqueId,
    );

    await ask(admin, admin.stopEngine, { force: true });
    await eventually(async () => (await back()) === status.UNAVAILABLE, 5_000);
    await door.service.stop();
    await door.service.start();
    expect(await eventually(async () => (await back()) === status.NOT_FOUND, 60_000)).toBe(true);
    await login();
    expect((await sign(keys)).signature.length).toBeGreaterThan(60);
  });
});
