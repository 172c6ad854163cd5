/**
 * Writes module/generated/cryptoki.h: the standard's types, numbers and functions as one C header; and strongroom.h beside it, with the
 * functions of our own interface.
 */

import { type ConstantGroup, constantGroups } from '../../schema/cryptoki/constants.ts';
import { ownPrototypes, type Prototype, prototypes } from '../../schema/cryptoki/prototypes.ts';
import {
  callbacks,
  type Field,
  type Structure,
  scalars,
  structures,
  voidPointers,
} from '../../schema/cryptoki/types.ts';
import { numeral } from './constants.ts';

/** The three function lists: each carries the functions up to its version. */
const functionLists: readonly { readonly name: string; readonly upTo: readonly Prototype['since'][] }[] = [
  { name: 'CK_FUNCTION_LIST', upTo: ['2.40'] },
  { name: 'CK_FUNCTION_LIST_3_0', upTo: ['2.40', '3.0'] },
  { name: 'CK_FUNCTION_LIST_3_2', upTo: ['2.40', '3.0', '3.2'] },
];

/**
 * @returns the generated file, by path from the project's root.
 */
export function generateHeader(): Map<string, string> {
  const parts = [
    opening(),
    ...constantGroups.map(defines),
    scalarTypes(),
    declarations(),
    ...callbacks.map(
      (callback) => `typedef CK_RV (*${callback.name})(${callback.params.map(declare).join(', ')});`,
    ),
    '',
    ...structures.map(structure),
    ...prototypes.map(prototype),
    '',
    ...functionLists.map(functionList),
    closing(),
  ];
  return new Map([
    ['module/generated/cryptoki.h', `${parts.join('\n')}\n`],
    ['module/generated/strongroom.h', ownHeader()],
  ]);
}

/** What C_GetInterface gives out under the name "Strongroom". */
function ownHeader(): string {
  const parts = [
    `/*
 * Strongroom's own functions, which the standard has none for: C_GetInterface("Strongroom") gives out an SR_FUNCTION_LIST. Generated from
 * schema/cryptoki: change it there.
 */
#ifndef STRONGROOM_OWN_H
#define STRONGROOM_OWN_H

#include "cryptoki.h"

#define SR_INTERFACE_NAME "Strongroom"
`,
    ...ownPrototypes.map((each) => {
      const params = each.params.map((param) => `${param.ctype} ${param.name}`).join(', ');
      return `CK_RV ${each.name}(${params});`;
    }),
    '',
    'typedef struct SR_FUNCTION_LIST {',
    '    CK_VERSION version;',
    ...ownPrototypes.map((each) => {
      const params = each.params.map((param) => `${param.ctype} ${param.name}`).join(', ');
      return `    CK_RV (*${each.name})(${params});`;
    }),
    '} SR_FUNCTION_LIST;',
    '',
    '#endif',
  ];
  return `${parts.join('\n')}\n`;
}

function opening(): string {
  return `/*
 * PKCS#11 3.2: numbers, types and functions. Generated from schema/cryptoki: change it there.
 *
 * Structures have the alignment that the platform gives them, as on every Unix. CK_API marks the entry points; define
 * it before including this file to have them declared otherwise.
 */
#ifndef STRONGROOM_CRYPTOKI_H
#define STRONGROOM_CRYPTOKI_H

#ifdef __cplusplus
extern "C" {
#endif

#ifndef CK_API
#define CK_API __attribute__((visibility("default")))
#endif

#ifndef NULL_PTR
#define NULL_PTR 0
#endif
`;
}

function closing(): string {
  return `#ifdef __cplusplus
}
#endif

#endif`;
}

function defines(group: ConstantGroup): string {
  const rows = group.rows.map((row) => {
    const value = row.value < 0 ? '(~0UL)' : row.alias !== undefined ? row.alias : `${numeral(row.value)}UL`;
    return `#define ${row.name} ${value}`;
  });
  return [`/* ${group.usedIn} */`, ...rows, ''].join('\n');
}

function scalarTypes(): string {
  const lines = scalars.flatMap((scalar) => [
    `typedef ${scalar.base} ${scalar.name};`,
    `typedef ${scalar.name} *${scalar.name}_PTR;`,
  ]);
  const pointers = voidPointers.map(
    (pointer) => `typedef ${pointer.base}${pointer.base.endsWith('*') ? '' : ' '}${pointer.name};`,
  );
  return [...lines, ...pointers, ''].join('\n');
}

/** Structures and their pointer types are named first, since they point at each other. */
function declarations(): string {
  const lines = [...structures.map((each) => each.name), ...functionLists.map((each) => each.name)].flatMap(
    (name) => [`typedef struct ${name} ${name};`, `typedef ${name} *${name}_PTR;`],
  );
  const doubles = [...functionLists.map((each) => each.name), 'CK_INTERFACE'].map(
    (name) => `typedef ${name}_PTR *${name}_PTR_PTR;`,
  );
  return [...lines, ...doubles, ''].join('\n');
}

function declare(field: Field): string {
  return `${field.type} ${field.name}${field.count === undefined ? '' : `[${field.count}]`}`;
}

function structure(each: Structure): string {
  return [`struct ${each.name} {`, ...each.fields.map((field) => `    ${declare(field)};`), '};', ''].join(
    '\n',
  );
}

function prototype(each: Prototype): string {
  const params = each.params.map((param) => `${param.ctype} ${param.name}`).join(', ');
  return `extern CK_API CK_RV ${each.name}(${params});\ntypedef CK_RV (*CK_${each.name})(${params});`;
}

function functionList(list: (typeof functionLists)[number]): string {
  const members = prototypes.filter((each) => list.upTo.includes(each.since));
  return [
    `struct ${list.name} {`,
    '    CK_VERSION version;',
    ...members.map((each) => `    CK_${each.name} ${each.name};`),
    '};',
    '',
  ].join('\n');
}
