/*
 * The parsed form of a key: OpenSSL's objects and ready-made operation contexts, all in the guarded arena.
 *
 * At most SR_PARSED_MAX keys are parsed at once; the one used longest ago makes room. A job holds a
 * reference, so that it may end after the key was freed; operation contexts are taken out of the parsed form
 * while in use, so that threads share none.
 */
#ifndef STRONGROOM_ENCLAVE_PARSED_H
#define STRONGROOM_ENCLAVE_PARSED_H

#include "../base/algs.h"
#include "key.h"

#include <stdatomic.h>

#define SR_PARSED_MAX 256u
#define SR_OPERATIONS 4u

enum sr_action { SR_DO_SIGN = 1, SR_DO_VERIFY, SR_DO_RECOVER, SR_DO_ENCRYPT, SR_DO_DECRYPT };

/* What an asymmetric operation context is set up for. */
struct sr_setup {
    uint8_t action, scheme, hash, mgf;
    int32_t salt;
};

struct sr_operation {
    struct sr_setup setup;
    EVP_PKEY_CTX *ctx;
};

struct sr_parsed {
    _Atomic uint32_t references;
    EVP_PKEY *pkey;
    _Atomic(struct sr_operation *) operations[SR_OPERATIONS];
    /* Of secrets; used on the JS thread only. */
    EVP_MAC_CTX *mac[SR_HASH_END];
    EVP_CIPHER_CTX *cipher[SR_CIPHER_END][2];
    size_t iv_size[SR_CIPHER_END][2]; /* what the contexts of GCM are set to */
    /* What a floor above keeps beside the key (subkeys: sealing/derive.c), and how it is freed. */
    void *kept;
    void (*free_kept)(void *kept);
};

/* The parsed form, made when need be; owned by the key. NULL with *failure set. Call between sr_guarded_enter
 * and leave. */
struct sr_parsed *sr_parsed_get(struct sr_key *key, sr_result *failure);
/* A reference that outlives the key, for a job; and its end. */
struct sr_parsed *sr_parsed_hold(struct sr_parsed *parsed);
void sr_parsed_release(struct sr_parsed *parsed);
/* Drops one key's parsed form, or all of them. */
void sr_parsed_drop(struct sr_key *key);
void sr_parsed_purge(void);
size_t sr_parsed_count(void);

/* Takes a context set up as told, makes one by `prepare` when there is none. NULL when OpenSSL refused. */
struct sr_operation *sr_operation_take(struct sr_parsed *parsed, const struct sr_setup *setup,
                                       bool (*prepare)(EVP_PKEY_CTX *ctx, const struct sr_setup *setup));
/* Gives it back for the next one. */
void sr_operation_give(struct sr_parsed *parsed, struct sr_operation *operation);
void sr_operation_free(struct sr_operation *operation);

#endif
