/** Labels of tokens, as calls bring them. */
import type { Span } from './arguments.ts';

/** A token's label as it came: 32 bytes, padded. */
export function labelText(label: Span): string {
  // C_InitToken's label is 32 bytes, padded with blanks; some callers pad with zeros.
  const bytes = Buffer.from(label.buffer.subarray(label.offset, label.offset + label.length));
  return bytes.toString('utf8').replace(/[\0 ]+$/, '');
}
