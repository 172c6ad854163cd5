/** SHA-256 over what lies sealed in the database: what manifests and the head say of it. */
import { type Enclave, Hash } from '../../enclave/enclave.ts';
import type { SealedKeyRow } from './database.ts';
import { accepted } from './errors.ts';
import { Packer } from './packing.ts';
import { type Keyslot, pinAlone } from './token.ts';

/** SHA-256 over a token's keyslots, in the order of their kinds. A PIN alone is as the first releases had it, whose KDFs have other names. */
export function digestKeyslots(enclave: Enclave, keyslots: Iterable<Keyslot>): Uint8Array {
  const packer = new Packer();
  for (const { kind, factors, wrapped } of [...keyslots].sort((a, b) => a.kind - b.kind)) {
    packer.u32(kind);
    const alone = pinAlone(factors) !== undefined;
    if (!alone) packer.text('all of').u32(factors.length);
    for (const { factor, kdf, parameters, salt } of factors) {
      if (!alone) packer.text(factor);
      packer.text(kdf).text(parameters).blob(salt);
    }
    packer.blob(wrapped);
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
