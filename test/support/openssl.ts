import { writeFileSync } from 'node:fs';

/**
 * Writes an OpenSSL configuration that loads the PKCS#11 engine with `module`, and returns the environment
 * that makes OpenSSL read it. The engine asks for no PIN when `pin` is given.
 */
export function opensslConfig(file: string, module: string, pin: string): Record<string, string> {
  writeFileSync(
    file,
    `openssl_conf = init
[init]
engines = engines
[engines]
pkcs11 = pkcs11
[pkcs11]
engine_id = pkcs11
MODULE_PATH = ${module}
PIN = ${pin}
init = 0
[req]
distinguished_name = name
[name]
`,
    { mode: 0o600 },
  );
  return { OPENSSL_CONF: file };
}

/** Arguments that make an OpenSSL command take its key from the engine. */
export const BY_ENGINE = ['-engine', 'pkcs11', '-keyform', 'engine'] as const;

/** The URI (RFC 7512) of a key in a token. Labels here are plain words, so nothing needs escaping. */
export function keyUri(token: string, label: string, type: 'private' | 'public' = 'private'): string {
  return `pkcs11:token=${token};object=${label};type=${type}`;
}
