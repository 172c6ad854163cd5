/** Run by log.test.ts with a file system of 1 MB on /mnt: fills it, is refused, makes room, and goes on. */
import { createHash, createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import fs from 'node:fs';
import { Kind } from '../../audit/format.ts';
import { verifyAuditLog } from '../../audit/verify.ts';
import { AuditError, AuditWriter, type ChainKeeper } from '../../audit/writer.ts';
import { fileWindows } from '../../module/engine/audit.ts';
import { enclave } from '../store/real-enclave.ts';

const { privateKey } = generateKeyPairSync('ed25519');
let head = Buffer.alloc(32);
const mac = (hash: Uint8Array) => createHmac('sha256', 'key').update(hash).digest();
const keeper: ChainKeeper = {
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
  publicKey: () => Buffer.from(String(createPublicKey(privateKey).export({ format: 'jwk' }).x), 'base64url'),
  ...fileWindows(enclave),
};

const files = { log: '/mnt/audit.log', publicKey: '/mnt/audit.pub', anchor: '/mnt/audit.anchor' };
// In place before the log sets room aside.
fs.writeFileSync('/mnt/ballast', Buffer.alloc(600_000));
const writer = AuditWriter.open(files, keeper, { storeId: '00' });
const verdict = () =>
  verifyAuditLog({
    log: files.log,
    publicKey: fs.readFileSync(files.publicKey, 'utf8'),
    anchor: files.anchor,
    checkMac: keeper.check,
  });

/** Appends until refused, and says how. */
function fill(limit: number): string {
  try {
    for (let count = 0; count < limit; count++) writer.append(Kind.Operation, 1, 1, 0, 1, 1, 0, null, null);
  } catch (error) {
    if (error instanceof AuditError) return error.kind;
    throw error;
  }
  return 'not at all';
}

const refused = fill(10_000);
const okWhenFull = verdict().ok;
const refusedAgain = fill(10_000);
const before = writer.sequence;
fs.rmSync('/mnt/ballast');
fill(500);
const lostNumbers = writer.sequence - before - 500;
writer.close();
fs.writeSync(
  1,
  JSON.stringify({ refused, okWhenFull, refusedAgain, lostNumbers, okAfterwards: verdict().ok }),
);
