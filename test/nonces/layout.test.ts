/** What the engine makes of parameters that wrap under a vector of the token's, also where no library sends them. */
import { describe, expect, test } from 'vitest';
import { callTable } from '../../module/engine/calls/generated/codec.ts';
import * as ck from '../../module/engine/generated/constants.ts';
import { Reader } from '../../module/engine/values/reader.ts';
import { RequestWriter } from '../fuzz/writer.ts';

const MADE_VECTOR = 4;
const IV = new Uint8Array(12).fill(7);
const AAD = Uint8Array.of(1, 2, 3);

/** A mechanism in that form, and nothing behind it but zeros. */
function request(
  type: number,
  words: readonly number[] = [1, 1, 12, 8, ck.CKG_GENERATE, 1, 128],
): Uint8Array {
  const out = new RequestWriter().ulong(1).ulong(type).ulong(MADE_VECTOR);
  for (const word of words) out.ulong(word);
  out.ulong(1).ulong(IV.length).content(IV).ulong(1).ulong(AAD.length).content(AAD);
  for (let i = 0; i < 20; i++) out.ulong(0);
  return out.done();
}

function decoded(name: string, bytes: Uint8Array): { mechanism?: { type: number; parameter: object } } {
  const reader = new Reader(bytes);
  reader.begin(bytes.length, bytes);
  return callTable.find((row) => row.name === name)?.decode(reader) ?? {};
}

describe('a vector that the token is to make', () => {
  test('comes with C_WrapKey', () => {
    const { mechanism } = decoded('C_WrapKey', request(ck.CKM_AES_GCM));
    expect(mechanism?.parameter).toMatchObject({
      shape: 'gcmWrap',
      message: { ivGiven: true, ivLength: 12, ivFixedBits: 8, ivGenerator: ck.CKG_GENERATE, tagBits: 128 },
      aad: { length: 3 },
    });
  });

  test.each(['C_UnwrapKey', 'C_EncryptInit', 'C_DecryptInit', 'C_SignInit', 'C_DeriveKey', 'C_GenerateKey'])(
    'does not come with %s',
    (name) => {
      expect(() => decoded(name, request(ck.CKM_AES_GCM))).toThrow(
        expect.objectContaining({ rv: ck.CKR_MECHANISM_PARAM_INVALID }),
      );
    },
  );

  test('does not come without a message', () => {
    expect(() => decoded('C_WrapKey', request(ck.CKM_AES_GCM, [3]))).toThrow(
      expect.objectContaining({ rv: ck.CKR_MECHANISM_PARAM_INVALID }),
    );
  });

  test.each([0, 8, 16, 24, 80, 96, 110])('is cut off at byte %i', (length) => {
    expect(() => decoded('C_WrapKey', request(ck.CKM_AES_GCM).subarray(0, length))).toThrow(
      expect.objectContaining({ rv: ck.CKR_ARGUMENTS_BAD }),
    );
  });
});
