#include "rsa.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/rsa.h>

/* Encryption paddings stand behind the signature schemes in a setup, so that the two never mix. */
#define SETUP_PADDING 16

static int padding_of(uint32_t scheme) {
    switch (scheme) {
    case SR_RSA_RAW:
    case SETUP_PADDING + SR_PAD_RAW:
        return RSA_NO_PADDING;
    case SR_RSA_PSS:
        return RSA_PKCS1_PSS_PADDING;
    case SETUP_PADDING + SR_PAD_OAEP:
        return RSA_PKCS1_OAEP_PADDING;
    default:
        return RSA_PKCS1_PADDING;
    }
}

static bool start(EVP_PKEY_CTX *ctx, uint8_t action) {
    switch (action) {
    case SR_DO_SIGN:
        return EVP_PKEY_sign_init(ctx) == 1;
    case SR_DO_VERIFY:
        return EVP_PKEY_verify_init(ctx) == 1;
    case SR_DO_RECOVER:
        return EVP_PKEY_verify_recover_init(ctx) == 1;
    case SR_DO_ENCRYPT:
        return EVP_PKEY_encrypt_init(ctx) == 1;
    default:
        return EVP_PKEY_decrypt_init(ctx) == 1;
    }
}

bool sr_rsa_prepare(EVP_PKEY_CTX *ctx, const struct sr_setup *setup) {
    int padding = padding_of(setup->scheme);
    const struct sr_hash *hash = sr_hash(setup->hash), *mgf = sr_hash(setup->mgf);
    if (!start(ctx, setup->action) || EVP_PKEY_CTX_set_rsa_padding(ctx, padding) != 1)
        return false;
    if (padding == RSA_PKCS1_OAEP_PADDING)
        return hash != NULL && mgf != NULL && EVP_PKEY_CTX_set_rsa_oaep_md(ctx, hash->md) == 1 &&
               EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, mgf->md) == 1;
    if (padding == RSA_PKCS1_PSS_PADDING)
        return hash != NULL && mgf != NULL && EVP_PKEY_CTX_set_signature_md(ctx, hash->md) == 1 &&
               EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, mgf->md) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, setup->salt) == 1;
    return hash == NULL || EVP_PKEY_CTX_set_signature_md(ctx, hash->md) == 1;
}

static sr_result check_length(const struct sr_rsa_how *how, bool encrypt, size_t modulus, size_t size) {
    if (!encrypt)
        return size == modulus ? 0 : SR_FAIL(CKR_ENCRYPTED_DATA_LEN_RANGE);
    size_t overhead = 0;
    if (how->padding == SR_PAD_PKCS1)
        overhead = 11;
    if (how->padding == SR_PAD_OAEP)
        overhead = 2 * sr_hash(how->hash)->size + 2;
    return overhead <= modulus && size <= modulus - overhead ? 0 : SR_FAIL(CKR_DATA_LEN_RANGE);
}

sr_result sr_rsa_prepare_task(struct sr_key *key, bool encrypt, const struct sr_rsa_how *how,
                              struct sr_bytes data, uint8_t *copy, struct sr_rsa_task *task) {
    if (key->kind != SR_RSA_PRIVATE && (!encrypt || key->kind != SR_RSA_PUBLIC))
        return SR_FAIL(CKR_KEY_TYPE_INCONSISTENT);
    if (how->padding < SR_PAD_PKCS1 || how->padding > SR_PAD_OAEP)
        return SR_FAIL(CKR_MECHANISM_INVALID);
    if (how->padding == SR_PAD_OAEP && (sr_hash(how->hash) == NULL || sr_hash(how->mgf) == NULL))
        return SR_FAIL(CKR_MECHANISM_PARAM_INVALID);
    if (how->label.size > INT_MAX)
        return SR_FAIL(CKR_MECHANISM_PARAM_INVALID);
    size_t modulus = sr_rsa_bytes(key->bits);
    sr_result failure = check_length(how, encrypt, modulus, data.size);
    if (failure < 0)
        return failure;
    size_t padded = encrypt && how->padding == SR_PAD_RAW ? modulus - data.size : 0;
    memset(copy, 0, padded);
    if (data.size > 0)
        memcpy(copy + padded, data.at, data.size);
    *task = (struct sr_rsa_task){NULL, *how, encrypt, {copy, padded + data.size}};
    task->parsed = sr_parsed_get(key, &failure);
    return task->parsed == NULL ? failure : 0;
}

/* The label belongs to one operation; a context is kept for its hashes only. */
static bool set_label(EVP_PKEY_CTX *ctx, struct sr_bytes label) {
    void *copy = label.size == 0 ? NULL : OPENSSL_memdup(label.at, label.size);
    if (label.size > 0 && copy == NULL)
        return false;
    if (EVP_PKEY_CTX_set0_rsa_oaep_label(ctx, copy, (int)label.size) > 0)
        return true;
    OPENSSL_free(copy);
    return false;
}

sr_result sr_rsa_run(const struct sr_rsa_task *task, uint8_t *out) {
    SR_GUARDED_SCRUBBED;
    bool oaep = task->how.padding == SR_PAD_OAEP;
    const struct sr_setup setup = {
        task->encrypt ? SR_DO_ENCRYPT : SR_DO_DECRYPT,
        (uint8_t)(SETUP_PADDING + task->how.padding),
        oaep ? (uint8_t)task->how.hash : 0,
        oaep ? (uint8_t)task->how.mgf : 0,
        0,
    };
    struct sr_operation *operation = sr_operation_take(task->parsed, &setup, sr_rsa_prepare);
    if (operation == NULL)
        return sr_openssl_failure(CKR_MECHANISM_PARAM_INVALID);
    size_t size = SR_RSA_MAX_BYTES;
    int done = !oaep || set_label(operation->ctx, task->how.label);
    if (done == 1)
        done = task->encrypt ? EVP_PKEY_encrypt(operation->ctx, out, &size, task->input.at, task->input.size)
                             : EVP_PKEY_decrypt(operation->ctx, out, &size, task->input.at, task->input.size);
    sr_operation_give(task->parsed, operation);
    if (done == 1)
        return (sr_result)size;
    sr_zero(out, SR_RSA_MAX_BYTES);
    return sr_openssl_failure(task->encrypt ? CKR_DATA_INVALID : CKR_ENCRYPTED_DATA_INVALID);
}

static sr_result at_once(struct sr_key *key, bool encrypt, const struct sr_rsa_how *how, struct sr_bytes data,
                         struct sr_room out) {
    struct sr_scratch *scratch = sr_scratch();
    if (scratch == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    if (encrypt && out.size < sr_rsa_bytes(key->bits) &&
        (key->kind == SR_RSA_PUBLIC || key->kind == SR_RSA_PRIVATE))
        return sr_too_small(sr_rsa_bytes(key->bits));
    SR_GUARDED;
    struct sr_rsa_task task;
    uint8_t *copy = scratch->small, *result = scratch->small + SR_RSA_MAX_BYTES;
    sr_result size = sr_rsa_prepare_task(key, encrypt, how, data, copy, &task);
    if (size >= 0)
        size = sr_rsa_run(&task, result);
    if (size >= 0)
        size = sr_put(out, result, (size_t)size);
    sr_zero(scratch->small, sizeof scratch->small);
    return size;
}

sr_result sr_rsa_encrypt(struct sr_key *key, const struct sr_rsa_how *how, struct sr_bytes data,
                         struct sr_room out) {
    return at_once(key, true, how, data, out);
}

sr_result sr_rsa_decrypt(struct sr_key *key, const struct sr_rsa_how *how, struct sr_bytes data,
                         struct sr_room out) {
    return at_once(key, false, how, data, out);
}
