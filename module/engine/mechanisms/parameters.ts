/** Reading mechanism parameters; whatever does not fit is CKR_MECHANISM_PARAM_INVALID. */

import { CKR_MECHANISM_PARAM_INVALID } from '../generated/constants.ts';
import type { MechanismParameter, Span } from '../values/arguments.ts';
import { CryptokiError } from '../values/errors.ts';
import { copyOf, EMPTY } from './bytes.ts';
import { type HashFunction, hashOfDigest, hashOfMgf } from './hash/hashes.ts';

type Shape = MechanismParameter['shape'];

/** A parameter that the mechanism cannot take. */
export function badParameter(message: string): CryptokiError {
  return new CryptokiError(CKR_MECHANISM_PARAM_INVALID, 'mechanisms.parameter', message);
}

/** For mechanisms that have no parameter. */
export function noParameter(parameter: MechanismParameter | undefined): void {
  if (parameter !== undefined) throw badParameter('the mechanism takes no parameter');
}

/** The parameter in that shape. */
export function shaped<S extends Shape>(
  parameter: MechanismParameter | undefined,
  shape: S,
): Extract<MechanismParameter, { shape: S }> {
  if (parameter?.shape !== shape) throw badParameter(`the mechanism needs a parameter of shape ${shape}`);
  return parameter as Extract<MechanismParameter, { shape: S }>;
}

/** An initialisation vector of exactly that many bytes. */
export function vector(parameter: MechanismParameter | undefined, length: number): Uint8Array {
  const { bytes } = shaped(parameter, 'bytes');
  if (bytes.length !== length) throw badParameter(`the initialisation vector must be ${length} bytes long`);
  return copyOf(bytes);
}

/** The same where the parameter may be left out, which gives an empty array. */
export function optionalVector(parameter: MechanismParameter | undefined, length: number): Uint8Array {
  return parameter === undefined ? EMPTY : vector(parameter, length);
}

/** The hash that a hashAlg field names. */
export function hashNamed(hashAlg: number): HashFunction {
  const found = hashOfDigest(hashAlg);
  if (found === undefined) throw badParameter('the hash function is not supported');
  return found;
}

/** The hash of a mask generation function. */
export function mgfNamed(mgf: number): HashFunction {
  const found = hashOfMgf(mgf);
  if (found === undefined) throw badParameter('the mask generation function is not supported');
  return found;
}

/** Whether a field that may be NULL was left out or empty. */
export function isEmpty(span: Span | null): boolean {
  return span === null || span.length === 0;
}
