/**
 * An enclave in plain JavaScript, as far as objects need one, for tests of the rules about objects. It keeps components as
 * they were given; what the real one checks about them is the real one's own tests' matter.
 */
import { createCipheriv, createHash } from 'node:crypto';
import {
  Component as C,
  type Component,
  type ComponentRanges,
  type Enclave,
  type KeyHandle,
  KeyKind,
} from '../../../module/enclave/enclave.ts';
import {
  CKR_ATTRIBUTE_TYPE_INVALID,
  CKR_KEY_HANDLE_INVALID,
} from '../../../module/engine/generated/constants.ts';

interface FakeKey {
  readonly kind: KeyKind;
  readonly components: Map<Component, Uint8Array>;
}

export class FakeEnclave {
  readonly keys = new Map<KeyHandle, FakeKey>();
  #next = 1;

  #add(kind: KeyKind, components: Map<Component, Uint8Array>): KeyHandle {
    const handle = this.#next++;
    this.keys.set(handle, { kind, components });
    return handle;
  }

  keyImport(kind: KeyKind, { ids, buffer, offsets, lengths }: ComponentRanges): number {
    const components = new Map<Component, Uint8Array>();
    for (const [i, id] of ids.entries()) {
      const at = offsets[i] ?? 0;
      components.set(id, buffer.slice(at, at + (lengths[i] ?? 0)));
    }
    // A private key of a curve knows its point; here any bytes will do.
    if (kind !== KeyKind.Secret && components.has(C.Value))
      components.set(C.EcPoint, new Uint8Array(65).fill(4));
    return this.#add(kind, components);
  }

  keyPublicOf(key: KeyHandle): number {
    const from = this.keys.get(key);
    if (from === undefined) return -CKR_KEY_HANDLE_INVALID;
    const shown: Component[] = [C.Modulus, C.PublicExponent, C.EcParams, C.EcPoint];
    return this.#add(
      (from.kind + 1) as KeyKind,
      new Map([...from.components].filter(([id]) => shown.includes(id))),
    );
  }

  keyDuplicate(key: KeyHandle): number {
    const from = this.keys.get(key);
    return from === undefined ? -CKR_KEY_HANDLE_INVALID : this.#add(from.kind, from.components);
  }

  keyFree(key: KeyHandle): void {
    this.keys.delete(key);
  }

  keySize(key: KeyHandle): number {
    return Math.ceil(this.keyBits(key) / 8);
  }

  keyBits(key: KeyHandle): number {
    return (this.keys.get(key)?.components.get(C.Value)?.length ?? 0) * 8;
  }

  keyComponent(
    key: KeyHandle,
    component: Component,
    out: Uint8Array,
    offset: number,
    length: number,
  ): number {
    const value = this.keys.get(key)?.components.get(component);
    if (value === undefined) return -CKR_ATTRIBUTE_TYPE_INVALID;
    if (length > 0) out.set(value.subarray(0, length), offset);
    return value.length;
  }

  keyCheckValue(key: KeyHandle, aes: boolean, out: Uint8Array, offset: number): number {
    const value = this.keys.get(key)?.components.get(C.Value) ?? new Uint8Array(0);
    const whole = aes
      ? createCipheriv(`aes-${value.length * 8}-ecb`, value, null).update(new Uint8Array(16))
      : createHash('sha1').update(value).digest();
    out.set(whole.subarray(0, 3), offset);
    return 3;
  }

  digest(
    _hash: number,
    data: Uint8Array,
    offset: number,
    length: number,
    out: Uint8Array,
    outOffset: number,
  ): number {
    const value = createHash('sha1')
      .update(data.subarray(offset, offset + length))
      .digest();
    out.set(value, outOffset);
    return value.length;
  }

  guardedBuffer(length: number): Uint8Array {
    return new Uint8Array(length);
  }

  zero(buffer: Uint8Array, offset: number, length: number): void {
    buffer.fill(0, offset, offset + length);
  }

  /** Typed as the whole face: what objects never call is not there. */
  get face(): Enclave {
    return this as unknown as Enclave;
  }
}
