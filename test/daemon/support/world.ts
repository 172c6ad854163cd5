/** A door with a token, and a client that has logged in to it. */
import { AdminClient } from '../../../module/wire/generated/strongroom/v1/admin.ts';
import {
  GenerateKeyRequest,
  type GenerateKeyResponse,
  type KeyAlgorithm,
  KeySpec,
  KeysClient,
} from '../../../module/wire/generated/strongroom/v1/keys.ts';
import { ask, LocalDoor } from './local-door.ts';

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const soPin = 'so-pin-1234';
export const userPin = 'user-pin-1234';
export const nothing = new Uint8Array(0);

export class World {
  readonly door: LocalDoor;
  readonly admin: AdminClient;
  readonly keys: KeysClient;

  private constructor(door: LocalDoor) {
    this.door = door;
    this.admin = door.client(AdminClient);
    this.keys = door.client(KeysClient);
  }

  static async make(login = true): Promise<World> {
    const world = new World(await LocalDoor.make());
    const { admin, keys } = world;
    const { tokens } = await ask(admin, admin.listTokens, {});
    const slot = tokens[0]?.slot ?? -1;
    await ask(admin, admin.initToken, { slot, soPin: bytes(soPin), label: 'web' });
    await ask(admin, admin.resetPin, { token: 'web', soPin: bytes(soPin), newPin: bytes(userPin) });
    if (login) await ask(keys, keys.login, { token: 'web', pin: bytes(userPin) });
    return world;
  }

  generate(
    label: string,
    algorithm: KeyAlgorithm,
    more: Partial<KeySpec> = {},
    idempotencyKey = '',
  ): Promise<GenerateKeyResponse> {
    const spec = KeySpec.fromPartial({ label, algorithm });
    return ask(
      this.keys,
      this.keys.generateKey,
      GenerateKeyRequest.fromPartial({ spec: { ...spec, ...more }, idempotencyKey }),
    );
  }

  close(): Promise<void> {
    return this.door.close();
  }
}

export const named = (label: string) => ({ token: '', label, id: nothing, uniqueId: '', uri: '' });
