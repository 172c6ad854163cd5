/**
 * From `strongroom pki init` to a program of another machine, over the real door: an authority in a token of the service itself, the door and a client with
 * what it issued, and a client that is revoked.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { DoorService, EVERYTHING_REMOTE, type RemoteClient } from '../support/door.ts';
import { ROOT } from '../support/profile.ts';
import { eventually } from '../support/programs.ts';
import { whyNoService } from '../support/service.ts';
import { PATIENCE } from './pki-support.ts';
import { STRONGROOM } from './transcript.ts';

const why = whyNoService();
let door: DoorService | undefined;
afterEach(() => door?.close());

/** Root’s rule, to whom the token of the authority belongs; from other machines it is not to be seen. */
const POLICY = `
[[rule]]
who = ["user:root"]
roles = ["user", "so", "operator"]
new_tokens = true

[[rule]]
who = ["any-remote"]
effect = "deny"
tokens = ["ca"]

${EVERYTHING_REMOTE}`;

function cli(env: Readonly<Record<string, string>>, ...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(STRONGROOM, words, {
    env: { ...env, PIN: 'user-pin-4711' },
    encoding: 'utf8',
    timeout: 300_000,
  });
  return { status, stdout, said: stdout + stderr };
}

interface Diagnosis {
  readonly ok: boolean;
  readonly sections: readonly {
    readonly title: string;
    readonly findings: readonly { level: string; text: string }[];
  }[];
}

const diagnosisOf = (env: Readonly<Record<string, string>>) =>
  JSON.parse(cli(env, 'doctor', '--json').stdout) as Diagnosis;
const wrongIn = ({ sections }: Diagnosis, title: string) =>
  sections
    .filter((section) => section.title === title)
    .flatMap(({ findings }) => findings.filter(({ level }) => level === 'wrong').map(({ text }) => text));

it.skipIf(why !== undefined)(
  `an authority, a door and its clients${why === undefined ? '' : ` (${why})`}`,
  PATIENCE,
  async () => {
    const made = await DoorService.make(POLICY);
    door = made;
    const root = made.service.env;
    const desk = path.join(made.service.folder, 'desk');
    mkdirSync(desk);
    const folder = path.join(desk, 'tls');
    const shell = (lines: string) => {
      const done = spawnSync('sh', ['-euc', lines.replaceAll('hsm.example', 'localhost')], {
        env: {
          ...root,
          PATH: `${path.dirname(STRONGROOM)}:${root.PATH}`,
          PIN: 'user-pin-4711',
          SO_PIN: 'so-pin-0815',
        },
        cwd: desk,
        encoding: 'utf8',
        timeout: 300_000,
      });
      expect(done, done.stderr).toMatchObject({ status: 0 });
    };
    // As the operator's page has it.
    const page = readFileSync(path.join(ROOT, 'docs/operations.md'), 'utf8');
    const [first = 'false'] = [...page.matchAll(/^```sh pki\n([\s\S]*?)^```/gm)].map(([, lines]) => lines);
    shell(first);
    shell(
      'strongroom pki issue --client --spiffe spiffe://example.org/thief --out tls --as thief --pin env:PIN',
    );

    const reload = async (...files: readonly (readonly [string, string])[]) => {
      for (const [from, to] of files) made.put(to, readFileSync(path.join(folder, from), 'utf8'));
      const before = made.log.length;
      process.kill(made.pid, 'SIGHUP');
      expect(await eventually(() => made.log.length > before, 60_000), made.log).toBe(true);
    };
    await reload(
      ['server.pem', 'server.pem'],
      ['server.key', 'server.key'],
      ['ca.pem', 'clients.pem'],
      ['crl.pem', 'crl.pem'],
    );

    const clientOf = (name: string): RemoteClient => {
      const client = made.client({});
      for (const [from, to] of [
        ['ca.pem', 'ca.pem'],
        [`${name}.pem`, 'client.pem'],
        [`${name}.key`, 'client.key'],
      ] as const)
        copyFileSync(path.join(folder, from), path.join(client.folder, 'tls', to));
      return client;
    };
    const backup = clientOf('backup');
    const thief = clientOf('thief');
    for (const { env } of [backup, thief]) {
      expect(cli(env, 'token', 'list')).toMatchObject({ status: 0 });
      const diagnosis = diagnosisOf(env);
      expect(wrongIn(diagnosis, 'Remote')).toEqual([]);
      expect(JSON.stringify(diagnosis)).not.toContain('“ca”');
      expect(diagnosis.ok).toBe(true);
    }
    expect(wrongIn(diagnosisOf(root), 'Network door')).toEqual([]);

    shell('strongroom pki revoke tls/thief.pem --reason key-compromise --out tls --pin env:PIN');
    await reload(['crl.pem', 'crl.pem']);
    expect(wrongIn(diagnosisOf(thief.env), 'Remote')).toEqual([
      expect.stringContaining('it hung up when it had seen our certificate'),
    ]);
    expect(wrongIn(diagnosisOf(backup.env), 'Remote')).toEqual([]);
    expect(cli(thief.env, 'token', 'list').status).toBe(1);
    expect(cli(backup.env, 'token', 'list')).toMatchObject({ status: 0 });

    // Whom no rule names is let in by the door, and not by the engine.
    made.service.writePolicy(POLICY.replaceAll('any-remote', 'spiffe://example.org/nobody'));
    process.kill(made.service.pid, 'SIGHUP');
    expect(await eventually(() => cli(backup.env, 'token', 'list').status === 1, 60_000)).toBe(true);
    expect(wrongIn(diagnosisOf(backup.env), 'Remote')).toEqual([]);
    expect(wrongIn(diagnosisOf(backup.env), 'Tokens')).toEqual([
      expect.stringContaining('no rule of its policy lets us in'),
    ]);

    // A name that the server has not, as a client would meet it.
    writeFileSync(
      backup.config,
      readFileSync(backup.config, 'utf8').replace('remote_name = "localhost"', 'remote_name = "hsm.example"'),
    );
    expect(wrongIn(diagnosisOf(backup.env), 'Remote')).toEqual([
      expect.stringContaining('its certificate is not for hsm.example, but for dns:localhost'),
    ]);
  },
);
