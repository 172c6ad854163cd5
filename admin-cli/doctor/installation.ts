/** The installed files: there, runnable, and nobody else's to change. */
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { installed } from '../places.ts';
import { type Finding, fine, octal, type Section, wrong } from './finding.ts';

const rebuild = 'make build';

export function checkInstallation(): Section {
  const { folder, module, runtime, launcher, engine } = installed;
  const others = [
    'lane.node',
    'enclave.node',
    'process.node',
    'libstrongroom-guard.so',
    'better_sqlite3.node',
  ];
  return {
    title: 'Installation',
    findings: [
      checkFile('library', path.resolve(module), false),
      checkFile(
        'runtime',
        runtime,
        true,
        `Node ${process.versions.node}, OpenSSL ${process.versions.openssl}`,
      ),
      checkFile('launcher', launcher, true),
      checkFile('engine', engine, false),
      checkOthers(others.map((name) => path.join(folder, name))),
    ],
  };
}

/** Whoever can write one of these files decides what the engine does with the keys. */
function checkFile(what: string, file: string, runs: boolean, about?: string): Finding {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return wrong(what, `${file} is missing`, rebuild);
  if (stat.uid !== 0 && stat.uid !== process.geteuid?.()) {
    return wrong(what, `${file} belongs to uid ${stat.uid}, who can change it`, `chown root ${file}`);
  }
  if ((stat.mode & 0o022) !== 0) {
    return wrong(what, `others can change ${file} (mode ${octal(stat.mode)})`, `chmod go-w ${file}`);
  }
  if (runs && (stat.mode & 0o111) === 0) return wrong(what, `${file} can't be run`, `chmod 755 ${file}`);
  return fine(what, about === undefined ? file : `${file} (${about})`);
}

function checkOthers(files: readonly string[]): Finding {
  const bad = files.map((file) => checkFile('parts', file, false)).find(({ level }) => level === 'wrong');
  return bad ?? fine('parts', files.map((file) => path.basename(file)).join(', '));
}
