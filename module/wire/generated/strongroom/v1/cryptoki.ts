// Generated from schema/proto by scripts/generate.ts. Do not edit.
import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";
import {
  type CallOptions,
  type ChannelCredentials,
  Client,
  type ClientDuplexStream,
  type ClientOptions,
  type handleBidiStreamingCall,
  makeGenericClientConstructor,
  type Metadata,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";

export const protobufPackage = "strongroom.v1";

export const protobufFileName = "strongroom/v1/cryptoki.proto";

export interface AttachRequest {
  message:
    | //
    /** The first message, and no other. */
    { $case: "hello"; value: Hello }
    | //
    /** Calls, each as it was written to a lane, one behind the other. */
    { $case: "calls"; value: Uint8Array }
    | //
    /** The application ends, with its sessions and logins. Without it, it is kept for its lease. */
    { $case: "goodbye"; value: Goodbye }
    | undefined;
}

export interface Hello {
  /** The number of the lanes' encoding that the calls have. */
  laneVersion: number;
  /** The application to go on with, as its welcome named it; 0 for a new one. */
  resumeId: number;
  /** Its key. */
  resumeKey: Uint8Array;
  /** What the client is, for the log. */
  software: string;
}

export interface Goodbye {
}

export interface AttachResponse {
  message:
    | //
    /** The first message, and no other. */
    { $case: "welcome"; value: Welcome }
    | //
    /** Answers to calls, each as it was written to a lane, in the order in which they came about. */
    { $case: "answers"; value: Uint8Array }
    | //
    /** The engine's epoch has risen to this, so openings that were kept hold no longer. */
    { $case: "epoch"; value: number }
    | undefined;
}

export interface Welcome {
  /** The application's number. */
  id: number;
  /** A secret by which the same principal goes on with it. */
  key: Uint8Array;
  /** The engine's epoch now. */
  epoch: number;
  /** How long the application is kept while nobody is attached to it. */
  leaseSeconds: number;
  /** The longest message, either way. */
  maxMessageBytes: number;
  /** Whether this is the application that was asked for, with its sessions. */
  resumed: boolean;
  /** Whether calls may say which trace they belong to. */
  follows: boolean;
}

function createBaseAttachRequest(): AttachRequest {
  return { message: undefined };
}

export const AttachRequest: MessageFns<AttachRequest> = {
  encode(message: AttachRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    switch (message.message?.$case) {
      case "hello":
        Hello.encode(message.message.value, writer.uint32(10).fork()).join();
        break;
      case "calls":
        writer.uint32(18).bytes(message.message.value);
        break;
      case "goodbye":
        Goodbye.encode(message.message.value, writer.uint32(26).fork()).join();
        break;
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): AttachRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseAttachRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.message = { $case: "hello", value: Hello.decode(reader, reader.uint32()) };
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.message = { $case: "calls", value: reader.bytes() };
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.message = { $case: "goodbye", value: Goodbye.decode(reader, reader.uint32()) };
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<AttachRequest>, I>>(base?: I): AttachRequest {
    return AttachRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<AttachRequest>, I>>(object: I): AttachRequest {
    const message = createBaseAttachRequest();
    switch (object.message?.$case) {
      case "hello": {
        if (object.message?.value !== undefined && object.message?.value !== null) {
          message.message = { $case: "hello", value: Hello.fromPartial(object.message.value) };
        }
        break;
      }
      case "calls": {
        if (object.message?.value !== undefined && object.message?.value !== null) {
          message.message = { $case: "calls", value: object.message.value };
        }
        break;
      }
      case "goodbye": {
        if (object.message?.value !== undefined && object.message?.value !== null) {
          message.message = { $case: "goodbye", value: Goodbye.fromPartial(object.message.value) };
        }
        break;
      }
    }
    return message;
  },
};

function createBaseHello(): Hello {
  return { laneVersion: 0, resumeId: 0, resumeKey: new Uint8Array(0), software: "" };
}

export const Hello: MessageFns<Hello> = {
  encode(message: Hello, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.laneVersion !== 0) {
      writer.uint32(8).uint32(message.laneVersion);
    }
    if (message.resumeId !== 0) {
      writer.uint32(16).uint64(message.resumeId);
    }
    if (message.resumeKey.length !== 0) {
      writer.uint32(26).bytes(message.resumeKey);
    }
    if (message.software !== "") {
      writer.uint32(34).string(message.software);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): Hello {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseHello();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 8) {
              break;
            }

            message.laneVersion = reader.uint32();
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.resumeId = longToNumber(reader.uint64());
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.resumeKey = reader.bytes();
            continue;
          }
          case 4: {
            if (tag !== 34) {
              break;
            }

            message.software = reader.string();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<Hello>, I>>(base?: I): Hello {
    return Hello.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<Hello>, I>>(object: I): Hello {
    const message = createBaseHello();
    message.laneVersion = object.laneVersion ?? 0;
    message.resumeId = object.resumeId ?? 0;
    message.resumeKey = object.resumeKey ?? new Uint8Array(0);
    message.software = object.software ?? "";
    return message;
  },
};

function createBaseGoodbye(): Goodbye {
  return {};
}

export const Goodbye: MessageFns<Goodbye> = {
  encode(_: Goodbye, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): Goodbye {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseGoodbye();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<Goodbye>, I>>(base?: I): Goodbye {
    return Goodbye.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<Goodbye>, I>>(_: I): Goodbye {
    const message = createBaseGoodbye();
    return message;
  },
};

function createBaseAttachResponse(): AttachResponse {
  return { message: undefined };
}

export const AttachResponse: MessageFns<AttachResponse> = {
  encode(message: AttachResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    switch (message.message?.$case) {
      case "welcome":
        Welcome.encode(message.message.value, writer.uint32(10).fork()).join();
        break;
      case "answers":
        writer.uint32(18).bytes(message.message.value);
        break;
      case "epoch":
        writer.uint32(24).uint64(message.message.value);
        break;
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): AttachResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseAttachResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.message = { $case: "welcome", value: Welcome.decode(reader, reader.uint32()) };
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.message = { $case: "answers", value: reader.bytes() };
            continue;
          }
          case 3: {
            if (tag !== 24) {
              break;
            }

            message.message = { $case: "epoch", value: longToNumber(reader.uint64()) };
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<AttachResponse>, I>>(base?: I): AttachResponse {
    return AttachResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<AttachResponse>, I>>(object: I): AttachResponse {
    const message = createBaseAttachResponse();
    switch (object.message?.$case) {
      case "welcome": {
        if (object.message?.value !== undefined && object.message?.value !== null) {
          message.message = { $case: "welcome", value: Welcome.fromPartial(object.message.value) };
        }
        break;
      }
      case "answers": {
        if (object.message?.value !== undefined && object.message?.value !== null) {
          message.message = { $case: "answers", value: object.message.value };
        }
        break;
      }
      case "epoch": {
        if (object.message?.value !== undefined && object.message?.value !== null) {
          message.message = { $case: "epoch", value: object.message.value };
        }
        break;
      }
    }
    return message;
  },
};

function createBaseWelcome(): Welcome {
  return {
    id: 0,
    key: new Uint8Array(0),
    epoch: 0,
    leaseSeconds: 0,
    maxMessageBytes: 0,
    resumed: false,
    follows: false,
  };
}

export const Welcome: MessageFns<Welcome> = {
  encode(message: Welcome, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.id !== 0) {
      writer.uint32(8).uint64(message.id);
    }
    if (message.key.length !== 0) {
      writer.uint32(18).bytes(message.key);
    }
    if (message.epoch !== 0) {
      writer.uint32(24).uint64(message.epoch);
    }
    if (message.leaseSeconds !== 0) {
      writer.uint32(32).uint32(message.leaseSeconds);
    }
    if (message.maxMessageBytes !== 0) {
      writer.uint32(40).uint32(message.maxMessageBytes);
    }
    if (message.resumed !== false) {
      writer.uint32(48).bool(message.resumed);
    }
    if (message.follows !== false) {
      writer.uint32(56).bool(message.follows);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): Welcome {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseWelcome();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 8) {
              break;
            }

            message.id = longToNumber(reader.uint64());
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.key = reader.bytes();
            continue;
          }
          case 3: {
            if (tag !== 24) {
              break;
            }

            message.epoch = longToNumber(reader.uint64());
            continue;
          }
          case 4: {
            if (tag !== 32) {
              break;
            }

            message.leaseSeconds = reader.uint32();
            continue;
          }
          case 5: {
            if (tag !== 40) {
              break;
            }

            message.maxMessageBytes = reader.uint32();
            continue;
          }
          case 6: {
            if (tag !== 48) {
              break;
            }

            message.resumed = reader.bool();
            continue;
          }
          case 7: {
            if (tag !== 56) {
              break;
            }

            message.follows = reader.bool();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth;
    }
  },

  create<I extends Exact<DeepPartial<Welcome>, I>>(base?: I): Welcome {
    return Welcome.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<Welcome>, I>>(object: I): Welcome {
    const message = createBaseWelcome();
    message.id = object.id ?? 0;
    message.key = object.key ?? new Uint8Array(0);
    message.epoch = object.epoch ?? 0;
    message.leaseSeconds = object.leaseSeconds ?? 0;
    message.maxMessageBytes = object.maxMessageBytes ?? 0;
    message.resumed = object.resumed ?? false;
    message.follows = object.follows ?? false;
    return message;
  },
};

/** Cryptoki carries PKCS#11. Its client is the library itself, by the gateway that it starts; other programs use Keys. */
export type CryptokiService = typeof CryptokiService;
export const CryptokiService = {
  /** Attach makes an application, or goes on with one of before, and serves it until the stream ends. */
  attach: {
    path: "/strongroom.v1.Cryptoki/Attach" as const,
    requestStream: true as const,
    responseStream: true as const,
    requestSerialize: (value: AttachRequest): Buffer => Buffer.from(AttachRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): AttachRequest => AttachRequest.decode(value),
    responseSerialize: (value: AttachResponse): Buffer => Buffer.from(AttachResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): AttachResponse => AttachResponse.decode(value),
  },
} as const;

export interface CryptokiServer extends UntypedServiceImplementation {
  /** Attach makes an application, or goes on with one of before, and serves it until the stream ends. */
  attach: handleBidiStreamingCall<AttachRequest, AttachResponse>;
}

export interface CryptokiClient extends Client {
  /** Attach makes an application, or goes on with one of before, and serves it until the stream ends. */
  attach(): ClientDuplexStream<AttachRequest, AttachResponse>;
  attach(options: Partial<CallOptions>): ClientDuplexStream<AttachRequest, AttachResponse>;
  attach(metadata: Metadata, options?: Partial<CallOptions>): ClientDuplexStream<AttachRequest, AttachResponse>;
}

export const CryptokiClient = makeGenericClientConstructor(CryptokiService, "strongroom.v1.Cryptoki") as unknown as {
  new (address: string, credentials: ChannelCredentials, options?: Partial<ClientOptions>): CryptokiClient;
  service: typeof CryptokiService;
  serviceName: string;
};

type Builtin = Date | Function | Uint8Array | string | number | boolean | undefined;

export type DeepPartial<T> = T extends Builtin ? T
  : T extends globalThis.Array<infer U> ? globalThis.Array<DeepPartial<U>>
  : T extends ReadonlyArray<infer U> ? ReadonlyArray<DeepPartial<U>>
  : T extends { $case: string; value: unknown } ? { $case: T["$case"]; value?: DeepPartial<T["value"]> }
  : T extends {} ? { [K in keyof T]?: DeepPartial<T[K]> }
  : Partial<T>;

type KeysOfUnion<T> = T extends T ? keyof T : never;
export type Exact<P, I extends P> = P extends Builtin ? P
  : P & { [K in keyof P]: Exact<P[K], I[K]> } & { [K in Exclude<keyof I, KeysOfUnion<P>>]: never };

function longToNumber(int64: { toString(): string }): number {
  const num = globalThis.Number(int64.toString());
  if (num > globalThis.Number.MAX_SAFE_INTEGER) {
    throw new globalThis.Error("Value is larger than Number.MAX_SAFE_INTEGER");
  }
  if (num < globalThis.Number.MIN_SAFE_INTEGER) {
    throw new globalThis.Error("Value is smaller than Number.MIN_SAFE_INTEGER");
  }
  return num;
}

export interface MessageFns<T> {
  encode(message: T, writer?: BinaryWriter): BinaryWriter;
  decode(input: BinaryReader | Uint8Array, length?: number): T;
  create<I extends Exact<DeepPartial<T>, I>>(base?: I): T;
  fromPartial<I extends Exact<DeepPartial<T>, I>>(object: I): T;
}
