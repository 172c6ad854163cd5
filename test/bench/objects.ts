/**
 * Times of the handlers that objects have, without lane and process: attribute reads, searches by label among few and many
 * objects, loading at login, and the memory of 50,000 objects. Run: node --expose-gc test/bench/objects.ts
 */

import type { Call } from '../../module/engine/calls/call.ts';
import { findHandlers } from '../../module/engine/calls/find.ts';
import { objectHandlers } from '../../module/engine/calls/objects.ts';
import * as ck from '../../module/engine/generated/constants.ts';
import { ulongValue } from '../../module/engine/objects/attribute-set.ts';
import { newObjectId, uniqueIdValue } from '../../module/engine/objects/unique-id.ts';
import { Reply } from '../../module/engine/values/reply.ts';
import { ask, template, World } from '../engine/objects/world.ts';

/** Median nanoseconds of one call, over 30 rounds. */
function time(what: string, run: () => void, perRound = 20_000): void {
  const rounds: number[] = [];
  for (let round = 0; round < 30; round++) {
    const begin = process.hrtime.bigint();
    for (let i = 0; i < perRound; i++) run();
    rounds.push(Number(process.hrtime.bigint() - begin) / perRound);
  }
  rounds.sort((a, b) => a - b);
  console.log(`${what.padEnd(52)} ${(rounds[15] ?? 0).toFixed(0).padStart(8)} ns`);
}

function label(number: number): string {
  return `key number ${String(number).padStart(6, '0')}`;
}

/** A world whose store holds `count` private EC keys, loaded as at a login. */
function loaded(count: number): { world: World; milliseconds: number; megabytes: number } {
  const world = new World();
  const maker = new World();
  const session = maker.login('user');
  const made = maker.call(objectHandlers.C_CreateObject, session, {
    template: template(
      [ck.CKA_CLASS, ck.CKO_PRIVATE_KEY],
      [ck.CKA_KEY_TYPE, ck.CKK_EC],
      [ck.CKA_EC_PARAMS, Uint8Array.of(0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7)],
      [ck.CKA_VALUE, new Uint8Array(32)],
      [ck.CKA_TOKEN, true],
      [ck.CKA_SUBJECT, 'CN=the same subject for all of them'],
    ),
  });
  const pattern = maker.objects.get(session, made.handle()).attributes;
  for (let i = 0; i < count; i++) {
    const id = newObjectId();
    const attributes = pattern.with([
      [ck.CKA_UNIQUE_ID, uniqueIdValue(id)],
      [ck.CKA_LABEL, new TextEncoder().encode(label(i))],
      [ck.CKA_ID, ulongValue(i)],
    ]);
    world.store.putAll(0, [{ id, private: true, attributes: attributes.packed, value: null }]);
  }
  globalThis.gc?.();
  const before = process.memoryUsage();
  const begin = process.hrtime.bigint();
  world.openPrivate();
  const milliseconds = Number(process.hrtime.bigint() - begin) / 1e6;
  globalThis.gc?.();
  const after = process.memoryUsage();
  const bytes = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  return { world, milliseconds, megabytes: bytes / 1e6 };
}

for (const count of [1_000, 50_000]) {
  const { world, milliseconds, megabytes } = loaded(count);
  console.log(
    `${count} objects: indexed in ${milliseconds.toFixed(1)} ms, ${megabytes.toFixed(1)} MB beside their bytes`,
  );
  const session = world.login('user');
  const reply = new Reply(new Uint8Array(65536));
  const call = { engine: world, app: session.app, session, reply, audit: () => {} } as unknown as Call;
  const search = {
    template: template([ck.CKA_CLASS, ck.CKO_PRIVATE_KEY], [ck.CKA_LABEL, label(count >> 1)]),
  };
  const few = { maxCount: 10 };
  const find = (): void => {
    reply.reset();
    findHandlers.C_FindObjectsInit(call, search);
    findHandlers.C_FindObjects(call, few);
    findHandlers.C_FindObjectsFinal(call);
  };
  time('find by label: init, find, final', find);
  // Each time another label: what a search touches is then in the processor's caches among few objects only.
  const digits = new TextEncoder().encode('key number 000000');
  const value = { buffer: digits, offset: 0, length: digits.length };
  const other = { template: [{ type: ck.CKA_LABEL, value }] };
  let number = 0;
  time('the same by label alone, each time another', () => {
    number = (number + 7919) % count;
    for (let at = digits.length - 1, rest = number; at >= digits.length - 6; at--) {
      digits[at] = 48 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    reply.reset();
    findHandlers.C_FindObjectsInit(call, other);
    findHandlers.C_FindObjects(call, few);
    findHandlers.C_FindObjectsFinal(call);
    if (reply.length !== 16) throw new Error('not one object was found');
  });
  const object = world.objects.find(session, search.template)[0]?.handle ?? 0;
  const read = { object, template: ask(ck.CKA_CLASS, ck.CKA_LABEL, ck.CKA_ID) };
  time('C_GetAttributeValue of 3 attributes', () => {
    reply.reset();
    objectHandlers.C_GetAttributeValue(call, read);
  });
  const change = [template([ck.CKA_LABEL, 'a']), template([ck.CKA_LABEL, 'b'])];
  let turn = 0;
  time('C_SetAttributeValue of a label, store aside', () => {
    reply.reset();
    objectHandlers.C_SetAttributeValue(call, { object, template: change[turn++ & 1] ?? [] });
  });
  time('find all', () => world.objects.find(session, []), 20);
}
