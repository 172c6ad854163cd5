/** The network door's end of the lanes, with an engine that gives what a test lets it give. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Engine, type EventCaller } from '../../module/lane/caller.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'strongroom-caller-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Double {
  events: {
    welcomed(connection: number, status: number, id: number, key: Uint8Array): void;
    lane(
      connection: number,
      status: number,
      lane: number,
      areas: ArrayBuffer | undefined,
      capacity: number,
    ): void;
  };
  asked: number[];
  submitted: number[];
}

/** An addon whose calls are noted down. */
const addon = path.join(folder, 'addon.cjs');
writeFileSync(
  addon,
  `const double = { asked: [], submitted: [] };
globalThis.laneDouble = double;
module.exports = {
  open(events) { double.events = events; return new Uint32Array(5); },
  connect: () => 1,
  lane(_connection, capacity) { double.asked.push(capacity); return true; },
  submit(_connection, lane) { double.submitted.push(lane); return true; },
  release() {}, epoch: () => 1, alive: () => true, close() {},
};
`,
);

async function attached(): Promise<{ caller: EventCaller; double: Double }> {
  const engine = new Engine(addon, '/nowhere', 0);
  const { laneDouble: double } = globalThis as unknown as { laneDouble: Double };
  const principal = { names: ['dns:a'], fingerprint: 'ab'.repeat(32), address: '192.0.2.1:1' };
  const attaching = engine.attach(principal);
  double.events.welcomed(1, 0, 7, new Uint8Array(16));
  return { caller: await attaching, double };
}

test('calls that wait for a lane which is refused are all answered, and one that needs less has it', async () => {
  const { caller, double } = await attached();
  const FULL = 3;
  const LARGE = 1 << 22;
  const nothing = new Uint8Array(0);
  const all = [LARGE, LARGE, 0].map((room) => caller.call(3, nothing, undefined, room));
  const first = Promise.allSettled(all);
  expect(double.asked).toEqual([LARGE]);
  double.events.lane(1, FULL, -1, undefined, 0);
  expect(double.asked).toEqual([LARGE, LARGE]);
  double.events.lane(1, FULL, -1, undefined, 0);
  expect(double.asked).toEqual([LARGE, LARGE, 1 << 20]);
  double.events.lane(1, 0, 0, new ArrayBuffer(2 << 20), 1 << 20);
  expect(double.submitted).toEqual([0]);
  // What is refused while others are under way waits for one of theirs, and does not ask on and on.
  const later = caller.call(3, nothing);
  double.events.lane(1, FULL, -1, undefined, 0);
  expect(double.asked.length).toBe(4);
  caller.leave();
  expect((await first).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  await expect(later).rejects.toMatchObject({ why: 'ended' });
  await expect(all[0]).rejects.toMatchObject({ why: 'full' });
  await expect(all[2]).rejects.toMatchObject({ why: 'ended' });
});
