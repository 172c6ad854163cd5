/** Attributes' values as bytes. */

/** A CK_ULONG. */
export function number(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true);
  return bytes;
}

export const flag = (value: boolean): Uint8Array => Uint8Array.of(value ? 1 : 0);
export const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** The same back; undefined stays so. */
export function asNumber(bytes: Uint8Array | undefined): number | undefined {
  if (bytes?.length !== 8) return undefined;
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true));
}

export const asFlag = (bytes: Uint8Array | undefined): boolean => bytes?.[0] === 1;
export const asText = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('utf8');
