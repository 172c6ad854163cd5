/** Records of clients of the network door, in words. */
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { type Entry, kept, tell, Visitors, who } from '../../admin-cli/audit/story.ts';
import { type AuditRecord, Kind, none } from '../../audit/format.ts';
import { verifyAuditLog } from '../../audit/verify.ts';
import { functionNumber } from '../../module/engine/policy/rules/rule.ts';
import { makeLog } from '../audit/support.ts';

const LOGIN = functionNumber('C_Login');
const door = { pid: 42, uid: 64_105, gid: 64_105, executable: '/usr/lib/strongroom/node' };
const names = ['spiffe://example.org/web', 'dns:web-1.example.org'];
const remote = { names, fingerprint: 'ab'.repeat(32), address: '192.0.2.7:40112' };

test('a client of the network door goes by his first name and his address, and his coming tells of his certificate', () => {
  const log = makeLog();
  const writer = log.open();
  const logIn = (client: number) =>
    writer.append(Kind.Authentication, client, 7, 0, LOGIN, none, 0, null, null);
  writer.attach(1, { ...door, remote });
  logIn(1);
  writer.attach(2, { ...door, uid: 33, executable: '/usr/sbin/nginx' });
  logIn(2);
  const renewed = { names, fingerprint: 'cd'.repeat(32), address: '[2001:db8::1]:5' };
  writer.attach(1, { remote: renewed, resumed: true });
  logIn(1);
  writer.close();
  const records: AuditRecord[] = [];
  verifyAuditLog({
    log: log.files.log,
    publicKey: fs.readFileSync(log.files.publicKey, 'utf8'),
    anchor: log.files.anchor,
    onRecord: (record) => records.push(kept(record)),
  });
  const visitors = new Visitors();
  const entries = records
    .map((record): Entry => tell(record, visitors.of(record)))
    .filter(({ what }) => what === 'attach' || what === 'login');
  expect(entries.map(({ visitor, what, detail }) => [who(visitor, true), what, detail])).toEqual([
    [
      'spiffe://example.org/web (192.0.2.7:40112)',
      'attach',
      `by the network door, certificate ${'ab'.repeat(32)}, also dns:web-1.example.org`,
    ],
    ['spiffe://example.org/web (192.0.2.7:40112)', 'login', undefined],
    ['nginx (42, uid 33)', 'attach', undefined],
    ['nginx (42, uid 33)', 'login', undefined],
    [
      'spiffe://example.org/web ([2001:db8::1]:5)',
      'attach',
      `again by the network door, certificate ${'cd'.repeat(32)}, also dns:web-1.example.org`,
    ],
    ['spiffe://example.org/web ([2001:db8::1]:5)', 'login', undefined],
  ]);
  // For programs that read the JSON the door stands there as well.
  expect(entries[0]?.visitor).toEqual({ ...door, remote });
  expect(entries.at(-1)?.visitor).toEqual({ ...door, remote: renewed, resumed: true });
});
