/**
 * The shapes of attributes and of the rules about them.
 */

/**
 * What an attribute's value is: one CK_ULONG, a CK_BBOOL, bytes, an unsigned integer as big-endian bytes, UTF-8 text
 * without an end mark, a CK_DATE (8 characters, or empty), an array of CK_ULONG, or an array of attributes.
 */
export type AttributeType = 'ulong' | 'bool' | 'bytes' | 'bigint' | 'utf8' | 'date' | 'ulongs' | 'attributes';

/** One attribute. */
export interface AttributeRow {
  readonly name: `CKA_${string}`;
  readonly type: AttributeType;
  /** Bytes of a value at most, where it is not that of the type. */
  readonly most?: number;
}

/**
 * The footnotes of the standard's attribute tables (PKCS#11 3.2, "Common attributes"), by their numbers:
 *
 *  1 C_CreateObject needs it             2 C_CreateObject refuses it
 *  3 generation needs it                 4 generation refuses it
 *  5 C_UnwrapKey needs it                6 C_UnwrapKey refuses it
 *  7 not revealed while CKA_SENSITIVE is true or CKA_EXTRACTABLE is false
 *  8 may be changed by C_SetAttributeValue and C_CopyObject
 *  9 its default is the token's choice
 * 10 only the SO may make it true
 * 11 once true, it stays so             12 once false, it stays so
 * 13 the token makes it when it generates the key pair
 *
 * Notes 10, 11 and 12 speak of changes, so an attribute with one of them may be changed as with 8. Derivation and
 * decapsulation, which the footnotes do not mention, refuse what C_UnwrapKey refuses and need nothing. What both
 * C_CreateObject and generation refuse, the token alone sets, unless it may be changed later.
 */
export type Footnote = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13;

/** A value by default: a boolean, a number, an empty value, or the constant of that name. Absent: the token works it out. */
export type DefaultValue = boolean | number | 'empty' | `CK${string}`;

/** One attribute of one kind of object. */
export interface Rule {
  readonly attribute: `CKA_${string}`;
  readonly notes?: readonly Footnote[];
  readonly default?: DefaultValue;
  /** May be given another value by C_CopyObject although C_SetAttributeValue may not change it. */
  readonly copyable?: true;
  /** A number that changes make smaller only; absent, it is as large as can be. */
  readonly lowers?: true;
  /** Where we do not do as the footnotes say, or more than they say, and why. */
  readonly remark?: string;
}

/** The attributes of one kind of object. Where two rules name one attribute the later one holds. */
export interface RuleSet {
  readonly class: `CKO_${string}`;
  /** CKA_KEY_TYPE, CKA_CERTIFICATE_TYPE or CKA_HW_FEATURE_TYPE; absent for classes that have no such attribute. */
  readonly type?: `CKK_${string}` | `CKC_${string}` | `CKH_${string}`;
  readonly rules: readonly Rule[];
}
