/** Where the audit log can be read: in the store's folder, or, where a service has it, in a copy that the service gives to its auditors. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Module, withModule } from './cryptoki.ts';
import { serviceSocket, storeFiles, storeFolder } from './places.ts';

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

/** Calls `use` with the folder in which the log lies. */
export function withAuditLog<T>(use: (folder: string) => T): T {
  if (serviceSocket() === undefined) return use(storeFolder().path);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'strongroom-audit-'));
  try {
    withModule((module) => copyTo(folder, module));
    return use(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
