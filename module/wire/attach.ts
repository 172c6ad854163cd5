/**
 * The stream of one application, as gRPC knows it (schema/proto/strongroom/v1/cryptoki.proto). What carries calls and answers is written by the batches in
 * calls.ts, which need no copy of it; on the wire it is the same.
 */
import { Framed } from './calls.ts';
import {
  type AttachRequest,
  type AttachResponse,
  CryptokiService,
} from './generated/strongroom/v1/cryptoki.ts';

export { AttachRequest, AttachResponse } from './generated/strongroom/v1/cryptoki.ts';

export type Outbound<Message> = Message | Framed;

/** For `makeGenericClientConstructor` and `Server.addService`. */
export const attachService = {
  attach: {
    ...CryptokiService.attach,
    requestSerialize: (value: Outbound<AttachRequest>): Buffer =>
      value instanceof Framed ? value.bytes : CryptokiService.attach.requestSerialize(value),
    responseSerialize: (value: Outbound<AttachResponse>): Buffer =>
      value instanceof Framed ? value.bytes : CryptokiService.attach.responseSerialize(value),
  },
} as const;
