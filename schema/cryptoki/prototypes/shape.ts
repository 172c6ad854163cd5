/**
 * The shape of a C prototype. How an argument travels (what it points to, how long it is) is said in ../functions.ts.
 */

/** One Cryptoki function; all of them return CK_RV. */
export interface Prototype {
  readonly name: `C_${string}`;
  /** The first function list that carries it. */
  readonly since: '2.40' | '3.0' | '3.2';
  readonly params: readonly { readonly name: string; readonly ctype: string }[];
}
