/*
 * RSA keys: what makes one, how one is made, and OpenSSL's form of it.
 */
#ifndef STRONGROOM_ENCLAVE_KEYS_RSA_H
#define STRONGROOM_ENCLAVE_KEYS_RSA_H

#include "key.h"

/* Checks the parts, and completes the short form (n, e, d). */
sr_result sr_rsa_from_parts(uint32_t kind, const struct sr_parts *parts, struct sr_key **key);
/* Both flags are looked at between candidates; generation ends with -CKR_FUNCTION_FAILED when one turns true.
 */
sr_result sr_rsa_generate(uint32_t bits, struct sr_bytes exponent, const _Atomic bool *const stop[2],
                          struct sr_key **key);
/* OpenSSL's key; NULL when it cannot be made. */
EVP_PKEY *sr_rsa_parse(const struct sr_key *key);

#endif
