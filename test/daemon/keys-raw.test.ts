/** Every call of Keys and Admin with messages that nobody would write: empty, random bytes, and random values in every field. None is a bug of ours. */
import {
  create,
  createFileRegistry,
  type DescField,
  type DescMessage,
  fromBinary,
  type Message,
  toBinary,
} from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { Client, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { description } from '../../module/wire/generated/description.ts';
import { KeyAlgorithm } from '../../module/wire/generated/strongroom/v1/keys.ts';
import { soakCount } from '../support/soak.ts';
import { told } from './support/local-door.ts';
import { World } from './support/world.ts';

const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, Buffer.from(description, 'base64')));

let world: World;
let client: Client;
beforeAll(async () => {
  world = await World.make();
  await world.generate('a key', KeyAlgorithm.KEY_ALGORITHM_EC_P256);
  await world.generate('other', KeyAlgorithm.KEY_ALGORITHM_AES_256);
  client = world.door.client(Client as never);
});
afterAll(async () => {
  expect(world.door.log).toEqual([]);
  await world.close();
});

/** xorshift: the same messages in each run. */
class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = seed | 1;
  }
  below(most: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % most;
  }
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
  bytes(): Uint8Array {
    const length = this.of([0, 1, 12, 16, 32, 33, 64, 256, 1025, 70_000]);
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at++) bytes[at] = this.below(256);
    return bytes;
  }
}

const texts = [
  '',
  'web',
  'a key',
  'other',
  'pkcs11:object=a%20key',
  'pkcs11:%',
  'x'.repeat(70_000),
  '\u{1f511}\u0000',
  '..',
  'AAAAAAAAAAAAAAAA.0',
];

function anyValue(field: DescField, dice: Dice, depth: number): unknown {
  if (field.fieldKind === 'enum') return dice.of([0, 1, 2, 3, 7, 12, 99, -1, 0x7fff_ffff]);
  if (field.fieldKind === 'message') return messageOf(field.message, dice, depth + 1);
  if (field.fieldKind !== 'scalar') return undefined;
  switch (field.scalar) {
    case 8: // BOOL
      return dice.below(2) === 1;
    case 9: // STRING
      return dice.of(texts);
    case 12: // BYTES
      return dice.bytes();
    case 4: // UINT64
      return BigInt(dice.of([0, 1, 100, 2 ** 32, Number.MAX_SAFE_INTEGER]));
    default:
      return dice.of([0, 1, 7, 8, 100, 1 << 20, 0xffff_ffff]);
  }
}

function messageOf(type: DescMessage, dice: Dice, depth = 0): Message {
  const message = create(type);
  const fields = reflect(type, message, false);
  for (const field of type.fields) {
    if (depth > 4 || dice.below(4) === 0) continue;
    if (field.fieldKind === 'list') {
      if (field.listKind === 'enum')
        for (let i = dice.below(4); i > 0; i--) fields.get(field).add(dice.below(9));
      continue;
    }
    const value = anyValue(field, dice, depth);
    if (value !== undefined) fields.set(field, value as never);
  }
  return message;
}

/** Sends bytes as one message, and says how it went. */
function send(method: string, streams: boolean, bytes: Uint8Array): Promise<number> {
  const as = (message: Uint8Array): Buffer => Buffer.from(message);
  return new Promise((resolve) => {
    const answered = (error: unknown): void => {
      const { code, message } = error === null ? { code: 0, message: '' } : told(error);
      // What is no message at all is found by gRPC's library.
      resolve(message.includes('deserializing') ? status.INVALID_ARGUMENT : code);
    };
    const deadline = { deadline: Date.now() + 100_000 };
    if (!streams) {
      client.makeUnaryRequest(method, as, (answer) => answer, bytes, deadline, answered);
      return;
    }
    const stream = client.makeBidiStreamRequest(method, as, (answer) => answer, deadline);
    stream.on('data', () => undefined);
    stream.on('error', answered);
    stream.on('end', () => resolve(0));
    stream.write(bytes);
    stream.end();
  });
}

/** What would end the test, or not end by itself. */
const apart = ['StopEngine', 'ReadAuditLog'];
const methods = ['strongroom.v1.Keys', 'strongroom.v1.Admin'].flatMap((name) =>
  (registry.getService(name)?.methods ?? [])
    .filter((method) => !apart.includes(method.name))
    .map((method) => ({ name: `${name}/${method.name}`, method })),
);
/** What may come of it: whatever blames the client, or says that he must wait; never that something is broken. */
const broken = [
  status.INTERNAL,
  status.UNKNOWN,
  status.DATA_LOSS,
  status.DEADLINE_EXCEEDED,
  status.UNAVAILABLE,
];

describe('a message that nobody would write', () => {
  it.each(methods)('is no trouble to $name', async ({ name, method }) => {
    const dice = new Dice(name.length * 7919 + method.input.fields.length);
    const streams = method.methodKind !== 'unary';
    const random = Array.from({ length: 10 }, () => dice.bytes());
    const likely = Array.from({ length: soakCount(200, 25) }, () =>
      toBinary(method.input, messageOf(method.input, dice)),
    );
    for (const bytes of [new Uint8Array(0), ...random, ...likely]) {
      const code = await send(`/${name}`, streams, bytes);
      expect(broken, `${name} ${Buffer.from(bytes.subarray(0, 500)).toString('hex')}`).not.toContain(code);
    }
  });
});
