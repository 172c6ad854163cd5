/** The tokens that an application sees. */
import { status } from '@grpc/grpc-js';
import { Refusal } from '../cryptoki-client/answers.ts';
import * as C from '../cryptoki-client/generated/constants.ts';
import type { Cryptoki } from '../cryptoki-client/generated/cryptoki.ts';
import { missing, Problem, wrong } from '../errors/problem.ts';

/** More tokens than any engine has. */
const SLOTS_MOST = 4096;

export interface TokenInfo {
  readonly slot: number;
  readonly label: string;
  readonly serial: string;
  /** CKF_… */
  readonly flags: number;
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8').trimEnd();

/** Of CK_TOKEN_INFO. */
function read(slot: number, info: Uint8Array): TokenInfo {
  return {
    slot,
    label: text(info.subarray(0, 32)),
    serial: text(info.subarray(80, 96)),
    flags: Number(new DataView(info.buffer, info.byteOffset).getBigUint64(96, true)),
  };
}

export const isInitialized = ({ flags }: TokenInfo): boolean => (flags & C.CKF_TOKEN_INITIALIZED) !== 0;

/** All of them, free slots included. */
export async function listTokens(p11: Cryptoki): Promise<TokenInfo[]> {
  const { slots } = await p11.C_GetSlotList({ tokenPresent: C.CK_TRUE, slots: SLOTS_MOST });
  const found = slots.map(async (slot) => {
    try {
      const { info } = await p11.C_GetTokenInfo({ slot });
      return [read(slot, info)];
    } catch (error) {
      // It has gone between the two.
      if (error instanceof Refusal && error.rv === C.CKR_SLOT_ID_INVALID) return [];
      throw error;
    }
  });
  return (await Promise.all(found)).flat();
}

/** The token of that label, and serial number if one is given; the only one when nothing is said. */
export function pickToken(
  all: readonly TokenInfo[],
  label: string,
  field: string,
  serial?: string,
): TokenInfo {
  const tokens = all.filter(isInitialized);
  const fitting = tokens.filter(
    (token) => (label === '' || token.label === label) && (serial === undefined || token.serial === serial),
  );
  const [first, second] = fitting;
  if (first === undefined) throw missing(field, 'CKR_TOKEN_NOT_PRESENT', 'no such token is seen');
  if (second === undefined) return first;
  if (label === '' && serial === undefined)
    throw wrong(field, 'it must be given, since more than one token is seen');
  throw new Problem(
    status.FAILED_PRECONDITION,
    'CKR_TOKEN_NOT_RECOGNIZED',
    `${field}: more than one token has this label; a URI with the serial number tells them apart`,
    field,
  );
}
