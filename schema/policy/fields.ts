/** What a rule of the policy file may say: the engine's reader, the sample and the documentation are made from this list. */

export interface RuleField {
  /** The key as it stands in a `[[rule]]`. */
  readonly name: string;
  readonly type: 'words' | 'word' | 'boolean' | 'integer';
  /** For words: whether one can stand without brackets. */
  readonly alone?: boolean;
  /** What holds where the rule does not say; in the words of the sample. */
  readonly default: string;
  /** For whole numbers. */
  readonly least?: number;
  readonly most?: number;
  /** The words that it knows, where it is a choice. */
  readonly choice?: readonly string[];
  /** A value for the sample, as TOML spells it. */
  readonly example: string;
  readonly meaning: string;
  readonly warning?: string;
}

/** In the order in which the sample shows them. */
export const ruleFields = [
  {
    name: 'who',
    type: 'words',
    default: 'none: every rule says whom it is about',
    example:
      '["user:www-data", "group:ssl-cert", "uid:33", "gid:33", "spiffe://example.org/web", "dns:web-*.example.org"]',
    meaning:
      'Whom the rule is about. Programs of this machine as the kernel knows them: "user:NAME" and "uid:NUMBER", "group:NAME" and "gid:NUMBER" ' +
      '(supplementary groups count), or "any" for each of them. Names are looked up in /etc/passwd and /etc/group when the file is read. ' +
      'Programs of other machines, which come through the network door, by a name of their certificate: "spiffe://DOMAIN/PATH", ' +
      '"dns:NAME", "subject:CN=web,O=Example", or "any-remote" for each of them. In a DNS name and a trust domain “*” stands for any letters but ' +
      'a dot, in the path for any; in a subject for any letters of a value, and alone between commas for any parts. Words of one kind say nothing ' +
      'about clients of the other.',
    warning: 'Whoever can become that user, or has the key of that certificate, has these rights too.',
  },
  {
    name: 'effect',
    type: 'word',
    default: '"allow"',
    choice: ['allow', 'deny'],
    example: '"allow"',
    meaning:
      'Whether what the rule matches is allowed or denied. Rules are read in their order, and the first one that matches decides; what none ' +
      'matches is denied.',
  },
  {
    name: 'roles',
    type: 'words',
    default: '["user"]; in a rule that denies: every role where it denies everything, else none',
    example: '["user"]',
    meaning:
      'What they are. "user" and "so" are of the tokens that the rule names: who has them may log in so, with the PIN. "operator", "auditor" ' +
      'and "metrics" are of the whole engine. [] gives functions without the right to log in.',
  },
  {
    name: 'tokens',
    type: 'words',
    default: 'every token',
    example: '["web", "tls-*", "serial:00f1e2d3c4b5a697"]',
    meaning:
      'The tokens, by label or serial number. In each text “*” stands for any letters, also none, here and in `keys`.',
  },
  {
    name: 'keys',
    type: 'words',
    default: 'every object',
    example: '["label:web-*", "id:0a1b2c", "tag:frontend", "session"]',
    meaning:
      'The objects, keys and others, by CKA_LABEL, by CKA_ID in hexadecimal, or by CKA_STRONGROOM_TAG, which stands for a group of objects; or ' +
      '"session" for the session objects that an application makes for itself. Objects that no rule gives for anything are not there for them.',
    warning:
      'Public keys and certificates are objects too: give them the label, id or tag of their private key, or a rule of their own.',
  },
  {
    name: 'functions',
    type: 'words',
    default: 'what the roles give; in a rule that denies: every function where it names no roles',
    example: '["sign", "verify"]',
    meaning:
      'What they may do, in groups or by the names of single functions. With any function on objects, searching for them and reading their ' +
      'attributes come along; with the roles "user" and "so", logging in does.',
  },
  {
    name: 'mechanisms',
    type: 'words',
    default: 'every mechanism',
    example: '["CKM_ECDSA", "CKM_ECDSA_SHA256"]',
    meaning:
      'The mechanisms, by name. Of functions that take none they say nothing: those stay allowed, or are not denied.',
  },
  {
    name: 'hours',
    type: 'words',
    alone: true,
    default: 'at all times',
    example: '["mon-fri 08:00-18:00", "sat 08:00-12:00 Europe/Berlin"]',
    meaning:
      'When the rule holds; at other times it is as if it was not there. Days, times or both, in UTC or in the time zone that is named; one or several. What ends ' +
      'before it begins ends on the next day: "fri 22:00-06:00" goes on until Saturday morning. Sessions and logins that no rule gives any more ' +
      'when hours end are closed then.',
    warning: 'The machine’s clock counts: whoever can set it decides.',
  },
  {
    name: 'pinless',
    type: 'boolean',
    default: 'false',
    example: 'false',
    meaning:
      'Whether private objects that the rule allows can be used without C_Login, while the token is unlocked.',
    warning: 'The PIN then stands between the key and nobody of these any more.',
  },
  {
    name: 'new_tokens',
    type: 'boolean',
    default: 'false',
    example: 'false',
    meaning:
      'Whether they may make new tokens, with labels that `tokens` names. What they may do with one then is for the rules to say.',
  },
  {
    name: 'rate',
    type: 'integer',
    default: 'no limit',
    least: 1,
    most: 1_000_000,
    example: '500',
    meaning:
      'How many calls a second they may make in the long run, all processes of a user together, and all that come with a certificate of the same ' +
      'first name; what is more answers CKR_FUNCTION_REJECTED. For each user, or name, the first rule that allows, names him and has a rate ' +
      'counts, whatever its tokens, keys and functions.',
  },
  {
    name: 'burst',
    type: 'integer',
    default: 'as many as `rate`',
    least: 1,
    most: 1_000_000,
    example: '1000',
    meaning: 'How many calls they may make at once after a rest, where there is a `rate`.',
  },
] as const satisfies readonly RuleField[];

export type FieldName = (typeof ruleFields)[number]['name'];
