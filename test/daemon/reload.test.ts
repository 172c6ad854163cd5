/** What changes while clients are connected: files that are read anew, lists of revoked certificates, certificates that end. */
import { chmodSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Authority, der, extension, type Identity } from '../support/certificates.ts';
import { closed, Door } from './support.ts';

const HOUR = 3_600_000;
const waiting = { timeout: 60_000, interval: 50 };
let door: Door;

afterEach(async () => await door.close());

/** The same door with lists of revoked certificates. */
async function withLists(): Promise<Door> {
  const made = new Door();
  made.config = { ...made.config, crl: made.put('crl.pem', made.root.list()) };
  await made.open();
  made.front.reload(made.config);
  return made;
}

describe('a reload', () => {
  beforeEach(async () => {
    door = await withLists();
  });

  it('puts those out whose certificates are on a list now, and nobody else', async () => {
    const [good, bad] = [door.client(), door.client({ spiffe: ['spiffe://example/bad'] })];
    const [stays, goes] = [await door.session(good), await door.session(bad)];
    const gone = vi.fn();
    door.root.revoke(bad.x509);
    door.put('crl.pem', door.root.list());
    goes.once('close', gone);
    door.front.reload(door.config);
    await vi.waitFor(() => expect(gone).toHaveBeenCalled(), waiting);
    expect([...door.front.counts.cut]).toEqual([['revoked', 1]]);
    expect(door.log.with('was put out')).toEqual([
      expect.stringContaining(bad.x509.fingerprint256.replaceAll(':', '').toLowerCase()),
    ]);
    // Neither he nor anybody with his certificate comes in again; the other has not noticed anything.
    expect(await door.letsIn(bad)).toBe(false);
    expect([...door.front.counts.refused]).toEqual([['revoked', 1]]);
    expect(stays.closed).toBe(false);
    expect(door.front.counts.connections).toBe(1);
    expect(await door.letsIn(good)).toBe(true);
  });

  it('puts those out whose authority is revoked', async () => {
    const between = new Authority('between', door.root);
    door.put('crl.pem', door.root.list() + between.list());
    door.front.reload(door.config);
    const identity = between.issue({ dns: ['a.example'] });
    const session = await door.session(identity);
    expect(door.front.counts.connections).toBe(1);
    door.root.revoke(between.x509);
    door.put('crl.pem', door.root.list() + between.list());
    door.front.reload(door.config);
    await closed(session);
    expect([...door.front.counts.cut]).toEqual([['revoked', 1]]);
    expect(await door.letsIn(identity)).toBe(false);
  });

  it('puts those out whose authority is none any more, and lets those of a new one in', async () => {
    const other = new Authority('other');
    const [old, fresh] = [door.client(), other.issue({ dns: ['b.example'] })];
    const both = { ...door.config, crl: '' };
    const session = await door.session(old);
    expect(await door.letsIn(fresh)).toBe(false);
    door.put('clients.pem', door.root.certificate + other.certificate);
    door.front.reload(both);
    expect(await door.letsIn(fresh)).toBe(true);
    expect(session.closed).toBe(false);
    door.put('clients.pem', other.certificate);
    door.front.reload(both);
    await closed(session);
    expect([...door.front.counts.cut]).toEqual([['untrusted', 1]]);
    expect(await door.letsIn(old)).toBe(false);
    expect(await door.letsIn(fresh)).toBe(true);
  });

  it('gives new clients the new certificate of the door', async () => {
    const identity = door.client();
    const serial = async () => {
      const socket = await door.tls(identity);
      const { serialNumber } = socket.getPeerCertificate();
      socket.destroy();
      return serialNumber;
    };
    const first = await serial();
    const session = await door.session(identity);
    const server = door.servers.issue({ dns: ['localhost'], ip: ['127.0.0.1'], purposes: ['server'] });
    door.put('server.pem', server.certificate);
    door.put('server.key', server.key);
    door.front.reload(door.config);
    expect(await serial()).toBe(server.x509.serialNumber);
    expect(first).not.toBe(server.x509.serialNumber);
    expect(session.closed).toBe(false);
  });

  it('a handshake that began before it ends with what holds after it', async () => {
    const bad = door.client();
    door.root.revoke(bad.x509);
    door.put('crl.pem', door.root.list());
    // The client's last flight is on its way when the files are read.
    const arriving = door.letsIn(bad, {
      checkServerIdentity: () => {
        door.front.reload(door.config);
        return undefined;
      },
    });
    expect(await arriving).toBe(false);
    expect([...door.front.counts.refused]).toEqual([['revoked', 1]]);
  });

  const broken: readonly [what: string, damage: () => void, words: RegExp][] = [
    [
      'no certificate',
      () => rmSync(door.config.certificate),
      /network\.certificate: .*server\.pem can't be read \(ENOENT\)/,
    ],
    [
      'half a certificate',
      () => door.put('server.pem', '-----BEGIN CERTIFICATE-----\nMII'),
      /network\.certificate: .* is no PEM/,
    ],
    [
      'a certificate of rubbish',
      () => door.put('server.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
      /network\.certificate: .* has something broken/,
    ],
    ['no key', () => door.put('server.key', ''), /network\.key: .* is no private key/],
    [
      'another key',
      () => door.put('server.key', door.client().key),
      /network\.key: .* is not the key of network\.certificate/,
    ],
    ['no authority', () => door.put('clients.pem', ''), /network\.client_ca: .* is no PEM/],
    [
      'a client for an authority',
      () => door.put('clients.pem', door.client().certificate),
      /that is no authority’s/,
    ],
    ['an empty list', () => door.put('crl.pem', ''), /network\.crl: .* is no PEM/],
    ['another’s list', () => door.put('crl.pem', new Authority('clients').list()), /has not signed/],
    [
      'a list of changes',
      () => {
        const delta = extension('2.5.29.27', true, der(0x02, Buffer.of(1)));
        door.put('crl.pem', door.root.list({ extensions: [delta] }));
      },
      /a list of changes alone/,
    ],
  ];
  it.each(broken)('with %s keeps what was, and says so', async (_what, damage, words) => {
    const identity = door.client();
    const session = await door.session(identity);
    damage();
    const bytes = /[A-Za-z0-9+/]{20}/;
    let message = '';
    try {
      door.front.reload(door.config);
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(words);
    expect(message.replace(door.folder, '')).not.toMatch(bytes);
    expect(session.closed).toBe(false);
    expect(await door.letsIn(identity)).toBe(true);
  });

  it('says that the key is everybody’s', () => {
    door.front.reload(door.config);
    expect(door.log.all).toEqual([]);
    chmodSync(door.config.key, 0o644);
    door.front.reload(door.config);
    expect(door.log.all).toEqual([expect.stringContaining('can be read by everybody on this machine')]);
  });

  it('says what will keep clients out', async () => {
    const other = new Authority('other');
    door.put('clients.pem', door.root.certificate + other.certificate);
    door.put('crl.pem', door.root.list({ nextUpdate: new Date(Date.now() - HOUR) }));
    const session = await door.session();
    door.front.reload(door.config);
    expect(door.log.with('is a list that was good until')).toHaveLength(1);
    expect(door.log.with('there is no list of an authority')).toHaveLength(1);
    expect(await door.letsIn(door.client())).toBe(false);
    expect(await door.letsIn(other.issue({ dns: ['a.example'] }))).toBe(false);
    expect([...door.front.counts.refused]).toEqual([['no_list', 2]]);
    expect(session.closed).toBe(false);
  });
});

describe('an end', () => {
  it('waits for calls under way, and lets nobody in meanwhile', async () => {
    door = await new Door().open();
    const { port } = door;
    const stream = door.good().stream();
    const { promise, resolve } = Promise.withResolvers<string>();
    stream.on('data', (answer: Buffer) => resolve(answer.toString())).on('error', () => resolve('lost'));
    stream.write(Buffer.from('first'));
    expect(await promise).toBe('first');
    const ending = door.front.close(60_000);
    await expect(door.tls(door.client(), { port })).rejects.toThrow('ECONNREFUSED');
    const last = new Promise<string>((told) =>
      stream.once('data', (answer: Buffer) => told(answer.toString())),
    );
    stream.write(Buffer.from('last'));
    expect(await last).toBe('last');
    stream.end();
    await ending;
    expect(door.front.counts.connections).toBe(0);
  });

  it('ends those who stay', async () => {
    door = await new Door().open();
    const stream = door.good().stream();
    const lost = new Promise((told) => stream.on('error', told));
    stream.write(Buffer.from('x'));
    await new Promise((came) => stream.once('data', came));
    await door.front.close(50);
    await lost;
    await vi.waitFor(() => expect(door.front.counts.connections).toBe(0), waiting);
  });
});

describe('a certificate that ends', () => {
  it('ends its connection', async () => {
    door = await new Door().open();
    const ends = (ms: number): Identity =>
      door.client({ dns: ['a.example'], notAfter: new Date(Date.now() + ms) });
    const stays = await door.session(ends(HOUR));
    const short = await door.session(ends(3000));
    expect(door.front.counts.connections).toBe(2);
    await closed(short);
    expect([...door.front.counts.cut]).toEqual([['expired', 1]]);
    expect(stays.closed).toBe(false);
  });
});
