import { constants } from 'node:os';
import process from 'node:process';
import type { Enclave } from './enclave.ts';
import { contractOver, type Native } from './native.ts';

/** Every function of {@link Enclave}; an addon that lacks one is from another build. */
const functions = [
  'status',
  'guardedRegions',
  'keyImport',
  'keyGenerateSecret',
  'keyGenerateEc',
  'keyGenerateRsa',
  'keyPublicOf',
  'keyKind',
  'keyBits',
  'keySize',
  'keyComponent',
  'keyComponentEquals',
  'keyCheckValue',
  'keyFree',
  'keyDuplicate',
  'keyEqual',
  'seal',
  'open',
  'keySeal',
  'keyOpen',
  'macCompute',
  'macCheck',
  'setHashUpdate',
  'loadRows',
  'keyDeriveLabel',
  'keyCombine',
  'pinDerivePbkdf2',
  'pinDerivePbkdf2Now',
  'pinDeriveArgon2id',
  'mnemonicWords',
  'mnemonicNormal',
  'mnemonicDerive',
  'auditStart',
  'auditSeal',
  'auditCheck',
  'fileWindow',
  'fileWindowSlide',
  'fileWindowRelease',
  'fileReserve',
  'random',
  'seedRandom',
  'digest',
  'digestNew',
  'digestKey',
  'macNew',
  'contextUpdate',
  'contextFinal',
  'contextFree',
  'sign',
  'verify',
  'verifyRecover',
  'rsaEncrypt',
  'rsaDecrypt',
  'cipher',
  'cipherNew',
  'cipherUpdate',
  'cipherFinal',
  'cipherOutputLength',
  'keyWrap',
  'keyUnwrap',
  'keyAgree',
  'curveBits',
  'setJobBell',
  'jobTake',
  'jobResult',
  'jobOutput',
  'jobDrop',
  'jobCancel',
  'jobsFor',
  'jobsRunning',
  'lastLength',
  'purgeParsed',
  'zero',
  'watch',
  'guardedBuffer',
] as const satisfies readonly (keyof Enclave)[];

/** Names a function of the interface that the list above forgot; `never` when it is complete. */
type Forgotten = Exclude<keyof Enclave, (typeof functions)[number]>;
const complete: [Forgotten] extends [never] ? true : Forgotten = true;

function isEnclave(exports: object): exports is Native {
  return complete && functions.every((name) => typeof Reflect.get(exports, name) === 'function');
}

/**
 * Loads the addon, once a process: it belongs to the thread that loads it first.
 *
 * @param path where `enclave.node` lies, absolute
 * @throws Error when the file cannot be loaded, or is not this build's enclave
 */
export function loadEnclave(path: string): Enclave {
  const module: { exports: object } = { exports: {} };
  process.dlopen(module, path, constants.dlopen.RTLD_NOW | constants.dlopen.RTLD_LOCAL);
  if (!isEnclave(module.exports)) {
    const missing = functions.filter((name) => typeof Reflect.get(module.exports, name) !== 'function');
    throw new Error(`${path} is not this build's enclave: it lacks ${missing.join(', ')}`);
  }
  return contractOver(module.exports);
}
