/** Rules that are asked for in the middle of things: parts of operations, another policy, a rate. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { Kind } from '../../../audit/format.ts';
import * as ck from '../../../module/engine/generated/constants.ts';
import type { TokenObject } from '../../../module/engine/objects/object.ts';
import { OperationKind } from '../../../module/engine/sessions/operation.ts';
import {
  by,
  folder,
  handle,
  host,
  labels,
  made,
  ROOT,
  RULES,
  reload,
  room,
  rules,
  SIGNER,
  serve,
  span,
  user,
} from './world.ts';

describe('a rule that names functions', () => {
  test('is asked for every part of an operation, by the key that the operation has', async () => {
    rules(`
[[rule]]
who = ["uid:${ROOT}"]
roles = ["user"]

[[rule]]
who = ["uid:${SIGNER}"]
keys = ["label:once"]
functions = ["C_SignInit", "C_Sign", "C_VerifyInit", "C_VerifySignatureInit", "C_VerifySignature"]

[[rule]]
who = ["uid:${SIGNER}"]
keys = ["label:more"]
functions = ["sign", "verify", "digest", "encrypt"]
`);
    expect(reload()).toBeUndefined();
    const root = await user(ROOT);
    const once = await made(root, 'once', [ck.CKA_VERIFY, true]);
    const more = await made(root, 'more');
    const signer = await user(SIGNER);
    const mechanism = by(ck.CKM_SHA256_HMAC);
    const begin = (object: TokenObject, name = 'C_SignInit') =>
      serve(name, signer, { mechanism, key: handle(signer, object), signature: span('x'.repeat(32)) });
    expect(await begin(more)).toBe(ck.CKR_OK);
    expect(await serve('C_SignUpdate', signer, { part: span('x') })).toBe(ck.CKR_OK);
    expect(await serve('C_SignFinal', signer, { signature: room })).toBe(ck.CKR_OK);
    expect(await begin(once)).toBe(ck.CKR_OK);
    expect(await serve('C_SignUpdate', signer, { part: span('x') })).toBe(ck.CKR_OPERATION_NOT_INITIALIZED);
    expect(signer.operation(OperationKind.Sign)).toBeUndefined();
    expect(await begin(once)).toBe(ck.CKR_OK);
    expect(await serve('C_Sign', signer, { data: span('x'), signature: room })).toBe(ck.CKR_OK);
    // Both ways of verifying are one operation.
    expect(await begin(once, 'C_VerifySignatureInit')).toBe(ck.CKR_OK);
    expect(await serve('C_VerifySignatureUpdate', signer, { part: span('x') })).toBe(
      ck.CKR_OPERATION_NOT_INITIALIZED,
    );
    expect(signer.operation(OperationKind.Verify)).toBeUndefined();
    expect(await begin(once, 'C_VerifySignatureInit')).toBe(ck.CKR_OK);
    expect(await serve('C_VerifySignature', signer, { data: span('x') })).toBe(ck.CKR_SIGNATURE_INVALID);
  });
});

describe('another policy', () => {
  test('holds for those who are here: their sessions, logins and operations', async () => {
    const root = await user(ROOT);
    const web = await made(root, 'web-1');
    const signer = await user(SIGNER);
    const elsewhere = host.session(host.app(ROOT), 1);
    const mechanism = by(ck.CKM_SHA256_HMAC);
    const begin = () => serve('C_SignInit', signer, { mechanism, key: handle(signer, web) });
    expect(await begin()).toBe(ck.CKR_OK);
    rules(
      RULES.replace('"label:web-*", "tag:front"', '"label:api-*"').replace(
        'roles = ["user", "so", "operator"]',
        'tokens = ["many"]\nroles = ["so"]',
      ),
    );
    expect(reload()).toBeUndefined();
    expect(await serve('C_Sign', signer, { data: span('x'), signature: room })).toBe(
      ck.CKR_OPERATION_NOT_INITIALIZED,
    );
    expect(await begin()).toBe(ck.CKR_KEY_HANDLE_INVALID);
    expect(labels(signer)).toEqual([]);
    expect([signer.closed, signer.login]).toEqual([false, 'user']);
    expect([root.closed, root.login]).toEqual([false, 'none']);
    expect(elsewhere.closed).toBe(true);
  });

  test('is named in the audit log, with its digest', () => {
    const note = vi.spyOn(host.engine.audit, 'note');
    const text = RULES.replace('web-*', 'api-*');
    rules(text);
    expect(reload()).toBeUndefined();
    const sha256 = createHash('sha256').update(text).digest('hex');
    expect(note.mock.calls).toEqual([
      [Kind.Policy, { path: path.join(folder, 'policy.toml'), sha256, rules: 6 }, 0],
    ]);
  });

  test('that is broken changes nothing, and is told of until it is whole', () => {
    const before = host.app(SIGNER).rights;
    rules('[[rule]]\nwho = ["any"]\nroles = ["usr"]\n');
    expect(reload()).toMatch(/policy\.toml: line 1, rule 1: roles: there is no role "usr"/);
    expect(host.engine.policyTrouble).toMatch(/usr/);
    expect(host.app(SIGNER).rights).toBe(before);
    fs.rmSync(path.join(folder, 'policy.toml'));
    expect(reload()).toMatch(/it has gone/);
    rules(RULES);
    expect(reload()).toBeUndefined();
    expect(host.engine.policyTrouble).toBeUndefined();
  });

  test('that others could have written is none', () => {
    fs.chmodSync(path.join(folder, 'policy.toml'), 0o666);
    expect(reload()).toMatch(/others can change it/);
  });
});

describe('a rate', () => {
  test('stops whoever calls too often, and lets him close what he opened', async () => {
    rules(`${RULES.replace('functions = ["sign"]', 'functions = ["sign"]\nrate = 1\nburst = 5')}`);
    expect(reload()).toBeUndefined();
    const session = host.session(host.app(SIGNER));
    const answers: number[] = [];
    for (let call = 0; call < 8; call++) answers.push(await serve('C_FindObjectsFinal', session, {}));
    expect(answers.slice(0, 5)).toEqual(Array(5).fill(ck.CKR_OPERATION_NOT_INITIALIZED));
    expect(answers.slice(5)).toContain(ck.CKR_FUNCTION_REJECTED);
    expect(await serve('C_GetSessionInfo', session, {})).toBe(ck.CKR_OK);
    expect(await serve('C_CloseSession', session, {})).toBe(ck.CKR_OK);
  });
});
