/**
 * The authority's work by its sources, in a process that is killed (SIGKILL) in front of a given step, or whose disk is full from there on. Steps are
 * counted: each call that changes the token, each that changes a file.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { templateOf } from '../../admin-cli/attributes.ts';
import type { Module } from '../../admin-cli/cryptoki.ts';
import { type Authority, chosenAuthority, makeAuthority, type Place } from '../../admin-cli/pki/authority.ts';
import { handOut } from '../../admin-cli/pki/hand-out.ts';
import { newLeafKey } from '../../admin-cli/pki/leaf-key.ts';
import { enterRevocation } from '../../admin-cli/pki/ledger.ts';
import { leafCertificate, rootCertificate, withSignature } from '../../admin-cli/pki/make.ts';
import { publish } from '../../admin-cli/pki/publish.ts';
import { readSlots, tokenNamed } from '../../admin-cli/tokens.ts';
import { pem } from '../../module/certificates/pem.ts';
import { ROOT } from '../support/profile.ts';
import type { Errand } from './pki-support.ts';

const errand = JSON.parse(process.argv[2] ?? '') as Errand;
const variable = (name: string) => process.env[name] ?? '';
let steps = 0;

function step(file: boolean): void {
  steps++;
  if (steps === errand.cut) process.kill(process.pid, 'SIGKILL');
  if (file && errand.full !== undefined && steps >= errand.full)
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
      syscall: 'write',
    });
}

type AnyFunction = (...args: unknown[]) => unknown;

function counted<T extends object>(target: T, names: readonly string[], file: boolean): T {
  return new Proxy(target, {
    get(object, name) {
      const found: unknown = Reflect.get(object, name);
      if (typeof found !== 'function' || !names.includes(String(name))) return found;
      return (...args: unknown[]) => {
        step(file);
        return (found as AnyFunction).apply(object, args);
      };
    },
  });
}

for (const name of ['openSync', 'writeFileSync', 'fsyncSync', 'linkSync', 'renameSync'] as const) {
  const real = fs[name] as AnyFunction;
  Object.assign(fs, {
    [name]: (...args: unknown[]) => {
      step(name !== 'fsyncSync');
      return real(...args);
    },
  });
}

const addon = createRequire(import.meta.url)(
  path.join(ROOT, 'out/lib/strongroom/cryptoki.node'),
) as Module & {
  load(file: string): void;
  initialize(): void;
  finalize(): void;
};
addon.load(variable('MODULE'));
addon.initialize();
const module = counted<Module>(addon, ['sign', 'createObject', 'destroyObject', 'generateKeyPair'], false);
const token = tokenNamed(readSlots(module).tokens, 'ca');
const session = module.openSession(token.slot, true);
module.login(session, 1, Buffer.from(variable('PIN')));
const place: Place = { module, session, token };
const authority = (): Authority => chosenAuthority(place, errand.ca);

switch (errand.do) {
  case 'init': {
    const from = errand.from === undefined ? new Date() : new Date(errand.from);
    const made = makeAuthority(place, errand.name, { notBefore: from, notAfter: new Date(errand.until) });
    if (new Date(errand.until).getTime() > Date.now()) publish(made, errand.folder, 30);
    break;
  }
  case 'issue':
    handOut(authority(), {
      names: { commonName: undefined, dns: ['a.example'], ip: [], uri: [] },
      purpose: 'server',
      days: 30,
      publicKey: undefined,
      base: errand.base,
      force: errand.force === true,
    });
    break;
  case 'revoke': {
    const own = authority();
    enterRevocation(own, { serial: errand.serial, at: new Date(), reason: 'key-compromise' });
    publish(own, errand.folder, 30);
    break;
  }
  case 'forge': {
    // A certificate signed past the ledger, by whoever has the PIN; and, without one, an authority's certificate with another key beside ours.
    const own = authority();
    const { publicKey } = newLeafKey();
    const validity = { notBefore: new Date(), notAfter: own.authority.notAfter };
    const wish = {
      names: { commonName: 'rogue', dns: [], ip: [], uri: [] },
      purpose: 'client',
      publicKey,
    } as const;
    const der = own.sign(leafCertificate(wish, own.authority, validity));
    fs.writeFileSync(path.join(errand.folder, 'rogue.pem'), pem('CERTIFICATE', der));
    module.logout(session);
    const { generateKeyPairSync, sign } = await import('node:crypto');
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const spki = pair.publicKey.export({ format: 'der', type: 'spki' });
    const signed = rootCertificate('Impostor', spki, validity);
    const impostor = withSignature(signed, sign('sha256', signed, pair.privateKey));
    const id = module.find(session, 1).flatMap((object) => module.attributes(session, object, [0x102]))[0];
    module.createObject(
      session,
      templateOf({
        CKA_CLASS: 1,
        CKA_CERTIFICATE_TYPE: 0,
        CKA_TOKEN: true,
        CKA_PRIVATE: false,
        CKA_ID: id ?? new Uint8Array(0),
        CKA_SUBJECT: own.authority.subject,
        CKA_VALUE: impostor,
      }),
    );
    module.createObject(
      session,
      templateOf({
        CKA_CLASS: 0,
        CKA_TOKEN: true,
        CKA_PRIVATE: false,
        CKA_APPLICATION: 'strongroom pki',
        CKA_LABEL: 'revocation',
        CKA_VALUE: Buffer.from(
          JSON.stringify({ authority: own.authority.serial, serial: 'ab', at: new Date() }),
        ),
      }),
    );
    break;
  }
}
addon.finalize();
