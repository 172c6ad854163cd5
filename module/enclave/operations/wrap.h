/*
 * Wrapping and unwrapping: key bytes go from one key's protection to another's without leaving guarded
 * memory.
 */
#ifndef STRONGROOM_ENCLAVE_WRAP_H
#define STRONGROOM_ENCLAVE_WRAP_H

#include "cipher.h"
#include "rsa.h"

/* With a cipher, or with RSA when cipher.cipher is 0. */
struct sr_wrap_how {
    struct sr_cipher_how cipher;
    struct sr_rsa_how rsa;
};

struct sr_unwrapped {
    uint32_t kind;
    size_t secret_size; /* 0: as it comes */
    bool raw_rsa;       /* the secret is what ends the number, behind its zeros */
    size_t fill_unit;   /* null bytes fill the plaintext up to a multiple of this; 1: they do not */
};

sr_result sr_key_wrap(struct sr_key *wrapping, const struct sr_wrap_how *how, const struct sr_key *target,
                      struct sr_room out);
sr_result sr_key_unwrap(struct sr_key *unwrapping, const struct sr_wrap_how *how, uint32_t kind,
                        size_t secret_size, struct sr_bytes wrapped, struct sr_key **key);

/* For unwrapping in two halves: what the plaintext shall become; the key from it; return values as
 * C_UnwrapKey gives them. */
struct sr_unwrapped sr_unwrap_target(const struct sr_wrap_how *how, uint32_t kind, size_t secret_size);
sr_result sr_unwrap_finish(const struct sr_unwrapped *target, struct sr_bytes plain, struct sr_key **key);
sr_result sr_unwrap_failure(sr_result failure);

#endif
