/*
 * HMAC-SHA256 (FIPS 198-1) on ready-keyed states, for the enclave's own records: seals, labels, the audit
 * chain, PINs. Through EVP the same costs three times as much, and these run once or twice for every call
 * that an application makes.
 *
 * Keyed states and working states are secret: they lie in guarded memory only.
 */
#ifndef STRONGROOM_ENCLAVE_HMAC256_H
#define STRONGROOM_ENCLAVE_HMAC256_H

#include "../base/core.h"

#include <openssl/sha.h>

struct sr_hmac256 {
    SHA256_CTX inner, outer;
};

/* Where one computation's state lies meanwhile. */
struct sr_hmac256_work {
    SHA256_CTX state;
    uint8_t block[64];
    uint8_t mac[32];
};

_Static_assert(sizeof(struct sr_hmac256_work) <= sizeof(((struct sr_scratch *)0)->work),
               "scratch has room for it");
static inline struct sr_hmac256_work *sr_hmac256_work(struct sr_scratch *scratch) {
    return (struct sr_hmac256_work *)(void *)scratch->work;
}

void sr_hmac256_key(struct sr_hmac256 *key, struct sr_hmac256_work *work, const void *bytes, size_t size);
/* HMAC over the concatenation of parts; work is zeroed afterwards. */
void sr_hmac256(const struct sr_hmac256 *key, struct sr_hmac256_work *work, const struct sr_bytes *parts,
                unsigned count, uint8_t mac[32]);
/* SHA-256 over the concatenation of parts. */
void sr_sha256(struct sr_hmac256_work *work, const struct sr_bytes *parts, unsigned count, uint8_t hash[32]);
/* PBKDF2-HMAC-SHA256 (RFC 8018, 5.2), one block of 32 bytes. False when *stop turned true on the way. */
bool sr_pbkdf2(const struct sr_hmac256 *key, struct sr_hmac256_work *work, struct sr_bytes salt,
               uint32_t iterations, const _Atomic bool *stop, uint8_t out[32]);

#endif
