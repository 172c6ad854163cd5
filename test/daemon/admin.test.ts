/** The service Admin, health checks and reflection: what they tell, and whom. */
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { type ClientReadableStream, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everything } from '../../module/engine/policy/rights.ts';
import {
  HealthClient,
  HealthCheckResponse_ServingStatus as Serving,
} from '../../module/wire/generated/grpc/health/v1/health.ts';
import {
  ServerReflectionClient,
  type ServerReflectionRequest,
  type ServerReflectionResponse,
} from '../../module/wire/generated/grpc/reflection/v1/reflection.ts';
import {
  type AdminClient,
  AuditFile,
  KeyState,
  PinOwner,
  type ReadAuditLogResponse,
} from '../../module/wire/generated/strongroom/v1/admin.ts';
import {
  GenerateKeyRequest,
  KeyAlgorithm,
  KeysClient,
  ListKeysRequest,
} from '../../module/wire/generated/strongroom/v1/keys.ts';
import { eventually } from '../support/programs.ts';
import { ask, refused } from './support/local-door.ts';
import { bytes, nothing, soPin, userPin, World } from './support/world.ts';

let world: World;
let admin: AdminClient;
beforeAll(async () => {
  world = await World.make(false);
  ({ admin } = world);
});
afterAll(async () => {
  expect(world.door.log).toEqual([]);
  await world.close();
});

/** All that a stream brings until it ends. */
function gather<A>(stream: ClientReadableStream<A>): Promise<A[]> {
  return new Promise((resolve, reject) => {
    const all: A[] = [];
    stream.on('data', (answer: A) => all.push(answer));
    stream.on('end', () => resolve(all));
    stream.on('error', reject);
  });
}

/** Runs with fewer rights than everything. */
async function without<T>(rights: 'operator' | 'auditor' | 'metrics', work: () => Promise<T>): Promise<T> {
  const { engine } = world.door.engine;
  engine.rightsOf = () => ({ ...everything, [rights]: false });
  try {
    return await work();
  } finally {
    engine.rightsOf = () => everything;
  }
}

describe('Admin', () => {
  it('says who its client is', async () => {
    expect(await ask(admin, admin.whoAmI, {})).toEqual({
      names: ['spiffe://example.test/client', 'dns:client.example'],
      fingerprint: 'ab'.repeat(32),
      address: '127.0.0.1:1234',
    });
  });

  it('knows tokens, and their PINs', async () => {
    const { tokens } = await ask(admin, admin.listTokens, {});
    expect(tokens).toMatchObject([
      { label: 'web', initialized: true, userPinSet: true, userPinLocked: false, loginRequired: true },
    ]);
    const user = { token: 'web', owner: PinOwner.PIN_OWNER_USER };
    const before = await ask(admin, admin.getPinStatus, user);
    expect(before.attemptsLeft).toBe(before.attemptsMost);
    const keys = world.door.client(KeysClient);
    await refused(ask(keys, keys.login, { token: 'web', pin: bytes('wrong') }));
    expect((await ask(admin, admin.getPinStatus, user)).attemptsLeft).toBe(before.attemptsMost - 1);
  });

  it('changes PINs and labels, and leaves no login behind', async () => {
    const other = bytes('another-pin');
    const change = { token: 'web', owner: PinOwner.PIN_OWNER_USER };
    await ask(admin, admin.changePin, { ...change, oldPin: bytes(userPin), newPin: other });
    expect(
      await refused(ask(admin, admin.changePin, { ...change, oldPin: bytes(userPin), newPin: other })),
    ).toMatchObject({ code: status.UNAUTHENTICATED, fields: ['old_pin'] });
    expect(
      await refused(ask(admin, admin.changePin, { ...change, oldPin: other, newPin: bytes('1') })),
    ).toMatchObject({ code: status.INVALID_ARGUMENT, reason: 'CKR_PIN_LEN_RANGE', fields: ['new_pin'] });
    await ask(admin, admin.resetPin, { token: 'web', soPin: bytes(soPin), newPin: bytes(userPin) });
    const officer = { token: 'web', owner: PinOwner.PIN_OWNER_SO };
    await ask(admin, admin.changePin, { ...officer, oldPin: bytes(soPin), newPin: bytes('new-so-pin') });
    await ask(admin, admin.changePin, { ...officer, oldPin: bytes('new-so-pin'), newPin: bytes(soPin) });
    await ask(admin, admin.renameToken, { token: 'web', soPin: bytes(soPin), newLabel: 'shop' });
    await ask(admin, admin.renameToken, { token: 'shop', soPin: bytes(soPin), newLabel: 'web' });
    // The security officer would be in the way of a user.
    const keys = world.door.client(KeysClient);
    await ask(keys, keys.login, { token: 'web', pin: bytes(userPin) });
    await ask(admin, admin.resetPin, { token: 'web', soPin: bytes(soPin), newPin: bytes(userPin) });
    world.door.disconnect();
    expect(await eventually(() => world.door.engine.left.applications === 0, 60_000)).toBe(true);
  });

  it.each<[string, string, (admin: AdminClient) => Promise<unknown>]>([
    [
      'a label that is too long',
      'label',
      (a) => ask(a, a.initToken, { slot: 0, soPin: bytes(soPin), label: 'x'.repeat(33) }),
    ],
    ['no label', 'label', (a) => ask(a, a.initToken, { slot: 0, soPin: bytes(soPin), label: '' })],
    ['no PIN', 'so_pin', (a) => ask(a, a.initToken, { slot: 0, soPin: nothing, label: 'web' })],
    [
      'a new label that is empty',
      'new_label',
      (a) => ask(a, a.renameToken, { token: 'web', soPin: bytes(soPin), newLabel: '' }),
    ],
    ['no owner', 'owner', (a) => ask(a, a.getPinStatus, { token: 'web', owner: 0 })],
    [
      'a later owner',
      'owner',
      (a) => ask(a, a.changePin, { token: 'web', owner: 9 as never, oldPin: bytes('1'), newPin: bytes('2') }),
    ],
    [
      'no old PIN',
      'old_pin',
      (a) => ask(a, a.changePin, { token: 'web', owner: 1, oldPin: nothing, newPin: bytes('2') }),
    ],
    [
      'no new PIN',
      'new_pin',
      (a) => ask(a, a.resetPin, { token: 'web', soPin: bytes(soPin), newPin: nothing }),
    ],
    ['no PIN to unlock', 'pin', (a) => ask(a, a.unlockToken, { token: 'web', pin: nothing })],
    ['no file', 'file', (a) => gather(a.readAuditLog({ file: 0, offset: 0, follow: false }))],
    ['a later file', 'file', (a) => gather(a.readAuditLog({ file: 9 as never, offset: 0, follow: false }))],
    [
      'a file that does not go on',
      'follow',
      (a) => gather(a.readAuditLog({ file: AuditFile.AUDIT_FILE_ANCHOR, offset: 0, follow: true })),
    ],
  ])('%s is refused', async (_what, field, call) => {
    expect(await refused(call(admin))).toMatchObject({ code: status.INVALID_ARGUMENT, fields: [field] });
  });

  it('a token that is not there is nobody’s', async () => {
    expect(await refused(ask(admin, admin.getPinStatus, { token: 'none', owner: 1 }))).toMatchObject({
      code: status.NOT_FOUND,
      fields: ['token'],
    });
    expect(
      await refused(ask(admin, admin.initToken, { slot: 77, soPin: bytes(soPin), label: 'x' })),
    ).toMatchObject({ code: status.NOT_FOUND, reason: 'CKR_SLOT_ID_INVALID' });
    expect(
      await refused(ask(admin, admin.initToken, { slot: 0, soPin: bytes('wrong'), label: 'x' })),
    ).toMatchObject({ code: status.UNAUTHENTICATED, fields: ['so_pin'] });
  });

  it('tells how the engine is, to operators', async () => {
    const state = await ask(admin, admin.getEngineStatus, {});
    expect(state).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      tokens: 1,
      unlockedSlots: [],
    });
    expect(JSON.parse(state.json)).toMatchObject({ pid: process.pid });
    expect(await ask(admin, admin.getPolicy, {})).toEqual({ source: '', trouble: '' });
    await without('operator', async () => {
      for (const call of [
        () => ask(admin, admin.getEngineStatus, {}),
        () => ask(admin, admin.getPolicy, {}),
        () => ask(admin, admin.stopEngine, { force: true }),
      ])
        expect(await refused(call())).toMatchObject({
          code: status.PERMISSION_DENIED,
          reason: 'CKR_FUNCTION_REJECTED',
        });
    });
    // This engine serves one user alone, and counts nothing.
    expect((await refused(ask(admin, admin.unlockToken, { token: 'web', pin: bytes(userPin) }))).code).toBe(
      status.UNIMPLEMENTED,
    );
    expect((await refused(ask(admin, admin.lockToken, { token: 'web' }))).code).toBe(status.UNIMPLEMENTED);
    expect((await refused(ask(admin, admin.getMetrics, {}))).code).toBe(status.UNIMPLEMENTED);
  });

  it('ends the engine only where nobody else uses it, or by force', async () => {
    const keys = world.door.client(KeysClient);
    await ask(keys, keys.generateRandom, { token: '', length: 1 });
    expect(await refused(ask(admin, admin.stopEngine, { force: false }))).toMatchObject({
      code: status.FAILED_PRECONDITION,
      reason: 'CKR_SESSION_EXISTS',
    });
    let stopped = false;
    world.door.engine.engine.onStop = () => {
      stopped = true;
    };
    await ask(admin, admin.stopEngine, { force: true });
    expect(await eventually(() => stopped, 60_000)).toBe(true);
  });

  it('hands the audit log out, to auditors, and goes on with it', async () => {
    const head = await ask(admin, admin.getAuditHead, {});
    expect(Buffer.from(head.anchor.subarray(0, 8)).toString('latin1')).toBe('SR-AUDA1');
    const log = { file: AuditFile.AUDIT_FILE_LOG, offset: 0, follow: false };
    const parts = await gather(admin.readAuditLog(log));
    const whole = Buffer.concat(parts.map(({ data }) => data));
    expect(whole.length).toBeGreaterThanOrEqual(head.length);
    const middle = Buffer.concat(
      (await gather(admin.readAuditLog({ ...log, offset: 100 }))).map(({ data }) => data),
    );
    expect(middle.subarray(0, 500).equals(whole.subarray(100, 600))).toBe(true);
    const [key] = await gather(admin.readAuditLog({ ...log, file: AuditFile.AUDIT_FILE_PUBLIC_KEY }));
    expect(Buffer.from(key?.data ?? []).toString()).toContain('BEGIN PUBLIC KEY');

    const following = admin.readAuditLog({ ...log, offset: whole.length, follow: true });
    let came = 0;
    following.on('data', ({ data }: ReadAuditLogResponse) => {
      came += data.length;
    });
    const ended = new Promise((done) => following.on('error', done));
    expect(await eventually(() => came > 0, 60_000)).toBe(true);
    const before = came;
    await ask(admin, admin.whoAmI, {});
    await refused(ask(admin, admin.initToken, { slot: 0, soPin: bytes('wrong'), label: 'x' }));
    expect(await eventually(() => came > before, 60_000)).toBe(true);
    following.cancel();
    await ended;

    await without('auditor', async () => {
      expect((await refused(gather(admin.readAuditLog(log)))).code).toBe(status.PERMISSION_DENIED);
      expect((await refused(ask(admin, admin.getAuditHead, {}))).code).toBe(status.PERMISSION_DENIED);
    });
  });

  it('takes a key from state to state, as the user or the security officer', async () => {
    const keys = world.door.client(KeysClient);
    await ask(keys, keys.login, { token: 'web', pin: bytes(userPin) });
    const spec = { token: 'web', label: 'life', algorithm: KeyAlgorithm.KEY_ALGORITHM_AES_256 };
    const made = await ask(keys, keys.generateKey, GenerateKeyRequest.fromPartial({ spec }));
    const { uniqueId = '', state } = made.key ?? {};
    expect(state).toBe('active');
    const key = { token: 'web', uniqueId, reason: 'tried out', compromisedSince: 0, halfOnly: false };
    const user = { owner: PinOwner.PIN_OWNER_USER, pin: bytes(userPin) };
    const officer = { owner: PinOwner.PIN_OWNER_SO, pin: bytes(soPin) };
    const order = (to: KeyState, more: object) =>
      ask(admin, admin.setKeyState, { ...key, ...user, state: to, ...more });
    const told = async (): Promise<string | undefined> =>
      (await ask(keys, keys.listKeys, ListKeysRequest.fromPartial({ label: 'life' }))).keys[0]?.state;
    await order(KeyState.KEY_STATE_SUSPENDED, { ...officer, pin: bytes(soPin) });
    expect(await told()).toBe('suspended');
    expect(await refused(order(KeyState.KEY_STATE_ACTIVE, { pin: bytes(userPin) }))).toMatchObject({
      reason: 'CKR_ATTRIBUTE_READ_ONLY',
      fields: ['state'],
    });
    await order(KeyState.KEY_STATE_ACTIVE, { ...officer, pin: bytes(soPin) });
    expect(
      await refused(order(KeyState.KEY_STATE_COMPROMISED, { pin: bytes(userPin), reason: '' })),
    ).toMatchObject({
      fields: ['reason'],
    });
    await order(KeyState.KEY_STATE_COMPROMISED, { pin: bytes(userPin), compromisedSince: 1_700_000_000 });
    expect(await told()).toBe('compromised');
    for (const [to, fields] of [
      [KeyState.KEY_STATE_DESTROYED, ['state']],
      [KeyState.KEY_STATE_UNSPECIFIED, ['state']],
      [KeyState.KEY_STATE_ACTIVE, ['state']],
    ] as const)
      expect(await refused(order(to, { pin: bytes(userPin) }))).toMatchObject({ fields });
    expect(
      await refused(order(KeyState.KEY_STATE_ACTIVE, { pin: bytes(userPin), uniqueId: 'f'.repeat(32) })),
    ).toMatchObject({ fields: ['unique_id'] });
    expect(await refused(order(KeyState.KEY_STATE_ACTIVE, { pin: bytes('wrong-pin') }))).toMatchObject({
      fields: ['pin'],
    });
    world.door.disconnect();
    expect(await eventually(() => world.door.engine.left.applications === 0, 60_000)).toBe(true);
  });

  it('says of what is not there yet that it is not', async () => {
    expect((await refused(gather(admin.createBackup({ token: 'web' })))).code).toBe(status.UNIMPLEMENTED);
  });
});

describe('health checks', () => {
  const check = (service = '') => {
    // Nobody is asked twice within a second, so each of these is another door's.
    const health = world.door.client(HealthClient);
    return ask(health, health.check, { service }).then(({ status: serving }) => serving);
  };
  /** Until an answer that was kept has become old. */
  const becomes = async (wanted: Serving) =>
    expect(await eventually(async () => (await check()) === wanted, 60_000)).toBe(true);

  it('say that the door serves, and each of its services', async () => {
    await becomes(Serving.SERVING);
    for (const service of ['strongroom.v1.Keys', 'strongroom.v1.Admin', 'strongroom.v1.Cryptoki'])
      expect(await check(service)).toBe(Serving.SERVING);
    expect((await refused(check('strongroom.v1.Nothing'))).code).toBe(status.NOT_FOUND);
  });

  it('say that it does not without an engine, or with a broken one, or where tokens must be unlocked', async () => {
    const { engine, config } = world.door;
    engine.down = true;
    await becomes(Serving.NOT_SERVING);
    engine.down = false;
    await becomes(Serving.SERVING);
    config.servingNeedsUnlocked = true;
    await becomes(Serving.NOT_SERVING);
    config.servingNeedsUnlocked = false;
    await becomes(Serving.SERVING);
    const { enter } = everything;
    engine.engine.rightsOf = () => ({ ...everything, enter: false });
    await becomes(Serving.SERVING);
    engine.engine.rightsOf = () => ({ ...everything, enter });
  });

  it('go on telling whoever watches', async () => {
    const health = world.door.client(HealthClient);
    const seen: number[] = [];
    const stream = health.watch({ service: '' });
    stream.on('data', ({ status: serving }: { status: number }) => seen.push(serving));
    const ended = new Promise((done) => stream.on('error', done));
    expect(await eventually(() => seen.length === 1, 60_000)).toBe(true);
    world.door.engine.down = true;
    expect(await eventually(() => seen.length === 2, 60_000)).toBe(true);
    world.door.engine.down = false;
    expect(await eventually(() => seen.length === 3, 60_000)).toBe(true);
    expect(seen).toEqual([Serving.SERVING, Serving.NOT_SERVING, Serving.SERVING]);
    stream.cancel();
    await ended;
    const other = health.watch({ service: 'none' });
    const first = await new Promise((done) => other.once('data', done));
    expect(first).toEqual({ status: Serving.SERVICE_UNKNOWN });
    other.on('error', () => undefined);
    other.cancel();
  });
});

describe('reflection', () => {
  function reflect(
    ...asked: readonly ServerReflectionRequest['messageRequest'][]
  ): Promise<ServerReflectionResponse[]> {
    const client = world.door.client(ServerReflectionClient);
    return new Promise((resolve, reject) => {
      const stream = client.serverReflectionInfo();
      const all: ServerReflectionResponse[] = [];
      stream.on('data', (answer: ServerReflectionResponse) => all.push(answer));
      stream.on('end', () => resolve(all));
      stream.on('error', reject);
      for (const messageRequest of asked) stream.write({ host: 'x', messageRequest });
      stream.end();
    });
  }

  it('tells operators what the door speaks, whole', async () => {
    const [services, keys, method, file] = await reflect(
      { $case: 'listServices', value: '' },
      { $case: 'fileContainingSymbol', value: 'strongroom.v1.Keys' },
      { $case: 'fileContainingSymbol', value: 'strongroom.v1.Keys.Sign' },
      { $case: 'fileByFilename', value: 'strongroom/v1/admin.proto' },
    );
    const listed = services?.messageResponse;
    if (listed?.$case !== 'listServicesResponse') throw new Error('no services');
    const names = listed.value.service.map(({ name }) => name);
    expect(names).toContain('strongroom.v1.Keys');
    expect(names).toContain('grpc.reflection.v1.ServerReflection');
    for (const answer of [keys, method, file]) {
      const found = answer?.messageResponse;
      if (found?.$case !== 'fileDescriptorResponse') throw new Error('no file');
      const set = found.value.fileDescriptorProto.map((one) => fromBinary(FileDescriptorProtoSchema, one));
      const registry = createFileRegistry({ $typeName: FileDescriptorSetSchema.typeName, file: set });
      const service = answer === file ? 'strongroom.v1.Admin' : 'strongroom.v1.Keys';
      expect(registry.getService(service)?.methods.length).toBeGreaterThan(15);
    }
  });

  it('says what it does not know', async () => {
    const answers = await reflect(
      { $case: 'fileContainingSymbol', value: 'no.such.Thing' },
      { $case: 'fileByFilename', value: '/etc/passwd' },
      { $case: 'fileContainingExtension', value: { containingType: 'x', extensionNumber: 1 } },
      { $case: 'allExtensionNumbersOfType', value: 'no.such.Thing' },
      { $case: 'allExtensionNumbersOfType', value: 'strongroom.v1.Key' },
      undefined,
    );
    expect(
      answers.map(({ messageResponse: message }) =>
        message?.$case === 'errorResponse' ? message.value.errorCode : message?.$case,
      ),
    ).toEqual([
      status.NOT_FOUND,
      status.NOT_FOUND,
      status.NOT_FOUND,
      status.NOT_FOUND,
      'allExtensionNumbersResponse',
      status.INVALID_ARGUMENT,
    ]);
  });

  it('tells nobody else', async () => {
    await without('operator', async () => {
      expect((await refused(reflect({ $case: 'listServices', value: '' }))).code).toBe(
        status.PERMISSION_DENIED,
      );
    });
  });
});
