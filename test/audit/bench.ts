/**
 * What one record costs: `node test/audit/bench.ts [records]`. Median and 99th percentile in nanoseconds over batches of 16
 * operation records, with the enclave's keeper, on a log in the system's temporary folder.
 */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Kind } from '../../audit/format.ts';
import { AuditWriter } from '../../audit/writer.ts';
import { chainKeeper } from '../../module/engine/audit.ts';
import { Store } from '../../module/engine/store/store.ts';
import { enclave } from '../store/real-enclave.ts';

const batch = 16;
const records = Number(process.argv[2] ?? 400_000);
const folder = fs.mkdtempSync(path.join(tmpdir(), 'strongroom-audit-bench-'));
const store = Store.open(path.join(folder, 'store'), enclave);
const writer = AuditWriter.open(
  {
    log: path.join(folder, 'audit.log'),
    publicKey: path.join(folder, 'audit.pub'),
    anchor: path.join(folder, 'audit.anchor'),
  },
  chainKeeper(enclave, store),
  { storeId: '00' },
);
const object = new Uint8Array(16).fill(7);
const samples = new Float64Array(Math.floor(records / batch));

function measure(): void {
  for (let each = 0; each < samples.length; each++) {
    const begin = performance.now();
    for (let one = 0; one < batch; one++) writer.append(Kind.Operation, 1, 2, 0, 43, 0x1041, 0, object, null);
    samples[each] = ((performance.now() - begin) * 1e6) / batch;
  }
}

/** Kilobytes of a line in /proc/self/status. */
function resident(): number {
  return Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))?.[1]);
}

function mappings(): number {
  return fs.readFileSync('/proc/self/maps', 'utf8').split('\n').length;
}

try {
  measure();
  const before = { resident: resident(), mappings: mappings() };
  measure();
  const sorted = samples.toSorted();
  const quantile = (part: number) => Math.round(sorted[Math.floor(part * sorted.length)] ?? 0);
  const mean = Math.round(samples.reduce((sum, each) => sum + each, 0) / samples.length);
  process.stdout.write(
    `${records} records: median ${quantile(0.5)} ns, 99% ${quantile(0.99)} ns, mean ${mean} ns; ` +
      `memory grew by ${resident() - before.resident} kB, mappings by ${mappings() - before.mappings}\n`,
  );
} finally {
  writer.close();
  store.close();
  fs.rmSync(folder, { recursive: true });
}
