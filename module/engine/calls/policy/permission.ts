/**
 * Whether the rules of a policy let an application make a call: the one place where calls are held against them. What an object is called that
 * a call makes or changes is known only later, and asked for where it is put in its place (objects/policy/named.ts).
 *
 * Whoever owns the engine is not asked (`limited` is false for him).
 */
import { handleArguments } from '../../../../schema/policy/groups.ts';
import * as C from '../../generated/constants.ts';
import { DigestOperation } from '../../mechanisms/digest-operation.ts';
import { KeyOperation } from '../../mechanisms/key-operation.ts';
import type { TokenObject } from '../../objects/object.ts';
import { rightsOver } from '../../objects/policy/named.ts';
import { ANY_MECHANISM, type TokenRights } from '../../policy/rights.ts';
import { functionNumber, groupOf } from '../../policy/rules/rule.ts';
import type { Application, Session } from '../../sessions/application.ts';
import { OperationKind } from '../../sessions/operation.ts';
import type { Token } from '../../tokens/token.ts';
import type { Span } from '../../values/arguments.ts';
import { labelText } from '../../values/labels.ts';
import type { CallRow } from '../generated/codec.ts';

/** What is asked of a call. */
interface Asked {
  readonly app: Application;
  /** Set where a private key is used that nobody has logged in for. */
  pinless?: boolean;
  readonly session: Session | undefined;
  readonly engine: { readonly tokens: ReadonlyMap<number, Token> };
}

/** The arguments that are looked at, by the names that rows give them. */
interface Arguments {
  readonly slot?: number;
  readonly label?: Span;
  readonly mechanism?: { readonly type: number } | null;
}

const CLOSE = functionNumber('C_CloseSession');
const SET_PIN = functionNumber('C_SetPIN');
const INIT_TOKEN = functionNumber('C_InitToken');
/** Those that the SO PIN is for. */
const OF_OFFICER: ReadonlySet<number> = new Set(
  ['C_InitToken', 'C_InitPIN', 'SR_RenameToken', 'SR_AcceptStore'].map(functionNumber),
);

/** The functions by which each kind of operation goes on: where a call is about two of them, each is asked for its own. */
const goesOn: Readonly<Partial<Record<OperationKind, number>>> = {
  [OperationKind.Encrypt]: functionNumber('C_EncryptUpdate'),
  [OperationKind.Decrypt]: functionNumber('C_DecryptUpdate'),
  [OperationKind.Digest]: functionNumber('C_DigestUpdate'),
  [OperationKind.Sign]: functionNumber('C_SignUpdate'),
  [OperationKind.Verify]: functionNumber('C_VerifyUpdate'),
};

/** Whether the slot is there for the application, if there is one of that number at all. */
export function seesSlot(app: Application, token: Token | undefined): boolean {
  if (!app.rights.limited) return true;
  // The slot that waits for its token is there for those who may make one.
  return token === undefined ? app.rights.newTokens : app.rightsOn(token).visible;
}

/** Why the application may not make the call, as a CK_RV, or CKR_OK. */
export function permission(call: Asked, row: CallRow, args: object): number {
  const { app, session } = call;
  const group = groupOf[row.number];
  if (group === undefined) return C.CKR_FUNCTION_NOT_SUPPORTED;
  if (group.comes !== 'sight' && !app.rights.admits()) return C.CKR_FUNCTION_REJECTED;
  if (group.comes !== 'sight' && group.comes !== 'named')
    return app.rights[group.comes] ? C.CKR_OK : group.refusal;
  const token = session?.token ?? call.engine.tokens.get((args as Arguments).slot ?? -1);
  if (row.hasSlot && !seesSlot(app, token)) return C.CKR_SLOT_ID_INVALID;
  if (token === undefined) return withoutToken(app, row, args);
  const rights = app.rightsOn(token);
  if (!rights.visible && row.number !== CLOSE) return C.CKR_SESSION_HANDLE_INVALID;
  if (group.comes === 'sight') return C.CKR_OK;
  const refusal = row.goesOn.length > 0 ? C.CKR_OPERATION_NOT_INITIALIZED : group.refusal;
  if (!rights.mayCall(row.number)) return refusal;
  if (!hasRole(rights, row.number, session)) return group.refusal;
  if (!mayName(app, token, row.number, args)) return C.CKR_ARGUMENTS_BAD;
  if (session === undefined) return C.CKR_OK;
  const { mechanism } = args as Arguments;
  // A NULL mechanism ends the operation that is under way, whatever key stands beside it.
  if (mechanism === null) return C.CKR_OK;
  const uses = new Uses(call, session, rights);
  const used = withObjects(uses, row.number, mechanism?.type ?? ANY_MECHANISM, args, refusal);
  return used === C.CKR_OK ? withOperations(uses, row) : used;
}

/** What is no token's affair: the slots and what they have in common, and new tokens. */
function withoutToken(app: Application, row: CallRow, args: object): number {
  const group = groupOf[row.number];
  if (group?.comes === 'sight') return C.CKR_OK;
  const { label } = args as Arguments;
  const isNew = row.number === INIT_TOKEN && label !== undefined;
  return isNew && app.rights.mayMakeToken(labelText(label)) ? C.CKR_OK : (group?.refusal ?? C.CKR_OK);
}

/** Whether the role that the PIN in the call is of is among those that the rules give. Of logins login.ts asks that, also when the PIN has been tried. */
function hasRole(rights: TokenRights, fn: number, session: Session | undefined): boolean {
  if (OF_OFFICER.has(fn)) return rights.so;
  if (fn === SET_PIN) return session?.login === 'so' ? rights.so : rights.user;
  return true;
}

/** Whether the token may have the label that it is to get: another label could be another one's rights. */
function mayName(app: Application, token: Token, fn: number, args: object): boolean {
  const { label } = args as Arguments;
  if (label === undefined || !OF_OFFICER.has(fn)) return true;
  const renamed = app.rights.on({ label: labelText(label), serial: token.record.info?.serial ?? '' });
  return renamed.so && renamed.mayCall(fn);
}

/** What of the token's objects the call may use; and it is noted in the call when nobody has logged in for what it uses. */
class Uses {
  readonly session: Session;
  readonly rights: TokenRights;
  readonly #call: Asked;
  readonly #noLogin: boolean;

  constructor(call: Asked, session: Session, rights: TokenRights) {
    this.session = session;
    this.rights = rights;
    this.#call = call;
    this.#noLogin = session.unlocked;
  }

  may(object: Pick<TokenObject, 'attributes' | 'isPrivate'>, fn: number, mechanism: number): boolean {
    const over = rightsOver(this.rights, object.attributes);
    if (!this.#noLogin || !object.isPrivate) return over.mayUse(fn, mechanism);
    const may = over.mayUsePinless(fn, mechanism);
    if (may) this.#call.pinless = true;
    return may;
  }
}

/** Whether the rules give the function with the mechanism, for every object that the call names. One that is not there is the handler's to refuse. */
function withObjects(uses: Uses, fn: number, mechanism: number, args: object, refusal: number): number {
  const { session, rights } = uses;
  if (mechanism !== ANY_MECHANISM && !rights.mayUseMechanism(fn, mechanism)) return C.CKR_MECHANISM_INVALID;
  for (const name of handleArguments) {
    const handle: unknown = (args as Readonly<Record<string, unknown>>)[name];
    const object = typeof handle === 'number' ? session.token.objects.seen(session, handle) : undefined;
    if (object === undefined) continue;
    if (uses.may(object, fn, mechanism)) continue;
    return mechanism !== ANY_MECHANISM && uses.may(object, fn, ANY_MECHANISM)
      ? C.CKR_MECHANISM_INVALID
      : refusal;
  }
  return C.CKR_OK;
}

/** Whether the rules still give what is under way in the session and goes on by this call; what they do not ends. */
function withOperations(uses: Uses, row: CallRow): number {
  const { session, rights } = uses;
  let rv: number = C.CKR_OK;
  for (const named of row.goesOn) {
    // Both ways of verifying are one operation.
    const kind = named === OperationKind.VerifySignature ? OperationKind.Verify : named;
    const operation = session.operation(kind);
    const fn = row.goesOn.length > 1 ? (goesOn[kind] ?? row.number) : row.number;
    let may = true;
    if (operation instanceof KeyOperation) may = uses.may(operation.key, fn, operation.mechanism);
    else if (operation instanceof DigestOperation) may = rights.mayUseMechanism(fn, operation.mechanism);
    if (may) continue;
    session.end(kind);
    rv = C.CKR_OPERATION_NOT_INITIALIZED;
  }
  return rv;
}
