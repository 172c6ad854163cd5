import { mkdirSync, readFileSync } from 'node:fs';
import { askpass, startSshd } from '../../test/support/sshd.ts';
import { StoryBroke } from './story.ts';
import type { World } from './world.ts';

/** A real sshd on loopback lets somebody in who has only a PIN and the token. */
export async function logIn(world: World): Promise<void> {
  const { story, store } = world;
  story.say(
    'The machine\'s own sshd on a port of 127.0.0.1, and one key that may come in: "login" of the token.',
  );
  await world.command(`ssh-keygen -D "$MODULE" | grep ' login$' > login.pub; cut -c1-76 login.pub`, {
    proves: /^ecdsa-sha2-nistp256 /,
  });
  const print = await world.command('ssh-keygen -lf login.pub', { proves: /ECDSA/ });
  mkdirSync(store.path('sshd'));
  const sshd = await startSshd(store.path('sshd'), store.env, readFileSync(store.path('login.pub'), 'utf8'));
  world.afterwards(() => sshd.stop());
  story.command('sshd -D -e -f sshd/sshd_config &');

  askpass(store.path('answer-pin'), String(world.env.PIN));
  askpass(store.path('answer-wrong'), '0000');
  const ssh = (
    answer: string,
  ) => `SSH_ASKPASS=./${answer} SSH_ASKPASS_REQUIRE=force ssh -F none -p ${sshd.port} \\
  -o UserKnownHostsFile=sshd/known_hosts -I "$MODULE" ${sshd.user}@127.0.0.1 \\
  'echo "here I am, $(id -un), by $(echo $SSH_CONNECTION | cut -d" " -f3,4)"'`;
  await world.command(ssh('answer-pin'), { proves: /here I am/ });
  await world.command(ssh('answer-wrong'), { expect: 255, show: /denied/, proves: /Permission denied/ });

  const fingerprint = /SHA256:\S+/.exec(print.output)?.[0] ?? 'none';
  const accepted = sshd
    .log()
    .split('\n')
    .find((line) => line.startsWith('Accepted publickey'));
  story.say("sshd's own log:");
  story.say(`  ${accepted ?? 'nobody came in'}`);
  if (accepted === undefined || !accepted.includes(fingerprint)) {
    throw new StoryBroke("sshd's log does not show the token's key", sshd.log());
  }
  story.fact('sshd let in the fingerprint that ssh-keygen computed, and nobody with a wrong PIN');
}
