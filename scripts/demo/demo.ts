// The demonstration: a token, keys, a CA, TLS and a login, each checked by programs that know nothing of us.
// Needs the built library; a temporary store is used, and everything is put away at the end.
import { existsSync } from 'node:fs';
import { currentProfile } from '../../test/support/profile.ts';
import type { Service } from '../../test/support/programs.ts';
import { makeCertificates, serveTls } from './certificates.ts';
import { makeKeys, makeToken, signRelease } from './keys.ts';
import { logIn } from './login.ts';
import { showAudit, showObjects, showWhere } from './proof.ts';
import { signFromAfar } from './remote.ts';
import { Story } from './story.ts';
import { World } from './world.ts';

async function tell(world: World): Promise<void> {
  const { story, store } = world;
  story.title('Strongroom: keys in a process of their own');
  story.say(
    'Everything below really happens, in a temporary store. To try commands yourself while it runs:',
    `  cd ${store.folder}`,
    `  export MODULE=${store.module}`,
    ...(world.ours ? [`  export STRONGROOM_HOME=${store.env.STRONGROOM_HOME}`] : []),
    ...(world.ours ? [`  export STRONGROOM=${world.env.STRONGROOM}`] : []),
    `  export PIN=${world.env.PIN} SO_PIN=${world.env.SO_PIN}`,
  );
  await story.step('A token in an empty store', () => makeToken(world));
  await story.step('Keys that cannot leave', () => makeKeys(world));
  await story.step('A certificate authority and a server certificate', () => makeCertificates(world));
  let server: Service | undefined;
  await story.step('TLS with a key that the server does not have', async () => {
    server = await serveTls(world);
  });
  await story.step('Login to sshd with a key in the token', () => logIn(world));
  await story.step('A release signed with Ed25519', () => signRelease(world));
  if (world.ours)
    await story.step('A program on another machine signs over mutual TLS', () => signFromAfar(world));
  const running = server;
  if (world.ours && running !== undefined) {
    await story.step('Where the keys were, and where they were not', () => showWhere(world, running));
    await story.step("The audit log's verdict", () => showAudit(world));
  } else {
    await story.step('What is in the token', () => showObjects(world));
  }
}

async function main(): Promise<number> {
  const lacks = World.missing();
  if (lacks !== undefined) {
    console.error(`The demonstration needs some programs. This installs them:\n  ${lacks}`);
    return 1;
  }
  const { module } = currentProfile();
  if (!existsSync(module)) {
    console.error(`${module} is not there yet. This builds it:\n  make build`);
    return 1;
  }
  const story = new Story();
  const world = new World(story);
  const interrupted = new Promise<never>((_resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => reject(new Error(`${signal} came; everything is being put away`)));
    }
  });
  let code = 0;
  try {
    await Promise.race([tell(world), interrupted]);
  } catch (error) {
    story.broke(error);
    code = 1;
  }
  try {
    await world.close();
  } catch (error) {
    // After a failure something may well be left; it has been ended by now, and the first cause counts.
    if (code === 0) story.broke(error);
    code = 1;
  }
  if (code === 0) {
    story.end('Done. The servers and the engine have left, and the temporary store is gone.');
  }
  return code;
}

process.exit(await main());
