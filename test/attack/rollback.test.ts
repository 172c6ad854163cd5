/**
 * Whoever may write to the store's folder while no engine runs: puts back files of yesterday beside today's, in whatever selection, or takes
 * them away. The next start notices, and no token is used until its security officer accepts; only the whole folder at once passes.
 *
 * Store and log are opened here as an engine opens them (module/engine/audit.ts), which is quick enough for every selection.
 */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Kind, none } from '../../audit/format.ts';
import { packNews } from '../../audit/news.ts';
import type { AuditWriter } from '../../audit/writer.ts';
import { openAudit } from '../../module/engine/audit.ts';
import { files } from '../../module/engine/store/folder.ts';
import {
  enclave,
  loadPrivate,
  loadPublic,
  login,
  newToken,
  type Opened,
  openStore,
  putObject,
  temporaryFolder,
  tokenAt,
} from '../store/support.ts';
import { soak } from '../support/soak.ts';

const USER = 1;

/** One engine's life, without its applications. */
class Run {
  readonly opened: Opened;
  readonly audit: AuditWriter;

  constructor(folder: string) {
    this.opened = openStore(folder);
    this.audit = openAudit(folder, enclave, this.store, 1000).audit;
    this.audit.note(Kind.EngineStart, { storeGeneration: this.store.syncedGeneration });
  }

  get store() {
    return this.opened.store;
  }

  /** As the door does it before it answers (module/engine/calls/dispatch.ts). */
  record(kind: Kind, sync = kind === Kind.Administration): void {
    const news = kind === Kind.Operation ? null : this.store.news();
    const detail = news === null ? undefined : packNews(news);
    this.audit.append(kind, 1, 1, 0, 1, none, 0, null, null, 0, detail, sync);
    if (news !== null) this.store.told();
  }

  guess(): void {
    this.opened.pins.begin(tokenAt(this.store, 0), USER);
    this.record(Kind.Authentication, true);
  }

  logIn(): void {
    this.opened.pins.begin(tokenAt(this.store, 0), USER);
    this.opened.pins.succeeded(tokenAt(this.store, 0), USER);
    this.record(Kind.Authentication);
  }

  sign(): void {
    this.record(Kind.Operation);
  }

  make(): void {
    putObject(this.store, tokenAt(this.store, 0), false, null);
    this.record(Kind.Administration);
  }

  stop(): void {
    this.audit.note(Kind.EngineStop, {});
    this.audit.close();
    this.store.close();
  }
}

type Snapshot = ReadonlyMap<string, Buffer>;

/** The folder as it is on the disk now, which is what a killed engine leaves. */
function snapshot(folder: string): Snapshot {
  return new Map(fs.readdirSync(folder).map((name) => [name, fs.readFileSync(path.join(folder, name))]));
}

function lay(snapshot: Snapshot): string {
  const folder = temporaryFolder();
  for (const [name, bytes] of snapshot) fs.writeFileSync(path.join(folder, name), bytes, { mode: 0o600 });
  return folder;
}

/** What the engine would do with a folder: why it does not start, or why the token is not used; 'passes' when it is. */
function start(folder: string): string {
  let run: Run;
  try {
    run = new Run(folder);
  } catch (error) {
    return `no start: ${error instanceof Error ? error.message : String(error)}`;
  }
  try {
    if (run.store.problem !== null) return `store: ${run.store.problem.message}`;
    const [token] = run.store.tokens();
    if (token === undefined) return 'no token';
    if (token.problem !== null) return `${token.problem.kind}: ${token.problem.message}`;
    loadPublic(run.store, token);
    const { objects } = loadPrivate(run.store, token, login(run.store, token));
    return objects.length > 0 ? 'passes' : 'objects are missing';
  } finally {
    run.stop();
  }
}

/** A folder with a token, and a moment of yesterday's. */
function firstDay(): { folder: string; run: Run } {
  const folder = temporaryFolder();
  const run = new Run(folder);
  const { token, master } = newToken(run.opened, 'token');
  putObject(run.store, token, true, master);
  run.record(Kind.Administration);
  run.guess();
  return { folder, run };
}

function secondDay(run: Run): void {
  run.make();
  run.guess();
  run.guess();
}

/** Enough for SQLite to move what is in its write-ahead log into the database. */
function grow(run: Run): void {
  const token = tokenAt(run.store, 0);
  for (let made = 0; made < 250; made++) putObject(run.store, token, false, null, false);
  run.record(Kind.Administration);
}

interface Days {
  readonly before: Snapshot;
  readonly after: Snapshot;
}

interface Scene {
  readonly name: string;
  readonly days: () => Days;
  /** What passes although it is not the whole: it is what an engine leaves that is killed at some moment, and nothing is won by it. */
  readonly passing?: readonly string[];
}

/** The engine of yesterday and that of today, each killed or stopped. */
function twoEngines(killed: boolean, large: boolean): Days {
  const { folder, run } = firstDay();
  if (large) grow(run);
  if (!killed) run.stop();
  const before = snapshot(folder);
  if (killed) run.stop();
  // A killed engine changes nothing any more: the next one begins with what it left.
  const next = lay(before);
  const second = new Run(next);
  secondDay(second);
  if (large) grow(second);
  if (!killed) second.stop();
  const after = snapshot(next);
  if (killed) second.stop();
  return { before, after };
}

function oneEngine(between: (run: Run) => void): Days {
  const { folder, run } = firstDay();
  const before = snapshot(folder);
  between(run);
  const after = snapshot(folder);
  run.stop();
  return { before, after };
}

const scenes: readonly Scene[] = [
  { name: 'two engines, stopped', days: () => twoEngines(false, false) },
  { name: 'two engines, killed', days: () => twoEngines(true, false) },
  { name: 'two engines, stopped, a larger store', days: () => twoEngines(false, true) },
  { name: 'two engines, killed, a larger store', days: () => twoEngines(true, true) },
  {
    name: 'one engine, some changes later',
    days: () => oneEngine(secondDay),
    passing: ['store.generation'],
  },
  {
    name: 'one engine, one wrong PIN later',
    days: () => oneEngine((run) => run.guess()),
    passing: ['store.generation', 'audit.log', 'store.generation + audit.log'],
  },
];

/** What a start looks at. The store's key and the log's public key never change, and engine.log and the lock are nothing to it. */
const core: readonly string[] = [
  files.database,
  `${files.database}-wal`,
  files.generation,
  files.auditLog,
  files.auditAnchor,
];
const everything = [...core, files.storeKey, files.auditPublicKey, 'engine.log', 'engine.lock'];

function selections(of: readonly string[]): string[][] {
  return Array.from({ length: 2 ** of.length - 1 }, (_, bits) => of.filter((_, i) => (bits + 1) & (1 << i)));
}

function withForeign(days: Days): Days {
  const add = (day: Snapshot, text: string): Snapshot =>
    new Map([...day, ['engine.log', Buffer.from(text)], ['engine.lock', Buffer.from('1\n')]]);
  return { before: add(days.before, 'yesterday\n'), after: add(days.after, 'today\n') };
}

function same(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one === undefined || other === undefined ? one === other : one.equals(other);
}

/** The folder of today with some of yesterday's files; one that was not there yesterday goes. */
function mixed({ before, after }: Days, names: readonly string[]): string {
  const mix = new Map(after);
  for (const name of names) {
    const old = before.get(name);
    if (old === undefined) mix.delete(name);
    else mix.set(name, old);
  }
  return lay(mix);
}

describe.each(scenes)('$name', ({ days: make, passing = [] }) => {
  test('every selection of yesterday’s files is noticed, but the whole folder', { timeout: 600_000 }, () => {
    const days = withForeign(make());
    const differing = core.filter((name) => !same(days.before.get(name), days.after.get(name)));
    expect(differing.length).toBeGreaterThanOrEqual(3);
    for (const names of selections(soak ? everything : core)) {
      const folder = mixed(days, names);
      const changed = names.filter((name) => differing.includes(name));
      const said = changed.join(' + ');
      const passes = [0, differing.length].includes(changed.length) || passing.includes(said);
      // Where the write-ahead log holds every page in which the two days differ, SQLite makes one whole day of whichever database.
      const others = differing.filter((name) => name !== files.database);
      const wal = `${files.database}-wal`;
      const replayed = (names.includes(wal) ? days.before : days.after).has(wal);
      const either =
        replayed && [0, others.length].includes(changed.filter((name) => name !== files.database).length);
      // What was noticed once is not forgotten at the next start.
      for (let again = 0; again < 2; again++) {
        const verdict = start(folder);
        if (passes) expect(verdict, said).toBe('passes');
        else if (!either || verdict !== 'passes')
          expect(verdict, said).toMatch(/^(rollback|tampered|no start|store): /);
      }
      fs.rmSync(folder, { recursive: true });
    }
  });

  test('every selection of files taken away is noticed, but all of them', { timeout: 600_000 }, () => {
    const days = withForeign(make());
    const needed = [...core, files.storeKey].filter((name) => days.after.has(name));
    for (const names of selections(soak ? everything : [...core, files.storeKey, files.auditPublicKey])) {
      const folder = lay(new Map([...days.after].filter(([name]) => !names.includes(name))));
      const gone = needed.filter((name) => names.includes(name));
      const verdict = start(folder);
      const left = needed.filter((name) => !names.includes(name) && name !== files.storeKey);
      const said = names.join(' + ');
      if (gone.length === 0) expect(verdict, said).toBe('passes');
      else if (left.length === 0 && names.includes(files.auditPublicKey))
        expect(verdict, said).toBe('no token');
      else expect(verdict, said).toMatch(/^(rollback|tampered|no start|store): /);
      fs.rmSync(folder, { recursive: true });
    }
  });
});

/**
 * Power fails: each file may be as it was last synced, or as it was last written, and nobody is to blame. SQLite's own syncs are known from
 * what the store promises of each change.
 */
test('what a power failure leaves is never taken for files put back', { timeout: 600_000 }, () => {
  const { folder, run } = firstDay();
  run.stop();
  const second = new Run(folder);
  const database = [files.database, `${files.database}-wal`];
  const log = [files.auditLog];
  let durable = snapshot(folder);
  const now = (): Snapshot => snapshot(folder);
  const keep = (names: readonly string[]): void => {
    const latest = now();
    durable = new Map([...durable, ...[...latest].filter(([name]) => names.includes(name))]);
  };
  const steps: readonly (readonly [step: () => void, synced: readonly string[]])[] = [
    [() => second.sign(), []],
    [() => second.opened.pins.begin(tokenAt(second.store, 0), USER), database],
    [() => second.record(Kind.Authentication), []],
    [() => second.opened.pins.succeeded(tokenAt(second.store, 0), USER), []],
    [() => second.record(Kind.Authentication), []],
    [() => second.sign(), []],
    [() => second.audit.sync(), log],
    [() => second.sign(), []],
    [() => putObject(second.store, tokenAt(second.store, 0), false, null), database],
    [() => second.record(Kind.Administration), log],
    [() => second.opened.pins.begin(tokenAt(second.store, 0), USER), database],
    [() => second.opened.pins.succeeded(tokenAt(second.store, 0), USER), []],
    [() => second.record(Kind.Authentication), []],
    [() => second.audit.checkpoint(), log],
    [() => second.sign(), []],
  ];
  const left: { readonly said: string; readonly files: Snapshot }[] = [];
  for (const [number, [step, synced]] of steps.entries()) {
    step();
    keep(synced);
    const latest = now();
    for (const lost of selections([files.database, files.generation, files.auditLog])) {
      const names = lost.flatMap((name) => (name === files.database ? database : [name]));
      const kept = [...latest].map(([name, bytes]): [string, Buffer] => [
        name,
        (names.includes(name) ? durable.get(name) : undefined) ?? bytes,
      ]);
      left.push({ said: `after step ${number}, without ${lost.join(' and ')}`, files: new Map(kept) });
    }
  }
  // The enclave has one chain, so the next engine comes when this one has gone.
  second.stop();
  for (const { said, files: found } of left) {
    const place = lay(found);
    expect(start(place), said).toBe('passes');
    fs.rmSync(place, { recursive: true });
  }
});
