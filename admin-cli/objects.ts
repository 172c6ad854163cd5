/** Everything that a token holds, keys and all, in one list. */
import { X509Certificate } from 'node:crypto';
import { objectClasses } from '../schema/cryptoki/constants/objects.ts';
import { type Attributes, readAttributes } from './attributes.ts';
import type { Module } from './cryptoki.ts';
import { readKeys } from './keys/keys.ts';
import { type Rights, rightsAttributes, rightsOf } from './keys/rights.ts';

export interface StoredObject extends Rights {
  /** `private key`, `certificate`, `data`, … */
  readonly class: string;
  /** What it is: a key's type, a certificate's subject, the application that data belongs to. */
  readonly about: string;
  readonly label: string;
  /** CKA_ID in hex. */
  readonly id: string;
  /** CKA_UNIQUE_ID. */
  readonly uniqueId: string;
}

const wanted = ['CKA_LABEL', 'CKA_ID', 'CKA_UNIQUE_ID', 'CKA_APPLICATION', 'CKA_VALUE', ...rightsAttributes];

/** The classes of objects that are stored and are no keys. Those by which a token tells about itself are left out. */
const others = ['CKO_CERTIFICATE', 'CKO_DATA', 'CKO_DOMAIN_PARAMETERS', 'CKO_TRUST'].flatMap((name) =>
  objectClasses.filter((row) => row.name === name),
);

/** All objects that the session may see: keys first, then the rest by class, label and id. */
export function readObjects(module: Module, session: number): StoredObject[] {
  const keys = readKeys(module, session).map(
    ({ kind, type, label, id, uniqueId, seenBy, readBy, changedBy, deletedBy }): StoredObject => ({
      class: `${kind} key`,
      about: type,
      label,
      id,
      uniqueId,
      seenBy,
      readBy,
      changedBy,
      deletedBy,
    }),
  );
  const rest = others.flatMap(({ name, value }) =>
    module
      .find(session, value)
      .map((object) => describe(name, readAttributes(module, session, object, wanted)))
      .sort((one, other) => one.label.localeCompare(other.label) || one.id.localeCompare(other.id)),
  );
  return [...keys, ...rest];
}

function describe(name: string, attributes: Attributes): StoredObject {
  return {
    class: name.replace('CKO_', '').toLowerCase().replaceAll('_', ' '),
    about: about(name, attributes),
    label: attributes.text('CKA_LABEL'),
    id: attributes.hex('CKA_ID'),
    uniqueId: attributes.text('CKA_UNIQUE_ID'),
    ...rightsOf(attributes, false),
  };
}

function about(name: string, attributes: Attributes): string {
  const value = attributes.bytes('CKA_VALUE');
  if (name === 'CKO_CERTIFICATE') return value === undefined ? '' : subject(value);
  if (name !== 'CKO_DATA') return '';
  const bytes = value === undefined ? 'empty' : `${value.length} bytes`;
  const application = attributes.text('CKA_APPLICATION');
  return application === '' ? bytes : `${bytes} of ${application}`;
}

/** `CN=www.example.org, until 2027-03-01`. */
function subject(der: Uint8Array): string {
  try {
    const certificate = new X509Certificate(der);
    // An empty subject is undefined here, whatever the types say.
    const subject: string | undefined = certificate.subject;
    return `${subject?.replaceAll('\n', ', ') || 'no subject'}, until ${certificate.validToDate.toISOString().slice(0, 10)}`;
  } catch {
    return 'not readable as X.509';
  }
}
