#include "audit.h"

#include "derive.h"

#include <openssl/crypto.h>
#include <stdatomic.h>

static const char audit_purpose[] = "strongroom audit v1";

static struct chain {
    struct sr_hmac256 key;
    uint8_t head[32];
} * chain; /* guarded */

sr_result sr_audit_start(struct sr_key *root, const uint8_t previous[32]) {
    SR_GUARDED;
    sr_result failure = 0;
    struct sr_derived *derived = sr_derive_root(root, &failure);
    struct sr_scratch *scratch = sr_scratch();
    if (derived == NULL)
        return failure;
    if (chain == NULL)
        chain = sr_fenced_alloc(sizeof *chain);
    if (chain == NULL || scratch == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    sr_derive(derived, scratch, audit_purpose, (struct sr_bytes){NULL, 0}, scratch->small);
    sr_hmac256_key(&chain->key, sr_hmac256_work(scratch), scratch->small, 32);
    sr_zero(scratch->small, 32);
    memcpy(chain->head, previous, sizeof chain->head);
    return 0;
}

/* Stores before it are seen before stores behind it, by readers of shared memory and after a sudden end. */
static inline void in_order(void) {
    atomic_thread_fence(memory_order_release);
}

sr_result sr_audit_seal(uint8_t *body, size_t size, uint8_t *out) {
    struct sr_scratch *scratch = sr_scratch();
    if (chain == NULL || scratch == NULL)
        return SR_FAIL(chain == NULL ? CKR_OPERATION_NOT_INITIALIZED : CKR_HOST_MEMORY);
    struct sr_hmac256_work *work = sr_hmac256_work(scratch);
    uint8_t mac[32];
    uint32_t length = 0;
    sr_sha256(work, (const struct sr_bytes[]){{chain->head, 32}, {body, size}}, 2, chain->head);
    sr_hmac256(&chain->key, work, &(struct sr_bytes){chain->head, 32}, 1, mac);
    memcpy(out + SR_AUDIT_PREVIOUS, body + SR_AUDIT_PREVIOUS, SR_AUDIT_TAIL);
    in_order();
    memcpy(out + SR_AUDIT_LENGTH_SIZE, body + SR_AUDIT_LENGTH_SIZE, SR_AUDIT_PREVIOUS - SR_AUDIT_LENGTH_SIZE);
    memcpy(out + SR_AUDIT_BODY, body + SR_AUDIT_BODY, size - SR_AUDIT_BODY);
    memcpy(out + size, chain->head, 32);
    memcpy(out + size + 32, mac, 32);
    in_order();
    memcpy(&length, body, sizeof length);
    memcpy(out, &length, sizeof length);
    memcpy(body + SR_AUDIT_PREVIOUS, chain->head, 32);
    memcpy(body + SR_AUDIT_PREVIOUS + 32, mac, 32);
    return (sr_result)(size + SR_AUDIT_TAIL);
}

sr_result sr_audit_check(const uint8_t hash[32], const uint8_t mac[32]) {
    struct sr_scratch *scratch = sr_scratch();
    if (chain == NULL || scratch == NULL)
        return SR_FAIL(chain == NULL ? CKR_OPERATION_NOT_INITIALIZED : CKR_HOST_MEMORY);
    uint8_t expected[32];
    sr_hmac256(&chain->key, sr_hmac256_work(scratch), &(struct sr_bytes){hash, 32}, 1, expected);
    return CRYPTO_memcmp(expected, mac, 32) == 0;
}
