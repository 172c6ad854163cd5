/** A chain keeper made of node:crypto alone (the file's windows aside): what the format promises, written down a second time. */
import { createHash, createHmac, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { Kind } from '../../audit/format.ts';
import type { WriterOptions } from '../../audit/keeper.ts';
import { type Verdict, verifyAuditLog } from '../../audit/verify.ts';
import { type AuditFiles, AuditWriter, type ChainKeeper } from '../../audit/writer.ts';
import { fileWindows } from '../../module/engine/audit.ts';
import { enclave } from '../store/real-enclave.ts';

export function makeKeeper(): ChainKeeper {
  const macKey = randomBytes(32);
  const { privateKey } = generateKeyPairSync('ed25519');
  let head = Buffer.alloc(32);
  const mac = (hash: Uint8Array) => createHmac('sha256', macKey).update(hash).digest();
  return {
    start: (previous) => {
      head = Buffer.from(previous);
    },
    seal: (body, length, window, offset) => {
      head = createHash('sha256').update(head).update(body.subarray(0, length)).digest();
      const seal = Buffer.concat([head, mac(head)]);
      window.set(body.subarray(0, length), offset);
      window.set(seal, offset + length);
      body.set(seal, 80);
    },
    check: (hash, found) => mac(hash).equals(found),
    sign: (message) => sign(null, message, privateKey),
    publicKey: () => {
      const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
      return Buffer.from(String(jwk.x), 'base64url');
    },
    ...fileWindows(enclave),
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

/** Where each record of a log begins, and where the last one ends; what an engine has set aside behind it does not count. */
export function boundaries(bytes: Buffer): number[] {
  const offsets = [0];
  for (let at = 0; at < bytes.length && bytes.readUInt32BE(at) > 0; offsets.push(at))
    at += bytes.readUInt32BE(at) + 64;
  return offsets;
}

/** The records of a log as an engine has it that is still at work, or was killed. */
export function withoutRoom(bytes: Buffer): Buffer {
  return bytes.subarray(0, boundaries(bytes).at(-1));
}

/** Appends `count` operations. */
export function operate(writer: AuditWriter, count: number): void {
  for (let each = 0; each < count; each++) {
    writer.append(Kind.Operation, 1, 2, 0, 43, 0x1041, 0, new Uint8Array(16).fill(each), null);
  }
}
