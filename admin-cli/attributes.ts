/** An object's attributes by their names, in the types that we need. */
import { attributeIds } from '../schema/cryptoki/constants/attributes.ts';
import { CryptokiFailure, type Module } from './cryptoki.ts';

/** How many the addon reads at once. */
const atOnce = 32;

export class Attributes {
  readonly #values: ReadonlyMap<string, Uint8Array>;

  constructor(values: ReadonlyMap<string, Uint8Array>) {
    this.#values = values;
  }

  /** Undefined for one that is empty, or that the token does not give out. */
  bytes(name: string): Uint8Array | undefined {
    return this.#values.get(name);
  }

  text(name: string): string {
    return Buffer.from(this.bytes(name) ?? []).toString();
  }

  hex(name: string): string {
    return Buffer.from(this.bytes(name) ?? []).toString('hex');
  }

  /** A CK_BBOOL; one that is not there is no. */
  is(name: string): boolean {
    return this.bytes(name)?.[0] === 1;
  }

  /** A CK_ULONG in the machine's byte order, which on all our machines is little-endian. */
  number(name: string): number | undefined {
    const value = this.bytes(name);
    if (value?.length !== 8) return undefined;
    return Number(Buffer.from(value.buffer, value.byteOffset, 8).readBigUInt64LE());
  }
}

export function readAttributes(
  module: Module,
  session: number,
  object: number,
  names: readonly string[],
): Attributes {
  const found = new Map<string, Uint8Array>();
  for (let from = 0; from < names.length; from += atOnce) {
    const part = names.slice(from, from + atOnce);
    module.attributes(session, object, part.map(typeOf)).forEach((value, at) => {
      const name = part[at];
      if (name !== undefined && value !== null) found.set(name, value);
    });
  }
  return new Attributes(found);
}

/** The same of an object that was found, or undefined when somebody else has destroyed it since. */
export function readIfThere(
  module: Module,
  session: number,
  object: number,
  names: readonly string[],
): Attributes | undefined {
  try {
    return readAttributes(module, session, object, names);
  } catch (error) {
    if (error instanceof CryptokiFailure && error.rvName === 'CKR_OBJECT_HANDLE_INVALID') return undefined;
    throw error;
  }
}

/** Attributes by their names, with the values that they are to have. */
export type AttributeValues = Readonly<Record<string, boolean | number | string | Uint8Array>>;

/** The same as the addon takes them: a CK_BBOOL for a yes or no, a CK_ULONG for a number, UTF-8 for text. */
export function templateOf(attributes: AttributeValues): [number, Uint8Array][] {
  return Object.entries(attributes).map(([name, value]) => [typeOf(name), bytesOf(value)]);
}

function bytesOf(value: AttributeValues[string]): Uint8Array {
  if (typeof value === 'boolean') return Buffer.of(value ? 1 : 0);
  if (typeof value !== 'number') return Buffer.from(value);
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function typeOf(name: string): number {
  const row = attributeIds.find((candidate) => candidate.name === name);
  if (row === undefined) throw new RangeError(`the schema has no ${name}`);
  return row.value;
}
