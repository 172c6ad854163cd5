/** The command line where keys are on another machine: whom its commands speak of, and whom they end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { DoorService, type RemoteClient } from '../support/door.ts';
import { NODE, ROOT } from '../support/profile.ts';
import { run } from '../support/programs.ts';
import { whyNoService } from '../support/service.ts';
import { STRONGROOM } from './transcript.ts';

const POLICY = `
[[rule]]
who = ["spiffe://example.org/operator"]
roles = ["operator", "auditor", "so", "user"]
new_tokens = true
[[rule]]
who = ["spiffe://example.org/user"]
roles = ["user"]
tokens = ["web"]
`;

let door: DoorService;
let operator: RemoteClient;
let user: RemoteClient;
let stranger: RemoteClient;

const lives = ['linger_seconds = 600'];
const why = whyNoService();
beforeAll(async () => {
  if (why !== undefined) return;
  door = await DoorService.make(POLICY);
  const client = (name: string) => {
    const made = door.client({ spiffe: [`spiffe://example.org/${name}`] });
    // What the library starts is there until it is ended.
    const text = readFileSync(made.config, 'utf8').replace('linger_seconds = 1', lives.join('\n'));
    writeFileSync(made.config, text);
    return made;
  };
  [operator, user, stranger] = [client('operator'), client('user'), client('stranger')];
}, 120_000);

afterAll(async () => {
  if (why !== undefined) return;
  for (const client of [operator, user, stranger]) await strongroom(client, 'engine stop --force');
  await door.close();
}, 120_000);

async function strongroom(client: RemoteClient, line: string, expected: number | 'any' = 0) {
  const env = { ...client.env, P: 'user-pin-1' };
  return run(STRONGROOM, line.split(' '), { env, expect: expected, timeout: 120_000 });
}

/** A program of the client's that has its place with whatever serves it. */
async function visitor(client: RemoteClient): Promise<() => Promise<void>> {
  const script = `
    const library = require(process.argv[1]);
    library.load(process.env.MODULE);
    library.initialize();
    library.slots();
    console.log('there');
    process.stdin.once('end', () => process.exit()).resume();`;
  const child = spawn(NODE, ['-e', script, path.join(ROOT, 'out/lib/strongroom/cryptoki.node')], {
    env: { ...client.env, MODULE: door.service.module },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = once(child, 'close');
  await once(child.stdout, 'data');
  const leave = async () => {
    child.stdin.end();
    await gone;
  };
  onTestFinished(leave);
  return leave;
}

describe('the command line of a client on another machine', {
  timeout: 300_000,
  skip: why !== undefined,
}, () => {
  it('ends the gateway of its user, and never the engine there', async () => {
    const before = JSON.parse((await strongroom(operator, 'status --json')).stdout) as { pid: number };
    const local = JSON.parse((await strongroom(operator, 'engine status --json')).stdout) as { pid: number };
    expect(local).toMatchObject({ running: true, gateway: true, remote: `127.0.0.1:${door.port}` });
    expect(local.pid).not.toBe(before.pid);

    const leave = await visitor(operator);
    const refused = await strongroom(operator, 'engine stop', 1);
    expect(refused.stderr).toContain('other programs of this user');
    await leave();
    const stopped = await strongroom(operator, 'engine stop');
    expect(stopped.stdout).toBe(
      `This user’s process (pid ${local.pid}) has ended; the service at 127.0.0.1:${door.port} goes on.\n`,
    );
    expect((await strongroom(operator, 'engine status')).stdout).toContain('No gateway runs');

    const after = JSON.parse((await strongroom(operator, 'status --json')).stdout) as { pid: number };
    expect(after.pid).toBe(before.pid);
  });

  it('says of the service there what the policy gives, and from where others have come', async () => {
    const whole = await strongroom(operator, 'status');
    expect(whole.stdout).toContain('strongroomd runs on the other machine: pid ');
    expect(whole.stdout).toContain(`reached at     127.0.0.1:${door.port} (${operator.config})`);
    expect(whole.stdout).toContain('used by        nobody');
    await visitor(user);
    const seen = await strongroom(operator, 'status');
    expect(seen.stdout).toMatch(/used by {8}1 program\n +spiffe:\/\/example\.org\/user \(127\.0\.0\.1:\d+\)/);
    const little = await strongroom(user, 'status');
    expect(little.stdout).toContain(`strongroomd at 127.0.0.1:${door.port} (${user.config}) lets us in`);
    const empty = await strongroom(user, 'token list');
    expect(empty.stderr).toContain('its policy gives us none');
    const log = await strongroom(user, 'audit show', 1);
    expect(log.stderr).toContain(`the policy of the service at 127.0.0.1:${door.port} gives us no right`);
    const verified = await strongroom(operator, 'audit verify');
    expect(verified.stdout).toContain(`log         that of the service at 127.0.0.1:${door.port}\n`);
  });

  it('says that the service does not let in whom no rule names, and what to look at', async () => {
    for (const line of ['status', 'token list', 'audit verify', 'metrics']) {
      const refused = await strongroom(stranger, line, 1);
      expect(refused.stderr, line).toContain(`the service at 127.0.0.1:${door.port} does not let us in`);
    }
    const found = await strongroom(stranger, 'doctor', 1);
    expect(found.stdout).toContain('spiffe://example.org/stranger');
    expect(found.stdout).toContain('no rule of its policy lets us in');
  });

  it('names an engine that was there before the configuration said remote, and ends it', async () => {
    const early = door.client({ spiffe: ['spiffe://example.org/user'] });
    const text = readFileSync(early.config, 'utf8').replace('linger_seconds = 1', lives.join('\n'));
    writeFileSync(early.config, `${lives.join('\n')}\npin.kdf = "pbkdf2"\npin.iterations = 1000\n`);
    await strongroom(early, 'token init --label own --so-pin env:P --pin env:P');
    writeFileSync(early.config, text);
    for (const line of ['status', 'doctor']) {
      const said = await strongroom(early, line, 1);
      expect(said.stdout, line).toContain(`was started before ${early.config} said remote`);
    }
    expect((await strongroom(early, 'engine status')).stdout).toContain('said remote');
    expect((await strongroom(early, 'engine stop')).stdout).toContain('has ended');
    expect((await strongroom(early, 'status')).stdout).toContain('lets us in');
    await strongroom(early, 'engine stop');
  });

  it('says with an exit code of its own that nobody can be reached there', async () => {
    await door.stopDoor();
    onTestFinished(() => door.startDoor());
    const away = await strongroom(user, 'status', 3);
    expect(away.stdout).toContain(`strongroomd cannot be reached at 127.0.0.1:${door.port}`);
    // What is here ends all the same.
    await strongroom(user, 'engine stop');
  });
});
