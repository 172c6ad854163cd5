/** Writes what the engine knows of the states of keys, module/engine/generated/lifecycle.ts, and the tables of docs/lifecycle.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  operationNames,
  operations,
  type Row,
  type StateName,
  states,
  type Transition,
  table,
  transitions,
} from '../../schema/lifecycle/states.ts';

const PAGE = 'docs/lifecycle.md';
const BEGIN = '<!-- from schema/lifecycle: make generate -->';
const END = '<!-- end -->';

/** Path (from the project's root) → content. */
export function generateLifecycle(): Map<string, string> {
  return new Map([
    ['module/engine/generated/lifecycle.ts', engineFile()],
    [PAGE, page()],
  ]);
}

function numberOf(name: StateName): number {
  const state = states.find((each) => each.name === name);
  if (state === undefined) throw new Error(`there is no state ${name}`);
  return state.number;
}

function engineFile(): string {
  const rows = (table as readonly Row[]).map(({ state, may }) => {
    const bits = may.reduce((sum, name) => sum | (1 << operationNames.indexOf(name)), 0);
    return `  [${numberOf(state)}, 0x${bits.toString(16)}],`;
  });
  const ways = (transitions as readonly Transition[]).map(
    (way) =>
      `  { from: ${numberOf(way.from)}, to: ${numberOf(way.to)}, user: ${way.who.includes('user')}, so: ${way.who.includes('so')}, ` +
      `reason: ${way.reason}, time: ${way.time}, undoes: ${way.undoes} },`,
  );
  const constant = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
  return `/**
 * The states of a key's life, and what it may do in each. Generated from schema/lifecycle: change it there.
 */

/** What a key is used for, as a bit. */
export const LifeUse = {
${operationNames.map((name, at) => `  ${constant(name)}: 0x${(1 << at).toString(16)},`).join('\n')}
} as const;
export type LifeUse = (typeof LifeUse)[keyof typeof LifeUse];

/** The bits of what a key may do, by the number of its state. */
export const permitted: ReadonlyMap<number, number> = new Map([
${rows.join('\n')}
]);

/** A way from one state to another. */
export interface Transition {
  readonly from: number;
  readonly to: number;
  /** Whether whoever may change the key may take it. */
  readonly user: boolean;
  readonly so: boolean;
  /** Whether it needs a reason. */
  readonly reason: boolean;
  /** Whether time alone takes it. */
  readonly time: boolean;
  /** Whether the user may not undo by it what the security officer did. */
  readonly undoes: boolean;
}

export const transitions: readonly Transition[] = [
${ways.join('\n')}
];

export const stateNames: ReadonlyMap<number, string> = new Map([
${states.map(({ number, name }) => `  [${number}, '${name}'],`).join('\n')}
]);
`;
}

function rowsOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function tables(): string {
  const uses = rowsOf(
    ['', ...table.map(({ state }) => state)],
    operations.map(({ name }) => [
      name,
      ...(table as readonly Row[]).map(({ may }) => (may.includes(name) ? 'yes' : '')),
    ]),
  );
  const ways = rowsOf(
    ['From', 'To', 'By', 'Reason'],
    (transitions as readonly Transition[])
      .filter(({ to }) => to !== 'destroyed')
      .map(({ from, to, who, reason, time, undoes }) => [
        from,
        to,
        [
          who.includes('user') ? `the user${undoes ? ' (not what the security officer did)' : ''}` : '',
          who.includes('so') ? 'the security officer' : '',
          time ? 'time' : '',
        ]
          .filter(Boolean)
          .join(', '),
        reason && who.length > 0 ? 'needed' : '',
      ]),
  );
  const list = (entries: readonly (readonly [string, string])[]) =>
    entries.map(([name, text]) => `- **${name}**: ${text}`).join('\n');
  return [
    '## The states',
    list(
      states.map(({ name, number, constant, meaning }) => [name, `${meaning} (\`${constant}\`, ${number}).`]),
    ),
    '## What a key may do in each',
    uses,
    list(operations.map(({ name, meaning }) => [name, meaning])),
    'Why, by the sections of SP 800-57 part 1 rev. 5:',
    list(table.map(({ state, because }) => [state, because])),
    '## From state to state',
    'There is no other way than these; from each state `C_DestroyObject` leads to destroyed.',
    ways,
  ].join('\n\n');
}

/** The page as it stands, with the tables between the marks made anew. */
function page(): string {
  const text = readFileSync(join(import.meta.dirname, '../..', PAGE), 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${PAGE} has lost its marks`);
  return `${before}${BEGIN}\n\n${tables()}\n\n${END}${after}`;
}
