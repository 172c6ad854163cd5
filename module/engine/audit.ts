/** The audit chain's secrets, kept in the enclave: what audit/ asks of whoever opens a log. */
import type { ChainKeeper } from '../../audit/writer.ts';
import { Component, type Enclave, Hash, KeyKind, Scheme } from '../enclave/enclave.ts';
import { checked } from './errors.ts';
import type { Store } from './store/store.ts';

/** DER of the OID 1.3.101.112 (RFC 8410). */
const ED25519 = new Uint8Array([0x06, 0x03, 0x2b, 0x65, 0x70]);

/** The keeper for a store: the MAC key derives from the store key, the signing key is made once and sealed in the store. */
export function chainKeeper(enclave: Enclave, store: Store): ChainKeeper {
  const mac = store.deriveKey('audit chain');
  const signing = store.namedKey('audit checkpoints', () =>
    checked(enclave.keyGenerateEc(KeyKind.Ed25519Private, ED25519), 'audit'),
  );
  return {
    start(previousHash) {
      checked(enclave.auditStart(mac, previousHash), 'audit.start');
    },
    seal(buffer, offset, length) {
      const sealed = enclave.auditSeal(buffer, offset, length);
      if (sealed < 0) checked(sealed, 'audit.seal');
    },
    check(hash, code) {
      return checked(enclave.auditCheck(hash, code), 'audit.check') === 1;
    },
    sign(message) {
      const signature = new Uint8Array(64);
      checked(
        enclave.sign(
          0,
          signing,
          Scheme.Ed25519,
          Hash.None,
          Hash.None,
          0,
          false,
          null,
          message,
          0,
          message.length,
          signature,
          0,
          64,
        ),
        'audit.sign',
      );
      return signature;
    },
    publicKey() {
      const raw = new Uint8Array(32);
      const half = checked(enclave.keyPublicOf(signing), 'audit.key');
      checked(enclave.keyComponent(half, Component.EcPoint, raw, 0, raw.length), 'audit.key');
      enclave.keyFree(half);
      return raw;
    },
  };
}
