/** The engine for the length of one call, in the name of whoever makes it. */
import { Cryptoki } from './cryptoki-client/generated/cryptoki.ts';
import type { Attach } from './keys/application.ts';
import type { Context } from './rpc.ts';

/** Runs `work` with an application of its own, which ends with it, and its logins with it. */
export async function withEngine<T>(
  attach: Attach,
  { connection, signal }: Context,
  work: (p11: Cryptoki) => Promise<T>,
): Promise<T> {
  const caller = await attach(connection.principal);
  try {
    signal.throwIfAborted();
    return await work(new Cryptoki(caller));
  } finally {
    caller.farewell();
  }
}
