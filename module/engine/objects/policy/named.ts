/** Objects as rules of a policy name them, and what a session may do with them. */
import {
  CKA_ID,
  CKA_LABEL,
  CKA_STRONGROOM_FORMER_LABEL,
  CKA_STRONGROOM_TAG,
  CKA_TOKEN,
  CKR_ATTRIBUTE_VALUE_INVALID,
} from '../../generated/constants.ts';
import { functionGroups } from '../../generated/functions.ts';
import { ANY_MECHANISM, type NamedObject, type ObjectRights, type TokenRights } from '../../policy/rights.ts';
import { functionNumber } from '../../policy/rules/rule.ts';
import { CryptokiError } from '../../values/errors.ts';
import type { AttributeSet } from '../attribute-set.ts';

/** What makes an object: a function, by its number, and its mechanism. */
export interface Maker {
  readonly fn: number;
  readonly mechanism: number;
}

/** Stands for a maker that nobody named: what is made so must be given for all of them. */
const ALL_MAKERS: readonly Maker[] = functionGroups
  .filter(({ objects }) => objects === 'made')
  .flatMap(({ functions }) => functions.map((fn) => ({ fn, mechanism: ANY_MECHANISM })));
const MODIFY: Maker = { fn: functionNumber('C_SetAttributeValue'), mechanism: ANY_MECHANISM };

function text(attributes: AttributeSet, type: number, encoding: 'utf8' | 'hex'): string {
  const bytes = attributes.bytes(type);
  return bytes === undefined
    ? ''
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(encoding);
}

function nameOf(attributes: AttributeSet): NamedObject {
  return {
    // A key that was rotated is for those who had it before.
    label: text(
      attributes,
      attributes.has(CKA_STRONGROOM_FORMER_LABEL) ? CKA_STRONGROOM_FORMER_LABEL : CKA_LABEL,
      'utf8',
    ),
    id: text(attributes, CKA_ID, 'hex'),
    tag: text(attributes, CKA_STRONGROOM_TAG, 'utf8'),
    session: attributes.bool(CKA_TOKEN) !== true,
  };
}

/** What may be done with an object of these attributes. Other attributes are another set, so the answer holds as long as the set does. */
export function rightsOver(rights: TokenRights, attributes: AttributeSet): ObjectRights {
  return rights.over(attributes, () => nameOf(attributes));
}

/** Whether the object is there for whoever has these rights. */
export function isVisible(
  rights: TokenRights,
  { attributes }: { readonly attributes: AttributeSet },
): boolean {
  return rightsOver(rights, attributes).visible;
}

/** Whether a private object is there for an application that is not logged in: the token is unlocked, and a rule says that it needs no login. */
export function isPinless(
  session: { readonly unlocked: boolean; readonly rights: TokenRights },
  { attributes, owner }: { readonly attributes: AttributeSet; readonly owner: unknown },
): boolean {
  return session.unlocked && owner === undefined && rightsOver(session.rights, attributes).pinless;
}

/**
 * Whether whoever has these rights may make an object with these attributes.
 * @throws CryptokiError CKR_ATTRIBUTE_VALUE_INVALID: its label, id and tag are not among those that he may give
 */
export function checkMayMake(rights: TokenRights, attributes: AttributeSet, maker: Maker | undefined): void {
  const over = rightsOver(rights, attributes);
  const makers = maker === undefined ? ALL_MAKERS : [maker];
  if (makers.every(({ fn, mechanism }) => over.mayUse(fn, mechanism))) return;
  throw new CryptokiError(
    CKR_ATTRIBUTE_VALUE_INVALID,
    'objects.policy',
    'no rule gives an object of that label, id and tag',
  );
}

/** The same for the attributes that an object is to have. @throws CryptokiError as {@link checkMayMake} */
export function checkMayBecome(rights: TokenRights, attributes: AttributeSet): void {
  checkMayMake(rights, attributes, MODIFY);
}
