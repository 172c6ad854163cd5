/**
 * Keys that need no login: who else may use them, what is left when the token is locked, and whether the log tells. The attacker is a user whose rule
 * gives him something, but not this.
 */
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ROOT } from '../support/profile.ts';
import { eventually } from '../support/programs.ts';
import { ANNE, BILL, CARL, SERVICE, Service, type User, whyNoService } from '../support/service.ts';

const PIN = 'user-pin-2718';
const SO_PIN = 'officer-pin-3141';
const ROOT_USER: User = { uid: 0, gid: 0 };
const why = whyNoService();

/** Anne's server signs with one key and without a PIN; Bill may use the same key with the PIN; Carl verifies. */
const policy = `
[[rule]]
who = ["uid:0"]
roles = ["operator", "so", "user"]
new_tokens = true

[[rule]]
who = ["uid:${ANNE.uid}"]
keys = ["label:server"]
functions = ["sign"]
mechanisms = ["CKM_ECDSA"]
pinless = true

[[rule]]
who = ["uid:${BILL.uid}"]
keys = ["label:server"]
roles = ["user"]

[[rule]]
who = ["uid:${CARL.uid}"]
functions = ["verify"]
`;

let service: Service | undefined;

afterEach(async () => {
  await service?.close();
  service = undefined;
});

function strongroom(at: Service, user: User, ...args: readonly string[]) {
  return at.run(user, path.join(ROOT, 'out/bin/strongroom'), args, { PIN, SO_PIN, WRONG: 'wrong-pin-1' });
}

function tool(at: Service, user: User, ...args: readonly string[]) {
  const { said, errors, status } = at.run(user, 'pkcs11-tool', [
    '--module',
    at.module,
    '--token-label',
    'web',
    ...args,
  ]);
  return { status, text: said + errors };
}

/** pkcs11-tool signs with the key of an id. */
const ids: Readonly<Record<string, string>> = { server: '01', other: '02' };

/** Whether the user can sign with a key: pkcs11-tool's words, or the code that it was refused with. */
function signs(
  at: Service,
  user: User,
  label: string,
  mechanism = 'ECDSA',
  ...login: readonly string[]
): string {
  const input = path.join(at.folder, 'digest');
  writeFileSync(input, Buffer.alloc(32, 7));
  const output = path.join(at.folder, `out-${user.uid}`, 'signature');
  const { status, text } = tool(
    at,
    user,
    '--sign',
    '-m',
    mechanism,
    '--id',
    ids[label] ?? '',
    '-i',
    input,
    '-o',
    output,
    ...login,
  );
  return status === 0
    ? 'signed'
    : (/CKR_\w+|Private key not found|object not found|No such|not found/.exec(text)?.[0] ?? text);
}

async function fresh(): Promise<Service> {
  service = await new Service(policy).start();
  for (const { uid, gid } of [ANNE, BILL, CARL]) {
    const folder = path.join(service.folder, `out-${uid}`);
    mkdirSync(folder);
    chownSync(folder, uid, gid);
  }
  expect(
    strongroom(
      service,
      ROOT_USER,
      'token',
      'init',
      '--label',
      'web',
      '--pin',
      'env:PIN',
      '--so-pin',
      'env:SO_PIN',
    ).errors,
  ).toBe('');
  for (const [label, id] of [
    ['server', '01'],
    ['other', '02'],
  ] as const) {
    const made = tool(
      service,
      ROOT_USER,
      '--login',
      '--pin',
      PIN,
      '--keypairgen',
      '--key-type',
      'EC:prime256v1',
      '--label',
      label,
      '--id',
      id,
    );
    expect(made.status, made.text).toBe(0);
  }
  return service;
}

describe('keys that need no login', { timeout: 300_000, skip: why !== undefined }, () => {
  test('are there for whom a rule says so, for what it says, while the token is unlocked', async () => {
    const at = await fresh();
    expect(signs(at, ANNE, 'server')).not.toBe('signed');
    expect(strongroom(at, ROOT_USER, 'unlock', '--pin', 'env:PIN')).toMatchObject({ status: 0 });
    expect(signs(at, ANNE, 'server')).toBe('signed');
    // Another key, another mechanism, other users.
    expect(signs(at, ANNE, 'other')).not.toBe('signed');
    expect(signs(at, ANNE, 'server', 'ECDSA-SHA256')).not.toBe('signed');
    expect(signs(at, BILL, 'server')).not.toBe('signed');
    expect(signs(at, CARL, 'server')).not.toBe('signed');
    expect(signs(at, BILL, 'server', 'ECDSA', '--login', '--pin', PIN)).toBe('signed');
    // Nothing else comes with it.
    expect(
      tool(at, ANNE, '--keypairgen', '--key-type', 'EC:prime256v1', '--label', 'server').status,
    ).not.toBe(0);
    expect(strongroom(at, ROOT_USER, 'lock')).toMatchObject({ status: 0 });
    expect(signs(at, ANNE, 'server')).not.toBe('signed');
    // A token that is emptied is not unlocked any more.
    expect(strongroom(at, ROOT_USER, 'unlock', '--pin', 'env:PIN')).toMatchObject({ status: 0 });
    expect(
      strongroom(at, ROOT_USER, 'token', 'wipe', '--token', 'web', '--so-pin', 'env:SO_PIN', '--yes').status,
    ).toBe(0);
    expect(strongroom(at, ROOT_USER, 'lock').errors).toContain('not unlocked');
  });

  test('only an operator unlocks, with the right PIN, and wrong ones are counted', async () => {
    const at = await fresh();
    expect(strongroom(at, ROOT_USER, 'unlock', '--pin', 'env:WRONG').errors).toContain('CKR_PIN_INCORRECT');
    expect(strongroom(at, ROOT_USER, 'pin', 'status').said).toContain('9 of 10');
    expect(strongroom(at, BILL, 'unlock', '--pin', 'env:PIN').errors).toContain('CKR_FUNCTION_REJECTED');
    expect(signs(at, ANNE, 'server')).not.toBe('signed');
  });

  test('each use and each unlocking is in the log, with who it was', async () => {
    const at = await fresh();
    strongroom(at, ROOT_USER, 'unlock', '--pin', 'env:PIN');
    expect(signs(at, ANNE, 'server')).toBe('signed');
    expect(signs(at, BILL, 'server', 'ECDSA', '--login', '--pin', PIN)).toBe('signed');
    await at.stop();
    const show = at.run(SERVICE, path.join(ROOT, 'out/bin/strongroom'), ['audit', 'show'], {
      STRONGROOM_HOME: at.store,
      STRONGROOM_CONFIG: '',
    });
    const lines = show.said.split('\n');
    expect(lines.filter((line) => line.includes('unlock token')).length).toBe(1);
    const signatures = lines.filter((line) => / sign \(ECDSA\)/.test(line));
    expect(signatures.map((line) => [/uid \d+/.exec(line)?.[0], line.includes('without a login')])).toEqual([
      [`uid ${ANNE.uid}`, true],
      [`uid ${BILL.uid}`, false],
    ]);
  });

  test('an auditor reads and verifies the log, and nobody else does', async () => {
    const at = await fresh();
    at.writePolicy(`${policy}\n[[rule]]\nwho = ["uid:${CARL.uid}"]\nroles = ["auditor", "metrics"]\n`);
    await at.stop();
    await at.start();
    const verified = strongroom(at, CARL, 'audit', 'verify');
    expect(verified.said + verified.errors).toContain('The audit log is whole.');
    expect(strongroom(at, CARL, 'audit', 'show').said).toContain('generate key pair');
    expect(strongroom(at, ANNE, 'audit', 'verify').errors).toContain('CKR_FUNCTION_REJECTED');
    // The figures are another role's; that nothing is counted here is said only to whom has it.
    expect(strongroom(at, CARL, 'metrics').errors).toContain('counts nothing');
    expect(strongroom(at, ANNE, 'metrics').errors).toContain('CKR_FUNCTION_REJECTED');
  });

  test('a credential of the service unlocks at its start; a wrong one is said and counted, and it serves', async () => {
    const at = await fresh();
    const credentials = path.join(at.folder, 'credentials');
    mkdirSync(credentials);
    chownSync(credentials, SERVICE.uid, SERVICE.gid);
    chmodSync(credentials, 0o700);
    const file = path.join(credentials, 'pin.web');
    for (const [pin, outcome] of [
      [`${PIN}\n`, 'signed'],
      ['wrong-pin-1', 'not signed'],
    ] as const) {
      writeFileSync(file, pin);
      chownSync(file, SERVICE.uid, SERVICE.gid);
      await at.stop();
      await at.start([], { CREDENTIALS_DIRECTORY: credentials });
      expect(signs(at, ANNE, 'server') === 'signed' ? 'signed' : 'not signed').toBe(outcome);
    }
    expect(await eventually(() => at.log.includes('was not unlocked'), 60_000)).toBe(true);
    expect(at.log).not.toContain('wrong-pin-1');
    expect(strongroom(at, ROOT_USER, 'pin', 'status').said).toContain('9 of 10');
  });
});
