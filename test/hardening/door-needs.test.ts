/** What the network door says that it must reach, before its cage closes. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needsOf } from '../../daemon/needs.ts';
import { readConfig } from '../../module/engine/public.ts';

let folder = '';

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'strongroom-needs-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function needs(lines: readonly string[], apart?: string): string[] {
  const file = path.join(folder, 'strongroom.toml');
  writeFileSync(file, ['[network]', ...lines, ''].join('\n'));
  return needsOf(file, readConfig(file).config.network, apart);
}

describe('what a door must reach', () => {
  it('is the folders of its files, since files are put into their places, and its ports', () => {
    const lines = [
      'listen = "0.0.0.0:5696, [::]:5697"',
      'metrics = "127.0.0.1:9465"',
      'certificate = "/a/server.pem"',
      'key = "/b/server.key"',
      'client_ca = "/a/clients.pem"',
      'crl = "/c/crl.pem"',
    ];
    expect(needs(lines)).toEqual([
      ...[`read ${folder}`, 'read /a', 'read /b', 'read /c'],
      ...['listen 5696', 'listen 5697', 'listen 9465'],
    ]);
  });

  it('is where links lead, too', () => {
    mkdirSync(path.join(folder, 'live'));
    mkdirSync(path.join(folder, 'archive'));
    writeFileSync(path.join(folder, 'archive/server1.pem'), '');
    symlinkSync('../archive/server1.pem', path.join(folder, 'live/server.pem'));
    expect(needs([`certificate = "${folder}/live/server.pem"`])).toEqual([
      ...[`read ${folder}`, `read ${folder}/live`, `read ${folder}/archive`, 'read /etc/strongroom/tls'],
    ]);
  });

  it('is never everything', () => {
    expect(needs(['certificate = "/server.pem"'])).toEqual([
      ...[`read ${folder}`, 'read /server.pem', 'read /etc/strongroom/tls'],
    ]);
  });

  it('is nothing of the store, nor what lies beside it', () => {
    mkdirSync(path.join(folder, 'data/store'), { recursive: true });
    symlinkSync('data', path.join(folder, 'link'));
    const lines = ['key', 'certificate', 'client_ca', 'crl'].map(
      (name, at) =>
        `${name} = "${folder}/${['data/store/key', 'link/server.pem', 'tls/clients.pem', 'data/storeroom/crl'][at]}"`,
    );
    expect(needs(lines, path.join(folder, 'data/store'))).toEqual([
      ...['strongroom.toml', 'link/server.pem', 'data/store/key', 'tls', 'data/storeroom'].map(
        (name) => `read ${folder}/${name}`,
      ),
    ]);
  });

  it('is no file to make', () => {
    expect(() => needs(['metrics = "/run/strongroom/metrics"'])).toThrow('network.metrics must be a port');
  });
});
