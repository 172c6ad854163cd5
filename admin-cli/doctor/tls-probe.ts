/** One attempt at TLS, as a client would make it, to learn what each side thinks of the other. */
import { isIP } from 'node:net';
import { connect, type PeerCertificate } from 'node:tls';

/** How long an address may take to answer. */
const PATIENCE_MS = 2000;
/** How long whoever accepted us may take to change his mind: in TLS 1.3 he looks at our certificate after we are done. */
const SECOND_THOUGHTS_MS = 500;

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What we show, and what we believe. */
export interface Identity {
  readonly ca?: Buffer | undefined;
  readonly cert?: Buffer | undefined;
  readonly key?: Buffer | undefined;
}

export interface Probe {
  /** Whether TLS came about. */
  readonly met: boolean;
  /** Why not, or why it ended again: a code of the system's or of OpenSSL's. */
  readonly code?: string | undefined;
  /** `TLSv1.3`. */
  readonly protocol?: string | undefined;
  /** The other's certificate, in DER. */
  readonly certificate?: Buffer | undefined;
  readonly peer?: PeerCertificate | undefined;
  /** Why we don't believe the other's certificate, in OpenSSL's word. */
  readonly distrust?: string | undefined;
}

export async function probe(address: Address, name: string, identity: Identity): Promise<Probe> {
  try {
    return await meet(address, name, identity);
  } catch (error) {
    // OpenSSL takes less than we do of what stands in files.
    return {
      met: false,
      code: error instanceof Error && 'code' in error ? String(error.code) : String(error),
    };
  }
}

function meet({ host, port }: Address, name: string, identity: Identity): Promise<Probe> {
  return new Promise((resolve) => {
    let seen: Probe = { met: false };
    const socket = connect({
      host,
      port,
      ...identity,
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ALPNProtocols: ['h2'],
      // An older version is found out, and not simply refused.
      minVersion: 'TLSv1.2',
      // Who the other is gets looked at afterwards, with everything else that is wrong with him.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    const end = (code?: string) => {
      clearTimeout(patience);
      socket.destroy();
      resolve(code === undefined ? seen : { ...seen, code });
    };
    let patience = setTimeout(() => end('ETIMEDOUT'), PATIENCE_MS);
    socket.once('secureConnect', () => {
      const peer = socket.getPeerCertificate();
      const { authorizationError } = socket;
      seen = {
        met: true,
        protocol: socket.getProtocol() ?? undefined,
        certificate: peer.raw,
        peer,
        distrust: socket.authorized ? undefined : String(authorizationError),
      };
      clearTimeout(patience);
      patience = setTimeout(end, SECOND_THOUGHTS_MS);
    });
    socket.once('data', () => end());
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    socket.once('close', () => end('closed'));
  });
}
