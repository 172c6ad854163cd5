/**
 * The shape of a C prototype. How an argument travels (what it points to, how long it is) is said in ../functions.ts.
 */

/** One function of the standard, or of ours beside it (`SR_`); all of them return CK_RV. */
export interface Prototype {
  readonly name: `C_${string}` | `SR_${string}`;
  /** The first function list that carries it; `strongroom` is our own interface's list. */
  readonly since: '2.40' | '3.0' | '3.2' | 'strongroom';
  readonly params: readonly { readonly name: string; readonly ctype: string }[];
}
