/** HTTP/2 by hand, for clients that do what no library lets them. */

export const TYPE = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  ping: 6,
  window: 8,
  continuation: 9,
} as const;
export const END_STREAM = 0x1;
export const END_HEADERS = 0x4;

/** A frame. */
export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array = Buffer.of(),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A setting of SETTINGS. */
export function setting(which: number, value: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUInt16BE(which, 0);
  bytes.writeUInt32BE(value, 2);
  return bytes;
}

/** What every client begins with. */
export function preface(settings: Uint8Array = Buffer.of()): Buffer {
  return Buffer.concat([
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    frame(TYPE.settings, 0, 0, settings),
  ]);
}

/** A text of HPACK: its length in a prefix of seven bits, and its bytes. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const head = [];
  if (bytes.length < 127) head.push(bytes.length);
  else {
    head.push(127);
    let left = bytes.length - 127;
    for (; left >= 128; left = Math.floor(left / 128)) head.push((left % 128) | 128);
    head.push(left);
  }
  return Buffer.concat([Buffer.from(head), bytes]);
}

/** A header that is not kept in the table. */
export function header(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.of(0), text(name), text(value)]);
}

/** The headers of a call of a method of the tests' service. */
export function call(method: string): Buffer {
  return Buffer.concat([
    // :method POST and :scheme https from the static table, :path and :authority by their names there.
    Buffer.of(0x83, 0x87, 0x04),
    text(`/test.Echo/${method}`),
    Buffer.of(0x01),
    text('localhost'),
    header('content-type', 'application/grpc'),
    header('te', 'trailers'),
  ]);
}

/** A message of gRPC. */
export function message(bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
