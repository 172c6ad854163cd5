/** The kinds of operation that a session can have under way, one of each at a time. A name's place in the list is its number. */
export const operations = [
  'encrypt',
  'decrypt',
  'digest',
  'sign',
  'signRecover',
  'verify',
  'verifyRecover',
  'find',
  'verifySignature',
  'messageEncrypt',
  'messageDecrypt',
  'messageSign',
  'messageVerify',
  // The message that is under way in parts, beside the process that it belongs to.
  'encryptedMessage',
  'decryptedMessage',
] as const;

export type OperationName = (typeof operations)[number];
