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
] as const;

export type OperationName = (typeof operations)[number];
