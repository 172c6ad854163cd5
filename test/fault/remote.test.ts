/**
 * The network door at bad moments, with programs of other machines at work: they keep their sessions and go on by themselves, nothing is done twice,
 * nothing that was returned is lost, and the audit log verifies.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from 'vitest';
import { verifyAuditLog } from '../../audit/verify.ts';
import { functionNames } from '../../module/engine/generated/functions.ts';
import { DoorService, EVERYTHING_REMOTE, type RemoteClient } from '../support/door.ts';
import { ROOT } from '../support/profile.ts';
import { eventually } from '../support/programs.ts';
import { whyNoService } from '../support/service.ts';
import { soakCount } from '../support/soak.ts';
import { compile } from './support.ts';

const PIN = 'user-pin-4711';
const SO_PIN = 'officer-pin-0815';
const CLI = path.join(ROOT, 'out/bin/strongroom');
const why = whyNoService();

let door: DoorService | undefined;
const travellers: Traveller[] = [];

afterEach(async () => {
  for (const traveller of travellers.splice(0)) traveller.kill();
  await door?.close();
  door = undefined;
});

function cli(client: RemoteClient, args: readonly string[]) {
  const done = spawnSync(CLI, args, {
    env: { ...client.env, PIN, SO_PIN },
    encoding: 'utf8',
    timeout: 300_000,
  });
  expect(done.status, `${args.join(' ')}: ${done.stdout}${done.stderr}`).toBe(0);
  return done.stdout;
}

/** A door, and a client that has made a token through it. */
async function fresh(): Promise<{ door: DoorService; owner: RemoteClient }> {
  door = await DoorService.make(EVERYTHING_REMOTE);
  const owner = door.client({ spiffe: ['spiffe://example.org/owner'] });
  cli(owner, ['token', 'init', '--label', 'shared', '--pin', 'env:PIN', '--so-pin', 'env:SO_PIN']);
  return { door, owner };
}

class Traveller {
  readonly made: string[] = [];
  readonly unsure: string[] = [];
  readonly #child: ChildProcess;
  readonly #done: Promise<void>;
  #begun = false;
  #last = '';
  #errors = '';

  constructor(at: DoorService, { env }: RemoteClient) {
    const child = spawn(compile('traveller'), [at.service.module, PIN], {
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
    createInterface(child.stdout).on('line', (line) => {
      if (line === 'begun') this.#begun = true;
      else if (line.startsWith('made ')) this.made.push(line.slice(5));
      else if (line.startsWith('unsure ')) this.unsure.push(line.slice(7));
      else this.#last = line;
    });
    this.#done = new Promise((resolve) => child.once('close', () => resolve()));
    travellers.push(this);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #until(there: () => boolean): Promise<void> {
    const come = await eventually(() => there() || this.#errors !== '', 120_000);
    if (!come || this.#errors !== '') throw new Error(`it does not go on: ${this.#errors}`);
  }

  begun(): Promise<void> {
    return this.#until(() => this.#begun);
  }

  makes(more: number): Promise<void> {
    const wanted = this.made.length + more;
    return this.#until(() => this.made.length >= wanted);
  }

  async end(): Promise<{ signed: number; failed: number; outage: number }> {
    this.#child.stdin?.end();
    await this.#done;
    expect(this.#errors).toBe('');
    const [, signed, failed, outage] = /^signed (\d+) failed (\d+) outage (\d+)$/.exec(this.#last) ?? [];
    return { signed: Number(signed), failed: Number(failed), outage: Number(outage) };
  }
}

describe('a network door with programs of other machines at work', {
  timeout: 900_000,
  skip: why !== undefined,
}, () => {
  test('is killed and started again, time after time', async ({ annotate }) => {
    const { door: at, owner } = await fresh();
    const all = ['one', 'two', 'three'].map(
      (name) => new Traveller(at, at.client({ spiffe: [`spiffe://example.org/${name}`] })),
    );
    for (const traveller of all) await traveller.begun();
    for (let time = 0; time < soakCount(10, 4); time++) {
      await at.stopDoor('SIGKILL');
      await at.startDoor();
      for (const traveller of all) await traveller.makes(2);
    }
    const reports = [];
    for (const traveller of all) reports.push(await traveller.end());
    const longest = Math.max(...reports.map(({ outage }) => outage));
    const failed = reports.reduce((sum, report) => sum + report.failed, 0);
    await annotate(`${failed} calls were not answered; the longest time without an answer was ${longest} ms`);
    const { keys } = JSON.parse(cli(owner, ['key', 'list', '--json', '--pin', 'env:PIN'])) as {
      keys: { label: string }[];
    };
    const there = keys.map(({ label }) => label);
    const made = all.flatMap((traveller) => traveller.made);
    const unsure = all.flatMap((traveller) => traveller.unsure);
    expect(new Set(there).size).toBe(there.length);
    expect(made.filter((label) => !there.includes(label))).toEqual([]);
    expect(there.filter((label) => !made.includes(label) && !unsure.includes(label))).toEqual([]);
    await at.stopDoor();
    await at.service.stop();
    // Each signature that the log has was asked for, and each that was returned is in the log.
    const store = at.service.store;
    const sign = functionNames.indexOf('C_Sign') + 1;
    let logged = 0;
    const verdict = verifyAuditLog({
      log: path.join(store, 'audit.log'),
      publicKey: readFileSync(path.join(store, 'audit.pub'), 'utf8'),
      anchor: path.join(store, 'audit.anchor'),
      onRecord: (record) => {
        if (record.function === sign && record.result === 0) logged++;
      },
    });
    expect(verdict.ok, JSON.stringify(verdict)).toBe(true);
    const signed = reports.reduce((sum, report) => sum + report.signed, 0);
    expect(logged).toBeGreaterThanOrEqual(signed);
    expect(logged).toBeLessThanOrEqual(signed + failed);
  });
});
