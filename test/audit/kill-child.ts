/** Run by window.test.ts: appends to the log in the given folder until it is killed, and counts aloud in shared memory. */
import fs from 'node:fs';
import path from 'node:path';
import { Kind } from '../../audit/format.ts';
import { AuditWriter } from '../../audit/writer.ts';
import { chainKeeper } from '../../module/engine/audit.ts';
import { Store } from '../../module/engine/store/store.ts';
import { enclave } from '../store/real-enclave.ts';

const folder = process.argv[2] ?? '';
const store = Store.open(path.join(folder, 'store'), enclave);
const writer = AuditWriter.open(
  {
    log: path.join(folder, 'audit.log'),
    publicKey: path.join(folder, 'audit.pub'),
    anchor: path.join(folder, 'audit.anchor'),
  },
  chainKeeper(enclave, store),
  { storeId: '00', syncInterval: 5, checkpointRecords: 3000 },
);
if (writer.found.problem !== null) throw new Error(writer.found.problem);

// The number of the last record whose append returned, where the parent finds it after the kill.
const length = 4096;
const counter = fs.openSync(path.join(folder, 'counter'), 'r+');
const shared = enclave.fileWindow(length);
if (typeof shared === 'number') throw new Error('no window');
enclave.fileWindowSlide(shared, counter, 0);
const view = new DataView(shared.buffer);
const detail = new Uint8Array(300).fill(0x20);
// What earlier children wrote counts too, should this one not get to its first record.
view.setUint32(0, writer.sequence);
fs.writeSync(1, 'at work');
for (let each = 1; ; each++) {
  writer.append(Kind.Operation, 1, 1, 0, 1, 1, 0, null, null);
  if (each % 7 === 0)
    writer.append(Kind.Attach, 1, 1, 0, 1, 1, 0, null, null, 0, detail.subarray(0, each % 300));
  view.setUint32(0, writer.sequence);
  // The timers get their turn.
  if (each % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
}
