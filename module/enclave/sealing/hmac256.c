/* The one-block SHA-256 interface has no counterpart in EVP; see hmac256.h for why it is wanted. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "hmac256.h"

#define BLOCK 64u

static void keyed_state(SHA256_CTX *state, uint8_t block[BLOCK], uint8_t pad) {
    for (unsigned i = 0; i < BLOCK; i++)
        block[i] ^= pad;
    SHA256_Init(state);
    SHA256_Update(state, block, BLOCK);
}

void sr_hmac256_key(struct sr_hmac256 *key, struct sr_hmac256_work *work, const void *bytes, size_t size) {
    memset(work->block, 0, BLOCK);
    if (size > BLOCK)
        sr_sha256(work, &(struct sr_bytes){bytes, size}, 1, work->block);
    else
        memcpy(work->block, bytes, size);
    keyed_state(&key->inner, work->block, 0x36);
    keyed_state(&key->outer, work->block, 0x36 ^ 0x5c);
    sr_zero(work, sizeof *work);
}

void sr_hmac256(const struct sr_hmac256 *key, struct sr_hmac256_work *work, const struct sr_bytes *parts,
                unsigned count, uint8_t mac[32]) {
    work->state = key->inner;
    for (unsigned i = 0; i < count; i++)
        SHA256_Update(&work->state, parts[i].at, parts[i].size);
    SHA256_Final(work->mac, &work->state);
    work->state = key->outer;
    SHA256_Update(&work->state, work->mac, sizeof work->mac);
    SHA256_Final(mac, &work->state);
    sr_zero(work, sizeof *work);
}

void sr_sha256(struct sr_hmac256_work *work, const struct sr_bytes *parts, unsigned count, uint8_t hash[32]) {
    SHA256_Init(&work->state);
    for (unsigned i = 0; i < count; i++)
        SHA256_Update(&work->state, parts[i].at, parts[i].size);
    SHA256_Final(hash, &work->state);
}

static void store_state(uint8_t *out, const SHA_LONG h[8]) {
    for (unsigned i = 0; i < 8; i++) {
        uint32_t word = __builtin_bswap32(h[i]);
        memcpy(out + 4 * i, &word, sizeof word);
    }
}

/* HMAC of 32 bytes is one compression on either side: the padded block differs in its first half only. */
static void iterate(const struct sr_hmac256 *key, struct sr_hmac256_work *work) {
    memcpy(work->state.h, key->inner.h, sizeof work->state.h);
    SHA256_Transform(&work->state, work->block);
    store_state(work->block, work->state.h);
    memcpy(work->state.h, key->outer.h, sizeof work->state.h);
    SHA256_Transform(&work->state, work->block);
    store_state(work->block, work->state.h);
}

bool sr_pbkdf2(const struct sr_hmac256 *key, struct sr_hmac256_work *work, struct sr_bytes salt,
               uint32_t iterations, const _Atomic bool *stop, uint8_t out[32]) {
    static const uint8_t first_block[4] = {0, 0, 0, 1};
    sr_hmac256(key, work, (const struct sr_bytes[]){salt, {first_block, 4}}, 2, out);
    memcpy(work->block, out, 32);
    memset(work->block + 32, 0, 32);
    work->block[32] = 0x80;
    work->block[62] = (BLOCK + 32) * 8 >> 8;
    work->block[63] = (uint8_t)((BLOCK + 32) * 8);
    bool finished = true;
    for (uint32_t i = 1; i < iterations && finished; i++) {
        iterate(key, work);
        for (unsigned j = 0; j < 32; j++)
            out[j] ^= work->block[j];
        if (i % 1024 == 0 && stop != NULL && *stop)
            finished = false;
    }
    sr_zero(work, sizeof *work);
    return finished;
}
