/**
 * The shape of a named number of the standard.
 */

/**
 * Stands for a CK_ULONG with all bits set. The engine carries CK_ULONG as a JavaScript number, in which 2^64-1 has no
 * exact form; so on our side the one such value of the standard is -1, and only the C header writes it as `(~0UL)`.
 */
export const ALL_ONES = -1;

/** One named number. */
export interface Constant {
  readonly name: string;
  /** The number, or {@link ALL_ONES}. */
  readonly value: number;
  /** The name that is used today for the same number; this row is then an old or misspelt one. */
  readonly alias?: string;
  /** `deprecated`: superseded. `historical`: kept by the standard only so that its number is not given away again. */
  readonly status?: 'deprecated' | 'historical';
}

/** Constants that share a meaning: within a group (not across groups) a number says one thing. */
export interface ConstantGroup {
  /** What the group is called in generated code and documentation, in camelCase. */
  readonly id: string;
  /** Where its values are used, in the standard's words for the type, member or argument. */
  readonly usedIn: string;
  readonly rows: readonly Constant[];
}
