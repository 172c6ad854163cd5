/** What comes with a call: bytes, templates and mechanisms, as they were taken off the lane. */

/**
 * Input bytes. `buffer` is the request's private copy, or, for the large data arguments that the schema marks as bulk,
 * memory that the client can rewrite meanwhile: such a span is only ever handed to the enclave, which reads each byte once.
 * Valid until the handler returns; a deferred handler copies what it needs later.
 */
export interface Span {
  readonly buffer: Uint8Array;
  readonly offset: number;
  readonly length: number;
}

/** An output byte argument: `present` false is the size query (NULL pointer); `capacity` is the caller's buffer in bytes. */
export interface Room {
  readonly present: boolean;
  readonly capacity: number;
}

/** One attribute of an input template; `value` null when the caller passed a NULL pointer with length 0. */
export interface TemplateEntry {
  readonly type: number;
  readonly value: Span | null;
  /** Entries of a nested template (CKA_WRAP_TEMPLATE and the like), already decoded; else undefined. */
  readonly nested?: readonly TemplateEntry[];
}

/** One entry of C_GetAttributeValue's template. */
export interface AttributeQuery {
  readonly type: number;
  readonly present: boolean;
  readonly capacity: number;
  /** For attribute arrays: the caller's inner template. */
  readonly nested?: readonly AttributeQuery[];
}

/**
 * A mechanism as it came over the lane. The parameter was flattened by the shim according to the mechanism's shape;
 * `parameter` holds its fields by name, undefined when the caller gave none (NULL, length 0).
 */
export interface MechanismArgument {
  readonly type: number;
  readonly parameter: MechanismParameter | undefined;
}
/** The shapes, by `shape`; spans are private copies. Field names follow the standard's structures without Hungarian prefixes. */
export type MechanismParameter =
  | { readonly shape: 'bytes'; readonly bytes: Span }
  | { readonly shape: 'ulong'; readonly value: number }
  | { readonly shape: 'pss'; readonly hashAlg: number; readonly mgf: number; readonly sLen: number }
  | {
      readonly shape: 'oaep';
      readonly hashAlg: number;
      readonly mgf: number;
      readonly source: number;
      readonly sourceData: Span | null;
    }
  | {
      readonly shape: 'ecdh1';
      readonly kdf: number;
      readonly sharedData: Span | null;
      readonly publicData: Span | null;
    }
  | { readonly shape: 'ctr'; readonly counterBits: number; readonly cb: Span }
  | {
      readonly shape: 'gcm';
      readonly iv: Span | null;
      readonly ivBits: number;
      readonly aad: Span | null;
      readonly tagBits: number;
    }
  /** Of C_WrapKey alone: the token makes the vector. */
  | { readonly shape: 'gcmWrap'; readonly message: MessageParameter; readonly aad: Span | null }
  | { readonly shape: 'eddsa'; readonly phFlag: boolean; readonly contextData: Span | null };

/** A mechanism whose parameter is that of one message; undefined where that has no layout that is known. */
export interface MessageMechanism {
  readonly type: number;
  readonly parameter: MessageParameter | undefined;
}

/** The parameter of one message (CK_GCM_MESSAGE_PARAMS), as the shim has flattened it; spans are private copies. */
export interface MessageParameter {
  /** Whether there is room for a vector, and how long it is. */
  readonly ivGiven: boolean;
  readonly ivLength: number;
  readonly ivFixedBits: number;
  readonly ivGenerator: number;
  /** Whether there is room for a tag; where a message is opened it comes behind the data. */
  readonly tagGiven: boolean;
  readonly tagBits: number;
  /** The vector itself, or the part of it that the caller fixes; null where the token makes it. */
  readonly iv: Span | null;
}
