/**
 * A process whose guarded arena is filled to the last byte with operations under way, and what it answers then. Runs with the guard
 * library preloaded; writes what full.test.ts expects as JSON.
 */
import { KeyKind } from '../../module/enclave/enclave.ts';
import { curves, enclave, good, Hash, Scheme, secret, sign, trySign, verify } from './support.ts';

const ecdsa = { scheme: Scheme.Ecdsa, hash: Hash.Sha256 } as const;
const hmac = { scheme: Scheme.Hmac, hash: Hash.Sha256 } as const;
const small = new Uint8Array(32);

const ec = good(enclave.keyGenerateEc(0, KeyKind.EcPrivate, curves['P-256']));
const mac = secret(new Uint8Array(32).fill(7));
// Keys that are parsed already: what they occupy may be given up.
for (let i = 0; i < 100; i++)
  sign(good(enclave.keyGenerateEc(0, KeyKind.EcPrivate, curves['P-521'])), ecdsa, small);

const contexts: number[] = [];
let refused = 0;
while (refused === 0 && contexts.length < 5_000_000) {
  const context = enclave.macNew(mac, Hash.Sha512);
  if (context > 0) contexts.push(context);
  else refused = context;
}
const filled = contexts.length;

/** Whatever is asked for now is done, or refused for want of memory. */
const answers = new Set<number>();
for (let i = 0; i < 500; i++) {
  const context = i % 2 === 0 ? enclave.digestNew(Hash.Sha512) : enclave.macNew(mac, Hash.Sha256);
  if (context > 0) contexts.push(context);
  else answers.add(context);
  const key = enclave.keyGenerateEc(0, KeyKind.EcPrivate, curves['P-384']);
  if (key > 0) {
    const signature = trySign(key, ecdsa, small);
    if (typeof signature === 'number') answers.add(signature);
    enclave.keyFree(key);
  } else answers.add(key);
}
for (const context of contexts) enclave.contextFree(context);
const { allocatorHooked, contexts: left } = enclave.status();
const afterwards = [
  enclave.keyBits(ec),
  verify(ec, ecdsa, small, sign(ec, ecdsa, small)),
  verify(mac, hmac, small, sign(mac, hmac, small)),
];
process.stdout.write(
  JSON.stringify({
    hooked: allocatorHooked,
    refused,
    contexts: filled,
    answers: [...answers],
    afterwards,
    left,
  }),
);
