/** The shim's generated half: a stub for each function that travels, the flattening of mechanism parameters, the function lists. */
import { type Argument, type CryptokiFunction, functions } from '../../schema/cryptoki/functions.ts';
import { mechanisms, parameterShapes } from '../../schema/cryptoki/mechanisms.ts';
import { ownPrototypes, prototypes } from '../../schema/cryptoki/prototypes.ts';

const HEADER = '/* Generated from schema/cryptoki by scripts/generate.ts. Do not edit. */\n';

function prototypeOf(name: string): (typeof prototypes)[number] {
  const found = [...prototypes, ...ownPrototypes].find((prototype) => prototype.name === name);
  if (found === undefined) throw new Error(`no prototype for ${name}`);
  return found;
}

/** Checks that need no state (PKCS#11 3.2, 5.1.6: CKR_ARGUMENTS_BAD). */
function checks(argument: Argument): string[] {
  const [first, second, third] = argument.params as readonly [string, string?, string?];
  switch (argument.kind) {
    case 'bytes':
    case 'message':
    case 'sealed':
      return [`rv = sr_check_bytes(${first}, ${second});`];
    case 'text32':
    case 'ulongOut':
    case 'struct':
      return [`rv = ${first} == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;`];
    case 'mechanism':
      return argument.nullable ? [] : [`rv = ${first} == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;`];
    case 'messageMechanism':
      return [`rv = ${first} == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;`];
    case 'template':
      return [`rv = sr_check_template(${first}, ${second});`];
    case 'query':
      return [`rv = sr_check_query(${first}, ${second});`];
    case 'room':
    case 'sealedRoom':
    case 'list':
      return [`rv = ${second} == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;`];
    case 'fill':
      return [`rv = sr_check_bytes(${first}, ${second});`];
    case 'found':
      return [`rv = ${third} == NULL || (${first} == NULL && ${second} != 0) ? CKR_ARGUMENTS_BAD : CKR_OK;`];
    default:
      return [];
  }
}

/** The parameter of the message that a function works on, and its length, as C. */
function messageOf(fn: CryptokiFunction): string {
  const own = fn.args.some(({ kind }) => kind === 'messageMechanism');
  return own ? 'pMechanism->pParameter, pMechanism->ulParameterLen' : 'pParameter, ulParameterLen';
}

function writer(argument: Argument, fn: CryptokiFunction): string[] {
  const [first, second] = argument.params as readonly [string, string?];
  switch (argument.kind) {
    case 'session':
    case 'ulong':
      return [`sr_put_ulong(&call, ${first});`];
    case 'bytes':
      if (argument.bulk) return [`sr_put_bulk(&call, ${first}, ${second});`];
      if (argument.nullable) return [`sr_put_bytes(&call, ${first}, ${second});`];
      return [`sr_put_bytes(&call, ${first} == NULL ? (const void *)"" : ${first}, ${second});`];
    case 'text32':
      return [`sr_put_content(&call, ${first}, 32);`];
    case 'mechanism':
      if (argument.wraps !== undefined)
        return [`sr_put_wrapping(&call, ${first}, ${argument.wraps === 'encrypt'});`];
      return [`${argument.bare ? 'sr_put_bare_mechanism' : 'sr_put_mechanism'}(&call, ${first});`];
    case 'messageMechanism':
      return [`sr_put_message_mechanism(&call, ${first}, ${argument.use === 'encrypt'});`];
    case 'message':
      return [`sr_put_message(&call, ${first}, ${second}, ${argument.use === 'encrypt'});`];
    case 'sealed': {
      const parameter = messageOf(fn);
      const given = argument.last ? `(flags & CKF_END_OF_MESSAGE) == 0 ? NULL : ${parameter}` : parameter;
      return [`sr_put_sealed(&call, ${first}, ${second}, ${given});`];
    }
    case 'template':
      return [`sr_put_template(&call, ${first}, ${second});`];
    case 'query':
      return [`sr_put_query(&call, ${first}, ${second});`];
    case 'room':
    case 'sealedRoom':
      return [`sr_put_room(&call, ${first}, *${second});`];
    case 'list':
      return [`sr_put_ulong(&call, ${first} != NULL);`, `sr_put_ulong(&call, *${second});`];
    case 'fill':
      return [`sr_put_ulong(&call, ${second});`, `call.reply_hint += ${second};`];
    case 'found':
      return [
        `sr_put_ulong(&call, ${second});`,
        `call.reply_hint += ${second} < SR_COUNT_MAX ? 8 * ${second} : 8 * SR_COUNT_MAX;`,
      ];
    default:
      return [];
  }
}

function reader(argument: Argument, fn: CryptokiFunction): string[] {
  const [first, second, third] = argument.params as readonly [string, string?, string?];
  switch (argument.kind) {
    case 'room': {
      const lines = [`rv = sr_get_room(&call, rv, ${first}, ${second});`];
      if (argument.vector) lines.push(`rv = sr_get_wrap_vector(&call, rv, pMechanism, ${first});`);
      return lines;
    }
    case 'sealedRoom':
      return [`rv = sr_get_sealed(&call, rv, ${messageOf(fn)}, ${first}, ${second});`];
    case 'message':
      return argument.vector ? [`rv = sr_get_vector(&call, rv, ${first}, ${second});`] : [];
    case 'list':
      return [`rv = sr_get_list(&call, rv, ${first}, ${second});`];
    case 'fill':
      return [`rv = sr_get_fill(&call, rv, ${first}, ${second});`];
    case 'found':
      return [`rv = sr_get_found(&call, rv, ${first}, ${second}, ${third});`];
    case 'query':
      return [`rv = sr_get_query(&call, rv, ${first}, ${second});`];
    case 'ulongOut':
      return [`rv = sr_get_out(&call, rv, ${first});`];
    case 'struct':
      return [`rv = sr_get_struct(&call, rv, ${first}, sizeof *${first});`];
    default:
      return [];
  }
}

function stub(fn: CryptokiFunction, number: number): string {
  const prototype = prototypeOf(fn.name);
  const named = fn.args.flatMap((argument) => [...argument.params]);
  const expected = prototype.params.map((param) => param.name);
  if (named.join() !== expected.join())
    throw new Error(`${fn.name}: shapes name (${named}), the prototype has (${expected})`);
  const parameters = prototype.params.map((param) => `${param.ctype} ${param.name}`).join(', ');
  const seen = fn.since === 'strongroom' ? '' : 'SR_EXPORT ';
  const lines = [`${seen}CK_RV ${fn.name}(${parameters}) {`];
  for (const argument of fn.args)
    if (argument.kind === 'ignored') lines.push(`    (void)${argument.params[0]};`);
  const tests = fn.args.flatMap(checks);
  const wiped = `SR_WIPE_${fn.secret.toUpperCase()}`;
  lines.push('    CK_RV rv = CKR_OK;');
  lines.push('    struct sr_process *process = sr_process_get();');
  lines.push(
    '    if (process == NULL || !atomic_load_explicit(&process->initialised, memory_order_acquire))',
  );
  lines.push('        return CKR_CRYPTOKI_NOT_INITIALIZED;');
  // A refusal here is a failure of the call like any other, and ends what the call would have ended.
  const refuse =
    fn.errorEnds.length === 0 ? 'return rv;' : `return sr_failed(process, hSession, ${number}, rv);`;
  for (const test of tests) lines.push(`    ${test}`, '    if (rv != CKR_OK)', `        ${refuse}`);
  const partner = functions.findIndex((other) => other.name === fn.pairing?.with) + 1;
  if (fn.sessions === 'opens')
    lines.push('    if (sr_advance_open(slotID, flags, phSession))', '        return CKR_OK;');
  if (fn.sessions === 'closes') lines.push('    if (sr_advance_close(hSession))', '        return CKR_OK;');
  // An opening that travels brings newer grants, and the engine forgets old ones: what is held under those is told first.
  const role = fn.pairing?.role;
  const inSession = fn.args[0]?.kind === 'session';
  const before: string[] = [];
  if (fn.sessions !== undefined) before.push('sr_advance_settle_all(process)');
  else if (inSession) before.push('sr_advance_settle(hSession)');
  if (role === 'opens') before.push('sr_pairing_claim(&turn, process, hSession)');
  else if (fn.openings === 'all') before.push('sr_pairing_hold_all(process)');
  else if (fn.openings === 'session' && role !== 'ends') before.push('sr_pairing_flush(process, hSession)');
  if (role !== undefined) lines.push('    struct sr_turn turn;');
  const owe = fn.errorEnds.length === 0 ? 'return rv;' : `return sr_owe(process, hSession, ${number}, rv);`;
  for (const step of before) lines.push(`    rv = ${step};`, '    if (rv != CKR_OK)', `        ${owe}`);
  if (role === 'ends') lines.push(`    sr_pairing_take(&turn, process, hSession, ${partner});`);
  if (fn.openings === 'closed') lines.push('    sr_pairing_hold(process);');
  // What the steps above took is given back, whichever way the call goes.
  const giveBack = {
    begun: [] as string[],
    failed: [] as string[],
  };
  if (role === 'opens') {
    giveBack.begun.push(
      'uint64_t slot = 0;',
      'sr_get_ulong(&call, &slot);',
      'sr_pairing_opened(&turn, &call, rv, slot);',
    );
    giveBack.failed.push('sr_pairing_opened(&turn, NULL, rv, 0);');
  } else if (role === 'ends') {
    const output = fn.args.find((argument) => argument.kind === 'room');
    const ended = output === undefined ? 'rv == CKR_OK' : `rv == CKR_OK && ${output.params[0]} != NULL`;
    giveBack.begun.push(`sr_pairing_ended(&turn, process, ${partner}, ${ended});`);
    giveBack.failed.push(`sr_pairing_ended(&turn, process, ${partner}, false);`);
  } else if (fn.openings === 'all' || fn.openings === 'closed') {
    if (fn.openings === 'closed')
      giveBack.begun.push('if (rv == CKR_OK)', '    sr_pairing_closed(process, slotID);');
    if (fn.sessions === 'closes')
      giveBack.begun.push('if (rv == CKR_OK)', '    sr_pairing_closed_one(process, hSession);');
    giveBack.begun.push('sr_pairing_let_go(process);');
    giveBack.failed.push('sr_pairing_let_go(process);');
  }
  lines.push('    struct sr_call call;');
  lines.push('    for (uint64_t capacity = 0;; capacity = call.needed) {');
  lines.push(`        rv = sr_call_begin(&call, ${number}, capacity);`);
  if (giveBack.failed.length === 0) lines.push('        if (rv != CKR_OK)', `            ${refuse}`);
  else
    lines.push(
      '        if (rv != CKR_OK) {',
      ...giveBack.failed.map((line) => `            ${line}`),
      `            ${refuse}`,
      '        }',
    );
  if (role === 'ends') lines.push('        sr_pairing_attach(&turn, &call);');
  for (const argument of fn.args) for (const line of writer(argument, fn)) lines.push(`        ${line}`);
  lines.push('        if (!sr_call_outgrown(&call))', '            break;');
  lines.push(`        sr_call_end(&call, ${wiped});`);
  lines.push('    }');
  if (role === 'opens')
    lines.push(
      '    if (sr_pairing_defer(&turn, &call)) {',
      '        sr_call_end(&call, SR_WIPE_NONE);',
      '        return CKR_OK;',
      '    }',
    );
  lines.push('    rv = sr_call_run(&call);');
  for (const line of giveBack.begun) lines.push(`    ${line}`);
  const outputs = fn.args.flatMap((argument) => reader(argument, fn));
  for (const line of outputs) lines.push(`    ${line}`);
  if (fn.sessions === 'opens') lines.push('    sr_get_granted(&call, rv);');
  lines.push(`    sr_call_end(&call, ${wiped});`);
  if (fn.errorEnds.length > 0) lines.push('    if (call.given_up)', `        ${owe}`);
  if (fn.sessions === 'opens')
    lines.push('    if (rv == CKR_OK)', '        sr_advance_learn(&call, slotID, flags, *phSession);');
  lines.push('    return rv;', '}', '');
  return lines.join('\n');
}

function stubs(): string {
  const parts = [HEADER, '#include "../../generated/strongroom.h"\n#include "../marshal.h"\n'];
  functions.forEach((fn, index) => {
    if (fn.place !== 'shim') parts.push(stub(fn, index + 1));
  });
  return parts.join('\n');
}

function lists(): string {
  const entries = (since: readonly string[]) =>
    functions
      .filter((fn) => since.includes(fn.since))
      .map((fn) => `    .${fn.name} = ${fn.name},`)
      .join('\n');
  const list = (type: string, name: string, version: string, since: readonly string[]) =>
    `${type} ${name} = {\n    .version = {${version}},\n${entries(since)}\n};\n`;
  return [
    HEADER,
    '#include "../lists.h"\n',
    list('CK_FUNCTION_LIST', 'sr_list_2_40', '2, 40', ['2.40']),
    list('CK_FUNCTION_LIST_3_0', 'sr_list_3_0', '3, 0', ['2.40', '3.0']),
    list('CK_FUNCTION_LIST_3_2', 'sr_list_3_2', '3, 2', ['2.40', '3.0', '3.2']),
    list('SR_FUNCTION_LIST', 'sr_list_own', '1, 1', ['strongroom']),
  ].join('\n');
}

type ShapeName = keyof typeof parameterShapes;

/** Shapes in the order of their wire numbers (from 1). */
export const shapeNames = Object.keys(parameterShapes) as ShapeName[];

function shapeCase(name: ShapeName): string[] {
  const shape = parameterShapes[name];
  switch (shape.kind) {
    case 'none':
      return ['        sr_put_ulong(call, length == 0 ? SR_FORM_NONE : SR_FORM_MALFORMED);'];
    case 'bytes': {
      const fits = shape.lengths.map((length) => `length == ${length}`).join(' || ');
      return [`        put_plain(call, parameter, length, ${fits});`];
    }
    case 'ulong':
      return [
        `        if (length != sizeof(${shape.ctype}))`,
        '            break;',
        '        sr_put_ulong(call, SR_FORM_SHAPE);',
        `        sr_put_ulong(call, *(const ${shape.ctype} *)parameter);`,
        '        return;',
      ];
    case 'struct': {
      const lines: string[] = [];
      if (shape.optional)
        lines.push(
          '        if (length == 0) {',
          '            sr_put_ulong(call, SR_FORM_NONE);',
          '            return;',
          '        }',
        );
      for (const layout of shape.layouts) {
        const has: readonly string[] = layout.has;
        lines.push(`        if (length == sizeof(${layout.ctype})) {`);
        lines.push(`            const ${layout.ctype} *p = parameter;`);
        const pointers = shape.fields.filter((field) => field.kind === 'bytes' && has.includes(field.name));
        for (const field of pointers)
          if (field.kind === 'bytes')
            lines.push(
              `            if (!plausible(p->${field.pointer}, p->${field.length}))`,
              '                break;',
            );
        lines.push('            sr_put_ulong(call, SR_FORM_SHAPE);');
        for (const field of shape.fields) {
          if (!has.includes(field.name)) lines.push('            sr_put_ulong(call, 0);');
          else if (field.kind === 'bytes')
            lines.push(`            put_pointer(call, p->${field.pointer}, p->${field.length});`);
          else if (field.kind === 'inline')
            lines.push(`            put_pointer(call, p->${field.member}, ${field.size});`);
          else lines.push(`            sr_put_ulong(call, p->${field.member});`);
        }
        lines.push('            return;', '        }');
      }
      return lines;
    }
  }
}

function parameters(): string {
  const lines = [
    HEADER,
    '#include "../marshal.h"\n',
    'static bool plausible(const void *pointer, CK_ULONG length) {',
    '    return pointer != NULL ? length <= SR_LANE_ARGUMENTS_MAX : length == 0;\n}\n',
    'static void put_pointer(struct sr_call *call, const void *pointer, CK_ULONG length) {',
    '    sr_put_ulong(call, pointer != NULL);\n    sr_put_ulong(call, length);',
    '    if (pointer != NULL)\n        sr_put_content(call, pointer, length);\n}\n',
    'static void put_plain(struct sr_call *call, const void *parameter, CK_ULONG length, bool fits) {',
    '    if (!fits) {\n        sr_put_ulong(call, SR_FORM_MALFORMED);\n        return;\n    }',
    '    sr_put_ulong(call, length == 0 ? SR_FORM_NONE : SR_FORM_BYTES);',
    '    if (length != 0)\n        put_pointer(call, parameter, length);\n}\n',
    "/* Flattens the parameter; what does not have the mechanism's layout is marked, and the engine answers CKR_MECHANISM_PARAM_INVALID. */",
    'void sr_put_mechanism(struct sr_call *call, const CK_MECHANISM *mechanism) {',
    '    sr_put_ulong(call, mechanism != NULL);\n    if (mechanism == NULL)\n        return;',
    '    const void *parameter = mechanism->pParameter;',
    '    CK_ULONG length = mechanism->ulParameterLen;',
    '    sr_put_ulong(call, mechanism->mechanism);',
    '    if (parameter == NULL && length != 0) {\n        sr_put_ulong(call, SR_FORM_MALFORMED);\n        return;\n    }',
    '    switch (mechanism->mechanism) {',
  ];
  for (const name of shapeNames) {
    const users = mechanisms.filter((mechanism) => mechanism.parameter === name);
    if (users.length === 0) continue;
    for (const mechanism of users) lines.push(`    case ${mechanism.name}:`);
    lines.push(...shapeCase(name));
    const last = lines.at(-1) ?? '';
    if (last.includes('put_plain') || last.includes('SR_FORM_NONE :')) lines.push('        return;');
    else if (!last.endsWith('return;')) lines.push('        break;');
  }
  lines.push(
    '    default: /* a mechanism that the engine does not know either */',
    '        sr_put_ulong(call, SR_FORM_NONE);\n        return;\n    }',
    '    sr_put_ulong(call, SR_FORM_MALFORMED);\n}\n',
  );
  return lines.join('\n');
}

/** Path → content of the shim's generated files. */
export function generateStubs(): Map<string, string> {
  return new Map([
    ['module/shim/generated/stubs.c', stubs()],
    ['module/shim/generated/lists.c', lists()],
    ['module/shim/generated/parameters.c', parameters()],
  ]);
}
