/**
 * The authority is killed in front of each of its steps, one after the other, and meets a full disk in front of each. Whatever happens, no certificate
 * is there that the ledger has not, no file is half of anything, and the next attempt goes through.
 */
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fromPem } from '../../module/certificates/pem.ts';
import { readRevocationList } from '../../module/certificates/revocation.ts';
import { soak } from '../support/soak.ts';
import { type Desk, type Errand, inChild, listed, makeDesk, PATIENCE } from './pki-support.ts';

let desk: Desk;

beforeEach(() => {
  desk = makeDesk();
}, 300_000);
afterEach(() => desk.store.close());

/** More steps than anything has. */
const MOST = 60;

type Trouble = 'cut' | 'full';
const troubles: readonly (readonly [Trouble])[] = [['cut'], ['full']];
/** Every step of a certificate's making is tried each time; a soak tries the others, and a full disk, as well. */
const quick: readonly (readonly [Trouble])[] = soak ? troubles : [['cut']];

/** Does the errand again and again, in trouble in front of each step in turn, until it ends before that. How often that was. */
function throughAll(
  trouble: Trouble,
  errand: (step: number) => Errand,
  look: (step: number, said: string) => void,
): number {
  for (let step = 1; step < MOST; step++) {
    const { signal, code, stderr } = inChild(desk, { ...errand(step), [trouble]: step });
    look(step, stderr);
    if (code === 0) return step;
    if (trouble === 'cut') expect({ step, signal, stderr }).toMatchObject({ signal: 'SIGKILL' });
    else expect({ step, stderr }).toMatchObject({ stderr: expect.stringContaining('ENOSPC') });
  }
  throw new Error('it never came through');
}

const named = (folder: string) =>
  (existsSync(folder) ? readdirSync(folder) : []).filter((name) => !name.endsWith('.new'));

const ONLY_SOAK = soak ? '' : ' (skipped: a minute of starting anew, which make soak takes)';

it.each(quick)('issuing: %s', PATIENCE, (trouble) => {
  desk.fine('init', '--out', 'tls');
  const leaves = () =>
    named(desk.folder).filter((name) => name.endsWith('.pem') && !/^(ca|crl)\./.test(name));
  let unwritten = 0;
  const steps = throughAll(
    trouble,
    (step) => ({ do: 'issue', base: desk.file(`leaf${step}`) }),
    (step, said) => {
      const known = listed(desk).certificates.map(({ serial }) => serial);
      for (const name of leaves()) {
        const certificate = new X509Certificate(readFileSync(desk.file(name)));
        expect(known, `${name} at step ${step}`).toContain(certificate.serialNumber.toLowerCase());
        // Its key was there before it.
        const key = readFileSync(desk.file(name.replace('.pem', '.key')), 'utf8');
        expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----\n[\s\S]+\n-----END PRIVATE KEY-----\n$/);
      }
      // What stands in the ledger and was not written is named, so that it can be revoked, and nothing of it is left.
      const serial = trouble === 'full' && known.find((each) => said.includes(each));
      if (serial === false || serial === undefined) return;
      unwritten++;
      expect(desk.fine('revoke', '--serial', serial, '--out', 'tls')).toContain('Revoked: ');
      expect(named(desk.folder).filter((name) => name.startsWith(`leaf${step}.`))).toEqual([]);
    },
  );
  expect(steps).toBeGreaterThan(8);
  expect(unwritten).toBeGreaterThan(trouble === 'full' ? 2 : -1);
  if (trouble === 'full')
    expect(readdirSync(desk.folder).filter((name) => name.endsWith('.new'))).toEqual([]);
});

it.skipIf(!soak).each(troubles)(`revoking: %s${ONLY_SOAK}`, PATIENCE, (trouble) => {
  desk.fine('init', '--out', 'tls');
  desk.fine('issue', '--client', '--name', 'x', '--out', 'tls');
  const [serial = ''] = listed(desk).certificates.map((each) => each.serial);
  let highest = 1n;
  const list = () => {
    const [der] = fromPem('X509 CRL', readFileSync(desk.file('crl.pem'), 'utf8'));
    if (der === undefined) throw new Error('there is no list');
    return readRevocationList(der);
  };
  throughAll(
    trouble,
    () => ({ do: 'revoke', serial, folder: desk.folder }),
    () => {
      // The old one or a new one, and whole.
      const { number = 0n } = list();
      expect(number).toBeGreaterThanOrEqual(highest);
      highest = number;
      expect(listed(desk).authority.list).toBeGreaterThanOrEqual(Number(number));
    },
  );
  expect([...list().revoked]).toEqual([serial]);
  expect(desk.fine('revoke', '--serial', serial, '--out', 'tls')).toContain('Revoked since');
  expect(list().number).toBeGreaterThan(highest);
});

it.skipIf(!soak).each(troubles)(`making the authority: %s${ONLY_SOAK}`, PATIENCE, (trouble) => {
  throughAll(
    trouble,
    (step) => ({ do: 'init', name: `CA ${step}`, folder: desk.store.path(`ca${step}`), until: '2126-01-01' }),
    (step) => {
      const name = `CA ${step}`;
      const folder = desk.store.path(`again${step}`);
      mkdirSync(folder);
      const again = desk.pki('init', '--name', name, '--another', '--out', folder);
      if (again.code !== 0) {
        expect(again.stderr).toContain('strongroom pki publish --out DIR');
        desk.fine('publish', '--ca', name, '--out', folder);
      }
      const certificate = new X509Certificate(readFileSync(path.join(folder, 'ca.pem')));
      expect(certificate.verify(certificate.publicKey)).toBe(true);
      // What the first attempt has left is the same authority.
      const left = desk.store.path(`ca${step}/ca.pem`);
      if (existsSync(left))
        expect(readFileSync(left, 'utf8')).toBe(readFileSync(path.join(folder, 'ca.pem'), 'utf8'));
      const keys = desk.keys().filter(({ kind, label }) => kind === 'private' && label === name);
      expect(keys).toHaveLength(1);
    },
  );
});
