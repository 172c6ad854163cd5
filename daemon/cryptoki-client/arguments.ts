/** What a call takes and gives, as those who call the engine from TypeScript write it. */

/** A mechanism's parameter, field by field as its row in the schema has them. */
export type MechanismParameter =
  | { readonly shape: 'bytes'; readonly bytes: Uint8Array }
  | { readonly shape: 'ulong'; readonly value: number }
  | { readonly shape: 'pss'; readonly hashAlg: number; readonly mgf: number; readonly sLen: number }
  | {
      readonly shape: 'oaep';
      readonly hashAlg: number;
      readonly mgf: number;
      readonly source: number;
      readonly sourceData: Uint8Array | null;
    }
  | {
      readonly shape: 'ecdh1';
      readonly kdf: number;
      readonly sharedData: Uint8Array | null;
      readonly publicData: Uint8Array | null;
    }
  | { readonly shape: 'ctr'; readonly counterBits: number; readonly cb: Uint8Array }
  | {
      readonly shape: 'gcm';
      readonly iv: Uint8Array | null;
      readonly ivBits: number;
      readonly aad: Uint8Array | null;
      readonly tagBits: number;
    }
  | { readonly shape: 'eddsa'; readonly phFlag: boolean; readonly contextData: Uint8Array | null };

export interface Mechanism {
  readonly type: number;
  readonly parameter?: MechanismParameter;
}

/** One attribute of a template. */
export interface Attribute {
  readonly type: number;
  readonly value: Uint8Array | null;
  /** Instead of a value: the entries of a template in the template. */
  readonly nested?: readonly Attribute[];
}

/** One attribute that is asked for, and how long it may be. */
export interface Query {
  readonly type: number;
  readonly capacity: number;
}

/** What became of each: undefined where the engine gives none, with `length` where it was longer than the room for it. */
export interface QueryAnswer {
  readonly value: Uint8Array | undefined;
  readonly length: number | undefined;
}

/** Where a parameter's fields go. */
export interface ParameterWriter {
  ulong(value: number): void;
  /** Bytes behind a pointer, which may be NULL. */
  pointer(bytes: Uint8Array | null): void;
}
