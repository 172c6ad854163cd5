/** A new certificate from the wish to the files: nothing leaves before it is in the ledger. */
import path from 'node:path';
import { pem } from '../../module/certificates/pem.ts';
import {
  type Certificate,
  type Names,
  type Purpose,
  readCertificate,
} from '../../module/certificates/x509.ts';
import { Problem } from '../problem.ts';
import { plain } from '../terminal.ts';
import type { Authority } from './authority.ts';
import { day, validUnder } from './desk.ts';
import { type Staged, stage } from './files.ts';
import { newLeafKey } from './leaf-key.ts';
import { enterCertificate } from './ledger.ts';
import { leafCertificate } from './make.ts';

export interface Wish {
  readonly names: Names;
  readonly purpose: Purpose;
  readonly days: number;
  /** Somebody's own key; without it one is made. */
  readonly publicKey: Buffer | undefined;
  /** Path of the files without `.pem` and `.key`. */
  readonly base: string;
  readonly force: boolean;
}

export interface HandedOut {
  readonly certificate: Certificate;
  readonly file: string;
  /** Undefined where the key is somebody's own. */
  readonly key: string | undefined;
  /** Whether it ends before its days are over, since its authority does. */
  readonly cut: boolean;
}

/** The files that a wish will become. */
export function filesOf({ base, publicKey }: Pick<Wish, 'base' | 'publicKey'>): string[] {
  return publicKey === undefined ? [`${base}.pem`, `${base}.key`] : [`${base}.pem`];
}

export function handOut(authority: Authority, wish: Wish): HandedOut {
  const validity = validUnder(authority, wish.days);
  const staged: Staged[] = [];
  let entered: Certificate | undefined;
  try {
    const publicKey = wish.publicKey ?? stageNewKey(wish, staged);
    if (publicKey.equals(authority.authority.publicKey))
      throw new Problem('that is the authority’s own key, which is for nothing else; nothing was done');
    const der = authority.sign(leafCertificate({ ...wish, publicKey }, authority.authority, validity));
    enterCertificate(authority, der);
    entered = readCertificate(der);
    staged.push(stage(`${wish.base}.pem`, pem('CERTIFICATE', der), 0o644));
    // The key comes first: a certificate without its key would look like one that can be used.
    for (const file of staged) file.settle(wish.force);
    return {
      certificate: entered,
      file: `${wish.base}.pem`,
      key: wish.publicKey === undefined ? `${wish.base}.key` : undefined,
      cut: validity.notAfter.getTime() === authority.authority.notAfter.getTime(),
    };
  } catch (error) {
    if (entered === undefined || !(error instanceof Error)) throw error;
    for (const file of staged) file.withdraw();
    throw new Problem(
      `the certificate ${entered.serial} stands in the ledger and could not be written: ${plain(error.message)}`,
      `Nobody has it. strongroom pki revoke --serial ${entered.serial} --out DIR takes it back all the same.`,
    );
  } finally {
    for (const file of staged) file.discard();
  }
}

/** Whether there is room for it, and may be written there, is known before anything is signed. */
function stageNewKey({ base }: Wish, staged: Staged[]): Buffer {
  const key = newLeafKey();
  try {
    staged.push(stage(`${base}.key`, key.pem, 0o600));
    return key.publicKey;
  } finally {
    key.erase();
  }
}

/** What to say of it: where it is, and until when. */
export function saidOf({ certificate, file, key, cut }: HandedOut): string[] {
  const end = `until ${day(certificate.notAfter)}`;
  return [
    `Certificate: ${plain(file)}, ${end}${cut ? ', when the authority’s own ends' : ''} (serial ${certificate.serial})`,
    ...(key === undefined ? [] : [`Key: ${plain(key)} (mode 0600)`]),
  ];
}

export function baseIn(folder: string, name: string): string {
  return path.join(folder, name);
}
