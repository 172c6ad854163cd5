/**
 * `fill-store.ts FOLDER COUNT PIN`: puts COUNT private AES keys into the first token of a store whose engine has ended, by the engine's own
 * store, some thousand of them in a transaction. A secret key that the token has already is their pattern; each gets a value, a label, an
 * id and a check value of its own.
 */
import path from 'node:path';
import { loadEnclave } from '../../module/enclave/load.ts';
import {
  CKA_CHECK_VALUE,
  CKA_CLASS,
  CKA_ID,
  CKA_LABEL,
  CKA_UNIQUE_ID,
  CKO_SECRET_KEY,
} from '../../module/engine/generated/constants.ts';
import { AttributeSet, ulongValue } from '../../module/engine/objects/attribute-set.ts';
import { newObjectId, uniqueIdValue } from '../../module/engine/objects/unique-id.ts';
import { OpenedRow } from '../../module/engine/store/rows.ts';
import { Store } from '../../module/engine/store/store.ts';

const AT_ONCE = 4096;
const [folder = '', wanted = '', pinText = ''] = process.argv.slice(2);
const count = Number(wanted);
const enclave = loadEnclave(path.join(import.meta.dirname, '../../out/lib/strongroom/enclave.node'));

function good(result: number): number {
  if (result < 0) throw new Error(`-CKR 0x${(-result).toString(16)}`);
  return result;
}

const store = Store.open(folder, enclave);
const token = store.tokens()[0];
const keyslot = token?.keyslots.get(1)?.factors[0];
if (token === undefined || keyslot === undefined) throw new Error('no token with a user PIN');
const { iterations } = JSON.parse(keyslot.parameters) as { iterations: number };
const pin = new TextEncoder().encode(pinText);
const kek = good(enclave.pinDerivePbkdf2Now(pin, 0, pin.length, keyslot.salt, iterations));
const master = store.unlock(token, 1, kek);
if (master === null) throw new Error('the PIN was refused');
const stored: AttributeSet[] = [];
const load = store.objects.loadPrivate(token, master, ({ bytes, from, to }) => {
  for (let at = from; at < to; at = OpenedRow.end(bytes, at))
    stored.push(AttributeSet.unpack(bytes.slice(OpenedRow.attributesAt(at), OpenedRow.end(bytes, at))));
});
while (!load.step());
const pattern = stored.find((attributes) => attributes.ulong(CKA_CLASS) === CKO_SECRET_KEY);
if (pattern === undefined) throw new Error('the token has no secret key that could be a pattern');

for (let made = 0; made < count; ) {
  const rows = [];
  for (; made < count && rows.length < AT_ONCE; made++) {
    const id = newObjectId();
    const value = good(enclave.keyGenerateSecret(32));
    const check = new Uint8Array(3);
    good(enclave.keyCheckValue(value, true, check, 0));
    const attributes = pattern.with([
      [CKA_UNIQUE_ID, uniqueIdValue(id)],
      [CKA_LABEL, new TextEncoder().encode(`key ${made}`)],
      [CKA_ID, ulongValue(made)],
      [CKA_CHECK_VALUE, check],
    ]);
    rows.push({ id, private: true, attributes: attributes.packed, value });
  }
  store.objects.putAll(token, rows, master);
  for (const { value } of rows) enclave.keyFree(value);
}
store.close();
