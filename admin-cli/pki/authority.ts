/** The certificate authority in a token: its key, which never leaves it, and its certificate beside it. */
import { randomBytes } from 'node:crypto';
import { numberFrom, oid } from '../../module/certificates/der.ts';
import { ecdsaToDer, ecdsaWithSha256, signedBy } from '../../module/certificates/signatures.ts';
import { type Certificate, readCertificate } from '../../module/certificates/x509.ts';
import { type Attributes, type AttributeValues, readIfThere, templateOf } from '../attributes.ts';
import type { Module } from '../cryptoki.ts';
import { Problem, usage } from '../problem.ts';
import { plain } from '../terminal.ts';
import type { Token } from '../tokens.ts';
import type { Book } from './ledger.ts';
import { rootCertificate, type Validity, withSignature } from './make.ts';

const CERTIFICATE = 1;
const PRIVATE_KEY = 3;
const EC = 3;
const X_509 = 0;
const OF_AN_AUTHORITY = 2;
const CKM_EC_KEY_PAIR_GEN = 0x1040;
const CKM_ECDSA_SHA256 = 0x1044;
const p256 = oid('1.2.840.10045.3.1.7');

export interface Authority extends Book {
  readonly name: string;
  readonly token: Token;
  /** Its own certificate; undefined identifiers are none of ours. */
  readonly authority: Certificate & { readonly keyIdentifier: Buffer };
  /** Signs what it is given, and returns both together. */
  sign(signed: Uint8Array): Buffer;
}

export interface Place {
  readonly module: Module;
  readonly session: number;
  readonly token: Token;
}

/** All authorities in a token, whose user has logged in. */
export function authoritiesIn(place: Place): Authority[] {
  const { module, session } = place;
  const keys = signingKeys(place);
  return module.find(session, CERTIFICATE).flatMap((object) => {
    const about = readIfThere(module, session, object, ['CKA_ID', 'CKA_VALUE']);
    const certificate = rootOf(about?.bytes('CKA_VALUE'));
    if (certificate === undefined) return [];
    // Anybody may put a certificate beside our key who has no PIN; what tells is whether the key is the certificate's.
    const key = keys.find(
      ({ id, publicKey }) => id === about?.hex('CKA_ID') && publicKey?.equals(certificate.publicKey),
    );
    return key === undefined ? [] : [authorityOf(place, key.object, certificate)];
  });
}

/** A certificate that is an authority's and signed by itself. */
function rootOf(der: Uint8Array | undefined): Authority['authority'] | undefined {
  try {
    const certificate = readCertificate(der ?? new Uint8Array(0));
    const { keyIdentifier } = certificate;
    if (!certificate.authority || keyIdentifier === undefined) return undefined;
    return signedBy(certificate, certificate.publicKey) ? { ...certificate, keyIdentifier } : undefined;
  } catch {
    // What other programs keep there is for them to understand.
    return undefined;
  }
}

interface SigningKey {
  readonly object: number;
  readonly id: string;
  readonly label: string;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Buffer | undefined;
  /** Whether it was made in the token, and was never anywhere else. */
  readonly home: boolean;
}

function signingKeys({ module, session }: Place): SigningKey[] {
  const wanted = [
    'CKA_ID',
    'CKA_LABEL',
    'CKA_SIGN',
    'CKA_KEY_TYPE',
    'CKA_EC_PARAMS',
    'CKA_PUBLIC_KEY_INFO',
    'CKA_TOKEN',
    'CKA_LOCAL',
    'CKA_ALWAYS_SENSITIVE',
    'CKA_NEVER_EXTRACTABLE',
  ];
  const fits = (about: Attributes) =>
    about.is('CKA_SIGN') &&
    about.is('CKA_TOKEN') &&
    about.number('CKA_KEY_TYPE') === EC &&
    p256.equals(about.bytes('CKA_EC_PARAMS') ?? new Uint8Array(0));
  return module.find(session, PRIVATE_KEY).flatMap((object) => {
    const about = readIfThere(module, session, object, wanted);
    if (about === undefined || !fits(about)) return [];
    const publicKey = about.bytes('CKA_PUBLIC_KEY_INFO');
    return [
      {
        object,
        id: about.hex('CKA_ID'),
        label: about.text('CKA_LABEL'),
        publicKey: publicKey && Buffer.from(publicKey),
        home: ['CKA_LOCAL', 'CKA_ALWAYS_SENSITIVE', 'CKA_NEVER_EXTRACTABLE'].every((name) => about.is(name)),
      },
    ];
  });
}

function authorityOf(place: Place, key: number, certificate: Authority['authority']): Authority {
  return {
    ...place,
    name: certificate.names.commonName ?? '',
    authority: certificate,
    sign: (signed) => signWith(place, key, certificate.publicKey, signed),
  };
}

/** What does not verify is handed to nobody. */
function signWith({ module, session }: Place, key: number, publicKey: Buffer, signed: Uint8Array): Buffer {
  const signature = ecdsaToDer(module.sign(session, key, CKM_ECDSA_SHA256, signed));
  const whole = withSignature(signed, signature);
  if (!signedBy({ signed: Buffer.from(signed), algorithm: ecdsaWithSha256, signature }, publicKey))
    throw new Problem('the key in the token is not that of the authority’s certificate; nothing was done');
  return whole;
}

/** The authority that is meant: the one of this name, or the only one. */
export function chosenAuthority(place: Place, name: string | undefined): Authority {
  const all = authoritiesIn(place);
  const label = plain(place.token.label);
  if (all.length === 0)
    throw new Problem(
      `there is no certificate authority in the token “${label}”`,
      `strongroom pki init --token '${label}' --out DIR makes one.`,
    );
  const [found, another] = name === undefined ? all : all.filter((each) => each.name === name);
  const names = `There is ${all.map((each) => `“${plain(each.name)}”`).join(', ')}.`;
  if (found === undefined)
    throw new Problem(`there is no certificate authority “${plain(name ?? '')}” here`, names);
  if (another !== undefined)
    throw usage('there are several certificate authorities in the token', `Name one: --ca NAME. ${names}`);
  return found;
}

/** Makes an authority: its key in the token, its certificate, and that beside it. */
export function makeAuthority(place: Place, name: string, validity: Validity): Authority {
  const { module, session } = place;
  const left = leftKey(place, name);
  const key = left ?? newKey(place, name);
  try {
    const made = signingKeys(place).find(({ object }) => object === key.object);
    if (made?.publicKey === undefined)
      throw new Problem('the token does not say the public half of the key that it made');
    const signed = rootCertificate(name, made.publicKey, validity);
    const certificate = rootOf(signWith(place, key.object, made.publicKey, signed));
    if (certificate === undefined) throw new Problem('the certificate that was made is none');
    module.createObject(session, templateOf(storedCertificate(certificate, made)));
    return authorityOf(place, key.object, certificate);
  } catch (error) {
    if (left === undefined) for (const object of key.both) module.destroyObject(session, object);
    throw error;
  }
}

/**
 * The key of an authority of this name whose making was cut off before its certificate was there (power loss, kill -9): made in the token, never
 * outside it, and with no certificate of its own. It is as good as a new one, and would stay there unused otherwise.
 */
function leftKey(place: Place, name: string): { object: number; both: number[] } | undefined {
  const { module, session } = place;
  const used = module
    .find(session, CERTIFICATE)
    .map((object) => readIfThere(module, session, object, ['CKA_ID'])?.hex('CKA_ID'));
  const found = signingKeys(place).find(
    ({ id, label, home }) => home && label === labelOf(name) && id.startsWith(ourIds) && !used.includes(id),
  );
  return found && { object: found.object, both: [] };
}

/** How the ids of our keys begin: “pki” in ASCII. */
const ourIds = '706b69';

const labelOf = (name: string) => name;

function newKey({ module, session }: Place, name: string): { object: number; both: number[] } {
  const id = Buffer.concat([Buffer.from(ourIds, 'hex'), randomBytes(8)]);
  const both = { CKA_TOKEN: true, CKA_ID: id, CKA_LABEL: labelOf(name) };
  const half: AttributeValues = { ...both, CKA_EC_PARAMS: p256, CKA_VERIFY: true, CKA_PRIVATE: false };
  const whole: AttributeValues = {
    ...both,
    CKA_PRIVATE: true,
    CKA_SENSITIVE: true,
    CKA_EXTRACTABLE: false,
    CKA_COPYABLE: false,
    CKA_SIGN: true,
    CKA_DERIVE: false,
    CKA_ALLOWED_MECHANISMS: ulong(CKM_ECDSA_SHA256),
  };
  const made = module.generateKeyPair(session, CKM_EC_KEY_PAIR_GEN, templateOf(half), templateOf(whole));
  return { object: made[1], both: made };
}

function ulong(value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function storedCertificate(certificate: Certificate, key: SigningKey): AttributeValues {
  return {
    CKA_CLASS: CERTIFICATE,
    CKA_CERTIFICATE_TYPE: X_509,
    CKA_CERTIFICATE_CATEGORY: OF_AN_AUTHORITY,
    CKA_TOKEN: true,
    CKA_PRIVATE: false,
    CKA_MODIFIABLE: false,
    CKA_DESTROYABLE: false,
    CKA_ID: Buffer.from(key.id, 'hex'),
    CKA_LABEL: key.label,
    CKA_SUBJECT: certificate.subject,
    CKA_ISSUER: certificate.issuer,
    CKA_SERIAL_NUMBER: numberFrom(certificate.serial),
    CKA_VALUE: certificate.der,
  };
}
