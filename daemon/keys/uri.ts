/** PKCS#11 URIs (RFC 7512), as far as they name a key. */

export interface KeyUri {
  token?: string;
  serial?: string;
  object?: string;
  id?: Uint8Array;
  type?: 'public' | 'private' | 'secret-key';
}

/** No URI of a key; the message says why. */
export class UriError extends Error {
  override readonly name = 'UriError';
}

const TYPES: readonly string[] = ['public', 'private', 'secret-key'];
/** What a part may hold unescaped (RFC 7512, 2.3), and escapes. */
const PART = /^(?:[A-Za-z0-9\-._~:[\]@!$'()*+,=&]|%[0-9A-Fa-f]{2})*$/;

function bytesOf(value: string): Uint8Array {
  const text = value.replaceAll(/%([0-9A-Fa-f]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function textOf(name: string, value: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(value));
  } catch {
    throw new UriError(`${name} is no UTF-8`);
  }
}

export function parseKeyUri(uri: string): KeyUri {
  if (!uri.startsWith('pkcs11:')) throw new UriError('it does not begin with pkcs11:');
  if (uri.includes('?')) throw new UriError('it may not have a query: PINs are given to Login');
  const found: KeyUri = {};
  const seen = new Set<string>();
  const body = uri.slice('pkcs11:'.length);
  for (const part of body === '' ? [] : body.split(';')) {
    const at = part.indexOf('=');
    const name = part.slice(0, at);
    const value = part.slice(at + 1);
    if (at < 1 || !PART.test(value)) throw new UriError('a part of it is not NAME=VALUE');
    if (seen.has(name)) throw new UriError(`${name} stands there twice`);
    seen.add(name);
    switch (name) {
      case 'token':
        found.token = textOf(name, value);
        break;
      case 'serial':
        found.serial = textOf(name, value);
        break;
      case 'object':
        found.object = textOf(name, value);
        break;
      case 'id':
        found.id = bytesOf(value);
        break;
      case 'type': {
        const type = TYPES.find((known) => known === value);
        if (type === undefined) throw new UriError('its type is none of a key');
        found.type = type as NonNullable<KeyUri['type']>;
        break;
      }
      // All tokens here are ours, so these tell none from another.
      case 'manufacturer':
      case 'model':
        break;
      default:
        throw new UriError(`${name.slice(0, 40)} is not known here`);
    }
  }
  return found;
}
