/**
 * The audit chain's secrets, kept by the enclave: the MAC key is derived from the store key, the signing key is made once
 * per store and sealed under it.
 */
import type { ChainKeeper } from '../../../audit/writer.ts';
import { Component, type Enclave, Hash, type KeyHandle, KeyKind, Scheme } from '../../enclave/enclave.ts';
import { accepted } from './errors.ts';
import type { Store } from './store.ts';

/** CKA_EC_PARAMS of Ed25519: the OID 1.3.101.112 (RFC 8410, section 3) in DER. */
const ed25519Params = Uint8Array.of(0x06, 0x03, 0x2b, 0x65, 0x70);

export interface EnclaveChainKeeper extends ChainKeeper {
  /** Frees the keys; the log has been closed before. */
  close(): void;
}

/** @returns the keeper for this store's log; its signing key is made when the store has none */
export function openChainKeeper(store: Store, enclave: Enclave): EnclaveChainKeeper {
  const macRoot = store.deriveKey('audit chain');
  const signing = store.namedKey('audit signing', () =>
    accepted(enclave.keyGenerateEc(KeyKind.Ed25519Private, ed25519Params), 'the audit signing key'),
  );
  const publicKey = publicPoint(enclave, signing);
  return {
    start: (previousHash) => {
      accepted(enclave.auditStart(macRoot, previousHash), 'the audit chain');
    },
    seal: (buffer, offset, length) => {
      const result = enclave.auditSeal(buffer, offset, length);
      if (result < 0) accepted(result, 'the audit chain');
    },
    check: (hash, mac) => enclave.auditCheck(hash, mac) === 1,
    sign: (message) => {
      const signature = new Uint8Array(64);
      const { Ed25519 } = Scheme;
      const { None } = Hash;
      const length = message.length;
      accepted(
        enclave.sign(0, signing, Ed25519, None, None, 0, false, null, message, 0, length, signature, 0, 64),
        'a checkpoint',
      );
      return signature;
    },
    publicKey: () => publicKey,
    close: () => {
      enclave.keyFree(macRoot);
      enclave.keyFree(signing);
    },
  };
}

function publicPoint(enclave: Enclave, signing: KeyHandle): Uint8Array {
  const half = accepted(enclave.keyPublicOf(signing), 'the audit public key');
  try {
    const point = new Uint8Array(32);
    accepted(enclave.keyComponent(half, Component.EcPoint, point, 0, point.length), 'the audit public key');
    return point;
  } finally {
    enclave.keyFree(half);
  }
}
