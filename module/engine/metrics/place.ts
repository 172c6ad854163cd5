/** Where metrics are asked for: a port of the loopback interface, or a socket in the file system that nobody else’s file has to give way to. */
import { lchownSync, linkSync, lstatSync, type Stats, unlinkSync } from 'node:fs';
import type { Server } from 'node:net';
import { groupNumber } from '../policy/accounts.ts';

/** What is wrong with the place, in words for the log. */
export class PlaceError extends Error {
  override readonly name = 'PlaceError';
}

const MODE = 0o660;
/** A socket's name has room for 107 bytes; the one under which it is made is longer by a number. */
const PATH_MOST = 96;

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

/** A place that is being listened at. */
export interface Place {
  /** Takes away what stands in the file system, if it is still ours. */
  leave(): void;
}

/**
 * Begins to listen.
 * @param address an absolute path, or host and port
 * @param group that a socket in the file system is to belong to; ours without one
 * @throws PlaceError
 */
export async function listenAt(server: Server, address: string, group: string): Promise<Place> {
  if (address.startsWith('/')) return await atPath(server, address, group);
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[|\]$/g, '');
  const port = Number(address.slice(colon + 1));
  try {
    // The name is not looked up: it could lead anywhere.
    await listening(server, () => server.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port }));
  } catch (error) {
    throw new PlaceError(
      codeOf(error) === 'EADDRINUSE' ? 'the address is in use' : `it cannot be had (${codeOf(error)})`,
    );
  }
  return { leave: () => undefined };
}

async function listening(server: Server, listen: () => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).once('listening', resolve);
  try {
    listen();
    await promise;
  } finally {
    server.off('error', reject).off('listening', resolve);
  }
}

/**
 * The socket gets its mode and its group under another name, and its own by a link: no link takes the place of what is there, and the runtime,
 * which removes by name when it closes, knows the other name only.
 */
async function atPath(server: Server, path: string, group: string): Promise<Place> {
  if (Buffer.byteLength(path) > PATH_MOST)
    throw new PlaceError(`a socket's path may have ${PATH_MOST} bytes at the most`);
  const fresh = `${path}.${process.pid}`;
  try {
    const number = group === '' ? -1 : groupNumber(group);
    if (number === undefined) throw new PlaceError(`there is no group ${group}`);
    await makeRoom(fresh);
    await listening(server, () => {
      const before = process.umask(0o777 & ~MODE);
      try {
        server.listen({ path: fresh });
      } finally {
        process.umask(before);
      }
    });
    try {
      // Nothing here follows a link that somebody may have put into its place.
      if (number >= 0) lchownSync(fresh, -1, number);
      const made = lstatSync(fresh);
      await makeRoom(path);
      linkSync(fresh, path);
      return { leave: () => takeAway(path, made) };
    } finally {
      unlinkSync(fresh);
    }
  } catch (error) {
    if (error instanceof PlaceError) throw error;
    throw new PlaceError(`the socket cannot be made (${codeOf(error)})`);
  }
}

/** An engine that leaves has more to do than this, so nothing is thrown. */
function takeAway(path: string, made: Stats): void {
  try {
    const there = lstatSync(path, { throwIfNoEntry: false });
    if (there?.dev === made.dev && there.ino === made.ino) unlinkSync(path);
  } catch {
    // Who comes next finds a socket at which nobody listens.
  }
}

/** What an engine has left that ended without a word is taken away: a socket of our own user's at which nobody listens. Nothing else is. */
async function makeRoom(path: string): Promise<void> {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (!there.isSocket()) throw new PlaceError('a file that is no socket stands there');
  if (there.uid !== process.geteuid?.()) throw new PlaceError('another user’s socket stands there');
  if (await answers(path)) throw new PlaceError('the address is in use');
  unlinkSync(path);
}

async function answers(path: string): Promise<boolean> {
  const { connect } = await import('node:net');
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ path });
  socket.once('connect', () => resolve(true));
  // A queue that is full is somebody's; one that refuses is nobody's any more.
  socket.once('error', (error) => resolve(!['ECONNREFUSED', 'ENOENT'].includes(codeOf(error))));
  return promise.finally(() => socket.destroy());
}
