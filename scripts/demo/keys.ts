import type { World } from './world.ts';

/** The token that the story happens on. */
export const TOKEN = 'demo';
/** How every pkcs11-tool command of the user's begins. */
export const TOOL = `pkcs11-tool --module "$MODULE" --token-label ${TOKEN} --login --pin env:PIN`;

/** An empty store gets its first token. */
export async function makeToken(world: World): Promise<void> {
  const { story } = world;
  story.say(
    'An HSM keeps keys in tokens. An empty store shows one blank slot, and any PKCS#11 program can make a',
    'token on it. The security officer holds one PIN and may only manage; the user holds the other.',
  );
  await world.command(`pkcs11-tool --module "$MODULE" --init-token --label ${TOKEN} --so-pin env:SO_PIN`, {
    show: /success/,
    proves: /Token successfully initialized/,
  });
  await world.command(
    `pkcs11-tool --module "$MODULE" --token-label ${TOKEN} \\
  --login --login-type so --so-pin env:SO_PIN --init-pin --new-pin env:PIN`,
    { proves: /User PIN successfully initialized/ },
  );
  await world.command('pkcs11-tool --module "$MODULE" --list-token-slots', {
    show: /token|serial/,
    proves: /token initialized, PIN initialized/,
  });
  story.fact('the token is there, and both PINs are set');
}

/** Keys for a certificate authority, a web server and a person. */
export async function makeKeys(world: World): Promise<void> {
  const { story } = world;
  story.say('Three key pairs. The private halves are born inside and have no way out.');
  const what = /Key pair|label|Access|Object/;
  for (const [type, id, label] of [
    ['EC:prime256v1', '01', 'ca'],
    ['rsa:2048', '02', 'web'],
    ['EC:prime256v1', '03', 'login'],
  ]) {
    await world.command(`${TOOL} \\\n  --keypairgen --key-type ${type} --id ${id} --label ${label}`, {
      show: what,
      proves: /sensitive, always sensitive, never extractable, local/,
    });
  }
  await world.command(`${TOOL} \\\n  --read-object --type privkey --id 01`, {
    expect: 'any',
    proves: /sorry|SENSITIVE/,
  });
  story.fact('the keys exist, and asking for a private one is refused');
}

/** A signature over a file, with the curve that came last to PKCS#11. */
export async function signRelease(world: World): Promise<void> {
  const { story } = world;
  story.say(
    'An Ed25519 key signs a release. (It is made only now because the OpenSSL engine of Debian 12 stops',
    'reading a token at the first key of a kind that it has never heard of.)',
  );
  await world.command(`${TOOL} \\\n  --keypairgen --key-type EC:edwards25519 --id 04 --label release`, {
    show: /Key pair|label|Access|Object/,
  });
  await world.command('seq 1 100000 > release.tar && sha256sum release.tar > SHA256SUMS && cat SHA256SUMS');
  await world.command(`${TOOL} \\\n  --sign -m EDDSA --id 04 -i SHA256SUMS -o SHA256SUMS.sig`, {
    show: /algorithm/,
  });
  await world.command(`${TOOL} \\\n  --read-object --type pubkey --id 04 -o release.pem && cat release.pem`, {
    proves: /BEGIN PUBLIC KEY/,
  });
  story.say('From here on OpenSSL needs nothing but these three files:');
  const verify = 'openssl pkeyutl -verify -pubin -inkey release.pem -rawin';
  await world.command(`${verify} \\\n  -sigfile SHA256SUMS.sig -in SHA256SUMS && sha256sum -c SHA256SUMS`, {
    proves: /Verified Successfully[\s\S]*release\.tar: OK/,
  });
  await world.command(`echo extra >> SHA256SUMS; ${verify} \\\n  -sigfile SHA256SUMS.sig -in SHA256SUMS`, {
    expect: 1,
    proves: /Verification Failure/,
  });
  story.fact('OpenSSL accepts the release, and refuses it with one line more');
}
