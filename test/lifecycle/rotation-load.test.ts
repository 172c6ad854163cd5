/**
 * Rotation under load: programs that sign by a key's label never fail while the key is rotated in a loop, and every signature verifies under the key
 * that the audit log names for it. And an engine that is killed in the middle of one leaves the old state or the new one, nothing between.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AuditRecord, detailOf, Kind } from '../../audit/format.ts';
import { verifyAuditLog } from '../../audit/verify.ts';
import * as ck from '../../module/engine/generated/constants.ts';
import { functionNumber } from '../../module/engine/policy/rules/rule.ts';
import { STRONGROOM } from '../cli/transcript.ts';
import { buildPkcs11js } from '../support/pkcs11js.ts';
import { NODE } from '../support/profile.ts';
import { eventually } from '../support/programs.ts';
import { soakCount } from '../support/soak.ts';
import { makeStore, type Store } from '../support/store.ts';
import { ecPair, type Hex, makeToken, PIN, Program, strongroom } from './program.ts';

const KEY = 'signing';
let store: Store;

beforeAll(buildPkcs11js);
beforeEach(async () => {
  store = makeStore();
  await makeToken(store);
  const program = new Program(store);
  await ecPair(program, await program.session(), {
    [ck.CKA_TOKEN]: true,
    [ck.CKA_LABEL]: KEY,
    [ck.CKA_ID]: 'first',
  });
  await program.leave();
});
afterEach(() => store?.close());

interface Line {
  readonly found?: number;
  readonly text: string;
  readonly signature: string;
  readonly error?: string;
}

class Signer {
  readonly lines: Line[] = [];
  readonly pid: number;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #gone: Promise<unknown>;
  #rest = '';

  constructor(at: Store) {
    const script = path.join(import.meta.dirname, 'signer.ts');
    this.#child = spawn(NODE, ['--no-warnings', script, at.module, PIN, KEY], {
      env: at.env,
      cwd: at.folder,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.pid = this.#child.pid ?? 0;
    this.#gone = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (this.#rest + text).split('\n');
      this.#rest = lines.pop() ?? '';
      this.lines.push(...lines.map((line) => JSON.parse(line) as Line));
    });
  }

  async leave(): Promise<void> {
    this.#child.stdin.end();
    await this.#gone;
  }
}

function recordsOf(at: Store): AuditRecord[] {
  const folder = at.env.STRONGROOM_HOME ?? '';
  const records: AuditRecord[] = [];
  verifyAuditLog({
    log: path.join(folder, 'audit.log'),
    publicKey: readFileSync(path.join(folder, 'audit.pub'), 'utf8'),
    onRecord: (record) => {
      // What is read is good for a moment only.
      const [object, detail] = [Uint8Array.from(record.object), Uint8Array.from(record.detail)];
      records.push({ ...record, object, detail });
    },
  });
  return records;
}

/** SubjectPublicKeyInfo of each private key, by its id. */
async function publicKeys(program: Program, session: Hex): Promise<Map<string, Buffer>> {
  const keys = new Map<string, Buffer>();
  for (const key of await program.find(session, { [ck.CKA_CLASS]: ck.CKO_PRIVATE_KEY })) {
    const name = await program.attribute(session, key, ck.CKA_UNIQUE_ID);
    const info = await program.attribute(session, key, ck.CKA_PUBLIC_KEY_INFO);
    keys.set(Buffer.from(name, 'hex').toString('latin1'), Buffer.from(info, 'hex'));
  }
  return keys;
}

describe('rotation under load', { timeout: 600_000 }, () => {
  it('no signer by a label fails, and each signature is of the key that the log names', async () => {
    const rotations = soakCount(60, 8);
    const signers = [new Signer(store), new Signer(store), new Signer(store)];
    const busy = () => signers.every(({ lines }) => lines.length > 20);
    expect(await eventually(busy, 120_000)).toBe(true);
    for (let done = 0; done < rotations; done++) {
      const before = signers.map(({ lines }) => lines.length);
      expect(await strongroom(store, 'key', 'rotate', KEY, '--pin', 'env:PIN')).toMatchObject({ code: 0 });
      // Each has signed with the new one, perhaps, before the next comes.
      const goOn = () => signers.every(({ lines }, at) => lines.length > (before[at] ?? 0) + 3);
      expect(await eventually(goOn, 120_000)).toBe(true);
    }
    for (const signer of signers) await signer.leave();
    for (const { lines } of signers) {
      expect(lines.filter(({ error, found }) => error !== undefined || found !== 1)).toEqual([]);
      expect(lines.length).toBeGreaterThan(3 * rotations);
    }

    const program = new Program(store);
    const keys = await publicKeys(program, await program.session());
    await program.leave();
    await store.stopEngine();
    expect(keys.size).toBe(rotations + 1);
    const records = recordsOf(store);
    const sign = functionNumber('C_Sign');
    const used = new Set<string>();
    for (const { pid, lines } of signers) {
      const come = records.find(
        (record) => record.kind === Kind.Attach && (detailOf(record) as { pid?: number }).pid === pid,
      );
      const named = records
        .filter((record) => record.client === come?.client && record.function === sign && record.result === 0)
        .map(({ object }) => Buffer.from(object).toString('hex'));
      expect(named.length).toBe(lines.length);
      for (const [at, { text, signature }] of lines.entries()) {
        const info = keys.get(named[at] ?? '') ?? Buffer.alloc(0);
        const key = createPublicKey({ key: info, format: 'der', type: 'spki' });
        const bytes = Buffer.from(signature, 'hex');
        expect(verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, bytes)).toBe(true);
        used.add(named[at] ?? '');
      }
    }
    // The label has meant one key after the other.
    expect(used.size).toBeGreaterThan(rotations / 2);
  });

  it('an engine that is killed in the middle leaves one key of the label, and all others behind it', async () => {
    let rotated = 0;
    for (let round = 0; round < soakCount(60, 6); round++) {
      const child = spawn(STRONGROOM, ['key', 'rotate', KEY, '--pin', 'env:PIN'], {
        env: { ...store.env, PIN },
        cwd: store.folder,
        stdio: 'ignore',
      });
      const gone = new Promise((resolve) => child.once('close', resolve));
      let over = false;
      void gone.then(() => {
        over = true;
      });
      expect(await eventually(() => over || store.enginePid() !== undefined, 60_000)).toBe(true);
      // Somewhere between its coming and its end.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
      const pid = store.enginePid();
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      await gone;
      if (pid !== undefined) expect(await eventually(() => store.enginePid() !== pid, 60_000)).toBe(true);

      const program = new Program(store);
      const session = await program.session();
      const [key, ...more] = await program.find(session, {
        [ck.CKA_CLASS]: ck.CKO_PRIVATE_KEY,
        [ck.CKA_LABEL]: KEY,
      });
      const [half, ...others] = await program.find(session, {
        [ck.CKA_CLASS]: ck.CKO_PUBLIC_KEY,
        [ck.CKA_LABEL]: KEY,
      });
      if (key === undefined || half === undefined) throw new Error('a half of the key is not there');
      expect([more, others]).toEqual([[], []]);
      for (const type of [ck.CKA_ID, ck.CKA_PUBLIC_KEY_INFO])
        expect(await program.attribute(session, key, type)).toBe(
          await program.attribute(session, half, type),
        );
      expect(await program.rv('C_SignInit', session, { mechanism: ck.CKM_ECDSA_SHA256 }, key)).toBe('CKR_OK');
      // From the newest to the first, and back.
      const all = await program.find(session, { [ck.CKA_CLASS]: ck.CKO_PRIVATE_KEY });
      expect(all.length - 1).toBeGreaterThanOrEqual(rotated);
      rotated = all.length - 1;
      let name = await program.attribute(session, key, ck.CKA_UNIQUE_ID);
      let at = key;
      for (let step = 0; step < rotated; step++) {
        const before = await program.attribute(session, at, ck.CKA_STRONGROOM_PREDECESSOR);
        const [older] = await program.find(session, { [ck.CKA_UNIQUE_ID]: { hex: before } });
        if (older === undefined) throw new Error('a predecessor is not there');
        expect(await program.attribute(session, older, ck.CKA_STRONGROOM_SUCCESSOR)).toBe(name);
        [name, at] = [before, older];
      }
      expect(await program.attribute(session, at, ck.CKA_STRONGROOM_PREDECESSOR)).toBe('');
      await program.leave();
    }
  });
});
