/** Who comes in: real clients of TLS with every kind of certificate, and that a good one is served beside them, by his name. */
import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Authority, dnsName, type Identity, uriName, type Wish } from '../support/certificates.ts';
import { Door } from './support.ts';

const HOUR = 3_600_000;
let door: Door;

afterEach(async () => await door.close());

/** He is served, and the door's own counts say whether the one before was. */
async function goodIsServed(): Promise<void> {
  const good = door.good();
  expect((await good.call(Buffer.from('hello'))).toString()).toBe('hello');
  expect(door.callers.at(-1)).toBe('spiffe://example/good');
  good.close();
}

async function refusedFor(reason: string, identity: Identity | undefined): Promise<void> {
  expect(await door.letsIn(identity)).toBe(false);
  expect([...door.front.counts.refused]).toEqual([[reason, 1]]);
  const [line = ''] = door.log.with('was refused');
  expect(line).toMatch(/127\.0\.0\.1:\d+ was refused: /);
  if (identity !== undefined)
    expect(line).toContain(identity.x509.fingerprint256.replaceAll(':', '').toLowerCase());
  expect(door.callers).toEqual([]);
  await goodIsServed();
}

describe('who comes in', () => {
  beforeEach(async () => {
    door = await new Door().open();
  });

  it('a good client, by his name', goodIsServed);

  it('nobody without a certificate', () => refusedFor('no_certificate', undefined));

  it('nobody of another authority, whatever it calls itself', () =>
    refusedFor('untrusted', new Authority('clients').issue({ spiffe: ['spiffe://example/good'] })));

  it('nobody whose certificate has expired', () =>
    refusedFor('expired', door.client({ dns: ['a'], notAfter: new Date(Date.now() - HOUR) })));

  it('nobody whose certificate is not valid yet', () =>
    refusedFor('not_yet_valid', door.client({ dns: ['a'], notBefore: new Date(Date.now() + HOUR) })));

  it('nobody with a certificate for servers', () =>
    refusedFor('purpose', door.client({ dns: ['a'], purposes: ['server'] })));

  it('nobody with a certificate for nothing in particular', () =>
    refusedFor('purpose', door.client({ dns: ['a'], purposes: ['any'] })));

  it('no authority', () => refusedFor('purpose', door.client({ dns: ['a'], ca: true })));

  it('whoever has a certificate for every purpose', async () => {
    expect(await door.letsIn(door.client({ dns: ['a'], purposes: [] }))).toBe(true);
  });

  it.each<[string, Wish]>([
    ['no name', {}],
    ['two SPIFFE IDs', { spiffe: ['spiffe://example/a', 'spiffe://example/b'] }],
    ['a NUL in a DNS name', { names: [dnsName('good.example\0.evil')] }],
    ['a line break in a URI', { names: [uriName('spiffe://example/a\nspiffe://example/b')] }],
    ['seventeen names', { dns: Array.from({ length: 17 }, (_, i) => `n${i}.example`) }],
  ])('nobody whose certificate has %s', (_what, wish) => refusedFor('name', door.client(wish)));

  it('nobody who speaks HTTP/1.1, TLS 1.2 or no TLS at all', async () => {
    const identity = door.client();
    expect(await door.letsIn(identity, { ALPNProtocols: ['http/1.1'] })).toBe(false);
    expect(await door.letsIn(identity, { ALPNProtocols: [] })).toBe(false);
    expect(await door.letsIn(identity, { maxVersion: 'TLSv1.2' })).toBe(false);
    const plain = door.own(connect(door.port, '127.0.0.1'));
    plain.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    let answer = '';
    plain.setEncoding('latin1').on('data', (text) => {
      answer += text;
    });
    await new Promise((done) => plain.on('error', () => undefined).once('close', done));
    expect(answer).not.toContain('HTTP');
    expect(door.front.counts.refused.get('handshake')).toBe(3);
    expect(door.front.counts.refused.get('protocol')).toBe(1);
    expect(door.callers).toEqual([]);
    await goodIsServed();
  });

  it('OpenSSL’s client finds TLS 1.3 and nothing older', async () => {
    const identity = door.client();
    const [certificate, key] = [door.put('c.pem', identity.certificate), door.put('c.key', identity.key)];
    const ca = door.put('servers.pem', door.servers.certificate);
    const client = (...more: string[]) =>
      new Promise<string>((resolve) => {
        const at = ['-connect', `127.0.0.1:${door.port}`, '-CAfile', ca, '-cert', certificate, '-key', key];
        const child = execFile('openssl', ['s_client', ...at, '-alpn', 'h2', ...more], (_error, out, err) =>
          resolve(out + err),
        );
        child.stdin?.end();
      });
    const good = await client('-tls1_3');
    expect(good).toContain('Verify return code: 0 (ok)');
    expect(good).toContain('ALPN protocol: h2');
    expect(await client('-tls1_2')).toMatch(/alert protocol version/i);
    expect(await client('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0')).toMatch(/alert protocol version/i);
  });

  it('a session from before is never taken up again', async () => {
    const identity = door.client();
    const first = await door.tls(identity);
    let session: Buffer | undefined;
    first.on('session', (one) => {
      session = one;
    });
    await new Promise((done) => first.once('session', done).once('data', done));
    first.destroy();
    const again = await door.tls(identity, session === undefined ? {} : { session });
    expect(again.isSessionReused()).toBe(false);
  });
});

describe('authorities in between', () => {
  it('a client brings them along, or they stand in client_ca with their root', async () => {
    door = await new Door().open();
    const between = new Authority('between', door.root);
    const identity = between.issue({ dns: ['a.example'] });
    const [own = ''] = identity.certificate.split(/(?<=END CERTIFICATE-----\n)/);
    expect(await door.letsIn(identity)).toBe(true);
    expect(await door.letsIn({ ...identity, certificate: own })).toBe(false);
    door.put('clients.pem', between.certificate + door.root.certificate);
    door.front.reload(door.config);
    expect(await door.letsIn({ ...identity, certificate: own })).toBe(true);
    expect(await door.letsIn(identity)).toBe(true);
    door.put('clients.pem', between.certificate);
    expect(() => door.front.reload(door.config)).toThrow('a root must stand there too');
  });
});

describe('where it listens', () => {
  it('at several addresses, each with a port of its own', async () => {
    door = await new Door({
      listen: [
        { host: '127.0.0.1', port: 0 },
        { host: '127.0.0.2', port: 0 },
      ],
    }).open();
    const [first, second] = door.front.addresses;
    expect([first?.host, second?.host]).toEqual(['127.0.0.1', '127.0.0.2']);
    for (const { host, port } of door.front.addresses)
      expect(await door.letsIn(door.client(), { host, port, servername: 'localhost' })).toBe(true);
  });

  it('says which address cannot be had', async () => {
    door = await new Door().open();
    const other = new Door({ listen: [{ host: '127.0.0.1', port: door.port }] });
    await expect(other.open()).rejects.toThrow(
      `network.listen: 127.0.0.1:${door.port} cannot be had (EADDRINUSE)`,
    );
    await other.close();
  });
});
