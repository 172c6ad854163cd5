import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { PIN, useBench } from './setup.ts';

// Most of these JVMs live for half a second: compiling with care would cost more than it gains.
const QUICK = { JAVA_TOOL_OPTIONS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto' };
const bench = useBench(['keytool', 'jarsigner', 'jar', 'javac', 'java', 'openssl', 'pkcs11-tool']);
const path = (name: string) => bench.store.path(name);

/** Options of keytool and jarsigner that open the token as a key store. */
const keystore = () => [
  ...['-keystore', 'NONE', '-storetype', 'PKCS11', '-storepass', PIN],
  ...['-addprovider', 'SunPKCS11', '-providerarg', path('java.cfg')],
];
/** Runs a program of the JDK's. */
const java = (program: string, args: readonly string[], env: Record<string, string> = {}) =>
  bench.run(program, args, { env: { ...QUICK, ...env } });
const keytool = (command: string, ...args: string[]) => java('keytool', [command, ...keystore(), ...args]);

const KINDS = [
  ['ec', ['-keyalg', 'EC', '-groupname', 'secp256r1'], 'SHA256withECDSA'],
  ['rsa', ['-keyalg', 'RSA', '-keysize', '2048'], 'SHA256withRSA'],
] as const;

describe.skipIf(bench.lacking !== '')(`Java through SunPKCS11${bench.lacking}`, () => {
  beforeAll(async () => {
    writeFileSync(
      path('java.cfg'),
      `name = strongroom\nlibrary = ${bench.store.module}\nslotListIndex = 0\n`,
    );
    for (const [alias, type] of KINDS) {
      await keytool('-genkeypair', '-alias', alias, ...type, '-dname', `CN=${alias}`, '-validity', '2');
      await keytool('-exportcert', '-rfc', '-alias', alias, '-file', path(`${alias}.pem`));
    }
  }, 60_000);

  it('keytool lists the keys that it made, and so does pkcs11-tool', async () => {
    const { stdout } = await keytool('-list');
    expect(stdout).toContain('Your keystore contains 2 entries');
    for (const [alias] of KINDS) expect(stdout).toMatch(new RegExp(`^${alias}, PrivateKeyEntry`, 'm'));
    const objects = (await bench.tool(['-O'])).stdout;
    expect(objects.match(/^Private Key Object/gm)).toHaveLength(2);
    expect(objects.match(/^Certificate Object/gm)).toHaveLength(2);
  });

  it.each(KINDS)(
    'keytool made a self-signed certificate and makes requests with the %s key',
    async (alias) => {
      const check = await bench.run('openssl', [
        'verify',
        '-CAfile',
        path(`${alias}.pem`),
        path(`${alias}.pem`),
      ]);
      expect(check.stdout).toMatch(/: OK$/m);
      const { stdout } = await keytool('-certreq', '-alias', alias);
      const request = await bench.run('openssl', ['req', '-verify', '-noout'], { input: stdout });
      expect(request.output).toContain('verify OK');
    },
  );

  it.each(KINDS)(
    'jarsigner signs a jar with the %s key, and a JVM without the token verifies it',
    async (...kind) => {
      const [alias, , algorithm] = kind;
      const jar = path(`${alias}.jar`);
      writeFileSync(path('content.txt'), 'the content of the jar\n');
      await java('jar', ['cf', jar, '-C', bench.store.folder, 'content.txt']);
      // Newer JDKs would take SHA-384 by themselves.
      await java('jarsigner', [...keystore(), '-sigalg', algorithm, jar, alias]);
      // The certificate is its own issuer, so trust in it has to be given.
      const trust = ['-importcert', '-noprompt', '-alias', alias, '-file', path(`${alias}.pem`)];
      const anchors = path(`${alias}.p12`);
      await java('keytool', [...trust, '-keystore', anchors, '-storepass', 'changeit']);
      const verify = ['-verify', '-verbose', '-certs', '-keystore', anchors, '-storepass', 'changeit'];
      const { stdout } = await java('jarsigner', [...verify, jar]);
      expect(stdout).toContain('jar verified.');
      expect(stdout).toContain(`Signature algorithm: ${algorithm}`);
      writeFileSync(path('content.txt'), 'another content\n');
      await java('jar', ['uf', jar, '-C', bench.store.folder, 'content.txt']);
      const forged = await bench.run('jarsigner', ['-verify', jar], { env: QUICK, expect: 'any' });
      expect(forged.output).not.toContain('jar verified');
    },
  );

  it('a program uses keys in the token', async () => {
    await java('javac', ['-d', path('classes'), join(import.meta.dirname, 'java', 'Scenario.java')]);
    const run = ['-cp', path('classes'), 'Scenario', path('java.cfg')];
    const { stdout } = await java('java', run, { USER_PIN: PIN });
    expect(stdout.trim().split('\n')).toEqual([
      'ok load ec rsa',
      'ok SHA256withECDSA',
      'ok SHA256withRSA',
      'ok RSA/ECB/PKCS1Padding',
      'ok AES/GCM/NoPadding',
      'ok AES/CBC/PKCS5Padding',
      'ok HmacSHA256',
      'ok stored secret key',
    ]);
  });
});
