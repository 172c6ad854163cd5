/**
 * The store's folder: its layout, the checks on owners and modes, and the store key's file.
 */
import fs from 'node:fs';
import path from 'node:path';
import { Component, type Enclave, Hash, type KeyHandle, KeyKind } from '../../enclave/enclave.ts';
import { accepted, asStoreError, StoreError } from './errors.ts';

/** Names of the files in the folder. */
export const files = {
  database: 'store.db',
  storeKey: 'store.key',
  generation: 'store.generation',
  auditLog: 'audit.log',
  auditPublicKey: 'audit.pub',
  auditAnchor: 'audit.anchor',
} as const;

/** The store key's file: magic(8) ‖ version u32 ‖ store id(16) ‖ key(32) ‖ first 16 bytes of SHA-256 over what precedes. */
const keyMagic = Buffer.from('SR-STKEY', 'latin1');
const keyVersion = 1;
const idAt = 12;
const keyAt = 28;
const checksumAt = 60;
const keyFileLength = 76;

function me(): number {
  return process.geteuid?.() ?? -1;
}

/**
 * Makes the folder (mode 0700) when it is not there, and checks that it is a real folder, ours alone.
 * @throws StoreError `permission` with the command that mends it
 */
export function prepareFolder(folder: string): void {
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stat = fs.lstatSync(folder);
    if (!stat.isDirectory()) {
      throw new StoreError(
        'permission',
        `${folder} is not a folder (a symbolic link will not do); name the folder itself`,
      );
    }
    checkOwner(folder, stat, 'chmod 700');
  } catch (error) {
    throw asStoreError(error, folder);
  }
}

/**
 * Checks one file of the folder.
 * @returns its size in bytes, or -1 when it is not there
 * @throws StoreError `permission` when it is a link, not a plain file, someone else's, or open to others
 */
export function checkFile(folder: string, name: string): number {
  const file = path.join(folder, name);
  let stat: fs.Stats | undefined;
  try {
    stat = fs.lstatSync(file, { throwIfNoEntry: false });
  } catch (error) {
    throw asStoreError(error, file);
  }
  if (stat === undefined) return -1;
  if (!stat.isFile()) {
    throw new StoreError(
      'permission',
      `${file} is not a plain file (a symbolic link will not do); put the file itself there`,
    );
  }
  if (name !== files.auditPublicKey) checkOwner(file, stat, 'chmod 600');
  return stat.size;
}

export const wholeFolder = 'put the whole folder back from one backup';

/** What stands in the folder only where there has been a database. */
const traces = [`${files.database}-wal`, files.auditLog, files.auditAnchor, files.auditPublicKey];

/** What of a store is in the folder. */
export interface Survey {
  readonly hasKey: boolean;
  readonly hasAnchor: boolean;
  readonly hasDatabase: boolean;
}

/**
 * Looks at all files of the store in the folder.
 * @throws StoreError as {@link checkFile}; `corrupt` or `tampered` when something is there that cannot be without what is missing
 */
export function survey(folder: string): Survey {
  const isThere = (name: string) => checkFile(folder, name) >= 0;
  const [hasKey, hasAnchor, hasDatabase] = [
    isThere(files.storeKey),
    isThere(files.generation),
    isThere(files.database),
  ];
  const left = traces.filter(isThere);
  if (!hasKey && (hasDatabase || hasAnchor)) {
    throw new StoreError(
      'corrupt',
      `${path.join(folder, files.storeKey)} is missing; without it nothing can be opened: ${wholeFolder}`,
    );
  }
  if (!hasDatabase && left.length > 0) {
    throw new StoreError(
      'tampered',
      `${path.join(folder, files.database)} is missing, and ${left[0]} is from a store that had one; ${wholeFolder}, or move the rest of it away to begin anew`,
    );
  }
  return { hasKey, hasAnchor, hasDatabase };
}

function checkOwner(file: string, stat: fs.Stats, mend: string): void {
  if (stat.uid !== me()) {
    throw new StoreError(
      'permission',
      `${file} belongs to uid ${stat.uid}, and this engine runs as uid ${me()}; run it as that user, or: chown -R ${me()} ${file}`,
    );
  }
  if ((stat.mode & 0o077) !== 0) {
    const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
    throw new StoreError(
      'permission',
      `${file} is open to other users (mode ${mode}); mend it with: ${mend} ${file}`,
    );
  }
}

/** Makes what was renamed or created in the folder survive power loss. */
export function syncFolder(folder: string): void {
  const fd = fs.openSync(folder, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY);
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * Writes a file whole or not at all: a temporary one, synced, then renamed over the name.
 * A temporary file that a crash left behind is replaced.
 */
export function writeWhole(
  folder: string,
  name: string,
  mode: number,
  ...parts: readonly Uint8Array[]
): void {
  const file = path.join(folder, name);
  const temporary = `${file}.new`;
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = fs.constants;
  try {
    fs.rmSync(temporary, { force: true });
    const fd = fs.openSync(temporary, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, mode);
    try {
      for (const part of parts) {
        for (let at = 0; at < part.length; ) at += fs.writeSync(fd, part, at, part.length - at, null);
      }
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    fs.renameSync(temporary, file);
    syncFolder(folder);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw asStoreError(error, file);
  }
}

/** The store key as the enclave holds it, and the id of the store that it belongs to. */
export interface StoreKey {
  readonly root: KeyHandle;
  readonly storeId: Uint8Array;
}

/** Makes a new store key and its file. The key's bytes are only ever in the enclave's guarded memory and in the file. */
export function createStoreKey(folder: string, enclave: Enclave): StoreKey {
  const buffer = enclave.guardedBuffer(keyFileLength);
  try {
    buffer.set(keyMagic);
    new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength).setUint32(keyMagic.length, keyVersion);
    accepted(enclave.random(buffer, idAt, checksumAt - idAt), files.storeKey);
    putChecksum(enclave, buffer, buffer, checksumAt);
    writeWhole(folder, files.storeKey, 0o600, buffer);
    return importStoreKey(enclave, buffer);
  } finally {
    enclave.zero(buffer, 0, buffer.length);
  }
}

/**
 * Reads the store key's file straight into guarded memory and gives it to the enclave.
 * @throws StoreError `corrupt` when it is damaged, `version` when newer
 */
export function loadStoreKey(folder: string, enclave: Enclave): StoreKey {
  const file = path.join(folder, files.storeKey);
  const buffer = enclave.guardedBuffer(keyFileLength);
  try {
    readExactly(file, buffer);
    const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    if (Buffer.compare(buffer.subarray(0, keyMagic.length), keyMagic) !== 0) throw damagedKey(file);
    if (view.getUint32(keyMagic.length) > keyVersion) {
      throw new StoreError('version', `${file} was written by a newer release; upgrade this one`);
    }
    const checksum = new Uint8Array(16);
    putChecksum(enclave, buffer, checksum, 0);
    if (Buffer.compare(buffer.subarray(checksumAt), checksum) !== 0) throw damagedKey(file);
    return importStoreKey(enclave, buffer);
  } finally {
    enclave.zero(buffer, 0, buffer.length);
  }
}

function damagedKey(file: string): StoreError {
  return new StoreError(
    'corrupt',
    `${file} is damaged; put it back from a backup: without it nothing in the store can be opened`,
  );
}

function readExactly(file: string, buffer: Uint8Array): void {
  try {
    const fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
    try {
      if (fs.fstatSync(fd).size !== buffer.length) throw damagedKey(file);
      if (fs.readSync(fd, buffer, 0, buffer.length, 0) !== buffer.length) throw damagedKey(file);
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    throw asStoreError(error, file);
  }
}

function putChecksum(enclave: Enclave, buffer: Uint8Array, out: Uint8Array, at: number): void {
  const digest = new Uint8Array(32);
  accepted(enclave.digest(Hash.Sha256, buffer, 0, checksumAt, digest, 0, digest.length), files.storeKey);
  out.set(digest.subarray(0, 16), at);
}

function importStoreKey(enclave: Enclave, buffer: Uint8Array): StoreKey {
  const root = accepted(
    enclave.keyImport(KeyKind.Secret, {
      ids: [Component.Value],
      buffer,
      offsets: [keyAt],
      lengths: [checksumAt - keyAt],
    }),
    files.storeKey,
  );
  return { root, storeId: Uint8Array.from(buffer.subarray(idAt, keyAt)) };
}
