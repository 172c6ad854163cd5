/**
 * The process whose memory memory.test.ts searches. It plants keys that it reads from the file named first, uses them in every
 * way, writes the keys that it generates to the file named second, and waits. No key byte passes through ordinary
 * memory here: files are read and written straight from guarded buffers. The control's bytes are the exception, on purpose.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { Cipher, EcdhKdf, encryptionPlan, KeyKind, RsaPadding, whole } from '../../module/enclave/enclave.ts';
import {
  Component,
  curves,
  enclave,
  finished,
  generateRsa,
  good,
  Hash,
  nextJob,
  none,
  range,
  Scheme,
  signingPlan,
  utf8,
} from './support.ts';

const [planted = '', generated = ''] = process.argv.slice(2);

/** Shape of the planted file: AES-256 key, HMAC key (48), P-256 scalar, Ed25519 key, X25519 key (32 each), PIN (24), control (32). */
const PLANTED = 32 + 48 + 32 + 32 + 32 + 24 + 32;
const buffer = enclave.guardedBuffer(4096);
const input = openSync(planted, 'r');
if (readSync(input, buffer, 0, PLANTED, 0) !== PLANTED) throw new Error('the planted keys are cut short');
closeSync(input);
const part = (id: Component, offset: number, length: number) => ({
  ids: [id],
  offsets: [offset],
  lengths: [length],
  buffer,
});
const ecParts = () => {
  buffer.set(curves['P-256'], 1024);
  return { ids: [Component.EcParams, Component.Value], offsets: [1024, 80], lengths: [10, 32], buffer };
};
const aes = good(enclave.keyImport(KeyKind.Secret, part(Component.Value, 0, 32)));
const mac = good(enclave.keyImport(KeyKind.Secret, part(Component.Value, 32, 48)));
const ec = good(enclave.keyImport(KeyKind.EcPrivate, ecParts()));
const ed = good(enclave.keyImport(KeyKind.Ed25519Private, part(Component.Value, 112, 32)));
const x = good(enclave.keyImport(KeyKind.X25519Private, part(Component.Value, 144, 32)));
const pinJob = nextJob();
good(enclave.pinDerivePbkdf2(pinJob, buffer, 176, 24, utf8('salt'), 2000));
good(enclave.pinDerivePbkdf2Now(buffer, 176, 24, utf8('salt'), 2000));
const argonJob = nextJob();
good(
  enclave.pinDeriveArgon2id(argonJob, buffer, 176, 24, utf8('salt of sixteen!'), 65_536, 3, 4, null, null),
);
/** The positive control: a copy in ordinary memory, which the search must find. */
export const control = Uint8Array.from({ length: 32 }, (_, i) => buffer[200 + i] ?? 0);
enclave.zero(buffer, 0, buffer.length);
await finished(pinJob);
await finished(argonJob);
enclave.keyFree(good(enclave.jobResult(argonJob)));
const root = good(enclave.jobResult(pinJob));

const data = new Uint8Array(100_000);
const out = new Uint8Array(110_000);
const rsa = await generateRsa(2048);

async function useRsa(): Promise<void> {
  for (const [scheme, hash, salt] of [
    [Scheme.RsaPkcs1, Hash.Sha256, 0],
    [Scheme.RsaPss, Hash.Sha256, 32],
    [Scheme.RsaRaw, 0, 0],
  ] as const) {
    good(
      enclave.sign(
        0,
        rsa,
        signingPlan({ scheme, hash, mgfHash: hash, saltLength: salt }),
        null,
        range(data, 0, 100),
        range(out, 0, 256),
      ),
    );
    const job = nextJob();
    good(
      enclave.sign(
        job,
        rsa,
        signingPlan({ scheme, hash, mgfHash: hash, saltLength: salt }),
        null,
        range(data, 0, 100),
        range(out, 0, 256),
      ),
    );
    await finished(job);
    good(enclave.jobOutput(job, out, 0, 256));
  }
  const size = good(
    enclave.keyWrap(
      rsa,
      encryptionPlan({ padding: RsaPadding.Oaep, hash: Hash.Sha1, mgfHash: Hash.Sha1 }),
      aes,
      range(out, 0, 256),
    ),
  );
  good(
    enclave.keyUnwrap(
      0,
      rsa,
      encryptionPlan({ padding: RsaPadding.Oaep, hash: Hash.Sha1, mgfHash: Hash.Sha1 }),
      KeyKind.Secret,
      32,
      range(out, 0, size),
    ),
  );
  const job = nextJob();
  good(
    enclave.keyUnwrap(
      job,
      rsa,
      encryptionPlan({ padding: RsaPadding.Oaep, hash: Hash.Sha1, mgfHash: Hash.Sha1 }),
      KeyKind.Secret,
      32,
      range(out, 0, size),
    ),
  );
  await finished(job);
  good(enclave.jobResult(job));
}

function useSymmetric(): void {
  const iv = new Uint8Array(16);
  for (const [cipher, ivSize, param] of [
    [Cipher.AesEcb, 0, 0],
    [Cipher.AesCbc, 16, 0],
    [Cipher.AesCtr, 16, 128],
    [Cipher.AesGcm, 12, 16],
  ] as const)
    for (const size of [64, 96_000]) {
      const written = good(
        enclave.cipher(
          aes,
          encryptionPlan({ cipher, iv: iv.slice(0, ivSize), param }),
          true,
          range(data, 0, size),
          whole(out),
        ),
      );
      good(
        enclave.cipher(
          aes,
          encryptionPlan({ cipher, iv: iv.slice(0, ivSize), param }),
          false,
          range(out, 0, written),
          range(data, 0, size),
        ),
      );
      const context = good(
        enclave.cipherNew(aes, encryptionPlan({ cipher, iv: iv.slice(0, ivSize), param }), true),
      );
      good(enclave.cipherUpdate(context, range(data, 0, size), whole(out)));
      good(enclave.cipherFinal(context, whole(out)));
    }
  good(
    enclave.cipher(
      aes,
      encryptionPlan({ cipher: Cipher.AesGcm, iv: new Uint8Array(200), param: 16 }),
      true,
      range(data, 0, 64),
      range(out, 0, 80),
    ),
  );
  for (const hash of [Hash.Sha1, Hash.Sha256, Hash.Sha512, Hash.Sha3_256])
    good(
      enclave.sign(
        0,
        mac,
        signingPlan({ scheme: Scheme.Hmac, hash }),
        null,
        range(data, 0, 1000),
        range(out, 0, 64),
      ),
    );
  const digest = good(enclave.digestNew(Hash.Sha256));
  good(enclave.digestKey(digest, mac));
  good(enclave.contextFinal(digest, out, 0, 32));
  const context = good(enclave.macNew(mac, Hash.Sha256));
  good(enclave.contextUpdate(context, data, 0, 5000));
  good(enclave.contextFinal(context, out, 0, 32));
  good(enclave.keyCheckValue(aes, true, out, 0));
  good(enclave.keyCheckValue(mac, false, out, 0));
  good(enclave.keyComponentEquals(mac, Component.Value, data, 0, 48));
}

function useCurves(): void {
  for (let i = 0; i < 20; i++) {
    good(
      enclave.sign(
        0,
        ec,
        signingPlan({ scheme: Scheme.Ecdsa, hash: Hash.Sha256 }),
        null,
        range(data, 0, 100),
        range(out, 0, 64),
      ),
    );
    good(
      enclave.sign(
        0,
        ed,
        signingPlan({ scheme: Scheme.Ed25519 }),
        null,
        range(data, 0, 100),
        range(out, 0, 64),
      ),
    );
  }
  const peer = good(enclave.keyGenerateEc(0, KeyKind.X25519Private, curves.X25519));
  good(enclave.keyComponent(peer, Component.EcPoint, out, 0, 32));
  good(enclave.keyAgree(0, x, out.slice(0, 32), EcdhKdf.None, Hash.None, none, 0));
  good(enclave.keyComponent(ec, Component.EcPoint, out, 0, 65));
  good(enclave.keyAgree(0, ec, out.slice(0, 65), EcdhKdf.X963, Hash.Sha256, none, 32));
}

function sealAndWrap(): void {
  for (const key of [aes, mac, ec, ed, x, rsa]) {
    const sealed = enclave.keySeal(root, utf8('context'), key);
    if (typeof sealed === 'number') throw new Error('keySeal failed');
    enclave.keyFree(good(enclave.keyOpen(root, utf8('context'), sealed)));
    const size = good(
      enclave.keyWrap(aes, encryptionPlan({ cipher: Cipher.AesKeyWrapPad }), key, whole(out)),
    );
    const kind = good(enclave.keyKind(key)) as KeyKind;
    good(
      enclave.keyUnwrap(
        0,
        aes,
        encryptionPlan({ cipher: Cipher.AesKeyWrapPad }),
        kind,
        0,
        range(out, 0, size),
      ),
    );
  }
}

for (let round = 0; round < 3; round++) {
  await useRsa();
  useSymmetric();
  useCurves();
  sealAndWrap();
}

/* The generated key's private numbers, for the searcher: each preceded by its length in two bytes. */
const output = openSync(generated, 'w');
for (const id of [
  Component.PrivateExponent,
  Component.Prime1,
  Component.Prime2,
  Component.Exponent1,
  Component.Exponent2,
  Component.Coefficient,
]) {
  const size = good(enclave.keyComponent(rsa, id, buffer, 2, 1024));
  buffer[0] = size >> 8;
  buffer[1] = size & 255;
  writeSync(output, buffer, 0, size + 2);
}
closeSync(output);
enclave.zero(buffer, 0, buffer.length);
process.stdout.write(
  `${JSON.stringify({ hooked: enclave.status().allocatorHooked, regions: enclave.guardedRegions() })}\n`,
);
process.stdin.on('end', () => process.exit(0)).resume();
