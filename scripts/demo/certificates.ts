import { writeFileSync } from 'node:fs';
import { BY_ENGINE, keyUri } from '../../test/support/openssl.ts';
import { freePort, type Service } from '../../test/support/programs.ts';
import { TOKEN } from './keys.ts';
import type { World } from './world.ts';

const ENGINE_CONFIG = `openssl_conf = init
[init]
engines = engines
[engines]
pkcs11 = pkcs11
[pkcs11]
engine_id = pkcs11
MODULE_PATH = $ENV::MODULE
PIN = $ENV::PIN
init = 0
[req]
distinguished_name = name
[name]
`;
const WITH_ENGINE = 'OPENSSL_CONF=engine.cnf openssl';

/** A certificate authority on the P-256 key signs a certificate for the RSA key. */
export async function makeCertificates(world: World): Promise<void> {
  const { story, store } = world;
  story.say(
    'OpenSSL loads the library through its PKCS#11 engine, which the file engine.cnf names. It asks for',
    'signatures; it never sees a key.',
  );
  writeFileSync(store.path('engine.cnf'), ENGINE_CONFIG);
  await world.command('cat engine.cnf', { show: /MODULE_PATH|engine_id/ });
  await world.command(
    `${WITH_ENGINE} req -x509 -new -engine pkcs11 -keyform engine -key "${keyUri(TOKEN, 'ca')}" \\
  -subj "/CN=Demo CA" -days 30 -addext basicConstraints=critical,CA:true \\
  -addext keyUsage=critical,keyCertSign,cRLSign -out ca.crt`,
    { show: /never/ },
  );
  await world.command(
    `${WITH_ENGINE} req -new -engine pkcs11 -keyform engine -key "${keyUri(TOKEN, 'web')}" \\
  -subj "/CN=localhost" -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -out web.csr`,
    { show: /never/ },
  );
  await world.command(
    `${WITH_ENGINE} x509 -req -in web.csr -copy_extensions copy -days 30 -CA ca.crt \\
  -engine pkcs11 -CAkeyform engine -CAkey "${keyUri(TOKEN, 'ca')}" -out web.crt`,
    { show: /signature ok|subject/, proves: /signature ok/ },
  );
  story.say('Now OpenSSL without any engine looks at the result:');
  await world.command('openssl verify -CAfile ca.crt web.crt', { proves: /web\.crt: OK/ });
  await world.command('openssl x509 -in web.crt -noout -issuer -subject -text', {
    show: /^(issuer|subject)=|Signature Algorithm: ecdsa|Public Key Algorithm/,
    proves: /ecdsa-with-SHA256/,
  });
  story.fact('the chain is valid: a P-256 key signed for an RSA key, and both are in the token');
}

/** TLS with the token's RSA key; two clients that know nothing of PKCS#11 connect. Returns the server. */
export async function serveTls(world: World): Promise<Service> {
  const { story } = world;
  const port = await freePort();
  story.say('A web server whose private key it does not have. Each handshake is a signature from the token.');
  const server = await world.serve(
    'openssl',
    [
      ...['s_server', ...BY_ENGINE, '-key', keyUri(TOKEN, 'web'), '-cert', 'web.crt'],
      ...['-accept', `127.0.0.1:${port}`, '-www'],
    ],
    /ACCEPT/,
    { OPENSSL_CONF: 'engine.cnf' },
  );
  await world.command(
    `openssl s_client -connect 127.0.0.1:${port} -CAfile ca.crt \\
  -verify_return_error -verify_hostname localhost </dev/null`,
    { show: /^(Peer sign|Verification|Verified|New,)/, proves: /Verification: OK/ },
  );
  await world.command(
    `curl -sS --cacert ca.crt -w 'HTTP %{http_code}, TLS handshake after %{time_appconnect} s\\n' \\
  -o page.html https://localhost:${port}/`,
    { proves: /HTTP 200/ },
  );
  await world.command(`curl -sS https://localhost:${port}/`, {
    expect: 60,
    show: /curl: /,
    proves: /certificate/,
  });
  story.fact('two clients trust the server through the CA; a client without the CA refuses it');
  return server;
}
