/** Keys on another machine: whether our files are in order, and what that machine and we think of each other. */
import fs from 'node:fs';
import { checkServerIdentity } from 'node:tls';
import { signedBy } from '../../module/certificates/signatures.ts';
import { type Certificate, readCertificate } from '../../module/certificates/x509.ts';
import { allNames } from '../pki/names.ts';
import { plain } from '../terminal.ts';
import { type Finding, fine, type Section, wrong } from './finding.ts';
import { checkAuthorities, checkKey, checkOwn, day, moment, renewal, subjectOf } from './tls-files.ts';
import { type Address, type Identity, type Probe, probe } from './tls-probe.ts';
import { addressesIn, type Settings, shownAddress } from './tls-settings.ts';

export async function checkRemote(settings: Settings): Promise<Section> {
  const issue = 'strongroom pki issue --client …, where the authority is, makes one with its key';
  const authorities = checkAuthorities({ key: 'remote_ca', file: settings('remote_ca'), what: 'authority' });
  const file = settings('remote_certificate');
  const own = checkOwn(
    { key: 'remote_certificate', file, what: 'certificate' },
    'client',
    file === '' ? issue : renewal(file),
  );
  const key = checkKey({ key: 'remote_key', file: settings('remote_key'), what: 'key' }, own.value, 0o077);
  // What does not fit together is not shown to anybody.
  const shown = own.value !== undefined && key.value !== undefined;
  const identity: Identity = {
    ca: authorities.value && fs.readFileSync(settings('remote_ca')),
    ...(shown ? { cert: fs.readFileSync(file), key: fs.readFileSync(settings('remote_key')) } : {}),
  };
  const addresses = await Promise.all(
    addressesIn(settings('remote')).map(async (address) => {
      const name = settings('remote_name') || address.host;
      return judge(
        address,
        name,
        await probe(address, name, identity),
        authorities.value ?? [],
        shown ? own.value : undefined,
      );
    }),
  );
  identity.key?.fill(0);
  return {
    title: 'Remote',
    findings: [...authorities.findings, ...own.findings, ...key.findings, ...addresses.flat()],
  };
}

function judge(
  address: Address,
  name: string,
  seen: Probe,
  authorities: readonly Certificate[],
  own: Certificate | undefined,
): Finding[] {
  const where = shownAddress(address);
  if (!seen.met || seen.certificate === undefined) return [unreached(where, address, seen.code ?? '')];
  // What the chain says of it, OpenSSL has looked at; here it is only about who made our own.
  const kin =
    seen.distrust === undefined && authorities.some(({ publicKey }) => own && signedBy(own, publicKey));
  const findings = [
    ...aboutServer(where, name, seen, seen.certificate, authorities),
    ...aboutUs(where, seen, own, kin),
  ];
  return findings.length > 0 ? findings : [fine('server', `${where}, ${seen.protocol ?? 'TLS'}: ${name}`)];
}

/** Why there was not even TLS. */
export function unreached(where: string, { host }: Address, code: string): Finding {
  const lookElsewhere =
    'is strongroomd running there, with network.listen on that port? systemctl status strongroomd';
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return wrong(
        'server',
        `${where}: no machine of that name is known here (${code})`,
        `is it spelled right? getent hosts ${host}`,
      );
    case 'ECONNREFUSED':
      return wrong('server', `${where}: nobody listens there`, lookElsewhere);
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return wrong(
        'server',
        `${where}: no answer within 2 seconds (${code})`,
        'does a firewall stand between, or is the machine off?',
      );
    case 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION':
    case 'ERR_SSL_UNSUPPORTED_PROTOCOL':
      return wrong(
        'server',
        `${where}: it does not speak our version of TLS (${code})`,
        'is that strongroomd’s port? Its door speaks TLS 1.3',
      );
    case 'ECONNRESET':
    case 'closed':
      return wrong(
        'server',
        `${where}: it hung up before TLS came about`,
        'look into the log of the service there; it may have all the connections that it takes',
      );
    default:
      return wrong(
        'server',
        `${where}: no TLS came about (${plain(code)})`,
        `is that strongroomd’s port? ${lookElsewhere}`,
      );
  }
}

function aboutServer(
  where: string,
  name: string,
  { protocol, distrust, peer }: Probe,
  der: Buffer,
  authorities: readonly Certificate[],
): Finding[] {
  let server: Certificate;
  try {
    server = readCertificate(der);
  } catch {
    return [wrong('server', `${where}: its certificate can’t be read`, 'have another made for it')];
  }
  const findings: Finding[] = [];
  const say = (text: string, mend: string) => findings.push(wrong('server', `${where}: ${text}`, mend));
  const now = Date.now();
  if (protocol !== 'TLSv1.3')
    say(`it speaks ${protocol ?? 'another protocol'}, and not TLS 1.3`, 'is that strongroomd’s port?');
  if (server.notAfter.getTime() <= now)
    say(
      `its certificate ended on ${day(server.notAfter)}, and here it is ${moment()}`,
      'is the clock of this machine right? If so, there: strongroom pki renew, then systemctl reload strongroomd',
    );
  else if (server.notBefore.getTime() > now)
    say(
      `its certificate begins on ${moment(server.notBefore)}, and here it is ${moment()}`,
      'the clock of this machine is slow, or that of the machine which made the certificate was fast',
    );
  const dates = distrust === 'CERT_HAS_EXPIRED' || distrust === 'CERT_NOT_YET_VALID';
  if (server.purposes !== undefined && !server.purposes.includes('server'))
    say('its certificate is not made for a server', 'there: strongroom pki issue --server …');
  else if (distrust !== undefined && authorities.length > 0 && !(dates && findings.length > 0))
    say(
      `its certificate is not from an authority in remote_ca, which has ${authorities.map(subjectOf).join(', ')} (${plain(distrust)})`,
      'put the certificate of the authority that made it into remote_ca, if it is yours',
    );
  if (peer !== undefined && checkServerIdentity(name, peer) !== undefined) {
    const names = allNames(server.names).filter((each) => !each.startsWith('subject:'));
    const [first] = server.names.dns;
    say(
      `its certificate is not for ${plain(name)}, but for ${plain(names.join(', ')) || 'nobody'}`,
      first === undefined
        ? 'have one made with that name'
        : `if it is the right machine: remote_name = "${plain(first)}"`,
    );
  }
  return findings;
}

/**
 * What the other did when it had seen our certificate.
 * @param kin whether one authority has made both
 */
function aboutUs(where: string, { code }: Probe, own: Certificate | undefined, kin: boolean): Finding[] {
  if (code === undefined || code === 'ETIMEDOUT') return [];
  const say = (text: string, mend: string) => [wrong('server', `${where}: ${text}`, mend)];
  if (own === undefined || /CERTIFICATE_REQUIRED/.test(code))
    return say(
      'it wants a certificate of ours, and was shown none',
      'mend our certificate or its key, above',
    );
  if (/UNKNOWN_CA/.test(code))
    return say(
      'it does not know the authority of our certificate',
      'there, network.client_ca must have its certificate; then systemctl reload strongroomd',
    );
  if (/CERTIFICATE_EXPIRED/.test(code))
    return say(
      `it holds our certificate for expired, which is good until ${moment(own.notAfter)} by our clock`,
      `compare the clocks (here it is ${moment()}); there, the list of revoked certificates may have ended as well`,
    );
  if (/CERTIFICATE_REVOKED/.test(code))
    return say('our certificate is revoked', 'have another made: strongroom pki issue --client …');
  // Most servers say no more than this.
  return say(
    `it hung up when it had seen our certificate (${plain(code)})`,
    kin
      ? 'both certificates are of one authority, so ours may be revoked, its list have ended, or the clocks be apart: its log says which'
      : 'network.client_ca there may not have the authority of ours, or it is revoked, or the clocks are apart: its log says which',
  );
}
