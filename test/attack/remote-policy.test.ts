/**
 * The attackers are programs on other machines with good certificates, and with names that were chosen to be taken for others; they come through a
 * real door. What they have is what rules give those names.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { detailOf, Kind } from '../../audit/format.ts';
import { verifyAuditLog } from '../../audit/verify.ts';
import type { Wish } from '../support/certificates.ts';
import { DOOR, DoorService } from '../support/door.ts';
import { eventually } from '../support/programs.ts';
import { whyNoService } from '../support/service.ts';
import { allLeave, Visitor } from './ruled.ts';

const ROOT = { uid: 0, gid: 0 };
const OK = '0x0';
const FAILED = '0x6';

/** Everybody of this machine may do everything, the door's user by name; of others two may sign, each with his own key. */
const RULES = `
[[rule]]
who = ["any", "uid:0", "uid:${DOOR.uid}", "gid:${DOOR.gid}"]
roles = ["user", "so", "operator", "auditor", "metrics"]
new_tokens = true

[[rule]]
who = ["dns:anne-*.example.org"]
tokens = ["web"]
keys = ["label:anne-*"]
functions = ["sign"]

[[rule]]
who = ["subject:CN=bill,O=Example"]
tokens = ["web"]
keys = ["label:bill-*"]
functions = ["sign"]
`;

const why = whyNoService();
let door: DoorService | undefined;

afterEach(async () => {
  await allLeave();
  await door?.close();
  door = undefined;
});

async function served(rules = RULES): Promise<DoorService> {
  door = await DoorService.make(rules);
  const root = new Visitor(door.service, ROOT);
  expect(await root.wishes('start', 'token web', 'token other', 'open web', 'login user')).toEqual(
    Array(5).fill(OK),
  );
  expect(await root.wishes('make anne-1', 'make bill-1')).toEqual([OK, OK]);
  return door;
}

/** A program on another machine with a certificate like that. */
function remote(at: DoorService, wish: Wish): Visitor {
  return new Visitor({ module: at.service.module, env: at.client(wish).env }, ROOT);
}

async function reload(at: DoorService, rules: string): Promise<void> {
  const { service } = at;
  service.writePolicy(rules);
  const before = service.log.length;
  process.kill(service.pid, 'SIGHUP');
  const done = /configuration and policy were read anew/;
  expect(await eventually(() => done.test(service.log.slice(before)), 60_000)).toBe(true);
}

const anne: Wish = { dns: ['anne-1.example.org'] };
const bill: Wish = {
  subject: [
    ['O', 'Example'],
    ['CN', 'bill'],
  ],
};

describe('programs on other machines', { timeout: 300_000, skip: why !== undefined }, () => {
  test('have what rules give the names of their certificates, and nothing of this machine’s users', async () => {
    const at = await served();
    const [one, other] = [remote(at, anne), remote(at, bill)];
    for (const [program, its, not] of [
      [one, 'anne-1', 'bill-1'],
      [other, 'bill-1', 'anne-1'],
    ] as const) {
      expect(await program.wishes('start', 'slots', 'open web', 'login user')).toEqual([OK, '0x0 1', OK, OK]);
      // The pair’s two halves.
      expect(await program.wishes('find', `key ${not}`, `key ${its}`, 'sign')).toEqual([
        '0x0 2',
        OK,
        '0x0 1',
        OK,
      ]);
      expect(await program.wish('login so')).not.toBe(OK);
      expect(await program.wish('destroy')).not.toBe(OK);
      expect(await program.wish('make anne-2')).not.toBe(OK);
      expect(await program.wish('token mine')).not.toBe(OK);
    }
  });

  test('are kept out where no rule is about them, whatever they call themselves, and the log says who it was', async () => {
    const at = await served();
    const strangers: Wish[] = [
      { dns: ['anne-1.example.org.evil.test'] },
      { dns: ['anne-1.b.example.org'] },
      { dns: ['root'], subject: [['CN', 'root']] },
      { subject: [['CN', 'bill,O=Example']] },
      {
        subject: [
          ['O', 'Evil'],
          ['O', 'Example'],
          ['CN', 'bill'],
        ],
      },
      {
        subject: [
          ['O', 'Example'],
          [
            ['CN', 'bill'],
            ['OU', 'x'],
          ],
        ],
      },
      { spiffe: ['spiffe://example.org/anne-1.example.org'] },
    ];
    for (const wish of strangers) {
      const program = remote(at, wish);
      expect(await program.wishes('start', 'slots'), JSON.stringify(wish)).toEqual([OK, FAILED]);
    }
    const said = () =>
      /refused: subject:CN=bill\\,O=Example from 127\.0\.0\.1:\d+ \(certificate [0-9a-f]{64}, by process \d+/;
    expect(await eventually(() => said().test(at.service.log), 60_000), at.service.log).toBe(true);
  });

  test('lose what another policy does not give them, in the middle of things, and nobody comes in without one', async () => {
    const at = await served();
    const [one, other] = [remote(at, anne), remote(at, bill)];
    expect(await one.wishes('start', 'open web', 'login user', 'key anne-1', 'begin')).toEqual([
      OK,
      OK,
      OK,
      '0x0 1',
      OK,
    ]);
    expect(await other.wishes('start', 'open web', 'login user', 'key bill-1')).toEqual([
      OK,
      OK,
      OK,
      '0x0 1',
    ]);
    await reload(at, RULES.replace('anne-*.example.org', 'eve-*.example.org'));
    expect(await one.wish('finish')).not.toBe(OK);
    expect(await one.wish('open web')).not.toBe(OK);
    expect(await other.wish('sign')).toBe(OK);
    expect(await remote(at, anne).wishes('start', 'slots')).toEqual([OK, FAILED]);
  });

  test('stand in the audit log with names, certificate and address, and the door beside them', async () => {
    const at = await served();
    const wish: Wish = { ...anne, ...bill };
    const client = at.client(wish);
    const program = new Visitor({ module: at.service.module, env: client.env }, ROOT);
    expect(await program.wishes('start', 'open web')).toEqual([OK, OK]);
    await allLeave();
    await at.stopDoor();
    await at.service.stop();
    const visits: unknown[] = [];
    const verdict = verifyAuditLog({
      log: path.join(at.service.store, 'audit.log'),
      publicKey: readFileSync(path.join(at.service.store, 'audit.pub'), 'utf8'),
      onRecord: (record) => {
        if (record.kind === Kind.Attach) visits.push(detailOf(record));
      },
    });
    expect(verdict.problem).toBeUndefined();
    expect(visits).toContainEqual({
      pid: expect.any(Number),
      uid: DOOR.uid,
      gid: DOOR.gid,
      executable: expect.any(String),
      remote: {
        names: ['dns:anne-1.example.org', 'subject:CN=bill,O=Example'],
        fingerprint: client.identity.x509.fingerprint256.replaceAll(':', '').toLowerCase(),
        address: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      },
    });
  });
});
