/** The audit chain's secrets, kept in the enclave: what audit/ asks of whoever opens a log. */
import path from 'node:path';
import { publicKeyPem } from '../../audit/checkpoint.ts';
import type { AuditFiles, ChainKeeper, LogState } from '../../audit/keeper.ts';
import { type Attempts, AttemptsHeard } from '../../audit/news.ts';
import { setAside } from '../../audit/resume.ts';
import { verifyAuditLog } from '../../audit/verify.ts';
import { AuditWriter } from '../../audit/writer.ts';
import { Component, type Enclave, KeyKind, Scheme, signingPlan, whole } from '../enclave/enclave.ts';
import { CKR_DEVICE_MEMORY } from './generated/constants.ts';
import { files as names } from './store/folder.ts';
import type { Store } from './store/store.ts';
import { CryptokiError, checked } from './values/errors.ts';

/** The store's key of this name protects nothing: that it is there says that a log has been begun. */
const BEGUN = 'audit log begun';

/** DER of the OID 1.3.101.112 (RFC 8410). */
const ED25519 = new Uint8Array([0x06, 0x03, 0x2b, 0x65, 0x70]);

/** How a checkpoint is signed. */
const checkpoints = signingPlan({ scheme: Scheme.Ed25519 });

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
      checked(enclave.sign(0, signing, checkpoints, null, whole(message), whole(signature)), 'audit.sign');
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
  /** When the newest record that was found had been written, in milliseconds since the epoch; 0 when there was none. */
  readonly newest: number;
}

/**
 * Opens the store's audit log. One that was changed is kept as evidence under another name, and a new one begins that names it: every operation is
 * recorded, and nobody who looks can miss what happened. Log and store are held against each other: when one is older than the other, or was
 * taken away, the store's tokens wait for their security officers.
 * @throws AuditError when the files cannot be read or written
 */
export function openAudit(folder: string, enclave: Enclave, store: Store, syncInterval: number): OpenedAudit {
  const files: AuditFiles = {
    log: path.join(folder, names.auditLog),
    publicKey: path.join(folder, names.auditPublicKey),
    anchor: path.join(folder, names.auditAnchor),
  };
  const keeper = chainKeeper(enclave, store);
  const storeId = Buffer.from(store.storeId).toString('hex');
  const options = { storeId, syncInterval, generation: () => store.syncedGeneration };
  const { knownLog } = store;
  let audit = AuditWriter.open(files, keeper, {
    ...options,
    known: knownLog.sequence > 0 ? knownLog : undefined,
    hadLog: !knownLog.replaced && store.hasKey(BEGUN),
    onFound: (found) => compare(store, found),
  });
  const { problem, time: newest } = audit.found;
  let finding: string | undefined;
  if (problem !== null) {
    audit.close();
    const after = setAside(files);
    finding = `the audit log was not as it was written (${problem}); it is kept as ${after}`;
    audit = AuditWriter.open(files, keeper, { ...options, after });
  }
  store.followLog(() => audit.synced);
  // The store remembers that it has a log, so that nobody can take it away with all that belongs to it and not be noticed.
  enclave.keyFree(store.namedKey(BEGUN, () => checked(enclave.keyGenerateSecret(32), 'audit')));
  if (store.knownLog.replaced) store.keepLog();
  if (store.finding !== '') store.remindOfAttempts(attemptsIn(files, keeper));
  return { audit, finding, newest };
}

/** Holds what the log says against the store, before anything is written to either. */
function compare(store: Store, found: LogState): void {
  const { replaced } = store.knownLog;
  store.isBehind(found.generation);
  if (found.generation > store.syncedGeneration)
    store.suspect(
      `an old ${names.database} was put back: it is at generation ${store.generation}, and ${names.auditLog} has seen ${found.generation}`,
      false,
    );
  if (found.anchorProblem !== null) store.suspect(`an old ${found.anchorProblem}`, true);
  if (found.problem === null) return;
  if (found.putBack && !replaced) store.suspect(found.problem, false);
  store.replaceLog();
}

/** Attempts at PINs that the log knows of: whoever puts an old store back shall not have them again. */
function attemptsIn(files: AuditFiles, keeper: ChainKeeper): ReadonlyMap<string, Attempts> {
  const heard = new AttemptsHeard();
  verifyAuditLog({
    log: files.log,
    publicKey: publicKeyPem(keeper.publicKey()),
    checkMac: keeper.check,
    onRecord: (record) => heard.hear(record),
  });
  return heard.tokens;
}
