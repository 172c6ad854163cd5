/*
 * What every file of the enclave's core shares: results, byte ranges, guards. The core knows nothing of
 * Node-API.
 */
#ifndef STRONGROOM_ENCLAVE_CORE_H
#define STRONGROOM_ENCLAVE_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include "../../../hardening/memory/guarded.h"
#include "../../generated/cryptoki.h"
#include "../generated/numbers.h"

/* A length, a handle or a count when >= 0; the negated CKR_x otherwise. */
typedef int64_t sr_result;
#define SR_FAIL(ckr) (-(sr_result)(ckr))

/* Bytes to read. They may lie in memory that a hostile process rewrites: read each one once. */
struct sr_bytes {
    const uint8_t *at;
    size_t size;
};

/* Room to write into. Never read back from it. */
struct sr_room {
    uint8_t *at;
    size_t size;
};

/* Limits that keep every length far from overflow and private buffers bounded. */
#define SR_RSA_MAX_BYTES 1024u
#define SR_SECRET_MAX (1u << 20)
#define SR_DATA_MAX (1u << 24)
#define SR_CHUNK 16384u

/* This thread's allocations come from guarded memory until the end of the scope. */
static inline void sr_scope_leave(const int *scope) {
    (void)scope;
    sr_guarded_leave();
}
/* The same, and the stack that the library's code used is zeroed behind it. */
static inline void sr_scope_leave_scrub(const int *scope) {
    (void)scope;
    sr_guarded_leave();
    sr_scrub_stack();
}
#define SR_GUARDED                                                                                           \
    __attribute__((cleanup(sr_scope_leave), unused)) const int sr_scope = (sr_guarded_enter(), 0)
#define SR_GUARDED_SCRUBBED                                                                                  \
    __attribute__((cleanup(sr_scope_leave_scrub), unused)) const int sr_scope = (sr_guarded_enter(), 0)

#define SR_OWNED(name, type, release)                                                                        \
    static inline void sr_release_##name(type **owned) {                                                     \
        release(*owned);                                                                                     \
    }                                                                                                        \
    typedef type sr_owned_##name
#define SR_AUTO(name) __attribute__((cleanup(sr_release_##name))) sr_owned_##name *

SR_OWNED(pkey, EVP_PKEY, EVP_PKEY_free);
SR_OWNED(pkey_ctx, EVP_PKEY_CTX, EVP_PKEY_CTX_free);
SR_OWNED(bn, BIGNUM, BN_clear_free);
SR_OWNED(bn_ctx, BN_CTX, BN_CTX_free);
SR_OWNED(point, EC_POINT, EC_POINT_clear_free);
SR_OWNED(cipher_ctx, EVP_CIPHER_CTX, EVP_CIPHER_CTX_free);
SR_OWNED(guarded, uint8_t, sr_guarded_free);

/* Memory of the guarded arena (zeroed), for what is made and dropped often; NULL when there is none. */
void *sr_arena_alloc(size_t size);
/* Zeroes and frees what sr_arena_alloc gave. NULL is allowed. */
void sr_arena_free(void *memory, size_t size);

/* Empties OpenSSL's error queue; CKR_HOST_MEMORY when it told of a failed allocation, `otherwise` else. */
sr_result sr_openssl_failure(uint32_t otherwise);

/* Notes the length that would have been needed and gives -CKR_BUFFER_TOO_SMALL. */
sr_result sr_too_small(size_t needed);
size_t sr_last_length(void);

/* Writes bytes to room, or says how much room they need. */
sr_result sr_put(struct sr_room room, const void *bytes, size_t size);

/* Private working memory of one thread, in guarded memory. Whoever uses a part of it zeroes what was secret.
 */
struct sr_scratch {
    uint8_t in[SR_CHUNK + 64];
    uint8_t out[SR_CHUNK + 64];
    uint8_t small[2 * SR_RSA_MAX_BYTES];
    uint64_t work[32]; /* a struct sr_hmac256_work */
    EVP_MD_CTX *digest;
};
/* This thread's scratch, made at first use; NULL when guarded memory is exhausted. */
struct sr_scratch *sr_scratch(void);
/* Frees this thread's scratch (end of a pool thread). */
void sr_scratch_end(void);

#endif
