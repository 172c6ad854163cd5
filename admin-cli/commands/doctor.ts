/** `strongroom doctor`: what is found, what runs, what would be used, what is wrong and how to mend it. */
import process from 'node:process';
import { Command } from 'commander';
import { version } from '../../schema/product.ts';
import { checkAudit } from '../doctor/audit.ts';
import { checkConfiguration } from '../doctor/configuration.ts';
import { checkEngine } from '../doctor/engine.ts';
import { type Finding, type Section, untouched, wrong } from '../doctor/finding.ts';
import { checkInstallation } from '../doctor/installation.ts';
import { lookThroughGateway, lookThroughLibrary } from '../doctor/library.ts';
import { checkNetwork } from '../doctor/network.ts';
import { checkRemote } from '../doctor/remote.ts';
import { checkService, lookThroughService, tokensOf } from '../doctor/service.ts';
import { checkStore } from '../doctor/store.ts';
import { readSettings, type Settings } from '../doctor/tls-settings.ts';
import { checkTokens } from '../doctor/tokens.ts';
import { troublesAbout } from '../doctor/troubles.ts';
import { earlierEngineWords, endEarlierEngine, isEarlierEngine } from '../gateway.ts';
import { type Place, remoteAddress, serviceSocket } from '../places.ts';
import { exit } from '../problem.ts';
import { count, paint, plain, say, sayJson } from '../terminal.ts';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('say what is found, what runs, what is wrong and how to mend it')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nChanges nothing. When there is a store and no engine, one is started, to see whether it works;\n' +
        'it leaves by itself.',
    )
    .action((options: { json?: true }) => doctor(options.json === true));
}

/** Of programs that use a service. */
function withService(place: Place): Section[] {
  const seen = lookThroughService(place);
  return [checkInstallation(), checkConfiguration(), checkService(place, seen), checkTokens(tokensOf(seen))];
}

/** Of programs whose keys are on another machine. */
async function withRemote(settings: Settings): Promise<Section[]> {
  const remote = await checkRemote(settings);
  const broken = remote.findings.some(({ level }) => level === 'wrong');
  const seen = broken ? { finding: untouched('tokens') } : lookThroughGateway();
  const to = remoteAddress();
  if (to !== undefined && seen.status !== undefined && isEarlierEngine(seen.status))
    remote.findings.push(wrong('gateway', earlierEngineWords(seen.status, to), endEarlierEngine));
  return [checkInstallation(), checkConfiguration(), remote, checkTokens(seen)];
}

/** Of programs that have an engine of this user's. */
function withOwnEngine(): Section[] {
  const store = checkStore();
  const sections: Section[] = [checkInstallation(), checkConfiguration(), store];
  // The library comes before the engine: it shows whether one can be had.
  const broken = sections.some((section) => section.findings.some((finding) => finding.level === 'wrong'));
  const seen = lookThroughLibrary(broken);
  store.findings.push(...troublesAbout(seen.status, 'store'));
  const engine = checkEngine(seen);
  const unreachable = seen.finding !== undefined && engine.findings.some(({ level }) => level === 'wrong');
  sections.push(
    engine,
    checkTokens(unreachable ? { finding: untouched('tokens') } : seen),
    checkAudit(broken, seen.status),
  );
  return sections;
}

/** Everything that there is to look at, by what programs are told to use. */
async function allSections(): Promise<Section[]> {
  const service = serviceSocket();
  const settings = readSettings();
  if (service === undefined && settings !== undefined && settings('remote') !== '')
    return withRemote(settings);
  const sections = service === undefined ? withOwnEngine() : withService(service);
  if (settings === undefined || settings('network.listen') === '') return sections;
  return [...sections, await checkNetwork(settings)];
}

async function doctor(json: boolean): Promise<void> {
  const sections = await allSections();
  const wrongs = sections
    .flatMap((section) => section.findings)
    .filter(({ level }) => level === 'wrong').length;
  if (json) sayJson({ ok: wrongs === 0, version, sections });
  else {
    say(`Strongroom ${version}`);
    for (const section of sections) show(section);
    say();
    const verdict = wrongs === 1 ? 'One thing is wrong.' : `${count(wrongs, 'thing')} are wrong.`;
    say(wrongs === 0 ? paint('green', 'Nothing is wrong.') : paint('red', verdict));
  }
  process.exitCode = wrongs === 0 ? exit.fine : exit.refused;
}

const marks: Readonly<Record<Finding['level'], string>> = {
  fine: paint('green', 'ok   '),
  remark: paint('yellow', 'note '),
  wrong: paint('red', 'WRONG'),
};

function show({ title, findings }: Section): void {
  say();
  say(paint('bold', title));
  for (const { level, what, text, mend } of findings) {
    say(`  ${marks[level]}  ${what.padEnd(13)} ${plain(text)}`);
    for (const line of mend?.split('\n') ?? []) say(`${' '.repeat(23)}${paint('bold', plain(line))}`);
  }
}
