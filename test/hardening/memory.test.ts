/** Guarded memory: the C checks, as they are and under the sanitizers, and malloc's interposition in programs and in Node. */
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile, makeShipped, memorySources, outcomeOf, scratch } from './build.ts';

const { folder, remove } = scratch();
let library = '';

/** The sanitizers turn mlock into nothing, so what depends on it runs in the plain build only; so does the figure. */
const sanitizable = {
  fenced: ['overrun', 'canary', 'freed', 'wiped', 'many', 'sizes', 'bounded'],
  slabs: ['canary', 'ends', 'freed', 'misuse', 'wiped', 'many', 'stress'],
  arena: ['stress', 'sizes', 'given-back', 'misuse', 'wiped', 'regions'],
} as const;
const plainOnly = {
  fenced: ['flags', 'locked'],
  slabs: ['flags', 'million', 'given-back', 'refused-tolerated', 'refused-strictly'],
  arena: ['flags', 'refused-tolerated', 'refused-strictly', 'limit-raised', 'speed'],
} as const;
const hookChecks = ['family', 'limits', 'nesting', 'threads', 'stress', 'boundary'];

const subjects = ['fenced', 'slabs', 'arena'] as const;
const quietFaults = {
  ASAN_OPTIONS: 'handle_segv=0:handle_abort=0',
  TSAN_OPTIONS: 'handle_segv=0:handle_abort=0',
};

beforeAll(async () => {
  ({ library } = await makeShipped(folder));
  const byName = ['-shared', '-fPIC', '-fvisibility=hidden', '-fno-builtin', '-DSR_HOOK_BY_NAME'];
  await Promise.all([
    ...subjects.map((subject) =>
      compile(join(folder, subject), [`test/hardening/${subject}.c`, ...memorySources]),
    ),
    compile(join(folder, 'hook'), ['test/hardening/hook.c'], ['-fno-builtin']),
    compile(join(folder, 'by-name.so'), [...memorySources, 'hardening/memory/hook.c'], byName),
    compile(join(folder, 'zero'), ['test/hardening/zero.c', 'hardening/memory/zero.c'], ['-O2']),
  ]);
  for (const subject of subjects) {
    const sources = [`test/hardening/${subject}.c`, ...memorySources];
    const flags = ['-fsanitize=address,undefined', '-fno-sanitize-recover=undefined'];
    await compile(join(folder, `${subject}-sanitized`), sources, flags);
  }
  const headers = join(dirname(dirname(process.execPath)), 'include', 'node');
  const node = ['-shared', '-fPIC', `-I${headers}`, `-Wl,-rpath,${dirname(library)}`];
  await compile(join(folder, 'addon.node'), ['test/hardening/node-addon.c', library], node);
  const threads = ['-fsanitize=thread'];
  for (const subject of ['arena', 'slabs'])
    await compile(
      join(folder, `${subject}-threads`),
      [`test/hardening/${subject}.c`, ...memorySources],
      threads,
    );
}, 180_000);

afterAll(remove);

const passed = { status: 0, signal: null, stdout: 'ok\n' };

for (const subject of subjects) {
  describe(`guarded ${subject}`, () => {
    it.each([...sanitizable[subject], ...plainOnly[subject]])('%s', (name) => {
      expect(outcomeOf(join(folder, subject), [name])).toMatchObject(passed);
    });
    it.each(sanitizable[subject])('%s, with addresses and undefined behaviour watched', (name) => {
      expect(outcomeOf(join(folder, `${subject}-sanitized`), [name], quietFaults)).toMatchObject(passed);
    });
  });
}

it.each(['arena', 'slabs'])(
  '%s: no race under the thread sanitizer',
  (subject) => {
    expect(outcomeOf(join(folder, `${subject}-threads`), ['stress'], quietFaults)).toMatchObject(passed);
  },
  120_000,
);

it.each(['stack', 'registers', 'dying'])('zeroing reaches dead memory: %s', (name) => {
  expect(outcomeOf(join(folder, 'zero'), [name])).toMatchObject(passed);
});

describe('malloc steered into the arena', () => {
  it.each(hookChecks)('%s', (name) => {
    expect(outcomeOf(join(folder, 'hook'), [name], { LD_PRELOAD: library })).toMatchObject(passed);
  });
  it.each(hookChecks)('%s, where the C library has one name only for its allocator', (name) => {
    const env = { LD_PRELOAD: join(folder, 'by-name.so') };
    expect(outcomeOf(join(folder, 'hook'), [name], env)).toMatchObject(passed);
  });
  it('is not in force, and says so, when the library is loaded later', () => {
    const env = { SR_TEST_LIBRARY: library };
    expect(outcomeOf(join(folder, 'hook'), ['not-hooked'], env)).toMatchObject(passed);
  });
  it("holds what Node's own OpenSSL allocates inside the scope, and only when preloaded", () => {
    const script = 'const m = { exports: {} }; process.dlopen(m, process.argv[1]); console.log(m.exports)';
    const args = ['-e', script, join(folder, 'addon.node')];
    const preloaded = outcomeOf(process.execPath, args, { LD_PRELOAD: library });
    expect(preloaded.stdout).toBe('{ inside: 4, outside: 0 }\n');
    expect(outcomeOf(process.execPath, args).stdout).toBe('{ inside: 0, outside: 0 }\n');
  });
  it('lets Node run', () => {
    const script = `
      const { createHash, generateKeyPairSync, sign, verify } = require('node:crypto');
      const { Worker } = require('node:worker_threads');
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const text = Buffer.alloc(1 << 20, 1);
      if (!verify('sha256', text, publicKey, sign('sha256', text, privateKey))) process.exit(3);
      const maps = require('node:fs').readFileSync('/proc/self/maps', 'utf8');
      if (!maps.includes('libstrongroom-guard.so')) process.exit(4);
      new Worker('require("node:worker_threads").parentPort.postMessage("w".repeat(100000))', { eval: true })
        .on('message', (text) => console.log(text.length, createHash('sha256').update('x').digest('hex').slice(0, 8)));
    `;
    expect(outcomeOf(process.execPath, ['-e', script], { LD_PRELOAD: library })).toMatchObject({
      status: 0,
      stdout: '100000 2d711642\n',
      stderr: '',
    });
  });
});
