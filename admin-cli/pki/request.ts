/** Somebody else's request for a certificate (PKCS #10): whether he has the key, and what he may be called. */
import { keyOf, signedBy } from '../../module/certificates/signatures.ts';
import { type Names, type Request, readRequest } from '../../module/certificates/x509.ts';
import { Problem, usage } from '../problem.ts';
import { plain } from '../terminal.ts';
import { readPem } from './files.ts';
import { allNames, checkedNames } from './names.ts';

/** Curves whose signatures TLS 1.3 knows. */
const curves = ['prime256v1', 'secp384r1', 'secp521r1'];
const SHORTEST_RSA = 2048;
const LONGEST_RSA = 8192;

export interface Asking {
  readonly publicKey: Buffer;
  /** What it asks to be called, not looked at yet. */
  readonly request: Request;
}

/** @throws Problem for a request that is none, whose signature is not its key's, or whose key is too weak */
export function readRequestFile(file: string): Asking {
  const der = readPem(file, 'CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST');
  let request: Request;
  try {
    request = readRequest(der);
  } catch {
    throw new Problem(`${plain(file)} is no request for a certificate that could be read`);
  }
  const weakness = weaknessOf(request.publicKey);
  if (weakness !== undefined) throw new Problem(`the key of the request in ${plain(file)} ${weakness}`);
  if (!signedBy(request, request.publicKey))
    throw new Problem(
      `the request in ${plain(file)} is not signed with its own key`,
      'Whoever made it may not have that key, or it was changed on its way: ask for it again.',
    );
  return { publicKey: request.publicKey, request };
}

function weaknessOf(publicKey: Buffer): string | undefined {
  let key: ReturnType<typeof keyOf>;
  try {
    key = keyOf(publicKey);
  } catch {
    return 'is none';
  }
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa')
    return modulusLength >= SHORTEST_RSA && modulusLength <= LONGEST_RSA
      ? undefined
      : `has ${modulusLength} bits, where RSA needs ${SHORTEST_RSA} to ${LONGEST_RSA}`;
  if (key.asymmetricKeyType === 'ec')
    return curves.includes(namedCurve) ? undefined : 'is on a curve that TLS has not';
  return key.asymmetricKeyType === 'ed25519' ? undefined : 'is of a kind that TLS can’t use';
}

/** The names for a request: those that the operator gave, or all that it asks for when he accepts them. */
export function namesFor({ request }: Asking, given: Names, accept: boolean): Names {
  const { names } = request;
  const some = allNames(given).length > 0;
  if (accept && some)
    throw usage(
      'either the names of the request are accepted, or others are given',
      'Leave --accept-names out, or the names.',
    );
  if (some) return given;
  const asked = plain(allNames(names).join(', '));
  if (!accept)
    throw usage(
      'a certificate bears the names that you give it, and there is none',
      asked === ''
        ? 'The request asks for none either: --dns, --ip, --spiffe or --name.'
        : `The request asks for ${asked}: give them, or --accept-names.`,
    );
  const other = names.uri.find((uri) => !uri.startsWith('spiffe://'));
  if (other !== undefined) throw usage(`the request asks for ${plain(other)}, which is no name here`);
  // What is no ASCII in a request is none in the certificate's form either; nobody knows which letters were meant.
  const odd = names.dns.find((name) => !/^[\x21-\x7e]*$/.test(name));
  if (odd !== undefined) throw usage(`the request asks for “${plain(odd)}”, which is no name of a machine`);
  return checkedNames({ name: names.commonName, dns: names.dns, ip: names.ip, spiffe: names.uri });
}
