/** The file with the rules: whose it may be, and what it takes to be read. */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountsIn } from '../../../module/engine/policy/rules/accounts.ts';
import { PolicyError } from '../../../module/engine/policy/rules/error.ts';
import { PolicyFile, readPolicy } from '../../../module/engine/policy/rules/file.ts';
import { parsePolicy } from '../../../module/engine/policy/rules/parse.ts';
import { ruleFields } from '../../../schema/policy/fields.ts';

const own = process.geteuid?.() ?? -1;
const accounts = accountsIn('', '');
const RULES = '[[rule]]\nwho = ["uid:7"]\nroles = ["user"]\n';
const seven = { uid: 7, gid: 7, groups: [], executable: '' };

let folder: string;
let file: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(tmpdir(), 'strongroom-rules-'));
  file = path.join(folder, 'policy.toml');
  fs.writeFileSync(file, RULES, { mode: 0o644 });
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const read = (owners = [own]) => readPolicy(file, owners, accounts);

describe('a policy’s file', () => {
  it('is read with its digest, and is none where there is none', () => {
    expect(read()?.source).toEqual({
      path: file,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      rules: 1,
    });
    fs.rmSync(file);
    expect(read()).toBeUndefined();
  });

  it.each([
    ['group', 0o664],
    ['others', 0o646],
  ])('may not be one that the %s could have written', (_, mode) => {
    fs.chmodSync(file, mode);
    expect(() => read()).toThrow(new PolicyError(`${file}: others can change it: chmod go-w`));
  });

  it.skipIf(own !== 0)('belongs to root or to the service', () => {
    fs.chownSync(file, 4711, 4711);
    expect(() => read()).toThrow(/it belongs to uid 4711/);
    expect(read([4711])?.source.rules).toBe(1);
    fs.chownSync(file, 0, 0);
    expect(read([4711])?.source.rules).toBe(1);
  });

  it('is a file, of UTF-8, that somebody may have written', () => {
    fs.writeFileSync(file, Buffer.from([0x23, 0xff, 0x0a]));
    expect(() => read()).toThrow(/it is not UTF-8/);
    fs.writeFileSync(file, '#'.repeat(2_000_000));
    expect(() => read()).toThrow(/it is too long/);
    fs.rmSync(file);
    fs.mkdirSync(file);
    expect(() => read()).toThrow(/it is not a file/);
  });

  it('holds from when it is there, and is missed when it has gone', () => {
    fs.rmSync(file);
    const policy = new PolicyFile(file, own, () => accounts);
    expect([policy.rightsOf(seven).enter, policy.rightsOf({ ...seven, uid: 0 }).enter]).toEqual([
      false,
      true,
    ]);
    expect(policy.reload()).toBeUndefined();
    fs.writeFileSync(file, RULES, { mode: 0o644 });
    expect(policy.reload()).toBeUndefined();
    expect(policy.rightsOf(seven).enter).toBe(true);
    fs.rmSync(file);
    expect(policy.reload()).toBe(`${file}: it has gone`);
    expect(policy.trouble).toBe(`${file}: it has gone`);
    expect(policy.rightsOf(seven).enter).toBe(true);
    // Another file, when the configuration names another.
    const other = path.join(folder, 'other.toml');
    fs.writeFileSync(other, '', { mode: 0o644 });
    expect(policy.reload(other)).toBeUndefined();
    expect(policy.source.path).toBe(other);
    expect(policy.rightsOf(seven).enter).toBe(false);
  });

  it('with anything in it is rules, or an error that says where', () => {
    const value = fc.oneof(
      fc.string().map((text) => JSON.stringify(text)),
      fc
        .array(fc.constantFrom('any', 'uid:1', 'label:a', 'id:', 'sign', 'user', '', 'CKM_ECDSA', 'x:y'))
        .map((list) => JSON.stringify(list)),
      fc.integer().map(String),
      fc.constantFrom('true', '{}', '[[]]', '1979-05-27', '1e400', 'nan', '99999999999999999999', '[1]'),
    );
    const name = fc.constantFrom(...ruleFields.map((field) => field.name), 'x', '__proto__', 'constructor');
    const line = fc.oneof(
      fc.tuple(name, value).map(([key, text]) => `${key} = ${text}`),
      fc.constant('[[rule]]'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        try {
          for (const rule of parsePolicy(['[[rule]]', ...lines].join('\n'), 'p', accounts))
            expect(rule.who.length).toBeGreaterThan(0);
        } catch (error) {
          if (!(error instanceof PolicyError)) throw error;
          for (const problem of error.message.split('\n')) expect(problem).toMatch(/^p: /);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
