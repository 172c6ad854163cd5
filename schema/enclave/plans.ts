/**
 * Plans: how an operation is to be done, made once and handed to the enclave as one number. A row is a field, from the lowest bits on; the
 * whole has at most 30 bits, so that it is a small integer to everybody.
 */
export interface PlanField {
  readonly name: string;
  /** What it holds in TypeScript, and what it is when nobody says so. */
  readonly type: 'Scheme' | 'Hash' | 'RsaPadding' | 'Cipher' | 'number' | 'boolean';
  readonly otherwise?: string;
  readonly bits: number;
  readonly about?: string;
}

export interface PlanRow {
  /** As TypeScript calls it; what C asks of it begins with the name in capitals. */
  readonly name: string;
  readonly about: string;
  readonly fields: readonly PlanField[];
}

export const plans: readonly PlanRow[] = [
  {
    name: 'signing',
    about: 'How a message is signed, and a signature checked.',
    fields: [
      { name: 'scheme', type: 'Scheme', bits: 5 },
      {
        name: 'hash',
        type: 'Hash',
        otherwise: 'Hash.None',
        bits: 5,
        about: 'What digests the message; without one it is used as it is.',
      },
      { name: 'mgfHash', type: 'Hash', otherwise: 'Hash.None', bits: 5, about: 'Of PSS.' },
      {
        name: 'saltLength',
        type: 'number',
        otherwise: '0',
        bits: 14,
        about: 'Bytes: of the salt with PSS; with HMAC, of the MAC that are given out (0: all).',
      },
      {
        name: 'prehashed',
        type: 'boolean',
        otherwise: 'false',
        bits: 1,
        about: 'What comes in is the digest under `hash` already (the end of several parts).',
      },
    ],
  },
];
