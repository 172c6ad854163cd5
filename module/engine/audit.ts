/** The audit chain's secrets, kept in the enclave: what audit/ asks of whoever opens a log. */
import path from 'node:path';
import { setAside } from '../../audit/resume.ts';
import { type AuditFiles, AuditWriter, type ChainKeeper } from '../../audit/writer.ts';
import { Component, type Enclave, Hash, KeyKind, Scheme } from '../enclave/enclave.ts';
import { CryptokiError, checked } from './errors.ts';
import { CKR_DEVICE_MEMORY } from './generated/constants.ts';
import type { Store } from './store/store.ts';

/** The store's key of this name protects nothing: that it is there says that a log has been begun. */
const BEGUN = 'audit log begun';

/** DER of the OID 1.3.101.112 (RFC 8410). */
const ED25519 = new Uint8Array([0x06, 0x03, 0x2b, 0x65, 0x70]);

/** The part of the keeper that has to do with the file alone. */
export function fileWindows(enclave: Enclave): Pick<ChainKeeper, 'window' | 'slide' | 'release' | 'reserve'> {
  return {
    window(length) {
      const window = enclave.fileWindow(length);
      if (typeof window === 'number')
        throw new CryptokiError(-window, 'audit.window', 'no memory for a window');
      return window;
    },
    slide(window, fd, offset) {
      checked(enclave.fileWindowSlide(window, fd, offset), 'audit.window');
    },
    release(window) {
      checked(enclave.fileWindowRelease(window), 'audit.window');
    },
    reserve(fd, offset, length) {
      const reserved = enclave.fileReserve(fd, offset, length);
      if (reserved === -CKR_DEVICE_MEMORY) return false;
      checked(reserved, 'audit.reserve');
      return true;
    },
  };
}

/** The keeper for a store: the MAC key derives from the store key, the signing key is made once and sealed in the store. */
export function chainKeeper(enclave: Enclave, store: Store): ChainKeeper {
  const mac = store.deriveKey('audit chain');
  const signing = store.namedKey('audit checkpoints', () =>
    checked(enclave.keyGenerateEc(0, KeyKind.Ed25519Private, ED25519), 'audit'),
  );
  return {
    start(previousHash) {
      checked(enclave.auditStart(mac, previousHash), 'audit.start');
    },
    seal(body, length, window, offset) {
      const sealed = enclave.auditSeal(body, length, window, offset);
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
    ...fileWindows(enclave),
  };
}

export interface OpenedAudit {
  readonly audit: AuditWriter;
  /** What was wrong with the log that was found, in words, and where it was put; undefined when all was well. */
  readonly finding: string | undefined;
}

/**
 * Opens the store's audit log. One that was changed is kept as evidence under another name, and a new one begins that names it: the
 * keys stay usable, every operation is recorded, and nobody who looks can miss what happened.
 * @throws AuditError when the files cannot be read or written
 */
export function openAudit(folder: string, enclave: Enclave, store: Store, syncInterval: number): OpenedAudit {
  const files: AuditFiles = {
    log: path.join(folder, 'audit.log'),
    publicKey: path.join(folder, 'audit.pub'),
    anchor: path.join(folder, 'audit.anchor'),
  };
  const keeper = chainKeeper(enclave, store);
  const storeId = Buffer.from(store.storeId).toString('hex');
  const audit = AuditWriter.open(files, keeper, { storeId, syncInterval, hadLog: store.hasKey(BEGUN) });
  const { problem } = audit.found;
  if (problem === null) {
    // The store remembers that it has a log, so that nobody can take it away with all that belongs to it and not be noticed.
    enclave.keyFree(store.namedKey(BEGUN, () => checked(enclave.keyGenerateSecret(32), 'audit')));
    return { audit, finding: undefined };
  }
  audit.close();
  const kept = setAside(files);
  const finding = `the audit log was not as it was written (${problem}); it is kept as ${kept}`;
  return { audit: AuditWriter.open(files, keeper, { storeId, syncInterval, after: kept }), finding };
}
