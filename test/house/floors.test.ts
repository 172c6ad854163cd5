/**
 * The house stands: the engine's rooms on floors, with arrows that go down only (module/engine/README.md has the picture), no circle of
 * imports anywhere, types included, and no room so full that nobody finds anything.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, listed, root, sources } from './sources.ts';

/** From the top. Rooms of one floor do not know each other. What is generated imports nothing of the engine's, and is everybody's. */
const floors = [
  ['engine'],
  ['service'],
  ['metrics'],
  ['calls'],
  ['mechanisms'],
  ['sessions'],
  ['tokens'],
  ['objects'],
  ['store', 'policy'],
  ['values'],
  ['generated'],
] as const;

/** A file in the engine's own folder is on the top floor: it puts the rooms together. */
function roomOf(file: string): string | undefined {
  const [, room] = /^module\/engine\/(?:([\w-]+)\/)?/.exec(file) ?? [];
  return file.startsWith('module/engine/') ? (room ?? 'engine') : undefined;
}

function floorOf(room: string): number {
  return floors.findIndex((rooms) => (rooms as readonly string[]).includes(room));
}

/** What a file of the engine imports from where it must not look. */
function upward(file: string, imports: readonly string[]): string[] {
  const room = roomOf(file) ?? '';
  return imports.filter((target) => {
    const other = roomOf(target);
    return other !== undefined && other !== room && floorOf(other) <= floorOf(room);
  });
}

/** The circles in a graph: each as its files, in the order in which they lead to each other. */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const way: string[] = [];
  const walk = (file: string): void => {
    const met = way.indexOf(file);
    if (met >= 0) found.push(way.slice(met));
    if (met >= 0 || done.has(file)) return;
    way.push(file);
    for (const next of graph.get(file) ?? []) walk(next);
    way.pop();
    done.add(file);
  };
  for (const file of graph.keys()) walk(file);
  return found;
}

const all = sources();
const graph = new Map(all.map((file) => [file, importsOf(file)]));

describe('floors', () => {
  const engine = all.filter((file) => roomOf(file) !== undefined);

  it('every room of the engine has its floor', () => {
    expect(engine.length).toBeGreaterThan(100);
    expect(new Set(engine.map(roomOf))).toEqual(new Set(floors.flat()));
  });

  it('every arrow goes down', () => {
    const wrong = engine.flatMap((file) =>
      upward(file, graph.get(file) ?? []).map((target) => `${file} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('an arrow that goes up, or across, is found', () => {
    const up = 'module/engine/calls/call.ts';
    expect(upward('module/engine/objects/object.ts', [up])).toEqual([up]);
    const across = 'module/engine/policy/config.ts';
    expect(upward('module/engine/store/store.ts', [across])).toEqual([across]);
    const whole = 'module/engine/engine.ts';
    expect(upward('module/engine/calls/dispatch.ts', [whole])).toEqual([whole]);
    expect(upward('module/engine/calls/dispatch.ts', ['module/engine/values/errors.ts'])).toEqual([]);
  });

  it('the picture in the README names the floors in this order', () => {
    const text = readFileSync(path.join(root, 'module/engine/README.md'), 'utf8');
    const picture = /```\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
    const places = floors.flat().map((room) => picture.search(new RegExp(`^${room}\\b`, 'm')));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });
});

describe('circles', () => {
  it('no file leads back to itself by what it imports', () => {
    expect(circles(graph)).toEqual([]);
  });

  it('a circle is found', () => {
    const three = new Map([
      ['a', ['b']],
      ['b', ['d', 'c']],
      ['c', ['a']],
    ]);
    expect(circles(three)).toEqual([['a', 'b', 'c']]);
  });
});

describe('room to move', () => {
  it('no folder has more files than one looks through', () => {
    const folders = new Map<string, number>();
    for (const file of listed()) {
      const folder = path.dirname(file);
      folders.set(folder, (folders.get(folder) ?? 0) + 1);
    }
    // What was decided is a chronicle: it grows by a page a decision, and nobody has to look through it.
    const full = [...folders].filter(
      ([folder, count]) => count > 25 && !/(^|\/)generated$/.test(folder) && folder !== 'docs/decisions',
    );
    expect(full).toEqual([]);
  });

  it('no source file holds two things', () => {
    const long = all
      .filter((file) => !/(^|\/)(generated|vectors)\//.test(file))
      .map((file) => [file, readFileSync(path.join(root, file), 'utf8').split('\n').length - 1] as const)
      .filter(([, lines]) => lines > 450);
    expect(long).toEqual([]);
  });
});
