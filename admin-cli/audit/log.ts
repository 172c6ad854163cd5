/** A store's audit log, verified with the file and the public key alone. */
import { createHash, createPublicKey } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { AuditRecord } from '../../audit/format.ts';
import { type Verdict, verifyAuditLog } from '../../audit/verify.ts';
import { type Module, withModule } from '../cryptoki.ts';
import { engineState } from '../engine-state.ts';
import { remoteAddress, serviceSocket, storeFiles, storeFolder } from '../places.ts';
import { Problem } from '../problem.ts';
import { requireStore } from '../store.ts';
import { plain } from '../terminal.ts';

export interface LogReport {
  /** Where it is; of one that a service has given us a copy of, whose it is. */
  readonly log: string;
  readonly verdict: Verdict;
  /** SHA-256 over the public key's DER, in hex. */
  readonly keyFingerprint: string;
  /** Names of logs that an engine put out of the way because they did not verify. */
  readonly setAside: readonly string[];
  readonly engineRunning: boolean;
}

/** An engine may be in the middle of a record at the moment of our look; after so many looks it is not that. */
const looks = 20;
const pauseMs = 50;

export interface LogOptions {
  /** A copy of audit.pub, in place of the one beside the log. */
  readonly publicKeyFile?: string;
  /** Makes what is shown each good record; made anew when the log is read once more. */
  readonly reader?: () => (record: AuditRecord) => void;
}

/**
 * Verifies the log in a store's folder.
 * @throws Problem when there is nothing to verify, or it can't be read
 */
export function verifyLogOf(folder: string, { publicKeyFile, reader }: LogOptions = {}): LogReport {
  const log = path.join(folder, storeFiles.auditLog);
  requireStore();
  const keyFile = publicKeyFile ?? path.join(folder, storeFiles.auditPublicKey);
  try {
    const publicKey = fs.readFileSync(keyFile, 'utf8');
    const keyFingerprint = fingerprint(publicKey, keyFile);
    const verify = () => {
      const onRecord = reader?.();
      const anchor = path.join(folder, storeFiles.auditAnchor);
      return verifyAuditLog({ log, publicKey, anchor, ...(onRecord === undefined ? {} : { onRecord }) });
    };
    let verdict = verify();
    let { running } = engineState(folder);
    for (let look = 1; running && endsInsideRecord(verdict) && look < looks; look++) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
      verdict = verify();
      ({ running } = engineState(folder));
    }
    const giver = serviceSocket() ?? remoteAddress();
    return {
      log: giver === undefined ? log : `that of the service at ${giver.path}`,
      verdict,
      keyFingerprint,
      setAside: fs
        .readdirSync(folder)
        .filter((name) => /^audit-.*\.log$/.test(name))
        .sort(),
      engineRunning: running || giver !== undefined,
    };
  } catch (error) {
    if (!(error instanceof Error) || error instanceof Problem) throw error;
    if (!('code' in error && error.code === 'ENOENT' && 'path' in error)) {
      throw new Problem(`the audit log can't be verified: ${plain(error.message)}`);
    }
    throw new Problem(
      `${plain(String(error.path))} is missing`,
      error.path === publicKeyFile
        ? undefined
        : 'There is a store, so somebody took it away. Look for a backup.',
    );
  }
}

/** SHA-256 over the key's DER, in hex. */
function fingerprint(pem: string, file: string): string {
  try {
    const der = createPublicKey(pem).export({ type: 'spki', format: 'der' });
    return createHash('sha256').update(der).digest('hex');
  } catch {
    throw new Problem(`${plain(file)} holds no public key in PEM`);
  }
}

function endsInsideRecord(verdict: Verdict): boolean {
  return verdict.problem?.startsWith('the log ends in the middle') === true;
}

/** Files in the order in which they are read, with the numbers that SR_ReadAuditLog has for them: the log last, since it only grows. */
const parts = [
  [2, storeFiles.auditAnchor],
  [1, storeFiles.auditPublicKey],
  [0, storeFiles.auditLog],
] as const;

function copyTo(folder: string, module: Module): void {
  for (const [number, name] of parts) {
    const file = fs.openSync(path.join(folder, name), 'wx', 0o600);
    try {
      for (let offset = 0; ; ) {
        const part = module.readAuditLog(number, offset);
        if (part.length === 0) break;
        fs.writeSync(file, part);
        offset += part.length;
      }
    } finally {
      fs.closeSync(file);
    }
  }
}

/** Calls `use` with the folder in which the log lies: the store’s, or, where a service has it, a copy that the service gives to its auditors. */
export function withAuditLog<T>(use: (folder: string) => T): T {
  if (serviceSocket() === undefined && remoteAddress() === undefined) return use(storeFolder().path);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'strongroom-audit-'));
  try {
    withModule((module) => copyTo(folder, module));
    return use(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
