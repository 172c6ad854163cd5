/** `strongroom status`: what programs of this user are served by, and how it does; for people, and for those who watch services. */
import fs from 'node:fs';
import process from 'node:process';
import { Command } from 'commander';
import { CryptokiFailure, withModule } from '../cryptoki.ts';
import { engineState } from '../engine-state.ts';
import {
  applicationName,
  type EngineApplication,
  type EngineStatus,
  engineStatus,
  keyNotes,
  otherApplications,
  requireReach,
  type TokenNote,
} from '../engine-status.ts';
import { earlierEngineWords, endEarlierEngine, isEarlierEngine } from '../gateway.ts';
import { pinNames } from '../pin/names.ts';
import { type Place, remoteAddress, serviceSocket, storeFolder } from '../places.ts';
import { exit, Problem } from '../problem.ts';
import { count, duration, plain, say, sayJson } from '../terminal.ts';

/** Near the end of a limit: what is left is a tenth, and for those who hold little. */
const NEAR = 0.9;

export function statusCommand(): Command {
  return new Command('status')
    .description('say what serves this user’s programs, for whom, and whether something is wrong')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nStarts no engine; where keys are on another machine, it asks the service there. Exit code 0 when it runs and nothing is wrong, 1 when something is, 3 when nothing runs.',
    )
    .action((options: { json?: true }) => status(options.json === true));
}

function status(json: boolean): void {
  const service = serviceSocket();
  const remote = remoteAddress();
  const found = remote === undefined ? ask(service) : askRemote();
  const where = { socket: service?.path ?? null, ...(remote === undefined ? {} : { remote: remote.path }) };
  if (found === 'nobody') {
    if (json) sayJson({ running: false, ...where });
    else if (remote !== undefined)
      say(`strongroomd cannot be reached at ${placeOf(remote)}; strongroom doctor looks for the cause.`);
    else if (service === undefined)
      say('No engine runs; the next program that loads the library starts one.');
    else say(`strongroomd does not run: nobody listens at ${placeOf(service)}.`);
    process.exitCode = exit.notRunning;
  } else if (found === 'reserved') {
    // It answers, which is all that everybody may know.
    if (json) sayJson({ running: true, ...where });
    else if (remote === undefined) say('strongroomd runs. Its policy lets only operators know more.');
    else say(`strongroomd at ${placeOf(remote)} lets us in. Its policy lets only operators know more.`);
  } else {
    const wrong = whatIsWrong(found);
    const earlier = remote !== undefined && isEarlierEngine(found);
    if (earlier) wrong.unshift(`${earlierEngineWords(found, remote)}; ${endEarlierEngine}`);
    const applications = otherApplications(found);
    if (json) sayJson({ running: true, ok: wrong.length === 0, ...where, ...found, wrong, applications });
    else show(found, wrong, service, earlier ? undefined : remote);
    if (wrong.length > 0) process.exitCode = exit.refused;
  }
}

/** The same of the other machine's service; a gateway is started for the question where none runs. */
function askRemote(): EngineStatus | 'nobody' | 'reserved' {
  const state = engineState(storeFolder().path);
  if (state.running) requireReach(state);
  try {
    return withModule(engineStatus);
  } catch (error) {
    if (!(error instanceof CryptokiFailure) || error.call === 'C_Initialize') throw error;
    if (error.rvName === 'CKR_FUNCTION_REJECTED') return 'reserved';
    if (error.rvName === 'CKR_DEVICE_ERROR') return 'nobody';
    throw error;
  }
}

function placeOf({ path, because }: Place): string {
  return `${plain(path)} (${plain(because)})`;
}

/** What the engine says of itself, where there is one and it tells us. */
function ask(service: Place | undefined): EngineStatus | 'nobody' | 'reserved' {
  if (service === undefined) {
    const state = engineState(storeFolder().path);
    if (!state.running) return 'nobody';
    requireReach(state);
  }
  try {
    return withModule(engineStatus);
  } catch (error) {
    if (!(error instanceof CryptokiFailure) || service === undefined) throw error;
    if (error.rvName === 'CKR_FUNCTION_REJECTED') return 'reserved';
    if (error.call !== 'C_Initialize') throw error;
    if (error.rvName === 'CKR_FUNCTION_FAILED')
      throw new Problem(
        'strongroomd lets nobody in as this user',
        'A rule of its policy must name the user.',
      );
    if (error.rvName === 'CKR_DEVICE_ERROR' && !somebodyListens(service.path)) return 'nobody';
    throw new Problem(
      `whoever listens at ${placeOf(service)} does not answer, or is not the user that socket_user names (${error.rvName})`,
      'journalctl -u strongroomd may say why.',
    );
  }
}

/** /proc/net/unix has a line for each socket: the fourth word has this bit where somebody listens, the eighth is the path (proc(5)). */
function somebodyListens(path: string): boolean {
  const listening = 0x10000;
  return fs
    .readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .some((line) => {
      const words = line.trim().split(/\s+/);
      return (Number.parseInt(words[3] ?? '', 16) & listening) !== 0 && words.slice(7).join(' ') === path;
    });
}

function whatIsWrong(found: EngineStatus): string[] {
  const troubles = (found.troubles ?? []).filter(({ kind }) => kind !== 'limit').map(({ text }) => text);
  const full = found.kept
    .filter(({ used, total }) => used >= total * NEAR)
    .map(({ name, used, total }) => `${name} near their limit: ${used} of ${total}`);
  const reload = (found.reload?.problems ?? []).map((text) => `not read anew: ${text}`);
  return [...troubles, ...full, ...reload];
}

function show(
  found: EngineStatus,
  wrong: readonly string[],
  service: Place | undefined,
  remote: Place | undefined,
): void {
  const { pid, uid, version, uptimeSeconds, reload, network } = found;
  const since = new Date(Date.now() - uptimeSeconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const what = service === undefined && remote === undefined ? 'The engine runs' : 'strongroomd runs';
  say(
    `${what}${remote === undefined ? '' : ' on the other machine'}: pid ${pid}, uid ${uid ?? 'unknown'}, version ${version}.`,
  );
  say(`  since          ${since} UTC (${duration(uptimeSeconds)})`);
  if (service !== undefined) say(`  socket         ${placeOf(service)}`);
  if (remote !== undefined) say(`  reached at     ${placeOf(remote)}`);
  if (reload) {
    const at = new Date(reload.at).toISOString().slice(0, 19).replace('T', ' ');
    say(`  read anew      ${at} UTC${reload.problems.length > 0 ? ', not all of it' : ''}`);
    if (reload.waiting.length > 0) say(`                 for the next start: ${reload.waiting.join(', ')}`);
  }
  if (network) {
    say(
      `  network door   ${network.serves ? `serves at ${plain(network.at)} (pid ${network.pid})` : 'does not serve'}`,
    );
    if (network.restarts > 0)
      say(`                 started again ${network.restarts} times: ${plain(network.ended)}`);
  }
  const others = otherApplications(found);
  say(`  used by        ${others.length === 0 ? 'nobody' : count(others.length, 'program')}`);
  for (const other of others)
    say(
      `                 ${whose(other, uid)}${applicationName(other)} (${count(other.sessions, 'session')})`,
    );
  for (const [at, text] of (found.tokenNotes ?? []).map(noteText).entries())
    say(`  ${at === 0 ? 'look after' : '          '}     ${text}`);
  if (wrong.length === 0) say('  wrong          nothing');
  for (const [at, text] of wrong.entries()) say(`  ${at === 0 ? 'wrong' : '     '}          ${plain(text)}`);
}

/** What nobody's programs suffer from as yet, and somebody should see to. */
function noteText(note: TokenNote): string {
  const locked = note.lockedPins.map((pin) => `the ${pinNames[pin]} is locked`);
  return `“${plain(note.label)}”: ${[...locked, ...keyNotes(note)].join(', ')}`;
}

/** Whose program it is; of other machines the name says that. */
function whose({ name, uid }: EngineApplication, own: number | undefined): string {
  return name === undefined ? `uid ${uid ?? own}: ` : '';
}
