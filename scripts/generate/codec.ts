/** The engine's generated half of the wire: decoders, the handlers' argument types, and the call table. */
import { type Argument, type CryptokiFunction, functions } from '../../schema/cryptoki/functions.ts';
import { mechanisms, parameterShapes } from '../../schema/cryptoki/mechanisms.ts';
import { operations } from '../../schema/cryptoki/operations.ts';

const HEADER = '// Generated from schema/cryptoki by scripts/generate.ts. Do not edit.\n';

/** What each shape is called in the engine. */
export const shapeWords: Record<keyof typeof parameterShapes, string> = {
  none: 'none',
  iv16: 'bytes',
  optionalIv8: 'bytes',
  optionalIv4: 'bytes',
  CK_MAC_GENERAL_PARAMS: 'ulong',
  CK_RSA_PKCS_PSS_PARAMS: 'pss',
  CK_RSA_PKCS_OAEP_PARAMS: 'oaep',
  CK_ECDH1_DERIVE_PARAMS: 'ecdh1',
  CK_AES_CTR_PARAMS: 'ctr',
  CK_GCM_PARAMS: 'gcm',
  CK_EDDSA_PARAMS: 'eddsa',
};

function field(argument: Argument): { name: string; type: string; read: string } | undefined {
  switch (argument.kind) {
    case 'ulong':
      return { name: argument.name, type: 'number', read: 'r.ulong()' };
    case 'bytes':
      if (argument.bulk) return { name: argument.name, type: 'Span', read: 'r.bulk()' };
      if (argument.nullable) return { name: argument.name, type: 'Span | null', read: 'r.nullableBytes()' };
      return { name: argument.name, type: 'Span', read: 'r.bytes()' };
    case 'text32':
      return { name: argument.name, type: 'Span', read: 'r.text32()' };
    case 'mechanism':
      if (argument.wraps === 'encrypt')
        return { name: argument.name, type: 'MechanismArgument', read: 'requiredMechanism(r, true)' };
      return argument.nullable
        ? { name: argument.name, type: 'MechanismArgument | null', read: 'mechanism(r)' }
        : { name: argument.name, type: 'MechanismArgument', read: 'requiredMechanism(r)' };
    case 'messageMechanism':
      return { name: argument.name, type: 'MessageMechanism', read: 'messageMechanism(r)' };
    case 'message':
      return { name: argument.name, type: 'MessageParameter | undefined', read: 'r.message()' };
    case 'sealed':
      return { name: argument.name, type: 'Span', read: 'r.bulk()' };
    case 'template':
      return { name: argument.name, type: 'TemplateEntry[]', read: 'r.template()' };
    case 'query':
      return { name: argument.name, type: 'AttributeQuery[]', read: 'r.query()' };
    case 'room':
    case 'sealedRoom':
    case 'list':
      return { name: argument.name, type: 'Room', read: 'r.room()' };
    case 'fill':
    case 'found':
      return { name: argument.name, type: 'number', read: 'r.ulong()' };
    default:
      return undefined;
  }
}

const fieldsOf = (fn: CryptokiFunction) => fn.args.map(field).filter((found) => found !== undefined);

function mechanismReader(): string {
  const lines = [
    'function shapeOf(r: Reader, type: number): MechanismParameter | undefined {',
    '  switch (type) {',
  ];
  for (const [name, shape] of Object.entries(parameterShapes) as [
    keyof typeof parameterShapes,
    (typeof parameterShapes)[keyof typeof parameterShapes],
  ][]) {
    const users = mechanisms.filter((mechanism) => mechanism.parameter === name);
    if (users.length === 0 || shape.kind === 'none') continue;
    for (const user of users) lines.push(`    case C.${user.name}:`);
    if (shape.kind === 'bytes') lines.push("      return { shape: 'bytes', bytes: r.pointer() ?? EMPTY };");
    else if (shape.kind === 'ulong') lines.push("      return { shape: 'ulong', value: r.ulong() };");
    else {
      const parts = shape.fields.map((part) => {
        if (part.kind === 'bytes') return `${part.name}: r.pointer()`;
        if (part.kind === 'inline') return `${part.name}: r.pointer() ?? EMPTY`;
        return part.kind === 'bool' ? `${part.name}: r.ulong() !== 0` : `${part.name}: r.ulong()`;
      });
      lines.push(`      return { shape: '${shapeWords[name]}', ${parts.join(', ')} };`);
    }
  }
  lines.push('    default:', '      return undefined;', '  }', '}');
  return lines.join('\n');
}

function codec(): string {
  const travelling = functions
    .map((fn, index) => ({ fn, number: index + 1 }))
    .filter(({ fn }) => fn.place !== 'shim');
  const interfaces = travelling
    .map(
      ({ fn }) =>
        `  ${fn.name}(call: Call, a: { ${fieldsOf(fn)
          .map((f) => `readonly ${f.name}: ${f.type}`)
          .join('; ')} }): number;`,
    )
    .join('\n');
  const rows = functions
    .map((fn, index) => {
      const fields = fieldsOf(fn);
      const slot = fn.args.some((argument) => argument.kind === 'ulong' && argument.name === 'slot');
      const body = `{ ${fields.map((f) => `${f.name}: ${f.read}`).join(', ')} }`;
      const decode = fn.place === 'engine' && fields.length > 0 ? `(r) => (${body})` : '() => ({})';
      return `  { number: ${index + 1}, name: '${fn.name}', place: '${fn.place}', session: '${fn.session}', hasSession: ${
        fn.args[0]?.kind === 'session'
      }, hasSlot: ${slot}, login: '${fn.login}', audit: '${fn.audit}', secret: ${fn.secret === 'request'}, opening: ${
        fn.pairing?.role === 'ends' ? functions.findIndex((other) => other.name === fn.pairing?.with) + 1 : 0
      }, opens: ${fn.pairing?.role === 'opens'}, errorEnds: [${fn.errorEnds.map((name) => `OperationKind.${kindName(name)}`)}], goesOn: [${(fn.goesOn ?? fn.errorEnds).map((name) => `OperationKind.${kindName(name)}`)}], decode: ${decode} },`;
    })
    .join('\n');
  return `${HEADER}
import type { AttributeQuery, MechanismArgument, MessageMechanism, MessageParameter, MechanismParameter, Room, Span, TemplateEntry } from '../../values/arguments.ts';
import type { Call } from '../call.ts';
import { CryptokiError } from '../../values/errors.ts';
import type { Reader } from '../../values/reader.ts';
import * as C from '../../generated/constants.ts';
import { OperationKind } from '../../generated/operations.ts';

const EMPTY: Span = { buffer: new Uint8Array(0), offset: 0, length: 0 };
const FORM_NONE = 0;
const FORM_SHAPE = 1;
const FORM_BYTES = 2;
const FORM_MADE_VECTOR = 4;

${mechanismReader()}

function mechanism(r: Reader, wraps = false): MechanismArgument | null {
  if (r.ulong() !== 1) return null;
  const type = r.ulong();
  switch (r.ulong()) {
    case FORM_NONE:
      return { type, parameter: undefined };
    case FORM_SHAPE:
    case FORM_BYTES: {
      const parameter = shapeOf(r, type);
      if (parameter !== undefined) return { type, parameter };
      break;
    }
    case FORM_MADE_VECTOR: {
      const message = r.message();
      const aad = r.pointer();
      if (wraps && message !== undefined) return { type, parameter: { shape: 'gcmWrap', message, aad } };
    }
  }
  throw new CryptokiError(C.CKR_MECHANISM_PARAM_INVALID, 'calls.codec', "the parameter does not have the mechanism's layout");
}

const missing = () => new CryptokiError(C.CKR_ARGUMENTS_BAD, 'calls.codec', 'the mechanism is missing');

function requiredMechanism(r: Reader, wraps = false): MechanismArgument {
  const found = mechanism(r, wraps);
  if (found === null) throw missing();
  return found;
}

function messageMechanism(r: Reader): MessageMechanism {
  if (r.ulong() !== 1) throw missing();
  return { type: r.ulong(), parameter: r.message() };
}

/** A handler for each function that travels; the engine has the ones that it supports. */
export interface Handlers {
${interfaces}
}

/** One function's row: which session and login it needs, how it is audited, how its arguments are read. */
export interface CallRow {
  readonly number: number;
  readonly name: string;
  readonly place: 'shim' | 'engine' | 'opaque';
  readonly session: 'none' | 'any' | 'rw';
  readonly hasSession: boolean;
  readonly hasSlot: boolean;
  readonly login: 'any' | 'user' | 'so';
  readonly audit: 'no' | 'operation' | 'admin';
  /** Whether the request carries a secret: it is wiped before the answer goes out. */
  readonly secret: boolean;
  /** Number of the function that may travel in front of this one, or 0. */
  readonly opening: number;
  /** Whether it is such a function itself. */
  readonly opens: boolean;
  /** The operations that a failure of the call ends. */
  readonly errorEnds: readonly OperationKind[];
  /** The operations that go on by the call. */
  readonly goesOn: readonly OperationKind[];
  /** Reads the arguments behind the session handle. */
  readonly decode: (r: Reader) => object;
}

/** The call table: a row for each function, at its number - 1. */
export const callTable: readonly CallRow[] = [
${rows}
];
`;
}

const kindName = (name: string): string => `${name[0]?.toUpperCase()}${name.slice(1)}`;

function operationKinds(): string {
  return `${HEADER}
/** The kinds of operation of which a session can have one each under way. */
export const OperationKind = {
${operations.map((name, number) => `  ${kindName(name)}: ${number},`).join('\n')}
} as const;
export type OperationKind = (typeof OperationKind)[keyof typeof OperationKind];

export const operationKinds: readonly OperationKind[] = Object.values(OperationKind);
`;
}

/** Path → content of the engine's codec. */
export function generateCodec(): Map<string, string> {
  return new Map([
    ['module/engine/calls/generated/codec.ts', codec()],
    ['module/engine/generated/operations.ts', operationKinds()],
  ]);
}
