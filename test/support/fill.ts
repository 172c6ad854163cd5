/** Makes a store whose tokens hold as many objects as wanted, in seconds: through the store's own code, without an engine. */
import path from 'node:path';
import type { Enclave, KeyHandle } from '../../module/enclave/enclave.ts';
import { loadEnclave } from '../../module/enclave/load.ts';
import { objectHandlers } from '../../module/engine/calls/objects.ts';
import * as ck from '../../module/engine/generated/constants.ts';
import { type AttributeSet, ulongValue } from '../../module/engine/objects/attribute-set.ts';
import { newObjectId, uniqueIdValue } from '../../module/engine/objects/unique-id.ts';
import { Pins } from '../../module/engine/store/keyslot.ts';
import type { NewObject } from '../../module/engine/store/objects.ts';
import { Store } from '../../module/engine/store/store.ts';
import { template, type Value, World } from '../engine/objects/world.ts';
import { cheapKdf } from './kdf.ts';

export const fillSoPin = 'so-pin-1234';
export const fillUserPin = 'user-pin-1234';

/** A token with objects that differ in label, CKA_ID and CKA_UNIQUE_ID only. */
export interface FilledToken {
  readonly label: string;
  readonly objects: number;
  readonly kind: 'aes' | 'ec' | 'data' | 'certificate';
}

/** The label of the object of that number. */
export function fillLabel(number: number): string {
  return `object-${String(number).padStart(7, '0')}`;
}

const ROWS_PER_COMMIT = 1_000;
const P256 = Uint8Array.of(0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7);

function patternOf(kind: FilledToken['kind']): readonly (readonly [number, Value])[] {
  switch (kind) {
    case 'aes':
      return [
        [ck.CKA_CLASS, ck.CKO_SECRET_KEY],
        [ck.CKA_KEY_TYPE, ck.CKK_AES],
        [ck.CKA_VALUE, new Uint8Array(32).fill(7)],
      ];
    case 'ec':
      return [
        [ck.CKA_CLASS, ck.CKO_PRIVATE_KEY],
        [ck.CKA_KEY_TYPE, ck.CKK_EC],
        [ck.CKA_EC_PARAMS, P256],
        [ck.CKA_VALUE, new Uint8Array(32).fill(7)],
        [ck.CKA_SUBJECT, 'CN=the same subject for all of them'],
      ];
    case 'data':
      return [
        [ck.CKA_CLASS, ck.CKO_DATA],
        [ck.CKA_PRIVATE, false],
        [ck.CKA_VALUE, 'a value'],
      ];
    case 'certificate':
      return [
        [ck.CKA_CLASS, ck.CKO_CERTIFICATE],
        [ck.CKA_CERTIFICATE_TYPE, ck.CKC_X_509],
        [ck.CKA_SUBJECT, 'CN=the same subject for all of them'],
        [ck.CKA_VALUE, new Uint8Array(700).fill(0x30)],
      ];
  }
}

/** The enclave as it was built; it can be loaded once in a process. */
export function builtEnclave(): Enclave {
  return loadEnclave(path.join(import.meta.dirname, '../../out/lib/strongroom/enclave.node'));
}

/** @param folder an empty or missing folder, which becomes the store: STRONGROOM_HOME of whoever is to use it */
export function fillStore(enclave: Enclave, folder: string, tokens: readonly FilledToken[]): void {
  const store = Store.open(folder, enclave);
  try {
    const pins = new Pins(store, enclave, { kdf: cheapKdf, maxAttempts: [10, 10] });
    const keyFor = (text: string) => {
      const pin = Buffer.from(text);
      const choice = pins.choose();
      const salt = choice[0]?.salt ?? new Uint8Array();
      return { choice, kek: enclave.pinDerivePbkdf2Now(pin, 0, pin.length, salt, 1_000) };
    };
    for (const [slot, { label, objects, kind }] of tokens.entries()) {
      const so = keyFor(fillSoPin);
      const info = { label, serial: String(slot).padStart(16, '0'), flags: 0, created: Date.now() };
      const token = store.createToken(info, so);
      const master = store.unlock(token, 0, so.kek);
      if (master === null) throw new Error('the new token does not open');
      store.setKeyslot(token, 1, keyFor(fillUserPin), master);
      const world = new World(enclave);
      const session = world.login('user');
      const made = world.call(objectHandlers.C_CreateObject, session, {
        template: template(...patternOf(kind), [ck.CKA_TOKEN, true]),
      });
      const pattern = world.objects.get(session, made.handle());
      const key = pattern.hasKey ? pattern.key() : null;
      // In their order the database takes rows several times as fast.
      const ids = Array.from({ length: objects }, newObjectId).sort((a, b) => Buffer.compare(a, b));
      for (let from = 0; from < objects; from += ROWS_PER_COMMIT) {
        const rows: NewObject[] = [];
        for (const [place, id] of ids.slice(from, from + ROWS_PER_COMMIT).entries())
          rows.push(objectLike(pattern.attributes, id, from + place, key));
        store.objects.putAll(token, rows, master);
      }
      enclave.keyFree(master);
    }
  } finally {
    store.close();
  }
}

function objectLike(pattern: AttributeSet, id: Uint8Array, number: number, key: KeyHandle | null): NewObject {
  const changes: [number, Uint8Array][] = [
    [ck.CKA_UNIQUE_ID, uniqueIdValue(id)],
    [ck.CKA_LABEL, new TextEncoder().encode(fillLabel(number))],
  ];
  if (pattern.has(ck.CKA_ID)) changes.push([ck.CKA_ID, ulongValue(number)]);
  const isPrivate = pattern.bool(ck.CKA_PRIVATE) === true;
  return { id, private: isPrivate, attributes: pattern.with(changes).packed, value: key };
}
