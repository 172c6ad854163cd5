#include "seal.h"

#include "../base/random.h"
#include "derive.h"

#include <limits.h>
#include <openssl/crypto.h>

#define SEAL_VERSION 1
static const char seal_purpose[] = "strongroom seal v1";
static const char mac_purpose[] = "strongroom mac v1";
static const char set_purpose[] = "strongroom set v1";

/* One for each direction, re-keyed for each seal. */
static EVP_CIPHER_CTX *contexts[2];

/* A context keyed for this root and context with the nonce set and the context as associated data. */
static EVP_CIPHER_CTX *keyed(struct sr_key *root, struct sr_bytes context, const uint8_t nonce[12],
                             int encrypt, sr_result *failure) {
    struct sr_derived *derived = sr_derive_root(root, failure);
    struct sr_scratch *scratch = sr_scratch();
    if (derived == NULL)
        return NULL;
    *failure = SR_FAIL(CKR_HOST_MEMORY);
    if (scratch == NULL || context.size > INT_MAX)
        return NULL;
    EVP_CIPHER_CTX *ctx = contexts[encrypt];
    if (ctx == NULL) {
        ctx = contexts[encrypt] = EVP_CIPHER_CTX_new();
        if (ctx == NULL || EVP_CipherInit_ex2(ctx, sr_cipher_algorithm(SR_AES_GCM, 32), NULL, NULL, encrypt, NULL) != 1)
            return NULL;
    }
    int size = 0;
    sr_derive(derived, scratch, seal_purpose, context, scratch->small);
    bool ready =
        EVP_CipherInit_ex2(ctx, NULL, scratch->small, nonce, encrypt, NULL) == 1 &&
        (context.size == 0 || EVP_CipherUpdate(ctx, NULL, &size, context.at, (int)context.size) == 1);
    sr_zero(scratch->small, 32);
    *failure = ready ? 0 : sr_openssl_failure(CKR_FUNCTION_FAILED);
    return ready ? ctx : NULL;
}

sr_result sr_seal(struct sr_key *root, struct sr_bytes context, struct sr_bytes plain, struct sr_room out) {
    if (plain.size > INT_MAX - SR_SEAL_EXTRA)
        return SR_FAIL(CKR_DATA_LEN_RANGE);
    if (out.size < plain.size + SR_SEAL_EXTRA)
        return sr_too_small(plain.size + SR_SEAL_EXTRA);
    uint8_t nonce[12];
    sr_result failure = sr_random((struct sr_room){nonce, sizeof nonce});
    if (failure < 0)
        return failure;
    SR_GUARDED;
    EVP_CIPHER_CTX *ctx = keyed(root, context, nonce, 1, &failure);
    if (ctx == NULL)
        return failure;
    int size = 0, rest = 0;
    uint8_t *sealed = out.at + SR_SEAL_HEAD;
    if ((plain.size > 0 && EVP_EncryptUpdate(ctx, sealed, &size, plain.at, (int)plain.size) != 1) ||
        EVP_EncryptFinal_ex(ctx, sealed + size, &rest) != 1 ||
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16, sealed + plain.size) != 1)
        return sr_openssl_failure(CKR_FUNCTION_FAILED);
    out.at[0] = SEAL_VERSION;
    memcpy(out.at + 1, nonce, sizeof nonce);
    return (sr_result)(plain.size + SR_SEAL_EXTRA);
}

sr_result sr_open(struct sr_key *root, struct sr_bytes context, struct sr_bytes sealed, struct sr_room out) {
    if (sealed.size < SR_SEAL_EXTRA || sealed.size > INT_MAX || sealed.at[0] != SEAL_VERSION)
        return SR_FAIL(CKR_ENCRYPTED_DATA_INVALID);
    size_t plain = sealed.size - SR_SEAL_EXTRA;
    if (out.size < plain)
        return sr_too_small(plain);
    SR_GUARDED;
    sr_result failure = 0;
    EVP_CIPHER_CTX *ctx = keyed(root, context, sealed.at + 1, 0, &failure);
    if (ctx == NULL)
        return failure;
    int size = 0, rest = 0;
    uint8_t tag[16], none[16];
    memcpy(tag, sealed.at + SR_SEAL_HEAD + plain, sizeof tag);
    if ((plain > 0 && EVP_DecryptUpdate(ctx, out.at, &size, sealed.at + SR_SEAL_HEAD, (int)plain) != 1) ||
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, sizeof tag, tag) != 1 ||
        EVP_DecryptFinal_ex(ctx, none, &rest) != 1) {
        sr_zero(out.at, plain);
        return sr_openssl_failure(CKR_ENCRYPTED_DATA_INVALID);
    }
    return (sr_result)plain;
}

void sr_seal_forget(void) {
    for (unsigned i = 0; i < 2; i++) {
        EVP_CIPHER_CTX_free(contexts[i]);
        contexts[i] = NULL;
    }
}

sr_result sr_key_open(struct sr_key *root, struct sr_bytes context, struct sr_bytes sealed,
                      struct sr_key **key) {
    if (sealed.size < SR_SEAL_EXTRA)
        return SR_FAIL(CKR_ENCRYPTED_DATA_INVALID);
    size_t size = sealed.size - SR_SEAL_EXTRA;
    uint8_t *blob = sr_arena_alloc(size + 1);
    if (blob == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    sr_result result = sr_open(root, context, sealed, (struct sr_room){blob, size});
    if (result >= 0)
        result = sr_key_from_blob((struct sr_bytes){blob, size}, key);
    sr_arena_free(blob, size + 1);
    return result;
}

/* HMAC over data under the subkey of the label. */
static sr_result labelled(struct sr_key *root, const char *purpose, struct sr_bytes label,
                          struct sr_bytes data, uint8_t mac[32]) {
    SR_GUARDED;
    sr_result failure = 0;
    struct sr_derived *derived = sr_derive_root(root, &failure);
    struct sr_scratch *scratch = sr_scratch();
    if (derived == NULL)
        return failure;
    if (scratch == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    sr_hmac256(sr_derive_mac_key(derived, scratch, purpose, label), sr_hmac256_work(scratch), &data, 1, mac);
    return 32;
}

sr_result sr_label_mac(struct sr_key *root, struct sr_bytes label, struct sr_bytes data, uint8_t mac[32]) {
    return labelled(root, mac_purpose, label, data, mac);
}

sr_result sr_label_mac_check(struct sr_key *root, struct sr_bytes label, struct sr_bytes data,
                             const uint8_t mac[32]) {
    uint8_t expected[32];
    sr_result result = labelled(root, mac_purpose, label, data, expected);
    if (result >= 0)
        result = CRYPTO_memcmp(expected, mac, sizeof expected) == 0;
    sr_zero(expected, sizeof expected);
    return result;
}

sr_result sr_set_hash(struct sr_key *root, struct sr_bytes label, struct sr_bytes item,
                      uint8_t accumulator[32], bool add) {
    uint64_t element[4], sum[4];
    sr_result result = labelled(root, set_purpose, label, item, (uint8_t *)element);
    if (result < 0)
        return result;
    memcpy(sum, accumulator, sizeof sum);
    unsigned __int128 carry = add ? 0 : 1; /* a - b = a + ~b + 1 (mod 2^256) */
    for (unsigned i = 0; i < 4; i++) {
        carry += (unsigned __int128)sum[i] + (add ? element[i] : ~element[i]);
        sum[i] = (uint64_t)carry;
        carry >>= 64;
    }
    memcpy(accumulator, sum, sizeof sum);
    return 0;
}

sr_result sr_derive_label(struct sr_key *root, struct sr_bytes label, struct sr_key **key) {
    SR_GUARDED;
    sr_result failure = 0;
    struct sr_derived *derived = sr_derive_root(root, &failure);
    struct sr_scratch *scratch = sr_scratch();
    if (derived == NULL)
        return failure;
    if (scratch == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    sr_derive(derived, scratch, "", label, scratch->small);
    sr_result result = sr_key_secret(scratch->small, 32, key);
    sr_zero(scratch->small, 32);
    return result;
}
