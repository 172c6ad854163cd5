/** One use of a key for each operation of the table, as a program makes it: in one part, in several, and with something between. */
import { createCipheriv } from 'node:crypto';
import * as ck from '../../module/engine/generated/constants.ts';
import type { OperationName } from '../../schema/lifecycle/states.ts';
import { aesKey, attributes, ecPair, type Hex, hex, macKey, type Program, type Values } from './program.ts';

/** A way of using a key: calls that begin, then calls that go on. Each gives its CK_RV; the first that is refused is the use's answer. */
export interface Way {
  readonly name: 'one part' | 'several parts' | 'at once';
  begin?(program: Program, session: Hex, key: Hex): Promise<string>;
  goOn(program: Program, session: Hex, key: Hex): Promise<string>;
}

export interface Cell {
  readonly operation: OperationName;
  make(program: Program, session: Hex, more: Values): Promise<Hex>;
  readonly ways: readonly Way[];
  /** What a refusal is called where it is not CKR_KEY_FUNCTION_NOT_PERMITTED. */
  readonly refusal?: string;
}

/** pkcs11js's number for the parameter's layout. */
const CK_PARAMS_EC_DH = 6;
const DATA = hex('what is protected, or was protected before');
const room = (bytes: number): Hex => hex(Buffer.alloc(bytes));
const ecdsa = { mechanism: ck.CKM_ECDSA_SHA256 };
const hmac = { mechanism: ck.CKM_SHA256_HMAC };
const cbc = { mechanism: ck.CKM_AES_CBC_PAD, parameter: hex(Buffer.alloc(16, 5)) };
const keyWrap = { mechanism: ck.CKM_AES_KEY_WRAP_KWP };

async function inTurn(...calls: readonly (() => Promise<string>)[]): Promise<string> {
  for (const call of calls) {
    const rv = await call();
    if (rv !== 'CKR_OK') return rv;
  }
  return 'CKR_OK';
}

/** Init, and then one part or several. */
function ways(
  name: 'Sign' | 'Verify' | 'Encrypt' | 'Decrypt',
  mechanism: typeof ecdsa | typeof cbc,
  input: Hex,
  wrong?: Hex,
): Way[] {
  const begin = (program: Program, session: Hex, key: Hex) =>
    program.rv(`C_${name}Init`, session, mechanism, key);
  // Verification of a signature that is none is as good as one that is: the key was used for it.
  const asked = (rv: string) => (rv === 'CKR_SIGNATURE_INVALID' ? 'CKR_OK' : rv);
  const last = name === 'Verify' ? (wrong ?? room(64)) : room(256);
  return [
    {
      name: 'one part',
      begin,
      goOn: async (program, session) => asked(await program.rv(`C_${name}`, session, input, last)),
    },
    {
      name: 'several parts',
      begin: (program, session, key) =>
        inTurn(
          () => begin(program, session, key),
          () =>
            name === 'Encrypt' || name === 'Decrypt'
              ? program.rv(`C_${name}Update`, session, input, room(256))
              : program.rv(`C_${name}Update`, session, input),
        ),
      goOn: async (program, session) => asked(await program.rv(`C_${name}Final`, session, last)),
    },
  ];
}

const hidden = new Map<string, Hex>();
/** A target of wrapping, and something that unwraps, made once in each session. */
async function wrapped(program: Program, session: Hex, key: Hex): Promise<Hex> {
  const known = hidden.get(key.hex);
  if (known !== undefined) return known;
  const blob = await program.ok<Hex>(
    'C_WrapKey',
    session,
    keyWrap,
    key,
    await aesKey(program, session),
    room(64),
  );
  hidden.set(key.hex, blob);
  return blob;
}

const imported: Values = {
  [ck.CKA_CLASS]: ck.CKO_SECRET_KEY,
  [ck.CKA_KEY_TYPE]: ck.CKK_AES,
};

export const cells: readonly Cell[] = [
  {
    operation: 'sign',
    make: async (program, session, more) => (await ecPair(program, session, more)).priv,
    ways: ways('Sign', ecdsa, DATA),
  },
  {
    operation: 'verify',
    make: async (program, session, more) => (await ecPair(program, session, more)).pub,
    ways: ways('Verify', ecdsa, DATA),
  },
  {
    operation: 'verify',
    make: macKey,
    ways: ways('Verify', hmac, DATA, room(32)),
  },
  { operation: 'MAC', make: macKey, ways: ways('Sign', hmac, DATA) },
  { operation: 'encrypt', make: aesKey, ways: ways('Encrypt', cbc, DATA) },
  {
    operation: 'decrypt',
    // A ciphertext of the block of padding that comes of nothing, under a key that is known.
    make: (program, session, more) =>
      program.ok(
        'C_CreateObject',
        session,
        attributes({
          ...imported,
          [ck.CKA_VALUE]: hex(Buffer.alloc(32, 1)),
          [ck.CKA_DECRYPT]: true,
          ...more,
        }),
      ),
    ways: ways('Decrypt', cbc, hex(emptyCiphertext())),
  },
  {
    operation: 'wrap',
    make: aesKey,
    ways: [
      {
        name: 'at once',
        goOn: async (program, session, key) =>
          program.rv('C_WrapKey', session, keyWrap, key, await aesKey(program, session), room(64)),
      },
    ],
  },
  {
    operation: 'unwrap',
    make: async (program, session, more) => {
      const key = await aesKey(program, session, more);
      // While it is active, as everything that it protected was made.
      if (Object.keys(more).length === 0) await wrapped(program, session, key);
      return key;
    },
    ways: [
      {
        name: 'at once',
        goOn: (program, session, key) =>
          program.rv(
            'C_UnwrapKey',
            session,
            keyWrap,
            key,
            hidden.get(key.hex) ?? room(40),
            attributes({ ...imported, [ck.CKA_TOKEN]: false }),
          ),
      },
    ],
  },
  {
    operation: 'derive',
    make: async (program, session, more) => (await ecPair(program, session, more)).priv,
    ways: [
      {
        name: 'at once',
        goOn: async (program, session, key) => {
          const { pub } = await ecPair(program, session);
          const point = await program.attribute(session, pub, ck.CKA_EC_POINT);
          const parameter = { type: CK_PARAMS_EC_DH, kdf: ck.CKD_NULL, publicData: { hex: point.slice(4) } };
          return program.rv(
            'C_DeriveKey',
            session,
            { mechanism: ck.CKM_ECDH1_DERIVE, parameter },
            key,
            attributes({ ...imported, [ck.CKA_VALUE_LEN]: 32, [ck.CKA_TOKEN]: false }),
          );
        },
      },
    ],
  },
  {
    operation: 'export',
    make: aesKey,
    refusal: 'CKR_KEY_NOT_WRAPPABLE',
    ways: [
      {
        name: 'at once',
        goOn: async (program, session, key) =>
          program.rv('C_WrapKey', session, keyWrap, await aesKey(program, session), key, room(64)),
      },
    ],
  },
  {
    operation: 'export',
    make: aesKey,
    refusal: 'CKR_ATTRIBUTE_SENSITIVE',
    ways: [
      {
        name: 'at once',
        goOn: async (program, session, key) => {
          const value = await program.attribute(session, key, ck.CKA_VALUE);
          return value.length === 64 ? 'CKR_OK' : value;
        },
      },
    ],
  },
];

/** AES-256-CBC with padding of no bytes, key 32 × 01, IV 16 × 05. */
function emptyCiphertext(): Buffer {
  const cipher = createCipheriv('aes-256-cbc', Buffer.alloc(32, 1), Buffer.alloc(16, 5));
  return cipher.final();
}
