/** C_EncryptInit, C_Encrypt, C_EncryptUpdate, C_EncryptFinal (PKCS#11 3.2, 5.8). */

import { Use } from '../mechanisms/key.ts';
import { OperationKind } from '../sessions/operation.ts';
import { type Begin, beginWithKey } from './begin.ts';
import { another, last, single } from './ciphering.ts';
import type { Handlers } from './generated/codec.ts';

const begin: Begin = (mechanism, key, parameter) => mechanism.encrypt(key, parameter);

export const encryptHandlers = {
  C_EncryptInit(call, a) {
    return beginWithKey(call, OperationKind.Encrypt, Use.Encrypt, a.mechanism, a.key, begin);
  },

  C_Encrypt(call, a) {
    return single(call, OperationKind.Encrypt, a.data, a.encrypted);
  },

  C_EncryptUpdate(call, a) {
    return another(call, OperationKind.Encrypt, a.part, a.encrypted);
  },

  C_EncryptFinal(call, a) {
    return last(call, OperationKind.Encrypt, a.encrypted);
  },
} satisfies Partial<Handlers>;
