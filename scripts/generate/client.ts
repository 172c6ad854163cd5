/** The network door's half of the wire: it calls the engine as the library does, from TypeScript. */
import { size } from '../../module/engine/values/structs.ts';
import { constantGroups } from '../../schema/cryptoki/constants.ts';
import { type Argument, type CryptokiFunction, functions } from '../../schema/cryptoki/functions.ts';
import { parameterShapes } from '../../schema/cryptoki/mechanisms.ts';
import { shapeWords } from './codec.ts';
import { constantsFile, numeral } from './constants.ts';

const HEADER = '// Generated from schema/cryptoki by scripts/generate.ts. Do not edit.\n';
const sizes: ReadonlyMap<string, number> = new Map(Object.entries(size));
const FOLDER = 'daemon/cryptoki-client/generated';

interface Part {
  /** What the caller gives. */
  readonly input?: readonly [name: string, type: string];
  readonly write?: string;
  /** What he gets. */
  readonly output?: readonly [name: string, type: string];
  readonly read?: string;
}

function part(argument: Argument): Part {
  if (argument.kind === 'ignored') return {};
  if (argument.kind === 'session') return { input: ['session', 'number'], write: 'w.ulong(a.session)' };
  const { name } = argument;
  const put = (type: string, method: string): Part => ({
    input: [name, type],
    write: `w.${method}(a.${name})`,
  });
  switch (argument.kind) {
    case 'ulong':
      return put('number', 'ulong');
    case 'bytes':
      if (argument.bulk) return put('Uint8Array', 'bulk');
      return put(argument.nullable ? 'Uint8Array | null' : 'Uint8Array', 'bytes');
    case 'text32':
      return put('Uint8Array', 'text32');
    case 'mechanism':
      return put(argument.nullable ? 'Mechanism | null' : 'Mechanism', 'mechanism');
    case 'message':
    case 'messageMechanism':
    case 'sealed':
    case 'sealedRoom':
      throw new Error(`nobody at the network door works on messages (${name})`);
    case 'template':
      return put('readonly Attribute[]', 'template');
    case 'query':
      return {
        ...put('readonly Query[]', 'query'),
        output: ['values', 'QueryAnswer[]'],
        read: `r.query(a.${name}.length)`,
      };
    case 'room':
      return { ...put('number', 'capacity'), output: [name, 'Uint8Array'], read: `r.room(a.${name})` };
    case 'fill':
      return { ...put('number', 'length'), output: ['bytes', 'Uint8Array'], read: `r.fill(a.${name})` };
    case 'list':
      return { ...put('number', 'entries'), output: [name, 'number[]'], read: `r.list(a.${name})` };
    case 'found':
      return { ...put('number', 'most'), output: ['objects', 'number[]'], read: `r.list(a.${name})` };
    case 'ulongOut':
      return { output: [name, 'number'], read: 'r.ulong()' };
    case 'struct': {
      const bytes = sizes.get(argument.type);
      if (bytes === undefined) throw new Error(`no size is known of ${argument.type}`);
      return { output: [name, 'Uint8Array'], read: `r.content(${bytes})` };
    }
  }
}

/** Arguments of functions on messages, which the network door has no use for. */
const ofMessages: ReadonlySet<Argument['kind']> = new Set<Argument['kind']>([
  'message',
  'messageMechanism',
  'sealed',
  'sealedRoom',
]);

/** The opening that may come in front of a call, in the same session. */
function openingOf(fn: CryptokiFunction): { row: CryptokiFunction; number: number } | undefined {
  if (fn.pairing?.role !== 'ends') return undefined;
  const at = functions.findIndex((other) => other.name === fn.pairing?.with);
  const row = functions[at];
  return row === undefined ? undefined : { row, number: at + 1 };
}

function method(fn: CryptokiFunction, number: number): string {
  const parts = fn.args.map(part);
  const inputs = parts.flatMap(({ input }) => (input === undefined ? [] : [input]));
  const outputs = parts.flatMap(({ output, read }) =>
    output === undefined || read === undefined ? [] : [{ name: output[0], type: output[1], read }],
  );
  const opening = openingOf(fn);
  const openingParts = opening?.row.args.slice(1).map(part) ?? [];
  const openingInputs = openingParts.flatMap(({ input }) => (input === undefined ? [] : [input]));
  const fields = (list: readonly (readonly [string, string])[]) =>
    list.map(([name, type]) => `readonly ${name}: ${type}`).join('; ');
  const extra = opening === undefined ? '' : `, opening?: { ${fields(openingInputs)} }`;
  const answers = outputs.length > 0;
  const type = answers ? `{ ${outputs.map((one) => `${one.name}: ${one.type}`).join('; ')} }` : 'void';
  const query = fn.args.some(({ kind }) => kind === 'query');
  const lines = [
    `  async ${fn.name}(${inputs.length > 0 ? `a: { ${fields(inputs)} }` : ''}${extra}): Promise<${type}> {`,
    '    const w = new Writer();',
  ];
  if (opening !== undefined) {
    lines.push(
      '    if (opening !== undefined) {',
      `      w.ulong(${opening.number});`,
      '      w.ulong(a.session);',
    );
    for (const { write } of openingParts)
      if (write !== undefined) lines.push(`      ${write.replace('(a.', '(opening.')};`);
    lines.push('    }');
  }
  for (const { write } of parts) if (write !== undefined) lines.push(`    ${write};`);
  const called =
    opening === undefined
      ? String(number)
      : `opening === undefined ? ${number} : ${number} | FUNCTION_PAIRED`;
  const args = [`'${fn.name}'`, called, 'w', String(fn.secret === 'request')];
  if (query) args.push('PARTLY');
  lines.push(`    ${answers ? 'const r = ' : ''}await this.#call(${args.join(', ')});`);
  if (answers) lines.push(`    return { ${outputs.map((one) => `${one.name}: ${one.read}`).join(', ')} };`);
  lines.push('  }');
  return lines.join('\n');
}

/** Functions whose output somebody wants the length of, and not the output. */
const measured: readonly string[] = ['SR_ReadAuditLog'];

/** The same call without room for its output: it answers how long that would be. */
function lengthMethod(fn: CryptokiFunction, number: number): string {
  const parts = fn.args.map((argument) =>
    argument.kind === 'room' ? { write: 'w.noRoom()' } : part(argument),
  );
  const inputs = parts.flatMap(({ input }: Part) => (input === undefined ? [] : [input]));
  return [
    `  /** How long what {@link ${fn.name}} answers is. */`,
    `  async ${fn.name}_length(a: { ${inputs.map(([name, type]) => `readonly ${name}: ${type}`).join('; ')} }): Promise<number> {`,
    '    const w = new Writer();',
    ...parts.flatMap(({ write }) => (write === undefined ? [] : [`    ${write};`])),
    `    return (await this.#call('${fn.name}', ${number}, w, ${fn.secret === 'request'})).ulong();`,
    '  }',
  ].join('\n');
}

function client(): string {
  const methods = functions.flatMap((fn, at) => {
    if (fn.place !== 'engine' || fn.args.some(({ kind }) => ofMessages.has(kind))) return [];
    const all = [method(fn, at + 1)];
    if (measured.includes(fn.name)) all.push(lengthMethod(fn, at + 1));
    return all;
  });
  return `${HEADER}
import type { Caller } from '../../../module/lane/caller.ts';
import { FUNCTION_PAIRED } from '../../../module/lane/lane.ts';
import { Answers, check } from '../answers.ts';
import type { Attribute, Mechanism, Query, QueryAnswer } from '../arguments.ts';
import { CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID, CKR_BUFFER_TOO_SMALL } from './constants.ts';
import { Writer } from '../writer.ts';

/** What C_GetAttributeValue answers although some of the attributes could not be given. */
const PARTLY: readonly number[] = [CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID, CKR_BUFFER_TOO_SMALL];

/**
 * The functions of PKCS#11, as one application calls them. An output of variable length is given the room it may take, in bytes or entries.
 * What an output holds lies in the answer, which is this call's alone. Whatever is not CKR_OK is thrown, as a Refusal.
 */
export class Cryptoki {
  readonly #caller: Pick<Caller, 'call'>;

  constructor(caller: Pick<Caller, 'call'>) {
    this.#caller = caller;
  }

  async #call(name: string, fn: number, w: Writer, secret: boolean, also?: readonly number[]): Promise<Answers> {
    try {
      const { rv, reply } = await this.#caller.call(fn, w.written, w.bulkData, w.room);
      if (also === undefined || !also.includes(rv)) check(rv, name, reply);
      return new Answers(reply);
    } finally {
      if (secret) w.wipe();
    }
  }

${methods.join('\n\n')}
}
`;
}

function parameters(): string {
  const cases = new Map<string, string[]>();
  for (const [name, shape] of Object.entries(parameterShapes)) {
    const word = shapeWords[name as keyof typeof parameterShapes];
    if (shape.kind === 'none') continue;
    if (shape.kind === 'bytes') cases.set(word, ['w.pointer(p.bytes);']);
    else if (shape.kind === 'ulong') cases.set(word, ['w.ulong(p.value);']);
    else
      cases.set(
        word,
        shape.fields.map((field) => {
          if (field.kind === 'bytes' || field.kind === 'inline') return `w.pointer(p.${field.name});`;
          return field.kind === 'bool' ? `w.ulong(p.${field.name} ? 1 : 0);` : `w.ulong(p.${field.name});`;
        }),
      );
  }
  return `${HEADER}
import type { MechanismParameter, ParameterWriter } from '../arguments.ts';

/** The fields of a parameter in the order of the wire. */
export function writeParameter(w: ParameterWriter, p: MechanismParameter): void {
  switch (p.shape) {
${[...cases]
  .map(
    ([word, lines]) => `    case '${word}':\n${lines.map((line) => `      ${line}\n`).join('')}      return;`,
  )
  .join('\n')}
  }
}
`;
}

function results(): string {
  const rows = constantGroups.find(({ id }) => id === 'results')?.rows ?? [];
  return `${HEADER}
const names: ReadonlyMap<number, string> = new Map([
${rows
  .filter((row) => row.alias === undefined)
  .map((row) => `  [${numeral(row.value)}, '${row.name}'],`)
  .join('\n')}
]);

/** Every CK_RV that has a name. */
export const namedResults: readonly number[] = [...names.keys()];

/** The name of a CK_RV, or hexadecimal text. */
export const ckrName = (rv: number): string => names.get(rv) ?? \`0x\${rv.toString(16).padStart(8, '0')}\`;
`;
}

/** Path → content. */
export function generateClient(): Map<string, string> {
  return new Map([
    [`${FOLDER}/cryptoki.ts`, client()],
    [`${FOLDER}/parameters.ts`, parameters()],
    [`${FOLDER}/constants.ts`, constantsFile()],
    [`${FOLDER}/results.ts`, results()],
  ]);
}
