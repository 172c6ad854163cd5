#include "key.h"

#include "../base/algs.h"
#include "../base/random.h"
#include "ec.h"
#include "parsed.h"
#include "rsa.h"

#include <openssl/crypto.h>
#include <stdlib.h>

#define BLOB_VERSION 1
#define BLOB_HEAD 3u
#define PART_HEAD 5u

void sr_parts_add(struct sr_parts *parts, uint32_t id, const void *bytes, size_t size) {
    if (parts->count < SR_PARTS_MAX)
        parts->part[parts->count++] = (struct sr_part){id, {bytes, size}};
}

struct sr_bytes sr_parts_get(const struct sr_parts *parts, uint32_t id) {
    for (unsigned i = 0; i < parts->count; i++)
        if (parts->part[i].id == id)
            return parts->part[i].bytes;
    return (struct sr_bytes){NULL, 0};
}

static struct sr_bytes blob_part(struct sr_bytes blob, uint32_t component) {
    const uint8_t *at = blob.at + BLOB_HEAD, *end = blob.at + blob.size;
    while ((size_t)(end - at) >= PART_HEAD) {
        uint32_t size;
        memcpy(&size, at + 1, sizeof size);
        if (at[0] == component)
            return (struct sr_bytes){at + PART_HEAD, size};
        at += PART_HEAD + size;
    }
    return (struct sr_bytes){NULL, 0};
}

static struct sr_key *key_alloc(uint32_t kind, size_t blob_size) {
    size_t size = sizeof(struct sr_key) + blob_size;
    struct sr_key *key = sr_kind_guarded(kind) ? sr_guarded_alloc(size) : calloc(1, size);
    if (key == NULL)
        return NULL;
    key->kind = kind;
    key->blob = (uint8_t *)(key + 1);
    key->blob_size = blob_size;
    return key;
}

sr_result sr_key_build(uint32_t kind, const struct sr_curve *curve, uint32_t bits,
                       const struct sr_parts *parts, struct sr_key **result) {
    size_t size = BLOB_HEAD;
    for (unsigned i = 0; i < parts->count; i++)
        size += PART_HEAD + parts->part[i].bytes.size;
    struct sr_key *key = key_alloc(kind, size);
    if (key == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    key->curve = curve;
    key->bits = bits;
    uint8_t *at = key->blob;
    *at++ = BLOB_VERSION;
    *at++ = (uint8_t)kind;
    *at++ = (uint8_t)parts->count;
    for (unsigned i = 0; i < parts->count; i++) {
        uint32_t length = (uint32_t)parts->part[i].bytes.size;
        *at = (uint8_t)parts->part[i].id;
        memcpy(at + 1, &length, sizeof length);
        memcpy(at + PART_HEAD, parts->part[i].bytes.at, length);
        at += PART_HEAD + length;
    }
    key->value = blob_part((struct sr_bytes){key->blob, size}, SR_VALUE);
    *result = key;
    return 0;
}

sr_result sr_key_from_blob(struct sr_bytes blob, struct sr_key **result) {
    if (blob.size < BLOB_HEAD || blob.at[0] != BLOB_VERSION || blob.at[1] == 0 || blob.at[1] >= SR_KIND_END)
        return SR_FAIL(CKR_ENCRYPTED_DATA_INVALID);
    size_t left = blob.size - BLOB_HEAD;
    for (const uint8_t *at = blob.at + BLOB_HEAD; left > 0;) {
        uint32_t size;
        if (left < PART_HEAD)
            return SR_FAIL(CKR_ENCRYPTED_DATA_INVALID);
        memcpy(&size, at + 1, sizeof size);
        if (size > left - PART_HEAD)
            return SR_FAIL(CKR_ENCRYPTED_DATA_INVALID);
        at += PART_HEAD + size;
        left -= PART_HEAD + size;
    }
    const struct sr_curve *curve = NULL;
    uint32_t kind = blob.at[1], bits = kind == SR_DATA ? 0 : (uint32_t)blob_part(blob, SR_VALUE).size * 8;
    if (kind == SR_RSA_PRIVATE || kind == SR_RSA_PUBLIC) {
        struct sr_bytes modulus = blob_part(blob, SR_MODULUS);
        if (modulus.size == 0)
            return SR_FAIL(CKR_ENCRYPTED_DATA_INVALID);
        bits = (uint32_t)modulus.size * 8 - (uint32_t)(__builtin_clz(modulus.at[0] | 1u) - 24);
    } else if (kind != SR_SECRET && kind != SR_DATA) {
        if (sr_curve_find(blob_part(blob, SR_EC_PARAMS), &curve) < 0)
            return SR_FAIL(CKR_ENCRYPTED_DATA_INVALID);
        bits = curve->bits;
    }
    struct sr_key *key = key_alloc(kind, blob.size);
    if (key == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    memcpy(key->blob, blob.at, blob.size);
    key->curve = curve;
    key->bits = bits;
    key->value = blob_part((struct sr_bytes){key->blob, blob.size}, SR_VALUE);
    *result = key;
    return 0;
}

sr_result sr_key_secret(const void *value, size_t size, struct sr_key **key) {
    if (size == 0 || size > SR_SECRET_MAX)
        return SR_FAIL(CKR_ATTRIBUTE_VALUE_INVALID);
    struct sr_parts parts = {0};
    sr_parts_add(&parts, SR_VALUE, value, size);
    return sr_key_build(SR_SECRET, NULL, (uint32_t)size * 8, &parts, key);
}

sr_result sr_key_generate_secret(size_t size, struct sr_key **result) {
    if (size == 0 || size > SR_SECRET_MAX)
        return SR_FAIL(CKR_KEY_SIZE_RANGE);
    struct sr_key *key = key_alloc(SR_SECRET, BLOB_HEAD + PART_HEAD + size);
    if (key == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    uint32_t length = (uint32_t)size;
    key->blob[0] = BLOB_VERSION;
    key->blob[1] = SR_SECRET;
    key->blob[2] = 1;
    key->blob[BLOB_HEAD] = SR_VALUE;
    memcpy(key->blob + BLOB_HEAD + 1, &length, sizeof length);
    key->value = (struct sr_bytes){key->blob + BLOB_HEAD + PART_HEAD, size};
    key->bits = length * 8;
    sr_result drawn = sr_random_private(key->blob + BLOB_HEAD + PART_HEAD, size);
    if (drawn < 0) {
        sr_key_destroy(key);
        return drawn;
    }
    *result = key;
    return 0;
}

sr_result sr_key_from_parts(uint32_t kind, const struct sr_parts *parts, struct sr_key **key) {
    struct sr_bytes value = sr_parts_get(parts, SR_VALUE);
    switch (kind) {
    case SR_SECRET:
        if (value.at == NULL)
            return SR_FAIL(CKR_TEMPLATE_INCOMPLETE);
        return sr_key_secret(value.at, value.size, key);
    case SR_DATA:
        if (value.size == 0 || value.size > SR_DATA_MAX)
            return SR_FAIL(CKR_ATTRIBUTE_VALUE_INVALID);
        return sr_key_build(SR_DATA, NULL, 0, parts, key);
    case SR_RSA_PRIVATE:
    case SR_RSA_PUBLIC:
        return sr_rsa_from_parts(kind, parts, key);
    case SR_EC_PRIVATE:
    case SR_EC_PUBLIC:
        return sr_ec_from_parts(kind, parts, key);
    default:
        return sr_okp_from_parts(kind, parts, key);
    }
}

sr_result sr_key_public_of(const struct sr_key *key, struct sr_key **result) {
    static const uint32_t components[] = {SR_MODULUS, SR_PUBLIC_EXPONENT, SR_EC_PARAMS, SR_EC_POINT};
    if (key->kind == SR_SECRET || key->kind == SR_DATA)
        return SR_FAIL(CKR_KEY_TYPE_INCONSISTENT);
    uint32_t kind = sr_kind_private(key->kind) ? key->kind + 1 : key->kind;
    struct sr_parts parts = {0};
    for (unsigned i = 0; i < sizeof components / sizeof components[0]; i++) {
        struct sr_bytes bytes = sr_key_part(key, components[i]);
        if (bytes.at != NULL)
            sr_parts_add(&parts, components[i], bytes.at, bytes.size);
    }
    return sr_key_build(kind, key->curve, key->bits, &parts, result);
}

struct sr_bytes sr_key_part(const struct sr_key *key, uint32_t component) {
    return blob_part((struct sr_bytes){key->blob, key->blob_size}, component);
}

sr_result sr_key_component(const struct sr_key *key, uint32_t component, struct sr_room out) {
    struct sr_bytes bytes = sr_key_part(key, component);
    if (bytes.at == NULL)
        return SR_FAIL(CKR_ATTRIBUTE_TYPE_INVALID);
    if (out.size == 0)
        return (sr_result)bytes.size;
    return sr_put(out, bytes.at, bytes.size);
}

sr_result sr_key_component_equals(const struct sr_key *key, uint32_t component, struct sr_bytes bytes) {
    struct sr_bytes own = sr_key_part(key, component);
    if (own.at == NULL)
        return SR_FAIL(CKR_ATTRIBUTE_TYPE_INVALID);
    return own.size == bytes.size && CRYPTO_memcmp(own.at, bytes.at, own.size) == 0;
}

sr_result sr_key_check_value(const struct sr_key *key, bool aes, uint8_t out[3]) {
    if (key->kind != SR_SECRET && (key->kind != SR_DATA || aes))
        return SR_FAIL(CKR_KEY_TYPE_INCONSISTENT);
    SR_GUARDED_SCRUBBED;
    uint8_t result[32];
    if (aes) {
        const EVP_CIPHER *cipher = sr_cipher_algorithm(SR_AES_ECB, key->value.size);
        if (cipher == NULL)
            return SR_FAIL(CKR_KEY_SIZE_RANGE);
        static const uint8_t zeros[16];
        int size = 0;
        SR_AUTO(cipher_ctx) ctx = EVP_CIPHER_CTX_new();
        if (ctx == NULL || EVP_EncryptInit_ex2(ctx, cipher, key->value.at, NULL, NULL) != 1 ||
            EVP_EncryptUpdate(ctx, result, &size, zeros, sizeof zeros) != 1)
            return sr_openssl_failure(CKR_FUNCTION_FAILED);
    } else if (EVP_Digest(key->value.at, key->value.size, result, NULL, sr_hash(SR_SHA1)->md, NULL) != 1) {
        return sr_openssl_failure(CKR_FUNCTION_FAILED);
    }
    memcpy(out, result, 3);
    sr_zero(result, sizeof result);
    return 3;
}

static bool part_equal(const struct sr_key *a, const struct sr_key *b, uint32_t component) {
    struct sr_bytes x = sr_key_part(a, component), y = sr_key_part(b, component);
    return x.size == y.size && (x.size == 0 || CRYPTO_memcmp(x.at, y.at, x.size) == 0);
}

bool sr_key_equal(const struct sr_key *a, const struct sr_key *b) {
    if (a == b)
        return true;
    if (a->kind != b->kind || a->bits != b->bits || a->curve != b->curve)
        return false;
    return part_equal(a, b, SR_VALUE) && part_equal(a, b, SR_MODULUS) &&
           part_equal(a, b, SR_PUBLIC_EXPONENT) && part_equal(a, b, SR_PRIVATE_EXPONENT) &&
           part_equal(a, b, SR_EC_POINT);
}

void sr_key_destroy(struct sr_key *key) {
    if (key == NULL)
        return;
    sr_parsed_drop(key);
    if (sr_kind_guarded(key->kind))
        sr_guarded_free(key);
    else
        free(key);
}
