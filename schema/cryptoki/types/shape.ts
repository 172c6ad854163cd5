/**
 * The shapes of C types: scalars, callbacks and structures.
 */

/** A name for a C type: `base` is C for a fundamental type, or the name of a scalar that stands earlier in the table. */
export interface Scalar {
  readonly name: string;
  readonly base: string;
}

/** One member of a structure. With `count` it is an inline array of so many elements. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly count?: number;
}

/** A structure, with natural alignment: Unix ABIs do not pack Cryptoki's structures. */
export interface Structure {
  readonly name: string;
  readonly fields: readonly Field[];
}

/** A function of the application that the library may call; it returns CK_RV. */
export interface Callback {
  readonly name: string;
  readonly params: readonly Field[];
}
