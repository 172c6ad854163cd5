/** Clients of the network door in a whole engine: let in by their names, told of by them, and bounded by them. */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { Kind } from '../../../audit/format.ts';
import { ownHandlers } from '../../../module/engine/calls/own/own.ts';
import * as ck from '../../../module/engine/generated/constants.ts';
import { Metrics } from '../../../module/engine/metrics/metrics.ts';
import { Kept } from '../../../module/engine/policy/quotas.ts';
import type { Application } from '../../../module/engine/sessions/application.ts';
import type { Principal } from '../../../module/lane/principal.ts';
import { fillStore } from '../../support/fill.ts';
import { Scraped } from '../../support/metrics.ts';
import { enclave, Host } from '../host.ts';
import { by, handle, host, made, pin, ROOT, reload, room, rules, serve, span, user } from './world.ts';

const DOOR = 12345;
const RULES = `
[[rule]]
who = ["uid:${ROOT}"]
roles = ["user", "operator"]

[[rule]]
who = ["uid:${DOOR}", "any"]
roles = ["user", "so", "operator", "auditor", "metrics"]

[[rule]]
who = ["dns:web-*.example.org"]
keys = ["label:web"]
functions = ["sign"]
pinless = true

[[rule]]
who = ["spiffe://example.org/ops"]
roles = ["operator"]
`;

const principal = (...names: string[]): Principal => ({
  names,
  fingerprint: 'ab'.repeat(32),
  address: '192.0.2.7:40112',
});
let number = 1000;

/** Somebody comes by the door; undefined when he is not let in. */
function come(...names: string[]): Application | undefined {
  const id = number++;
  const who = { pid: process.pid, uid: DOOR, gid: DOOR, groups: [0], remote: principal(...names) };
  const isIn = host.engine.attach(id, who);
  const app = host.engine.applications.get(id);
  expect(app !== undefined).toBe(isIn);
  return app;
}

function letIn(...names: string[]): Application {
  const app = come(...names);
  if (app === undefined) throw new Error(`${names.join()} is not let in`);
  return app;
}

describe('who comes by the network door', () => {
  test('is let in by a name of his certificate, and by nothing of the door’s', () => {
    rules(RULES);
    expect(reload()).toBeUndefined();
    expect(come('dns:mail.example.org')).toBeUndefined();
    expect(come('dns:evil.web-1.example.org')).toBeUndefined();
    expect(come('subject:CN=web-1.example.org')).toBeUndefined();
    const web = letIn('subject:CN=web,O=Example', 'dns:web-1.example.org');
    const { operator, auditor, metrics, newTokens } = web.rights;
    expect([operator, auditor, metrics, newTokens]).toEqual([false, false, false, false]);
    expect(letIn('spiffe://example.org/ops').rights.operator).toBe(true);
  });

  test('is kept out of an engine without rules, of root’s and of a user’s', () => {
    rules(RULES);
    host.engine.usePolicy('/nowhere/policy.toml');
    expect(come('dns:web-1.example.org')).toBeUndefined();
    expect(host.app(0).rights.operator).toBe(true);
    const folder = fs.mkdtempSync(path.join(tmpdir(), 'strongroom-remote-'));
    fillStore(enclave, folder, [{ label: 'own', objects: 0, kind: 'aes' }]);
    const { engine } = new Host(folder);
    try {
      const who = { pid: process.pid, uid: process.getuid?.() ?? 0, gid: 0, groups: [] };
      expect(engine.attach(1, { ...who, remote: principal('dns:web-1.example.org') })).toBe(false);
      expect(engine.attach(2, who)).toBe(true);
    } finally {
      engine.close();
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  test('uses the keys that rules give that name, and no others', async () => {
    rules(RULES);
    expect(reload()).toBeUndefined();
    const root = await user(ROOT);
    const web = await made(root, 'web');
    const other = await made(root, 'other');
    const session = host.session(letIn('dns:web-1.example.org'));
    expect(await serve('C_Login', session, { userType: ck.CKU_USER, pin })).toBe(ck.CKR_OK);
    const sign = async (key: number) => {
      const rv = await serve('C_SignInit', session, { mechanism: by(ck.CKM_SHA256_HMAC), key });
      return rv === ck.CKR_OK ? serve('C_Sign', session, { data: span('x'), signature: room }) : rv;
    };
    expect(await sign(handle(session, web))).toBe(ck.CKR_OK);
    expect(await sign(handle(session, other))).toBe(ck.CKR_KEY_HANDLE_INVALID);
    expect(await serve('SR_StopEngine', session.app, { force: ck.CK_TRUE })).toBe(ck.CKR_FUNCTION_REJECTED);
    // Another policy ends what he has.
    rules(RULES.replace('web-*', 'api-*'));
    expect(reload()).toBeUndefined();
    expect([session.closed, session.app.rights.enter]).toEqual([true, false]);
  });

  test('is called by his name in the logs, and the door stands beside it', () => {
    rules(RULES);
    expect(reload()).toBeUndefined();
    const lines = vi.spyOn(host.engine, 'log');
    const records = vi.spyOn(host.engine.audit, 'note');
    expect(come('dns:mail.example.org', 'subject:CN=mail')).toBeUndefined();
    expect(lines.mock.calls).toEqual([
      [
        expect.stringMatching(
          `^refused: dns:mail.example.org, subject:CN=mail from 192\\.0\\.2\\.7:40112 \\(certificate (ab){32}, by process ${process.pid}, .*\\): no rule of the policy lets it in$`,
        ),
      ],
    ]);
    lines.mockClear();
    const app = letIn('dns:web-1.example.org', 'subject:CN=web');
    expect(lines.mock.calls).toEqual([
      [
        expect.stringMatching(/^application \d+ comes: dns:web-1\.example\.org, subject:CN=web from /),
        'debug',
      ],
    ]);
    const executable = expect.any(String);
    expect(records.mock.calls).toEqual([
      [
        Kind.Attach,
        {
          pid: process.pid,
          uid: DOOR,
          gid: DOOR,
          executable,
          remote: {
            names: ['dns:web-1.example.org', 'subject:CN=web'],
            fingerprint: 'ab'.repeat(32),
            address: '192.0.2.7:40112',
          },
        },
        app.id,
      ],
    ]);
    host.engine.refused(app, 'C_OpenSession');
    expect(host.engine.refusals.last).toMatch(
      /^C_OpenSession of dns:web-1\.example\.org \(from 192\.0\.2\.7:40112\) at /,
    );
    // The longest that a principal can be has its place in the log.
    const long = `dns:web-1.example.org,${'\\'.repeat(1900)}`;
    expect(() => letIn('dns:web-1.example.org', `subject:CN=${long}`)).not.toThrow();
  });

  test('goes on with his application by a newer certificate, from elsewhere, while a rule lets him in', () => {
    rules(RULES);
    expect(reload()).toBeUndefined();
    const names = ['dns:web-1.example.org', 'subject:CN=web'];
    const app = letIn(...names);
    const renewed = { names, fingerprint: 'cd'.repeat(32), address: '198.51.100.1:5' };
    const records = vi.spyOn(host.engine.audit, 'note');
    const resume = (remote: Principal) => host.engine.resume(app.id, remote);
    expect(resume(renewed)).toBe(true);
    expect(records.mock.calls).toEqual([[Kind.Attach, { remote: renewed, resumed: true }, app.id]]);
    host.engine.refused(app, 'C_OpenSession');
    expect(host.engine.refusals.last).toMatch(/ of dns:web-1\.example\.org \(from 198\.51\.100\.1:5\) at /);
    expect(resume({ ...renewed, names: names.slice(0, 1) })).toBe(false);
    expect(resume({ ...renewed, names: names.toReversed() })).toBe(false);
    expect(host.engine.resume(host.app(ROOT).id, renewed)).toBe(false);
    rules(RULES.replace('web-*', 'api-*'));
    expect(reload()).toBeUndefined();
    expect(resume(renewed)).toBe(false);
  });

  test('is counted by where he is, and by no name', () => {
    rules(RULES);
    expect(reload()).toBeUndefined();
    host.session(host.app(ROOT));
    const web = letIn('dns:web-1.example.org');
    letIn('dns:web-2.example.org');
    host.session(web);
    host.session(web);
    const door = { parked: () => 0, lanes: () => 0, busyLanes: () => 0 };
    const page = new Metrics(host.engine, door, '').page();
    const scraped = new Scraped(page);
    const [apps, sessions] = ['strongroom_applications', 'strongroom_sessions'].map((name) =>
      ['local', 'remote'].map((from) => scraped.value(name, { from })),
    );
    expect([apps, sessions]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(page).not.toMatch(/example|192\.0\.2/);
  });

  test('has with all his applications together what he leaves to others, and gives it back', () => {
    rules(RULES);
    expect(reload()).toBeUndefined();
    const { quotas } = host.engine;
    const limit = quotas.limits[Kept.Sessions];
    const apps = Array.from({ length: 200 }, () => letIn('dns:web-1.example.org'));
    const takenBy = (each: Application) => {
      let taken = 0;
      for (
        let spare = each.account.spare(Kept.Sessions);
        spare > 0;
        spare = each.account.spare(Kept.Sessions)
      ) {
        each.account.count(Kept.Sessions, spare);
        taken += spare;
      }
      return taken;
    };
    const his = apps.map(takenBy).reduce((sum, taken) => sum + taken, 0);
    expect(his).toBe(Math.min(200 * limit.perApplication, limit.total / 2));
    // The next one has as much as an application may have.
    const other = letIn('dns:web-2.example.org');
    expect(takenBy(other)).toBe(Math.min(limit.perApplication, limit.total / 4));
    expect(quotas.names).toBe(2);
    for (const app of [...apps, other]) {
      app.account.give(Kept.Sessions, app.account.held[Kept.Sessions] as number);
      host.end(app);
    }
    expect(quotas.names).toBe(0);
  });

  test('is shown to the operator by his name', async () => {
    rules(RULES);
    expect(reload()).toBeUndefined();
    letIn('dns:web-1.example.org');
    const asking = host.session(host.app(ROOT));
    let text = '';
    const rv = await host.call(
      (call) => {
        const answered = ownHandlers.SR_GetEngineStatus(call, {
          status: { present: true, capacity: 60_000 },
        });
        text = Buffer.from(call.reply.buffer.subarray(8, call.reply.length)).toString();
        return answered;
      },
      asking,
      {},
    );
    expect(rv).toBe(ck.CKR_OK);
    expect(JSON.parse(text.replace(/\0+$/, '')).applications).toEqual([
      expect.objectContaining({ uid: DOOR, name: 'dns:web-1.example.org', address: '192.0.2.7:40112' }),
      expect.not.objectContaining({ name: expect.anything() }),
    ]);
  });
});
