/** The enclave as it was built; apart from support.ts so that child processes can load it without the test runner. */
import path from 'node:path';
import type { KeyHandle } from '../../module/enclave/enclave.ts';
import { loadEnclave } from '../../module/enclave/load.ts';
import { OpenedRow, type OpenedRows } from '../../module/engine/store/rows.ts';
import type { Store } from '../../module/engine/store/store.ts';
import type { Token } from '../../module/engine/store/token.ts';

export const enclave = loadEnclave(path.join(import.meta.dirname, '../../out/lib/strongroom/enclave.node'));

/** A stored object as tests look at it. */
export interface Loaded {
  readonly id: Uint8Array;
  readonly version: number;
  readonly attributes: Uint8Array;
  readonly hasValue: boolean;
}

function loadedOf({ bytes, from, to }: OpenedRows): Loaded[] {
  const objects: Loaded[] = [];
  for (let at = from; at < to; at = OpenedRow.end(bytes, at)) {
    objects.push({
      id: OpenedRow.id(bytes, at),
      version: OpenedRow.version(bytes, at),
      attributes: bytes.slice(OpenedRow.attributesAt(at), OpenedRow.end(bytes, at)),
      hasValue: OpenedRow.hasValue(bytes, at),
    });
  }
  return objects;
}

/** All public objects. */
export function loadPublic(store: Store, token: Token): Loaded[] {
  const objects: Loaded[] = [];
  store.objects.loadPublic(token, (rows) => objects.push(...loadedOf(rows)));
  return objects;
}

/** A whole load, as a login makes it. */
export function loadPrivate(
  store: Store,
  token: Token,
  master: KeyHandle,
): { objects: Loaded[]; unconfirmed: number } {
  const objects: Loaded[] = [];
  const load = store.objects.loadPrivate(token, master, (rows) => objects.push(...loadedOf(rows)));
  while (!load.step());
  return { objects, unconfirmed: load.unconfirmed };
}
