/**
 * The tables of the schema agree with each other.
 */

import { describe, expect, it } from 'vitest';
import { attributeRows, ruleSets } from '../../schema/cryptoki/attributes.ts';
import { constantGroups, constants } from '../../schema/cryptoki/constants.ts';
import { mechanisms, parameterShapes } from '../../schema/cryptoki/mechanisms.ts';
import type { ParameterField, ParameterShape } from '../../schema/cryptoki/parameter-shapes.ts';
import { prototypes } from '../../schema/cryptoki/prototypes.ts';
import { callbacks, scalars, structures, voidPointers } from '../../schema/cryptoki/types.ts';

const byName = new Map(constants.map((row) => [row.name, row]));
const structureByName = new Map(structures.map((each) => [each.name, each]));

function duplicates(names: readonly string[]): string[] {
  return names.filter((name, place) => names.indexOf(name) !== place);
}

describe('constants', () => {
  it('are named once', () => {
    expect(constants.length).toBeGreaterThan(1000);
    expect(duplicates(constants.map((row) => row.name))).toEqual([]);
    expect(duplicates(constantGroups.map((group) => group.id))).toEqual([]);
  });

  it.each(constantGroups)(
    'of $id share a value only as aliases, and stand in ascending order',
    ({ rows }) => {
      const seen = new Map<number, string>();
      for (const row of rows) {
        if (row.alias === undefined) {
          expect(seen.get(row.value), row.name).toBeUndefined();
          seen.set(row.value, row.name);
        } else {
          expect(seen.get(row.value), row.name).toBe(row.alias);
        }
      }
      const values = [...seen.keys()].map((value) => (value < 0 ? Number.MAX_SAFE_INTEGER : value));
      expect(values).toEqual([...values].sort((a, b) => a - b));
    },
  );
});

describe('types', () => {
  it('name only types that are known', () => {
    const known = new Set([
      ...scalars.flatMap((each) => [each.name, `${each.name}_PTR`]),
      ...voidPointers.map((each) => each.name),
      ...callbacks.map((each) => each.name),
      ...structures.flatMap((each) => [each.name, `${each.name}_PTR`]),
      ...['CK_FUNCTION_LIST_PTR_PTR', 'CK_INTERFACE_PTR_PTR'],
    ]);
    const used = [
      ...structures.flatMap((each) => each.fields.map((field) => field.type)),
      ...callbacks.flatMap((each) => each.params.map((param) => param.type)),
      ...prototypes.flatMap((each) => each.params.map((param) => param.ctype)),
    ];
    expect(used.filter((type) => !known.has(type))).toEqual([]);
  });

  it('are named once', () => {
    expect(
      duplicates([...scalars, ...voidPointers, ...callbacks, ...structures].map((each) => each.name)),
    ).toEqual([]);
  });
});

describe('prototypes', () => {
  it('stand in the order of the lists: 68 of 2.40, 24 of 3.0, 12 of 3.2', () => {
    const versions = prototypes.map((each) => each.since);
    expect(versions).toEqual([...Array(68).fill('2.40'), ...Array(24).fill('3.0'), ...Array(12).fill('3.2')]);
    expect(duplicates(prototypes.map((each) => each.name))).toEqual([]);
  });
});

describe('attributes', () => {
  it('have one type each, whatever names they have had', () => {
    const current = constantGroups.find((group) => group.id === 'attributeIds')?.rows ?? [];
    const names = current.filter((row) => row.alias === undefined && row.name !== 'CKA_VENDOR_DEFINED');
    expect(attributeRows.map((row) => row.name)).toEqual(names.map((row) => row.name));
  });

  it('with the array bit hold arrays', () => {
    for (const row of attributeRows) {
      const flagged = ((byName.get(row.name)?.value ?? 0) & 0x40000000) !== 0;
      if (flagged) expect(['ulongs', 'attributes'], row.name).toContain(row.type);
    }
  });

  it('are known wherever a rule names one, as are the kinds of object and the defaults', () => {
    const known = new Set(attributeRows.map((row) => row.name));
    for (const set of ruleSets) {
      expect(byName.has(set.class), set.class).toBe(true);
      if (set.type !== undefined) expect(byName.has(set.type), set.type).toBe(true);
      for (const rule of set.rules) {
        expect(known.has(rule.attribute), rule.attribute).toBe(true);
        if (typeof rule.default === 'string' && rule.default !== 'empty') {
          expect(byName.has(rule.default), rule.default).toBe(true);
        }
      }
    }
    expect(duplicates(ruleSets.map((set) => `${set.class} ${set.type}`))).toEqual([]);
  });

  it('have defaults of their own type', () => {
    const types = new Map(attributeRows.map((row) => [row.name, row.type]));
    for (const rule of ruleSets.flatMap((set) => set.rules)) {
      const type = types.get(rule.attribute);
      if (typeof rule.default === 'boolean') expect(type, rule.attribute).toBe('bool');
      else if (rule.default === 'empty') expect(['bool', 'ulong'], rule.attribute).not.toContain(type);
      else if (rule.default !== undefined) expect(type, rule.attribute).toBe('ulong');
    }
  });

  it('carry footnotes that do not contradict each other', () => {
    for (const rule of ruleSets.flatMap((set) => set.rules)) {
      const notes = new Set(rule.notes ?? []);
      for (const [one, other] of [
        [1, 2],
        [3, 4],
        [5, 6],
        [11, 12],
      ] as const) {
        expect(notes.has(one) && notes.has(other), rule.attribute).toBe(false);
      }
      if (notes.has(1)) expect(rule.default, rule.attribute).toBeUndefined();
    }
  });
});

describe('mechanisms', () => {
  it('name known mechanisms, key types and shapes, once', () => {
    for (const row of mechanisms) {
      expect(byName.get(row.name)?.alias, row.name).toBeUndefined();
      expect(byName.has(row.name), row.name).toBe(true);
      for (const type of row.keyTypes) expect(byName.has(type), type).toBe(true);
      for (const flag of row.flags) expect(byName.has(`CKF_${flag.toUpperCase()}`), flag).toBe(true);
      expect(row.min, row.name).toBeLessThanOrEqual(row.max);
    }
    expect(duplicates(mechanisms.map((row) => row.name))).toEqual([]);
  });

  it('work only with kinds of key that have rules', () => {
    const types = new Set(ruleSets.map((set) => set.type));
    for (const row of mechanisms) {
      for (const type of row.keyTypes) expect(types.has(type), `${row.name} ${type}`).toBe(true);
    }
  });

  it('use every shape', () => {
    const used = new Set(mechanisms.map((row) => row.parameter));
    expect([...used].sort()).toEqual(Object.keys(parameterShapes).sort());
  });
});

describe('parameter shapes', () => {
  const shapes: readonly (readonly [string, ParameterShape])[] = Object.entries(parameterShapes);

  it.each(shapes)('%s names members that its structures have', (_name, shape) => {
    if (shape.kind !== 'struct') return;
    const fields: readonly ParameterField[] = shape.fields;
    for (const layout of shape.layouts) {
      const members = new Map(structureByName.get(layout.ctype)?.fields.map((field) => [field.name, field]));
      const present = fields.filter((field) => layout.has.includes(field.name));
      expect(present.map((field) => field.name)).toEqual(layout.has);
      const named = present.flatMap((field) =>
        field.kind === 'bytes' ? [field.pointer, field.length] : [field.member],
      );
      expect([...named].sort()).toEqual([...members.keys()].sort());
      for (const field of present) {
        if (field.kind === 'inline') expect(members.get(field.member)?.count).toBe(field.size);
        if (field.kind === 'bool') expect(members.get(field.member)?.type).toBe('CK_BBOOL');
      }
    }
  });
});
