/*
 * Keys on curves: what makes one, how one is made, and OpenSSL's form of it.
 */
#ifndef STRONGROOM_ENCLAVE_KEYS_EC_H
#define STRONGROOM_ENCLAVE_KEYS_EC_H

#include "key.h"

sr_result sr_ec_from_parts(uint32_t kind, const struct sr_parts *parts, struct sr_key **key);
/* Ed25519 and X25519. */
sr_result sr_okp_from_parts(uint32_t kind, const struct sr_parts *parts, struct sr_key **key);
/* kind: one of the three private kinds on curves. */
sr_result sr_ec_generate(uint32_t kind, struct sr_bytes params, struct sr_key **key);
/* OpenSSL's key; NULL when it cannot be made. */
EVP_PKEY *sr_ec_parse(const struct sr_key *key);

#endif
