/**
 * What a login costs whoever logs in to an engine that has nothing else to do, the first time and later, and what others notice of it: the time of a
 * P-256 signature of another process, alone and while one first login follows another. The PINs are derived as they are by default. The aims: a first login in 50 to 400 ms, a later
 * one in less than 1 ms, and the bystander's median under twice what it is alone.
 *
 *     node test/bench/login.ts [tokens]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PKCS11 } from 'pkcs11js';
import { buildPkcs11js } from '../support/pkcs11js.ts';
import { currentProfile, ROOT } from '../support/profile.ts';
import { run } from '../support/programs.ts';
import { makeStore } from '../support/store.ts';

const PIN = 'user-pin-1';
const QUIET_MS = 2_000;
const [role, argument = '12'] = process.argv.slice(2);

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

function library(): PKCS11 {
  const { PKCS11: Module } = createRequire(import.meta.url)('pkcs11js') as typeof import('pkcs11js');
  const module = new Module();
  module.load(currentProfile().module);
  module.C_Initialize();
  return module;
}

const SESSION = 6;
const USER = 1;

/** Signs until it is told to say how long each signature took; every time it is asked it begins anew. */
async function bystander(): Promise<void> {
  const module = library();
  const [slot] = module.C_GetSlotList(true);
  if (slot === undefined) throw new Error('there is no token');
  const session = module.C_OpenSession(slot, SESSION);
  module.C_Login(session, USER, PIN);
  const { privateKey } = module.C_GenerateKeyPair(
    session,
    { mechanism: 0x1040 },
    [{ type: 0x180, value: Buffer.from('06082a8648ce3d030107', 'hex') }],
    [{ type: 0x108, value: true }],
  );
  let taken: number[] = [];
  process.on('message', () => {
    process.send?.(median(taken));
    taken = [];
  });
  process.send?.('ready');
  const [digest, signature] = [Buffer.alloc(32, 1), Buffer.alloc(64)];
  for (;;) {
    for (let i = 0; i < 200; i++) {
      const from = performance.now();
      module.C_SignInit(session, { mechanism: 0x1041 }, privateKey);
      module.C_Sign(session, digest, signature);
      taken.push(performance.now() - from);
    }
    await new Promise((done) => setImmediate(done));
  }
}

/** How often each token is logged in to again: the first of them find an engine that has not done it before. */
const LATER = 100;

/** Logs in to each token but the first, for the first time and again. */
function arrivals(): void {
  const module = library();
  const times = module
    .C_GetSlotList(true)
    .slice(1)
    .map((slot) => {
      const session = module.C_OpenSession(slot, SESSION);
      return Array.from({ length: 1 + LATER }, () => {
        const from = performance.now();
        module.C_Login(session, USER, PIN);
        const took = performance.now() - from;
        module.C_Logout(session);
        return took;
      });
    });
  process.send?.(times);
  module.C_Finalize();
}

async function heard<T>(child: ChildProcess, question?: string): Promise<T> {
  if (question !== undefined) child.send(question);
  const [answer] = (await once(child, 'message')) as [T];
  return answer;
}

async function measure(tokens: number): Promise<void> {
  await buildPkcs11js();
  const store = makeStore(currentProfile(), 'as everybody');
  const children: ChildProcess[] = [];
  const child = (name: string): ChildProcess => {
    const started = fork(import.meta.filename, [name], { env: store.env });
    children.push(started);
    return started;
  };
  try {
    const env = { ...store.env, SO: 'officer-1', PIN };
    for (let i = 0; i < tokens; i++) {
      const args = ['token', 'init', '--label', `token ${i}`, '--so-pin', 'env:SO', '--pin', 'env:PIN'];
      await run(path.join(ROOT, 'out/bin/strongroom'), args, { env });
    }
    await store.stopEngine();
    const times = await heard<number[][]>(child('arrivals'));
    await store.stopEngine();
    const signer = child('bystander');
    await heard(signer);
    await sleep(QUIET_MS);
    const alone = await heard<number>(signer, 'how long?');
    await heard<number[][]>(child('arrivals'));
    const beside = await heard<number>(signer, 'how long?');
    const first = median(times.map(([one = 0]) => one));
    const later = median(times.flatMap(([, ...others]) => others));
    const micro = (ms: number): string => `${(ms * 1000).toFixed(0)} µs`;
    process.stdout.write(
      [
        'logging in with a PIN by Argon2id, 64 MiB, 3 passes, 4 lanes',
        `  a first login                                ${first.toFixed(0)} ms   (aim: 50 to 400)`,
        `  a later one                                  ${micro(later)}   (aim: under 1000)`,
        `  a bystander's P-256 signature, alone         ${micro(alone)}`,
        `  ... while one first login follows another    ${micro(beside)}   (aim: under twice that)`,
        '',
      ].join('\n'),
    );
    if (first > 400 || later > 1 || beside > 2 * alone) process.exitCode = 1;
  } finally {
    for (const each of children) each.kill('SIGKILL');
    await store.close();
  }
}

if (role === 'bystander') await bystander();
else if (role === 'arrivals') arrivals();
else await measure(Number(role ?? argument));
