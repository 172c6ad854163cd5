/** C_DecryptInit, C_Decrypt, C_DecryptUpdate, C_DecryptFinal (PKCS#11 3.2, 5.10). */

import { Use } from '../mechanisms/key.ts';
import { OperationKind } from '../sessions/operation.ts';
import { type Begin, beginWithKey } from './begin.ts';
import { another, last, single } from './ciphering.ts';
import type { Handlers } from './generated/codec.ts';

const begin: Begin = (mechanism, key, parameter) => mechanism.decrypt(key, parameter);

export const decryptHandlers = {
  C_DecryptInit(call, a) {
    return beginWithKey(call, OperationKind.Decrypt, Use.Decrypt, a.mechanism, a.key, begin);
  },

  C_Decrypt(call, a) {
    return single(call, OperationKind.Decrypt, a.encrypted, a.data);
  },

  C_DecryptUpdate(call, a) {
    return another(call, OperationKind.Decrypt, a.encrypted, a.part);
  },

  C_DecryptFinal(call, a) {
    return last(call, OperationKind.Decrypt, a.part);
  },
} satisfies Partial<Handlers>;
