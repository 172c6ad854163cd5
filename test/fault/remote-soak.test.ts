/**
 * Clients of the network door that come, work, and go well and badly, for a long time: afterwards neither engine nor door nor gateway has anything more than
 * before, be it memory, descriptors, applications or sessions. `make soak` takes five minutes for it.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { status } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from 'vitest';
import * as C from '../../daemon/cryptoki-client/generated/constants.ts';
import { Cryptoki } from '../../daemon/cryptoki-client/generated/cryptoki.ts';
import { DoorService, EVERYTHING_REMOTE, type RemoteClient, workerOf } from '../support/door.ts';
import { ROOT } from '../support/profile.ts';
import { eventually } from '../support/programs.ts';
import { whyNoService } from '../support/service.ts';
import { soak } from '../support/soak.ts';
import { StreamEnded, Visitor } from '../support/stream.ts';
import { Steps, setUp, type Talk } from './support.ts';

const CLI = path.join(ROOT, 'out/bin/strongroom');
const PATIENCE = 120_000;
const SOAK_MS = 300_000;
/** What a process may hold more than before, of memory that a collector has not looked at yet. */
const GROWTH_MIB = 96;
const RW = C.CKF_SERIAL_SESSION | C.CKF_RW_SESSION;
const PIN = Buffer.from('user-pin-4711');
const why = whyNoService();

let door: DoorService | undefined;
const visitors: Visitor[] = [];
const talks: Talk[] = [];

afterEach(async () => {
  for (const talk of talks.splice(0)) if (!talk.ended) talk.child.kill('SIGKILL');
  for (const one of visitors.splice(0)) one.close();
  const log = `${door?.log}${door?.service.log}`;
  await door?.close();
  door = undefined;
  expect(log).not.toMatch(/a bug|TypeError|RangeError/);
}, PATIENCE);

interface Holding {
  readonly mebibytes: number;
  readonly descriptors: number;
}

function holding(pid: number): Holding {
  const [, kilobytes] = /VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return { mebibytes: Number(kilobytes) / 1024, descriptors: readdirSync(`/proc/${pid}/fd`).length };
}

function gatewayOf({ env }: RemoteClient): number {
  return Number(
    readFileSync(path.join(String(env.STRONGROOM_HOME), 'engine.lock'), 'utf8').split('\n', 1)[0],
  );
}

interface Status {
  readonly applications: number;
  readonly sessions: number;
}

function statusOf({ env }: RemoteClient): Status {
  const done = spawnSync(CLI, ['engine', 'status', '--json'], { env, encoding: 'utf8', timeout: PATIENCE });
  expect(done.status, done.stderr).toBe(0);
  const { applications, sessions } = JSON.parse(done.stdout) as Status;
  return { applications, sessions };
}

/** One client that speaks by hand: it comes, works, and goes in one of the ways that there are. */
async function visit(from: Visitor, slot: number, how: number): Promise<void> {
  const stream = from.stream();
  const { id, key } = await stream.hello();
  const p11 = new Cryptoki(stream);
  const { session } = await p11.C_OpenSession({ slot, flags: RW });
  await p11.C_Login({ session, userType: C.CKU_USER, pin: PIN });
  const { key: made } = await p11.C_GenerateKey({
    session,
    mechanism: { type: C.CKM_GENERIC_SECRET_KEY_GEN },
    template: [{ type: C.CKA_VALUE_LEN, value: new Uint8Array(BigUint64Array.of(32n).buffer) }],
  });
  const data = new Uint8Array(how % 5 === 0 ? 300_000 : 100);
  await p11.C_Sign({ session, data, signature: 64 }, { mechanism: { type: C.CKM_SHA256_HMAC }, key: made });
  if (how % 3 === 0) void p11.C_GenerateRandom({ session, length: 500_000 }).catch(() => undefined);
  switch (how % 6) {
    case 0:
      stream.goodbye();
      break;
    case 1:
      stream.end();
      break;
    case 2:
      stream.cut();
      break;
    case 3:
      stream.raw(Buffer.from('nonsense'));
      break;
    case 4: {
      const again = await from.attached({ id, key });
      again.goodbye();
      await again.ended;
      break;
    }
    default:
      // With its connection.
      from.close();
      stream.cut();
  }
  await stream.ended;
}

describe(`clients that come and go${soak ? '' : ' (skipped: minutes of coming and going, which make soak takes)'}`, {
  timeout: SOAK_MS + 600_000,
  skip: why !== undefined || !soak,
}, () => {
  test('leave nothing behind, neither in the engine nor in the door nor in a gateway', async ({
    annotate,
  }) => {
    const at = await DoorService.make(EVERYTHING_REMOTE, { lines: ['lease_seconds = 1'] });
    door = at;
    const client = at.client({ spiffe: ['spiffe://example.org/client'] });
    const place = { module: at.service.module, env: client.env };
    setUp(place, 1);
    // Its gateway stays, since one of its programs does.
    const keeper = new Steps(place);
    talks.push(keeper.talk);
    for (const step of ['init', 'login', 'use key-0'])
      expect((await keeper.step(step, PATIENCE)).rv, step).toBe(0);
    const operator = at.client({ spiffe: ['spiffe://example.org/operator'] });
    const identity = at.authority.issue({ spiffe: ['spiffe://example.org/visitor'] });
    const first = new Visitor(at, identity);
    visitors.push(first);
    const slots = await new Cryptoki(await first.attached()).C_GetSlotList({ tokenPresent: 1, slots: 8 });
    const slot = slots.slots[0] ?? -1;
    // One connection that stays while its streams come and go, and those that go with their streams.
    const stays = new Visitor(at, identity);
    visitors.push(stays);

    let visits = 0;
    const by = async (turn: number) => {
      const how = turn + visits++;
      const one = how % 6 === 5 ? new Visitor(at, identity) : stays;
      if (one !== stays) visitors.push(one);
      await visit(one, slot, how).catch((error: unknown) => {
        // A connection that gives up too many calls is put out; the next one is another.
        if (!(error instanceof StreamEnded) || error.code !== status.UNAVAILABLE) throw error;
      });
      if (one !== stays) visitors.splice(visitors.indexOf(one), 1)[0]?.close();
    };
    /** Several beside each other, and a program that is killed or ends. */
    const round = async (turn: number) => {
      await Promise.all(Array.from({ length: 12 }, () => by(turn)));
      if (turn % 5 !== 0) return;
      const program = new Steps(place);
      for (const step of ['init', 'login', 'use key-0'])
        expect((await program.step(step, PATIENCE)).rv, step).toBe(0);
      if (turn % 2 === 0) program.talk.child.kill('SIGKILL');
      await program.end();
    };
    const processes = { engine: workerOf(at.service.pid), door: at.worker, gateway: gatewayOf(client) };
    const look = async () => {
      // Leases end, lanes that rest are given back, and connections close.
      let last = '';
      await eventually(async () => {
        await new Promise((resolve) => setTimeout(resolve, 7000));
        const now = JSON.stringify(Object.values(processes).map((pid) => holding(pid).descriptors));
        const same = now === last;
        last = now;
        return same;
      }, PATIENCE);
      const held = Object.entries(processes).map(([name, pid]) => ({ name, ...holding(pid) }));
      return { held, status: statusOf(operator) };
    };

    for (let turn = 0; turn < 20; turn++) await round(turn);
    const before = await look();
    visits = 0;
    const until = performance.now() + SOAK_MS;
    let turn = 0;
    do await round(turn++);
    while (soak ? performance.now() < until : turn < 25);
    const after = await look();
    await annotate(`${visits} visits; ${JSON.stringify(before)} became ${JSON.stringify(after)}`);
    expect(after.status).toEqual(before.status);
    for (const [index, { name, descriptors, mebibytes }] of after.held.entries()) {
      const then = before.held[index];
      expect(descriptors, `descriptors of the ${name}`).toBeLessThanOrEqual((then?.descriptors ?? 0) + 2);
      expect(mebibytes, `memory of the ${name}`).toBeLessThan((then?.mebibytes ?? 0) + GROWTH_MIB);
    }
    expect((await keeper.step('use key-0', PATIENCE)).rv).toBe(0);
    expect((await keeper.step('fini', PATIENCE)).rv).toBe(0);
    expect(await keeper.end()).toBe(0);
  });
});
