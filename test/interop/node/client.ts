// A client that does as it is told: reads one command a line, answers each with one line.
//
//   node client.ts MODULE LABEL
//
// login PIN | logout | private-keys LABEL | handle [HEX] | sign | generate LABEL |
// public-keys LABEL | session-data LABEL | find-data LABEL
// An answer is "ok ..." or "CKR ..." with the number of the CK_RV.
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import pkcs11js from 'pkcs11js';
import { attribute, codeOf, find, load, open, P256, slotOf } from './session.ts';

const [, , module = '', label = ''] = process.argv;
const p = pkcs11js;
const lib = load(module);
const session = open(lib, slotOf(lib, label));
const hash = createHash('sha256').update('two processes').digest();
// A handle outlives a logout in the client's memory; using it afterwards is what an attacker would try.
let key: Buffer | undefined;

function answer(command: string, argument: string): string {
  switch (command) {
    case 'login':
      lib.C_Login(session, p.CKU_USER, argument);
      return '';
    case 'logout':
      lib.C_Logout(session);
      return '';
    case 'private-keys': {
      const keys = find(lib, session, [
        { type: p.CKA_CLASS, value: p.CKO_PRIVATE_KEY },
        { type: p.CKA_LABEL, value: argument },
      ]);
      key ??= keys[0];
      return String(keys.length);
    }
    case 'handle':
      key = argument === '' ? undefined : Buffer.from(argument, 'hex');
      return '';
    case 'sign':
      if (key === undefined) throw new Error('no key is known yet');
      lib.C_SignInit(session, { mechanism: p.CKM_ECDSA }, key);
      return `${key.toString('hex')} ${lib.C_Sign(session, hash, Buffer.alloc(64)).toString('hex')}`;
    case 'generate': {
      const both = [
        { type: p.CKA_TOKEN, value: true },
        { type: p.CKA_LABEL, value: argument },
      ];
      const pair = lib.C_GenerateKeyPair(
        session,
        { mechanism: p.CKM_EC_KEY_PAIR_GEN },
        [...both, { type: p.CKA_EC_PARAMS, value: P256 }, { type: p.CKA_PRIVATE, value: false }],
        [...both, { type: p.CKA_SIGN, value: true }, { type: p.CKA_PRIVATE, value: true }],
      );
      return attribute(lib, session, pair.publicKey, p.CKA_EC_POINT).toString('hex');
    }
    case 'public-keys': {
      const template = [
        { type: p.CKA_CLASS, value: p.CKO_PUBLIC_KEY },
        { type: p.CKA_LABEL, value: argument },
      ];
      return String(find(lib, session, template).length);
    }
    case 'session-data':
      lib.C_CreateObject(session, [
        { type: p.CKA_CLASS, value: p.CKO_DATA },
        { type: p.CKA_TOKEN, value: false },
        { type: p.CKA_LABEL, value: argument },
        { type: p.CKA_VALUE, value: Buffer.from('mine') },
      ]);
      return '';
    case 'find-data': {
      const template = [
        { type: p.CKA_CLASS, value: p.CKO_DATA },
        { type: p.CKA_LABEL, value: argument },
      ];
      return String(find(lib, session, template).length);
    }
    default:
      throw new Error(`unknown command ${command}`);
  }
}

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [command = '', argument = ''] = line.split(' ');
  try {
    console.log(`ok ${answer(command, argument)}`.trimEnd());
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    console.log(`CKR ${code}`);
  }
}
lib.C_Finalize();
