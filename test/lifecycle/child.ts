/** A program that calls the library as it is told, a line a call: how the tests of this folder come through the C ABI. */
import { createInterface } from 'node:readline';
import pkcs11js from 'pkcs11js';

type Told =
  | string
  | number
  | boolean
  | null
  | { readonly hex: string }
  | { readonly [key: string]: Told }
  | Told[];

function bytesIn(told: Told): unknown {
  if (Array.isArray(told)) return told.map(bytesIn);
  if (typeof told !== 'object' || told === null) return told;
  if (typeof told.hex === 'string') return Buffer.from(told.hex, 'hex');
  return Object.fromEntries(Object.entries(told).map(([name, value]) => [name, bytesIn(value)]));
}

function hexIn(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return { hex: value.toString('hex') };
  if (Array.isArray(value)) return value.map(hexIn);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, hexIn(each)]));
}

const lib = new pkcs11js.PKCS11();
lib.load(process.argv[2] ?? '');
lib.C_Initialize();

for await (const line of createInterface(process.stdin)) {
  const [name, ...args] = JSON.parse(line) as [keyof pkcs11js.PKCS11, ...Told[]];
  let answer: unknown;
  try {
    const call = lib[name] as (...given: unknown[]) => unknown;
    answer = { ok: hexIn(call.apply(lib, args.map(bytesIn))) ?? null };
  } catch (error) {
    // Some of its functions say it in words alone.
    const [, said] = /^CKR_\w+:(\d+)/.exec(error instanceof Error ? error.message : '') ?? [];
    if (!(error instanceof pkcs11js.Pkcs11Error) && said === undefined) throw error;
    answer = { rv: error instanceof pkcs11js.Pkcs11Error ? error.code : Number(said) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
lib.C_Finalize();
lib.close();
