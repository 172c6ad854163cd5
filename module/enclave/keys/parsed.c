#include "parsed.h"

#include "ec.h"
#include "rsa.h"

#include <stdlib.h>

/* The keys that are parsed, by last use. */
static struct sr_key *newest, *oldest;
static size_t parsed_keys;

static void unlink_key(struct sr_key *key) {
    *(key->newer == NULL ? &newest : &key->newer->older) = key->older;
    *(key->older == NULL ? &oldest : &key->older->newer) = key->newer;
    key->newer = key->older = NULL;
}

static void link_newest(struct sr_key *key) {
    key->older = newest;
    key->newer = NULL;
    *(newest == NULL ? &oldest : &newest->newer) = key;
    newest = key;
}

void sr_operation_free(struct sr_operation *operation) {
    if (operation == NULL)
        return;
    EVP_PKEY_CTX_free(operation->ctx);
    free(operation);
}

struct sr_parsed *sr_parsed_hold(struct sr_parsed *parsed) {
    atomic_fetch_add_explicit(&parsed->references, 1, memory_order_relaxed);
    return parsed;
}

void sr_parsed_release(struct sr_parsed *parsed) {
    if (parsed == NULL || atomic_fetch_sub(&parsed->references, 1) != 1)
        return;
    for (unsigned i = 0; i < SR_OPERATIONS; i++)
        sr_operation_free(atomic_load(&parsed->operations[i]));
    for (unsigned i = 0; i < SR_HASH_END; i++)
        EVP_MAC_CTX_free(parsed->mac[i]);
    for (unsigned i = 0; i < SR_CIPHER_END; i++)
        for (unsigned encrypt = 0; encrypt < 2; encrypt++)
            EVP_CIPHER_CTX_free(parsed->cipher[i][encrypt]);
    if (parsed->kept != NULL)
        parsed->free_kept(parsed->kept);
    EVP_PKEY_free(parsed->pkey);
    sr_arena_free(parsed, sizeof *parsed);
}

void sr_parsed_drop(struct sr_key *key) {
    if (key->parsed == NULL)
        return;
    unlink_key(key);
    parsed_keys--;
    sr_parsed_release(key->parsed);
    key->parsed = NULL;
}

void sr_parsed_purge(void) {
    while (oldest != NULL)
        sr_parsed_drop(oldest);
}

size_t sr_parsed_count(void) {
    return parsed_keys;
}

static struct sr_parsed *parse(const struct sr_key *key, sr_result *failure) {
    if (key->kind == SR_DATA) {
        *failure = SR_FAIL(CKR_KEY_TYPE_INCONSISTENT);
        return NULL;
    }
    struct sr_parsed *parsed = sr_arena_alloc(sizeof *parsed);
    if (parsed == NULL) {
        *failure = SR_FAIL(CKR_HOST_MEMORY);
        return NULL;
    }
    atomic_store(&parsed->references, 1);
    if (key->kind != SR_SECRET) {
        bool rsa = key->kind == SR_RSA_PRIVATE || key->kind == SR_RSA_PUBLIC;
        parsed->pkey = rsa ? sr_rsa_parse(key) : sr_ec_parse(key);
        if (parsed->pkey == NULL) {
            *failure = sr_openssl_failure(CKR_FUNCTION_FAILED);
            sr_parsed_release(parsed);
            return NULL;
        }
    }
    return parsed;
}

struct sr_parsed *sr_parsed_get(struct sr_key *key, sr_result *failure) {
    if (key->parsed != NULL) {
        if (newest != key) {
            unlink_key(key);
            link_newest(key);
        }
        return key->parsed;
    }
    sr_result why = 0;
    struct sr_parsed *parsed = parse(key, &why);
    if (parsed == NULL && why == SR_FAIL(CKR_HOST_MEMORY) && oldest != newest) {
        /* What is kept to be quick makes room for what is needed, but for the one that its user may hold
         * still. */
        while (oldest != newest)
            sr_parsed_drop(oldest);
        parsed = parse(key, &why);
    }
    if (parsed == NULL) {
        *failure = why;
        return NULL;
    }
    if (parsed_keys >= SR_PARSED_MAX)
        sr_parsed_drop(oldest);
    key->parsed = parsed;
    link_newest(key);
    parsed_keys++;
    return parsed;
}

struct sr_operation *sr_operation_take(struct sr_parsed *parsed, const struct sr_setup *setup,
                                       bool (*prepare)(EVP_PKEY_CTX *ctx, const struct sr_setup *setup)) {
    for (unsigned i = 0; i < SR_OPERATIONS; i++) {
        if (atomic_load_explicit(&parsed->operations[i], memory_order_relaxed) == NULL)
            continue;
        struct sr_operation *found = atomic_exchange(&parsed->operations[i], NULL);
        if (found == NULL)
            continue;
        if (memcmp(&found->setup, setup, sizeof *setup) == 0)
            return found;
        sr_operation_give(parsed, found);
    }
    struct sr_operation *fresh = sr_arena_alloc(sizeof *fresh);
    if (fresh == NULL)
        return NULL;
    fresh->setup = *setup;
    fresh->ctx = EVP_PKEY_CTX_new_from_pkey(NULL, parsed->pkey, NULL);
    if (fresh->ctx == NULL || !prepare(fresh->ctx, setup)) {
        sr_operation_free(fresh);
        return NULL;
    }
    return fresh;
}

void sr_operation_give(struct sr_parsed *parsed, struct sr_operation *operation) {
    for (unsigned i = 0; i < SR_OPERATIONS; i++) {
        struct sr_operation *empty = NULL;
        if (atomic_compare_exchange_strong(&parsed->operations[i], &empty, operation))
            return;
    }
    unsigned victim = (operation->setup.action + operation->setup.hash) % SR_OPERATIONS;
    sr_operation_free(atomic_exchange(&parsed->operations[victim], operation));
}
