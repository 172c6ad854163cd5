#include "digest.h"

#include "../keys/parsed.h"

#include <openssl/core_names.h>
#include <stdlib.h>

struct sr_feed {
    const struct sr_hash *hash;
    EVP_MD_CTX *digest; /* one of these two */
    EVP_MAC_CTX *mac;
};

/*
 * A digest takes its input where it is, for signatures too that begin with one: a client that rewrites it meanwhile gets the
 * digest of what was read, and nothing else reads the bytes.
 */
static sr_result digest_data(EVP_MD_CTX *digest, struct sr_bytes data) {
    return EVP_DigestUpdate(digest, data.at, data.size) == 1 ? 0 : sr_openssl_failure(CKR_FUNCTION_FAILED);
}

/* Hands data on in chunks copied to private memory, so that each byte is read once. */
static sr_result mac_data(EVP_MAC_CTX *mac, struct sr_bytes data) {
    struct sr_scratch *scratch = sr_scratch();
    if (scratch == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    size_t most = data.size < SR_CHUNK ? data.size : SR_CHUNK;
    bool good = true;
    for (size_t done = 0; done < data.size && good;) {
        size_t part = data.size - done < SR_CHUNK ? data.size - done : SR_CHUNK;
        memcpy(scratch->in, data.at + done, part);
        good = EVP_MAC_update(mac, scratch->in, part) == 1;
        done += part;
    }
    if (most > 0)
        sr_zero(scratch->in, most);
    return good ? 0 : sr_openssl_failure(CKR_FUNCTION_FAILED);
}

sr_result sr_digest_into(const struct sr_hash *hash, struct sr_bytes data, uint8_t *out) {
    struct sr_scratch *scratch = sr_scratch();
    if (scratch == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    SR_GUARDED;
    if (EVP_DigestInit_ex2(scratch->digest, hash->md, NULL) != 1)
        return sr_openssl_failure(CKR_FUNCTION_FAILED);
    sr_result fed = digest_data(scratch->digest, data);
    if (fed < 0)
        return fed;
    if (EVP_DigestFinal_ex(scratch->digest, out, NULL) != 1)
        return sr_openssl_failure(CKR_FUNCTION_FAILED);
    return (sr_result)hash->size;
}

sr_result sr_digest(uint32_t id, struct sr_bytes data, struct sr_room out) {
    const struct sr_hash *hash = sr_hash(id);
    if (hash == NULL)
        return SR_FAIL(CKR_MECHANISM_INVALID);
    if (out.size < hash->size)
        return sr_too_small(hash->size);
    uint8_t result[EVP_MAX_MD_SIZE];
    sr_result size = sr_digest_into(hash, data, result);
    return size < 0 ? size : sr_put(out, result, (size_t)size);
}

static EVP_MAC_CTX *new_mac(const struct sr_key *key, const struct sr_hash *hash) {
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(sr_hmac_algorithm());
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)(uintptr_t)hash->name, 0),
        OSSL_PARAM_construct_end(),
    };
    if (ctx != NULL && EVP_MAC_init(ctx, key->value.at, key->value.size, params) != 1) {
        EVP_MAC_CTX_free(ctx);
        ctx = NULL;
    }
    return ctx;
}

/* The key's ready MAC context for this hash, set to the beginning. */
static EVP_MAC_CTX *ready_mac(struct sr_key *key, uint32_t id, sr_result *failure) {
    struct sr_parsed *parsed = sr_parsed_get(key, failure);
    if (parsed == NULL)
        return NULL;
    if (parsed->mac[id] == NULL)
        parsed->mac[id] = new_mac(key, sr_hash(id));
    else if (EVP_MAC_init(parsed->mac[id], NULL, 0, NULL) != 1) {
        EVP_MAC_CTX_free(parsed->mac[id]);
        parsed->mac[id] = NULL;
    }
    if (parsed->mac[id] == NULL)
        *failure = sr_openssl_failure(CKR_FUNCTION_FAILED);
    return parsed->mac[id];
}

static sr_result check_hmac(const struct sr_key *key, uint32_t hash) {
    if (key->kind != SR_SECRET)
        return SR_FAIL(CKR_KEY_TYPE_INCONSISTENT);
    return sr_hash(hash) == NULL ? SR_FAIL(CKR_MECHANISM_INVALID) : 0;
}

sr_result sr_hmac_into(struct sr_key *key, uint32_t hash, struct sr_bytes data, uint8_t *out) {
    sr_result result = check_hmac(key, hash);
    if (result < 0)
        return result;
    SR_GUARDED;
    EVP_MAC_CTX *mac = ready_mac(key, hash, &result);
    if (mac == NULL)
        return result;
    result = mac_data(mac, data);
    if (result < 0)
        return result;
    size_t size = 0;
    if (EVP_MAC_final(mac, out, &size, EVP_MAX_MD_SIZE) != 1)
        return sr_openssl_failure(CKR_FUNCTION_FAILED);
    return (sr_result)size;
}

sr_result sr_feed_digest(uint32_t id, struct sr_feed **result) {
    const struct sr_hash *hash = sr_hash(id);
    if (hash == NULL)
        return SR_FAIL(CKR_MECHANISM_INVALID);
    SR_GUARDED; /* a key may be fed in later */
    struct sr_feed *feed = calloc(1, sizeof *feed);
    if (feed == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    feed->hash = hash;
    feed->digest = EVP_MD_CTX_new();
    if (feed->digest == NULL || EVP_DigestInit_ex2(feed->digest, hash->md, NULL) != 1) {
        sr_feed_free(feed);
        return sr_openssl_failure(CKR_FUNCTION_FAILED);
    }
    *result = feed;
    return 0;
}

sr_result sr_feed_hmac(struct sr_key *key, uint32_t hash, struct sr_feed **result) {
    sr_result checked = check_hmac(key, hash);
    if (checked < 0)
        return checked;
    SR_GUARDED_SCRUBBED;
    struct sr_feed *feed = calloc(1, sizeof *feed);
    if (feed == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    feed->hash = sr_hash(hash);
    EVP_MAC_CTX *ready = ready_mac(key, hash, &checked);
    feed->mac = ready == NULL ? NULL : EVP_MAC_CTX_dup(ready);
    if (feed->mac == NULL) {
        sr_feed_free(feed);
        return ready == NULL ? checked : sr_openssl_failure(CKR_FUNCTION_FAILED);
    }
    *result = feed;
    return 0;
}

sr_result sr_feed_update(struct sr_feed *feed, struct sr_bytes data) {
    SR_GUARDED;
    return feed->digest != NULL ? digest_data(feed->digest, data) : mac_data(feed->mac, data);
}

sr_result sr_feed_key(struct sr_feed *feed, const struct sr_key *key) {
    if (feed->digest == NULL)
        return SR_FAIL(CKR_OPERATION_NOT_INITIALIZED);
    if (key->kind != SR_SECRET)
        return SR_FAIL(CKR_KEY_TYPE_INCONSISTENT);
    SR_GUARDED_SCRUBBED;
    if (EVP_DigestUpdate(feed->digest, key->value.at, key->value.size) != 1)
        return sr_openssl_failure(CKR_FUNCTION_FAILED);
    return 0;
}

sr_result sr_feed_final(struct sr_feed *feed, struct sr_room out) {
    if (out.size < feed->hash->size)
        return sr_too_small(feed->hash->size);
    SR_GUARDED;
    uint8_t result[EVP_MAX_MD_SIZE];
    size_t size = feed->hash->size;
    int ended = feed->digest != NULL ? EVP_DigestFinal_ex(feed->digest, result, NULL)
                                     : EVP_MAC_final(feed->mac, result, &size, sizeof result);
    return ended == 1 ? sr_put(out, result, size) : sr_openssl_failure(CKR_FUNCTION_FAILED);
}

void sr_feed_free(struct sr_feed *feed) {
    if (feed == NULL)
        return;
    EVP_MD_CTX_free(feed->digest);
    EVP_MAC_CTX_free(feed->mac);
    free(feed);
}
