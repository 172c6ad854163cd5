import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { chainKeeper } from '../../module/engine/audit.ts';
import { Store } from '../../module/engine/store/store.ts';
import { enclave, temporaryFolder } from '../store/support.ts';
import { boundaries, logIn, operate } from './support.ts';

test('the enclave keeps the chain, over restarts of the engine, and node:crypto agrees with it', () => {
  const folder = path.join(temporaryFolder(), 'store');
  for (let run = 0; run < 3; run++) {
    const store = Store.open(folder, enclave);
    const keeper = chainKeeper(enclave, store);
    const log = logIn(folder, keeper);
    const writer = log.open({ checkpointRecords: 50 });
    expect(writer.found.problem).toBeNull();
    operate(writer, 120);
    // The last run is not ended properly: its tail is covered by the MACs alone.
    if (run < 2) writer.close();
    expect(log.verify(true)).toMatchObject({ ok: true, uncoveredRecords: run < 2 ? 0 : 20 });
    store.close();
  }
  const store = Store.open(folder, enclave);
  const log = logIn(folder, chainKeeper(enclave, store));
  const bytes = fs.readFileSync(log.files.log);
  const end = boundaries(bytes).at(-1) ?? 0;
  // The last record's MAC, which only the audit key can judge.
  bytes.writeUInt8((bytes[end - 1] ?? 0) ^ 1, end - 1);
  fs.writeFileSync(log.files.log, bytes);
  const writer = log.open();
  expect(writer.found.problem).toMatch(/was not written by the engine: its MAC is wrong/);
  writer.close();
  store.close();
});
