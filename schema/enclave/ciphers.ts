/** Ciphers on secret keys. A row is all that the enclave wants to know of a cipher whose mode it has. */
import type { Row } from './row.ts';

/** What a cipher does with blocks, IV and end: the enclave has code for each of these, and for nothing else. */
export const modes = [
  { name: 'Ecb', number: 1, about: 'Whole blocks, no IV.' },
  { name: 'Cbc', number: 2, about: 'Whole blocks.' },
  { name: 'CbcPad', number: 3, about: "CBC with PKCS #7's padding." },
  { name: 'Ctr', number: 4, about: 'The IV is the counter block.' },
  { name: 'Gcm', number: 5, about: 'A tag behind the ciphertext.' },
  { name: 'KeyWrap', number: 6, about: 'RFC 3394; at once only.' },
  { name: 'KeyWrapPad', number: 7, about: 'RFC 5649; at once only.' },
] as const satisfies readonly Row[];

export interface CipherRow extends Row {
  readonly mode: (typeof modes)[number]['name'];
  /** OpenSSL's name for each size of key, in bytes. */
  readonly openssl: Readonly<Record<number, string>>;
  /** Bytes that an IV may have, least and most; and whether it may be left out. Without: there is none. */
  readonly iv?: readonly [least: number, most: number];
  readonly ivOptional?: true;
  /** The same block cipher alone, which the enclave wants for GCM with long IVs. */
  readonly block?: string;
}

/** OpenSSL's names of one mode of AES. */
function aes(mode: string): Readonly<Record<number, string>> {
  return { 16: `AES-128-${mode}`, 24: `AES-192-${mode}`, 32: `AES-256-${mode}` };
}

export const ciphers: readonly CipherRow[] = [
  { name: 'AesEcb', number: 1, mode: 'Ecb', openssl: aes('ECB') },
  { name: 'AesCbc', number: 2, mode: 'Cbc', openssl: aes('CBC'), iv: [16, 16] },
  { name: 'AesCbcPad', number: 3, mode: 'CbcPad', openssl: aes('CBC'), iv: [16, 16] },
  {
    name: 'AesCtr',
    number: 4,
    mode: 'Ctr',
    openssl: aes('CTR'),
    iv: [16, 16],
    about:
      '`iv` is the 16-byte counter block; `param` is ulCounterBits: when that many bits wrap, -CKR_DATA_LEN_RANGE.',
  },
  {
    name: 'AesGcm',
    number: 5,
    mode: 'Gcm',
    openssl: aes('GCM'),
    iv: [1, 256],
    block: 'AesEcb',
    about: '`param` is the tag length in bytes; output of encryption is ciphertext‖tag.',
  },
  {
    name: 'AesKeyWrap',
    number: 6,
    mode: 'KeyWrap',
    openssl: aes('WRAP'),
    iv: [8, 8],
    ivOptional: true,
    about: 'RFC 3394; `iv` empty means the default. One-shot only.',
  },
  {
    name: 'AesKeyWrapPad',
    number: 7,
    mode: 'KeyWrapPad',
    openssl: aes('WRAP-PAD'),
    iv: [4, 4],
    ivOptional: true,
    about: 'RFC 5649 (KWP); `iv` empty means the default. One-shot only.',
  },
];
