/**
 * A copy of secret bytes in memory of its own, which nothing moves or copies behind our back. V8 keeps typed arrays of up to
 * 64 bytes inside its heap, whose objects the collector moves without erasing where they were; an ArrayBuffer that was
 * made first is outside.
 */
export function secretCopy(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new ArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}
