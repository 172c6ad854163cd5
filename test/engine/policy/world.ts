/** A whole engine with rules, and identities that call it: what tests of rules at work share. Each test has its own. */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import type { Call } from '../../../module/engine/calls/call.ts';
import { callTable } from '../../../module/engine/calls/generated/codec.ts';
import { handlerTable } from '../../../module/engine/calls/handlers.ts';
import { permission } from '../../../module/engine/calls/policy/permission.ts';
import * as ck from '../../../module/engine/generated/constants.ts';
import type { TokenObject } from '../../../module/engine/objects/object.ts';
import { functionNumber } from '../../../module/engine/policy/rules/rule.ts';
import type { Application, Session } from '../../../module/engine/sessions/application.ts';
import { fillStore, fillUserPin } from '../../support/fill.ts';
import { enclave, Host } from '../host.ts';
import { template, type Value } from '../objects/world.ts';

export const ROOT = 1;
export const SIGNER = 2;
export const OFFICER = 3;
export const OPERATOR = 4;
export const STRANGER = 5;
export const MAKER = 6;

export const RULES = `
[[rule]]
who = ["uid:${MAKER}"]
effect = "deny"
keys = ["label:root-*"]
functions = ["generate"]

[[rule]]
who = ["uid:${MAKER}"]
tokens = ["many"]
keys = ["label:*-m", "session"]
roles = ["user"]

[[rule]]
who = ["uid:${ROOT}"]
roles = ["user", "so", "operator"]

[[rule]]
who = ["uid:${SIGNER}", "gid:70"]
tokens = ["many"]
keys = ["label:web-*", "tag:front"]
functions = ["sign"]
mechanisms = ["CKM_SHA256_HMAC"]

[[rule]]
who = ["uid:${OFFICER}"]
roles = ["so"]
tokens = ["many"]

[[rule]]
who = ["uid:${OPERATOR}"]
roles = ["operator"]
`;

export let folder: string;
export let host: Host;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(tmpdir(), 'strongroom-policy-'));
  fillStore(enclave, folder, [
    { label: 'many', objects: 2, kind: 'aes' },
    { label: 'few', objects: 1, kind: 'aes' },
  ]);
  host = new Host(folder);
  rules(RULES);
  host.engine.usePolicy(path.join(folder, 'policy.toml'));
});

afterEach(() => {
  host.engine.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Reads the rules again; what is wrong with them. */
export function reload(): string | undefined {
  return host.engine.reloadPolicy(path.join(folder, 'policy.toml'));
}

export function rules(text: string): void {
  fs.writeFileSync(path.join(folder, 'policy.toml'), text);
}

export const pin = { buffer: Buffer.from(fillUserPin), offset: 0, length: fillUserPin.length };
export const span = (text: string) => ({ buffer: Buffer.from(text), offset: 0, length: text.length });
export const room = { present: true, capacity: 4096 };
export const by = (type: number) => ({ type, parameter: undefined });

/** A call as the door serves it, answered at once or when its job is done. */
export async function serve(name: string, from: Session | Application, args: object): Promise<number> {
  const fn = functionNumber(name);
  const row = callTable[fn - 1];
  const handler = handlerTable[fn];
  if (row === undefined || handler === undefined) return ck.CKR_FUNCTION_NOT_SUPPORTED;
  const session = 'app' in from ? from : undefined;
  const app = 'app' in from ? from.app : from;
  const at = session ?? ({ app, session: undefined } as unknown as Session);
  const all = (call: Call): number => {
    const own = { ...call, app, session, fn };
    const rv = permission(own, row, args);
    return rv === ck.CKR_OK ? handler(own, args) : rv;
  };
  const answer = host.call(all, at, {});
  return host.answered(answer);
}

export async function user(uid: number, slot = 0, ...groups: number[]): Promise<Session> {
  const session = host.session(host.app(uid, groups), slot);
  expect(await serve('C_Login', session, { userType: ck.CKU_USER, pin })).toBe(ck.CKR_OK);
  return session;
}

export const hmacKey = (label: string, ...more: [number, Value][]) =>
  template([ck.CKA_TOKEN, true], [ck.CKA_VALUE_LEN, 32], [ck.CKA_SIGN, true], [ck.CKA_LABEL, label], ...more);

/** A key that root makes. */
export async function made(
  session: Session,
  label: string,
  ...more: [number, Value][]
): Promise<TokenObject> {
  const args = { mechanism: by(ck.CKM_GENERIC_SECRET_KEY_GEN), template: hmacKey(label, ...more) };
  expect(await serve('C_GenerateKey', session, args)).toBe(ck.CKR_OK);
  const [found] = session.token.objects.find(session, template([ck.CKA_LABEL, label]));
  if (found === undefined) throw new Error(`${label} was not made`);
  return found;
}

export const handle = (session: Session, object: TokenObject) =>
  session.token.objects.handleFor(session, object);
export const labels = (session: Session) =>
  session.token.objects
    .find(session, [])
    .map(({ attributes }) => Buffer.from(attributes.bytes(ck.CKA_LABEL) ?? []).toString());
