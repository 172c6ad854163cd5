// Generated from schema/cryptoki by scripts/generate.ts. Do not edit.

import type { MechanismParameter, ParameterWriter } from '../arguments.ts';

/** The fields of a parameter in the order of the wire. */
export function writeParameter(w: ParameterWriter, p: MechanismParameter): void {
  switch (p.shape) {
    case 'bytes':
      w.pointer(p.bytes);
      return;
    case 'ulong':
      w.ulong(p.value);
      return;
    case 'pss':
      w.ulong(p.hashAlg);
      w.ulong(p.mgf);
      w.ulong(p.sLen);
      return;
    case 'oaep':
      w.ulong(p.hashAlg);
      w.ulong(p.mgf);
      w.ulong(p.source);
      w.pointer(p.sourceData);
      return;
    case 'ecdh1':
      w.ulong(p.kdf);
      w.pointer(p.sharedData);
      w.pointer(p.publicData);
      return;
    case 'ctr':
      w.ulong(p.counterBits);
      w.pointer(p.cb);
      return;
    case 'gcm':
      w.pointer(p.iv);
      w.ulong(p.ivBits);
      w.pointer(p.aad);
      w.ulong(p.tagBits);
      return;
    case 'eddsa':
      w.ulong(p.phFlag ? 1 : 0);
      w.pointer(p.contextData);
      return;
  }
}
