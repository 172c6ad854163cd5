/** C_SeedRandom and C_GenerateRandom (PKCS#11 3.2, 5.21). */

import { CKR_DEVICE_MEMORY, CKR_OK } from '../generated/constants.ts';
import type { Handlers } from './generated/codec.ts';

export const randomHandlers = {
  C_SeedRandom(call, a) {
    const { buffer, offset, length } = a.seed;
    const result = call.engine.enclave.seedRandom(buffer, offset, length);
    return result < 0 ? -result : CKR_OK;
  },

  C_GenerateRandom(call, a) {
    const { reply, engine } = call;
    if (a.length < 0 || reply.space < a.length + 8) return CKR_DEVICE_MEMORY;
    const result = engine.enclave.random(reply.buffer, reply.bytesStart, a.length);
    if (result < 0) return -result;
    reply.bytesDone(a.length);
    return CKR_OK;
  },
} satisfies Partial<Handlers>;
