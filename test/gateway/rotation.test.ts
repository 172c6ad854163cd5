/** A key of another machine is rotated: by a command there, while a program here goes on signing by its label. */
import { createPublicKey, verify } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as ck from '../../module/engine/generated/constants.ts';
import { attributes, ecPair, type Hex, hex, makeToken, Program, strongroom } from '../lifecycle/program.ts';
import { DoorService } from '../support/door.ts';
import { buildPkcs11js } from '../support/pkcs11js.ts';
import { whyNoService } from '../support/service.ts';
import type { Store } from '../support/store.ts';

const LABEL = 'far';
const STORED = { [ck.CKA_TOKEN]: true, [ck.CKA_LABEL]: LABEL };
const DATA = 'what is signed on another machine';
const WHO = { spiffe: ['spiffe://example.org/owner'] };
let door: DoorService | undefined;
const programs: Program[] = [];

beforeAll(buildPkcs11js);
afterEach(async () => {
  for (const program of programs.splice(0)) await program.leave();
  await door?.close();
  door = undefined;
});

/** A client's machine, as far as programs and commands look at it. */
function machine(at: DoorService): Store {
  const { env, folder } = at.client(WHO);
  return { module: at.service.module, env, folder } as Store;
}

async function come(store: Store): Promise<{ program: Program; session: Hex }> {
  const program = new Program(store);
  programs.push(program);
  return { program, session: await program.session() };
}

async function rsaPair(program: Program, session: Hex, bits: number): Promise<void> {
  const pub = { ...STORED, [ck.CKA_MODULUS_BITS]: bits, [ck.CKA_VERIFY]: true };
  await program.ok(
    'C_GenerateKeyPair',
    session,
    { mechanism: ck.CKM_RSA_PKCS_KEY_PAIR_GEN },
    attributes(pub),
    attributes({ ...STORED, [ck.CKA_SIGN]: true }),
  );
}

const kinds = [
  ['P-256', ck.CKM_ECDSA_SHA256, 64, (program: Program, session: Hex) => ecPair(program, session, STORED)],
  [
    'RSA of 3072 bits',
    ck.CKM_SHA256_RSA_PKCS,
    384,
    (program: Program, session: Hex) => rsaPair(program, session, 3072),
  ],
] as const;

describe.skipIf(whyNoService() !== undefined)('a key on another machine', { timeout: 300_000 }, () => {
  test.each(kinds)('is rotated under its label: %s', async (_, mechanism, length, make) => {
    door = await DoorService.make();
    const here = machine(door);
    await makeToken(here);
    const { program, session } = await come(here);
    await make(program, session);
    const find = async (objectClass: number): Promise<Hex> => {
      const [found, ...more] = await program.find(session, {
        [ck.CKA_CLASS]: objectClass,
        [ck.CKA_LABEL]: LABEL,
      });
      if (found === undefined || more.length > 0) throw new Error(`not one key but ${1 + more.length}`);
      return found;
    };
    /** Whether the key signs, and what it signs is good under the public half that has the label now. */
    const signs = async (key: Hex): Promise<boolean> => {
      await program.ok('C_SignInit', session, { mechanism }, key);
      const { hex: signature } = await program.ok<Hex>(
        'C_Sign',
        session,
        hex(DATA),
        hex(Buffer.alloc(length)),
      );
      const info = await program.attribute(session, await find(ck.CKO_PUBLIC_KEY), ck.CKA_PUBLIC_KEY_INFO);
      const spki = createPublicKey({ key: Buffer.from(info, 'hex'), format: 'der', type: 'spki' });
      const key2 = { key: spki, dsaEncoding: 'ieee-p1363' } as const;
      return verify('sha256', Buffer.from(DATA), key2, Buffer.from(signature, 'hex'));
    };
    const old = await find(ck.CKO_PRIVATE_KEY);
    expect(await signs(old)).toBe(true);
    // The command comes from a machine of its own, with a gateway of its own.
    const rotated = await strongroom(
      machine(door),
      'key',
      'rotate',
      LABEL,
      '--grace',
      '3600',
      '--pin',
      'env:PIN',
    );
    expect(rotated).toMatchObject({ code: 0, stderr: '' });
    const successor = await find(ck.CKO_PRIVATE_KEY);
    expect(successor).not.toEqual(old);
    expect(await signs(successor)).toBe(true);
    // Who kept the handle goes on under the old key for the time of grace.
    expect(await signs(old)).toBe(false);
    expect(await program.attribute(session, old, ck.CKA_STRONGROOM_SUCCESSOR)).toBe(
      await program.attribute(session, successor, ck.CKA_UNIQUE_ID),
    );
    expect(await program.attribute(session, successor, ck.CKA_STRONGROOM_PREDECESSOR)).toBe(
      await program.attribute(session, old, ck.CKA_UNIQUE_ID),
    );
  });
});
