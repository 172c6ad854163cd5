/**
 * Makes requests: for every function of the standard, arguments of the shapes that its row names, mostly sensible, and then mutated.
 * The layout is schema/cryptoki/functions.ts'; nothing here is shared with the engine's reader.
 */
import { constants } from '../../schema/cryptoki/constants.ts';
import { type Argument, type CryptokiFunction, functions } from '../../schema/cryptoki/functions.ts';
import { mechanisms, type ParameterShapeName, parameterShapes } from '../../schema/cryptoki/mechanisms.ts';
import { madeVector, message, ofMessages, sealed, type Words } from './message-requests.ts';
import { type Random, RequestWriter } from './writer.ts';

const numberOf = new Map<string, number>(constants.map(({ name, value }) => [name, Number(value)]));
/** The value of a constant of the standard. */
export function value(name: string): number {
  const found = numberOf.get(name);
  if (found === undefined) throw new RangeError(`no constant ${name}`);
  return found;
}

export type KeyName =
  | 'aes'
  | 'secret'
  | 'ec'
  | 'ecPublic'
  | 'rsa'
  | 'rsaPublic'
  | 'ed'
  | 'edPublic'
  | 'x'
  | 'data';

/** What the generator knows about the world: handles that the engine has given out. */
export interface World {
  readonly sessions: number[];
  readonly keys: Map<KeyName, number>;
  readonly objects: number[];
  readonly slot: number;
  readonly userPin: Uint8Array;
  readonly soPin: Uint8Array;
}

/** Which keys go with a mechanism, by the key type of its row. */
const fitting: Readonly<Record<string, readonly KeyName[]>> = {
  CKK_AES: ['aes'],
  CKK_GENERIC_SECRET: ['secret'],
  CKK_EC: ['ec', 'ecPublic'],
  CKK_RSA: ['rsa', 'rsaPublic'],
  CKK_EC_EDWARDS: ['ed', 'edPublic'],
  CKK_EC_MONTGOMERY: ['x'],
};

const absurd = [
  0,
  1,
  2,
  7,
  8,
  255,
  4096,
  65535,
  65536,
  65537,
  0x7fffffff,
  0xffffffff,
  -1,
  2 ** 40,
  2 ** 53,
  2 ** 62,
];
const attributeTypes = [...numberOf.keys()].filter((name) => name.startsWith('CKA_'));
const curves = [
  [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
  [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a],
  [0x06, 0x03, 0x2b, 0x65, 0x70],
  [0x06, 0x03, 0x2b, 0x65, 0x6e],
];

export function ulongBytes(number: number): Uint8Array {
  return new RequestWriter().ulong(number).done();
}

/** The rows that travel by their arguments, with their numbers on the wire. */
export const rows: readonly { readonly fn: number; readonly row: CryptokiFunction }[] = functions
  .map((row, index) => ({ fn: index + 1, row }))
  .filter(({ row }) => row.place === 'engine');

/** One request, and the bytes that its bulk argument finds in the shared area. */
export interface Request {
  readonly fn: number;
  readonly bytes: Uint8Array;
}

export class Generator {
  readonly #random: Random;
  readonly #world: World;
  readonly #words: Words;

  constructor(random: Random, world: World) {
    this.#random = random;
    this.#world = world;
    this.#words = { random, number: () => this.#number() };
  }

  /** A request for a function, or for any. */
  request(among: readonly { readonly fn: number; readonly row: CryptokiFunction }[] = rows): Request {
    const r = this.#random;
    const { fn, row } = r.of(among);
    const bytes = this.#arguments(row);
    return { fn, bytes: r.chance(25) ? this.#mutated(bytes) : bytes };
  }

  #arguments(row: CryptokiFunction): Buffer {
    const out = new RequestWriter();
    const mechanism = this.#mechanismFor(row);
    for (const argument of row.args) this.#argument(out, argument, row.name, mechanism);
    return out.done();
  }

  #mechanismFor(row: CryptokiFunction): (typeof mechanisms)[number] {
    const r = this.#random;
    const { name } = row;
    const sealing = mechanisms.filter(({ flags }) => flags.some((one) => one === 'message_encrypt'));
    if (ofMessages(row) && r.chance(96)) return r.of(sealing);
    const flag = /^C_(Sign|Verify|Encrypt|Decrypt|Digest|Wrap|Unwrap|Derive)/.exec(name)?.[1]?.toLowerCase();
    const wanted = flag ?? (name === 'C_GenerateKeyPair' ? 'generate_key_pair' : 'generate');
    const fits = mechanisms.filter(({ flags }) => flags.some((one) => one === wanted));
    return fits.length > 0 && r.chance(90) ? r.of(fits) : r.of(mechanisms);
  }

  #argument(
    out: RequestWriter,
    argument: Argument,
    name: string,
    mechanism: (typeof mechanisms)[number],
  ): void {
    const r = this.#random;
    switch (argument.kind) {
      case 'session':
        out.ulong(
          r.chance(97) && this.#world.sessions.length > 0 ? r.of(this.#world.sessions) : this.#number(),
        );
        return;
      case 'ulong':
        out.ulong(this.#named(argument.name, mechanism));
        return;
      case 'bytes':
        this.#bytes(out, argument, name);
        return;
      case 'text32':
        out.content(r.bytes(32));
        return;
      case 'mechanism':
        this.#mechanism(out, mechanism, argument);
        return;
      case 'messageMechanism':
        out.ulong(r.chance(98) ? 1 : 0).ulong(value(mechanism.name));
        message(out, this.#words);
        return;
      case 'message':
        message(out, this.#words);
        return;
      case 'sealed':
        sealed(out, this.#words);
        return;
      case 'template':
        this.#template(out, 0, mechanism);
        return;
      case 'query':
        this.#query(out, 0);
        return;
      case 'room':
      case 'sealedRoom':
      case 'list':
        out.ulong(r.chance(85) ? 1 : 0).ulong(r.chance(80) ? 64 + r.below(5000) : this.#number());
        return;
      case 'fill':
      case 'found':
        out.ulong(r.chance(85) ? r.below(300) : this.#number());
    }
  }

  #number(): number {
    return this.#random.chance(50) ? this.#random.of(absurd) : this.#random.below(200);
  }

  #named(name: string, mechanism: (typeof mechanisms)[number]): number {
    const r = this.#random;
    if (r.chance(4)) return this.#number();
    switch (name) {
      case 'slot':
        return this.#world.slot;
      case 'flags':
        return r.of([4, 6, 6, 0, 1, 1, 2, -1]);
      case 'userType':
        return r.of([1, 1, 1, 0, 2, 3]);
      case 'type':
        return value(mechanism.name);
      case 'length':
        return r.below(2000);
      default:
        return this.#key(mechanism);
    }
  }

  #key(mechanism: (typeof mechanisms)[number]): number {
    const r = this.#random;
    const names = mechanism.keyTypes.flatMap((type) => fitting[type] ?? []);
    const key = names.length > 0 && r.chance(85) ? this.#world.keys.get(r.of(names)) : undefined;
    if (key !== undefined) return key;
    return this.#world.objects.length > 0 && r.chance(80) ? r.of(this.#world.objects) : this.#number();
  }

  #bytes(out: RequestWriter, argument: Extract<Argument, { kind: 'bytes' }>, name: string): void {
    const r = this.#random;
    if (argument.name.toLowerCase().includes('pin')) {
      const own = name === 'C_InitToken' ? this.#world.soPin : this.#world.userPin;
      out.bytes(r.chance(90) ? own : r.chance(50) ? null : r.bytes(r.below(300)));
    } else if (argument.nullable === true && r.chance(15)) {
      out.bytes(null);
    } else if (argument.bulk === true && r.chance(40)) {
      out.ulong(r.chance(85) ? r.below(200_000) : this.#number()).ulong(65536);
    } else {
      out.bytes(r.bytes(r.of([0, 1, 15, 16, 20, 32, 48, 64, 100, 256, 1000])));
    }
  }

  #pointer(out: RequestWriter, bytes: Uint8Array | null): void {
    if (bytes === null) out.ulong(0).ulong(0);
    else out.ulong(1).ulong(bytes.length).content(bytes);
  }

  #mechanism(
    out: RequestWriter,
    mechanism: (typeof mechanisms)[number],
    { nullable, bare, wraps }: Extract<Argument, { kind: 'mechanism' }>,
  ): void {
    const r = this.#random;
    if (nullable === true && r.chance(3)) {
      out.ulong(0);
      return;
    }
    if ((bare === true && r.chance(95)) || (wraps === 'encrypt' && r.chance(25))) {
      out.ulong(1).ulong(value(bare === true || r.chance(5) ? mechanism.name : 'CKM_AES_GCM'));
      if (bare === true) out.ulong(0);
      else madeVector(out, this.#words);
      return;
    }
    const shape = r.chance(96)
      ? mechanism.parameter
      : r.of(Object.keys(parameterShapes) as ParameterShapeName[]);
    const layout = parameterShapes[shape];
    out.ulong(1).ulong(value(mechanism.name));
    if (layout.kind === 'none') {
      out.ulong(0);
      return;
    }
    out.ulong(layout.kind === 'struct' ? 1 : 2);
    if (layout.kind === 'bytes')
      this.#pointer(out, r.bytes(r.chance(90) ? r.of(layout.lengths) : r.below(40)));
    else if (layout.kind === 'ulong') out.ulong(r.chance(90) ? r.below(70) : this.#number());
    else for (const field of layout.fields) this.#field(out, field.kind, field.name);
  }

  #field(out: RequestWriter, kind: 'ulong' | 'bool' | 'bytes' | 'inline', name: string): void {
    const r = this.#random;
    if (kind === 'ulong' || kind === 'bool') {
      const telling: Readonly<Record<string, readonly number[]>> = {
        hashAlg: [value('CKM_SHA_1'), value('CKM_SHA256'), value('CKM_SHA512')],
        mgf: [1, 2, 3, 4, 5],
        sLen: [0, 20, 32, 64],
        source: [0, 1],
        kdf: [1, 2, 5, 6, 7, 8],
        counterBits: [128, 64, 32, 1, 0],
        ivBits: [96, 128],
        tagBits: [128, 96, 64, 32, 0],
      };
      const good = telling[name];
      out.ulong(r.chance(92) ? r.of(good ?? [0, 1]) : this.#number());
    } else {
      const length = r.of(
        name === 'iv' ? [12, 12, 16, 0, 1] : name === 'cb' ? [16] : [0, 1, 32, 65, 67, 300],
      );
      this.#pointer(out, kind === 'bytes' && r.chance(20) ? null : r.bytes(length));
    }
  }

  #template(out: RequestWriter, depth: number, mechanism: (typeof mechanisms)[number]): void {
    const r = this.#random;
    const sensible = depth === 0 && r.chance(70);
    const count = r.below(6);
    const base: [number, Uint8Array][] = sensible ? this.#sensible(mechanism) : [];
    out.ulong(r.chance(98) ? base.length + count : this.#number());
    for (const [type, bytes] of base) out.attribute(type, bytes);
    for (let i = 0; i < count; i++) {
      const name = r.of(attributeTypes);
      const type = r.chance(95) ? value(name) : this.#number();
      const nested = name.endsWith('_TEMPLATE') && depth === 0;
      if (nested && r.chance(80)) {
        out.ulong(type).ulong(2);
        this.#template(out, depth + 1, mechanism);
      } else if (r.chance(95)) {
        out.attribute(
          type,
          r.chance(50)
            ? Uint8Array.of(r.below(2))
            : r.chance(50)
              ? ulongBytes(this.#number())
              : r.bytes(r.below(80)),
        );
      } else {
        out.ulong(type).ulong(r.of([0, 1, 2, 3, 77]));
      }
    }
  }

  #sensible(mechanism: (typeof mechanisms)[number]): [number, Uint8Array][] {
    const r = this.#random;
    const yesNo = (name: string): [number, Uint8Array] => [value(name), Uint8Array.of(r.below(2))];
    switch (mechanism.keyTypes[0]) {
      case 'CKK_AES':
      case 'CKK_GENERIC_SECRET':
        return [
          [value('CKA_CLASS'), ulongBytes(value('CKO_SECRET_KEY'))],
          [value('CKA_KEY_TYPE'), ulongBytes(value(mechanism.keyTypes[0]))],
          r.chance(50)
            ? [value('CKA_VALUE_LEN'), ulongBytes(r.of([16, 24, 32]))]
            : [value('CKA_VALUE'), r.bytes(r.of([16, 32]))],
          yesNo('CKA_TOKEN'),
          yesNo('CKA_EXTRACTABLE'),
        ];
      case 'CKK_RSA':
        return [[value('CKA_MODULUS_BITS'), ulongBytes(r.of([1024, 2048]))], yesNo('CKA_SIGN')];
      case undefined:
        return [
          [value('CKA_CLASS'), ulongBytes(value('CKO_DATA'))],
          yesNo('CKA_TOKEN'),
          yesNo('CKA_PRIVATE'),
        ];
      default:
        return [[value('CKA_EC_PARAMS'), Uint8Array.from(r.of(curves))], yesNo('CKA_TOKEN')];
    }
  }

  #query(out: RequestWriter, depth: number): void {
    const r = this.#random;
    const count = r.below(8);
    out.ulong(r.chance(98) ? count : this.#number());
    for (let i = 0; i < count; i++) {
      out.ulong(r.chance(95) ? value(r.of(attributeTypes)) : this.#number());
      if (depth === 0 && r.chance(8)) {
        out.ulong(2);
        this.#query(out, depth + 1);
      } else {
        out.ulong(r.below(2)).ulong(r.chance(80) ? r.below(600) : this.#number());
      }
    }
  }

  #mutated(bytes: Buffer): Uint8Array {
    const r = this.#random;
    if (bytes.length === 0) return r.bytes(r.below(40));
    const copy = Buffer.from(bytes);
    switch (r.below(6)) {
      case 0:
        return copy.subarray(0, r.below(copy.length));
      case 1:
        return Buffer.concat([copy, r.bytes(r.below(64))]);
      case 2: {
        const at = r.below(Math.max(1, copy.length >> 3)) * 8;
        if (at + 8 <= copy.length) copy.set(ulongBytes(r.of(absurd)), at);
        return copy;
      }
      case 3:
        for (let i = 0; i < 4; i++) copy[r.below(copy.length)] = r.next();
        return copy;
      default:
        copy[r.below(copy.length)] = (copy[r.below(copy.length)] ?? 0) ^ (1 << r.below(8));
        return copy;
    }
  }
}
