/**
 * Templates of keys that were generated, kept so that those which come again need not be checked and completed again.
 *
 * A template is recalled when it repeats one byte for byte, in the same order, and whatever else its check looks at is the same: the
 * mechanism, the application, the token, who is logged in to it, and whether the session is read-only. What was refused is not
 * kept. That the session is open and may make such an object is checked again each time, by TokenObjects.
 *
 * Each application has a memory of its own: what others do cannot push its templates out, nor can it tell by the clock what they use.
 */

import { CKA_CHECK_VALUE, CKA_PUBLIC_KEY_INFO } from '../generated/constants.ts';
import type { Blueprint } from '../objects/blueprint.ts';
import type { Application, Session } from '../sessions/application.ts';
import type { Token } from '../tokens/token.ts';
import type { TemplateEntry } from '../values/arguments.ts';
import type { Login } from '../values/login.ts';

/** So many are kept for an application. */
export const KEPT = 8;
/** What is longer than this, both templates of a pair taken together, is not kept: a client could fill memory with it. */
const MOST_ENTRIES = 48;
const MOST_BYTES = 1024;

type Template = readonly TemplateEntry[];

/** A template's entries with bytes of their own, in place of those of the request. */
interface Copy {
  readonly types: readonly number[];
  readonly values: readonly (Uint8Array | null)[];
}

/** What was asked, and under which circumstances. */
export interface Question {
  readonly mechanism: number;
  readonly token: Token;
  readonly login: Login;
  readonly readWrite: boolean;
  readonly templates: readonly Copy[];
}

interface Answered {
  readonly question: Question;
  /** One for each template. */
  readonly blueprints: readonly Blueprint[];
}

interface Memory {
  readonly answered: Answered[];
  /** The place that is given away next. */
  next: number;
}

const memories = new WeakMap<Application, Memory>();

/** What these templates became before, under the same circumstances; undefined when they have to be checked. */
export function recall(
  session: Session,
  mechanism: number,
  first: Template,
  second?: Template,
): readonly Blueprint[] | undefined {
  const memory = memories.get(session.app);
  if (memory === undefined) return undefined;
  const { token, readWrite } = session;
  const login = session.app.loginOf(token);
  for (const { question, blueprints } of memory.answered) {
    if (
      question.mechanism === mechanism &&
      question.token === token &&
      question.login === login &&
      question.readWrite === readWrite &&
      isSame(question.templates[0], first) &&
      isSame(question.templates[1], second)
    )
      return blueprints;
  }
  return undefined;
}

/**
 * Takes down what is asked, before the request is gone; undefined when it is not to be kept. It is answered with {@link remember}, once
 * the templates were found good.
 */
export function questionOf(
  session: Session,
  mechanism: number,
  templates: readonly Template[],
): Question | undefined {
  let entries = 0;
  let bytes = 0;
  for (const template of templates) {
    entries += template.length;
    if (entries > MOST_ENTRIES) return undefined;
    for (const { type, value, nested } of template) {
      const length = value?.length ?? 0;
      bytes += length;
      // A template that says what the key's value has to tell holds for no other key.
      const isOfTheKey = length > 0 && (type === CKA_CHECK_VALUE || type === CKA_PUBLIC_KEY_INFO);
      if (nested !== undefined || isOfTheKey || bytes > MOST_BYTES) return undefined;
    }
  }
  const { app, token, readWrite } = session;
  return { mechanism, token, login: app.loginOf(token), readWrite, templates: templates.map(copyOf) };
}

/** Keeps what the templates of a question became. */
export function remember(
  app: Application,
  question: Question | undefined,
  blueprints: readonly (Blueprint | undefined)[] | undefined,
): void {
  const whole = blueprints?.filter((blueprint) => blueprint !== undefined);
  if (question === undefined || whole === undefined || whole.length !== question.templates.length) return;
  let memory = memories.get(app);
  if (memory === undefined) {
    memory = { answered: [], next: 0 };
    memories.set(app, memory);
  }
  memory.answered[memory.next] = { question, blueprints: whole };
  memory.next = (memory.next + 1) % KEPT;
}

function copyOf(template: Template): Copy {
  return {
    types: template.map(({ type }) => type),
    values: template.map(({ value }) =>
      value === null ? null : value.buffer.slice(value.offset, value.offset + value.length),
    ),
  };
}

function isSame(kept: Copy | undefined, template: Template | undefined): boolean {
  if (kept === undefined || template === undefined) return kept === template;
  const { types, values } = kept;
  if (template.length !== types.length) return false;
  for (let i = 0; i < types.length; i++) {
    const entry = template[i] as TemplateEntry;
    if (entry.type !== types[i] || entry.nested !== undefined) return false;
    const value = values[i] as Uint8Array | null;
    const given = entry.value;
    if (value === null || given === null) {
      if (value !== given) return false;
      continue;
    }
    const { buffer, offset, length } = given;
    if (length !== value.length) return false;
    for (let at = 0; at < length; at++) if (buffer[offset + at] !== value[at]) return false;
  }
  return true;
}
