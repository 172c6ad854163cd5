// Generated from schema/cryptoki by scripts/generate.ts. Do not edit.

/** The kinds of operation of which a session can have one each under way. */
export const OperationKind = {
  Encrypt: 0,
  Decrypt: 1,
  Digest: 2,
  Sign: 3,
  SignRecover: 4,
  Verify: 5,
  VerifyRecover: 6,
  Find: 7,
  VerifySignature: 8,
  MessageEncrypt: 9,
  MessageDecrypt: 10,
  MessageSign: 11,
  MessageVerify: 12,
  EncryptedMessage: 13,
  DecryptedMessage: 14,
} as const;
export type OperationKind = (typeof OperationKind)[keyof typeof OperationKind];

export const operationKinds: readonly OperationKind[] = Object.values(OperationKind);
