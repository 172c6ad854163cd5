/**
 * The stream of one application, as gRPC knows it (schema/proto/strongroom/v1/cryptoki.proto). What carries calls and answers is written here, with one
 * copy less than the generated code needs; it is the same on the wire.
 */
import { AttachRequest, AttachResponse, CryptokiService } from './generated/strongroom/v1/cryptoki.ts';

/** A field of bytes, as protobuf has it: tag, length, contents. Both messages have theirs as their second. */
const TAG = (2 << 3) | 2;

function bytesField(bytes: Uint8Array): Buffer {
  let header = 2;
  for (let left = bytes.length; left >= 0x80; left >>>= 7) header++;
  const message = Buffer.allocUnsafeSlow(header + bytes.length);
  message[0] = TAG;
  let at = 1;
  let left = bytes.length;
  for (; left >= 0x80; left >>>= 7) message[at++] = (left & 0x7f) | 0x80;
  message[at] = left;
  message.set(bytes, header);
  return message;
}

/** For `makeGenericClientConstructor` and `Server.addService`. */
export const attachService = {
  attach: {
    ...CryptokiService.attach,
    requestSerialize: (value: AttachRequest): Buffer =>
      value.message?.$case === 'calls'
        ? bytesField(value.message.value)
        : CryptokiService.attach.requestSerialize(value),
    responseSerialize: (value: AttachResponse): Buffer =>
      value.message?.$case === 'answers'
        ? bytesField(value.message.value)
        : CryptokiService.attach.responseSerialize(value),
  },
} as const;

export { AttachRequest, AttachResponse };
