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
  if (group.comes === 'operator') return app.rights.operator ? C.CKR_OK : group.refusal;
  const token = session?.token ?? call.engine.tokens.get((args as Arguments).slot ?? -1);
  if (row.hasSlot && !seesSlot(app, token)) return C.CKR_SLOT_ID_INVALID;
  if (token === undefined) return withoutToken(app, row, args);
  const rights = app.rightsOn(token);
  if (!rights.visible && row.number !== CLOSE) return C.CKR_SESSION_HANDLE_INVALID;
  if (group.comes === 'sight') return C.CKR_OK;
  const refusal = row.errorEnds.length > 0 ? C.CKR_OPERATION_NOT_INITIALIZED : group.refusal;
  if (!rights.mayCall(row.number)) return refusal;
  if (!hasRole(rights, row.number, session)) return group.refusal;
  if (!mayName(app, token, row.number, args)) return C.CKR_ARGUMENTS_BAD;
  if (session === undefined) return C.CKR_OK;
  const { mechanism } = args as Arguments;
  // A NULL mechanism ends the operation that is under way, whatever key stands beside it.
  if (mechanism === null) return C.CKR_OK;
  const used = withObjects(session, rights, row.number, mechanism?.type ?? ANY_MECHANISM, args, refusal);
  return used === C.CKR_OK ? withOperations(session, rights, row) : used;
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

/** Whether the rules give the function with the mechanism, for every object that the call names. One that is not there is the handler's to refuse. */
function withObjects(
  session: Session,
  rights: TokenRights,
  fn: number,
  mechanism: number,
  args: object,
  refusal: number,
): number {
  if (mechanism !== ANY_MECHANISM && !rights.mayUseMechanism(fn, mechanism)) return C.CKR_MECHANISM_INVALID;
  for (const name of handleArguments) {
    const handle: unknown = (args as Readonly<Record<string, unknown>>)[name];
    const object = typeof handle === 'number' ? session.token.objects.seen(session, handle) : undefined;
    if (object === undefined) continue;
    const over = rightsOver(rights, object.attributes);
    if (over.mayUse(fn, mechanism)) continue;
    return mechanism !== ANY_MECHANISM && over.mayUse(fn, ANY_MECHANISM) ? C.CKR_MECHANISM_INVALID : refusal;
  }
  return C.CKR_OK;
}

/** Whether the rules still give what is under way in the session and goes on by this call; what they do not ends. */
function withOperations(session: Session, rights: TokenRights, row: CallRow): number {
  let rv: number = C.CKR_OK;
  for (const named of row.errorEnds) {
    // Both ways of verifying are one operation.
    const kind = named === OperationKind.VerifySignature ? OperationKind.Verify : named;
    const operation = session.operation(kind);
    const fn = row.errorEnds.length > 1 ? (goesOn[kind] ?? row.number) : row.number;
    let may = true;
    if (operation instanceof KeyOperation)
      may = rightsOver(rights, operation.key.attributes).mayUse(fn, operation.mechanism);
    else if (operation instanceof DigestOperation) may = rights.mayUseMechanism(fn, operation.mechanism);
    if (may) continue;
    session.end(kind);
    rv = C.CKR_OPERATION_NOT_INITIALIZED;
  }
  return rv;
}
