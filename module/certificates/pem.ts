/** PEM (RFC 7468): DER for people's mail and files. */

/** PEM of one thing, in lines of 64 letters. */
export function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** Everything of one kind in a PEM text, in its order. */
export function fromPem(label: string, text: string): Buffer[] {
  const blocks = text.matchAll(
    new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`, 'g'),
  );
  return [...blocks].map(([, base64 = '']) => Buffer.from(base64, 'base64'));
}
