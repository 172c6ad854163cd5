/** What an engine is like at this moment, looked up when somebody asks. */
import { readFileSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';
import { metrics } from '../../../schema/metrics.ts';
import { version } from '../../../schema/product.ts';
import { APPLICATIONS_MOST, LANES_MOST } from '../../lane/lane.ts';
import type { Host } from '../calls/host.ts';
import { troubles } from '../calls/own/health.ts';
import { keptKinds } from '../calls/own/own.ts';
import { isLocked } from '../calls/own/token-notes.ts';
import {
  CK_STRONGROOM_STATE_ACTIVE,
  CK_STRONGROOM_STATE_DESTROYED,
  CK_STRONGROOM_STATE_PRE_ACTIVATION,
} from '../generated/constants.ts';
import { stateNames } from '../generated/lifecycle.ts';
import { stateAt, stateName } from '../objects/lifecycle/life.ts';
import { KeyslotKind } from '../store/protection.ts';
import type { Page } from './page.ts';

/** Tokens with lines of their own; nobody looks at more of them, and each costs the engine's time. */
const TOKENS_SHOWN = 256;

/** What the door knows. */
export interface Door {
  /** Calls that wait for a job. */
  parked(): number;
  lanes(): number;
  busyLanes(): number;
}

/** Names of quotas as metrics have them: `session_object_bytes`. */
function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function ratio(used: number, limit: number): number {
  return limit > 0 ? used / limit : 0;
}

export function writeGauges(page: Page, engine: Host, door: Door): void {
  writeUse(page, engine, door);
  writeTokens(page, engine);
  writeLives(page, engine);
  writeLimits(page, engine, door);
  writeAudit(page, engine);
  writeProcess(page, engine);
}

function writeUse(page: Page, engine: Host, door: Door): void {
  page.value(metrics.refusals, engine.refusals.count);
  page.value(metrics.lanes, door.lanes());
  page.value(metrics.busyLanes, door.busyLanes());
  page.value(metrics.parked, door.parked());
  page.value(metrics.jobs, engine.enclave.jobsRunning());
  page.value(metrics.poolThreads, engine.enclave.status().poolThreads);
  const applications = { local: 0, remote: 0 };
  const sessions = { local: 0, remote: 0 };
  for (const { peer, sessions: its } of engine.applications.values()) {
    const from = peer.remote === undefined ? 'local' : 'remote';
    applications[from]++;
    sessions[from] += its.size;
  }
  page.by(metrics.applications, Object.entries(applications));
  page.by(metrics.sessions, Object.entries(sessions));
}

function writeTokens(page: Page, engine: Host): void {
  const count = { users: 0, officers: 0, lockedUsers: 0, lockedOfficers: 0, troubled: 0 };
  let near = 0;
  let due = 0;
  const objects: (readonly [{ slot: number; access: string }, number])[] = [];
  for (const token of engine.tokens.values()) {
    count.users += token.users.size;
    due += token.objects.rotating.due().length;
    count.officers += token.securityOfficers.size;
    if (engine.problemOf(token) !== null) count.troubled++;
    if (isLocked(engine, token, KeyslotKind.User)) count.lockedUsers++;
    if (isLocked(engine, token, KeyslotKind.So)) count.lockedOfficers++;
    near += token.objects.counting.near;
    if (objects.length >= 2 * TOKENS_SHOWN) continue;
    for (const access of ['public', 'private'] as const)
      objects.push([{ slot: token.slotId, access }, token.objects.sizes[access]]);
  }
  page.value(metrics.rotationsDue, due);
  page.by(metrics.tokens, [
    ['ok', engine.tokens.size - count.troubled],
    ['trouble', count.troubled],
  ]);
  page.by(metrics.logins, [
    ['user', count.users],
    ['so', count.officers],
  ]);
  page.by(metrics.lockedPins, [
    ['user', count.lockedUsers],
    ['so', count.lockedOfficers],
  ]);
  page.rows(metrics.tokenObjects, objects);
  page.value(metrics.keysNearLimit, near);
}

/** So far ahead people look. */
const DAYS_AHEAD = [1, 7, 30];
const DAY = 86_400;

function writeLives(page: Page, engine: Host): void {
  const now = engine.clock.now();
  const states = new Map(
    [...stateNames]
      .filter(([number]) => number !== CK_STRONGROOM_STATE_ACTIVE)
      .map(([number]) => [number, 0]),
  );
  states.delete(CK_STRONGROOM_STATE_DESTROYED);
  const [ending, beginning] = [DAYS_AHEAD.map(() => 0), DAYS_AHEAD.map(() => 0)];
  const add = (to: number[], time: number | undefined): void => {
    DAYS_AHEAD.forEach((days, at) => {
      if (time !== undefined && time <= now + days * DAY) to[at] = (to[at] ?? 0) + 1;
    });
  };
  for (const token of engine.tokens.values())
    for (const life of token.objects.indices.flatMap((index) => [...index.lives()])) {
      const state = stateAt(life, now);
      if (state === CK_STRONGROOM_STATE_ACTIVE) add(ending, life.deactivation);
      else states.set(state, (states.get(state) ?? 0) + 1);
      if (state === CK_STRONGROOM_STATE_PRE_ACTIVATION) add(beginning, life.activation);
    }
  page.by(
    metrics.keyStates,
    [...states].map(([state, count]) => [stateName(state), count]),
  );
  page.by(
    metrics.keysEnding,
    DAYS_AHEAD.map((days, at) => [days, ending[at] ?? 0]),
  );
  page.by(
    metrics.keysBeginning,
    DAYS_AHEAD.map((days, at) => [days, beginning[at] ?? 0]),
  );
}

function writeLimits(page: Page, engine: Host, door: Door): void {
  const { quotas, config } = engine;
  const heap = getHeapStatistics();
  const largest = keptKinds.map(([, kind]) => {
    let most = 0;
    for (const { account } of engine.applications.values()) most = Math.max(most, account.held[kind] ?? 0);
    return most;
  });
  const rows = keptKinds.map(([name, kind], at) => ({
    name: snake(name),
    used: quotas.used[kind] ?? 0,
    most: largest[at] ?? 0,
    limit: quotas.limits[kind],
  }));
  page.by(
    metrics.quotaUsed,
    rows.map(({ name, used }) => [name, used]),
  );
  page.by(
    metrics.quotaLimit,
    rows.map(({ name, limit }) => [name, limit.total]),
  );
  page.by(
    metrics.quotaLargest,
    rows.map(({ name, most }) => [name, most]),
  );
  page.by(
    metrics.quotaApplication,
    rows.map(({ name, limit }) => [name, limit.perApplication]),
  );
  let objects = 0;
  for (const token of engine.tokens.values()) {
    const sizes = token.objects.sizes;
    objects = Math.max(objects, sizes.public + sizes.private);
  }
  let jobs = 0;
  for (const app of engine.applications.values()) jobs = Math.max(jobs, app.jobs);
  page.by(metrics.limitRatio, [
    ...rows.map(({ name, used, limit }) => [name, ratio(used, limit.total)] as const),
    ...rows.map(
      ({ name, most, limit }) => [`application_${name}`, ratio(most, limit.perApplication)] as const,
    ),
    ['application_jobs', ratio(jobs, config.jobs.maxPerApplication)],
    ['applications', ratio(engine.applications.size, APPLICATIONS_MOST)],
    ['lanes', ratio(door.lanes(), LANES_MOST)],
    ['tokens', ratio(engine.tokens.size, config.slots.maxTokens)],
    ['token_objects', ratio(objects, config.objects.tokenMax)],
    ['heap', ratio(heap.used_heap_size, heap.heap_size_limit)],
  ]);
}

function writeAudit(page: Page, engine: Host): void {
  const { audit } = engine;
  const synced = audit.synced?.sequence ?? 0;
  page.value(metrics.auditRecords, audit.sequence);
  page.value(metrics.auditUnsynced, Math.max(0, audit.sequence - synced));
  page.value(metrics.auditUnsigned, audit.unsigned);
  page.value(metrics.auditWritable, audit.trouble === null ? 1 : 0);
  page.value(metrics.lostLines, engine.lostLines);
  const about = new Map<string, number>();
  for (const trouble of troubles(engine)) about.set(trouble.about, (about.get(trouble.about) ?? 0) + 1);
  page.by(metrics.troubles, about);
}

/** A figure of /proc/self/status, which is in kB; undefined where the system has no such file. */
function statusBytes(text: string, name: string): number | undefined {
  const [, figure] = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text) ?? [];
  return figure === undefined ? undefined : Number(figure) * 1024;
}

function processStatus(): string {
  try {
    return readFileSync('/proc/self/status', 'latin1');
  } catch {
    return '';
  }
}

function writeProcess(page: Page, engine: Host): void {
  const status = processStatus();
  const enclave = engine.enclave.status();
  const heap = getHeapStatistics();
  const { user, system } = process.cpuUsage();
  page.rows(metrics.buildInfo, [
    [{ version, node: process.versions.node, openssl: enclave.opensslVersion }, 1],
  ]);
  page.value(metrics.guarded, enclave.guardedBytes);
  page.value(metrics.memoryLocked, enclave.memoryLocked ? 1 : 0);
  page.value(metrics.locked, statusBytes(status, 'VmLck') ?? 0);
  page.value(metrics.keys, enclave.keys);
  page.value(metrics.heap, heap.used_heap_size);
  page.value(metrics.heapLimit, heap.heap_size_limit);
  page.value(metrics.resident, statusBytes(status, 'VmRSS') ?? process.memoryUsage.rss());
  page.value(metrics.cpu, (user + system) / 1e6);
  page.value(metrics.started, Math.round(performance.timeOrigin) / 1000);
}
