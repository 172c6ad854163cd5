/**
 * For whom the network door speaks: what a client's certificate says. It travels with the greeting (HELLO) as JSON in UTF-8, at most
 * {@link PRINCIPAL_MOST} bytes; the engine takes it from the door's user alone, and from him only in exactly this form.
 */

/** Who a client is. */
export interface Principal {
  /**
   * The names of the certificate, as rules write them: `spiffe://…` for a SPIFFE URI, `dns:…` for a DNS name (lower case), `subject:…` for the
   * subject in the form of RFC 4514. The first is the one by which the client is called, and under which limits count.
   */
  readonly names: readonly string[];
  /** SHA-256 over the certificate, in lower-case hex. */
  readonly fingerprint: string;
  /** Where the client came from, as `host:port`: a hint for the log. */
  readonly address: string;
}

export const PRINCIPAL_MOST = 2048;
const NAMES_MOST = 16;

/** A name as a certificate may have it, in a form that rules can speak of. */
const NAME = /^(?:spiffe:\/\/|dns:|subject:)\P{Cc}{1,1000}$/u;

export function packPrincipal({ names, fingerprint, address }: Principal): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ names, fingerprint, address }));
}

/** Undefined when that is no principal. */
export function unpackPrincipal(bytes: Uint8Array): Principal | undefined {
  if (bytes.length > PRINCIPAL_MOST) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { names, fingerprint, address } = value as Record<string, unknown>;
  const named = Array.isArray(names) && names.length >= 1 && names.length <= NAMES_MOST;
  if (!named || !names.every((name): name is string => typeof name === 'string' && NAME.test(name)))
    return undefined;
  if (typeof fingerprint !== 'string' || !/^[0-9a-f]{64}$/.test(fingerprint)) return undefined;
  if (typeof address !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(address)) return undefined;
  return { names, fingerprint, address };
}
