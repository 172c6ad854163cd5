/** Using keys on data that comes in parts. What a session has under way ends with the call, whichever way that ends. */

import { ecdsaToDer } from '../../module/certificates/signatures.ts';
import type {
  ComputeMacStart,
  ComputeMacStreamRequest,
  ComputeMacStreamResponse,
  DecryptStart,
  DecryptStreamRequest,
  DecryptStreamResponse,
  EncryptStart,
  EncryptStreamRequest,
  EncryptStreamResponse,
  SignStart,
  SignStreamRequest,
  SignStreamResponse,
  VerifyStart,
  VerifyStreamRequest,
  VerifyStreamResponse,
} from '../../module/wire/generated/strongroom/v1/keys.ts';
import type { Mechanism } from '../cryptoki-client/arguments.ts';
import { wrong } from '../errors/problem.ts';
import { started } from '../rpc.ts';
import { mac, type Signing, signing } from './algorithms.ts';
import type { KeysApplication } from './application.ts';
import type { Found } from './find.ts';
import { ciphering, fits, isDer, LONGER, rawSignature, SIGNATURE_MOST, vectorFor } from './use.ts';

type Parts = AsyncIterable<Uint8Array>;

function inParts(algorithm: number): Signing {
  const how = signing(algorithm, 'start.algorithm');
  if (how.family === 'eddsa')
    throw wrong('start.algorithm', 'this algorithm needs all data at once; use the call without parts');
  return how;
}

async function signParts(
  { p11, sessions }: KeysApplication,
  { token, object }: Found,
  mechanism: Mechanism,
  parts: Parts,
): Promise<Uint8Array> {
  return await sessions.lend(token.slot, async (session) => {
    await p11.C_SignInit({ session, mechanism, key: object });
    for await (const part of parts) if (part.length > 0) await p11.C_SignUpdate({ session, part });
    const { signature } = await p11.C_SignFinal({ session, signature: SIGNATURE_MOST });
    return signature;
  });
}

export async function signStream(
  app: KeysApplication,
  requests: AsyncIterable<SignStreamRequest>,
): Promise<SignStreamResponse> {
  const { start, parts } = await started<SignStart, NonNullable<SignStreamRequest['message']>>(requests);
  const how = inParts(start.algorithm);
  const inDer = isDer(how, start.format, 'start.format');
  const found = await app.finder.key(start.key, ['private'], 'start.key');
  const signature = await signParts(app, found, how.mechanism, parts);
  return { signature: inDer ? ecdsaToDer(signature) : signature };
}

export async function computeMacStream(
  app: KeysApplication,
  requests: AsyncIterable<ComputeMacStreamRequest>,
): Promise<ComputeMacStreamResponse> {
  const { start, parts } = await started<ComputeMacStart, NonNullable<ComputeMacStreamRequest['message']>>(
    requests,
  );
  const { mechanism } = mac(start.algorithm, 'start.algorithm');
  const found = await app.finder.key(start.key, ['secret'], 'start.key');
  return { mac: await signParts(app, found, mechanism, parts) };
}

export async function verifyStream(
  app: KeysApplication,
  requests: AsyncIterable<VerifyStreamRequest>,
): Promise<VerifyStreamResponse> {
  const { start, parts } = await started<VerifyStart, NonNullable<VerifyStreamRequest['message']>>(requests);
  const how = inParts(start.algorithm);
  const inDer = isDer(how, start.format, 'start.format');
  if (start.signature.length === 0) throw wrong('start.signature', 'it is missing');
  const { p11, sessions, finder } = app;
  const found = await finder.key(start.key, ['public'], 'start.key');
  const short = start.signature.length <= SIGNATURE_MOST;
  const signature = short ? await rawSignature(app, found, start.signature, inDer) : undefined;
  return await sessions.lend(found.token.slot, async (session) => {
    // Also what cannot be a signature is an answer only after the parts have come.
    await p11.C_VerifyInit({ session, mechanism: how.mechanism, key: found.object });
    for await (const part of parts) if (part.length > 0) await p11.C_VerifyUpdate({ session, part });
    return { valid: await fits(p11.C_VerifyFinal({ session, signature: signature ?? new Uint8Array(0) })) };
  });
}

export async function encryptStream(
  app: KeysApplication,
  requests: AsyncIterable<EncryptStreamRequest>,
  write: (answer: EncryptStreamResponse) => Promise<void>,
): Promise<void> {
  const { start, parts } = await started<EncryptStart, NonNullable<EncryptStreamRequest['message']>>(
    requests,
  );
  const how = ciphering(start, false, 'start.');
  if (how.vector === undefined) throw wrong('start.algorithm', 'RSA encrypts no data in parts');
  const { p11, sessions, finder } = app;
  const { token, object } = await finder.key(start.key, ['secret'], 'start.key');
  const tell = async (value: Uint8Array): Promise<void> => {
    if (value.length > 0) await write({ message: { $case: 'part', value } });
  };
  await sessions.lend(token.slot, async (session) => {
    const iv = vectorFor(how, start.iv);
    await p11.C_EncryptInit({ session, mechanism: how.mechanism(iv, start.aad), key: object });
    await write({ message: { $case: 'started', value: { iv } } });
    let held = 0;
    for await (const part of parts) {
      if (part.length === 0) continue;
      const { encrypted } = await p11.C_EncryptUpdate({
        session,
        part,
        encrypted: held + part.length + LONGER,
      });
      held += part.length - encrypted.length;
      await tell(encrypted);
    }
    const { encrypted } = await p11.C_EncryptFinal({ session, encrypted: Math.max(held, 0) + LONGER });
    await tell(encrypted);
  });
}

export async function decryptStream(
  app: KeysApplication,
  requests: AsyncIterable<DecryptStreamRequest>,
  write: (answer: DecryptStreamResponse) => Promise<void>,
): Promise<void> {
  const { start, parts } = await started<DecryptStart, NonNullable<DecryptStreamRequest['message']>>(
    requests,
  );
  const how = ciphering(start, true, 'start.');
  if (how.vector === undefined) throw wrong('start.algorithm', 'RSA decrypts no data in parts');
  const { p11, sessions, finder } = app;
  const { token, object } = await finder.key(start.key, ['secret'], 'start.key');
  await sessions.lend(token.slot, async (session) => {
    const mechanism = how.mechanism(start.iv, start.aad);
    await p11.C_DecryptInit({ session, mechanism, key: object });
    // What the engine has and has not given back: all of it, where a tag decides at the end.
    let held = 0;
    for await (const encrypted of parts) {
      if (encrypted.length === 0) continue;
      const { part } = await p11.C_DecryptUpdate({
        session,
        encrypted,
        part: held + encrypted.length + LONGER,
      });
      held += encrypted.length - part.length;
      if (part.length > 0) await write({ part });
    }
    const { part } = await p11.C_DecryptFinal({ session, part: Math.max(held, 0) + LONGER });
    if (part.length > 0) await write({ part });
  });
}
