/*
 * Argon2id (RFC 9106), version 0x13, for PINs: OpenSSL's, one thread a derivation.
 *
 * The blocks that it fills are the one part of a PIN's way that is not in guarded memory, which they would
 * fill: they are ordinary memory, zeroed before it is given back, and locked where locking has no limit.
 */
#ifndef STRONGROOM_ENCLAVE_ARGON2_H
#define STRONGROOM_ENCLAVE_ARGON2_H

#include "../base/core.h"

/* No keyslot asks for more: it would be damage, or meant to exhaust the machine. */
#define SR_ARGON2_KIB_MAX (1u << 20)
#define SR_ARGON2_PASSES_MAX 64u
#define SR_ARGON2_LANES_MAX 64u

struct sr_argon2 {
    struct sr_bytes pin, salt;
    struct sr_bytes secret, data; /* of RFC 9106, 3.1: may be empty */
    uint32_t kib, passes, lanes;
};

/* 0, or -CKR_ARGUMENTS_BAD. */
sr_result sr_argon2_check(const struct sr_argon2 *how);
sr_result sr_argon2id(const struct sr_argon2 *how, uint8_t out[32]);

#endif
