/**
 * Writes the reference tables docs/reference/mechanisms.md and docs/reference/attributes.md.
 */

import { attributeRows, mostOf, type Rule, ruleSets } from '../../schema/cryptoki/attributes.ts';
import { type Mechanism, mechanisms } from '../../schema/cryptoki/mechanisms.ts';
import { effective, plain } from './attributes.ts';

/**
 * @returns the generated files, by path from the project's root.
 */
export function generateDocs(): Map<string, string> {
  return new Map([
    ['docs/reference/mechanisms.md', mechanismsPage()],
    ['docs/reference/attributes.md', attributesPage()],
  ]);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function mechanismsPage(): string {
  const rows = mechanisms.map((row) => [
    `\`${row.name}\``,
    row.keyTypes.map((type) => type.slice('CKK_'.length)).join(', '),
    sizes(row),
    row.flags
      .filter((flag) => !flag.startsWith('ec_'))
      .map((flag) => flag.replaceAll('_', ' '))
      .join(', '),
    parameter(row),
    row.approved ? 'yes' : '',
  ]);
  return `# Mechanisms

The mechanisms that a token offers, from \`schema/cryptoki/mechanisms.ts\`. Everything else answers
\`CKR_MECHANISM_INVALID\`. Key sizes are in the unit that PKCS#11 prescribes for the mechanism: bits for RSA, elliptic
curves and \`CKM_GENERIC_SECRET_KEY_GEN\`, bytes for AES and HMAC. "Approved" is said of the mechanism itself (FIPS 140-3,
SP 800-131A Rev. 2, FIPS 186-5); curves, sizes and who makes a GCM vector are further conditions.

Messages of \`CKM_AES_GCM\`, and keys that are wrapped with it, may come with parameters by which the token makes the vector:
[nonces.md](../nonces.md).

${table(['Mechanism', 'Key types', 'Sizes', 'Used for', 'Parameter', 'Approved'], rows)}
`;
}

function sizes(row: Mechanism): string {
  if (row.max === 0) {
    return '';
  }
  return row.min === row.max ? String(row.min) : `${row.min}-${row.max}`;
}

/** How people would say what goes into CK_MECHANISM.pParameter. */
const parameterWords: Readonly<Partial<Record<Mechanism['parameter'], string>>> = {
  none: '',
  iv16: '16 bytes',
  optionalIv8: '8 bytes or none',
  optionalIv4: '4 bytes or none',
  CK_EDDSA_PARAMS: '`CK_EDDSA_PARAMS` or none',
};

function parameter(row: Mechanism): string {
  return parameterWords[row.parameter] ?? `\`${row.parameter}\``;
}

function attributesPage(): string {
  const classes = [...new Set(ruleSets.map((set) => set.class))];
  return `# Attributes

The attributes of each kind of object and the rules about them, from \`schema/cryptoki/attributes.ts\`. A template for
\`C_CreateObject\`, for generation, or for \`C_UnwrapKey\` **needs** an attribute, may name it (blank), or **must not**
(then it is refused). An attribute without a default is worked out by the token or given by the template. A value of more bytes
than stand under **Most** is refused with \`CKR_ATTRIBUTE_VALUE_INVALID\`, in templates of every kind but those of searches, where
it matches nothing.

${classes.map(classSection).join('\n')}`;
}

/** One class: first what all its types share, then what each type has of its own. */
function classSection(name: string): string {
  const sets = ruleSets
    .filter((set) => set.class === name)
    .map((set) => ({ type: set.type, rows: effective(set.rules).map(attributeCells) }));
  const inAll = (row: readonly string[]) =>
    sets.every((set) => set.rows.some((other) => other.join('|') === row.join('|')));
  const shared = sets[0]?.rows.filter(inAll) ?? [];
  const parts = [`## \`${name}\``, table(attributeHead, shared)];
  for (const set of sets) {
    const own = set.rows.filter((row) => !inAll(row));
    if (set.type !== undefined) {
      parts.push(`### \`${set.type}\``, own.length === 0 ? 'Nothing besides.' : table(attributeHead, own));
    }
  }
  return `${parts.join('\n\n')}\n`;
}

const attributeHead = ['Attribute', 'Type', 'Most', 'Create', 'Generate', 'Unwrap', 'Default', 'Remarks'];
const types = new Map(attributeRows.map((row) => [row.name, row.type]));
const most = new Map(attributeRows.map((row) => [row.name, mostOf(row)]));

function bytes(count: number | undefined): string {
  if (count === undefined) return '';
  return count < 1024 * 1024 ? `${count / 1024} KiB` : `${count / 1024 / 1024} MiB`;
}
const presenceWords = { required: 'needs', optional: '', forbidden: 'must not' } as const;

function attributeCells(rule: Rule): string[] {
  const spelt = plain(rule);
  const remarks = [
    spelt.readOnly ? 'Set by the token.' : '',
    spelt.sensitive ? 'Hidden while the key is sensitive or not extractable.' : '',
    spelt.soOnlyTrue ? 'Only the SO makes it true.' : '',
    spelt.sticky === 'once-true' ? 'Can be changed until it is true.' : '',
    spelt.sticky === 'once-false' ? 'Can be changed until it is false.' : '',
    spelt.sticky === 'lowers' ? 'Can be made smaller.' : '',
    spelt.modifiable && spelt.sticky === undefined ? 'Can be changed.' : '',
    spelt.copyable && !spelt.modifiable ? 'Can be changed in a copy.' : '',
    rule.remark ?? '',
  ];
  return [
    `\`${rule.attribute}\``,
    types.get(rule.attribute) ?? '',
    bytes(most.get(rule.attribute)),
    presenceWords[spelt.create],
    presenceWords[spelt.generate],
    presenceWords[spelt.unwrap],
    rule.default === undefined
      ? ''
      : typeof rule.default === 'string' && rule.default !== 'empty'
        ? `\`${rule.default}\``
        : String(rule.default),
    remarks.filter(Boolean).join(' '),
  ];
}
