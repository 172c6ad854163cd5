/** The configuration: which file would be used, and what the engine's own reader says about it. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { configFile, installed } from '../places.ts';
import { type Finding, fine, octal, type Section, section, wrong } from './finding.ts';

export function checkConfiguration(): Section {
  return section('Configuration', 'file', findings);
}

function findings(): Finding[] {
  const place = configFile();
  if (place === undefined) return [fine('file', 'none; every key has its default')];
  const file = place.path;
  const used = fine('file', `${file} (${place.because})`);
  if (!path.isAbsolute(file)) {
    const mend = `export STRONGROOM_CONFIG=${path.resolve(file)}`;
    return [
      wrong('file', `${file} (${place.because}) is not an absolute path: the library refuses it`, mend),
    ];
  }
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) {
    return [
      wrong(
        'file',
        `${file} (${place.because}) is not there, so no engine starts`,
        'unset STRONGROOM_CONFIG',
      ),
    ];
  }
  if ((stat.mode & 0o022) !== 0) {
    return [wrong('file', `others can change ${file} (mode ${octal(stat.mode)})`, `chmod go-w ${file}`)];
  }
  const result = spawnSync(process.execPath, [installed.configChecker, file], { env: {}, encoding: 'utf8' });
  if (result.status === 0) return [used, fine('contents', 'every key and value is known')];
  const problems = result.status === 1 ? result.stdout.trimEnd().split('\n') : ['the checker failed'];
  return [
    used,
    ...problems.map((problem) =>
      wrong('contents', problem.replace(`${file}: `, ''), `mend ${file}; until then no engine starts`),
    ),
  ];
}
