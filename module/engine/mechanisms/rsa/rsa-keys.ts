/** CKM_RSA_PKCS_KEY_PAIR_GEN (PKCS#11 3.2, 6.1 "PKCS #1 RSA key pair generation"; FIPS 186-5, A.1). */

import type { KeyHandle } from '../../../enclave/enclave.ts';
import * as ck from '../../generated/constants.ts';
import type { AttributeSet } from '../../objects/attribute-set.ts';
import type { TemplateEntry } from '../../values/arguments.ts';
import { CryptokiError } from '../../values/errors.ts';
import type { KeyCall } from '../key-call.ts';
import { type Family, Mechanism, type Parameter } from '../mechanism.ts';
import { addKeyPair, implying, needed, templateForGeneration } from '../new-keys.ts';
import { noParameter } from '../parameters.ts';

/** 65537, when the template names none. */
const DEFAULT_EXPONENT = Uint8Array.of(1, 0, 1);

class RsaKeyPairGeneration extends Mechanism {
  override generateKeyPair(
    call: KeyCall,
    parameter: Parameter,
    publicTemplate: readonly TemplateEntry[],
    privateTemplate: readonly TemplateEntry[],
  ): number {
    noParameter(parameter);
    const publicAttributes = templateForGeneration(
      call,
      this,
      publicTemplate,
      implying(ck.CKO_PUBLIC_KEY, ck.CKK_RSA),
    );
    const privateAttributes = templateForGeneration(
      call,
      this,
      privateTemplate,
      implying(ck.CKO_PRIVATE_KEY, ck.CKK_RSA),
    );
    const bits = needed(publicAttributes.ulong(ck.CKA_MODULUS_BITS), 'CKA_MODULUS_BITS');
    const exponent = exponentOf(publicAttributes.bytes(ck.CKA_PUBLIC_EXPONENT));
    return this.#generate(call, bits, exponent, (key) =>
      addKeyPair(call, this, publicAttributes, privateAttributes, key),
    );
  }

  override generateLike(call: KeyCall, attributes: AttributeSet, then: (key: KeyHandle) => number): number {
    const modulus = needed(attributes.bytes(ck.CKA_MODULUS), 'CKA_MODULUS');
    const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
    return this.#generate(call, bits, exponentOf(attributes.bytes(ck.CKA_PUBLIC_EXPONENT)), then);
  }

  /** Primes take from tens of milliseconds to minutes to find, so this always runs on the thread pool. */
  #generate(call: KeyCall, bits: number, exponent: Uint8Array, then: (key: KeyHandle) => number): number {
    if (!(bits >= this.row.min && bits <= this.row.max)) {
      throw new CryptokiError(
        ck.CKR_ATTRIBUTE_VALUE_INVALID,
        'mechanisms.generate',
        'no key is generated with a modulus of that length',
      );
    }
    const { engine } = call;
    const job = engine.placement.job(call.app);
    const started = engine.enclave.keyGenerateRsa(job, bits, exponent);
    if (started < 0) return -started;
    return call.defer(job, () => {
      const key = engine.enclave.jobResult(job);
      return key < 0 ? -key : then(key);
    });
  }
}

/** The exponent without leading zeros; it must be odd, at least 3, and not longer than OpenSSL takes. */
function exponentOf(given: Uint8Array | undefined): Uint8Array {
  if (given === undefined || given.length === 0) return DEFAULT_EXPONENT;
  let start = 0;
  while (start < given.length && given[start] === 0) start++;
  const exponent = given.slice(start);
  const lowest = exponent.at(-1);
  const tooSmall = exponent.length === 0 || (exponent.length === 1 && lowest === 1);
  if (lowest === undefined || tooSmall || lowest % 2 === 0 || exponent.length > 8) {
    throw new CryptokiError(
      ck.CKR_TEMPLATE_INCONSISTENT,
      'mechanisms.generate',
      'the public exponent cannot be used',
    );
  }
  return exponent;
}

export const rsaKeys: Family = [[ck.CKM_RSA_PKCS_KEY_PAIR_GEN, (row) => new RsaKeyPairGeneration(row)]];
