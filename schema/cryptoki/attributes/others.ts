/**
 * Attributes of everything that is not a key (PKCS#11 3.2, chapter "Objects").
 */

import { common, ofTheToken, storage } from './common.ts';
import type { Rule, RuleSet } from './shape.ts';

const data: RuleSet = {
  class: 'CKO_DATA',
  rules: [
    ...common,
    ...storage,
    {
      attribute: 'CKA_PRIVATE',
      default: true,
      copyable: true,
      remark:
        "The default is the token's choice: nobody can tell what an application keeps in a data object.",
    },
    { attribute: 'CKA_APPLICATION', default: 'empty' },
    { attribute: 'CKA_OBJECT_ID', default: 'empty' },
    { attribute: 'CKA_VALUE', default: 'empty' },
  ],
};

const certificate: readonly Rule[] = [
  ...common,
  ...storage,
  { attribute: 'CKA_CERTIFICATE_TYPE', notes: [1] },
  {
    attribute: 'CKA_TRUSTED',
    notes: [10],
    default: false,
    remark: 'While it is true nothing else of the certificate may be changed.',
  },
  { attribute: 'CKA_CERTIFICATE_CATEGORY', default: 'CK_CERTIFICATE_CATEGORY_UNSPECIFIED' },
  {
    attribute: 'CKA_CHECK_VALUE',
    remark: 'Worked out by the token; a value in a template must be the same.',
  },
  { attribute: 'CKA_START_DATE', default: 'empty' },
  { attribute: 'CKA_END_DATE', default: 'empty' },
  { attribute: 'CKA_PUBLIC_KEY_INFO', default: 'empty' },
];

/** Certificates may be given by where they are: then the value is empty, the URL is not, and hashes may say of what. */
const byPlace: readonly Rule[] = [
  {
    attribute: 'CKA_VALUE',
    notes: [1],
    remark: 'Empty only when CKA_URL is not.',
  },
  { attribute: 'CKA_URL', default: 'empty', remark: 'Empty only when CKA_VALUE is not.' },
  { attribute: 'CKA_HASH_OF_SUBJECT_PUBLIC_KEY', default: 'empty', remark: 'Empty only when CKA_URL is.' },
  { attribute: 'CKA_HASH_OF_ISSUER_PUBLIC_KEY', default: 'empty', remark: 'Empty only when CKA_URL is.' },
  { attribute: 'CKA_NAME_HASH_ALGORITHM', default: 'CKM_SHA_1' },
];

const certificates: readonly RuleSet[] = [
  {
    class: 'CKO_CERTIFICATE',
    type: 'CKC_X_509',
    rules: [
      ...certificate,
      { attribute: 'CKA_SUBJECT', notes: [1] },
      { attribute: 'CKA_ID', notes: [8], default: 'empty' },
      { attribute: 'CKA_ISSUER', notes: [8], default: 'empty' },
      { attribute: 'CKA_SERIAL_NUMBER', notes: [8], default: 'empty' },
      ...byPlace,
      { attribute: 'CKA_JAVA_MIDP_SECURITY_DOMAIN', default: 'CK_SECURITY_DOMAIN_UNSPECIFIED' },
    ],
  },
  {
    class: 'CKO_CERTIFICATE',
    type: 'CKC_WTLS',
    rules: [
      ...certificate,
      { attribute: 'CKA_SUBJECT', notes: [1] },
      { attribute: 'CKA_ISSUER', notes: [8], default: 'empty' },
      ...byPlace,
    ],
  },
  {
    class: 'CKO_CERTIFICATE',
    type: 'CKC_X_509_ATTR_CERT',
    rules: [
      ...certificate,
      { attribute: 'CKA_OWNER', notes: [1] },
      { attribute: 'CKA_AC_ISSUER', notes: [8], default: 'empty' },
      { attribute: 'CKA_SERIAL_NUMBER', notes: [8], default: 'empty' },
      { attribute: 'CKA_ATTR_TYPES', notes: [8], default: 'empty' },
      { attribute: 'CKA_VALUE', notes: [1] },
    ],
  },
];

const domain: readonly Rule[] = [
  ...common,
  ...storage,
  { attribute: 'CKA_KEY_TYPE', notes: [1] },
  { attribute: 'CKA_LOCAL', notes: [2, 4], default: false },
  { attribute: 'CKA_PRIME', notes: [1, 4] },
  { attribute: 'CKA_BASE', notes: [1, 4] },
  { attribute: 'CKA_PRIME_BITS', notes: [2, 3] },
];
const subprime: Rule = { attribute: 'CKA_SUBPRIME', notes: [1, 4] };

const domainParameters: readonly RuleSet[] = [
  { class: 'CKO_DOMAIN_PARAMETERS', type: 'CKK_DSA', rules: [...domain, subprime] },
  { class: 'CKO_DOMAIN_PARAMETERS', type: 'CKK_DH', rules: domain },
  {
    class: 'CKO_DOMAIN_PARAMETERS',
    type: 'CKK_X9_42_DH',
    rules: [...domain, subprime, { attribute: 'CKA_SUBPRIME_BITS', notes: [2, 3] }],
  },
];

/** Attributes that only the token sets. */
function told(...names: readonly `CKA_${string}`[]): readonly Rule[] {
  return names.map((attribute) => ({ attribute, notes: [2, 4] }));
}

const features: readonly RuleSet[] = [
  {
    class: 'CKO_HW_FEATURE',
    type: 'CKH_CLOCK',
    rules: [
      ...ofTheToken,
      ...told('CKA_HW_FEATURE_TYPE'),
      { attribute: 'CKA_VALUE', notes: [2, 4, 8], remark: 'Setting the clock is for the SO.' },
    ],
  },
  {
    class: 'CKO_HW_FEATURE',
    type: 'CKH_MONOTONIC_COUNTER',
    rules: [...ofTheToken, ...told('CKA_HW_FEATURE_TYPE', 'CKA_RESET_ON_INIT', 'CKA_HAS_RESET', 'CKA_VALUE')],
  },
  {
    class: 'CKO_HW_FEATURE',
    type: 'CKH_USER_INTERFACE',
    rules: [
      ...ofTheToken,
      ...told(
        'CKA_HW_FEATURE_TYPE',
        'CKA_PIXEL_X',
        'CKA_PIXEL_Y',
        'CKA_RESOLUTION',
        'CKA_CHAR_ROWS',
        'CKA_CHAR_COLUMNS',
        'CKA_COLOR',
        'CKA_BITS_PER_PIXEL',
        'CKA_CHAR_SETS',
        'CKA_ENCODING_METHODS',
        'CKA_MIME_TYPES',
      ),
    ],
  },
];

const trustUses = [
  'CKA_TRUST_SERVER_AUTH',
  'CKA_TRUST_CLIENT_AUTH',
  'CKA_TRUST_CODE_SIGNING',
  'CKA_TRUST_EMAIL_PROTECTION',
  'CKA_TRUST_IPSEC_IKE',
  'CKA_TRUST_TIME_STAMPING',
  'CKA_TRUST_OCSP_SIGNING',
] as const;

const trust: RuleSet = {
  class: 'CKO_TRUST',
  rules: [
    ...common,
    ...storage,
    { attribute: 'CKA_ISSUER', notes: [1] },
    { attribute: 'CKA_SERIAL_NUMBER', notes: [1] },
    {
      attribute: 'CKA_HASH_OF_CERTIFICATE',
      default: 'empty',
      remark: 'Needed unless every use is CKT_TRUST_UNKNOWN or CKT_NOT_TRUSTED.',
    },
    { attribute: 'CKA_NAME_HASH_ALGORITHM', default: 'CKM_SHA_1' },
    ...trustUses.map((attribute): Rule => ({ attribute, notes: [8], default: 'CKT_TRUST_UNKNOWN' })),
  ],
};

const aboutTheToken: readonly RuleSet[] = [
  { class: 'CKO_MECHANISM', rules: [...ofTheToken, ...told('CKA_MECHANISM_TYPE')] },
  { class: 'CKO_PROFILE', rules: [...ofTheToken, ...storage, ...told('CKA_PROFILE_ID')] },
  {
    class: 'CKO_VALIDATION',
    rules: [
      ...ofTheToken,
      ...storage,
      ...told(
        'CKA_VALIDATION_TYPE',
        'CKA_VALIDATION_VERSION',
        'CKA_VALIDATION_LEVEL',
        'CKA_VALIDATION_MODULE_ID',
        'CKA_VALIDATION_FLAG',
        'CKA_VALIDATION_AUTHORITY_TYPE',
        'CKA_VALIDATION_COUNTRY',
        'CKA_VALIDATION_CERTIFICATE_IDENTIFIER',
        'CKA_VALIDATION_CERTIFICATE_URI',
        'CKA_VALIDATION_VENDOR_URI',
        'CKA_VALIDATION_PROFILE',
      ),
    ],
  },
];

/** Data, certificates, domain parameters, trust, and what the token tells about itself. */
export const otherRules: readonly RuleSet[] = [
  data,
  ...certificates,
  ...domainParameters,
  trust,
  ...features,
  ...aboutTheToken,
];
