/** Run by log.test.ts with a file system of 1 MB on /mnt: fills it, is refused, makes room, and goes on. */
import { createHash, createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import fs from 'node:fs';
import { Kind } from '../../audit/format.ts';
import { verifyAuditLog } from '../../audit/verify.ts';
import { AuditError, AuditWriter, type ChainKeeper } from '../../audit/writer.ts';

const { privateKey } = generateKeyPairSync('ed25519');
let head = Buffer.alloc(32);
const mac = (hash: Uint8Array) => createHmac('sha256', 'key').update(hash).digest();
const keeper: ChainKeeper = {
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
  publicKey: () => Buffer.from(String(createPublicKey(privateKey).export({ format: 'jwk' }).x), 'base64url'),
};

const files = { log: '/mnt/audit.log', publicKey: '/mnt/audit.pub', anchor: '/mnt/audit.anchor' };
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

fs.writeFileSync('/mnt/ballast', Buffer.alloc(600_000));
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
