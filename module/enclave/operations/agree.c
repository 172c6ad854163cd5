#include "agree.h"

#include "../keys/ec.h"

#define PEER_MAX 192u
#define Z_MAX 66u

static bool is_point_size(const struct sr_curve *curve, size_t size) {
    if (curve->nid == 0)
        return size == curve->field;
    return size == 1 + 2 * curve->field || size == 1 + curve->field;
}

/* Sizes tell raw points and wrapped ones apart: an uncompressed point begins with 04 as an OCTET STRING does.
 */
static struct sr_bytes unwrap_point(const struct sr_curve *curve, struct sr_bytes peer) {
    if (is_point_size(curve, peer.size))
        return peer;
    for (size_t head = 2; head <= 3 && head < peer.size; head++)
        if (peer.at[0] == 0x04 && peer.at[head - 1] == peer.size - head &&
            (head == 2 || peer.at[1] == 0x81) && is_point_size(curve, peer.size - head))
            return (struct sr_bytes){peer.at + head, peer.size - head};
    return (struct sr_bytes){NULL, 0};
}

/* A public key on the same curve from the peer's point, which is checked by that. */
static sr_result peer_key(const struct sr_key *key, struct sr_bytes peer, struct sr_key **result) {
    uint8_t copy[PEER_MAX];
    if (peer.size > sizeof copy)
        return SR_FAIL(CKR_MECHANISM_PARAM_INVALID);
    memcpy(copy, peer.at, peer.size);
    struct sr_bytes point = unwrap_point(key->curve, (struct sr_bytes){copy, peer.size});
    if (point.at == NULL)
        return SR_FAIL(CKR_MECHANISM_PARAM_INVALID);
    struct sr_bytes params = sr_key_part(key, SR_EC_PARAMS);
    struct sr_parts parts = {0};
    sr_parts_add(&parts, SR_EC_PARAMS, params.at, params.size);
    sr_parts_add(&parts, SR_EC_POINT, point.at, point.size);
    sr_result made = sr_key_from_parts(key->kind + 1, &parts, result);
    return made == SR_FAIL(CKR_ATTRIBUTE_VALUE_INVALID) ? SR_FAIL(CKR_MECHANISM_PARAM_INVALID) : made;
}

/* Z into out (Z_MAX bytes of guarded memory). The cofactor of every curve here is 1, and X25519 has its own
 * clamping. */
static sr_result shared_point(struct sr_agree_task *task, uint8_t *out) {
    SR_AUTO(pkey) other = sr_ec_parse(task->peer);
    SR_AUTO(pkey_ctx) ctx = EVP_PKEY_CTX_new_from_pkey(NULL, task->parsed->pkey, NULL);
    if (other == NULL || ctx == NULL)
        return sr_openssl_failure(CKR_HOST_MEMORY);
    size_t size = Z_MAX;
    if (EVP_PKEY_derive_init(ctx) != 1 || EVP_PKEY_derive_set_peer_ex(ctx, other, 0) != 1 ||
        EVP_PKEY_derive(ctx, out, &size) != 1) /* refuses an all-zero result of X25519 (RFC 7748, 6.1) */
        return sr_openssl_failure(CKR_MECHANISM_PARAM_INVALID);
    return (sr_result)size;
}

/* ANSI X9.63: Hash(Z ‖ counter ‖ shared info), counter from 1. */
static bool x963(const struct sr_agree_how *how, struct sr_bytes z, EVP_MD_CTX *ctx, uint8_t *out) {
    const struct sr_hash *hash = sr_hash(how->hash);
    uint8_t block[EVP_MAX_MD_SIZE];
    bool good = true;
    uint32_t counter = 1;
    for (size_t done = 0; done < how->size && good; counter++) {
        size_t part = how->size - done < hash->size ? how->size - done : hash->size;
        const uint8_t number[4] = {(uint8_t)(counter >> 24), (uint8_t)(counter >> 16),
                                   (uint8_t)(counter >> 8), (uint8_t)counter};
        good = EVP_DigestInit_ex2(ctx, hash->md, NULL) == 1 && EVP_DigestUpdate(ctx, z.at, z.size) == 1 &&
               EVP_DigestUpdate(ctx, number, sizeof number) == 1 &&
               EVP_DigestUpdate(ctx, how->shared.at, how->shared.size) == 1 &&
               EVP_DigestFinal_ex(ctx, block, NULL) == 1;
        memcpy(out + done, block, part);
        done += part;
    }
    sr_zero(block, sizeof block);
    return good;
}

static sr_result from_z(const struct sr_agree_how *how, struct sr_bytes z, struct sr_scratch *scratch,
                        struct sr_key **secret) {
    if (!how->x963) {
        size_t size = how->size == 0 ? z.size : how->size;
        /* PKCS#11 3.2, 6.3.20: a shorter key is what is left when bytes are taken off Z's leading end. The
         * only place where bytes of a secret are cut off to make a key (wrap.c cuts off null bytes alone):
         * whoever may derive may ask for the last byte of Z, then for two, and so learn Z, unless
         * CKA_DERIVE_TEMPLATE of the base key fixes CKA_VALUE_LEN. */
        return size > z.size ? SR_FAIL(CKR_KEY_SIZE_RANGE)
                             : sr_key_secret(z.at + (z.size - size), size, secret);
    }
    uint8_t *out = sr_arena_alloc(how->size);
    if (out == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    sr_result result = x963(how, z, scratch->digest, out) ? sr_key_secret(out, how->size, secret)
                                                          : sr_openssl_failure(CKR_FUNCTION_FAILED);
    sr_arena_free(out, how->size);
    return result;
}

sr_result sr_agree_prepare(struct sr_key *key, const struct sr_agree_how *how, struct sr_bytes peer,
                           struct sr_agree_task *task) {
    if (key->kind != SR_EC_PRIVATE && key->kind != SR_X25519_PRIVATE)
        return SR_FAIL(CKR_KEY_TYPE_INCONSISTENT);
    if (how->x963 ? sr_hash(how->hash) == NULL : how->hash != SR_HASH_NONE || how->shared.size != 0)
        return SR_FAIL(CKR_MECHANISM_PARAM_INVALID);
    if (how->size > SR_SECRET_MAX || (how->x963 && how->size == 0))
        return SR_FAIL(CKR_KEY_SIZE_RANGE);
    SR_GUARDED_SCRUBBED;
    sr_result failure = 0;
    *task = (struct sr_agree_task){.parsed = sr_parsed_get(key, &failure), .how = *how};
    return task->parsed == NULL ? failure : peer_key(key, peer, &task->peer);
}

sr_result sr_agree_run(struct sr_agree_task *task, struct sr_key **secret) {
    SR_GUARDED_SCRUBBED;
    struct sr_scratch *scratch = sr_scratch();
    uint8_t *z = sr_arena_alloc(Z_MAX);
    sr_result size = scratch == NULL || z == NULL ? SR_FAIL(CKR_HOST_MEMORY) : shared_point(task, z);
    if (size >= 0)
        size = from_z(&task->how, (struct sr_bytes){z, (size_t)size}, scratch, secret);
    sr_arena_free(z, Z_MAX);
    sr_key_destroy(task->peer);
    task->peer = NULL;
    return size;
}

sr_result sr_agree(struct sr_key *key, const struct sr_agree_how *how, struct sr_bytes peer,
                   struct sr_key **secret) {
    struct sr_agree_task task;
    sr_result result = sr_agree_prepare(key, how, peer, &task);
    return result < 0 ? result : sr_agree_run(&task, secret);
}
