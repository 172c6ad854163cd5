/*
 * Wrapping and unwrapping: key bytes go from one key's protection to another's without leaving guarded
 * memory.
 */
#ifndef STRONGROOM_ENCLAVE_WRAP_H
#define STRONGROOM_ENCLAVE_WRAP_H

#include "rsa.h"

/* How a key is wrapped: with a cipher, or with RSA when cipher is 0. */
struct sr_wrap_how {
    uint32_t cipher;
    struct sr_bytes iv, aad;
    uint32_t param;
    struct sr_rsa_how rsa;
};

struct sr_unwrap_how {
    struct sr_wrap_how wrap;
    uint32_t kind;
    size_t secret_size; /* 0: as it comes */
    struct sr_rsa_task rsa_task;
};

#endif
