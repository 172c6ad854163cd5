/** The service's network door: its files, the lists that it keeps clients out by, and whether it answers and with what. */
import { readCertificate } from '../../module/certificates/x509.ts';
import { type Finding, fine, remarkable, type Section, wrong } from './finding.ts';
import { unreached } from './remote.ts';
import { checkAuthorities, checkKey, checkLists, checkOwn, day, renewal } from './tls-files.ts';
import { type Address, probe } from './tls-probe.ts';
import { addressesIn, type Settings, shownAddress } from './tls-settings.ts';

export async function checkNetwork(settings: Settings): Promise<Section> {
  const file = settings('network.certificate');
  const own = checkOwn({ key: 'network.certificate', file, what: 'certificate' }, 'server', renewal(file));
  const key = checkKey({ key: 'network.key', file: settings('network.key'), what: 'key' }, own.value, 0o037);
  const authorities = checkAuthorities({
    key: 'network.client_ca',
    file: settings('network.client_ca'),
    what: 'client_ca',
  });
  const lists = checkLists(
    { key: 'network.crl', file: settings('network.crl'), what: 'crl' },
    authorities.value ?? [],
  );
  const answers = await Promise.all(
    addressesIn(settings('network.listen')).map((address) => checkAnswer(address, own.value?.der)),
  );
  return {
    title: 'Network door',
    findings: [...own.findings, ...key.findings, ...authorities.findings, ...lists, ...answers],
  };
}

/** Whoever listens everywhere is reached at home. */
const homes: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

async function checkAnswer(address: Address, expected: Buffer | undefined): Promise<Finding> {
  const here = { ...address, host: homes[address.host] ?? address.host };
  const where = shownAddress(address);
  const { certificate, protocol, code } = await probe(here, here.host, {});
  if (certificate === undefined) {
    const { text } = unreached(where, here, code ?? '');
    return wrong('door', text, 'systemctl status strongroomd; its log says why the door is not there');
  }
  if (protocol !== 'TLSv1.3')
    return wrong('door', `${where}: it speaks ${protocol}, so it is not ours`, 'who listens there? ss -tlnp');
  if (expected === undefined || certificate.equals(expected)) return fine('door', `${where} answers`);
  return remarkable(
    'door',
    `${where} shows another certificate than the file (until ${day(readCertificate(certificate).notAfter)})`,
    'if the file is new: systemctl reload strongroomd',
  );
}
