/** Private copies of bytes that came with a call, and comparing them. */
import type { Span } from '../values/arguments.ts';

export const EMPTY = new Uint8Array(0);

/** A copy that nobody else can write to; the span's memory is read once. */
export function copyOf(span: Span | null): Uint8Array {
  if (span === null || span.length === 0) return EMPTY;
  const copy = new Uint8Array(span.length);
  copyInto(span, copy, 0);
  return copy;
}

/** Copies a span to `target` from `at` on. */
export function copyInto(span: Span, target: Uint8Array, at: number): void {
  const { buffer, offset, length } = span;
  if (length > 64) {
    target.set(buffer.subarray(offset, offset + length), at);
    return;
  }
  // For an initialisation vector a loop is quicker than a view.
  for (let i = 0; i < length; i++) target[at + i] = buffer[offset + i] as number;
}

/** Whether `length` bytes at the start of `value` equal the span, in time that does not tell where they differ. */
export function equalsSpan(value: Uint8Array, length: number, span: Span): boolean {
  if (span.length !== length) return false;
  let difference = 0;
  for (let i = 0; i < length; i++) {
    difference |= (value[i] as number) ^ (span.buffer[span.offset + i] as number);
  }
  return difference === 0;
}
