// Generated from schema/proto by scripts/generate.ts. Do not edit.
import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";
import {
  type CallOptions,
  type ChannelCredentials,
  Client,
  type ClientOptions,
  type ClientReadableStream,
  type ClientUnaryCall,
  type ClientWritableStream,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  makeGenericClientConstructor,
  type Metadata,
  type ServiceError,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { Key } from "./keys.ts";

export const protobufPackage = "strongroom.v1";

export const protobufFileName = "strongroom/v1/admin.proto";

/** Whose PIN. */
export const PinOwner = { PIN_OWNER_UNSPECIFIED: 0, PIN_OWNER_USER: 1, PIN_OWNER_SO: 2 } as const;

export type PinOwner = typeof PinOwner[keyof typeof PinOwner];

export namespace PinOwner {
  export type PIN_OWNER_UNSPECIFIED = typeof PinOwner.PIN_OWNER_UNSPECIFIED;
  export type PIN_OWNER_USER = typeof PinOwner.PIN_OWNER_USER;
  export type PIN_OWNER_SO = typeof PinOwner.PIN_OWNER_SO;
}

/** Which of the log's files. */
export const AuditFile = {
  AUDIT_FILE_UNSPECIFIED: 0,
  AUDIT_FILE_LOG: 1,
  AUDIT_FILE_PUBLIC_KEY: 2,
  AUDIT_FILE_ANCHOR: 3,
} as const;

export type AuditFile = typeof AuditFile[keyof typeof AuditFile];

export namespace AuditFile {
  export type AUDIT_FILE_UNSPECIFIED = typeof AuditFile.AUDIT_FILE_UNSPECIFIED;
  export type AUDIT_FILE_LOG = typeof AuditFile.AUDIT_FILE_LOG;
  export type AUDIT_FILE_PUBLIC_KEY = typeof AuditFile.AUDIT_FILE_PUBLIC_KEY;
  export type AUDIT_FILE_ANCHOR = typeof AuditFile.AUDIT_FILE_ANCHOR;
}

/** Where a key is in its life (docs/lifecycle.md). */
export const KeyState = {
  KEY_STATE_UNSPECIFIED: 0,
  KEY_STATE_PRE_ACTIVE: 1,
  KEY_STATE_ACTIVE: 2,
  KEY_STATE_SUSPENDED: 3,
  KEY_STATE_DEACTIVATED: 4,
  KEY_STATE_COMPROMISED: 5,
  KEY_STATE_DESTROYED: 6,
} as const;

export type KeyState = typeof KeyState[keyof typeof KeyState];

export namespace KeyState {
  export type KEY_STATE_UNSPECIFIED = typeof KeyState.KEY_STATE_UNSPECIFIED;
  export type KEY_STATE_PRE_ACTIVE = typeof KeyState.KEY_STATE_PRE_ACTIVE;
  export type KEY_STATE_ACTIVE = typeof KeyState.KEY_STATE_ACTIVE;
  export type KEY_STATE_SUSPENDED = typeof KeyState.KEY_STATE_SUSPENDED;
  export type KEY_STATE_DEACTIVATED = typeof KeyState.KEY_STATE_DEACTIVATED;
  export type KEY_STATE_COMPROMISED = typeof KeyState.KEY_STATE_COMPROMISED;
  export type KEY_STATE_DESTROYED = typeof KeyState.KEY_STATE_DESTROYED;
}

export interface WhoAmIRequest {
}

export interface WhoAmIResponse {
  /** The names of the certificate, as the policy's rules write them. The first is the one that the log has. */
  names: string[];
  /** SHA-256 over the certificate, in hex. */
  fingerprint: string;
  /** Where the client came from. */
  address: string;
}

export interface ListTokensRequest {
}

export interface ListTokensResponse {
  tokens: Token[];
}

export interface Token {
  slot: number;
  label: string;
  serial: string;
  /** False for a free slot. */
  initialized: boolean;
  userPinSet: boolean;
  userPinLocked: boolean;
  soPinLocked: boolean;
  /** Whether objects need no login of this client: the token is unlocked. */
  loginRequired: boolean;
}

export interface InitTokenRequest {
  slot: number;
  /** A new token's SO PIN, or the one that the token has. */
  soPin: Uint8Array;
  /** At most 32 bytes of UTF-8. */
  label: string;
}

export interface InitTokenResponse {
}

export interface RenameTokenRequest {
  /** The token's label. */
  token: string;
  soPin: Uint8Array;
  newLabel: string;
}

export interface RenameTokenResponse {
}

export interface ChangePinRequest {
  token: string;
  owner: PinOwner;
  oldPin: Uint8Array;
  newPin: Uint8Array;
}

export interface ChangePinResponse {
}

export interface ResetPinRequest {
  token: string;
  soPin: Uint8Array;
  newPin: Uint8Array;
}

export interface ResetPinResponse {
}

export interface GetPinStatusRequest {
  token: string;
  owner: PinOwner;
}

export interface GetPinStatusResponse {
  attemptsLeft: number;
  attemptsMost: number;
}

export interface UnlockTokenRequest {
  token: string;
  /** The user PIN. */
  pin: Uint8Array;
}

export interface UnlockTokenResponse {
}

export interface LockTokenRequest {
  token: string;
}

export interface LockTokenResponse {
}

export interface GetPolicyRequest {
}

export interface GetPolicyResponse {
  /** The file; empty when there is none, and whoever reaches the engine may do everything. */
  source: string;
  /** What is wrong with it, so that the one before is still in force; empty when it is in force. */
  trouble: string;
}

export interface GetEngineStatusRequest {
}

export interface GetEngineStatusResponse {
  version: string;
  uptimeSeconds: number;
  applications: number;
  tokens: number;
  /** The slots of tokens that are unlocked. */
  unlockedSlots: number[];
  troubles: Trouble[];
  /** All of it, as `strongroom engine status --json` has it. */
  json: string;
}

/** Something that is not as it should be. */
export interface Trouble {
  about: string;
  kind: string;
  text: string;
}

export interface StopEngineRequest {
  /** Although others use it. */
  force: boolean;
}

export interface StopEngineResponse {
}

export interface GetMetricsRequest {
}

export interface GetMetricsResponse {
  /** In the text format of Prometheus. */
  text: string;
}

export interface GetAuditHeadRequest {
}

export interface GetAuditHeadResponse {
  /** The log's length in bytes, as far as records are written. */
  length: number;
  /** The newest signed checkpoint, as AUDIT_FILE_ANCHOR has it: kept elsewhere, it tells a log that was cut short of it. */
  anchor: Uint8Array;
}

export interface ReadAuditLogRequest {
  file: AuditFile;
  offset: number;
  /** Whether to wait at the end for what comes, until the caller cancels. Of the log alone. */
  follow: boolean;
}

export interface ReadAuditLogResponse {
  /** Where in the file this lies. */
  offset: number;
  data: Uint8Array;
}

export interface SetKeyStateRequest {
  token: string;
  /**
   * The key, as Keys names it. The other half of its pair goes with it, if there is one that is seen: the security officer sees no private keys,
   * so he names both halves, one after the other, by what the audit log has.
   */
  uniqueId: string;
  /** Where it is to go. Keys.DestroyKey destroys. */
  state: KeyState;
  /** As whom, and with which PIN. */
  owner: PinOwner;
  pin: Uint8Array;
  /** Why, in words of at most 1000 bytes. It stays with the key and in the audit log; to activate a key for the first time it may be left out. */
  reason: string;
  /** Of a compromise: since when others may know the key, in seconds since 1970. 0: from now on. */
  compromisedSince: number;
  /** Whether the other half stays as it is. */
  halfOnly: boolean;
}

export interface SetKeyStateResponse {
  /**
   * What has changed, as it is now: the key, and the other half of its pair. A half that was in that state already is not among them. Of what the
   * security officer does not see, nothing is told but token, unique_id and state.
   */
  changed: Key[];
}

export interface CreateBackupRequest {
  token: string;
}

export interface CreateBackupResponse {
  part: Uint8Array;
}

export interface RestoreBackupRequest {
  part: Uint8Array;
}

export interface RestoreBackupResponse {
}

function createBaseWhoAmIRequest(): WhoAmIRequest {
  return {};
}

export const WhoAmIRequest: MessageFns<WhoAmIRequest> = {
  encode(_: WhoAmIRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): WhoAmIRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseWhoAmIRequest();
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

  create<I extends Exact<DeepPartial<WhoAmIRequest>, I>>(base?: I): WhoAmIRequest {
    return WhoAmIRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<WhoAmIRequest>, I>>(_: I): WhoAmIRequest {
    const message = createBaseWhoAmIRequest();
    return message;
  },
};

function createBaseWhoAmIResponse(): WhoAmIResponse {
  return { names: [], fingerprint: "", address: "" };
}

export const WhoAmIResponse: MessageFns<WhoAmIResponse> = {
  encode(message: WhoAmIResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    for (const v of message.names) {
      writer.uint32(10).string(v!);
    }
    if (message.fingerprint !== "") {
      writer.uint32(18).string(message.fingerprint);
    }
    if (message.address !== "") {
      writer.uint32(26).string(message.address);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): WhoAmIResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseWhoAmIResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.names.push(reader.string());
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.fingerprint = reader.string();
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.address = reader.string();
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

  create<I extends Exact<DeepPartial<WhoAmIResponse>, I>>(base?: I): WhoAmIResponse {
    return WhoAmIResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<WhoAmIResponse>, I>>(object: I): WhoAmIResponse {
    const message = createBaseWhoAmIResponse();
    message.names = object.names?.map((e) => e) || [];
    message.fingerprint = object.fingerprint ?? "";
    message.address = object.address ?? "";
    return message;
  },
};

function createBaseListTokensRequest(): ListTokensRequest {
  return {};
}

export const ListTokensRequest: MessageFns<ListTokensRequest> = {
  encode(_: ListTokensRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ListTokensRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseListTokensRequest();
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

  create<I extends Exact<DeepPartial<ListTokensRequest>, I>>(base?: I): ListTokensRequest {
    return ListTokensRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ListTokensRequest>, I>>(_: I): ListTokensRequest {
    const message = createBaseListTokensRequest();
    return message;
  },
};

function createBaseListTokensResponse(): ListTokensResponse {
  return { tokens: [] };
}

export const ListTokensResponse: MessageFns<ListTokensResponse> = {
  encode(message: ListTokensResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    for (const v of message.tokens) {
      Token.encode(v!, writer.uint32(10).fork()).join();
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ListTokensResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseListTokensResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.tokens.push(Token.decode(reader, reader.uint32()));
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

  create<I extends Exact<DeepPartial<ListTokensResponse>, I>>(base?: I): ListTokensResponse {
    return ListTokensResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ListTokensResponse>, I>>(object: I): ListTokensResponse {
    const message = createBaseListTokensResponse();
    message.tokens = object.tokens?.map((e) => Token.fromPartial(e)) || [];
    return message;
  },
};

function createBaseToken(): Token {
  return {
    slot: 0,
    label: "",
    serial: "",
    initialized: false,
    userPinSet: false,
    userPinLocked: false,
    soPinLocked: false,
    loginRequired: false,
  };
}

export const Token: MessageFns<Token> = {
  encode(message: Token, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.slot !== 0) {
      writer.uint32(8).uint64(message.slot);
    }
    if (message.label !== "") {
      writer.uint32(18).string(message.label);
    }
    if (message.serial !== "") {
      writer.uint32(26).string(message.serial);
    }
    if (message.initialized !== false) {
      writer.uint32(32).bool(message.initialized);
    }
    if (message.userPinSet !== false) {
      writer.uint32(40).bool(message.userPinSet);
    }
    if (message.userPinLocked !== false) {
      writer.uint32(48).bool(message.userPinLocked);
    }
    if (message.soPinLocked !== false) {
      writer.uint32(56).bool(message.soPinLocked);
    }
    if (message.loginRequired !== false) {
      writer.uint32(64).bool(message.loginRequired);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): Token {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseToken();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 8) {
              break;
            }

            message.slot = longToNumber(reader.uint64());
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.label = reader.string();
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.serial = reader.string();
            continue;
          }
          case 4: {
            if (tag !== 32) {
              break;
            }

            message.initialized = reader.bool();
            continue;
          }
          case 5: {
            if (tag !== 40) {
              break;
            }

            message.userPinSet = reader.bool();
            continue;
          }
          case 6: {
            if (tag !== 48) {
              break;
            }

            message.userPinLocked = reader.bool();
            continue;
          }
          case 7: {
            if (tag !== 56) {
              break;
            }

            message.soPinLocked = reader.bool();
            continue;
          }
          case 8: {
            if (tag !== 64) {
              break;
            }

            message.loginRequired = reader.bool();
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

  create<I extends Exact<DeepPartial<Token>, I>>(base?: I): Token {
    return Token.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<Token>, I>>(object: I): Token {
    const message = createBaseToken();
    message.slot = object.slot ?? 0;
    message.label = object.label ?? "";
    message.serial = object.serial ?? "";
    message.initialized = object.initialized ?? false;
    message.userPinSet = object.userPinSet ?? false;
    message.userPinLocked = object.userPinLocked ?? false;
    message.soPinLocked = object.soPinLocked ?? false;
    message.loginRequired = object.loginRequired ?? false;
    return message;
  },
};

function createBaseInitTokenRequest(): InitTokenRequest {
  return { slot: 0, soPin: new Uint8Array(0), label: "" };
}

export const InitTokenRequest: MessageFns<InitTokenRequest> = {
  encode(message: InitTokenRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.slot !== 0) {
      writer.uint32(8).uint64(message.slot);
    }
    if (message.soPin.length !== 0) {
      writer.uint32(18).bytes(message.soPin);
    }
    if (message.label !== "") {
      writer.uint32(26).string(message.label);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): InitTokenRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseInitTokenRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 8) {
              break;
            }

            message.slot = longToNumber(reader.uint64());
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.soPin = reader.bytes();
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.label = reader.string();
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

  create<I extends Exact<DeepPartial<InitTokenRequest>, I>>(base?: I): InitTokenRequest {
    return InitTokenRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<InitTokenRequest>, I>>(object: I): InitTokenRequest {
    const message = createBaseInitTokenRequest();
    message.slot = object.slot ?? 0;
    message.soPin = object.soPin ?? new Uint8Array(0);
    message.label = object.label ?? "";
    return message;
  },
};

function createBaseInitTokenResponse(): InitTokenResponse {
  return {};
}

export const InitTokenResponse: MessageFns<InitTokenResponse> = {
  encode(_: InitTokenResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): InitTokenResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseInitTokenResponse();
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

  create<I extends Exact<DeepPartial<InitTokenResponse>, I>>(base?: I): InitTokenResponse {
    return InitTokenResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<InitTokenResponse>, I>>(_: I): InitTokenResponse {
    const message = createBaseInitTokenResponse();
    return message;
  },
};

function createBaseRenameTokenRequest(): RenameTokenRequest {
  return { token: "", soPin: new Uint8Array(0), newLabel: "" };
}

export const RenameTokenRequest: MessageFns<RenameTokenRequest> = {
  encode(message: RenameTokenRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.token !== "") {
      writer.uint32(10).string(message.token);
    }
    if (message.soPin.length !== 0) {
      writer.uint32(18).bytes(message.soPin);
    }
    if (message.newLabel !== "") {
      writer.uint32(26).string(message.newLabel);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): RenameTokenRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseRenameTokenRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.token = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.soPin = reader.bytes();
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.newLabel = reader.string();
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

  create<I extends Exact<DeepPartial<RenameTokenRequest>, I>>(base?: I): RenameTokenRequest {
    return RenameTokenRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<RenameTokenRequest>, I>>(object: I): RenameTokenRequest {
    const message = createBaseRenameTokenRequest();
    message.token = object.token ?? "";
    message.soPin = object.soPin ?? new Uint8Array(0);
    message.newLabel = object.newLabel ?? "";
    return message;
  },
};

function createBaseRenameTokenResponse(): RenameTokenResponse {
  return {};
}

export const RenameTokenResponse: MessageFns<RenameTokenResponse> = {
  encode(_: RenameTokenResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): RenameTokenResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseRenameTokenResponse();
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

  create<I extends Exact<DeepPartial<RenameTokenResponse>, I>>(base?: I): RenameTokenResponse {
    return RenameTokenResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<RenameTokenResponse>, I>>(_: I): RenameTokenResponse {
    const message = createBaseRenameTokenResponse();
    return message;
  },
};

function createBaseChangePinRequest(): ChangePinRequest {
  return { token: "", owner: 0, oldPin: new Uint8Array(0), newPin: new Uint8Array(0) };
}

export const ChangePinRequest: MessageFns<ChangePinRequest> = {
  encode(message: ChangePinRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.token !== "") {
      writer.uint32(10).string(message.token);
    }
    if (message.owner !== 0) {
      writer.uint32(16).int32(message.owner);
    }
    if (message.oldPin.length !== 0) {
      writer.uint32(26).bytes(message.oldPin);
    }
    if (message.newPin.length !== 0) {
      writer.uint32(34).bytes(message.newPin);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ChangePinRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseChangePinRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.token = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.owner = reader.int32() as never;
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.oldPin = reader.bytes();
            continue;
          }
          case 4: {
            if (tag !== 34) {
              break;
            }

            message.newPin = reader.bytes();
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

  create<I extends Exact<DeepPartial<ChangePinRequest>, I>>(base?: I): ChangePinRequest {
    return ChangePinRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ChangePinRequest>, I>>(object: I): ChangePinRequest {
    const message = createBaseChangePinRequest();
    message.token = object.token ?? "";
    message.owner = object.owner ?? 0;
    message.oldPin = object.oldPin ?? new Uint8Array(0);
    message.newPin = object.newPin ?? new Uint8Array(0);
    return message;
  },
};

function createBaseChangePinResponse(): ChangePinResponse {
  return {};
}

export const ChangePinResponse: MessageFns<ChangePinResponse> = {
  encode(_: ChangePinResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ChangePinResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseChangePinResponse();
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

  create<I extends Exact<DeepPartial<ChangePinResponse>, I>>(base?: I): ChangePinResponse {
    return ChangePinResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ChangePinResponse>, I>>(_: I): ChangePinResponse {
    const message = createBaseChangePinResponse();
    return message;
  },
};

function createBaseResetPinRequest(): ResetPinRequest {
  return { token: "", soPin: new Uint8Array(0), newPin: new Uint8Array(0) };
}

export const ResetPinRequest: MessageFns<ResetPinRequest> = {
  encode(message: ResetPinRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.token !== "") {
      writer.uint32(10).string(message.token);
    }
    if (message.soPin.length !== 0) {
      writer.uint32(18).bytes(message.soPin);
    }
    if (message.newPin.length !== 0) {
      writer.uint32(26).bytes(message.newPin);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ResetPinRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseResetPinRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.token = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.soPin = reader.bytes();
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.newPin = reader.bytes();
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

  create<I extends Exact<DeepPartial<ResetPinRequest>, I>>(base?: I): ResetPinRequest {
    return ResetPinRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ResetPinRequest>, I>>(object: I): ResetPinRequest {
    const message = createBaseResetPinRequest();
    message.token = object.token ?? "";
    message.soPin = object.soPin ?? new Uint8Array(0);
    message.newPin = object.newPin ?? new Uint8Array(0);
    return message;
  },
};

function createBaseResetPinResponse(): ResetPinResponse {
  return {};
}

export const ResetPinResponse: MessageFns<ResetPinResponse> = {
  encode(_: ResetPinResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ResetPinResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseResetPinResponse();
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

  create<I extends Exact<DeepPartial<ResetPinResponse>, I>>(base?: I): ResetPinResponse {
    return ResetPinResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ResetPinResponse>, I>>(_: I): ResetPinResponse {
    const message = createBaseResetPinResponse();
    return message;
  },
};

function createBaseGetPinStatusRequest(): GetPinStatusRequest {
  return { token: "", owner: 0 };
}

export const GetPinStatusRequest: MessageFns<GetPinStatusRequest> = {
  encode(message: GetPinStatusRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.token !== "") {
      writer.uint32(10).string(message.token);
    }
    if (message.owner !== 0) {
      writer.uint32(16).int32(message.owner);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): GetPinStatusRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseGetPinStatusRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.token = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.owner = reader.int32() as never;
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

  create<I extends Exact<DeepPartial<GetPinStatusRequest>, I>>(base?: I): GetPinStatusRequest {
    return GetPinStatusRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<GetPinStatusRequest>, I>>(object: I): GetPinStatusRequest {
    const message = createBaseGetPinStatusRequest();
    message.token = object.token ?? "";
    message.owner = object.owner ?? 0;
    return message;
  },
};

function createBaseGetPinStatusResponse(): GetPinStatusResponse {
  return { attemptsLeft: 0, attemptsMost: 0 };
}

export const GetPinStatusResponse: MessageFns<GetPinStatusResponse> = {
  encode(message: GetPinStatusResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.attemptsLeft !== 0) {
      writer.uint32(8).uint32(message.attemptsLeft);
    }
    if (message.attemptsMost !== 0) {
      writer.uint32(16).uint32(message.attemptsMost);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): GetPinStatusResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseGetPinStatusResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 8) {
              break;
            }

            message.attemptsLeft = reader.uint32();
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.attemptsMost = reader.uint32();
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

  create<I extends Exact<DeepPartial<GetPinStatusResponse>, I>>(base?: I): GetPinStatusResponse {
    return GetPinStatusResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<GetPinStatusResponse>, I>>(object: I): GetPinStatusResponse {
    const message = createBaseGetPinStatusResponse();
    message.attemptsLeft = object.attemptsLeft ?? 0;
    message.attemptsMost = object.attemptsMost ?? 0;
    return message;
  },
};

function createBaseUnlockTokenRequest(): UnlockTokenRequest {
  return { token: "", pin: new Uint8Array(0) };
}

export const UnlockTokenRequest: MessageFns<UnlockTokenRequest> = {
  encode(message: UnlockTokenRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.token !== "") {
      writer.uint32(10).string(message.token);
    }
    if (message.pin.length !== 0) {
      writer.uint32(18).bytes(message.pin);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): UnlockTokenRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseUnlockTokenRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.token = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.pin = reader.bytes();
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

  create<I extends Exact<DeepPartial<UnlockTokenRequest>, I>>(base?: I): UnlockTokenRequest {
    return UnlockTokenRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<UnlockTokenRequest>, I>>(object: I): UnlockTokenRequest {
    const message = createBaseUnlockTokenRequest();
    message.token = object.token ?? "";
    message.pin = object.pin ?? new Uint8Array(0);
    return message;
  },
};

function createBaseUnlockTokenResponse(): UnlockTokenResponse {
  return {};
}

export const UnlockTokenResponse: MessageFns<UnlockTokenResponse> = {
  encode(_: UnlockTokenResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): UnlockTokenResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseUnlockTokenResponse();
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

  create<I extends Exact<DeepPartial<UnlockTokenResponse>, I>>(base?: I): UnlockTokenResponse {
    return UnlockTokenResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<UnlockTokenResponse>, I>>(_: I): UnlockTokenResponse {
    const message = createBaseUnlockTokenResponse();
    return message;
  },
};

function createBaseLockTokenRequest(): LockTokenRequest {
  return { token: "" };
}

export const LockTokenRequest: MessageFns<LockTokenRequest> = {
  encode(message: LockTokenRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.token !== "") {
      writer.uint32(10).string(message.token);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): LockTokenRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseLockTokenRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.token = reader.string();
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

  create<I extends Exact<DeepPartial<LockTokenRequest>, I>>(base?: I): LockTokenRequest {
    return LockTokenRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<LockTokenRequest>, I>>(object: I): LockTokenRequest {
    const message = createBaseLockTokenRequest();
    message.token = object.token ?? "";
    return message;
  },
};

function createBaseLockTokenResponse(): LockTokenResponse {
  return {};
}

export const LockTokenResponse: MessageFns<LockTokenResponse> = {
  encode(_: LockTokenResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): LockTokenResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseLockTokenResponse();
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

  create<I extends Exact<DeepPartial<LockTokenResponse>, I>>(base?: I): LockTokenResponse {
    return LockTokenResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<LockTokenResponse>, I>>(_: I): LockTokenResponse {
    const message = createBaseLockTokenResponse();
    return message;
  },
};

function createBaseGetPolicyRequest(): GetPolicyRequest {
  return {};
}

export const GetPolicyRequest: MessageFns<GetPolicyRequest> = {
  encode(_: GetPolicyRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): GetPolicyRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseGetPolicyRequest();
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

  create<I extends Exact<DeepPartial<GetPolicyRequest>, I>>(base?: I): GetPolicyRequest {
    return GetPolicyRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<GetPolicyRequest>, I>>(_: I): GetPolicyRequest {
    const message = createBaseGetPolicyRequest();
    return message;
  },
};

function createBaseGetPolicyResponse(): GetPolicyResponse {
  return { source: "", trouble: "" };
}

export const GetPolicyResponse: MessageFns<GetPolicyResponse> = {
  encode(message: GetPolicyResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.source !== "") {
      writer.uint32(10).string(message.source);
    }
    if (message.trouble !== "") {
      writer.uint32(18).string(message.trouble);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): GetPolicyResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseGetPolicyResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.source = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.trouble = reader.string();
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

  create<I extends Exact<DeepPartial<GetPolicyResponse>, I>>(base?: I): GetPolicyResponse {
    return GetPolicyResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<GetPolicyResponse>, I>>(object: I): GetPolicyResponse {
    const message = createBaseGetPolicyResponse();
    message.source = object.source ?? "";
    message.trouble = object.trouble ?? "";
    return message;
  },
};

function createBaseGetEngineStatusRequest(): GetEngineStatusRequest {
  return {};
}

export const GetEngineStatusRequest: MessageFns<GetEngineStatusRequest> = {
  encode(_: GetEngineStatusRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): GetEngineStatusRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseGetEngineStatusRequest();
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

  create<I extends Exact<DeepPartial<GetEngineStatusRequest>, I>>(base?: I): GetEngineStatusRequest {
    return GetEngineStatusRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<GetEngineStatusRequest>, I>>(_: I): GetEngineStatusRequest {
    const message = createBaseGetEngineStatusRequest();
    return message;
  },
};

function createBaseGetEngineStatusResponse(): GetEngineStatusResponse {
  return { version: "", uptimeSeconds: 0, applications: 0, tokens: 0, unlockedSlots: [], troubles: [], json: "" };
}

export const GetEngineStatusResponse: MessageFns<GetEngineStatusResponse> = {
  encode(message: GetEngineStatusResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.version !== "") {
      writer.uint32(10).string(message.version);
    }
    if (message.uptimeSeconds !== 0) {
      writer.uint32(16).uint64(message.uptimeSeconds);
    }
    if (message.applications !== 0) {
      writer.uint32(24).uint32(message.applications);
    }
    if (message.tokens !== 0) {
      writer.uint32(32).uint32(message.tokens);
    }
    if (message.unlockedSlots.length !== 0) {
      writer.uint32(42).fork();
      for (const v of message.unlockedSlots) {
        writer.uint64(v);
      }
      writer.join();
    }
    for (const v of message.troubles) {
      Trouble.encode(v!, writer.uint32(50).fork()).join();
    }
    if (message.json !== "") {
      writer.uint32(58).string(message.json);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): GetEngineStatusResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseGetEngineStatusResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.version = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.uptimeSeconds = longToNumber(reader.uint64());
            continue;
          }
          case 3: {
            if (tag !== 24) {
              break;
            }

            message.applications = reader.uint32();
            continue;
          }
          case 4: {
            if (tag !== 32) {
              break;
            }

            message.tokens = reader.uint32();
            continue;
          }
          case 5: {
            if (tag === 40) {
              message.unlockedSlots.push(longToNumber(reader.uint64()));

              continue;
            }

            if (tag === 42) {
              const end2 = reader.uint32() + reader.pos;
              while (reader.pos < end2) {
                message.unlockedSlots.push(longToNumber(reader.uint64()));
              }

              continue;
            }

            break;
          }
          case 6: {
            if (tag !== 50) {
              break;
            }

            message.troubles.push(Trouble.decode(reader, reader.uint32()));
            continue;
          }
          case 7: {
            if (tag !== 58) {
              break;
            }

            message.json = reader.string();
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

  create<I extends Exact<DeepPartial<GetEngineStatusResponse>, I>>(base?: I): GetEngineStatusResponse {
    return GetEngineStatusResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<GetEngineStatusResponse>, I>>(object: I): GetEngineStatusResponse {
    const message = createBaseGetEngineStatusResponse();
    message.version = object.version ?? "";
    message.uptimeSeconds = object.uptimeSeconds ?? 0;
    message.applications = object.applications ?? 0;
    message.tokens = object.tokens ?? 0;
    message.unlockedSlots = object.unlockedSlots?.map((e) => e) || [];
    message.troubles = object.troubles?.map((e) => Trouble.fromPartial(e)) || [];
    message.json = object.json ?? "";
    return message;
  },
};

function createBaseTrouble(): Trouble {
  return { about: "", kind: "", text: "" };
}

export const Trouble: MessageFns<Trouble> = {
  encode(message: Trouble, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.about !== "") {
      writer.uint32(10).string(message.about);
    }
    if (message.kind !== "") {
      writer.uint32(18).string(message.kind);
    }
    if (message.text !== "") {
      writer.uint32(26).string(message.text);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): Trouble {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseTrouble();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.about = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.kind = reader.string();
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }

            message.text = reader.string();
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

  create<I extends Exact<DeepPartial<Trouble>, I>>(base?: I): Trouble {
    return Trouble.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<Trouble>, I>>(object: I): Trouble {
    const message = createBaseTrouble();
    message.about = object.about ?? "";
    message.kind = object.kind ?? "";
    message.text = object.text ?? "";
    return message;
  },
};

function createBaseStopEngineRequest(): StopEngineRequest {
  return { force: false };
}

export const StopEngineRequest: MessageFns<StopEngineRequest> = {
  encode(message: StopEngineRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.force !== false) {
      writer.uint32(8).bool(message.force);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): StopEngineRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseStopEngineRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 8) {
              break;
            }

            message.force = reader.bool();
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

  create<I extends Exact<DeepPartial<StopEngineRequest>, I>>(base?: I): StopEngineRequest {
    return StopEngineRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<StopEngineRequest>, I>>(object: I): StopEngineRequest {
    const message = createBaseStopEngineRequest();
    message.force = object.force ?? false;
    return message;
  },
};

function createBaseStopEngineResponse(): StopEngineResponse {
  return {};
}

export const StopEngineResponse: MessageFns<StopEngineResponse> = {
  encode(_: StopEngineResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): StopEngineResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseStopEngineResponse();
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

  create<I extends Exact<DeepPartial<StopEngineResponse>, I>>(base?: I): StopEngineResponse {
    return StopEngineResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<StopEngineResponse>, I>>(_: I): StopEngineResponse {
    const message = createBaseStopEngineResponse();
    return message;
  },
};

function createBaseGetMetricsRequest(): GetMetricsRequest {
  return {};
}

export const GetMetricsRequest: MessageFns<GetMetricsRequest> = {
  encode(_: GetMetricsRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): GetMetricsRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseGetMetricsRequest();
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

  create<I extends Exact<DeepPartial<GetMetricsRequest>, I>>(base?: I): GetMetricsRequest {
    return GetMetricsRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<GetMetricsRequest>, I>>(_: I): GetMetricsRequest {
    const message = createBaseGetMetricsRequest();
    return message;
  },
};

function createBaseGetMetricsResponse(): GetMetricsResponse {
  return { text: "" };
}

export const GetMetricsResponse: MessageFns<GetMetricsResponse> = {
  encode(message: GetMetricsResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.text !== "") {
      writer.uint32(10).string(message.text);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): GetMetricsResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseGetMetricsResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.text = reader.string();
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

  create<I extends Exact<DeepPartial<GetMetricsResponse>, I>>(base?: I): GetMetricsResponse {
    return GetMetricsResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<GetMetricsResponse>, I>>(object: I): GetMetricsResponse {
    const message = createBaseGetMetricsResponse();
    message.text = object.text ?? "";
    return message;
  },
};

function createBaseGetAuditHeadRequest(): GetAuditHeadRequest {
  return {};
}

export const GetAuditHeadRequest: MessageFns<GetAuditHeadRequest> = {
  encode(_: GetAuditHeadRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): GetAuditHeadRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseGetAuditHeadRequest();
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

  create<I extends Exact<DeepPartial<GetAuditHeadRequest>, I>>(base?: I): GetAuditHeadRequest {
    return GetAuditHeadRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<GetAuditHeadRequest>, I>>(_: I): GetAuditHeadRequest {
    const message = createBaseGetAuditHeadRequest();
    return message;
  },
};

function createBaseGetAuditHeadResponse(): GetAuditHeadResponse {
  return { length: 0, anchor: new Uint8Array(0) };
}

export const GetAuditHeadResponse: MessageFns<GetAuditHeadResponse> = {
  encode(message: GetAuditHeadResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.length !== 0) {
      writer.uint32(8).uint64(message.length);
    }
    if (message.anchor.length !== 0) {
      writer.uint32(18).bytes(message.anchor);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): GetAuditHeadResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseGetAuditHeadResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 8) {
              break;
            }

            message.length = longToNumber(reader.uint64());
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.anchor = reader.bytes();
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

  create<I extends Exact<DeepPartial<GetAuditHeadResponse>, I>>(base?: I): GetAuditHeadResponse {
    return GetAuditHeadResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<GetAuditHeadResponse>, I>>(object: I): GetAuditHeadResponse {
    const message = createBaseGetAuditHeadResponse();
    message.length = object.length ?? 0;
    message.anchor = object.anchor ?? new Uint8Array(0);
    return message;
  },
};

function createBaseReadAuditLogRequest(): ReadAuditLogRequest {
  return { file: 0, offset: 0, follow: false };
}

export const ReadAuditLogRequest: MessageFns<ReadAuditLogRequest> = {
  encode(message: ReadAuditLogRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.file !== 0) {
      writer.uint32(8).int32(message.file);
    }
    if (message.offset !== 0) {
      writer.uint32(16).uint64(message.offset);
    }
    if (message.follow !== false) {
      writer.uint32(24).bool(message.follow);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ReadAuditLogRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseReadAuditLogRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 8) {
              break;
            }

            message.file = reader.int32() as never;
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }

            message.offset = longToNumber(reader.uint64());
            continue;
          }
          case 3: {
            if (tag !== 24) {
              break;
            }

            message.follow = reader.bool();
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

  create<I extends Exact<DeepPartial<ReadAuditLogRequest>, I>>(base?: I): ReadAuditLogRequest {
    return ReadAuditLogRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ReadAuditLogRequest>, I>>(object: I): ReadAuditLogRequest {
    const message = createBaseReadAuditLogRequest();
    message.file = object.file ?? 0;
    message.offset = object.offset ?? 0;
    message.follow = object.follow ?? false;
    return message;
  },
};

function createBaseReadAuditLogResponse(): ReadAuditLogResponse {
  return { offset: 0, data: new Uint8Array(0) };
}

export const ReadAuditLogResponse: MessageFns<ReadAuditLogResponse> = {
  encode(message: ReadAuditLogResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.offset !== 0) {
      writer.uint32(8).uint64(message.offset);
    }
    if (message.data.length !== 0) {
      writer.uint32(18).bytes(message.data);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): ReadAuditLogResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseReadAuditLogResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 8) {
              break;
            }

            message.offset = longToNumber(reader.uint64());
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.data = reader.bytes();
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

  create<I extends Exact<DeepPartial<ReadAuditLogResponse>, I>>(base?: I): ReadAuditLogResponse {
    return ReadAuditLogResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<ReadAuditLogResponse>, I>>(object: I): ReadAuditLogResponse {
    const message = createBaseReadAuditLogResponse();
    message.offset = object.offset ?? 0;
    message.data = object.data ?? new Uint8Array(0);
    return message;
  },
};

function createBaseSetKeyStateRequest(): SetKeyStateRequest {
  return {
    token: "",
    uniqueId: "",
    state: 0,
    owner: 0,
    pin: new Uint8Array(0),
    reason: "",
    compromisedSince: 0,
    halfOnly: false,
  };
}

export const SetKeyStateRequest: MessageFns<SetKeyStateRequest> = {
  encode(message: SetKeyStateRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.token !== "") {
      writer.uint32(10).string(message.token);
    }
    if (message.uniqueId !== "") {
      writer.uint32(18).string(message.uniqueId);
    }
    if (message.state !== 0) {
      writer.uint32(24).int32(message.state);
    }
    if (message.owner !== 0) {
      writer.uint32(32).int32(message.owner);
    }
    if (message.pin.length !== 0) {
      writer.uint32(42).bytes(message.pin);
    }
    if (message.reason !== "") {
      writer.uint32(50).string(message.reason);
    }
    if (message.compromisedSince !== 0) {
      writer.uint32(56).uint64(message.compromisedSince);
    }
    if (message.halfOnly !== false) {
      writer.uint32(64).bool(message.halfOnly);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): SetKeyStateRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseSetKeyStateRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.token = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }

            message.uniqueId = reader.string();
            continue;
          }
          case 3: {
            if (tag !== 24) {
              break;
            }

            message.state = reader.int32() as never;
            continue;
          }
          case 4: {
            if (tag !== 32) {
              break;
            }

            message.owner = reader.int32() as never;
            continue;
          }
          case 5: {
            if (tag !== 42) {
              break;
            }

            message.pin = reader.bytes();
            continue;
          }
          case 6: {
            if (tag !== 50) {
              break;
            }

            message.reason = reader.string();
            continue;
          }
          case 7: {
            if (tag !== 56) {
              break;
            }

            message.compromisedSince = longToNumber(reader.uint64());
            continue;
          }
          case 8: {
            if (tag !== 64) {
              break;
            }

            message.halfOnly = reader.bool();
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

  create<I extends Exact<DeepPartial<SetKeyStateRequest>, I>>(base?: I): SetKeyStateRequest {
    return SetKeyStateRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<SetKeyStateRequest>, I>>(object: I): SetKeyStateRequest {
    const message = createBaseSetKeyStateRequest();
    message.token = object.token ?? "";
    message.uniqueId = object.uniqueId ?? "";
    message.state = object.state ?? 0;
    message.owner = object.owner ?? 0;
    message.pin = object.pin ?? new Uint8Array(0);
    message.reason = object.reason ?? "";
    message.compromisedSince = object.compromisedSince ?? 0;
    message.halfOnly = object.halfOnly ?? false;
    return message;
  },
};

function createBaseSetKeyStateResponse(): SetKeyStateResponse {
  return { changed: [] };
}

export const SetKeyStateResponse: MessageFns<SetKeyStateResponse> = {
  encode(message: SetKeyStateResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    for (const v of message.changed) {
      Key.encode(v!, writer.uint32(10).fork()).join();
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): SetKeyStateResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseSetKeyStateResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.changed.push(Key.decode(reader, reader.uint32()));
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

  create<I extends Exact<DeepPartial<SetKeyStateResponse>, I>>(base?: I): SetKeyStateResponse {
    return SetKeyStateResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<SetKeyStateResponse>, I>>(object: I): SetKeyStateResponse {
    const message = createBaseSetKeyStateResponse();
    message.changed = object.changed?.map((e) => Key.fromPartial(e)) || [];
    return message;
  },
};

function createBaseCreateBackupRequest(): CreateBackupRequest {
  return { token: "" };
}

export const CreateBackupRequest: MessageFns<CreateBackupRequest> = {
  encode(message: CreateBackupRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.token !== "") {
      writer.uint32(10).string(message.token);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): CreateBackupRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseCreateBackupRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.token = reader.string();
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

  create<I extends Exact<DeepPartial<CreateBackupRequest>, I>>(base?: I): CreateBackupRequest {
    return CreateBackupRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<CreateBackupRequest>, I>>(object: I): CreateBackupRequest {
    const message = createBaseCreateBackupRequest();
    message.token = object.token ?? "";
    return message;
  },
};

function createBaseCreateBackupResponse(): CreateBackupResponse {
  return { part: new Uint8Array(0) };
}

export const CreateBackupResponse: MessageFns<CreateBackupResponse> = {
  encode(message: CreateBackupResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.part.length !== 0) {
      writer.uint32(10).bytes(message.part);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): CreateBackupResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseCreateBackupResponse();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.part = reader.bytes();
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

  create<I extends Exact<DeepPartial<CreateBackupResponse>, I>>(base?: I): CreateBackupResponse {
    return CreateBackupResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<CreateBackupResponse>, I>>(object: I): CreateBackupResponse {
    const message = createBaseCreateBackupResponse();
    message.part = object.part ?? new Uint8Array(0);
    return message;
  },
};

function createBaseRestoreBackupRequest(): RestoreBackupRequest {
  return { part: new Uint8Array(0) };
}

export const RestoreBackupRequest: MessageFns<RestoreBackupRequest> = {
  encode(message: RestoreBackupRequest, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.part.length !== 0) {
      writer.uint32(10).bytes(message.part);
    }
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): RestoreBackupRequest {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseRestoreBackupRequest();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }

            message.part = reader.bytes();
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

  create<I extends Exact<DeepPartial<RestoreBackupRequest>, I>>(base?: I): RestoreBackupRequest {
    return RestoreBackupRequest.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<RestoreBackupRequest>, I>>(object: I): RestoreBackupRequest {
    const message = createBaseRestoreBackupRequest();
    message.part = object.part ?? new Uint8Array(0);
    return message;
  },
};

function createBaseRestoreBackupResponse(): RestoreBackupResponse {
  return {};
}

export const RestoreBackupResponse: MessageFns<RestoreBackupResponse> = {
  encode(_: RestoreBackupResponse, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    return writer;
  },

  decode(input: BinaryReader | Uint8Array, length?: number): RestoreBackupResponse {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    (reader as BinaryReader & { __tsProtoDecodeDepth?: number }).__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === undefined ? reader.len : reader.pos + length;
      const message = createBaseRestoreBackupResponse();
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

  create<I extends Exact<DeepPartial<RestoreBackupResponse>, I>>(base?: I): RestoreBackupResponse {
    return RestoreBackupResponse.fromPartial(base ?? ({} as never));
  },
  fromPartial<I extends Exact<DeepPartial<RestoreBackupResponse>, I>>(_: I): RestoreBackupResponse {
    const message = createBaseRestoreBackupResponse();
    return message;
  },
};

/** Admin asks the engine in the name of the client's certificate; which calls it may make is what its roles in the policy say. */
export type AdminService = typeof AdminService;
export const AdminService = {
  /** WhoAmI answers how the door knows the client. */
  whoAmI: {
    path: "/strongroom.v1.Admin/WhoAmI" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: WhoAmIRequest): Buffer => Buffer.from(WhoAmIRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): WhoAmIRequest => WhoAmIRequest.decode(value),
    responseSerialize: (value: WhoAmIResponse): Buffer => Buffer.from(WhoAmIResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): WhoAmIResponse => WhoAmIResponse.decode(value),
  },
  /** ListTokens tells the tokens, and the free slots, that may be seen. */
  listTokens: {
    path: "/strongroom.v1.Admin/ListTokens" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: ListTokensRequest): Buffer => Buffer.from(ListTokensRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): ListTokensRequest => ListTokensRequest.decode(value),
    responseSerialize: (value: ListTokensResponse): Buffer => Buffer.from(ListTokensResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): ListTokensResponse => ListTokensResponse.decode(value),
  },
  /** InitToken makes a token in a slot, or empties the one that is there. Role so. */
  initToken: {
    path: "/strongroom.v1.Admin/InitToken" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: InitTokenRequest): Buffer => Buffer.from(InitTokenRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): InitTokenRequest => InitTokenRequest.decode(value),
    responseSerialize: (value: InitTokenResponse): Buffer => Buffer.from(InitTokenResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): InitTokenResponse => InitTokenResponse.decode(value),
  },
  /** RenameToken gives a token another label. Role so. */
  renameToken: {
    path: "/strongroom.v1.Admin/RenameToken" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: RenameTokenRequest): Buffer => Buffer.from(RenameTokenRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): RenameTokenRequest => RenameTokenRequest.decode(value),
    responseSerialize: (value: RenameTokenResponse): Buffer => Buffer.from(RenameTokenResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): RenameTokenResponse => RenameTokenResponse.decode(value),
  },
  /** ChangePin changes a PIN by whoever knows it. Role user or so. */
  changePin: {
    path: "/strongroom.v1.Admin/ChangePin" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: ChangePinRequest): Buffer => Buffer.from(ChangePinRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): ChangePinRequest => ChangePinRequest.decode(value),
    responseSerialize: (value: ChangePinResponse): Buffer => Buffer.from(ChangePinResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): ChangePinResponse => ChangePinResponse.decode(value),
  },
  /** ResetPin sets the user PIN, by the SO PIN. Role so. */
  resetPin: {
    path: "/strongroom.v1.Admin/ResetPin" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: ResetPinRequest): Buffer => Buffer.from(ResetPinRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): ResetPinRequest => ResetPinRequest.decode(value),
    responseSerialize: (value: ResetPinResponse): Buffer => Buffer.from(ResetPinResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): ResetPinResponse => ResetPinResponse.decode(value),
  },
  /** GetPinStatus tells how many attempts are left. */
  getPinStatus: {
    path: "/strongroom.v1.Admin/GetPinStatus" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: GetPinStatusRequest): Buffer => Buffer.from(GetPinStatusRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): GetPinStatusRequest => GetPinStatusRequest.decode(value),
    responseSerialize: (value: GetPinStatusResponse): Buffer =>
      Buffer.from(GetPinStatusResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): GetPinStatusResponse => GetPinStatusResponse.decode(value),
  },
  /** UnlockToken gives a token to those who may use it without a login. Role operator. */
  unlockToken: {
    path: "/strongroom.v1.Admin/UnlockToken" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: UnlockTokenRequest): Buffer => Buffer.from(UnlockTokenRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): UnlockTokenRequest => UnlockTokenRequest.decode(value),
    responseSerialize: (value: UnlockTokenResponse): Buffer => Buffer.from(UnlockTokenResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): UnlockTokenResponse => UnlockTokenResponse.decode(value),
  },
  /** LockToken takes it from them again. Role operator. */
  lockToken: {
    path: "/strongroom.v1.Admin/LockToken" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: LockTokenRequest): Buffer => Buffer.from(LockTokenRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): LockTokenRequest => LockTokenRequest.decode(value),
    responseSerialize: (value: LockTokenResponse): Buffer => Buffer.from(LockTokenResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): LockTokenResponse => LockTokenResponse.decode(value),
  },
  /** GetPolicy tells where the policy comes from, and whether it is the one in force. Role operator. */
  getPolicy: {
    path: "/strongroom.v1.Admin/GetPolicy" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: GetPolicyRequest): Buffer => Buffer.from(GetPolicyRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): GetPolicyRequest => GetPolicyRequest.decode(value),
    responseSerialize: (value: GetPolicyResponse): Buffer => Buffer.from(GetPolicyResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): GetPolicyResponse => GetPolicyResponse.decode(value),
  },
  /** GetEngineStatus tells how the engine is. Role operator. */
  getEngineStatus: {
    path: "/strongroom.v1.Admin/GetEngineStatus" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: GetEngineStatusRequest): Buffer =>
      Buffer.from(GetEngineStatusRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): GetEngineStatusRequest => GetEngineStatusRequest.decode(value),
    responseSerialize: (value: GetEngineStatusResponse): Buffer =>
      Buffer.from(GetEngineStatusResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): GetEngineStatusResponse => GetEngineStatusResponse.decode(value),
  },
  /** StopEngine has the engine end. Role operator. */
  stopEngine: {
    path: "/strongroom.v1.Admin/StopEngine" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: StopEngineRequest): Buffer => Buffer.from(StopEngineRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): StopEngineRequest => StopEngineRequest.decode(value),
    responseSerialize: (value: StopEngineResponse): Buffer => Buffer.from(StopEngineResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): StopEngineResponse => StopEngineResponse.decode(value),
  },
  /** GetMetrics answers the engine's figures. Role metrics. */
  getMetrics: {
    path: "/strongroom.v1.Admin/GetMetrics" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: GetMetricsRequest): Buffer => Buffer.from(GetMetricsRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): GetMetricsRequest => GetMetricsRequest.decode(value),
    responseSerialize: (value: GetMetricsResponse): Buffer => Buffer.from(GetMetricsResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): GetMetricsResponse => GetMetricsResponse.decode(value),
  },
  /** GetAuditHead tells where the audit log ends. Role auditor. */
  getAuditHead: {
    path: "/strongroom.v1.Admin/GetAuditHead" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: GetAuditHeadRequest): Buffer => Buffer.from(GetAuditHeadRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): GetAuditHeadRequest => GetAuditHeadRequest.decode(value),
    responseSerialize: (value: GetAuditHeadResponse): Buffer =>
      Buffer.from(GetAuditHeadResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): GetAuditHeadResponse => GetAuditHeadResponse.decode(value),
  },
  /** ReadAuditLog answers the audit log, or what it is verified with, from a place on. Role auditor. */
  readAuditLog: {
    path: "/strongroom.v1.Admin/ReadAuditLog" as const,
    requestStream: false as const,
    responseStream: true as const,
    requestSerialize: (value: ReadAuditLogRequest): Buffer => Buffer.from(ReadAuditLogRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): ReadAuditLogRequest => ReadAuditLogRequest.decode(value),
    responseSerialize: (value: ReadAuditLogResponse): Buffer =>
      Buffer.from(ReadAuditLogResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): ReadAuditLogResponse => ReadAuditLogResponse.decode(value),
  },
  /** SetKeyState takes a key, and with it the other half of its pair, from one state to another. Role user or so. */
  setKeyState: {
    path: "/strongroom.v1.Admin/SetKeyState" as const,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: SetKeyStateRequest): Buffer => Buffer.from(SetKeyStateRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): SetKeyStateRequest => SetKeyStateRequest.decode(value),
    responseSerialize: (value: SetKeyStateResponse): Buffer => Buffer.from(SetKeyStateResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): SetKeyStateResponse => SetKeyStateResponse.decode(value),
  },
  /** CreateBackup takes a token out, encrypted. Not there yet. */
  createBackup: {
    path: "/strongroom.v1.Admin/CreateBackup" as const,
    requestStream: false as const,
    responseStream: true as const,
    requestSerialize: (value: CreateBackupRequest): Buffer => Buffer.from(CreateBackupRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): CreateBackupRequest => CreateBackupRequest.decode(value),
    responseSerialize: (value: CreateBackupResponse): Buffer =>
      Buffer.from(CreateBackupResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): CreateBackupResponse => CreateBackupResponse.decode(value),
  },
  /** RestoreBackup brings one back. Not there yet. */
  restoreBackup: {
    path: "/strongroom.v1.Admin/RestoreBackup" as const,
    requestStream: true as const,
    responseStream: false as const,
    requestSerialize: (value: RestoreBackupRequest): Buffer => Buffer.from(RestoreBackupRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer): RestoreBackupRequest => RestoreBackupRequest.decode(value),
    responseSerialize: (value: RestoreBackupResponse): Buffer =>
      Buffer.from(RestoreBackupResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer): RestoreBackupResponse => RestoreBackupResponse.decode(value),
  },
} as const;

export interface AdminServer extends UntypedServiceImplementation {
  /** WhoAmI answers how the door knows the client. */
  whoAmI: handleUnaryCall<WhoAmIRequest, WhoAmIResponse>;
  /** ListTokens tells the tokens, and the free slots, that may be seen. */
  listTokens: handleUnaryCall<ListTokensRequest, ListTokensResponse>;
  /** InitToken makes a token in a slot, or empties the one that is there. Role so. */
  initToken: handleUnaryCall<InitTokenRequest, InitTokenResponse>;
  /** RenameToken gives a token another label. Role so. */
  renameToken: handleUnaryCall<RenameTokenRequest, RenameTokenResponse>;
  /** ChangePin changes a PIN by whoever knows it. Role user or so. */
  changePin: handleUnaryCall<ChangePinRequest, ChangePinResponse>;
  /** ResetPin sets the user PIN, by the SO PIN. Role so. */
  resetPin: handleUnaryCall<ResetPinRequest, ResetPinResponse>;
  /** GetPinStatus tells how many attempts are left. */
  getPinStatus: handleUnaryCall<GetPinStatusRequest, GetPinStatusResponse>;
  /** UnlockToken gives a token to those who may use it without a login. Role operator. */
  unlockToken: handleUnaryCall<UnlockTokenRequest, UnlockTokenResponse>;
  /** LockToken takes it from them again. Role operator. */
  lockToken: handleUnaryCall<LockTokenRequest, LockTokenResponse>;
  /** GetPolicy tells where the policy comes from, and whether it is the one in force. Role operator. */
  getPolicy: handleUnaryCall<GetPolicyRequest, GetPolicyResponse>;
  /** GetEngineStatus tells how the engine is. Role operator. */
  getEngineStatus: handleUnaryCall<GetEngineStatusRequest, GetEngineStatusResponse>;
  /** StopEngine has the engine end. Role operator. */
  stopEngine: handleUnaryCall<StopEngineRequest, StopEngineResponse>;
  /** GetMetrics answers the engine's figures. Role metrics. */
  getMetrics: handleUnaryCall<GetMetricsRequest, GetMetricsResponse>;
  /** GetAuditHead tells where the audit log ends. Role auditor. */
  getAuditHead: handleUnaryCall<GetAuditHeadRequest, GetAuditHeadResponse>;
  /** ReadAuditLog answers the audit log, or what it is verified with, from a place on. Role auditor. */
  readAuditLog: handleServerStreamingCall<ReadAuditLogRequest, ReadAuditLogResponse>;
  /** SetKeyState takes a key, and with it the other half of its pair, from one state to another. Role user or so. */
  setKeyState: handleUnaryCall<SetKeyStateRequest, SetKeyStateResponse>;
  /** CreateBackup takes a token out, encrypted. Not there yet. */
  createBackup: handleServerStreamingCall<CreateBackupRequest, CreateBackupResponse>;
  /** RestoreBackup brings one back. Not there yet. */
  restoreBackup: handleClientStreamingCall<RestoreBackupRequest, RestoreBackupResponse>;
}

export interface AdminClient extends Client {
  /** WhoAmI answers how the door knows the client. */
  whoAmI(
    request: WhoAmIRequest,
    callback: (error: ServiceError | null, response: WhoAmIResponse) => void,
  ): ClientUnaryCall;
  whoAmI(
    request: WhoAmIRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: WhoAmIResponse) => void,
  ): ClientUnaryCall;
  whoAmI(
    request: WhoAmIRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: WhoAmIResponse) => void,
  ): ClientUnaryCall;
  /** ListTokens tells the tokens, and the free slots, that may be seen. */
  listTokens(
    request: ListTokensRequest,
    callback: (error: ServiceError | null, response: ListTokensResponse) => void,
  ): ClientUnaryCall;
  listTokens(
    request: ListTokensRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: ListTokensResponse) => void,
  ): ClientUnaryCall;
  listTokens(
    request: ListTokensRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: ListTokensResponse) => void,
  ): ClientUnaryCall;
  /** InitToken makes a token in a slot, or empties the one that is there. Role so. */
  initToken(
    request: InitTokenRequest,
    callback: (error: ServiceError | null, response: InitTokenResponse) => void,
  ): ClientUnaryCall;
  initToken(
    request: InitTokenRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: InitTokenResponse) => void,
  ): ClientUnaryCall;
  initToken(
    request: InitTokenRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: InitTokenResponse) => void,
  ): ClientUnaryCall;
  /** RenameToken gives a token another label. Role so. */
  renameToken(
    request: RenameTokenRequest,
    callback: (error: ServiceError | null, response: RenameTokenResponse) => void,
  ): ClientUnaryCall;
  renameToken(
    request: RenameTokenRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: RenameTokenResponse) => void,
  ): ClientUnaryCall;
  renameToken(
    request: RenameTokenRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: RenameTokenResponse) => void,
  ): ClientUnaryCall;
  /** ChangePin changes a PIN by whoever knows it. Role user or so. */
  changePin(
    request: ChangePinRequest,
    callback: (error: ServiceError | null, response: ChangePinResponse) => void,
  ): ClientUnaryCall;
  changePin(
    request: ChangePinRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: ChangePinResponse) => void,
  ): ClientUnaryCall;
  changePin(
    request: ChangePinRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: ChangePinResponse) => void,
  ): ClientUnaryCall;
  /** ResetPin sets the user PIN, by the SO PIN. Role so. */
  resetPin(
    request: ResetPinRequest,
    callback: (error: ServiceError | null, response: ResetPinResponse) => void,
  ): ClientUnaryCall;
  resetPin(
    request: ResetPinRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: ResetPinResponse) => void,
  ): ClientUnaryCall;
  resetPin(
    request: ResetPinRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: ResetPinResponse) => void,
  ): ClientUnaryCall;
  /** GetPinStatus tells how many attempts are left. */
  getPinStatus(
    request: GetPinStatusRequest,
    callback: (error: ServiceError | null, response: GetPinStatusResponse) => void,
  ): ClientUnaryCall;
  getPinStatus(
    request: GetPinStatusRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: GetPinStatusResponse) => void,
  ): ClientUnaryCall;
  getPinStatus(
    request: GetPinStatusRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: GetPinStatusResponse) => void,
  ): ClientUnaryCall;
  /** UnlockToken gives a token to those who may use it without a login. Role operator. */
  unlockToken(
    request: UnlockTokenRequest,
    callback: (error: ServiceError | null, response: UnlockTokenResponse) => void,
  ): ClientUnaryCall;
  unlockToken(
    request: UnlockTokenRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: UnlockTokenResponse) => void,
  ): ClientUnaryCall;
  unlockToken(
    request: UnlockTokenRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: UnlockTokenResponse) => void,
  ): ClientUnaryCall;
  /** LockToken takes it from them again. Role operator. */
  lockToken(
    request: LockTokenRequest,
    callback: (error: ServiceError | null, response: LockTokenResponse) => void,
  ): ClientUnaryCall;
  lockToken(
    request: LockTokenRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: LockTokenResponse) => void,
  ): ClientUnaryCall;
  lockToken(
    request: LockTokenRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: LockTokenResponse) => void,
  ): ClientUnaryCall;
  /** GetPolicy tells where the policy comes from, and whether it is the one in force. Role operator. */
  getPolicy(
    request: GetPolicyRequest,
    callback: (error: ServiceError | null, response: GetPolicyResponse) => void,
  ): ClientUnaryCall;
  getPolicy(
    request: GetPolicyRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: GetPolicyResponse) => void,
  ): ClientUnaryCall;
  getPolicy(
    request: GetPolicyRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: GetPolicyResponse) => void,
  ): ClientUnaryCall;
  /** GetEngineStatus tells how the engine is. Role operator. */
  getEngineStatus(
    request: GetEngineStatusRequest,
    callback: (error: ServiceError | null, response: GetEngineStatusResponse) => void,
  ): ClientUnaryCall;
  getEngineStatus(
    request: GetEngineStatusRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: GetEngineStatusResponse) => void,
  ): ClientUnaryCall;
  getEngineStatus(
    request: GetEngineStatusRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: GetEngineStatusResponse) => void,
  ): ClientUnaryCall;
  /** StopEngine has the engine end. Role operator. */
  stopEngine(
    request: StopEngineRequest,
    callback: (error: ServiceError | null, response: StopEngineResponse) => void,
  ): ClientUnaryCall;
  stopEngine(
    request: StopEngineRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: StopEngineResponse) => void,
  ): ClientUnaryCall;
  stopEngine(
    request: StopEngineRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: StopEngineResponse) => void,
  ): ClientUnaryCall;
  /** GetMetrics answers the engine's figures. Role metrics. */
  getMetrics(
    request: GetMetricsRequest,
    callback: (error: ServiceError | null, response: GetMetricsResponse) => void,
  ): ClientUnaryCall;
  getMetrics(
    request: GetMetricsRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: GetMetricsResponse) => void,
  ): ClientUnaryCall;
  getMetrics(
    request: GetMetricsRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: GetMetricsResponse) => void,
  ): ClientUnaryCall;
  /** GetAuditHead tells where the audit log ends. Role auditor. */
  getAuditHead(
    request: GetAuditHeadRequest,
    callback: (error: ServiceError | null, response: GetAuditHeadResponse) => void,
  ): ClientUnaryCall;
  getAuditHead(
    request: GetAuditHeadRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: GetAuditHeadResponse) => void,
  ): ClientUnaryCall;
  getAuditHead(
    request: GetAuditHeadRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: GetAuditHeadResponse) => void,
  ): ClientUnaryCall;
  /** ReadAuditLog answers the audit log, or what it is verified with, from a place on. Role auditor. */
  readAuditLog(
    request: ReadAuditLogRequest,
    options?: Partial<CallOptions>,
  ): ClientReadableStream<ReadAuditLogResponse>;
  readAuditLog(
    request: ReadAuditLogRequest,
    metadata?: Metadata,
    options?: Partial<CallOptions>,
  ): ClientReadableStream<ReadAuditLogResponse>;
  /** SetKeyState takes a key, and with it the other half of its pair, from one state to another. Role user or so. */
  setKeyState(
    request: SetKeyStateRequest,
    callback: (error: ServiceError | null, response: SetKeyStateResponse) => void,
  ): ClientUnaryCall;
  setKeyState(
    request: SetKeyStateRequest,
    metadata: Metadata,
    callback: (error: ServiceError | null, response: SetKeyStateResponse) => void,
  ): ClientUnaryCall;
  setKeyState(
    request: SetKeyStateRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: SetKeyStateResponse) => void,
  ): ClientUnaryCall;
  /** CreateBackup takes a token out, encrypted. Not there yet. */
  createBackup(
    request: CreateBackupRequest,
    options?: Partial<CallOptions>,
  ): ClientReadableStream<CreateBackupResponse>;
  createBackup(
    request: CreateBackupRequest,
    metadata?: Metadata,
    options?: Partial<CallOptions>,
  ): ClientReadableStream<CreateBackupResponse>;
  /** RestoreBackup brings one back. Not there yet. */
  restoreBackup(
    callback: (error: ServiceError | null, response: RestoreBackupResponse) => void,
  ): ClientWritableStream<RestoreBackupRequest>;
  restoreBackup(
    metadata: Metadata,
    callback: (error: ServiceError | null, response: RestoreBackupResponse) => void,
  ): ClientWritableStream<RestoreBackupRequest>;
  restoreBackup(
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: RestoreBackupResponse) => void,
  ): ClientWritableStream<RestoreBackupRequest>;
  restoreBackup(
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: RestoreBackupResponse) => void,
  ): ClientWritableStream<RestoreBackupRequest>;
}

export const AdminClient = makeGenericClientConstructor(AdminService, "strongroom.v1.Admin") as unknown as {
  new (address: string, credentials: ChannelCredentials, options?: Partial<ClientOptions>): AdminClient;
  service: typeof AdminService;
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
