/*
 * Key agreement: ECDH (SEC 1, 3.3.1) and X25519 (RFC 7748), with or without the KDF of ANSI X9.63.
 */
#ifndef STRONGROOM_ENCLAVE_AGREE_H
#define STRONGROOM_ENCLAVE_AGREE_H

#include "key.h"

struct sr_agree_how {
    bool x963;
    uint32_t hash;
    struct sr_bytes shared; /* the KDF's shared info */
    size_t size;            /* of the secret; 0: all of Z (without KDF only) */
};

/* `peer` is a raw point or the DER OCTET STRING of one. -CKR_MECHANISM_PARAM_INVALID when it is not on the
 * key's curve. */
sr_result sr_agree(struct sr_key *key, const struct sr_agree_how *how, struct sr_bytes peer,
                   struct sr_key **secret);

#endif
