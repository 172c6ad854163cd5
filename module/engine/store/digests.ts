/** SHA-256 over what lies sealed in the database: what manifests and the head say of it. */
import { type Enclave, Hash } from '../../enclave/enclave.ts';
import type { KeyslotRow, SealedKeyRow } from './database.ts';
import { accepted } from './errors.ts';
import { Packer } from './packing.ts';

/** SHA-256 over a token's keyslot rows, in the order of their kinds. */
export function digestKeyslots(enclave: Enclave, rows: Iterable<KeyslotRow>): Uint8Array {
  const packer = new Packer();
  const ordered = [...rows].sort((a, b) => a.kind - b.kind);
  for (const row of ordered) {
    packer.u32(row.kind).text(row.kdf).text(row.parameters).blob(row.salt).blob(row.wrapped);
  }
  return sha256(enclave, packer.finish());
}

export function sha256(enclave: Enclave, bytes: Uint8Array): Uint8Array {
  const digest = new Uint8Array(32);
  accepted(
    enclave.digest(Hash.Sha256, bytes, 0, bytes.length, digest, 0, digest.length),
    'a row of store.db',
  );
  return digest;
}

/** Over the store's own keys and bytes, in the order of their names. */
export function digestSealedKeys(enclave: Enclave, rows: Iterable<SealedKeyRow>): Uint8Array {
  const packer = new Packer();
  for (const row of rows) packer.text(row.name).blob(row.sealed);
  return sha256(enclave, packer.finish());
}
