/** Making key objects: what generating, unwrapping and deriving have in common. */
import type { JobId, KeyHandle } from '../../enclave/enclave.ts';
import * as ck from '../generated/constants.ts';
import { type AttributeSet, ulongValue } from '../objects/attribute-set.ts';
import type { TokenObject } from '../objects/object.ts';
import type { Maker } from '../objects/policy/named.ts';
import { completeTemplate } from '../objects/template.ts';
import { ALWAYS_INLINE } from '../policy/placement.ts';
import type { Session } from '../sessions/application.ts';
import { sessionOf } from '../sessions/application.ts';
import type { TemplateEntry } from '../values/arguments.ts';
import { CryptokiError, checked } from '../values/errors.ts';
import type { KeyCall } from './key-call.ts';
import type { Mechanism } from './mechanism.ts';

/** Attributes that a mechanism knows by itself, as {@link completeTemplate} takes them. */
export type Implied = Map<number, Uint8Array>;

/** Class and type, which every mechanism that makes keys implies. */
export function implying(objectClass: number, keyType: number): Implied {
  return new Map([
    [ck.CKA_CLASS, ulongValue(objectClass)],
    [ck.CKA_KEY_TYPE, ulongValue(keyType)],
  ]);
}

/** Completes a template for a key that will be generated. */
export function templateForGeneration(
  call: KeyCall,
  mechanism: Mechanism,
  template: readonly TemplateEntry[],
  implied: Implied,
): AttributeSet {
  const session = sessionOf(call);
  const { attributes } = completeTemplate({
    session,
    origin: 'generate',
    template,
    implied,
    mechanism: mechanism.type,
  });
  return attributes;
}

/**
 * Makes a key at once or on the thread pool, whichever suits one that takes about so many microseconds, and goes on with it.
 * @param make gives the enclave's handle, or with a job 0; or -CKR
 * @param copied bytes of input that a job would keep
 */
export function makeKey(
  call: KeyCall,
  cost: number,
  make: (job: JobId) => number,
  then: (key: KeyHandle) => number,
  copied = 0,
): number {
  const job = cost <= ALWAYS_INLINE ? 0 : call.engine.placement.place(call.app, cost, copied);
  const made = make(job);
  if (made < 0) return -made;
  if (job === 0) return then(made);
  return call.defer(job, () => {
    const key = call.engine.enclave.jobResult(job);
    return key < 0 ? -key : then(key);
  });
}

/** Who makes a new key, for the rules of a policy. */
export function makerOf(call: KeyCall, mechanism: Mechanism): Maker {
  return { fn: call.fn, mechanism: mechanism.type };
}

/** Makes the object of a new key, which it takes over, and gives its handle out. */
export function addKey(
  call: KeyCall,
  mechanism: Mechanism,
  attributes: AttributeSet,
  key: KeyHandle,
): number {
  const session = sessionOf(call);
  return keyAdded(
    call,
    mechanism,
    session.token.objects.add(session, attributes, key, makerOf(call, mechanism)),
  );
}

/** Gives the handle of a key's new object out. */
export function keyAdded(call: KeyCall, mechanism: Mechanism, object: TokenObject): number {
  const session = sessionOf(call);
  const { objects } = session.token;
  call.audit(mechanism.type, object.id, object.isFleeting);
  call.reply.ulong(objects.handleFor(session, object));
  return ck.CKR_OK;
}

/**
 * Makes both objects of a new key pair from the private key, which it takes over, and gives both handles out: the public key's
 * first. Makes both or none.
 */
export function addKeyPair(
  call: KeyCall,
  mechanism: Mechanism,
  publicAttributes: AttributeSet,
  privateAttributes: AttributeSet,
  privateKey: KeyHandle,
): number {
  return pairAdded(call, mechanism, privateKey, (session, publicKey) =>
    session.token.objects.addPair(
      session,
      { attributes: publicAttributes, key: publicKey },
      { attributes: privateAttributes, key: privateKey },
      makerOf(call, mechanism),
    ),
  );
}

/**
 * What the two ways of making a pair's objects share.
 * @param add takes both keys over
 */
export function pairAdded(
  call: KeyCall,
  mechanism: Mechanism,
  privateKey: KeyHandle,
  add: (session: Session, publicKey: KeyHandle) => readonly [TokenObject, TokenObject],
): number {
  const session = sessionOf(call);
  const { enclave } = call.engine;
  const { objects } = session.token;
  let publicKey: KeyHandle;
  try {
    publicKey = checked(enclave.keyPublicOf(privateKey), 'mechanisms.generate');
  } catch (error) {
    enclave.keyFree(privateKey);
    throw error;
  }
  const [publicObject, privateObject] = add(session, publicKey);
  call.audit(mechanism.type, privateObject.id, publicObject.isFleeting && privateObject.isFleeting);
  call.reply.ulong(objects.handleFor(session, publicObject));
  call.reply.ulong(objects.handleFor(session, privateObject));
  return ck.CKR_OK;
}

/** An attribute that the template had to give. */
export function needed<T>(value: T | undefined, what: string): T {
  if (value === undefined) {
    throw new CryptokiError(ck.CKR_TEMPLATE_INCOMPLETE, 'mechanisms.template', `the template needs ${what}`);
  }
  return value;
}

/** Whether a secret of that key type can have so many bytes: AES has three lengths, the others any. */
export function isSecretLength(keyType: number, bytes: number): boolean {
  if (keyType === ck.CKK_AES) return bytes === 16 || bytes === 24 || bytes === 32;
  return bytes >= 1;
}
