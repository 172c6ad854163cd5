/** The enclave's rooms stand on floors: what a C file includes lies in its own room, or on a floor below. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../../module/enclave');

/** Rooms of one floor do not know each other. */
const floors: Readonly<Record<string, number>> = {
  generated: 0,
  base: 1,
  keys: 2,
  operations: 3,
  sealing: 3,
  jobs: 4,
  edge: 5,
};
/** All that the enclave's C files include from outside. */
const below = /^(hardening\/memory|module\/generated)\//;

type Includes = ReadonlyMap<string, readonly string[]>;

/** What each C file and header of the enclave includes, all as paths from `module/enclave`. */
function includes(): Map<string, readonly string[]> {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.[ch]$/.test(name),
  );
  return new Map(
    files.map((file) => {
      const text = readFileSync(path.join(root, file), 'utf8');
      const quoted = [...text.matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)].map((match) => match[1] ?? '');
      return [file, quoted.map((target) => path.join(path.dirname(file), target))] as const;
    }),
  );
}

function forbidden(graph: Includes): string[] {
  return [...graph].flatMap(([file, targets]) => {
    const room = path.dirname(file);
    const floor = floors[room];
    if (floor === undefined) return [`${file} stands in no room`];
    return targets
      .filter((target) => {
        if (below.test(path.join('module/enclave', target))) return false;
        const other = path.dirname(target);
        return other !== room && !((floors[other] ?? Number.POSITIVE_INFINITY) < floor);
      })
      .map((target) => `${file} includes ${target}`);
  });
}

/** The files of the first circle of includes, or nothing. */
function circle(graph: Includes): string[] {
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): string[] => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return [];
    const found = (graph.get(file) ?? []).map((next) => visit(next, [...trail, file]));
    done.add(file);
    return found.find((each) => each.length > 0) ?? [];
  };
  return [...graph.keys()].map((file) => visit(file, [])).find((each) => each.length > 0) ?? [];
}

/** The same, with one more arrow. */
function withArrow(from: string, to: string): Includes {
  const graph = includes();
  return graph.set(from, [...(graph.get(from) ?? []), to]);
}

describe('the rooms of the enclave', () => {
  it('include what is below them, and nothing in circles', () => {
    const graph = includes();
    expect(graph.size).toBeGreaterThan(50);
    expect(new Set([...graph.keys()].map((file) => path.dirname(file)))).toEqual(
      new Set(Object.keys(floors)),
    );
    expect([...graph.values()].flat().filter((target) => !target.startsWith('..'))).not.toHaveLength(0);
    expect(forbidden(graph)).toEqual([]);
    expect(circle(graph)).toEqual([]);
  });

  it('the check finds an arrow upwards, one across, one out of the enclave, and a circle', () => {
    expect(forbidden(withArrow('keys/parsed.c', 'sealing/derive.h'))).toEqual([
      'keys/parsed.c includes sealing/derive.h',
    ]);
    expect(forbidden(withArrow('sealing/seal.c', 'operations/cipher.h'))).toHaveLength(1);
    expect(forbidden(withArrow('base/core.h', '../lane/lane.h'))).toHaveLength(1);
    expect(forbidden(withArrow('core.c', 'base/core.h'))).toEqual(['core.c stands in no room']);
    expect(circle(withArrow('keys/key.h', 'keys/parsed.h'))).toEqual(
      expect.arrayContaining(['keys/key.h', 'keys/parsed.h']),
    );
  });

  it('only the edge knows JavaScript', () => {
    const knowing = [...includes().keys()].filter((file) =>
      /\bnode_api\.h\b|\bnapi_/.test(readFileSync(path.join(root, file), 'utf8')),
    );
    expect(knowing.length).toBeGreaterThan(5);
    expect(knowing.filter((file) => !file.startsWith('edge/'))).toEqual([]);
  });

  it('no room has more than 25 files', () => {
    for (const room of ['.', ...Object.keys(floors)]) {
      const files = readdirSync(path.join(root, room), { withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      );
      expect(files.length, room).toBeLessThanOrEqual(25);
    }
  });
});
