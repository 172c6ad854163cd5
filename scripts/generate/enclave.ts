/**
 * Writes what engine and enclave call things by: module/enclave/generated/numbers.ts for the one, numbers.h and tables.h beside it for the
 * other.
 */

import { ciphers, modes } from '../../schema/enclave/ciphers.ts';
import { curves } from '../../schema/enclave/curves.ts';
import { hashes } from '../../schema/enclave/hashes.ts';
import { components, kinds } from '../../schema/enclave/keys.ts';
import { type PlanField, type PlanRow, plans } from '../../schema/enclave/plans.ts';
import type { Row } from '../../schema/enclave/row.ts';
import { agreementKdfs, paddings, type SchemeRow, schemes } from '../../schema/enclave/schemes.ts';
import { words } from '../../schema/enclave/words.ts';

interface Group {
  /** The name of the object and type in TypeScript; none when only C wants the numbers. */
  readonly ts?: string;
  /** The enumeration in C, what stands before each name, and the name of the number behind the last. */
  readonly c: string;
  readonly prefix: string;
  readonly end?: string;
  readonly about: string;
  readonly rows: readonly Row[];
}

const groups: readonly Group[] = [
  {
    ts: 'KeyKind',
    c: 'sr_kind',
    prefix: 'SR_',
    end: 'SR_KIND_END',
    about: 'Kinds of key the enclave knows; the value is part of the sealed format, so it never changes.',
    rows: kinds,
  },
  {
    ts: 'Component',
    c: 'sr_component',
    prefix: 'SR_',
    end: 'SR_COMPONENT_END',
    about: 'Components of a key; part of the sealed format as well.',
    rows: components,
  },
  {
    ts: 'Hash',
    c: 'sr_hash_id',
    prefix: 'SR_',
    end: 'SR_HASH_END',
    about: 'Hash functions.',
    rows: [{ name: 'None', number: 0 }, ...hashes],
  },
  {
    ts: 'Scheme',
    c: 'sr_scheme',
    prefix: 'SR_',
    end: 'SR_SCHEME_END',
    about:
      'Signature schemes. The hash beside them says what digests the message; without one the input is used as it is.',
    rows: schemes,
  },
  { ts: 'RsaPadding', c: 'sr_padding', prefix: 'SR_PAD_', about: 'RSA encryption paddings.', rows: paddings },
  {
    ts: 'EcdhKdf',
    c: 'sr_agreement_kdf',
    prefix: 'SR_KDF_',
    end: 'SR_KDF_END',
    about: 'KDFs of CKM_ECDH1_DERIVE.',
    rows: agreementKdfs,
  },
  {
    ts: 'Cipher',
    c: 'sr_cipher_id',
    prefix: 'SR_',
    end: 'SR_CIPHER_END',
    about: 'Ciphers on secret keys.',
    rows: ciphers,
  },
  {
    c: 'sr_mode',
    prefix: 'SR_MODE_',
    about: 'What a cipher does with blocks, IV and end.',
    rows: modes,
  },
];

/**
 * @returns the generated files, by path from the project's root.
 * @throws Error when two rows of a table have the same number, or the kinds of a pair do not stand together
 */
export function generateEnclave(): Map<string, string> {
  for (const { c, rows } of groups) {
    if (new Set(rows.map((row) => row.number)).size !== rows.length)
      throw new Error(`two rows of ${c} have the same number`);
  }
  for (const { name, number } of kinds) {
    const half = kinds.find((row) => row.name === name.replace('Private', 'Public'));
    if (name.endsWith('Private') && half?.number !== number + 1)
      throw new Error(`the public kind of ${name} does not stand behind it`);
  }
  return new Map([
    ['module/enclave/generated/numbers.ts', script()],
    ['module/enclave/generated/numbers.h', numbersHeader()],
    ['module/enclave/generated/tables.h', tablesHeader()],
    ['module/enclave/generated/words.h', wordsHeader()],
  ]);
}

/** @throws Error when words cannot be told apart by their first four letters, which is what people may abbreviate them to */
function wordsHeader(): string {
  const short = new Set(words.map((word) => word.slice(0, 4)));
  if (words.length !== 2048 || short.size !== 2048 || words.some((word) => !/^[a-z]{3,8}$/.test(word)))
    throw new Error('the list of words is not BIP39’s');
  const lines = ['/* The words of BIP39. Generated from schema/enclave/words.ts: change it there. */', ''];
  lines.push('#define SR_WORD_ROWS \\');
  for (let i = 0; i < words.length; i += 8)
    lines.push(
      `    ${words
        .slice(i, i + 8)
        .map((word) => `"${word}",`)
        .join(' ')}${i + 8 < words.length ? ' \\' : ''}`,
    );
  return `${lines.join('\n')}\n`;
}

function script(): string {
  const parts = [
    '/**',
    ' * The numbers that engine and enclave call things by. Generated from schema/enclave: change it there.',
    ' */',
  ];
  for (const { ts, about, rows } of groups) {
    if (ts === undefined) continue;
    parts.push('', `/** ${about} */`, `export const ${ts} = {`);
    for (const row of rows) {
      if (row.about !== undefined) parts.push(`  /** ${row.about} */`);
      parts.push(`  ${row.name}: ${row.number},`);
    }
    parts.push('} as const;', `export type ${ts} = (typeof ${ts})[keyof typeof ${ts}];`);
  }
  parts.push('', '/** Bytes of a digest. */', 'export const hashBytes: Readonly<Record<Hash, number>> = {');
  parts.push('  [Hash.None]: 0,', ...hashes.map((row) => `  [Hash.${row.name}]: ${row.size},`), '};');
  parts.push(
    '',
    '/** A number that has its place in a plan; more bits than there are would change its neighbours. */',
    'function fitting(value: number | boolean, bits: number): number {',
    '  const number = Number(value);',
    '  if (!Number.isInteger(number) || number < 0 || number >= 2 ** bits)',
    "    throw new RangeError('a plan has no room for that');",
    '  return number;',
    '}',
    ...plans.flatMap(planScript),
  );
  return `${parts.join('\n')}\n`;
}

/** Each field with the bits in front of it. */
function placed(plan: PlanRow): { readonly field: PlanField; readonly shift: number }[] {
  let bits = 0;
  const result = plan.fields.map((field) => {
    const shift = bits;
    bits += field.bits;
    const group = groups.find(({ ts }) => ts === field.type);
    if (group?.rows.some((row) => row.number >= 2 ** field.bits))
      throw new Error(`${plan.name} plans have too little room for ${field.name}`);
    return { field, shift };
  });
  if (bits > 30) throw new Error(`${plan.name} plans have too many bits`);
  return result;
}

function planScript(plan: PlanRow): string[] {
  const type = `${plan.name[0]?.toUpperCase()}${plan.name.slice(1)}Plan`;
  const lines = ['', `/** ${plan.about} Made by {@link ${plan.name}Plan}. */`];
  lines.push(`export type ${type} = number & { readonly plan: '${plan.name}' };`, '');
  lines.push(`export interface ${type}Fields {`);
  for (const { name, type: held, otherwise, about } of plan.fields) {
    if (about !== undefined) lines.push(`  /** ${about} */`);
    lines.push(`  readonly ${name}${otherwise === undefined ? '' : '?'}: ${held};`);
  }
  lines.push('}', '', `export function ${plan.name}Plan(fields: ${type}Fields): ${type} {`);
  for (const { name, otherwise } of plan.fields)
    lines.push(`  const ${name} = fields.${name}${otherwise === undefined ? '' : ` ?? ${otherwise}`};`);
  const terms = placed(plan).map(({ field, shift }) => `(fitting(${field.name}, ${field.bits}) << ${shift})`);
  lines.push(`  return (${terms.join(' | ')}) as ${type};`, '}');
  return lines;
}

/** `RsaPkcs1` as C writes it: `RSA_PKCS1`. */
function capitals(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
}

function cName(prefix: string, name: string): string {
  const plain = capitals(name);
  return plain === 'NONE' && prefix === 'SR_' ? 'SR_HASH_NONE' : `${prefix}${plain}`;
}

function header(guard: string, about: string, body: readonly string[]): string {
  return `/*\n * ${about} Generated from schema/enclave: change it there.\n */\n#ifndef ${guard}\n#define ${guard}\n\n${body.join('\n')}\n\n#endif\n`;
}

function numbersHeader(): string {
  const body = groups.map(({ c, prefix, end, about, rows }) => {
    const members = rows.map((row) => `    ${cName(prefix, row.name)} = ${row.number},`);
    if (end !== undefined) members.push(`    ${end} = ${Math.max(...rows.map((row) => row.number)) + 1},`);
    return `/* ${about} */\nenum ${c} {\n${members.join('\n')}\n};`;
  });
  const sizes = Math.max(...ciphers.map((row) => Object.keys(row.openssl).length));
  return header(
    'STRONGROOM_ENCLAVE_GENERATED_NUMBERS_H',
    'The numbers that engine and enclave call things by.',
    [
      body.join('\n\n'),
      '',
      '/* Sizes of key that one cipher takes, at the most. */',
      `#define SR_CIPHER_SIZES ${sizes}u`,
      ...plans.flatMap(planMacros),
      '/* Bytes of an IV, at the most. */',
      `#define SR_IV_MAX ${Math.max(...ciphers.map((row) => row.iv?.[1] ?? 0))}u`,
    ],
  );
}

/** What C reads out of a plan; numbers with more bits are none. */
function planMacros(plan: PlanRow): string[] {
  const fields = placed(plan);
  const bits = plan.fields.reduce((sum, field) => sum + field.bits, 0);
  const name = `SR_${capitals(plan.name)}`;
  return [
    `/* ${plan.about} */`,
    ...fields.map(
      ({ field, shift }) =>
        `#define ${name}_${capitals(field.name)}(plan) ((plan) >> ${shift} & ${2 ** field.bits - 1}u)`,
    ),
    `#define ${name}_PLAN_END ${2 ** bits}u`,
    '',
  ];
}

/** Rows of a C array as a macro, so that whoever has the type of a row also has the array. */
function macro(name: string, rows: readonly string[]): string {
  return `#define ${name} \\\n${rows.map((row) => `    ${row},`).join(' \\\n')}`;
}

function tablesHeader(): string {
  return header(
    'STRONGROOM_ENCLAVE_GENERATED_TABLES_H',
    'What is known of each hash, scheme, cipher and curve, as rows of base/algs.c and base/curves.c.',
    [
      macro(
        'SR_HASH_ROWS',
        hashes.map((row) => `[${cName('SR_', row.name)}] = {.name = "${row.openssl}", .size = ${row.size}}`),
      ),
      '',
      macro('SR_SCHEME_ROWS', schemes.map(schemeRow)),
      '',
      macro('SR_CIPHER_ROWS', ciphers.map(cipherRow)),
      '',
      '/* OpenSSL has no number for a curve that it does not take for a group. */',
      macro(
        'SR_CURVE_ROWS',
        curves.map((row) => {
          const oid = oidContents(row.oid);
          const fields = [
            `.name = "${row.openssl}"`,
            `.nid = ${row.nid ?? 0}`,
            `.kind = ${cName('SR_', row.kind)}`,
            `.bits = ${row.bits}`,
            `.field = ${row.field}`,
            `.order = ${row.order}`,
            `.oid = {${oid.join(', ')}}`,
            `.oid_size = ${oid.length}`,
          ];
          return `{${fields.join(', ')}}`;
        }),
      ),
      '',
      '/* CKA_EC_PARAMS, whole, and the row of the curve that it names. */',
      macro(
        'SR_CURVE_NAME_ROWS',
        curves.flatMap((row, index) => {
          const oids = [row.oid, ...(row.otherOids ?? [])].map((oid) => der(0x06, oidContents(oid)));
          const names = row.curveName === undefined ? [] : [der(0x13, [...Buffer.from(row.curveName)])];
          return [...oids, ...names].map(
            (bytes) => `{.curve = ${index}, .size = ${bytes.length}, .der = {${bytes.join(', ')}}}`,
          );
        }),
      ),
    ],
  );
}

function schemeRow(row: SchemeRow): string {
  const fields = [`.kind = ${cName('SR_', row.kind)}`];
  if (row.hash !== undefined) fields.push(`.hash = ${cName('SR_', row.hash)}`);
  if (row.whole) fields.push('.whole = true');
  if (row.openssl !== undefined) fields.push(`.name = "${row.openssl}"`);
  return `[${cName('SR_', row.name)}] = {${fields.join(', ')}}`;
}

function cipherRow(row: (typeof ciphers)[number]): string {
  const fields = [`.mode = ${cName('SR_MODE_', row.mode)}`];
  if (row.iv !== undefined) fields.push(`.iv_least = ${row.iv[0]}`, `.iv_most = ${row.iv[1]}`);
  if (row.ivOptional) fields.push('.iv_optional = true');
  if (row.block !== undefined) {
    if (!ciphers.some((other) => other.name === row.block))
      throw new Error(`no cipher is called ${row.block}`);
    fields.push(`.block = ${cName('SR_', row.block)}`);
  }
  const sizes = Object.entries(row.openssl).map(([size, name]) => `{.key = ${size}, .name = "${name}"}`);
  return `[${cName('SR_', row.name)}] = {${[...fields, `.sizes = {${sizes.join(', ')}}`].join(', ')}}`;
}

/** The contents of an OID in DER (X.690, 8.19). */
function oidContents(oid: string): number[] {
  const [first = 0, second = 0, ...rest] = oid.split('.').map(Number);
  return [40 * first + second, ...rest].flatMap((arc) => {
    const digits = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  });
}

function der(tag: number, contents: readonly number[]): number[] {
  return [tag, contents.length, ...contents];
}
