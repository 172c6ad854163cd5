/** Keys of servers and clients: TLS wants them in files, so they are made here, and the bytes are overwritten once they are written. */
import { generateKeyPairSync } from 'node:crypto';

export interface LeafKey {
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Buffer;
  /** PKCS #8 in PEM. */
  readonly pem: Uint8Array;
  erase(): void;
}

/** A key pair on P-256. */
export function newLeafKey(): LeafKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { format: 'der', type: 'spki' },
    privateKeyEncoding: { format: 'der', type: 'pkcs8' },
  });
  const pem = pemBytes(privateKey);
  privateKey.fill(0);
  return { publicKey, pem, erase: () => pem.fill(0) };
}

const letters = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const head = Buffer.from('-----BEGIN PRIVATE KEY-----\n');
const foot = Buffer.from('-----END PRIVATE KEY-----\n');

/** PEM without a string in between, which nobody could erase. */
function pemBytes(der: Uint8Array): Uint8Array {
  const quads = Math.ceil(der.length / 3);
  const lines = Math.ceil(quads / 16);
  const out = new Uint8Array(new ArrayBuffer(head.length + quads * 4 + lines + foot.length));
  out.set(head);
  let at = head.length;
  for (let quad = 0; quad < quads; quad++) {
    const from = quad * 3;
    const have = Math.min(3, der.length - from);
    const bits = ((der[from] ?? 0) << 16) | ((der[from + 1] ?? 0) << 8) | (der[from + 2] ?? 0);
    for (let place = 0; place < 4; place++) {
      const letter = letters[(bits >> (18 - 6 * place)) & 0x3f] ?? 0;
      out[at++] = place <= have ? letter : 0x3d;
    }
    if (quad % 16 === 15 || quad === quads - 1) out[at++] = 0x0a;
  }
  out.set(foot, at);
  return out;
}
