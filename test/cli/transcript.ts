/**
 * Transcripts: a session at the command line, as text. A line that begins with `$ ` is typed into bash, in the store's
 * folder; what must follow is its standard output as it is, its standard error behind `! `, and `= N` when the exit code
 * isn't zero. Lines that begin with `#` are for people. Whatever differs from run to run is written in capitals (see
 * {@link steady}). A command that fails must leave no file that was not there before.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/profile.ts';
import { run } from '../support/programs.ts';
import type { Store } from '../support/store.ts';

/** The program under test. */
export const STRONGROOM = join(ROOT, 'out/bin/strongroom');

/** The environment in which people type: ours on the PATH, nothing of the caller's, and cheap PINs. */
export function typist(store: Store): Record<string, string> {
  return { ...store.env, PATH: `${join(ROOT, 'out/bin')}:${store.env.PATH}`, MODULE: store.module };
}

interface Step {
  readonly comment: readonly string[];
  readonly command: string;
}

function stepsOf(transcript: string): { steps: Step[]; trailer: string[] } {
  const steps: Step[] = [];
  let comment: string[] = [];
  for (const line of transcript.split('\n')) {
    if (line.startsWith('$ ')) {
      steps.push({ comment, command: line.slice(2) });
      comment = [];
    } else if (line.startsWith('#') || line === '') comment.push(line);
    else comment = [];
  }
  return { steps, trailer: comment };
}

/** Types the commands of a transcript again and writes down what happens now. */
export async function replay(transcript: string, store: Store): Promise<string> {
  const { steps, trailer } = stepsOf(transcript);
  const lines: string[] = [];
  for (const { comment, command } of steps) {
    lines.push(...comment, `$ ${command}`);
    const before = filesIn(store);
    if (command === 'stop the engine') {
      await store.stopEngine();
      continue;
    }
    const outcome = await run('bash', ['-c', command], {
      env: typist(store),
      cwd: store.folder,
      expect: 'any',
      timeout: 60_000,
    });
    lines.push(...linesOf(outcome.stdout), ...linesOf(outcome.stderr).map((line) => `! ${line}`));
    if (outcome.code !== 0) {
      lines.push(`= ${outcome.code}`);
      lines.push(
        ...filesIn(store)
          .filter((file) => !before.includes(file))
          .map((file) => `LEFT BEHIND ${file}`),
      );
    }
  }
  return steady([...lines, ...trailer].join('\n'), store);
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** All files of the folder, save those in the store, which are the engine's affair. */
function filesIn(store: Store): string[] {
  return readdirSync(store.folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !name.startsWith('store/'),
  );
}

/** Replaces what differs from run to run: paths, numbers of processes, sizes, times, serial numbers and keys. */
function steady(text: string, store: Store): string {
  return (
    text
      .replaceAll(store.folder, 'FOLDER')
      .replaceAll(ROOT, 'ROOT')
      .replace(/\b[0-9a-f]{16}(?=…)/g, 'KEY')
      .replace(/\b[0-9a-f]{32}\b/g, 'UNIQUE ID')
      .replace(/\b(until|before|made {0,12}) \d{4}-\d\d-\d\d/g, '$1 DATE')
      .replace(/\b\d{4}-\d\d-\d\d(?= {2}(?:good|revoked))/g, 'DATE')
      // The id of an authority's key, which begins with “pki”.
      .replace(/\b706b69[0-9a-f]{16}\b/g, 'ID OF THE KEY')
      .replace(/\b[0-9a-f]{16}\b/g, 'SERIAL          ')
      .replace(/\b[0-9a-f]{64}\b/g, 'FINGERPRINT')
      .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| UTC)/g, 'TIME')
      .replace(/audit-\d{4}-[0-9TZ-]+\.log/g, 'audit-STAMP.log')
      // How many records there are depends on when the engine notices that an application has gone.
      .replace(/\b\d+ (records? (?:since|whole)|records?, (?:whole|at))/g, 'N $1')
      .replace(/(records +(?:good up to a point: )?|"(?:records|sequence)": |records? )\d+$/gm, '$1N')
      .replace(/records \d+ to \d+/g, 'records N to N')
      .replace(/("(?:records|sequence)": )\d+/g, '$1N')
      .replace(/^\d+ +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/gm, 'N TIME')
      .replace(/\b([a-z0-9-]+ \()\d+(\) [a-zA-Z ]+)/g, '$1PID$2')
      .replace(/\b[0-9a-f]{8}…/g, 'ID…')
      .replace(/version \d+\.\d+\.\d+, pid \d+/g, 'version VERSION, pid N')
      .replace(/pid \d+, up \d+ s/g, 'pid N, up N s')
      .replace(/\(pid \d+\)/g, '(pid N)')
      .replace(/("(?:pid|uid|gid|session|uptimeSeconds)": )\d+/g, '$1N')
      .replace(/, version \d+\.\d+\.\d+\./g, ', version VERSION.')
      .replace(/("version": ")\d+\.\d+\.\d+/g, '$1VERSION')
      .replace(/( memory +)(?:locked|not all locked.*)$/gm, '$1LOCKED OR NOT')
      .replace(/("memoryLocked": )(?:true|false)/g, '$1LOCKED OR NOT')
      .replace(/\b\d+(\.\d+)? (kB|MB|GB|TB)\b/g, 'SIZE')
      .replace(/Node [\d.]+, OpenSSL [\d.]+/g, 'Node N, OpenSSL N')
      .replace(/limit (SIZE|unlimited)(, which does not bind root)?/g, 'limit SIZE')
      .replace(/\buid \d+/g, 'uid N')
      .replace(/^Strongroom \d+\.\d+\.\d+$/gm, 'Strongroom VERSION')
  );
}
