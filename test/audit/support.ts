/** A chain keeper made of node:crypto alone: what the format promises, written down a second time. */
import { createHash, createHmac, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { Kind } from '../../audit/format.ts';
import { type Verdict, verifyAuditLog } from '../../audit/verify.ts';
import { type AuditFiles, AuditWriter, type ChainKeeper, type WriterOptions } from '../../audit/writer.ts';

export function makeKeeper(): ChainKeeper {
  const macKey = randomBytes(32);
  const { privateKey } = generateKeyPairSync('ed25519');
  let head = Buffer.alloc(32);
  const mac = (hash: Uint8Array) => createHmac('sha256', macKey).update(hash).digest();
  return {
    start: (previous) => {
      head = Buffer.from(previous);
    },
    seal: (buffer, offset, length) => {
      head = createHash('sha256')
        .update(head)
        .update(buffer.subarray(offset, offset + length))
        .digest();
      buffer.set(head, offset + length);
      buffer.set(mac(head), offset + length + 32);
    },
    check: (hash, found) => mac(hash).equals(found),
    sign: (message) => sign(null, message, privateKey),
    publicKey: () => {
      const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
      return Buffer.from(String(jwk.x), 'base64url');
    },
  };
}

export interface Log {
  readonly folder: string;
  readonly files: AuditFiles;
  readonly keeper: ChainKeeper;
  open(options?: Partial<WriterOptions>): AuditWriter;
  verify(withKey?: boolean): Verdict;
}

export function makeLog(): Log {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'strongroom-audit-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  return logIn(folder);
}

export function logIn(folder: string, keeper: ChainKeeper = makeKeeper()): Log {
  const files = {
    log: path.join(folder, 'audit.log'),
    publicKey: path.join(folder, 'audit.pub'),
    anchor: path.join(folder, 'audit.anchor'),
  };
  return {
    folder,
    files,
    keeper,
    open: (options = {}) => AuditWriter.open(files, keeper, { storeId: '00', ...options }),
    verify: (withKey = false) =>
      verifyAuditLog({
        log: files.log,
        publicKey: fs.readFileSync(files.publicKey, 'utf8'),
        anchor: files.anchor,
        ...(withKey ? { checkMac: keeper.check } : {}),
      }),
  };
}

/** Appends `count` operations. */
export function operate(writer: AuditWriter, count: number): void {
  for (let each = 0; each < count; each++) {
    writer.append(Kind.Operation, 1, 2, 0, 43, 0x1041, 0, new Uint8Array(16).fill(each), null);
  }
}
