/**
 * The halves of a pair, which SP 800-57 has go from state to state together, while each is a key of its own to PKCS#11: which belong together,
 * and which goes first.
 */

export interface Half {
  readonly kind: 'secret' | 'private' | 'public';
  /** What the key is, in whatever words, the same for both halves: curve or length included. */
  readonly type: string;
  readonly label: string;
  /** CKA_ID in hex. */
  readonly id: string;
}

/** Whether the two are the private and the public half of one pair, by what ties them together in PKCS#11. */
export function areHalves(one: Half, other: Half): boolean {
  return (
    one.kind !== other.kind &&
    one.kind !== 'secret' &&
    other.kind !== 'secret' &&
    one.type === other.type &&
    one.id === other.id &&
    one.label === other.label &&
    (one.id !== '' || one.label !== '')
  );
}

/** What is known of a key that is to go to another state; of one that the security officer names and does not see, nothing. */
export interface Goer {
  readonly kind: Half['kind'] | undefined;
  readonly state: string | undefined;
}

/** The half that matters more goes first, should the other one fail. */
export function privateFirst<T extends { readonly kind: Half['kind'] | undefined }>(
  keys: readonly T[],
): readonly T[] {
  return [...keys].sort((one, other) => Number(one.kind === 'public') - Number(other.kind === 'public'));
}

/**
 * Those of a key's halves that are to go to a state, in their order. A half
 * that is there already stays as it is; if that holds for all, all go, so that the engine says what it has to say.
 */
export function goers<G extends Goer>(halves: readonly G[], state: string): readonly G[] {
  const left = halves.filter((half) => half.state !== state);
  return privateFirst(left.length > 0 ? left : halves);
}
