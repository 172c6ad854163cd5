/** Clients of the network door in rules: by which names of their certificates, and that nobody is taken for one of this machine. */
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { namesOf } from '../../../daemon/front/names.ts';
import { functionNames } from '../../../module/engine/generated/functions.ts';
import type { Identity, Rights } from '../../../module/engine/policy/rights.ts';
import { accountsIn } from '../../../module/engine/policy/rules/accounts.ts';
import { PolicyError } from '../../../module/engine/policy/rules/error.ts';
import { parsePolicy } from '../../../module/engine/policy/rules/parse.ts';
import { ownersOnly, Policy, withoutPolicy } from '../../../module/engine/policy/rules/policy.ts';
import { functionGroups } from '../../../schema/policy/groups.ts';
import { roles } from '../../../schema/policy/roles.ts';
import { name } from '../../support/certificates.ts';

const accounts = accountsIn('root:x:0:0::/:/bin/sh\n', 'root:x:0:\n');

function policyOf(text: string): Policy {
  return new Policy(parsePolicy(text, 'p.toml', accounts));
}

/** Somebody with these names, for whom a door of the machine's root asks. */
const remote = (...names: string[]): Identity => ({
  uid: 0,
  gid: 0,
  groups: [0, 7],
  executable: '/usr/lib/strongroom/door',
  remote: { names, fingerprint: 'ab'.repeat(32), address: '192.0.2.7:40112' },
});
const local = (uid: number, ...groups: number[]): Identity => ({ uid, gid: uid, groups, executable: '' });

/** Whether a rule with this word in `who` is about somebody with these names. */
function isAbout(word: string, ...names: string[]): boolean {
  return policyOf(`[[rule]]\nwho = ${JSON.stringify([word])}\nroles = ["user"]`).rightsOf(remote(...names))
    .enter;
}

function problemOf(word: string): string {
  try {
    policyOf(`[[rule]]\nwho = ${JSON.stringify([word])}\nroles = ["user"]`);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.message;
  }
  return 'fine';
}

describe('a word for somebody on another machine', () => {
  it.each([
    ['spiffe://example.org/web', 'spiffe://example.org/web', true],
    ['spiffe://example.org/web', 'spiffe://example.org/web/2', false],
    ['spiffe://example.org/web', 'spiffe://example.org/Web', false],
    ['spiffe://example.org/*', 'spiffe://example.org/web/2', true],
    ['spiffe://example.org/*/signer', 'spiffe://example.org/a/b/signer', true],
    ['spiffe://*.example.org/web', 'spiffe://eu.example.org/web', true],
    // The star of a trust domain reaches neither into the path nor over a dot.
    ['spiffe://*.example.org/web', 'spiffe://evil.test/x.example.org/web', false],
    ['spiffe://*.example.org/web', 'spiffe://a.b.example.org/web', false],
    ['spiffe://*/web', 'spiffe://evil/x/web', false],
    ['spiffe://example.org/*', 'spiffe://example.org', false],
    ['spiffe://example.org/*', 'spiffe://example.org.evil.test/web', false],
    ['dns:web-1.example.org', 'dns:web-1.example.org', true],
    ['dns:Web-1.Example.ORG', 'dns:web-1.example.org', true],
    ['dns:web-1.example.org', 'dns:WEB-1.example.org', true],
    ['dns:web-*.example.org', 'dns:web-17.example.org', true],
    ['dns:*.example.org', 'dns:web.example.org', true],
    ['dns:*.example.org', 'dns:evil.web.example.org', false],
    ['dns:*.example.org', 'dns:example.org', false],
    ['dns:*.example.org', 'dns:web.example.org.evil.test', false],
    ['dns:example.org', 'dns:evilexample.org', false],
    // A Kelvin sign, whose small letter is a k.
    ['dns:keys.example.org', 'dns:\u212aeys.example.org', false],
    ['subject:CN=web,O=Example', 'subject:CN=web,O=Example', true],
    ['subject:cn=web, o=Example', 'subject:CN=web,O=Example', true],
    ['subject:CN=web,O=Example', 'subject:CN=web, O=Example', true],
    ['subject:CN=web,O=Example', 'subject:CN=Web,O=Example', false],
    ['subject:CN=web,O=Example', 'subject:O=Example,CN=web', false],
    ['subject:CN=web,O=Example', 'subject:CN=web,O=Example,C=DE', false],
    ['subject:CN=web-*,O=Example', 'subject:CN=web-1,O=Example', true],
    ['subject:CN=web,*', 'subject:CN=web', true],
    ['subject:CN=web,*', 'subject:CN=web,OU=a,O=b', true],
    ['subject:*,O=Example', 'subject:CN=web,OU=a,O=Example', true],
    ['subject:*,OU=a,*', 'subject:CN=web,OU=a,O=Example', true],
    ['subject:*', 'subject:CN=web', true],
    ['subject:CN=a\\2Cb', 'subject:CN=a\\,b', true],
    ['subject:CN=M\\C3\\BCller', 'subject:CN=Müller', true],
    ['subject:CN=a+UID=1', 'subject:UID=1+CN=a', true],
    ['subject:CN=a\\ ', 'subject:CN=a\\20', true],
    ['subject:CN=a\\ ', 'subject:CN=a', false],
    // Nobody makes himself a part of his subject, or its end, by what stands in a value.
    ['subject:CN=*,O=Example', 'subject:CN=x\\,O=Example', false],
    ['subject:CN=*,O=Example', 'subject:CN=x\\2cO=Example', false],
    ['subject:CN=*,O=Example', 'subject:CN=x\\,O=Example,O=Evil', false],
    ['subject:CN=*,O=Example', 'subject:CN=x\\\\,O=Example', true],
    ['subject:CN=*+OU=admin', 'subject:CN=x\\+OU=admin', false],
    ['subject:CN=*,O=Example', 'subject:CN=x,OU=y,O=Example', false],
    ['subject:CN=#0401', 'subject:CN=\\#0401', false],
    ['subject:CN=#0401', 'subject:CN=#0401', true],
    // A value that is no text is a value all the same.
    ['subject:CN=*', 'subject:CN=#1401e9', true],
    ['subject:CN=a*', 'subject:CN=#1401e9', false],
    ['subject:CN=web', 'subject:CN=web\\', false],
    ['any-remote', 'dns:anything', true],
    ['any', 'dns:anything', false],
    ['any', 'any', false],
    ['uid:0', 'uid:0', false],
    ['user:root', 'user:root', false],
    ['gid:7', 'gid:7', false],
    ['group:root', 'group:root', false],
    ['dns:example.org', 'spiffe://example.org/web', false],
    ['subject:CN=web', 'dns:CN=web', false],
  ])('%s is about %s: %s', (word, name, expected) => {
    expect(isAbout(word, name)).toBe(expected);
    // Any name of a certificate will do.
    expect(isAbout(word, 'dns:other.test', name)).toBe(expected || word === 'any-remote');
  });

  it('that can be nobody’s name is refused, with what was meant', () => {
    expect(
      [
        'spiffe:example.org/web',
        'spiffe://example.org',
        'spiffe://example.org/',
        'spiffe:///web',
        'spiffe://Example.org/web',
        'spiffe://exämple.org/web',
        'spiffe://example.org:8443/web',
        'spiffe://user@example.org/web',
        'spiffe://example.org/a//b',
        'spiffe://example.org/a/../b',
        'spiffe://example.org/a%2Fb',
        'spiffe://example.org/web?x',
        'spife://example.org/web',
        'SPIFFE://example.org/web',
        'dns:',
        'dns:*',
        'dns:web.example.org.',
        'dns:web.example.org:443',
        'dns:web..example.org',
        'dns:müller.example',
        'dns:https://web.example.org',
        `dns:${'a'.repeat(64)}.example`,
        'dsn:web.example.org',
        'subject:',
        'subject:web',
        'subject:CN=',
        'subject:CN=web,,O=Example',
        'subject:/CN=web/O=Example',
        'subject:CN="web, the"',
        'subject:CN=a\\2a',
        'subject:CN=a\\*',
        'subject:CN=web\\',
        'any-remotes',
        'any-remote:x',
        'fingerprint:abab',
      ].map(problemOf),
    ).toMatchInlineSnapshot(`
      [
        "p.toml: line 1, rule 1: who: "spiffe:example.org/web" is no SPIFFE ID: write "spiffe://DOMAIN/PATH"",
        "p.toml: line 1, rule 1: who: "spiffe://example.org" names nobody in its trust domain: add a path, “/*” for everybody in it",
        "p.toml: line 1, rule 1: who: "spiffe://example.org/" has no path as SPIFFE knows them: letters, digits, “.”, “-” and “_” between single slashes",
        "p.toml: line 1, rule 1: who: "spiffe:///web" has no trust domain as SPIFFE knows them: small letters, digits, “.”, “-” and “_”",
        "p.toml: line 1, rule 1: who: "spiffe://Example.org/web" has capitals in its trust domain: did you mean "spiffe://example.org/web"?",
        "p.toml: line 1, rule 1: who: "spiffe://exämple.org/web" has no trust domain as SPIFFE knows them: small letters, digits, “.”, “-” and “_”",
        "p.toml: line 1, rule 1: who: "spiffe://example.org:8443/web" has no trust domain as SPIFFE knows them: small letters, digits, “.”, “-” and “_”",
        "p.toml: line 1, rule 1: who: "spiffe://user@example.org/web" has no trust domain as SPIFFE knows them: small letters, digits, “.”, “-” and “_”",
        "p.toml: line 1, rule 1: who: "spiffe://example.org/a//b" has no path as SPIFFE knows them: letters, digits, “.”, “-” and “_” between single slashes",
        "p.toml: line 1, rule 1: who: "spiffe://example.org/a/../b" has no path as SPIFFE knows them: letters, digits, “.”, “-” and “_” between single slashes",
        "p.toml: line 1, rule 1: who: "spiffe://example.org/a%2Fb" has no path as SPIFFE knows them: letters, digits, “.”, “-” and “_” between single slashes",
        "p.toml: line 1, rule 1: who: "spiffe://example.org/web?x" has no path as SPIFFE knows them: letters, digits, “.”, “-” and “_” between single slashes",
        "p.toml: line 1, rule 1: who: "spife://example.org/web" is nobody: write "user:…", "uid:…", "group:…", "gid:…" or "any"; of other machines "spiffe://…", "dns:…", "subject:…" or "any-remote"; did you mean "spiffe"?",
        "p.toml: line 1, rule 1: who: "SPIFFE://example.org/web" is nobody: write "user:…", "uid:…", "group:…", "gid:…" or "any"; of other machines "spiffe://…", "dns:…", "subject:…" or "any-remote"; did you mean "spiffe"?",
        "p.toml: line 1, rule 1: who: "dns:" is no DNS name: write one such as "dns:web-1.example.org", without a port",
        "p.toml: line 1, rule 1: who: "dns:*" is a name without a dot, since “*” stands for none: whoever has an accepted certificate is "any-remote"",
        "p.toml: line 1, rule 1: who: "dns:web.example.org." ends with a dot, which certificates leave out",
        "p.toml: line 1, rule 1: who: "dns:web.example.org:443" is no DNS name: write one such as "dns:web-1.example.org", without a port",
        "p.toml: line 1, rule 1: who: "dns:web..example.org" is no DNS name: write one such as "dns:web-1.example.org", without a port",
        "p.toml: line 1, rule 1: who: "dns:müller.example" must be in its ASCII form, which begins with xn--",
        "p.toml: line 1, rule 1: who: "dns:https://web.example.org" is no DNS name: write one such as "dns:web-1.example.org", without a port",
        "p.toml: line 1, rule 1: who: "dns:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example" is no DNS name: write one such as "dns:web-1.example.org", without a port",
        "p.toml: line 1, rule 1: who: "dsn:web.example.org" is nobody: write "user:…", "uid:…", "group:…", "gid:…" or "any"; of other machines "spiffe://…", "dns:…", "subject:…" or "any-remote"; did you mean "dns"?",
        "p.toml: line 1, rule 1: who: "subject:" is no subject: "" is not TYPE=value; write one such as "subject:CN=web,O=Example"",
        "p.toml: line 1, rule 1: who: "subject:web" is no subject: "web" is not TYPE=value; write one such as "subject:CN=web,O=Example"",
        "p.toml: line 1, rule 1: who: "subject:CN=" is no subject: CN has no value; write one such as "subject:CN=web,O=Example"",
        "p.toml: line 1, rule 1: who: "subject:CN=web,,O=Example" is no subject: "" is not TYPE=value; write one such as "subject:CN=web,O=Example"",
        "p.toml: line 1, rule 1: who: "subject:/CN=web/O=Example" is no subject: "/CN=web/O=Example" is not TYPE=value; write one such as "subject:CN=web,O=Example"",
        "p.toml: line 1, rule 1: who: "subject:CN="web, the"" is no subject: “"”, “<”, “>”, “;” and “\\” stand behind a “\\” (RFC 4514); write one such as "subject:CN=web,O=Example"",
        "p.toml: line 1, rule 1: who: "subject:CN=a\\2a" is no subject: “*” stands for any letters, and for itself in no way; write one such as "subject:CN=web,O=Example"",
        "p.toml: line 1, rule 1: who: "subject:CN=a\\*" is no subject: “*” stands for any letters, and for itself in no way; write one such as "subject:CN=web,O=Example"",
        "p.toml: line 1, rule 1: who: "subject:CN=web\\" is no subject: “"”, “<”, “>”, “;” and “\\” stand behind a “\\” (RFC 4514); write one such as "subject:CN=web,O=Example"",
        "p.toml: line 1, rule 1: who: "any-remotes" is nobody: write "user:…", "uid:…", "group:…", "gid:…" or "any"; of other machines "spiffe://…", "dns:…", "subject:…" or "any-remote"; did you mean "any-remote"?",
        "p.toml: line 1, rule 1: who: "any-remote:x" is nobody: write "user:…", "uid:…", "group:…", "gid:…" or "any"; of other machines "spiffe://…", "dns:…", "subject:…" or "any-remote"; did you mean "any-remote"?",
        "p.toml: line 1, rule 1: who: "fingerprint:abab" is nobody: write "user:…", "uid:…", "group:…", "gid:…" or "any"; of other machines "spiffe://…", "dns:…", "subject:…" or "any-remote"",
      ]
    `);
  });

  it('takes no time to speak of, whatever a certificate says', () => {
    const long = `subject:${'a=*,*,'.repeat(150)}CN=a`;
    expect(isAbout(long, `subject:${'a=b,'.repeat(240)}CN=b`)).toBe(false);
    expect(isAbout('subject:CN=a', `subject:${'\\'.repeat(990)}`)).toBe(false);
    expect(isAbout('subject:CN=a', `subject:CN=${' '.repeat(900)}a`)).toBe(true);
  });

  it('is about nobody by what he has let write into his name', () => {
    const unit = fc.constantFrom(...',+=\\"# *;<', 'O', 'Example', 'CN', 'admin', 'é', '\u202e', '2C');
    fc.assert(
      fc.property(fc.string({ unit, minLength: 1, maxLength: 12 }), (value) => {
        // As the door reads it from a certificate.
        const subject = name([
          ['O', 'Guests'],
          ['CN', value],
        ]);
        const [guest = ''] = namesOf({ subject, extensions: new Map() });
        const about = (word: string) => isAbout(word, guest);
        expect(about('subject:CN=*,O=Example')).toBe(false);
        expect(about('subject:*,O=Example')).toBe(false);
        expect(about('subject:*,O=Example,*')).toBe(false);
        expect(about('subject:CN=*+O=Example,*')).toBe(false);
        expect(about('subject:CN=*,O=Guests')).toBe(true);
        expect(about('subject:CN=admin*,O=Guests')).toBe(value.startsWith('admin'));
        expect(about('subject:CN=*Example,O=Guests')).toBe(value.endsWith('Example'));
      }),
    );
  });
});

// ---- two worlds ---------------------------------------------------------------------------------------------------

const words = <T extends string>(...values: T[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
const localWords = words('any', 'uid:0', 'gid:0', 'gid:7', 'user:root', 'group:root', 'uid:33');
const remoteWords = words(
  'any-remote',
  'dns:*.example.org',
  'spiffe://example.org/*',
  'subject:*',
  'dns:web.test',
);
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const groups = functionGroups.filter(({ comes }) => comes === 'named').map(({ name }) => name);

/** A rule's text, for somebody of the words. What the reader refuses is no rule. */
const ruleFor = (who: fc.Arbitrary<string[]>): fc.Arbitrary<string> =>
  fc
    .record({
      who,
      effect: fc.constantFrom('allow', 'allow', 'deny'),
      roles: maybe(words(...roles.map(({ name }) => name))),
      tokens: maybe(words('web', '*b')),
      keys: maybe(words('label:a*', 'session')),
      functions: maybe(words(...groups)),
      new_tokens: maybe(fc.boolean()),
      pinless: maybe(fc.boolean()),
      rate: maybe(fc.constant(5)),
    })
    .map(
      (rule) =>
        `[[rule]]\n${Object.entries(rule)
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
          .join('\n')}\n`,
    )
    .filter((text) => {
      try {
        policyOf(text);
        return true;
      } catch (error) {
        if (error instanceof PolicyError) return false;
        throw error;
      }
    });

const token = { label: 'web', serial: 'b' };
const object = { label: 'a', id: '', tag: '', session: true };

/** All that rights can say. */
function saying(rights: Rights): unknown[] {
  const on = rights.on(token);
  const over = on.over(object, () => object);
  const { limited, enter, operator, auditor, metrics, newTokens } = rights;
  return [
    [limited, enter, operator, auditor, metrics, newTokens, rights.mayMakeToken('web')],
    [on.limited, on.visible, on.user, on.so, on.pinless, on.knowsMechanism(1), over.visible, over.pinless],
    functionNames.map((_, at) => [
      on.mayCall(at + 1),
      over.mayUse(at + 1, -1),
      over.mayUsePinless(at + 1, -1),
    ]),
  ];
}

const nothing = saying(new Policy([]).rightsOf(local(1)));
const strangers = [
  remote('dns:web.example.org', 'subject:CN=root'),
  remote('spiffe://example.org/web'),
  remote('dns:web.test', 'dns:any', 'subject:CN=a'),
];
const natives = [local(0, 7), local(33), local(4711)];

describe('rules for users of this machine, and rules for others', () => {
  it('give nothing to whom they are not about', () => {
    fc.assert(
      fc.property(fc.array(ruleFor(localWords), { maxLength: 5 }), (rules) => {
        for (const who of strangers) expect(saying(policyOf(rules.join('')).rightsOf(who))).toEqual(nothing);
      }),
    );
    fc.assert(
      fc.property(fc.array(ruleFor(remoteWords), { maxLength: 5 }), (rules) => {
        for (const who of natives) expect(saying(policyOf(rules.join('')).rightsOf(who))).toEqual(nothing);
      }),
    );
  });

  it('take nothing from them either: each is as if the others were not there', () => {
    const mixed = fc.array(
      fc.oneof(
        ruleFor(localWords).map((text) => ({ text, isLocal: true })),
        ruleFor(remoteWords).map((text) => ({ text, isLocal: false })),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(mixed, (rules) => {
        const of = (wanted: (rule: { readonly isLocal: boolean }) => boolean) =>
          policyOf(
            rules
              .filter(wanted)
              .map(({ text }) => text)
              .join(''),
          );
        const all = of(() => true);
        const locals = of(({ isLocal }) => isLocal);
        const remotes = of(({ isLocal }) => !isLocal);
        // Asked by turns, so that neither is remembered for the other.
        for (const [at, native] of natives.entries()) {
          const stranger = strangers[at] as Identity;
          expect(saying(all.rightsOf(native))).toEqual(saying(locals.rightsOf(native)));
          expect(saying(all.rightsOf(stranger))).toEqual(saying(remotes.rightsOf(stranger)));
        }
      }),
    );
  });

  it('and without rules nobody comes in by the door, whoever’s it is', () => {
    for (const rightsOf of [withoutPolicy(0), withoutPolicy(999), ownersOnly(() => true)]) {
      expect(saying(rightsOf({ ...remote('dns:web.test'), uid: 999 }))).toEqual(nothing);
      expect(saying(rightsOf(remote('dns:web.test')))).toEqual(nothing);
      expect(rightsOf(local(0)).operator).toBe(true);
    }
  });
});

describe('what is remembered of somebody on another machine', () => {
  it('is his by all his names, wherever he comes from and with which certificate', () => {
    const policy = policyOf('[[rule]]\nwho = ["dns:a.test"]\nroles = ["user"]');
    const one = remote('dns:b.test', 'dns:a.test');
    const again = {
      ...one,
      uid: 5,
      remote: { names: ['dns:b.test', 'dns:a.test'], fingerprint: 'cd'.repeat(32), address: '[::1]:1' },
    };
    expect(policy.rightsOf(again)).toBe(policy.rightsOf(one));
    expect(policy.rightsOf(one).enter).toBe(true);
    expect(policy.rightsOf(remote('dns:b.test')).enter).toBe(false);
    // Names with commas and quotes in them are still two, or one.
    const odd = 'subject:CN=x","dns:a.test';
    expect(policy.rightsOf(remote(odd)).enter).toBe(false);
  });

  it('is a rate under his first name, and never that of a user', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const policy = policyOf('[[rule]]\nwho = ["any", "any-remote"]\nroles = ["user"]\nrate = 1\nburst = 2');
      const takes = (...who: Identity[]) => who.map((each) => policy.rightsOf(each).admits());
      const [a, alias, b] = [remote('dns:a.test'), remote('dns:a.test', 'dns:c.test'), remote('dns:b.test')];
      expect(takes(a, alias, a, alias)).toEqual([true, true, false, false]);
      expect(takes(b, local(0), local(0), local(0))).toEqual([true, true, true, false]);
      // Thousands of others come and rest again: neither is the engine filled by them, nor does anybody's spent rate come back.
      for (let at = 0; at < 9_000; at++) policy.rightsOf(remote(`dns:h${at}.test`)).admits();
      expect(takes(a, alias)).toEqual([false, false]);
      vi.advanceTimersByTime(1_000);
      expect(takes(a, alias)).toEqual([true, false]);
    } finally {
      vi.useRealTimers();
    }
  });
});
