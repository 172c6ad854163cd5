import { mkdirSync, writeFileSync } from 'node:fs';
import { Machines } from '../../test/support/machines.ts';
import { freePort } from '../../test/support/programs.ts';
import type { World } from './world.ts';

const CLIENT = 'spiffe://example.org/release-builder';

/** A program on another machine signs with a key that stays on this one. */
export async function signFromAfar(world: World): Promise<void> {
  const { story, store } = world;
  const machines = new Machines();
  world.afterwards(async () => machines.remove());
  const address = machines.address('far');
  const port = await freePort();
  story.say(
    machines.apart
      ? 'Two network namespaces stand for two machines with a cable between them; their programs meet nowhere else.'
      : 'Two machines, both on the loopback interface, since only root can make network namespaces.',
    'On one of them runs strongroomd, with a door to the network in a process without keys. Both sides show',
    'certificates of an authority whose key is in the token of step 1.',
  );
  const issue = '"$STRONGROOM" pki issue --token demo --pin env:PIN --out tls';
  await world.command('"$STRONGROOM" pki init --token demo --pin env:PIN --out tls', {
    show: /Certificate:/,
    proves: /ca\.pem/,
  });
  await world.command(`${issue} \\\n  --server --ip ${address} --as server`, { show: /Certificate:|Key:/ });
  await world.command(`${issue} \\\n  --client --spiffe ${CLIENT} --as client`, {
    show: /Certificate:|Key:/,
  });

  const at = (name: string) => store.path(name);
  mkdirSync(at('hsm'), { mode: 0o700 });
  writeFileSync(
    at('hsm.toml'),
    `socket = "${at('hsm.socket')}"
socket_user = "${process.getuid?.()}"
[service]
policy = "${at('policy.toml')}"
[network]
listen = "${address}:${port}"
certificate = "${at('tls/server.pem')}"
key = "${at('tls/server.key')}"
client_ca = "${at('tls/ca.pem')}"
crl = "${at('tls/crl.pem')}"
`,
  );
  writeFileSync(
    at('policy.toml'),
    `[[rule]]
who = ["uid:${process.getuid?.()}"]
roles = ["operator", "auditor", "so", "user"]
new_tokens = true
[[rule]]
who = ["${CLIENT}"]
tokens = ["hsm"]
keys = ["label:release-*"]
functions = ["sign"]
`,
  );
  writeFileSync(
    at('client.toml'),
    `remote = "${address}:${port}"
remote_ca = "${at('tls/ca.pem')}"
remote_certificate = "${at('tls/client.pem')}"
remote_key = "${at('tls/client.key')}"
`,
  );
  await world.command('tail -6 hsm.toml; tail -5 policy.toml; cat client.toml');
  const [program = '', ...args] = [
    ...machines.on('far'),
    ...[`${world.env.STRONGROOM}d`, '--store', at('hsm'), '--config', at('hsm.toml')],
  ];
  await world.serve(program, args, /serves at/, {});

  const here = 'STRONGROOM_SOCKET=$PWD/hsm.socket STRONGROOM_CONFIG=$PWD/hsm.toml';
  await world.command(
    `${here} \\\n  "$STRONGROOM" token init --label hsm --so-pin env:SO_PIN --pin env:PIN`,
    {
      show: /hsm/,
    },
  );
  const tool = 'pkcs11-tool --module "$MODULE" --token-label hsm --login --pin env:PIN';
  await world.command(
    `${here} \\\n  ${tool} \\\n  --keypairgen --key-type EC:prime256v1 --id 01 --label release-key`,
    {
      show: /Key pair|label|Access/,
      proves: /never extractable/,
    },
  );
  const there = [
    ...machines.on('near'),
    'env STRONGROOM_CONFIG=$PWD/client.toml STRONGROOM_HOME=$PWD/client',
  ].join(' ');
  world.afterwards(async () => {
    await world.quietly(`${there} "$STRONGROOM" engine stop --force`);
  });
  story.say('And on the other machine, with the same library:');
  await world.command(
    `${there} \\\n  ${tool} --sign -m ECDSA-SHA256 \\\n  --signature-format openssl --label release-key -i SHA256SUMS -o afar.sig`,
    { show: /algorithm/ },
  );
  await world.command(
    `${there} \\\n  ${tool} --read-object --type pubkey --label release-key -o afar.der && \\
  openssl pkey -pubin -inform DER -in afar.der -out afar.pem`,
    { show: /^$/ },
  );
  await world.command('openssl dgst -sha256 -verify afar.pem -signature afar.sig SHA256SUMS', {
    proves: /Verified OK/,
  });
  await world.command(`${here} \\\n  "$STRONGROOM" audit show | grep 'sign '`, {
    proves: /spiffe:\/\/example\.org\/release-builder/,
  });
  story.fact(
    'OpenSSL accepts the signature, and the log names the client by its certificate and its address',
  );
}
