#include "sign.h"

#include "digest.h"
#include "rsa.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>

/* SEQUENCE { INTEGER r, INTEGER s } with both padded by a zero byte: the largest for P-521. */
#define ECDSA_DER_MAX 160

/* The kind of the keys that sign with a scheme; 0 when there is no such scheme. */
static uint32_t kind_of_scheme(uint32_t scheme) {
    const struct sr_scheme_form *form = sr_scheme(scheme);
    return form == NULL ? 0 : form->kind;
}

static bool is_rsa(uint32_t scheme) {
    return kind_of_scheme(scheme) == SR_RSA_PRIVATE;
}

static bool is_edwards(uint32_t scheme) {
    return kind_of_scheme(scheme) == SR_ED25519_PRIVATE;
}

sr_result sr_signature_length(const struct sr_key *key, const struct sr_signing *how) {
    uint32_t kind = kind_of_scheme(how->scheme);
    if (kind == 0)
        return SR_FAIL(CKR_MECHANISM_INVALID);
    if (key->kind != kind && (kind == SR_SECRET || key->kind != kind + 1))
        return SR_FAIL(CKR_KEY_TYPE_INCONSISTENT);
    if (is_rsa(how->scheme))
        return sr_rsa_bytes(key->bits);
    if (is_edwards(how->scheme))
        return 64;
    if (how->scheme == SR_ECDSA)
        return 2 * (sr_result)key->curve->order;
    const struct sr_hash *hash = sr_hash(how->hash);
    if (hash == NULL)
        return SR_FAIL(CKR_MECHANISM_INVALID);
    if (how->salt < 0 || (uint32_t)how->salt > hash->size)
        return SR_FAIL(CKR_MECHANISM_PARAM_INVALID);
    return how->salt == 0 ? (sr_result)hash->size : how->salt;
}

/* What is signed, in private memory: a digest, or the input itself where the scheme takes it whole. */
static sr_result take_input(const struct sr_key *key, const struct sr_signing *how, struct sr_bytes data,
                            uint8_t *copy) {
    const struct sr_scheme_form *scheme = sr_scheme(how->scheme);
    const struct sr_hash *hash = sr_hash(scheme->hash != SR_HASH_NONE ? scheme->hash : how->hash);
    size_t modulus = sr_rsa_bytes(key->bits), padded = 0, most = SIZE_MAX;
    if (how->hash != SR_HASH_NONE && hash == NULL)
        return SR_FAIL(CKR_MECHANISM_INVALID);
    bool whole = scheme->whole || how->scheme == SR_RSA_RAW;
    if (hash != NULL && !whole) {
        if (!how->prehashed)
            return sr_digest_into(hash, data, copy);
        if (data.size != hash->size)
            return SR_FAIL(CKR_DATA_LEN_RANGE);
    } else if (how->scheme == SR_RSA_PSS) {
        return SR_FAIL(CKR_MECHANISM_PARAM_INVALID);
    } else if (how->scheme == SR_RSA_PKCS1) {
        most = modulus < 11 ? 0 : modulus - 11;
    } else if (how->scheme == SR_RSA_RAW) {
        most = modulus;
        padded = data.size < modulus ? modulus - data.size : 0;
    } else if (how->scheme == SR_ECDSA) {
        /* FIPS 186-5, 6.4: the leftmost bits of a digest longer than the order; what is beyond them is not
         * read. */
        if (data.size > key->curve->order)
            data.size = key->curve->order;
    }
    if (data.size > most)
        return SR_FAIL(CKR_DATA_LEN_RANGE);
    memset(copy, 0, padded);
    if (data.size > 0)
        memcpy(copy + padded, data.at, data.size);
    return (sr_result)(padded + data.size);
}

sr_result sr_sign_prepare(struct sr_key *key, const struct sr_signing *how, struct sr_bytes data,
                          uint8_t *copy, struct sr_sign_task *task) {
    if (how->extra.size > 255 || how->salt < 0)
        return SR_FAIL(CKR_MECHANISM_PARAM_INVALID);
    sr_result failure = take_input(key, how, data, copy);
    if (failure < 0)
        return failure;
    *task = (struct sr_sign_task){NULL, key->kind, key->bits, key->curve, *how, {copy, (size_t)failure}};
    task->parsed = sr_parsed_get(key, &failure);
    return task->parsed == NULL ? failure : 0;
}

/* EdDSA contexts are made with their parameters; only plain Ed25519's are kept. */
static bool edwards_prepare_with(EVP_PKEY_CTX *ctx, const struct sr_setup *setup, struct sr_bytes extra) {
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(OSSL_SIGNATURE_PARAM_CONTEXT_STRING, (void *)(uintptr_t)extra.at,
                                          extra.size),
        OSSL_PARAM_construct_end(),
    };
    const OSSL_PARAM *given = extra.size > 0 ? params : NULL;
    EVP_SIGNATURE *algorithm = sr_scheme(setup->scheme)->algorithm;
    if (setup->scheme == SR_ED25519PH)
        return (setup->action == SR_DO_SIGN ? EVP_PKEY_sign_init_ex2(ctx, algorithm, given)
                                            : EVP_PKEY_verify_init_ex2(ctx, algorithm, given)) == 1;
    return (setup->action == SR_DO_SIGN ? EVP_PKEY_sign_message_init(ctx, algorithm, given)
                                        : EVP_PKEY_verify_message_init(ctx, algorithm, given)) == 1;
}

static bool edwards_prepare(EVP_PKEY_CTX *ctx, const struct sr_setup *setup) {
    return edwards_prepare_with(ctx, setup, (struct sr_bytes){NULL, 0});
}

static bool ecdsa_prepare(EVP_PKEY_CTX *ctx, const struct sr_setup *setup) {
    return (setup->action == SR_DO_SIGN ? EVP_PKEY_sign_init(ctx) : EVP_PKEY_verify_init(ctx)) == 1;
}

static struct sr_operation *take_operation(const struct sr_sign_task *task, uint8_t action) {
    struct sr_setup setup = {action, (uint8_t)task->how.scheme, 0, 0, 0};
    if (task->how.scheme == SR_ECDSA)
        return sr_operation_take(task->parsed, &setup, ecdsa_prepare);
    if (is_edwards(task->how.scheme)) {
        struct sr_operation *operation = NULL;
        if (task->how.scheme == SR_ED25519)
            return sr_operation_take(task->parsed, &setup, edwards_prepare);
        operation = sr_arena_alloc(sizeof *operation);
        if (operation == NULL)
            return NULL;
        operation->setup = setup;
        operation->ctx = EVP_PKEY_CTX_new_from_pkey(NULL, task->parsed->pkey, NULL);
        if (operation->ctx != NULL && edwards_prepare_with(operation->ctx, &setup, task->how.extra))
            return operation;
        sr_operation_free(operation);
        return NULL;
    }
    if (task->how.scheme != SR_RSA_RAW) {
        setup.hash = (uint8_t)task->how.hash;
        if (task->how.scheme == SR_RSA_PSS) {
            setup.mgf = (uint8_t)task->how.mgf;
            setup.salt = task->how.salt;
        }
    }
    return sr_operation_take(task->parsed, &setup, sr_rsa_prepare);
}

static void end_operation(const struct sr_sign_task *task, struct sr_operation *operation, bool good) {
    if (good && task->how.scheme != SR_ED25519CTX && task->how.scheme != SR_ED25519PH)
        sr_operation_give(task->parsed, operation);
    else
        sr_operation_free(operation);
}

/* One DER INTEGER of r‖s as `width` big-endian bytes. The encoding is OpenSSL's own, so only its lengths are
 * checked. */
static const uint8_t *take_integer(const uint8_t *at, const uint8_t *end, uint8_t *out, size_t width) {
    if (end - at < 2 || at[0] != 0x02 || at[1] >= 0x80 || end - at - 2 < at[1])
        return NULL;
    size_t size = at[1];
    at += 2;
    const uint8_t *next = at + size;
    for (; size > 0 && *at == 0; size--)
        at++;
    if (size > width)
        return NULL;
    memset(out, 0, width - size);
    memcpy(out + width - size, at, size);
    return next;
}

static sr_result ecdsa_from_der(const uint8_t *der, size_t size, size_t width, uint8_t *out) {
    const uint8_t *at = der, *end = der + size;
    if (size < 3 || at[0] != 0x30)
        return SR_FAIL(CKR_FUNCTION_FAILED);
    at += at[1] == 0x81 ? 3 : 2;
    at = take_integer(at, end, out, width);
    if (at != NULL)
        at = take_integer(at, end, out + width, width);
    return at == end ? 2 * (sr_result)width : SR_FAIL(CKR_FUNCTION_FAILED);
}

static uint8_t *put_integer(uint8_t *at, const uint8_t *bytes, size_t width) {
    for (; width > 1 && *bytes == 0; width--)
        bytes++;
    size_t sign = bytes[0] >> 7;
    *at++ = 0x02;
    *at++ = (uint8_t)(width + sign);
    if (sign)
        *at++ = 0;
    memcpy(at, bytes, width);
    return at + width;
}

static size_t ecdsa_to_der(const uint8_t *raw, size_t width, uint8_t der[ECDSA_DER_MAX]) {
    uint8_t body[ECDSA_DER_MAX];
    uint8_t *end = put_integer(put_integer(body, raw, width), raw + width, width);
    size_t size = (size_t)(end - body), head = 0;
    der[head++] = 0x30;
    if (size >= 0x80)
        der[head++] = 0x81;
    der[head++] = (uint8_t)size;
    memcpy(der + head, body, size);
    return head + size;
}

sr_result sr_sign_run(const struct sr_sign_task *task, uint8_t signature[SR_SIGNATURE_MAX]) {
    SR_GUARDED_SCRUBBED;
    struct sr_operation *operation = take_operation(task, SR_DO_SIGN);
    if (operation == NULL)
        return sr_openssl_failure(CKR_MECHANISM_PARAM_INVALID);
    uint8_t der[ECDSA_DER_MAX];
    bool ecdsa = task->how.scheme == SR_ECDSA;
    size_t size = ecdsa ? sizeof der : SR_SIGNATURE_MAX;
    bool good =
        EVP_PKEY_sign(operation->ctx, ecdsa ? der : signature, &size, task->input.at, task->input.size) == 1;
    end_operation(task, operation, good);
    if (!good) /* for raw RSA the input was not below the modulus; for PSS the key is too short for hash and
                  salt */
        return sr_openssl_failure(task->how.scheme == SR_RSA_RAW   ? CKR_DATA_INVALID
                                  : task->how.scheme == SR_RSA_PSS ? CKR_KEY_SIZE_RANGE
                                                                   : CKR_FUNCTION_FAILED);
    return ecdsa ? ecdsa_from_der(der, size, task->curve->order, signature) : (sr_result)size;
}

/* Private memory for a message that the scheme takes whole: the scratch, or an allocation freed by
 * done_with_copy. */
static uint8_t *room_for_copy(const struct sr_signing *how, size_t size) {
    bool whole = sr_scheme(how->scheme)->whole;
    struct sr_scratch *scratch = sr_scratch();
    if (scratch == NULL)
        return NULL;
    return whole && size > SR_CHUNK ? sr_arena_alloc(size + SR_RSA_MAX_BYTES) : scratch->out;
}

static void done_with_copy(uint8_t *copy, size_t size) {
    if (copy != sr_scratch()->out)
        sr_arena_free(copy, size + SR_RSA_MAX_BYTES);
}

static sr_result hmac_sign(struct sr_key *key, const struct sr_signing *how, struct sr_bytes data,
                           size_t size, struct sr_room out) {
    uint8_t mac[EVP_MAX_MD_SIZE];
    if (how->prehashed)
        return SR_FAIL(CKR_MECHANISM_PARAM_INVALID);
    sr_result result = sr_hmac_into(key, how->hash, data, mac);
    return result < 0 ? result : sr_put(out, mac, size);
}

sr_result sr_sign(struct sr_key *key, const struct sr_signing *how, struct sr_bytes data,
                  struct sr_room out) {
    sr_result size = sr_signature_length(key, how);
    if (size < 0)
        return size;
    if (!sr_kind_private(key->kind))
        return SR_FAIL(CKR_KEY_TYPE_INCONSISTENT);
    if (out.size < (size_t)size)
        return sr_too_small((size_t)size);
    if (how->scheme == SR_HMAC)
        return hmac_sign(key, how, data, (size_t)size, out);
    uint8_t *copy = room_for_copy(how, data.size), signature[SR_SIGNATURE_MAX];
    if (copy == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    SR_GUARDED;
    struct sr_sign_task task;
    sr_result result = sr_sign_prepare(key, how, data, copy, &task);
    if (result >= 0)
        result = sr_sign_run(&task, signature);
    done_with_copy(copy, data.size);
    return result < 0 ? result : sr_put(out, signature, (size_t)result);
}

static sr_result hmac_verify(struct sr_key *key, const struct sr_signing *how, struct sr_bytes data,
                             const uint8_t *given, size_t size) {
    uint8_t mac[EVP_MAX_MD_SIZE];
    sr_result result = sr_hmac_into(key, how->hash, data, mac);
    if (result >= 0)
        result = CRYPTO_memcmp(mac, given, size) == 0 ? 0 : SR_FAIL(CKR_SIGNATURE_INVALID);
    sr_zero(mac, sizeof mac);
    return result;
}

sr_result sr_verify_run(const struct sr_sign_task *task, const uint8_t *signature, size_t size) {
    uint8_t der[ECDSA_DER_MAX];
    if (task->how.scheme == SR_ECDSA) {
        size = ecdsa_to_der(signature, task->curve->order, der);
        signature = der;
    }
    struct sr_operation *operation = take_operation(task, SR_DO_VERIFY);
    if (operation == NULL)
        return sr_openssl_failure(CKR_MECHANISM_PARAM_INVALID);
    int result = EVP_PKEY_verify(operation->ctx, signature, size, task->input.at, task->input.size);
    end_operation(task, operation, true);
    return result == 1 ? 0 : sr_openssl_failure(CKR_SIGNATURE_INVALID);
}

sr_result sr_verify(struct sr_key *key, const struct sr_signing *how, struct sr_bytes data,
                    struct sr_bytes signature) {
    sr_result size = sr_signature_length(key, how);
    uint8_t given[SR_SIGNATURE_MAX];
    if (size < 0)
        return size;
    if (signature.size != (size_t)size)
        return SR_FAIL(CKR_SIGNATURE_LEN_RANGE);
    memcpy(given, signature.at, signature.size);
    if (how->scheme == SR_HMAC)
        return hmac_verify(key, how, data, given, signature.size);
    uint8_t *copy = room_for_copy(how, data.size);
    if (copy == NULL)
        return SR_FAIL(CKR_HOST_MEMORY);
    SR_GUARDED;
    struct sr_sign_task task;
    sr_result result = sr_sign_prepare(key, how, data, copy, &task);
    if (result >= 0)
        result = sr_verify_run(&task, given, signature.size);
    done_with_copy(copy, data.size);
    return result;
}

sr_result sr_verify_recover(struct sr_key *key, uint32_t scheme, struct sr_bytes signature,
                            struct sr_room out) {
    if (scheme != SR_RSA_PKCS1 && scheme != SR_RSA_RAW)
        return SR_FAIL(CKR_MECHANISM_INVALID);
    if (key->kind != SR_RSA_PUBLIC && key->kind != SR_RSA_PRIVATE)
        return SR_FAIL(CKR_KEY_TYPE_INCONSISTENT);
    uint8_t given[SR_SIGNATURE_MAX], recovered[SR_SIGNATURE_MAX];
    if (signature.size != sr_rsa_bytes(key->bits))
        return SR_FAIL(CKR_SIGNATURE_LEN_RANGE);
    memcpy(given, signature.at, signature.size);
    SR_GUARDED;
    sr_result failure = 0;
    struct sr_parsed *parsed = sr_parsed_get(key, &failure);
    if (parsed == NULL)
        return failure;
    const struct sr_setup setup = {SR_DO_RECOVER, (uint8_t)scheme, 0, 0, 0};
    struct sr_operation *operation = sr_operation_take(parsed, &setup, sr_rsa_prepare);
    if (operation == NULL)
        return sr_openssl_failure(CKR_FUNCTION_FAILED);
    size_t size = sizeof recovered;
    int result = EVP_PKEY_verify_recover(operation->ctx, recovered, &size, given, signature.size);
    sr_operation_give(parsed, operation);
    return result == 1 ? sr_put(out, recovered, size) : sr_openssl_failure(CKR_SIGNATURE_INVALID);
}
