/** The store's folder and files: whose they are, who else can get at them, and whether there is room. */
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { storeFiles, storeFolder } from '../places.ts';
import { Problem } from '../problem.ts';
import { storeExists } from '../store.ts';
import { type Finding, fine, octal, remarkable, type Section, section, size, wrong } from './finding.ts';

const littleRoom = 100_000_000;

export function checkStore(): Section {
  return section('Store', 'folder', findings);
}

/** Whether there is a store that we may see; {@link checkStore} says why not. */
export function storeVisible(): boolean {
  try {
    return storeExists();
  } catch (error) {
    if (error instanceof Problem || (error instanceof Error && 'syscall' in error)) return false;
    throw error;
  }
}

function findings(): Finding[] {
  const { path: folder, because } = storeFolder();
  const stat = fs.lstatSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) {
    return [remarkable('folder', `${folder} (${because}) is not there yet; the first use makes it`)];
  }
  if (!stat.isDirectory()) {
    return [
      wrong('folder', `${folder} (${because}) is not a folder`, 'name the folder itself, not a link to it'),
    ];
  }
  const list = [checkAccess('folder', folder, stat, because, 'chmod 700')];
  for (const [what, name] of [
    ['database', storeFiles.database],
    ['store key', storeFiles.storeKey],
  ] as const) {
    const file = path.join(folder, name);
    const found = fs.lstatSync(file, { throwIfNoEntry: false });
    if (found !== undefined)
      list.push(checkAccess(what, file, found, size(found.size + writeAhead(file)), 'chmod 600'));
  }
  const has = (name: string) => fs.existsSync(path.join(folder, name));
  if (!has(storeFiles.database)) {
    list.push(remarkable('database', 'there is none yet; the first use makes it'));
  } else if (!has(storeFiles.storeKey)) {
    const file = path.join(folder, storeFiles.storeKey);
    list.push(
      wrong('store key', `${file} is missing: without it nothing opens`, 'put it back from a backup'),
    );
  }
  list.push(checkRoom(folder));
  return list;
}

/** What SQLite has written but not moved into the database yet. */
function writeAhead(file: string): number {
  return fs.statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

function checkAccess(what: string, file: string, stat: fs.Stats, about: string, mend: string): Finding {
  const me = process.geteuid?.();
  if (stat.uid !== me) {
    const text = `${file} belongs to uid ${stat.uid}, and you are uid ${me}`;
    return wrong(what, text, `work as that user, or: chown -R ${me} ${file}`);
  }
  if ((stat.mode & 0o077) !== 0) {
    return wrong(what, `${file} is open to others (mode ${octal(stat.mode)})`, `${mend} ${file}`);
  }
  return fine(what, `${file} (${about}; mode ${octal(stat.mode)}, yours)`);
}

function checkRoom(folder: string): Finding {
  const { bavail, bsize } = fs.statfsSync(folder);
  const free = bavail * bsize;
  if (free >= littleRoom) return fine('disk', `${size(free)} free`);
  return wrong('disk', `only ${size(free)} free: keys and the log need room`, 'free some space on that disk');
}
