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

export const protobufPackage = "grpc.reflection.v1";

export const protobufFileName = "grpc/reflection/v1/reflection.proto";

export interface ServerReflectionRequest {
  host: string;
  messageRequest:
    | { $case: "fileByFilename"; value: string }
    | { $case: "fileContainingSymbol"; value: string }
    | { $case: "fileContainingExtension"; value: ExtensionRequest }
    | { $case: "allExtensionNumbersOfType"; value: string }
    | { $case: "listServices"; value: string }
    | undefined;
}

export interface ExtensionRequest {
  containingType: string;
  extensionNumber: number;
}

export interface ServerReflectionResponse {
  validHost: string;
  originalRequest: ServerReflectionRequest | undefined;
  messageResponse:
    | { $case: "fileDescriptorResponse"; value: FileDescriptorResponse }
    | { $case: "allExtensionNumbersResponse"; value: ExtensionNumberResponse }
    | { $case: "listServicesResponse"; value: ListServiceResponse }
    | { $case: "errorResponse"; value: ErrorResponse }
    | undefined;
}

export interface FileDescriptorResponse {
  fileDescriptorProto: Uint8Array[];
}

export interface ExtensionNumberResponse {
  baseTypeName: string;
  extensionNumber: number[];
}

export interface ListServiceResponse {
  service: ServiceResponse[];
}

export interface ServiceResponse {
  name: string;
}

export interface ErrorResponse {
  errorCode: number;
  errorMessage: string;
}

function createBaseServerReflectionRequest(): ServerReflectionRequest {
  return { host: "", messageRequest: undefined };
}

export const ServerReflectionRequest: MessageFns<ServerReflectionRequest> = {
  encode(message: ServerReflectionRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.host !== "") {
      writer.uint32(10).string(message.host);
    }
    switch (message.messageRequest?.$case) {
      case "fileByFilename":
        writer.uint32(26).string(message.messageRequest.value);
        break;
      case "fileContainingSymbol":
        writer.uint32(34).string(message.messageRequest.value);
        break;
      case "fileContainingExtension":
        ExtensionRequest.encode(message.messageRequest.value, writer.uint32(42).fork()).join();
        break;
      case "allExtensionNumbersOfType":
        writer.uint32(50).string(message.messageRequest.value);
        break;
      case "listServices":
        writer.uint32(58).string(message.messageRequest.value);
        break;
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ServerReflectionRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseServerReflectionRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.host = reader.string();
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.messageRequest = { $case: "fileByFilename", value: reader.string() };
            continue;
          }
          case 4: {
            if (tag !== 34) {
              break;
            }

            message.messageRequest = { $case: "fileContainingSymbol", value: reader.string() };
            continue;
          }
          case 5: {
            if (tag !== 42) {
              break;
            }

            message.messageRequest = {
              $case: "fileContainingExtension",
              value: ExtensionRequest.decode(reader, reader.uint32()),
            };
            continue;
          }
          case 6: {
            if (tag !== 50) {
              break;
            }

            message.messageRequest = { $case: "allExtensionNumbersOfType", value: reader.string() };
            continue;
          }
          case 7: {
            if (tag !== 58) {
              break;
            }

            message.messageRequest = { $case: "listServices", value: reader.string() };
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

  create<I extends Exact<DeepPartial<ServerReflectionRequest>, I>>(base?: I): ServerReflectionRequest {
    return ServerReflectionRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ServerReflectionRequest>, I>>(object: I): ServerReflectionRequest {
    const message = createBaseServerReflectionRequest();
    message.host = object.host ?? "";
    switch (object.messageRequest?.$case) {
      case "fileByFilename": {
        if (object.messageRequest?.value !== undefined && object.messageRequest?.value !== null) {
          message.messageRequest = { $case: "fileByFilename", value: object.messageRequest.value };
        }
        break;
      }
      case "fileContainingSymbol": {
        if (object.messageRequest?.value !== undefined && object.messageRequest?.value !== null) {
          message.messageRequest = { $case: "fileContainingSymbol", value: object.messageRequest.value };
        }
        break;
      }
      case "fileContainingExtension": {
        if (object.messageRequest?.value !== undefined && object.messageRequest?.value !== null) {
          message.messageRequest = {
            $case: "fileContainingExtension",
            value: ExtensionRequest.fromPartial(object.messageRequest.value),
          };
        }
        break;
      }
      case "allExtensionNumbersOfType": {
        if (object.messageRequest?.value !== undefined && object.messageRequest?.value !== null) {
          message.messageRequest = { $case: "allExtensionNumbersOfType", value: object.messageRequest.value };
        }
        break;
      }
      case "listServices": {
        if (object.messageRequest?.value !== undefined && object.messageRequest?.value !== null) {
          message.messageRequest = { $case: "listServices", value: object.messageRequest.value };
        }
        break;
      }
    }
    return message;
  },
};

function createBaseExtensionRequest(): ExtensionRequest {
  return { containingType: "", extensionNumber: 0 };
}

export const ExtensionRequest: MessageFns<ExtensionRequest> = {
  encode(message: ExtensionRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.containingType !== "") {
      writer.uint32(10).string(message.containingType);
    }
    if (message.extensionNumber !== 0) {
      writer.uint32(16).int32(message.extensionNumber);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ExtensionRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseExtensionRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.containingType = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.extensionNumber = reader.int32();
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

  create<I extends Exact<DeepPartial<ExtensionRequest>, I>>(base?: I): ExtensionRequest {
    return ExtensionRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ExtensionRequest>, I>>(object: I): ExtensionRequest {
    const message = createBaseExtensionRequest();
    message.containingType = object.containingType ?? "";
    message.extensionNumber = object.extensionNumber ?? 0;
    return message;
  },
};

function createBaseServerReflectionResponse(): ServerReflectionResponse {
  return { validHost: "", originalRequest: undefined, messageResponse: undefined };
}

export const ServerReflectionResponse: MessageFns<ServerReflectionResponse> = {
  encode(message: ServerReflectionResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.validHost !== "") {
      writer.uint32(10).string(message.validHost);
    }
    if (message.originalRequest !== undefined) {
      ServerReflectionRequest.encode(message.originalRequest, writer.uint32(18).fork()).join();
    }
    switch (message.messageResponse?.$case) {
      case "fileDescriptorResponse":
        FileDescriptorResponse.encode(message.messageResponse.value, writer.uint32(34).fork()).join();
        break;
      case "allExtensionNumbersResponse":
        ExtensionNumberResponse.encode(message.messageResponse.value, writer.uint32(42).fork()).join();
        break;
      case "listServicesResponse":
        ListServiceResponse.encode(message.messageResponse.value, writer.uint32(50).fork()).join();
        break;
      case "errorResponse":
        ErrorResponse.encode(message.messageResponse.value, writer.uint32(58).fork()).join();
        break;
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ServerReflectionResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseServerReflectionResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.validHost = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.originalRequest = ServerReflectionRequest.decode(reader, reader.uint32());
            continue;
          }
          case 4: {
            if (tag !== 34) {
              break;
            }

            message.messageResponse = {
              $case: "fileDescriptorResponse",
              value: FileDescriptorResponse.decode(reader, reader.uint32()),
            };
            continue;
          }
          case 5: {
            if (tag !== 42) {
              break;
            }

            message.messageResponse = {
              $case: "allExtensionNumbersResponse",
              value: ExtensionNumberResponse.decode(reader, reader.uint32()),
            };
            continue;
          }
          case 6: {
            if (tag !== 50) {
              break;
            }

            message.messageResponse = {
              $case: "listServicesResponse",
              value: ListServiceResponse.decode(reader, reader.uint32()),
            };
            continue;
          }
          case 7: {
            if (tag !== 58) {
              break;
            }

            message.messageResponse = { $case: "errorResponse", value: ErrorResponse.decode(reader, reader.uint32()) };
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

  create<I extends Exact<DeepPartial<ServerReflectionResponse>, I>>(base?: I): ServerReflectionResponse {
    return ServerReflectionResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ServerReflectionResponse>, I>>(object: I): ServerReflectionResponse {
    const message = createBaseServerReflectionResponse();
    message.validHost = object.validHost ?? "";
    message.originalRequest = (object.originalRequest !== undefined && object.originalRequest !== null)
      ? ServerReflectionRequest.fromPartial(object.originalRequest)
      : undefined;
    switch (object.messageResponse?.$case) {
      case "fileDescriptorResponse": {
        if (object.messageResponse?.value !== undefined && object.messageResponse?.value !== null) {
          message.messageResponse = {
            $case: "fileDescriptorResponse",
            value: FileDescriptorResponse.fromPartial(object.messageResponse.value),
          };
        }
        break;
      }
      case "allExtensionNumbersResponse": {
        if (object.messageResponse?.value !== undefined && object.messageResponse?.value !== null) {
          message.messageResponse = {
            $case: "allExtensionNumbersResponse",
            value: ExtensionNumberResponse.fromPartial(object.messageResponse.value),
          };
        }
        break;
      }
      case "listServicesResponse": {
        if (object.messageResponse?.value !== undefined && object.messageResponse?.value !== null) {
          message.messageResponse = {
            $case: "listServicesResponse",
            value: ListServiceResponse.fromPartial(object.messageResponse.value),
          };
        }
        break;
      }
      case "errorResponse": {
        if (object.messageResponse?.value !== undefined && object.messageResponse?.value !== null) {
          message.messageResponse = {
            $case: "errorResponse",
            value: ErrorResponse.fromPartial(object.messageResponse.value),
          };
        }
        break;
      }
    }
    return message;
  },
};

function createBaseFileDescriptorResponse(): FileDescriptorResponse {
  return { fileDescriptorProto: [] };
}

export const FileDescriptorResponse: MessageFns<FileDescriptorResponse> = {
  encode(message: FileDescriptorResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    for (const v of message.fileDescriptorProto) {
      writer.uint32(10).bytes(v!);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): FileDescriptorResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseFileDescriptorResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.fileDescriptorProto.push(reader.bytes());
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

  create<I extends Exact<DeepPartial<FileDescriptorResponse>, I>>(base?: I): FileDescriptorResponse {
    return FileDescriptorResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<FileDescriptorResponse>, I>>(object: I): FileDescriptorResponse {
    const message = createBaseFileDescriptorResponse();
    message.fileDescriptorProto = object.fileDescriptorProto?.map((e) => e) || [];
    return message;
  },
};

function createBaseExtensionNumberResponse(): ExtensionNumberResponse {
  return { baseTypeName: "", extensionNumber: [] };
}

export const ExtensionNumberResponse: MessageFns<ExtensionNumberResponse> = {
  encode(message: ExtensionNumberResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.baseTypeName !== "") {
      writer.uint32(10).string(message.baseTypeName);
    }
    if (message.extensionNumber.length !== 0) {
      writer.uint32(18).fork();
      for (const v of message.extensionNumber) {
        writer.int32(v);
      }
      writer.join();
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ExtensionNumberResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseExtensionNumberResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.baseTypeName = reader.string();
            continue;
          }
          case 2: {
            if (tag === 16) {
              message.extensionNumber.push(reader.int32());

              continue;
            }

            if (tag === 18) {
              const end2 = reader.uint32() + reader.pos;
              while (reader.pos < end2) {
                message.extensionNumber.push(reader.int32());
              }

              continue;
            }

            break;
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

  create<I extends Exact<DeepPartial<ExtensionNumberResponse>, I>>(base?: I): ExtensionNumberResponse {
    return ExtensionNumberResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ExtensionNumberResponse>, I>>(object: I): ExtensionNumberResponse {
    const message = createBaseExtensionNumberResponse();
    message.baseTypeName = object.baseTypeName ?? "";
    message.extensionNumber = object.extensionNumber?.map((e) => e) || [];
    return message;
  },
};

function createBaseListServiceResponse(): ListServiceResponse {
  return { service: [] };
}

export const ListServiceResponse: MessageFns<ListServiceResponse> = {
  encode(message: ListServiceResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    for (const v of message.service) {
      ServiceResponse.encode(v!, writer.uint32(10).fork()).join();
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ListServiceResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseListServiceResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.service.push(ServiceResponse.decode(reader, reader.uint32()));
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

  create<I extends Exact<DeepPartial<ListServiceResponse>, I>>(base?: I): ListServiceResponse {
    return ListServiceResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ListServiceResponse>, I>>(object: I): ListServiceResponse {
    const message = createBaseListServiceResponse();
    message.service = object.service?.map((e) => ServiceResponse.fromPartial(e)) || [];
    return message;
  },
};

function createBaseServiceResponse(): ServiceResponse {
  return { name: "" };
}

export const ServiceResponse: MessageFns<ServiceResponse> = {
  encode(message: ServiceResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.name !== "") {
      writer.uint32(10).string(message.name);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ServiceResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseServiceResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.name = reader.string();
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

  create<I extends Exact<DeepPartial<ServiceResponse>, I>>(base?: I): ServiceResponse {
    return ServiceResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ServiceResponse>, I>>(object: I): ServiceResponse {
    const message = createBaseServiceResponse();
    message.name = object.name ?? "";
    return message;
  },
};

function createBaseErrorResponse(): ErrorResponse {
  return { errorCode: 0, errorMessage: "" };
}

export const ErrorResponse: MessageFns<ErrorResponse> = {
  encode(message: ErrorResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.errorCode !== 0) {
      writer.uint32(8).int32(message.errorCode);
    }
    if (message.errorMessage !== "") {
      writer.uint32(18).string(message.errorMessage);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ErrorResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseErrorResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 8) {
              break;
            }

            message.errorCode = reader.int32();
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.errorMessage = reader.string();
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

  create<I extends Exact<DeepPartial<ErrorResponse>, I>>(base?: I): ErrorResponse {
    return ErrorResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ErrorResponse>, I>>(object: I): ErrorResponse {
    const message = createBaseErrorResponse();
    message.errorCode = object.errorCode ?? 0;
    message.errorMessage = object.errorMessage ?? "";
    return message;
  },
};

export type ServerReflectionService = typeof ServerReflectionService;
export const ServerReflectionService = {
  serverReflectionInfo: {
    path: "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo" as const,
    requestStream: true as const,
    responseStream: true as const,
    requestSerialize: (value: ServerReflectionRequest): Buffer =>
      Buffer.from(ServerReflectionRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): ServerReflectionRequest => ServerReflectionRequest.decode(value),
    responseSerialize: (value: ServerReflectionResponse): Buffer =>
      Buffer.from(ServerReflectionResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): ServerReflectionResponse => ServerReflectionResponse.decode(value),
  },
} as const;

export interface ServerReflectionServer extends UntypedServiceImplementation {
  serverReflectionInfo: handleBidiStreamingCall<ServerReflectionRequest, ServerReflectionResponse>;
}

export interface ServerReflectionClient extends Client {
  serverReflectionInfo(): ClientDuplexStream<ServerReflectionRequest, ServerReflectionResponse>;
  serverReflectionInfo(
    options: Partial<CallOptions>,
  ): ClientDuplexStream<ServerReflectionRequest, ServerReflectionResponse>;
  serverReflectionInfo(
    metadata: Metadata,
    options?: Partial<CallOptions>,
  ): ClientDuplexStream<ServerReflectionRequest, ServerReflectionResponse>;
}

export const ServerReflectionClient = makeGenericClientConstructor(
  ServerReflectionService,
  "grpc.reflection.v1.ServerReflection",
) as unknown as {
  new (address: string, credentials: ChannelCredentials, options?: Partial<ClientOptions>): ServerReflectionClient;
  service: typeof ServerReflectionService;
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

export interface MessageFns<T> {
  encode(message: T, writer?: BinaryWriter): BinaryWriter;
  decode(input: BinaryReader | Uint8Array, length?: number): T;
  create<I extends Exact<DeepPartial<T>, I>>(base?: I): T;
  fromPartial<I extends Exact<DeepPartial<T>, I>>(object: I): T;
}
