import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Service } from '../../test/support/programs.ts';
import { StoryBroke } from './story.ts';
import type { World } from './world.ts';

/** Where the keys were while the web server signed with one of them, and where they were not. */
export async function showWhere(world: World, server: Service): Promise<void> {
  const { story, store } = world;
  const pid = server.child.pid;
  if (pid === undefined) throw new StoryBroke('the web server is gone', server.output());
  const engine = store.enginePid();
  if (engine === undefined) throw new StoryBroke('no engine runs for this store', '');

  story.say('The web server of step 4 still runs. This is what the kernel says of it and of the engine:');
  const what = '-o pid,ppid,rss,vsz,comm';
  await world.command(`ps ${what} -p ${pid},${engine}`);
  await world.command(`grep -E '^(VmRSS|VmLck|NoNewPrivs)' /proc/${engine}/status`);
  if (pid === engine) throw new StoryBroke('the engine and the server are one process', '');

  await world.command(`awk '/strongroom|memfd/ {print $6, $7}' /proc/${pid}/maps | sort | uniq -c`, {
    proves: /strongroom-pkcs11\.so/,
  });
  const home = String(store.env.STRONGROOM_HOME);
  const held = openFiles(pid).filter((file) => file.startsWith(home));
  const mapped = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  const touched = [...held, ...mapped.filter((line) => line.includes(home))];
  if (touched.length > 0)
    throw new StoryBroke('the web server has files of the store open', touched.join('\n'));
  story.say('strongroom-lane is the memory that both share: requests go one way, answers the other.');
  story.fact(`the server (process ${pid}) maps our library and a lane; it has no file of the store open`);
  if (openFiles(engine).some((file) => file === `${home}/store.db`)) {
    story.fact(`the store is open in the engine (process ${engine}), which is where the keys are`);
  }

  story.say(
    'The store on disk. Keys lie sealed in store.db; store.key is the secret that belongs to this machine:',
  );
  await world.command('ls -lA --time-style=+ "$STRONGROOM_HOME"');
  await world.command('stat -c "%a %U %n" "$STRONGROOM_HOME"', { proves: /^700 / });
  story.fact('no other user but root may even look into the folder');
}

/** What a module without an engine can show. */
export async function showObjects(world: World): Promise<void> {
  world.story.say('This module has neither an engine nor an audit log, so the story shows what it can.');
  await world.command('pkcs11-tool --module "$MODULE" --token-label demo --login --pin env:PIN -O', {
    show: /Object|label/,
  });
}

/** The audit log's verdict, from the command line that reads nothing but the log and its public key. */
export async function showAudit(world: World): Promise<void> {
  const { story } = world;
  if (!existsSync(String(world.env.STRONGROOM))) {
    throw new StoryBroke(`${world.env.STRONGROOM} is not there: run "make build"`, '');
  }
  story.say(
    'Every use of a key was written to a chained log before its call returned. Who changes a line, breaks it.',
  );
  await world.command('"$STRONGROOM" token list', { proves: /demo/ });
  await world.command('"$STRONGROOM" key list --token demo --pin env:PIN', { proves: /release/ });
  await world.command('"$STRONGROOM" audit verify');
  story.say('The same log with four bytes changed, in a folder of its own:');
  await world.command(
    `mkdir -m 700 changed && cp -p "$STRONGROOM_HOME"/audit.* changed/ &&
printf XXXX | dd of=changed/audit.log bs=1 seek=2000 conv=notrunc status=none &&
! STRONGROOM_HOME="$PWD/changed" "$STRONGROOM" audit verify`,
    { proves: /not as it was written/ },
  );
  story.fact('the log is whole, and a change would have shown');
}

/** Paths behind a process's open descriptors. */
function openFiles(pid: number): string[] {
  return descriptors(pid).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}

/** Empty when the kernel won't tell: the engine is closed even to its own user. */
function descriptors(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`);
  } catch {
    return [];
  }
}
