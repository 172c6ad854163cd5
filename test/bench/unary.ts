/**
 * Callers of the network door without PKCS#11: each has a connection of its own, and asks for one signature at a time. What the library's stream is held against.
 *
 *   node test/bench/unary.ts FOLDER CALLERS MS
 *
 * FOLDER is that of a far machine (test/support/remote-host.ts). Prints signatures a second.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, credentials } from '@grpc/grpc-js';
import {
  KeyAlgorithm,
  KeysService,
  SignatureAlgorithm,
  SignatureFormat,
} from '../../module/wire/generated/strongroom/v1/keys.ts';

const [, , folder = '', callers = '64', ms = '2000'] = process.argv;
const at = (name: string): Buffer => readFileSync(join(folder, 'far', name));
const [, target = ''] = /^listen = "(.+)"$/m.exec(at('strongroom.toml').toString()) ?? [];

/** Asks once. */
function call<Q, A>(
  client: Client,
  method: { path: string; requestSerialize(value: Q): Buffer; responseDeserialize(bytes: Buffer): A },
  request: Q,
): Promise<A> {
  return new Promise((resolve, reject) =>
    client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      (error, answer) => (error === null && answer !== undefined ? resolve(answer) : reject(error)),
    ),
  );
}

const clients = Array.from({ length: Number(callers) }, () => {
  const secure = credentials.createSsl(at('ca.pem'), at('client.key'), at('client.pem'));
  return new Client(target, secure, {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.ssl_target_name_override': 'localhost',
    'grpc.enable_channelz': 0,
  });
});
const pin = new TextEncoder().encode('1234');
const keys = await Promise.all(
  clients.map(async (client) => {
    await call(client, KeysService.login, { token: '', pin });
    const spec = {
      token: '',
      label: '',
      id: new Uint8Array(0),
      algorithm: KeyAlgorithm.KEY_ALGORITHM_EC_P256,
      bits: 0,
      usages: [],
      extractable: false,
      temporary: true,
    };
    const { key } = await call(client, KeysService.generateKey, { spec, idempotencyKey: '' });
    return { token: '', label: '', id: new Uint8Array(0), uniqueId: key?.uniqueId ?? '', uri: '' };
  }),
);
const digest = new Uint8Array(32);
const end = performance.now() + Number(ms);
let signed = 0;
await Promise.all(
  clients.map(async (client, index) => {
    while (performance.now() < end) {
      await call(client, KeysService.sign, {
        key: keys[index],
        algorithm: SignatureAlgorithm.SIGNATURE_ALGORITHM_ECDSA_SHA256,
        input: { $case: 'digest', value: digest },
        format: SignatureFormat.SIGNATURE_FORMAT_P1363,
      });
      signed++;
    }
  }),
);
console.log((signed / (Number(ms) / 1000)).toFixed(0));
process.exit(0);
